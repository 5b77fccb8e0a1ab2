// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/vercelui.h"

#include "net/dialects/aisdk.h"
#include "net/dialects/attachment.h"
#include "net/dialects/history.h"
#include "net/dialects/messageids.h"
#include "net/dialects/statusline.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// Where the server has a place to stop an answer, below the chat's: most end with the connection.
constexpr auto stopOption = "stop"_L1;

template<typename Part>
QHash<QString, Part> partsById(const QList<ChatMessage> &messages, QString Part::*id)
{
    QHash<QString, Part> found;
    for (const ChatMessage &message : messages) {
        for (const ContentPart &part : message.parts) {
            if (const auto *match = std::get_if<Part>(&part))
                found.insert(match->*id, *match);
        }
    }
    return found;
}

// The history without questions that the user left open: their calls are unfinished for ever.
QList<ChatMessage> withoutOpenQuestions(QList<ChatMessage> messages)
{
    for (ChatMessage &message : messages) {
        message.parts.removeIf([](const ContentPart &part) {
            const auto *approval = std::get_if<content::Approval>(&part);
            return approval && !approval->allowed;
        });
    }
    return messages;
}

QJsonObject userMessage(const ChatMessage &message)
{
    QJsonArray parts;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part))
            parts.append(aisdk::textPart(said->text));
        const auto *file = std::get_if<content::Attachment>(&part);
        if (file && isTextFile(*file))
            parts.append(aisdk::textPart(asText(*file)));
        else if (file)
            parts.append(QJsonObject{{u"type"_s, u"file"_s},
                                     {u"mediaType"_s, QString::fromLatin1(file->mediaType)},
                                     {u"filename"_s, wellFormed(file->name)},
                                     {u"url"_s, dataUrl(*file)}});
    }
    return {{u"role"_s, u"user"_s}, {u"parts"_s, parts}};
}

// The parts of an assistant's message, with its tools in the states that they came to.
class AssistantParts
{
public:
    explicit AssistantParts(const QList<ChatMessage> &history)
        : m_results(partsById<content::ToolResult>(history, &content::ToolResult::id)),
          m_approvals(partsById<content::Approval>(history, &content::Approval::call))
    {}

    [[nodiscard]] QJsonObject message(const ChatMessage &message) const
    {
        QJsonArray parts{QJsonObject{{u"type"_s, u"step-start"_s}}};
        const QHash<QString, QJsonObject> signatures = toolSignatures(message);
        bool afterTool = false;
        for (const ContentPart &part : message.parts) {
            QJsonArray sent;
            const auto *call = std::get_if<content::ToolCall>(&part);
            if (call)
                sent.append(toolPart(*call, signatures.value(call->id)));
            else if (const auto *said = std::get_if<content::Text>(&part))
                sent.append(aisdk::textPart(said->text));
            else if (const auto *reasoning = std::get_if<content::Reasoning>(&part))
                sent = reasoningParts(*reasoning);
            if (sent.isEmpty())
                continue;
            // What the model said after a tool's result belongs to its next step.
            if (afterTool && !call)
                parts.append(QJsonObject{{u"type"_s, u"step-start"_s}});
            afterTool = call != nullptr;
            for (const QJsonValueConstRef one : std::as_const(sent))
                parts.append(one);
        }
        return {{u"role"_s, u"assistant"_s}, {u"parts"_s, parts}};
    }

private:
    static QJsonObject objectOf(const QString &json)
    {
        return QJsonDocument::fromJson(json.toUtf8()).object();
    }

    static bool isToolSignature(const QJsonObject &opaque) { return opaque["toolCallId"_L1].isString(); }

    static QHash<QString, QJsonObject> toolSignatures(const ChatMessage &message)
    {
        QHash<QString, QJsonObject> signatures;
        for (const ContentPart &part : message.parts) {
            const auto *reasoning = std::get_if<content::Reasoning>(&part);
            for (const QString &opaque : reasoning ? reasoning->opaque : QStringList()) {
                const QJsonObject sent = objectOf(opaque);
                if (isToolSignature(sent))
                    signatures.insert(sent["toolCallId"_L1].toString(),
                                      sent["callProviderMetadata"_L1].toObject());
            }
        }
        return signatures;
    }

