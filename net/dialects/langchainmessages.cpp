// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/langchainmessages.h"

#include "net/dialects/attachment.h"
#include "net/dialects/history.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

enum class Speaker { Nobody, Assistant, Tool, Human, Other };

// A message without the envelope that LangChain's own serialization puts around it.
struct Unwrapped
{
    json::Value body;
    Speaker speaker = Speaker::Nobody;
};

Speaker speakerOf(const json::Value &type)
{
    const QString name = type.string();
    if (name == "ai"_L1 || name == "assistant"_L1 || name.startsWith("AIMessage"_L1))
        return Speaker::Assistant;
    if (name == "tool"_L1 || name.startsWith("ToolMessage"_L1))
        return Speaker::Tool;
    if (name == "human"_L1 || name == "user"_L1 || name.startsWith("HumanMessage"_L1))
        return Speaker::Human;
    const bool isOther = name == "system"_L1 || name == "developer"_L1 || name == "function"_L1
        || name == "remove"_L1 || name.endsWith("Message"_L1) || name.endsWith("MessageChunk"_L1);
    return isOther ? Speaker::Other : Speaker::Nobody;
}

Unwrapped unwrapped(const json::Value &message)
{
    const auto [lc, kwargs, path, type, role] =
        message.members("lc"_L1, "kwargs"_L1, "id"_L1, "type"_L1, "role"_L1);
    if (!lc.isTruthy() || !kwargs.isObject())
        return {.body = message, .speaker = speakerOf(type.isString() ? type : role)};
    json::Value last;
    path.forEach([&](const json::Value &name) { last = name; });
    return {.body = kwargs, .speaker = speakerOf(last)};
}

// The words of a message's content: a string, or what of its blocks is text.
QString wordsOf(const json::Value &content)
{
    if (content.isString())
        return content.string();
    QString words;
    content.forEach([&](const json::Value &block) {
        const auto [type, text] = block.members("type"_L1, "text"_L1);
        if (block.isString())
            words += block.string();
        else if (type == "text"_L1 || type == "text_delta"_L1 || type == "output_text"_L1)
            words += text.string();
    });
    return words;
}

QString resultText(const json::Value &content)
{
    QString words = wordsOf(content);
    if (!words.isEmpty() || content.isString() || !content.isTruthy())
        return words;
    return QString::fromUtf8(content.compact());
}

// A train of thought, and what tells it from the next.
struct Thought
{
    QString text;
    QString block;
};

// What of a content block is reasoning, in the forms of the models' providers.
QList<Thought> thoughtsOf(const json::Value &block)
{
    const auto [type, index, thinking, reasoning, summary, nested] = block.members(
        "type"_L1, "index"_L1, "thinking"_L1, "reasoning"_L1, "summary"_L1, "reasoning_content"_L1);
    const QString place = QString::fromUtf8(index.compact());
    QList<Thought> thoughts;
    for (const json::Value &said : {thinking, reasoning, nested["text"_L1]}) {
        if (said.isString())
            thoughts.append({.text = said.string(), .block = place});
    }
    if (type == "reasoning"_L1) {
        summary.forEach([&](const json::Value &part) {
            thoughts.append({.text = part["text"_L1].string(),
                             .block = place + u'.' + QString::fromUtf8(part["index"_L1].compact())});
        });
    }
    return thoughts;
}

bool isThought(const json::Value &type)
{
    return type == "reasoning"_L1 || type == "thinking"_L1 || type == "reasoning_content"_L1;
}

struct NamedReason
{
    QLatin1StringView name;
    FinishReason reason = FinishReason::Other;
};

// The providers' finish reasons, which LangChain hands on as they are. What is not here is Other.
constexpr std::array namedReasons{
    NamedReason{"stop"_L1, FinishReason::Stop},
    NamedReason{"end_turn"_L1, FinishReason::Stop},
    NamedReason{"stop_sequence"_L1, FinishReason::Stop},
    NamedReason{"completed"_L1, FinishReason::Stop},
    NamedReason{"eos"_L1, FinishReason::Stop},
    NamedReason{"length"_L1, FinishReason::Length},
    NamedReason{"max_tokens"_L1, FinishReason::Length},
    NamedReason{"max_output_tokens"_L1, FinishReason::Length},
    NamedReason{"model_length"_L1, FinishReason::Length},
    NamedReason{"tool_calls"_L1, FinishReason::ToolCalls},
    NamedReason{"tool_use"_L1, FinishReason::ToolCalls},
    NamedReason{"function_call"_L1, FinishReason::ToolCalls},
    NamedReason{"content_filter"_L1, FinishReason::ContentFilter},
    NamedReason{"safety"_L1, FinishReason::ContentFilter},
    NamedReason{"guardrail_intervened"_L1, FinishReason::ContentFilter},
    NamedReason{"refusal"_L1, FinishReason::Refusal},
    NamedReason{"pause_turn"_L1, FinishReason::Pause},
};

