// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/agui.h"

#include "net/dialects/attachment.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/history.h"
#include "net/dialects/jsonpatch.h"
#include "net/dialects/messageids.h"
#include "net/dialects/statusline.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qnumeric.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The state's place among the documents; no activity has an empty name.
constexpr auto stateId = "state"_L1;

// How many documents an agent may keep, and messages of others it may repeat.
constexpr size_t mostKept = 256;
constexpr qsizetype mostOthers = 4096;

// A patch is told at once where the document is no larger than so many times what came since.
constexpr qsizetype patience = 8;

// A member by its name, or as implementations in Python spell it.
json::Value either(const json::Value &event, QLatin1StringView name, QLatin1StringView snakeCase)
{
    const auto [camel, snake] = event.members(name, snakeCase);
    return camel.isTruthy() ? camel : snake;
}

QString messageIdOf(const json::Value &event)
{
    return either(event, "messageId"_L1, "message_id"_L1).string();
}

QJsonValue toQt(const json::Value &value)
{
    return QJsonDocument::fromJson('[' + value.compact() + ']').array().at(0);
}

QJsonObject objectOf(const QString &json)
{
    return QJsonDocument::fromJson(json.toUtf8()).object();
}

void add(std::optional<qint64> &sum, const std::optional<qint64> &count)
{
    qint64 result = 0;
    if (count && !qAddOverflow(sum.value_or(0), *count, &result))
        sum = result;
}

// What of an encrypted value belongs to a tool call and not to reasoning.
bool isOfToolCall(const QJsonObject &opaque)
{
    return opaque["subtype"_L1] == "tool-call"_L1 && opaque["entityId"_L1].isString();
}

QJsonValue userContent(const ChatMessage &message)
{
    QJsonArray parts;
    bool onlyText = true;
    QString text;
    for (const ContentPart &part : message.parts) {
        const auto *file = std::get_if<content::Attachment>(&part);
        if (const auto *said = std::get_if<content::Text>(&part)) {
            text += said->text;
            parts.append(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, wellFormed(said->text)}});
        } else if (file && isTextFile(*file)) {
            text += (text.isEmpty() ? u""_s : u"\n\n"_s) + asText(*file);
            parts.append(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, wellFormed(asText(*file))}});
        } else if (file) {
            onlyText = false;
            const QJsonObject source{{u"type"_s, u"data"_s},
                                     {u"value"_s, base64(*file)},
                                     {u"mimeType"_s, QString::fromLatin1(file->mediaType)}};
            parts.append(QJsonObject{{u"type"_s, isImage(*file) ? u"image"_s : u"document"_s},
                                     {u"source"_s, source},
                                     {u"metadata"_s, QJsonObject{{u"filename"_s, wellFormed(file->name)}}}});
        }
    }
    return onlyText ? QJsonValue(wellFormed(text)) : QJsonValue(parts);
}

// The messages of a request. One answer of ours may be several of the protocol's: what was said after a
// tool's result is a message of its own.
class WireMessages
{
public:
    explicit WireMessages(const ChatRequest &chat) : m_ids(chat.conversation)
    {
        for (const ChatMessage &message : chat.messages) {
            for (const ContentPart &part : message.parts) {
                if (const auto *result = std::get_if<content::ToolResult>(&part))
                    m_results.insert(result->id, *result);
            }
        }
        if (!chat.system.isEmpty())
            m_messages.append(QJsonObject{
                {u"id"_s, u"system"_s}, {u"role"_s, u"system"_s}, {u"content"_s, wellFormed(chat.system)}});
        for (const ChatMessage &message : answerableHistory(chat.messages, Approvals::Keep)) {
            if (message.role == ChatRole::Assistant)
                addAnswer(message);
            else if (hasOwnWords(message))
                append(ChatRole::User, {{u"role"_s, u"user"_s}, {u"content"_s, userContent(message)}});
        }
    }

    [[nodiscard]] QJsonArray messages() const { return m_messages; }

private:
    void append(ChatRole role, QJsonObject message)
    {
        message.insert("id"_L1, m_ids.next(role, message));
        m_messages.append(message);
    }