    // Unsigned reasoning does not go back: models refuse it.
    static QJsonArray reasoningParts(const content::Reasoning &reasoning)
    {
        QJsonArray parts;
        for (const QString &opaque : reasoning.opaque) {
            const QJsonObject metadata = objectOf(opaque);
            if (!metadata.isEmpty() && !isToolSignature(metadata))
                parts.append(QJsonObject{{u"type"_s, u"reasoning"_s},
                                         {u"text"_s, QString()},
                                         {u"state"_s, u"done"_s},
                                         {u"providerMetadata"_s, metadata}});
        }
        // The last one signs the text, those before it what cannot be read.
        if (!parts.isEmpty()) {
            QJsonObject last = parts.last().toObject();
            last.insert("text"_L1, wellFormed(reasoning.text));
            parts.replace(parts.size() - 1, last);
        }
        return parts;
    }

    [[nodiscard]] QJsonObject toolPart(const content::ToolCall &call, const QJsonObject &signature) const
    {
        QJsonObject part{{u"type"_s, QString(u"tool-"_s + wellFormed(call.name))},
                         {u"toolCallId"_s, wellFormed(call.id)},
                         {u"input"_s, objectOf(call.arguments)}};
        if (!signature.isEmpty())
            part.insert("callProviderMetadata"_L1, signature);
        const auto result = m_results.constFind(call.id);
        const auto asked = m_approvals.constFind(call.id);
        const bool isAsked = asked != m_approvals.constEnd();
        if (isAsked)
            part.insert("approval"_L1, approvalOf(*asked));
        QLatin1StringView state = "approval-responded"_L1;
        if (result != m_results.constEnd() && isAsked && asked->allowed == false) {
            state = "output-denied"_L1;
        } else if (result != m_results.constEnd() && result->isError) {
            state = "output-error"_L1;
            part.insert("errorText"_L1, wellFormed(result->content));
        } else if (result != m_results.constEnd()) {
            state = "output-available"_L1;
            part.insert("output"_L1, aisdk::toolOutput(wellFormed(result->content)));
        }
        part.insert("state"_L1, state);
        return part;
    }

    static QJsonObject approvalOf(const content::Approval &asked)
    {
        QJsonObject approval = objectOf(asked.context);
        approval.insert("id"_L1, asked.id);
        approval.insert("approved"_L1, asked.allowed.value_or(false));
        if (!asked.reason.isEmpty())
            approval.insert("reason"_L1, wellFormed(asked.reason));
        return approval;
    }

    QHash<QString, content::ToolResult> m_results;
    QHash<QString, content::Approval> m_approvals;
};

QJsonObject toolsOf(const ChatRequest &chat)
{
    QJsonObject tools;
    for (const ToolDefinition &tool : chat.tools)
        tools.insert(tool.name,
                     QJsonObject{{u"description"_s, tool.description},
                                 {u"parameters"_s, QJsonDocument::fromJson(tool.parameters).object()}});
    return tools;
}

} // namespace

std::unique_ptr<Dialect> VercelUi::clone() const
{
    return std::make_unique<VercelUi>(*this);
}

QList<DialectOption> VercelUi::options() const
{
    return {{.name = aisdk::extraBody, .scope = DialectOption::Scope::Provider, .fallback = "{}"_L1},
            {.name = stopOption, .scope = DialectOption::Scope::Provider}};
}

ExchangeRequest VercelUi::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    m_chat = chat.conversation;
    const QList<ChatMessage> history = withoutOpenQuestions(chat.messages);
    const AssistantParts assistant(history);
    QJsonArray messages;
    MessageIds ids(chat.conversation);
    if (!chat.system.isEmpty())
        messages.append(QJsonObject{{u"id"_s, u"system"_s},
                                    {u"role"_s, u"system"_s},
                                    {u"parts"_s, QJsonArray{aisdk::textPart(chat.system)}}});
    QString lastAnswer;
    for (const ChatMessage &message : answerableHistory(history, Approvals::Keep)) {
        const bool isUsers = message.role == ChatRole::User;
        if (isUsers && !hasOwnWords(message))
            continue;
        QJsonObject sent = isUsers ? userMessage(message) : assistant.message(message);
        const QString id = ids.next(message.role, sent);
        sent.insert("id"_L1, id);
        lastAnswer = isUsers ? QString() : id;
        messages.append(sent);
    }
    QJsonObject body{{u"id"_s, m_chat}, {u"messages"_s, messages}, {u"trigger"_s, u"submit-message"_s}};
    // A result or a decision was added to an answer, which goes on.
    if (!lastAnswer.isEmpty())
        body.insert("messageId"_L1, lastAnswer);
    if (!chat.model.isEmpty())
        body.insert("model"_L1, chat.model);
    if (!chat.tools.isEmpty())
        body.insert("tools"_L1, toolsOf(chat));
    return aisdk::chatRequest(body, endpoint, "text/event-stream");
}