void addUp(std::optional<qint64> &total, const std::optional<qint64> &count)
{
    if (count)
        total = total.value_or(0) + *count;
}

void takeNewer(std::optional<qint64> &count, const std::optional<qint64> &newer)
{
    if (newer)
        count = newer;
}

QJsonValue humanContent(const ChatMessage &message)
{
    QJsonArray blocks;
    bool onlyText = true;
    QString text;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part)) {
            text += said->text;
            blocks.append(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, wellFormed(said->text)}});
        } else if (const auto *added = std::get_if<content::Attachment>(&part)) {
            onlyText = false;
            if (isImage(*added))
                blocks.append(QJsonObject{{u"type"_s, u"image_url"_s},
                                          {u"image_url"_s, QJsonObject{{u"url"_s, dataUrl(*added)}}}});
            else if (isTextFile(*added))
                blocks.append(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, asText(*added)}});
            else
                blocks.append(
                    QJsonObject{{u"type"_s, u"file"_s},
                                {u"source_type"_s, u"base64"_s},
                                {u"mime_type"_s, QString::fromLatin1(added->mediaType)},
                                {u"data"_s, base64(*added)},
                                {u"metadata"_s, QJsonObject{{u"filename"_s, wellFormed(added->name)}}}});
        }
    }
    return onlyText ? QJsonValue(wellFormed(text)) : QJsonValue(blocks);
}

QJsonObject assistantMessage(const ChatMessage &message, bool isLast)
{
    QJsonArray calls;
    for (const ContentPart &part : message.parts) {
        if (const auto *call = std::get_if<content::ToolCall>(&part))
            calls.append(QJsonObject{
                {u"type"_s, u"tool_call"_s},
                {u"id"_s, wellFormed(call->id)},
                {u"name"_s, wellFormed(call->name)},
                {u"args"_s, QJsonDocument::fromJson(wellFormed(call->arguments).toUtf8()).object()}});
    }
    QString text = wellFormed(message.text());
    while (isLast && !text.isEmpty() && text.back().isSpace())
        text.chop(1);
    QJsonObject said{{u"type"_s, u"ai"_s}, {u"content"_s, text}};
    if (!calls.isEmpty())
        said.insert("tool_calls"_L1, calls);
    return said;
}

} // namespace

QJsonArray langChainMessages(const QList<ChatMessage> &messages)
{
    QJsonArray said;
    for (const ChatMessage &message : messages) {
        for (const ContentPart &part : message.parts) {
            if (const auto *result = std::get_if<content::ToolResult>(&part))
                said.append(QJsonObject{{u"type"_s, u"tool"_s},
                                        {u"tool_call_id"_s, wellFormed(result->id)},
                                        {u"name"_s, wellFormed(result->name)},
                                        {u"content"_s, wellFormed(result->content)},
                                        {u"status"_s, result->isError ? u"error"_s : u"success"_s}});
        }
        if (message.role == ChatRole::Assistant)
            said.append(assistantMessage(message, &message == &messages.last()));
        else if (hasOwnWords(message))
            said.append(QJsonObject{{u"type"_s, u"human"_s}, {u"content"_s, humanContent(message)}});
    }
    return said;
}

void LangChainMessages::setLane(const QString &lane, EventWriter &out)
{
    m_lane = lane;
    out.setLane(lane);
}

bool LangChainMessages::enter(const QString &id, EventWriter &out)
{
    const auto known = m_messageOf.constFind(id);
    if (known != m_messageOf.constEnd()) {
        m_current = *known;
        return false;
    }
    settle(out);
    // Beyond the bound the last message stands for all that follow.
    if (m_messages.size() <= limits::messages) {
        m_messageOf.insert(id, m_messages.size());
        m_messages.push_back({.id = id,
                              .lane = m_lane,
                              .text = {},
                              .reasoning = {},
                              .reasoningBlock = {},
                              .usage = {},
                              .reason = {},
                              .files = 0});
    }
    m_current = m_messages.size() - 1;
    return true;
}