    void addAnswer(const ChatMessage &message)
    {
        QHash<QString, QString> signatures;
        for (const ContentPart &part : message.parts) {
            const auto *reasoning = std::get_if<content::Reasoning>(&part);
            for (const QString &opaque : reasoning ? reasoning->opaque : QStringList()) {
                const QJsonObject sent = objectOf(opaque);
                if (isOfToolCall(sent))
                    signatures.insert(sent["entityId"_L1].toString(), sent["encryptedValue"_L1].toString());
            }
        }
        for (const ContentPart &part : message.parts) {
            if (const auto *call = std::get_if<content::ToolCall>(&part)) {
                addCall(*call, signatures.value(call->id));
            } else if (const auto *said = std::get_if<content::Text>(&part)) {
                if (!m_calls.isEmpty())
                    flush();
                m_text += said->text;
            } else if (const auto *reasoning = std::get_if<content::Reasoning>(&part)) {
                addReasoning(*reasoning);
            }
        }
        flush();
    }

    void addCall(const content::ToolCall &call, const QString &signature)
    {
        QJsonObject sent{
            {u"id"_s, wellFormed(call.id)},
            {u"type"_s, u"function"_s},
            {u"function"_s,
             QJsonObject{{u"name"_s, wellFormed(call.name)}, {u"arguments"_s, wellFormed(call.arguments)}}}};
        if (!signature.isEmpty())
            sent.insert("encryptedValue"_L1, signature);
        m_calls.append(sent);
    }

    // What nothing signs does not go back.
    void addReasoning(const content::Reasoning &reasoning)
    {
        for (const QString &opaque : reasoning.opaque) {
            if (isOfToolCall(objectOf(opaque)))
                continue;
            flush();
            append(ChatRole::Assistant,
                   {{u"role"_s, u"reasoning"_s},
                    {u"content"_s, wellFormed(reasoning.text)},
                    {u"encryptedValue"_s, wellFormed(opaque)}});
        }
    }

    void flush()
    {
        if (m_text.isEmpty() && m_calls.isEmpty())
            return;
        QJsonObject message{{u"role"_s, u"assistant"_s}, {u"content"_s, wellFormed(m_text)}};
        const QJsonArray calls = std::exchange(m_calls, {});
        m_text.clear();
        if (!calls.isEmpty())
            message.insert("toolCalls"_L1, calls);
        append(ChatRole::Assistant, message);
        for (const QJsonValueConstRef call : calls) {
            const auto result = m_results.constFind(call["id"_L1].toString());
            if (result == m_results.constEnd())
                continue;
            QJsonObject told{{u"role"_s, u"tool"_s},
                             {u"toolCallId"_s, wellFormed(result->id)},
                             {u"content"_s, wellFormed(result->content)}};
            if (result->isError)
                told.insert("error"_L1, wellFormed(result->content));
            append(ChatRole::Assistant, told);
        }
    }

    MessageIds m_ids;
    QHash<QString, content::ToolResult> m_results;
    QJsonArray m_messages;
    QString m_text;
    QJsonArray m_calls;
};

// The user's answer in the form that the agent asked for; empty where it amounts to none.
std::optional<QJsonValue> payloadFor(const QJsonObject &schema, std::optional<bool> allowed,
                                     const QString &words)
{
    const QString type = schema["type"_L1].toString();
    if (type == "boolean"_L1)
        return allowed ? std::optional<QJsonValue>(*allowed) : std::nullopt;
    if (type == "string"_L1)
        return words.isEmpty() ? std::nullopt : std::optional<QJsonValue>(words);
    const QJsonObject properties = schema["properties"_L1].toObject();
    if (properties.isEmpty() || properties.contains("approved"_L1)) {
        if (!allowed)
            return std::nullopt;
        QJsonObject payload{{u"approved"_s, *allowed}};
        if (!words.isEmpty() && (properties.isEmpty() || properties.contains("reason"_L1)))
            payload.insert("reason"_L1, words);
        return payload;
    }
    for (auto property = properties.begin(); property != properties.end(); ++property) {
        const QString kind = property.value()["type"_L1].toString();
        if (kind == "string"_L1 && !words.isEmpty())
            return QJsonObject{{property.key(), words}};
        if (kind == "boolean"_L1 && allowed)
            return QJsonObject{{property.key(), *allowed}};
    }
    return std::nullopt;
}