std::optional<Command> VercelUi::cancel(const Endpoint &endpoint)
{
    QString place = endpoint.options.value(QString(stopOption));
    if (place.isEmpty() || m_chat.isEmpty())
        return std::nullopt;
    if (!place.startsWith(u'/'))
        place.prepend(u'/');
    HttpRequest request = below(endpoint, place);
    request.method = "POST";
    return request;
}

std::optional<ResumeToken> VercelUi::resumeToken() const
{
    if (m_chat.isEmpty())
        return std::nullopt;
    return ResumeToken{.stream = m_chat,
                       .cursor = QString::number(std::max(m_reading.chunks, m_alreadyRead))};
}

std::optional<ExchangeRequest> VercelUi::resume(const ResumeToken &token, const Endpoint &endpoint)
{
    bool isNumber = false;
    const qint64 chunks = token.cursor.toLongLong(&isNumber);
    if (token.stream.isEmpty() || !isNumber || chunks < 0)
        return std::nullopt;
    m_chat = token.stream;
    m_alreadyRead = chunks;
    m_reading = {};
    HttpRequest request = below(endpoint, u"/stream"_s);
    request.method = "GET";
    request.headers.emplaceBack("Accept", "text/event-stream");
    return request;
}

// A request about this chat.
HttpRequest VercelUi::below(const Endpoint &endpoint, const QString &resource) const
{
    HttpRequest request;
    request.url = aisdk::chatUrl(endpoint.baseUrl);
    request.url.setPath(request.url.path(QUrl::FullyEncoded) + u'/'
                            + QString::fromLatin1(QUrl::toPercentEncoding(m_chat)) + resource,
                        QUrl::TolerantMode);
    request.headers = {{"Cache-Control", "no-cache"}};
    aisdk::authorize(request, endpoint);
    return request;
}

void VercelUi::frame(const Frame &frame, EventWriter &out)
{
    const QByteArrayView data = QByteArrayView(frame.data).trimmed();
    if (data.isEmpty())
        return;
    if (data == "[DONE]") {
        endMarker(out);
        return;
    }
    const std::optional<json::Value> value = m_reader.read(data);
    if (!value || !value->isObject()) {
        out.unknown();
        return;
    }
    const bool isRepeated = m_reading.chunks < m_alreadyRead;
    ++m_reading.chunks;
    out.setMuted(isRepeated);
    const bool known = chunk(*value, out);
    out.setMuted(false);
    if (!known && !isRepeated)
        out.unknown();
}

bool VercelUi::chunk(const json::Value &chunk, EventWriter &out)
{
    // Of what follows an error only the token counts are of use.
    if (!out.isOpen()) {
        metadata(chunk["messageMetadata"_L1], out);
        return true;
    }
    return textChunk(chunk, out) || toolChunk(chunk, out) || reasoningChunk(chunk, out)
        || partChunk(chunk, out) || messageChunk(chunk, out);
}

bool VercelUi::textChunk(const json::Value &chunk, EventWriter &out)
{
    const auto [type, delta] = chunk.members("type"_L1, "delta"_L1);
    if (type != "text-delta"_L1)
        return type == "text-start"_L1 || type == "text-end"_L1;
    QString text = delta.string();
    m_reading.text += text;
    out.text(std::move(text));
    return true;
}

bool VercelUi::reasoningChunk(const json::Value &chunk, EventWriter &out)
{
    const auto [type, id, delta, metadata] =
        chunk.members("type"_L1, "id"_L1, "delta"_L1, "providerMetadata"_L1);
    const bool ends = type == "reasoning-end"_L1;
    if (type != "reasoning-start"_L1 && type != "reasoning-delta"_L1 && !ends)
        return false;
    Reasoning &reasoning = reasoningFor(id.string(), out);
    out.reasoning(delta.string());
    if (metadata.isObject() && metadata.isTruthy())
        reasoning.metadata = metadata.compact();
    if (ends)
        endReasoning(static_cast<size_t>(&reasoning - m_reading.reasoning.data()), out);
    return true;
}