bool LangChainMessages::add(const json::Value &message, EventWriter &out, const QString &otherwise)
{
    const auto [body, speaker] = unwrapped(message);
    const auto [id, said, calls, chunks, kwargs] =
        body.members("id"_L1, "content"_L1, "tool_calls"_L1, "tool_call_chunks"_L1, "additional_kwargs"_L1);
    if (speaker == Speaker::Tool) {
        toolResult(body["tool_call_id"_L1].string(), body["name"_L1].string(), said,
                   body["status"_L1] == "error"_L1, out);
        return true;
    }
    if (speaker != Speaker::Assistant)
        return speaker != Speaker::Nobody;

    const QString name = id.isTruthy() ? id.string() : otherwise;
    const bool isNew = !name.isEmpty() && enter(name, out);
    // A message that was streamed may be told once more in whole.
    const bool isWhole = body["type"_L1] == "ai"_L1 && !chunks.isArray();
    if (isWhole && !isNew) {
        grow(message, out);
        return true;
    }
    reasoning(kwargs["reasoning_content"_L1].string(), {}, out);
    kwargs["reasoning"_L1]["summary"_L1].forEach([&](const json::Value &part) {
        reasoning(part["text"_L1].string(), QString::fromUtf8(part["index"_L1].compact()), out);
    });
    content(said, out);
    chunks.forEach([&](const json::Value &chunk) {
        const auto [callId, place, callName, arguments] =
            chunk.members("id"_L1, "index"_L1, "name"_L1, "args"_L1);
        toolCall(callId.string(), QString::fromUtf8(place.compact()), callName.string(), out);
        toolArguments(arguments.string(), out);
    });
    if (!chunks.isTruthy()) {
        calls.forEach([&](const json::Value &call) {
            toolCall(call["id"_L1].string(), {}, call["name"_L1].string(), out);
            wholeToolArguments(call["args"_L1]);
        });
    }
    metadata(body, !isWhole, out);
    return true;
}

void LangChainMessages::grow(const json::Value &message, EventWriter &out, const QString &otherwise)
{
    const auto [body, speaker] = unwrapped(message);
    const auto [id, said, calls, kwargs] =
        body.members("id"_L1, "content"_L1, "tool_calls"_L1, "additional_kwargs"_L1);
    if (speaker != Speaker::Assistant) {
        static_cast<void>(add(message, out));
        return;
    }
    QString name = id.isTruthy() ? id.string() : otherwise;
    if (name.isEmpty())
        name = u'#' + QString::number(m_messages.size());
    enter(name, out);

    QString thought = kwargs["reasoning_content"_L1].string();
    QHash<QString, QString> partialArguments;
    said.forEach([&](const json::Value &block) {
        const auto [type, callId, partial] = block.members("type"_L1, "id"_L1, "partial_json"_L1);
        if (isThought(type)) {
            for (const Thought &train : thoughtsOf(block))
                thought += (thought.isEmpty() || train.text.isEmpty() ? QString() : u"\n\n"_s) + train.text;
        }
        if (partial.isString())
            partialArguments.insert(callId.string(), partial.string());
    });
    kwargs["tool_calls"_L1].forEach([&](const json::Value &call) {
        partialArguments.insert(call["id"_L1].string(), call["function"_L1]["arguments"_L1].string());
    });
    // What was thought cannot be taken back, so only what goes on counts.
    if (thought.startsWith(current().reasoning))
        reasoning(thought.sliced(current().reasoning.size()), {}, out);
    growText(wordsOf(said), out);

    int place = 0;
    calls.forEach([&](const json::Value &call) {
        const QString callId = call["id"_L1].string();
        toolCall(callId, QString::number(place++), call["name"_L1].string(), out);
        // The parsed arguments of an unfinished call are a guess, their text is not.
        if (const auto partial = partialArguments.constFind(callId); partial != partialArguments.constEnd())
            growToolArguments(*partial, out);
        else
            wholeToolArguments(call["args"_L1]);
    });
    int files = 0;
    said.forEach([&](const json::Value &block) {
        const json::Value type = block["type"_L1];
        const bool isFile = type == "image"_L1 || type == "image_url"_L1 || type == "file"_L1;
        if (isFile && files++ == current().files)
            file(block, out);
    });
    metadata(body, false, out);
}