// What the last answer asked, which the next run has to answer as a whole.
QList<content::Approval> openInterrupts(const QList<ChatMessage> &messages)
{
    QList<content::Approval> asked;
    for (qsizetype i = messages.size(); i-- > 0;) {
        for (const ContentPart &part : messages.at(i).parts) {
            if (const auto *approval = std::get_if<content::Approval>(&part))
                asked.append(*approval);
        }
        if (messages.at(i).role == ChatRole::Assistant)
            break;
    }
    return asked;
}

QJsonArray resumeOf(const QList<content::Approval> &interrupts, const QString &words)
{
    QJsonArray resume;
    for (const content::Approval &asked : interrupts) {
        const QJsonObject schema = objectOf(asked.context)["interrupt"_L1]["responseSchema"_L1].toObject();
        const QString reason = asked.allowed || !asked.reason.isEmpty() ? asked.reason : words;
        const auto payload = payloadFor(schema, asked.allowed, wellFormed(reason));
        QJsonObject entry{{u"interruptId"_s, asked.id},
                          {u"status"_s, payload ? u"resolved"_s : u"cancelled"_s}};
        if (payload)
            entry.insert("payload"_L1, *payload);
        resume.append(entry);
    }
    return resume;
}

} // namespace

std::unique_ptr<Dialect> AgUi::clone() const
{
    return std::make_unique<AgUi>(*this);
}

ExchangeRequest AgUi::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    QJsonArray tools;
    for (const ToolDefinition &tool : chat.tools)
        tools.append(QJsonObject{{u"name"_s, tool.name},
                                 {u"description"_s, tool.description},
                                 {u"parameters"_s, QJsonDocument::fromJson(tool.parameters).object()}});
    QJsonObject forwarded;
    if (!chat.model.isEmpty())
        forwarded.insert("model"_L1, chat.model);
    const QList<content::Approval> interrupts = openInterrupts(chat.messages);
    const QJsonObject context = interrupts.isEmpty() ? QJsonObject() : objectOf(interrupts.first().context);
    QJsonObject body{{u"threadId"_s, chat.session.isEmpty() ? chat.conversation : chat.session},
                     {u"runId"_s, chat.exchange},
                     {u"state"_s, context.contains("state"_L1) ? context["state"_L1] : QJsonObject()},
                     {u"messages"_s, WireMessages(chat).messages()},
                     {u"tools"_s, tools},
                     {u"context"_s, QJsonArray()},
                     {u"forwardedProps"_s, forwarded}};
    if (!interrupts.isEmpty()) {
        const bool isUsers = chat.messages.last().role == ChatRole::User;
        body.insert("resume"_L1, resumeOf(interrupts, isUsers ? chat.messages.last().text() : QString()));
    }

    HttpRequest request;
    request.url = endpoint.baseUrl;
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    if (!endpoint.apiKey.isEmpty())
        request.headers.emplaceBack("Authorization", "Bearer " + endpoint.apiKey);
    request.body = compactJson(body);
    return request;
}

void AgUi::frame(const Frame &frame, EventWriter &out)
{
    const QByteArrayView data = QByteArrayView(frame.data).trimmed();
    if (data.isEmpty())
        return;
    const std::optional<json::Value> value = m_reader.read(data);
    if (!value || !value->isObject() || !event(*value, out))
        out.unknown();
}

bool AgUi::event(const json::Value &event, EventWriter &out)
{
    // Of what follows an error only the token counts are of use.
    if (!out.isOpen()) {
        usage(event["usage"_L1], out);
        return true;
    }
    out.setLane(laneOf(event));
    const bool known = textEvent(event, out) || toolEvent(event, out) || reasoningEvent(event, out)
        || documentEvent(event, out) || otherEvent(event, out) || subagentEvent(event, out)
        || runEvent(event, out);
    out.setLane({});
    return known;
}

