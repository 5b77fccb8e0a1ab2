// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/plaintext.h"

#include "net/dialects/attachment.h"
#include "net/dialects/history.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// What servers write into the text itself because they have no other place for it.
struct Remark
{
    QLatin1StringView begin;
    bool isFailure = false;
};

constexpr std::array remarks{
    Remark{"[Stream interrupted"_L1, true},
    Remark{"[STREAM-ERROR"_L1, true},
    Remark{"[STREAM-COMPLETE"_L1, false},
};

// More than any remark is long, so that a model's own bracket is not held back for ever.
constexpr qsizetype longestRemark = 240;

// As many line ends as servers put before a remark.
constexpr qsizetype spaceBeforeRemark = 4;

// Whether a remark could be what `tail` is or begins.
bool mayBeRemark(QStringView tail)
{
    const qsizetype end = tail.indexOf(u']');
    if (tail.size() > longestRemark || (end >= 0 && !tail.sliced(end + 1).trimmed().isEmpty()))
        return false;
    return std::ranges::any_of(remarks, [&](const Remark &remark) {
        return tail.startsWith(remark.begin) || QString(remark.begin).startsWith(tail);
    });
}

qsizetype beginOfSpaceBefore(QStringView text, qsizetype position)
{
    qsizetype begin = position;
    while (begin > 0 && position - begin < spaceBeforeRemark && text.at(begin - 1).isSpace())
        --begin;
    return begin;
}

// Where what must be held back begins.
qsizetype heldFrom(QStringView text)
{
    for (qsizetype at = text.indexOf(u'['); at >= 0; at = text.indexOf(u'[', at + 1)) {
        if (mayBeRemark(text.sliced(at)))
            return beginOfSpaceBefore(text, at);
    }
    return beginOfSpaceBefore(text, text.size());
}

bool isEndEvent(std::string_view type)
{
    constexpr std::array<std::string_view, 5> ends{"done", "end", "complete", "finish", "close"};
    return std::ranges::find(ends, type) != ends.end();
}

bool isSignOfLife(std::string_view type)
{
    constexpr std::array<std::string_view, 4> signs{"ping", "heartbeat", "keepalive", "keep-alive"};
    return std::ranges::find(signs, type) != signs.end();
}

// The string that a piece in quotes is; empty where it is not exactly one JSON string.
std::optional<QString> quotedString(json::Reader &reader, QByteArrayView text)
{
    const QByteArrayView piece = text.trimmed();
    if (!piece.startsWith('"'))
        return std::nullopt;
    const std::optional<json::Value> list = reader.read(QByteArray('[' + piece.toByteArray() + ']'));
    if (!list)
        return std::nullopt;
    qsizetype count = 0;
    list->forEach([&](const json::Value &) { ++count; });
    return count == 1 && list->first().isString() ? std::optional(list->first().string()) : std::nullopt;
}

// A plain string where there are no images, which is all that most of these servers know.
QJsonValue contentOf(const ChatMessage &message)
{
    QString text;
    QJsonArray images;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part))
            text += said->text;
        const auto *file = std::get_if<content::Attachment>(&part);
        if (file && isTextFile(*file))
            text += (text.isEmpty() ? u""_s : u"\n\n"_s) + asText(*file);
        else if (file)
            images.append(QJsonObject{{u"type"_s, u"image_url"_s},
                                      {u"image_url"_s, QJsonObject{{u"url"_s, dataUrl(*file)}}}});
    }
    text = wellFormed(text);
    if (images.isEmpty())
        return text;
    if (!text.isEmpty())
        images.prepend(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, text}});
    return images;
}

QJsonObject toJson(QLatin1StringView role, const QJsonValue &content)
{
    return {{u"role"_s, role}, {u"content"_s, content}};
}

} // namespace

std::unique_ptr<Dialect> PlainText::clone() const
{
    return std::make_unique<PlainText>(*this);
}