VercelUi::Reasoning &VercelUi::reasoningFor(const QString &id, EventWriter &out)
{
    std::vector<Reasoning> &open = m_reading.reasoning;
    const auto known = std::ranges::find(open, id, &Reasoning::id);
    if (known != open.end())
        return *known;
    // Parts that nobody ends must not pile up.
    if (open.size() == limits::toolCalls)
        endReasoning(0, out);
    return open.emplace_back(Reasoning{.id = id, .index = m_reading.reasoningCount++, .metadata = {}});
}

void VercelUi::endReasoning(size_t place, EventWriter &out)
{
    const auto ended = m_reading.reasoning.begin() + static_cast<std::ptrdiff_t>(place);
    if (!ended->metadata.isEmpty())
        out.opaqueReasoning(ended->index, QString::fromUtf8(ended->metadata));
    m_reading.reasoning.erase(ended);
}

void VercelUi::endAllReasoning(EventWriter &out)
{
    while (!m_reading.reasoning.empty())
        endReasoning(0, out);
}

bool VercelUi::toolChunk(const json::Value &chunk, EventWriter &out)
{
    const json::Value type = chunk["type"_L1];
    if (type == "tool-input-start"_L1 || type == "tool-input-delta"_L1 || type == "tool-input-available"_L1) {
        toolInput(chunk, out);
    } else if (type == "tool-input-error"_L1) {
        toolInput(chunk, out);
        toolResult(chunk, out);
    } else if (type == "tool-output-available"_L1 || type == "tool-output-error"_L1
               || type == "tool-output-denied"_L1) {
        toolResult(chunk, out);
    } else if (type == "tool-approval-request"_L1) {
        approval(chunk, out);
    } else if (type == "tool-approval-response"_L1) {
        m_reading.approvals.remove(chunk["approvalId"_L1].string());
    } else {
        return false;
    }
    return true;
}

void VercelUi::toolInput(const json::Value &chunk, EventWriter &out)
{
    const auto [callId, name, delta, input, signature] =
        chunk.members("toolCallId"_L1, "toolName"_L1, "inputTextDelta"_L1, "input"_L1, "providerMetadata"_L1);
    const QString id = callId.string();
    const int call = out.toolCall(id, id, name.string());
    Tool &tool = m_reading.tools[id];
    if (tool.name.isEmpty())
        tool.name = name.string();
    if (delta.isString()) {
        const QString piece = delta.string();
        tool.arguments += piece;
        out.toolArguments(call, piece);
    }
    const QByteArray whole = input.compact();
    if (whole.isEmpty() || whole == "null")
        return;
    if (tool.arguments.isEmpty())
        tool.arguments = QString::fromUtf8(whole);
    out.wholeToolArguments(call, tool.arguments);
    toolMetadata(id, signature, out);
}

// It goes back with the call, and some models refuse a call without.
void VercelUi::toolMetadata(const QString &call, const json::Value &metadata, EventWriter &out)
{
    if (!metadata.isObject() || !metadata.isTruthy())
        return;
    const QByteArray opaque =
        R"({"toolCallId":)" + jsonText(call) + R"(,"callProviderMetadata":)" + metadata.compact() + '}';
    out.opaqueReasoning(m_reading.reasoningCount++, QString::fromUtf8(opaque));
}

void VercelUi::toolResult(const json::Value &chunk, EventWriter &out)
{
    const auto [callId, output, errorText, preliminary] =
        chunk.members("toolCallId"_L1, "output"_L1, "errorText"_L1, "preliminary"_L1);
    const QString id = callId.string();
    const bool isError = chunk["type"_L1] != "tool-output-available"_L1;
    out.toolResult({.id = id,
                    .name = m_reading.tools.value(id).name,
                    .content = isError ? errorText.string() : output.text(),
                    .isError = isError,
                    .preliminary = preliminary.boolean().value_or(false)});
}