QString AgUi::laneOf(const json::Value &event) const
{
    const QString id = either(event, "subagentRunId"_L1, "subagent_run_id"_L1).string();
    return id.isEmpty() ? QString() : m_subagents.value(id, id);
}

// Text

bool AgUi::textEvent(const json::Value &event, EventWriter &out)
{
    const auto [type, role] = event.members("type"_L1, "role"_L1);
    const bool isContent = type == "TEXT_MESSAGE_CONTENT"_L1;
    const bool isChunk = type == "TEXT_MESSAGE_CHUNK"_L1;
    if (!isContent && !isChunk && type != "TEXT_MESSAGE_START"_L1)
        return type == "TEXT_MESSAGE_END"_L1;
    QString message = messageIdOf(event);
    if (isChunk) {
        QString &current = m_chunkMessages[laneOf(event)];
        if (message.isEmpty())
            message = current;
        current = message;
    }
    // Some agents repeat what others said.
    if (role.isTruthy() && role != "assistant"_L1 && m_others.size() < mostOthers)
        m_others.insert(message);
    if (m_run == Run::Closed)
        m_run = Run::Open;
    text(event, message, out);
    return true;
}

void AgUi::text(const json::Value &event, const QString &message, EventWriter &out)
{
    if (m_others.contains(message))
        return;
    QString delta = event["delta"_L1].string();
    if (laneOf(event).isEmpty())
        m_text += delta;
    out.text(std::move(delta));
}

// Tools

bool AgUi::toolEvent(const json::Value &event, EventWriter &out)
{
    const auto [type, delta] = event.members("type"_L1, "delta"_L1);
    if (!type.string().startsWith("TOOL_CALL_"_L1))
        return false;
    QString id = either(event, "toolCallId"_L1, "tool_call_id"_L1).string();
    const QString name = either(event, "toolCallName"_L1, "tool_call_name"_L1).string();
    if (m_run == Run::Closed)
        m_run = Run::Open;
    if (type == "TOOL_CALL_CHUNK"_L1) {
        QString &current = m_chunkCalls[laneOf(event)];
        if (id.isEmpty())
            id = current;
        current = id;
    }
    if (type == "TOOL_CALL_RESULT"_L1) {
        toolResult(id, event["content"_L1], event["error"_L1].isTruthy(), out);
    } else if (type != "TOOL_CALL_END"_L1) {
        static_cast<void>(toolCall(id, name, out));
        toolArguments(id, delta.string(), out);
    }
    return true;
}

int AgUi::toolCall(const QString &id, const QString &name, EventWriter &out)
{
    Tool &tool = m_tools[id];
    if (tool.name.isEmpty())
        tool.name = name;
    return out.toolCall(id, id, name);
}

void AgUi::toolArguments(const QString &id, const QString &delta, EventWriter &out)
{
    m_tools[id].arguments += delta;
    out.toolArguments(toolCall(id, {}, out), delta);
}

void AgUi::toolResult(const QString &id, const json::Value &content, bool isError, EventWriter &out)
{
    if (m_results.size() < mostOthers)
        m_results.insert(id);
    out.toolResult({.id = id,
                    .name = m_tools.value(id).name,
                    .content = content.text(),
                    .isError = isError,
                    .preliminary = false});
}

// Reasoning

bool AgUi::reasoningEvent(const json::Value &event, EventWriter &out)
{
    const auto [typeValue, delta, title] = event.members("type"_L1, "delta"_L1, "title"_L1);
    const QString type = typeValue.string();
    if (type == "REASONING_ENCRYPTED_VALUE"_L1)
        encryptedValue(event, out);
    else if (type == "THINKING_START"_L1 && title.isTruthy())
        out.status({.stage = u"thinking"_s, .message = title.string()});
    else if (type.startsWith("REASONING_"_L1) || type.startsWith("THINKING_"_L1))
        out.reasoning(delta.string());
    else
        return false;
    return true;
}