void LangChainMessages::snapshot(const json::Value &messages, EventWriter &out)
{
    qint64 position = 0;
    qint64 afterQuestion = 0;
    messages.forEach([&](const json::Value &message) {
        ++position;
        if (unwrapped(message).speaker == Speaker::Human)
            afterQuestion = position;
    });
    position = 0;
    const auto take = [&](const json::Value &message) {
        if (position++ < afterQuestion)
            return;
        const auto [body, speaker] = unwrapped(message);
        if (speaker == Speaker::Tool)
            static_cast<void>(add(message, out));
        else if (speaker == Speaker::Assistant
                 && !isKnown(body["id"_L1].string(), wordsOf(body["content"_L1])))
            grow(message, out);
    };
    if (messages.isObject())
        take(messages);
    messages.forEach(take);
    settle(out);
}

bool LangChainMessages::isKnown(const QString &id, const QString &text) const
{
    return m_messageOf.contains(id)
        || (!text.isEmpty() && std::ranges::find(m_messages, text, &Message::text) != m_messages.end());
}

void LangChainMessages::content(const json::Value &content, EventWriter &out)
{
    if (content.isString())
        text(content.string(), out);
    content.forEach([&](const json::Value &item) { block(item, out); });
}

void LangChainMessages::block(const json::Value &block, EventWriter &out)
{
    const auto [type, said] = block.members("type"_L1, "text"_L1);
    if (block.isString()) {
        text(block.string(), out);
    } else if (type == "text"_L1 || type == "text_delta"_L1 || type == "output_text"_L1) {
        text(said.string(), out);
    } else if (isThought(type)) {
        for (const Thought &thought : thoughtsOf(block))
            reasoning(thought.text, thought.block, out);
    } else if (type == "image"_L1 || type == "image_url"_L1 || type == "file"_L1) {
        file(block, out);
    }
}

void LangChainMessages::file(const json::Value &block, EventWriter &out)
{
    const bool isPicture = block["type"_L1] != "file"_L1;
    out.artifact({.id = current().id + u'#' + QString::number(current().files++),
                  .kind = isPicture ? event::Artifact::Kind::Image : event::Artifact::Kind::File,
                  .title = block["metadata"_L1]["filename"_L1].string(),
                  .append = false,
                  .data = block.compact()});
}

void LangChainMessages::text(const QString &delta, EventWriter &out)
{
    if (delta.isEmpty() || !out.isOpen())
        return;
    current().text += delta;
    out.text(delta);
}

void LangChainMessages::growText(const QString &whole, EventWriter &out)
{
    Message &message = current();
    if (whole.startsWith(message.text)) {
        text(whole.sliced(message.text.size()), out);
        return;
    }
    if (!out.isOpen())
        return;
    message.text = whole;
    QString all;
    for (const Message &said : m_messages) {
        if (said.lane == message.lane)
            all += said.text;
    }
    out.replaceText(all);
}

void LangChainMessages::reasoning(const QString &delta, const QString &block, EventWriter &out)
{
    if (delta.isEmpty() || !out.isOpen())
        return;
    Message &message = current();
    const bool another = !message.reasoning.isEmpty() && !block.isEmpty() && block != message.reasoningBlock;
    const QString more = another ? u"\n\n"_s + delta : delta;
    if (!block.isEmpty())
        message.reasoningBlock = block;
    message.reasoning += more;
    out.reasoning(more);
}

void LangChainMessages::toolCall(const QString &id, const QString &place, const QString &name,
                                 EventWriter &out)
{
    const QString where = current().id + u'/' + place;
    const auto isIt = [&](const Call &call) {
        return id.isEmpty() ? call.message == m_current && (place.isEmpty() || call.place == where)
                            : call.id == id || (call.id.isEmpty() && call.place == where);
    };
    const auto known = std::find_if(m_calls.rbegin(), m_calls.rend(), isIt);
    // The writer fails the exchange for one call too many; here the last one stands for it.
    if (known != m_calls.rend() || m_calls.size() > limits::toolCalls) {
        m_call =
            known == m_calls.rend() ? m_calls.size() - 1 : static_cast<size_t>(m_calls.rend() - known) - 1;
    } else {
        m_call = m_calls.size();
        m_calls.push_back({.id = id,
                           .place = where,
                           .lane = m_lane,
                           .name = name,
                           .told = {},
                           .pending = {},
                           .index = 0,
                           .message = m_current});
    }
    Call &call = m_calls[m_call];
    if (call.id.isEmpty())
        call.id = id;
    if (call.name.isEmpty())
        call.name = name;
    call.index = out.toolCall(QString::number(m_call), call.id, call.name);
}