void VercelUi::approval(const json::Value &chunk, EventWriter &out)
{
    const auto [approvalId, callId, isAutomatic, signature] =
        chunk.members("approvalId"_L1, "toolCallId"_L1, "isAutomatic"_L1, "signature"_L1);
    // The server answers that one itself.
    if (isAutomatic.boolean() == true)
        return;
    const QString id = approvalId.string();
    const QString call = callId.string();
    const Tool tool = m_reading.tools.value(call);
    QJsonObject context;
    if (signature.isString())
        context.insert("signature"_L1, wellFormed(signature.string()));
    if (m_reading.approvals.size() < static_cast<qsizetype>(limits::toolCalls))
        m_reading.approvals.insert(id);
    out.approval({.id = id,
                  .name = tool.name,
                  .arguments = tool.arguments,
                  .call = call,
                  .context = QString::fromUtf8(compactJson(context))});
}

bool VercelUi::partChunk(const json::Value &chunk, EventWriter &out)
{
    const json::Value type = chunk["type"_L1];
    if (type == "source-url"_L1) {
        out.source(chunk["url"_L1].string(), chunk["title"_L1].string());
    } else if (type == "source-document"_L1) {
        const auto [id, title, filename] = chunk.members("sourceId"_L1, "title"_L1, "filename"_L1);
        const QJsonObject document{{u"title"_s, wellFormed(title.string())},
                                   {u"mediaType"_s, wellFormed(chunk["mediaType"_L1].string())},
                                   {u"filename"_s, wellFormed(filename.string())}};
        out.artifact({.id = id.string(),
                      .kind = event::Artifact::Kind::Source,
                      .title = title.string(),
                      .append = false,
                      .data = compactJson(document)});
    } else if (type == "file"_L1 || type == "reasoning-file"_L1) {
        file(chunk, out);
    } else if (type.string().startsWith("data-"_L1)) {
        data(chunk, out);
    } else {
        // An extension of a provider's, which says of itself that it may be passed over.
        return type == "custom"_L1;
    }
    return true;
}

void VercelUi::file(const json::Value &chunk, EventWriter &out)
{
    const auto [url, mediaType, filename] = chunk.members("url"_L1, "mediaType"_L1, "filename"_L1);
    QJsonObject file{{u"mediaType"_s, wellFormed(mediaType.string())}, {u"url"_s, wellFormed(url.string())}};
    if (filename.isString())
        file.insert("filename"_L1, wellFormed(filename.string()));
    const bool isPicture = mediaType.string().startsWith("image/"_L1);
    out.artifact({.id = u"file-%1"_s.arg(++m_reading.files),
                  .kind = isPicture ? event::Artifact::Kind::Image : event::Artifact::Kind::File,
                  .title = filename.string(),
                  .append = false,
                  .data = compactJson(file)});
}

// The application's own data: what it says to keep is a piece of work, the rest tells what happens.
void VercelUi::data(const json::Value &chunk, EventWriter &out)
{
    const auto [type, id, data, transient] = chunk.members("type"_L1, "id"_L1, "data"_L1, "transient"_L1);
    const QString name = type.string().sliced(5);
    if (transient.boolean() == true) {
        out.status({.stage = name, .message = statusLine(data), .state = statusState(data)});
        return;
    }
    ++m_reading.data;
    // The same id of another kind of data is another piece.
    const QString piece = id.isString() ? id.string() : QString::number(m_reading.data);
    out.artifact({.id = u"data-%1-%2"_s.arg(name, piece),
                  .kind = aisdk::artifactKind(name),
                  .title = name,
                  .append = false,
                  .data = data.compact()});
}

bool VercelUi::messageChunk(const json::Value &chunk, EventWriter &out)
{
    const auto [type, about] = chunk.members("type"_L1, "messageMetadata"_L1);
    if (type == "start"_L1) {
        out.started(chunk["messageId"_L1].string(), {});
        metadata(about, out);
    } else if (type == "message-metadata"_L1) {
        metadata(about, out);
    } else if (type == "start-step"_L1) {
        m_reading.stepBegin = m_reading.text.size();
    } else if (type == "reset-step"_L1) {
        // The model tries this step again.
        endAllReasoning(out);
        if (m_reading.text.size() > m_reading.stepBegin) {
            m_reading.text.truncate(m_reading.stepBegin);
            out.replaceText(m_reading.text);
        }
    } else if (type == "finish"_L1) {
        metadata(about, out);
        finishMessage(chunk, out);
    } else if (type == "abort"_L1) {
        endAllReasoning(out);
        m_reading.ended = true;
        out.finished(FinishReason::Stopped);
    } else if (type == "error"_L1) {
        endAllReasoning(out);
        const QString words = chunk["errorText"_L1].string();
        // Others' errors are told in other members, which the reader of every protocol's errors knows.
        if (words.isEmpty())
            return false;
        out.fail({.kind = NetError::Kind::Server,
                  .message = words.left(static_cast<qsizetype>(limits::errorMessage))});
    } else {
        return type == "finish-step"_L1;
    }
    return true;
}