// What belongs to reasoning is told as it came; what belongs to a tool call, with the call's id.
void AgUi::encryptedValue(const json::Value &event, EventWriter &out)
{
    const QString secret = either(event, "encryptedValue"_L1, "encrypted_value"_L1).string();
    if (secret.isEmpty())
        return;
    if (event["subtype"_L1] != "tool-call"_L1) {
        out.opaqueReasoning(m_opaque++, secret);
        return;
    }
    const QJsonObject opaque{
        {u"subtype"_s, u"tool-call"_s},
        {u"entityId"_s, wellFormed(either(event, "entityId"_L1, "entity_id"_L1).string())},
        {u"encryptedValue"_s, wellFormed(secret)}};
    out.opaqueReasoning(m_opaque++, QString::fromUtf8(compactJson(opaque)));
}

// State, activities and snapshots

bool AgUi::documentEvent(const json::Value &event, EventWriter &out)
{
    const json::Value type = event["type"_L1];
    if (type == "STATE_SNAPSHOT"_L1) {
        snapshot(stateId, stateId, event["snapshot"_L1], out);
        return true;
    }
    if (type == "STATE_DELTA"_L1)
        return patch(stateId, event["delta"_L1], out);
    const QString activity = u"activity-"_s + messageIdOf(event);
    if (type == "ACTIVITY_DELTA"_L1)
        return patch(activity, event["patch"_L1], out);
    if (type == "ACTIVITY_SNAPSHOT"_L1) {
        const bool replaces = event["replace"_L1].boolean().value_or(true);
        if (replaces || std::ranges::find(m_kept, activity, &Kept::id) == m_kept.end())
            snapshot(activity, either(event, "activityType"_L1, "activity_type"_L1).string(),
                     event["content"_L1], out);
        return true;
    }
    if (type == "MESSAGES_SNAPSHOT"_L1) {
        messagesSnapshot(event["messages"_L1], out);
        return true;
    }
    return false;
}

void AgUi::snapshot(const QString &id, const QString &title, const json::Value &value, EventWriter &out)
{
    auto kept = std::ranges::find(m_kept, id, &Kept::id);
    if (kept == m_kept.end()) {
        if (m_kept.size() == mostKept)
            return;
        kept = m_kept.insert(kept, Kept{.id = id, .title = title, .value = {}});
    }
    kept->value = toQt(value);
    tell(*kept, out);
}

bool AgUi::patch(const QString &id, const json::Value &operations, EventWriter &out)
{
    auto kept = std::ranges::find(m_kept, id, &Kept::id);
    if (kept == m_kept.end()) {
        // A state that was never told is empty.
        if (id != stateId)
            return false;
        kept = m_kept.insert(kept, Kept{.id = id, .title = id, .value = QJsonObject()});
    }
    const QByteArray text = operations.compact();
    const QJsonArray list = QJsonDocument::fromJson(text).array();
    if (list.isEmpty())
        return operations.isArray();
    const auto value = patched(kept->value, list);
    if (!value)
        return false;
    kept->value = *value;
    kept->untold += text.size();
    if (kept->untold * patience >= kept->toldSize)
        tell(*kept, out);
    return true;
}

void AgUi::tell(Kept &kept, EventWriter &out)
{
    const QByteArray data = compactJson(kept.value);
    kept.toldSize = data.size();
    kept.untold = 0;
    out.artifact({.id = kept.id,
                  .kind = event::Artifact::Kind::Code,
                  .title = kept.title,
                  .append = false,
                  .data = data});
}

void AgUi::tellAll(EventWriter &out)
{
    for (Kept &kept : m_kept) {
        if (kept.untold > 0)
            tell(kept, out);
    }
}