void LangChainMessages::toolArguments(const QString &delta, EventWriter &out)
{
    if (m_calls.empty() || delta.isEmpty() || !out.isOpen())
        return;
    m_calls[m_call].told += delta;
    out.toolArguments(m_calls[m_call].index, delta);
}

void LangChainMessages::growToolArguments(const QString &whole, EventWriter &out)
{
    if (!m_calls.empty() && whole.startsWith(m_calls[m_call].told))
        toolArguments(whole.sliced(m_calls[m_call].told.size()), out);
}

void LangChainMessages::wholeToolArguments(const json::Value &arguments)
{
    if (!m_calls.empty() && m_calls[m_call].told.isEmpty())
        m_calls[m_call].pending = arguments.text();
}

void LangChainMessages::toolResult(const QString &id, const QString &name, const json::Value &content,
                                   bool isError, EventWriter &out)
{
    settle(out);
    if (m_answered.contains(id) || m_answered.size() > static_cast<qsizetype>(limits::toolCalls))
        return;
    m_answered.insert(id);
    out.toolResult(
        {.id = id, .name = name, .content = resultText(content), .isError = isError, .preliminary = false});
}

QString LangChainMessages::openCallNamed(const QString &name) const
{
    const auto found = std::find_if(m_calls.rbegin(), m_calls.rend(), [&](const Call &call) {
        return call.name == name && !m_answered.contains(call.id);
    });
    return found == m_calls.rend() ? QString() : found->id;
}

void LangChainMessages::metadata(const json::Value &message, bool addsUp, EventWriter &out)
{
    const auto [about, counts] = message.members("response_metadata"_L1, "usage_metadata"_L1);
    const auto [model, modelName, reason, stopReason, status] =
        about.members("model"_L1, "model_name"_L1, "finish_reason"_L1, "stop_reason"_L1, "status"_L1);
    out.started({}, modelName.isTruthy() ? modelName.string() : model.string());
    for (const json::Value &said : {reason, stopReason, status}) {
        if (said.isTruthy()) {
            finishReason(said);
            break;
        }
    }
    usage(counts, addsUp, out);
}

void LangChainMessages::usage(const json::Value &counts, bool addsUp, EventWriter &out)
{
    if (!counts.isObject())
        return;
    const Usage said{.inputTokens = counts["input_tokens"_L1].integer(),
                     .outputTokens = counts["output_tokens"_L1].integer(),
                     .reasoningTokens = counts["output_token_details"_L1]["reasoning"_L1].integer(),
                     .cachedTokens = counts["input_token_details"_L1]["cache_read"_L1].integer()};
    const auto combine = addsUp ? addUp : takeNewer;
    const auto addTo = [](Usage &sum, const Usage &more, auto how) {
        how(sum.inputTokens, more.inputTokens);
        how(sum.outputTokens, more.outputTokens);
        how(sum.reasoningTokens, more.reasoningTokens);
        how(sum.cachedTokens, more.cachedTokens);
    };
    addTo(current().usage, said, combine);
    Usage total;
    for (const Message &message : m_messages)
        addTo(total, message.usage, addUp);
    out.usage(total);
}

void LangChainMessages::finishReason(const json::Value &reason)
{
    const QString name = reason.string();
    const auto row = std::ranges::find_if(namedReasons, [&](const NamedReason &known) {
        return name.compare(known.name, Qt::CaseInsensitive) == 0;
    });
    current().reason = row == namedReasons.end() ? FinishReason::Other : row->reason;
}

void LangChainMessages::settle(EventWriter &out)
{
    for (Call &call : m_calls) {
        if (call.pending.isEmpty())
            continue;
        out.setLane(call.lane);
        const QString arguments = std::exchange(call.pending, {});
        if (call.told.isEmpty())
            out.wholeToolArguments(call.index, arguments);
    }
    out.setLane(m_lane);
}

std::optional<FinishReason> LangChainMessages::finishReason() const
{
    const auto last = std::find_if(m_messages.rbegin(), m_messages.rend(),
                                   [](const Message &message) { return message.lane.isEmpty(); });
    const auto place = static_cast<size_t>(m_messages.rend() - last) - 1;
    const bool waits = std::ranges::any_of(
        m_calls, [&](const Call &call) { return call.message == place && !m_answered.contains(call.id); });
    if (waits)
        return FinishReason::ToolCalls;
    // Calls that were answered by the server itself end no run.
    return last->reason == FinishReason::ToolCalls ? FinishReason::Stop : last->reason;
}

bool LangChainMessages::saidNothing() const
{
    return m_messages[m_current].text.isEmpty();
}

} // namespace rivulet