// Of what an application tells about a message only the model and the token counts have a known form.
void VercelUi::metadata(const json::Value &value, EventWriter &out)
{
    if (!value.isObject())
        return;
    const QString model = value["model"_L1].string();
    if (out.isOpen())
        out.started({}, model.isEmpty() ? value["modelId"_L1].string() : model);
    for (const json::Value &counts : {value["totalUsage"_L1], value["usage"_L1], value}) {
        const Usage usage = aisdk::usageIn(counts);
        if (usage == Usage())
            continue;
        out.usage(usage);
        return;
    }
}

void VercelUi::finishMessage(const json::Value &chunk, EventWriter &out)
{
    const json::Value reason = chunk["finishReason"_L1];
    endAllReasoning(out);
    m_reading.ended = true;
    if (reason == "error"_L1)
        m_reading.brokenOff = reason.string();
    else if (reason.isTruthy() && reason != "unknown"_L1)
        out.finished(aisdk::finishReason(reason));
    else if (!m_reading.approvals.isEmpty())
        out.finished(FinishReason::Pause);
    else
        out.finished(out.hasOpenToolCalls() ? FinishReason::ToolCalls : FinishReason::Stop);
}

void VercelUi::endMarker(EventWriter &out)
{
    m_reading.ended = true;
    finish(true, out);
}

void VercelUi::finish(bool clean, EventWriter &out)
{
    endAllReasoning(out);
    if (!m_reading.brokenOff.isEmpty())
        out.fail({.kind = NetError::Kind::Server,
                  .code = m_reading.brokenOff,
                  .message = u"finishReason: "_s + m_reading.brokenOff});
    if (clean && m_reading.ended)
        out.complete();
}

bool VercelUi::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value)
        return false;
    // The whole message, alone or as the last one of its chat.
    json::Value last = *value;
    const json::Value list = value->isArray() ? *value : (*value)["messages"_L1];
    list.forEach([&](const json::Value &item) { last = item; });
    if (last["role"_L1] != "assistant"_L1 || !last["parts"_L1].isArray())
        return false;
    message(last, out);
    endMarker(out);
    return true;
}

void VercelUi::message(const json::Value &message, EventWriter &out)
{
    const auto [id, about, parts] = message.members("id"_L1, "metadata"_L1, "parts"_L1);
    out.started(id.string(), {});
    metadata(about, out);
    parts.forEach([&](const json::Value &part) {
        const auto [type, text, callId, toolName] =
            part.members("type"_L1, "text"_L1, "toolCallId"_L1, "toolName"_L1);
        if (type == "text"_L1) {
            out.text(text.string());
        } else if (type == "reasoning"_L1) {
            out.reasoning(text.string());
            const json::Value signature = part["providerMetadata"_L1];
            if (signature.isTruthy())
                out.opaqueReasoning(m_reading.reasoningCount++, QString::fromUtf8(signature.compact()));
        } else if (callId.isString()) {
            const QString name = toolName.isString() ? toolName.string() : type.string().mid(5);
            const int call = out.toolCall(callId.string(), callId.string(), name);
            out.wholeToolArguments(call, QString::fromUtf8(part["input"_L1].compact()));
            const auto [output, errorText] = part.members("output"_L1, "errorText"_L1);
            if (output.isTruthy() || errorText.isString())
                out.toolResult({.id = callId.string(),
                                .name = name,
                                .content = errorText.isString() ? errorText.string() : output.text(),
                                .isError = errorText.isString(),
                                .preliminary = false});
        } else if (!partChunk(part, out)) {
            out.unknown();
        }
    });
}

} // namespace rivulet