// The whole thread as the agent knows it: what follows the user's last message is this answer.
void AgUi::messagesSnapshot(const json::Value &messages, EventWriter &out)
{
    std::vector<json::Value> answer;
    messages.forEach([&](const json::Value &message) {
        if (message["role"_L1] == "user"_L1)
            answer.clear();
        else if (!either(message, "subagentRunId"_L1, "subagent_run_id"_L1).isTruthy())
            answer.push_back(message);
    });
    QString text;
    for (const json::Value &message : answer) {
        const auto [role, content] = message.members("role"_L1, "content"_L1);
        if (role == "assistant"_L1)
            text += content.string();
        either(message, "toolCalls"_L1, "tool_calls"_L1).forEach([&](const json::Value &call) {
            const QString id = call["id"_L1].string();
            const json::Value function = call["function"_L1];
            const int index = toolCall(id, function["name"_L1].string(), out);
            Tool &tool = m_tools[id];
            if (tool.arguments.isEmpty())
                tool.arguments = function["arguments"_L1].string();
            out.wholeToolArguments(index, tool.arguments);
        });
        const QString called = either(message, "toolCallId"_L1, "tool_call_id"_L1).string();
        if (role == "tool"_L1 && !m_results.contains(called))
            toolResult(called, content, message["error"_L1].isTruthy(), out);
    }
    // A snapshot from before the answer says nothing about it.
    if (text.isEmpty() || text == m_text)
        return;
    m_text = text;
    out.replaceText(text);
}

// Steps and what agents add

bool AgUi::otherEvent(const json::Value &event, EventWriter &out)
{
    const auto [type, name, value] = event.members("type"_L1, "name"_L1, "value"_L1);
    const bool starts = type == "STEP_STARTED"_L1;
    if (starts || type == "STEP_FINISHED"_L1) {
        out.status({.stage = either(event, "stepName"_L1, "step_name"_L1).string(),
                    .message = {},
                    .state = starts ? event::Status::State::Running : event::Status::State::Done});
        return true;
    }
    if (type == "CUSTOM"_L1) {
        if (value.isTruthy())
            out.status({.stage = name.string(), .message = statusLine(value), .state = statusState(value)});
        return true;
    }
    // What the agent's own framework said is told by other events, too.
    return type == "RAW"_L1;
}

bool AgUi::subagentEvent(const json::Value &event, EventWriter &out)
{
    const auto [type, name] = event.members("type"_L1, "name"_L1);
    const QString id = either(event, "subagentRunId"_L1, "subagent_run_id"_L1).string();
    if (type == "SUBAGENT_STARTED"_L1) {
        if (m_subagents.size() < static_cast<qsizetype>(limits::lanes) && !m_subagents.contains(id)) {
            // Two of the same name work at the same time.
            QString lane = name.isTruthy() ? name.string() : id;
            for (int number = 2; m_subagents.values().contains(lane); ++number)
                lane = name.string() + u' ' + QString::number(number);
            m_subagents.insert(id, lane);
        }
        out.setLane(laneOf(event));
        out.status({.stage = name.string(), .message = event["description"_L1].string()});
    } else if (type == "SUBAGENT_FINISHED"_L1) {
        out.status({.stage = m_subagents.value(id), .message = {}, .state = event::Status::State::Done});
    } else if (type == "SUBAGENT_ERROR"_L1) {
        subagentFailed(event, out);
    } else {
        return false;
    }
    return true;
}

// The others and the run itself go on.
void AgUi::subagentFailed(const json::Value &event, EventWriter &out)
{
    NetError error = errorFromJson(event, 0);
    if (error.code == "SUBAGENT_ERROR"_L1)
        error.code.clear();
    if (laneOf(event).isEmpty())
        out.status({.stage = {}, .message = error.message, .state = event::Status::State::Failed});
    else
        out.failLane(std::move(error));
}

// Runs

bool AgUi::runEvent(const json::Value &event, EventWriter &out)
{
    const json::Value type = event["type"_L1];
    if (type == "RUN_STARTED"_L1) {
        m_run = Run::Open;
        out.started(either(event, "runId"_L1, "run_id"_L1).string(), {},
                    either(event, "threadId"_L1, "thread_id"_L1).string());
    } else if (type == "RUN_FINISHED"_L1) {
        runFinished(event, out);
    } else if (type == "RUN_ERROR"_L1) {
        tellAll(out);
        usage(event["usage"_L1], out);
        NetError error = errorFromJson(event, 0);
        if (error.code == "RUN_ERROR"_L1)
            error.code.clear();
        out.fail(std::move(error));
    } else {
        return false;
    }
    return true;
}