ExchangeRequest PlainText::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    QJsonArray messages;
    QString prompt;
    if (!chat.system.isEmpty())
        messages.append(toJson("system"_L1, wellFormed(chat.system)));
    // Without tools and reasoning: there is no form for them that such servers share.
    for (const ChatMessage &message : answerableHistory(chat.messages)) {
        if (!hasOwnWords(message))
            continue;
        const bool isUsers = message.role == ChatRole::User;
        messages.append(toJson(isUsers ? "user"_L1 : "assistant"_L1, contentOf(message)));
        if (isUsers)
            prompt = wellFormed(message.text());
    }
    // Servers made for completions read the prompt, those made for chats the messages.
    QJsonObject body{{u"messages"_s, messages}, {u"prompt"_s, prompt}, {u"stream"_s, true}};
    if (!chat.model.isEmpty())
        body.insert("model"_L1, chat.model);
    if (chat.temperature)
        body.insert("temperature"_L1, *chat.temperature);
    if (chat.maxOutputTokens)
        body.insert("max_tokens"_L1, *chat.maxOutputTokens);

    HttpRequest request;
    request.url = endpoint.baseUrl;
    request.headers = {{"Content-Type", "application/json"},
                       {"Accept", "text/plain, text/event-stream, application/json;q=0.5"},
                       {"Cache-Control", "no-cache"}};
    if (!endpoint.apiKey.isEmpty())
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    request.body = compactJson(body);
    return request;
}

void PlainText::head(const ResponseHead &head)
{
    m_events = head.contentType.toLower().startsWith("text/event-stream");
}

void PlainText::frame(const Frame &frame, EventWriter &out)
{
    if (m_events) {
        event(frame, out);
        return;
    }
    QString piece = QString::fromUtf8(QByteArrayView(frame.data));
    if (!std::exchange(m_began, true) && piece.startsWith(QChar::ByteOrderMark))
        piece.remove(0, 1);
    text(piece, out);
}

void PlainText::event(const Frame &frame, EventWriter &out)
{
    const QByteArrayView data(frame.data);
    const QByteArrayView word = data.trimmed();
    if (isSignOfLife(frame.type))
        return;
    if (word == "[DONE]" || (isEndEvent(frame.type) && !word.startsWith('{'))) {
        finish(true, out);
        return;
    }
    if (word.startsWith('{')) {
        const std::optional<json::Value> value = m_reader.read(word);
        if (!value || frame.type == "error" || !object(*value, out))
            out.unknown();
        return;
    }
    if (frame.type == "error" || (frame.unterminated && m_quoted == true && !word.endsWith('"'))) {
        out.unknown();
        return;
    }
    if (data.isEmpty())
        return;
    // One form holds for the whole stream: a model may put a word in quotes, too.
    const std::optional<QString> quoted = m_quoted == false ? std::nullopt : quotedString(m_reader, data);
    if (!m_quoted)
        m_quoted = quoted.has_value();
    text(quoted ? *quoted : QString::fromUtf8(data), out);
}

bool PlainText::object(const json::Value &value, EventWriter &out)
{
    const auto [error, done, type] = value.members("error"_L1, "done"_L1, "type"_L1);
    if (error.isTruthy() || type == "error"_L1)
        return false;
    const json::Value choice = value["choices"_L1].first();
    const std::array candidates{value["text"_L1],   value["content"_L1],  value["token"_L1],
                                value["delta"_L1],  value["response"_L1], value["completion"_L1],
                                value["answer"_L1], value["message"_L1],  choice["delta"_L1]["content"_L1],
                                choice["text"_L1]};
    const auto said = std::ranges::find_if(candidates, &json::Value::isString);
    if (said != candidates.end())
        text(said->string(), out);
    if (done.boolean() == true || type == "done"_L1 || type == "end"_L1) {
        finish(true, out);
        return true;
    }
    return said != candidates.end() || done.boolean() == false;
}

// Gives the text on but for what may turn out to be a remark at its end.
void PlainText::text(const QString &delta, EventWriter &out)
{
    m_held += delta;
    const qsizetype held = heldFrom(m_held);
    out.text(m_held.first(held));
    m_held.remove(0, held);
}

bool PlainText::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<QString> answer = quotedString(m_reader, json);
    if (!answer)
        return false;
    text(*answer, out);
    finish(true, out);
    return true;
}

void PlainText::finish(bool clean, EventWriter &out)
{
    const QString rest = std::exchange(m_held, {});
    const QString remark = rest.trimmed();
    const auto known = std::ranges::find_if(remarks, [&](const Remark &candidate) {
        return remark.startsWith(candidate.begin) && remark.endsWith(u']');
    });
    if (known == remarks.end())
        out.text(rest);
    else if (known->isFailure)
        out.fail({.kind = NetError::Kind::Server, .message = remark.sliced(1, remark.size() - 2)});
    if (clean)
        out.complete();
}

} // namespace rivulet