void AgUi::runFinished(const json::Value &event, EventWriter &out)
{
    const auto [outcome, result, reason] = event.members("outcome"_L1, "result"_L1, "finishReason"_L1);
    tellAll(out);
    usage(event["usage"_L1], out);
    if (result.isTruthy())
        out.artifact({.id = u"result"_s,
                      .kind = event::Artifact::Kind::Code,
                      .title = u"result"_s,
                      .append = false,
                      .data = result.compact()});
    m_run = Run::Closed;
    m_reason.reset();
    const json::Value kind = outcome.isString() ? outcome : outcome["type"_L1];
    if (kind == "interrupt"_L1) {
        m_reason = FinishReason::Pause;
        outcome["interrupts"_L1].forEach([&](const json::Value &item) { interrupt(item, out); });
        if (event["interrupt"_L1].isObject())
            interrupt(event["interrupt"_L1], out);
    } else if (kind == "cancelled"_L1) {
        m_reason = FinishReason::Stopped;
    } else if (reason == "length"_L1) {
        m_reason = FinishReason::Length;
    } else if (reason == "content_filter"_L1) {
        m_reason = FinishReason::ContentFilter;
    }
}

// A question about a tool shows its call; any other shows itself.
void AgUi::interrupt(const json::Value &interrupt, EventWriter &out)
{
    const auto [id, reason, message] = interrupt.members("id"_L1, "reason"_L1, "message"_L1);
    const QString call = either(interrupt, "toolCallId"_L1, "tool_call_id"_L1).string();
    const auto tool = m_tools.constFind(call);
    const bool isAboutTool = !call.isEmpty() && tool != m_tools.constEnd();
    if (isAboutTool && message.isTruthy())
        out.status({.stage = reason.string(), .message = statusLine(message)});
    const auto state = std::ranges::find(m_kept, QString(stateId), &Kept::id);
    QByteArray context = "{\"interrupt\":" + interrupt.compact();
    if (state != m_kept.end())
        context += ",\"state\":" + compactJson(state->value);
    context += '}';
    out.approval({.id = id.string(),
                  .name = isAboutTool ? tool->name : reason.string(),
                  .arguments = isAboutTool ? tool->arguments : QString::fromUtf8(interrupt.compact()),
                  .call = call,
                  .context = QString::fromUtf8(context)});
}

// Each run counts for itself, by model.
void AgUi::usage(const json::Value &entries, EventWriter &out)
{
    if (!entries.isTruthy())
        return;
    // A count of zero is one, too.
    const auto named = [](const json::Value &entry, QLatin1StringView camel, QLatin1StringView snake) {
        const auto count = entry[camel].integer();
        return count ? count : entry[snake].integer();
    };
    const auto count = [&](const json::Value &entry) {
        add(m_usage.inputTokens, named(entry, "inputTokens"_L1, "input_tokens"_L1));
        add(m_usage.outputTokens, named(entry, "outputTokens"_L1, "output_tokens"_L1));
        add(m_usage.reasoningTokens, named(entry, "reasoningTokens"_L1, "reasoning_tokens"_L1));
        add(m_usage.cachedTokens, named(entry, "cachedInputTokens"_L1, "cached_input_tokens"_L1));
        if (out.isOpen())
            out.started({}, entry["model"_L1].string());
    };
    if (entries.isObject())
        count(entries);
    entries.forEach(count);
    out.usage(m_usage);
}

void AgUi::finish(bool clean, EventWriter &out)
{
    tellAll(out);
    if (m_run != Run::Closed)
        return;
    if (m_reason)
        out.finished(*m_reason);
    else
        out.finished(out.hasOpenToolCalls() ? FinishReason::ToolCalls : FinishReason::Stop);
    if (clean)
        out.complete();
}

bool AgUi::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value)
        return false;
    // All events at once, from a server that does not stream.
    bool known = value->isObject() && event(*value, out);
    value->forEach([&](const json::Value &item) { known = event(item, out) || known; });
    if (known)
        finish(true, out);
    return known;
}

} // namespace rivulet
