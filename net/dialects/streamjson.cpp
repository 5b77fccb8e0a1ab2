// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/streamjson.h"

#include "net/dialects/anthropic.h"
#include "net/dialects/anthropicrequest.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qdir.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qurlquery.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto formOption = "form"_L1;
constexpr auto agentForm = "claude"_L1;
constexpr auto simpleForm = "simple"_L1;
constexpr auto methodOption = "method"_L1;
constexpr auto folderOption = "cwd"_L1;

constexpr auto initializeId = "initialize"_L1;

// What the program finds itself and its account by. A session that we run in ourselves is none of its own.
const QStringList keptEnvironment{u"ANTHROPIC_*"_s, u"CLAUDE_CONFIG_DIR"_s, u"*_PROXY"_s, u"*_proxy"_s,
                                  u"NODE_EXTRA_CA_CERTS"_s};

struct NamedKind
{
    QLatin1StringView name;
    NetError::Kind kind = NetError::Kind::Server;
};

// The program's words for why an answer is none.
constexpr std::array namedKinds{
    NamedKind{"authentication_failed"_L1, NetError::Kind::Auth},
    NamedKind{"oauth_org_not_allowed"_L1, NetError::Kind::Auth},
    NamedKind{"billing_error"_L1, NetError::Kind::Quota},
    NamedKind{"rate_limit"_L1, NetError::Kind::RateLimited},
    NamedKind{"overloaded"_L1, NetError::Kind::Overloaded},
    NamedKind{"invalid_request"_L1, NetError::Kind::InvalidRequest},
    NamedKind{"model_not_found"_L1, NetError::Kind::InvalidRequest},
};

// Lines that tell nothing to people.
constexpr std::array passedOver{
    "keep_alive"_L1,        "rate_limit_event"_L1,  "tool_use_summary"_L1,
    "auth_status"_L1,       "prompt_suggestion"_L1, "conversation_reset"_L1,
    "command_lifecycle"_L1, "transcript_mirror"_L1, "tool_progress"_L1,
};

bool isPassedOver(const json::Value &type)
{
    return std::ranges::any_of(passedOver, [&](QLatin1StringView name) { return type == name; });
}

// By parts, so that what was sent goes back as it came.
QByteArray controlAnswer(const QString &request, const QByteArray &response)
{
    return R"({"type":"control_response","response":{"subtype":"success","request_id":)" + jsonText(request)
        + R"(,"response":)" + response + "}}";
}

QByteArray controlRefusal(const QString &request, const QString &reason)
{
    return R"({"type":"control_response","response":{"subtype":"error","request_id":)" + jsonText(request)
        + R"(,"error":)" + jsonText(reason) + "}}";
}

QByteArray controlLine(const QString &id, const QString &subtype)
{
    return compactJson({{u"type"_s, u"control_request"_s},
                        {u"request_id"_s, id},
                        {u"request"_s, QJsonObject{{u"subtype"_s, subtype}}}});
}

QByteArray userLine(const QJsonArray &blocks, const QString &session)
{
    return compactJson({{u"type"_s, u"user"_s},
                        {u"message"_s, QJsonObject{{u"role"_s, u"user"_s}, {u"content"_s, blocks}}},
                        {u"parent_tool_use_id"_s, QJsonValue::Null},
                        {u"session_id"_s, session.isEmpty() ? u"default"_s : session}});
}

QJsonObject textBlock(const QString &text)
{
    return {{u"type"_s, u"text"_s}, {u"text"_s, wellFormed(text)}};
}

// A session is named by the program. It becomes an argument, and must not be taken for an option.
QString safeSession(const QString &session)
{
    static const QRegularExpression id(u"^[A-Za-z0-9][A-Za-z0-9_-]*$"_s);
    return id.match(session).hasMatch() ? session : QString();
}

// Where what the user said since the last answer begins.
qsizetype newestBegin(const QList<ChatMessage> &messages)
{
    qsizetype begin = messages.size();
    while (begin > 0 && messages[begin - 1].role == ChatRole::User)
        --begin;
    return begin;
}

// What the user said since the last answer, for someone who remembers the rest.
QJsonArray newestBlocks(const QList<ChatMessage> &messages)
{
    QJsonArray blocks;
    for (qsizetype i = newestBegin(messages); i < messages.size(); ++i) {
        for (const QJsonValueConstRef block : anthropic::userBlocks(messages[i]))
            blocks.append(block.toObject());
    }
    if (blocks.isEmpty())
        blocks.append(textBlock(u"Go on exactly where you stopped, without repeating anything."_s));
    return blocks;
}

// The same for someone who remembers nothing: what was said before comes first.
QJsonArray foldedBlocks(const QList<ChatMessage> &messages)
{
    const qsizetype newest = newestBegin(messages);
    if (newest == 0)
        return newestBlocks(messages);
    QJsonArray blocks;
    blocks.append(textBlock(u"Our conversation so far:"_s));
    for (qsizetype i = 0; i < newest; ++i) {
        const ChatMessage &message = messages[i];
        if (message.role == ChatRole::Assistant) {
            if (const QString text = message.text(); !text.trimmed().isEmpty())
                blocks.append(textBlock(u"You said:\n"_s + text));
            continue;
        }
        for (const QJsonValueConstRef value : anthropic::userBlocks(message)) {
            const QJsonObject block = value.toObject();
            const QString text = block["text"_L1].toString();
            blocks.append(text.isEmpty() ? block : textBlock(u"I said:\n"_s + text));
        }
    }
    blocks.append(textBlock(u"What I say now:"_s));
    for (const QJsonValueConstRef block : newestBlocks(messages))
        blocks.append(block.toObject());
    return blocks;
}

QString plainText(const QJsonArray &blocks)
{
    QStringList texts;
    for (const QJsonValueConstRef block : blocks) {
        if (const QString text = block["text"_L1].toString(); !text.isEmpty())
            texts.append(text);
    }
    return texts.join(u"\n\n"_s);
}

QString withSystem(const QString &system, const QString &text)
{
    return system.trimmed().isEmpty() ? text : wellFormed(system) + u"\n\n"_s + text;
}

ProcessRequest simpleProcess(const ChatRequest &chat, const Endpoint &endpoint)
{
    QStringList arguments = endpoint.arguments;
    arguments << u"--input-format"_s << u"stream-json"_s << u"--output-format"_s << u"stream-json"_s;
    if (!chat.model.isEmpty())
        arguments << u"--model"_s << chat.model;
    return {.program = endpoint.program,
            .arguments = arguments,
            .configured = endpoint.arguments.size(),
            .lines = {compactJson(
                {{u"type"_s, u"user_message"_s},
                 {u"content"_s, withSystem(chat.system, plainText(foldedBlocks(chat.messages)))}})}};
}

QString trimmedPath(const QUrl &url)
{
    QString path = url.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    return path;
}

// The server keeps the conversation by the name that the client gives it.
struct ServedTurn
{
    QString session;
    QString text;
};

ServedTurn servedTurn(const ChatRequest &chat)
{
    const bool isFirst = newestBegin(chat.messages) == 0;
    const QString text = plainText(newestBlocks(chat.messages));
    QString session = chat.session.isEmpty() ? chat.conversation : chat.session;
    if (session.isEmpty())
        session = chat.exchange.isEmpty() ? u"default"_s : chat.exchange;
    return {.session = session, .text = isFirst ? withSystem(chat.system, text) : text};
}

HttpHeaders authorization(const Endpoint &endpoint)
{
    if (endpoint.apiKey.isEmpty())
        return {};
    return {{"Authorization", "Bearer " + endpoint.apiKey}};
}

HttpRequest servedOverHttp(const ServedTurn &turn, const Endpoint &endpoint)
{
    HttpRequest request;
    request.url = endpoint.baseUrl;
    QString path = trimmedPath(request.url);
    if (path.endsWith("/ws"_L1))
        path = path.chopped(3) + "/stream"_L1;
    else if (!path.endsWith("/stream"_L1))
        path += "/chat/stream"_L1;
    request.url.setPath(path);
    if (request.url.scheme().startsWith("ws"_L1))
        request.url.setScheme(request.url.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    // As percent signs only: a plus would be read as a space.
    QUrlQuery query;
    for (const auto &[name, value] : {std::pair(u"message"_s, turn.text), {u"session_id"_s, turn.session}})
        query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    request.url.setQuery(query);
    request.headers =
        HttpHeaders{{"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}} + authorization(endpoint);
    if (endpoint.options.value(methodOption).compare("GET"_L1, Qt::CaseInsensitive) == 0) {
        request.method = "GET";
        return request;
    }
    request.headers.prepend({"Content-Type", "application/json"});
    request.body = compactJson({{u"message"_s, turn.text}, {u"session_id"_s, turn.session}});
    return request;
}

WebSocketRequest servedOverWebSocket(const ServedTurn &turn, const Endpoint &endpoint)
{
    WebSocketRequest request;
    request.url = endpoint.baseUrl;
    QString path = trimmedPath(request.url);
    if (!path.endsWith("/ws"_L1))
        path += "/chat/ws"_L1;
    request.url.setPath(path);
    request.headers = authorization(endpoint);
    request.messages = {turn.session.toUtf8(), turn.text.toUtf8()};
    request.fallback = servedOverHttp(turn, endpoint);
    return request;
}

bool isTextual(const json::Value &type)
{
    return type == "text"_L1 || type == "thinking"_L1;
}

QString blockText(const json::Value &block)
{
    const auto [text, thinking] = block.members("text"_L1, "thinking"_L1);
    return text.isString() ? text.string() : thinking.string();
}

} // namespace

std::unique_ptr<Dialect> StreamJson::clone() const
{
    return std::make_unique<StreamJson>(*this);
}

QList<DialectOption> StreamJson::options() const
{
    using Scope = DialectOption::Scope;
    return {{.name = formOption, .scope = Scope::Provider, .fallback = agentForm},
            {.name = methodOption, .scope = Scope::Provider, .fallback = "POST"_L1},
            {.name = folderOption, .scope = Scope::Provider}};
}

// Out

ExchangeRequest StreamJson::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    if (endpoint.program.isEmpty()) {
        const ServedTurn turn = servedTurn(chat);
        if (endpoint.baseUrl.scheme().startsWith("ws"_L1))
            return servedOverWebSocket(turn, endpoint);
        return servedOverHttp(turn, endpoint);
    }
    ProcessRequest request = endpoint.options.value(formOption) == simpleForm ? simpleProcess(chat, endpoint)
                                                                              : agentProcess(chat, endpoint);
    if (const QString folder = endpoint.options.value(folderOption); QDir::isAbsolutePath(folder))
        request.workingFolder = folder;
    // Not as an argument, which every program of the computer could read.
    if (!endpoint.apiKey.isEmpty()) {
        const bool isToken = endpoint.apiKey.startsWith("sk-ant-oat");
        request.environment.insert(isToken ? u"CLAUDE_CODE_OAUTH_TOKEN"_s : u"ANTHROPIC_API_KEY"_s,
                                   QString::fromLatin1(endpoint.apiKey));
    }
    request.environmentPatternsKept = keptEnvironment;
    return request;
}

ProcessRequest StreamJson::agentProcess(const ChatRequest &chat, const Endpoint &endpoint)
{
    m_takesControl = true;
    QStringList arguments = endpoint.arguments;
    arguments << u"-p"_s << u"--output-format"_s << u"stream-json"_s << u"--input-format"_s
              << u"stream-json"_s << u"--verbose"_s << u"--include-partial-messages"_s
              << u"--permission-prompt-tool"_s << u"stdio"_s;
    const QString session = safeSession(chat.session);
    if (!session.isEmpty())
        arguments << u"--resume"_s << session;
    if (!chat.model.isEmpty())
        arguments << u"--model"_s << chat.model;
    if (!chat.system.trimmed().isEmpty())
        arguments << u"--append-system-prompt"_s << chat.system;
    const QJsonArray blocks = session.isEmpty() ? foldedBlocks(chat.messages) : newestBlocks(chat.messages);
    return {.program = endpoint.program,
            .arguments = arguments,
            .configured = endpoint.arguments.size(),
            .environment = {{u"CLAUDE_CODE_ENTRYPOINT"_s, u"sdk-cpp"_s}},
            .lines = {controlLine(initializeId, u"initialize"_s), userLine(blocks, session)}};
}

QList<Command> StreamJson::takeReplies()
{
    return std::exchange(m_replies, {});
}

QByteArray StreamJson::interrupt()
{
    return controlLine(u"interrupt-"_s + QString::number(++m_interrupts), u"interrupt"_s);
}

std::optional<Command> StreamJson::cancel(const Endpoint &)
{
    if (!m_takesControl)
        return std::nullopt;
    m_cancelled = true;
    return ConnectionMessage{interrupt()};
}

std::optional<Command> StreamJson::redirect(const QString &instruction)
{
    if (!m_takesControl)
        return std::nullopt;
    const QByteArray line = interrupt();
    m_redirects.insert(u"interrupt-"_s + QString::number(m_interrupts),
                       userLine({textBlock(instruction)}, {}));
    ++m_resultsToPass;
    return ConnectionMessage{line};
}

std::optional<Command> StreamJson::decide(const ApprovalDecision &decision)
{
    const auto found = std::ranges::find(m_questions, decision.id, &Question::id);
    if (found == m_questions.end())
        return std::nullopt;
    const Question question = std::move(*found);
    m_questions.erase(found);
    if (decision.verdict == ApprovalDecision::Verdict::Deny) {
        const QString reason =
            decision.reason.isEmpty() ? u"The user does not want this to be done."_s : decision.reason;
        return ConnectionMessage{controlAnswer(
            question.id, R"({"behavior":"deny","message":)" + jsonText(reason) + R"(,"interrupt":false})")};
    }
    QByteArray answer = R"({"behavior":"allow","updatedInput":)" + question.input;
    if (decision.verdict == ApprovalDecision::Verdict::AllowAlways && !question.suggestions.isEmpty())
        answer += R"(,"updatedPermissions":)" + question.suggestions;
    return ConnectionMessage{controlAnswer(question.id, answer + '}')};
}

void StreamJson::reply(const QByteArray &line)
{
    // Whoever asks more than anyone answers is not answered.
    if (static_cast<size_t>(m_replies.size()) < limits::toolCalls)
        m_replies.append(ConnectionMessage{line});
}

// In

void StreamJson::frame(const Frame &frame, EventWriter &out)
{
    const QByteArrayView data = QByteArrayView(frame.data).trimmed();
    if (data.isEmpty() || !out.isOpen())
        return;
    if (data == "[DONE]") {
        endMarker(out);
        return;
    }
    out.setMuted(m_resultsToPass > 0 && !m_cancelled);
    const std::optional<json::Value> value = m_reader.read(data);
    if (value && value->isObject())
        line(*value, out);
    else
        out.unknown();
}

bool StreamJson::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value || !value->isObject())
        return false;
    const qint64 unknownBefore = out.unknownCount();
    line(*value, out);
    return out.unknownCount() == unknownBefore;
}

void StreamJson::line(const json::Value &line, EventWriter &out)
{
    const auto [type, session] = line.members("type"_L1, "session_id"_L1);
    if (AnthropicEvents::isEventName(type)) {
        bareEvent(line, out);
        return;
    }
    if (type == "error"_L1) {
        closeLanes(out);
        out.fail(anthropicError(line));
        return;
    }
    bool known = true;
    if (type == "stream_event"_L1)
        streamEvent(line, out);
    else if (type == "assistant"_L1)
        assistant(line, out);
    else if (type == "user"_L1)
        toolResults(line, out);
    else if (type == "system"_L1)
        system(line, out);
    else if (type == "result"_L1)
        result(line, out);
    else if (type == "control_request"_L1)
        controlRequest(line, out);
    else if (type == "control_response"_L1)
        controlResponse(line, out);
    else if (type == "control_cancel_request"_L1)
        withdraw(line["request_id"_L1].string(), out);
    else
        known = isPassedOver(type);
    if (!known)
        out.unknown();
    else if (session.isString())
        out.started({}, {}, session.string());
}

void StreamJson::bareEvent(const json::Value &event, EventWriter &out)
{
    m_bare = true;
    AnthropicEvents &events = m_lanes[QString()].events;
    switch (events.event(event, {}, out)) {
    case AnthropicEvents::Outcome::Unknown:
        out.unknown();
        break;
    case AnthropicEvents::Outcome::Read:
        out.usage(events.usage());
        break;
    case AnthropicEvents::Outcome::Stopped:
        endMarker(out);
        break;
    }
}

StreamJson::Lane &StreamJson::enterLane(const json::Value &line, EventWriter &out)
{
    const QString name = line["parent_tool_use_id"_L1].string();
    out.setLane(name);
    return m_lanes.try_emplace(name, Lane{.events = AnthropicEvents(name)}).first->second;
}

void StreamJson::streamEvent(const json::Value &line, EventWriter &out)
{
    Lane &lane = enterLane(line, out);
    const json::Value event = line["event"_L1];
    const bool isMain = !line["parent_tool_use_id"_L1].isTruthy();
    noteStreamed(event, isMain, lane);
    // An error here is one that the program deals with; what it cannot deal with is in the result.
    if (lane.events.event(event, {}, out) == AnthropicEvents::Outcome::Unknown
        && event["type"_L1] != "error"_L1)
        out.unknown();
    out.setLane({});
}

// Notes what is told, since each block comes once more as a whole.
void StreamJson::noteStreamed(const json::Value &event, bool isMain, Lane &lane)
{
    const auto [type, index, block, delta, message] =
        event.members("type"_L1, "index"_L1, "content_block"_L1, "delta"_L1, "message"_L1);
    const qint64 place = index.integer().value_or(0);
    if (type == "message_start"_L1) {
        lane.message = message["id"_L1].string();
        lane.streamed.clear();
    } else if (type == "content_block_start"_L1) {
        if (lane.streamed.size() < limits::toolCalls)
            lane.streamed.push_back({.index = place,
                                     .type = block["type"_L1].string(),
                                     .id = block["id"_L1].string(),
                                     .text = blockText(block)});
    } else if (type == "content_block_delta"_L1) {
        const QString text = blockText(delta);
        const auto known = std::ranges::find(lane.streamed, place, &StreamedBlock::index);
        if (known != lane.streamed.end())
            known->text += text;
        m_spoke = m_spoke || (isMain && delta["type"_L1] == "text_delta"_L1 && !text.isEmpty());
    }
}

void StreamJson::assistant(const json::Value &line, EventWriter &out)
{
    const auto [message, error, parent] = line.members("message"_L1, "error"_L1, "parent_tool_use_id"_L1);
    const auto [id, model, content] = message.members("id"_L1, "model"_L1, "content"_L1);
    // What stands in for an answer that failed is not one.
    if (error.isString()) {
        const auto named =
            std::ranges::find_if(namedKinds, [&](const auto &row) { return error == row.name; });
        m_failure = NetError{.kind = named == namedKinds.end() ? NetError::Kind::Server : named->kind,
                             .code = error.string(),
                             .message = content.first()["text"_L1].string()};
        return;
    }
    Lane &lane = enterLane(line, out);
    if (const QString name = id.string(); name != lane.message) {
        lane.message = name;
        lane.streamed.clear();
    }
    if (!parent.isTruthy() && model != "<synthetic>"_L1)
        out.started(id.string(), model.string());
    content.forEach([&](const json::Value &block) {
        const json::Value type = block["type"_L1];
        const bool isText = type == "text"_L1;
        m_spoke = m_spoke || (isText && !parent.isTruthy() && block["text"_L1].isTruthy());
        StreamedBlock *streamed = streamedBlock(block, lane);
        if (!streamed) {
            lane.events.wholeBlock(block, out);
            return;
        }
        streamed->matched = true;
        const QString whole = blockText(block);
        if (!isTextual(type) || !whole.startsWith(streamed->text))
            return;
        const QString rest = whole.sliced(streamed->text.size());
        if (isText)
            out.text(rest);
        else
            out.reasoning(rest);
    });
    out.setLane({});
}

// The streamed block that `block` is once more; null where it was not streamed. Blocks come in their order,
// but empty ones may be left out.
StreamJson::StreamedBlock *StreamJson::streamedBlock(const json::Value &block, Lane &lane)
{
    const QString type = block["type"_L1].string();
    const QString id = block["id"_L1].string();
    const QString text = blockText(block);
    StreamedBlock *first = nullptr;
    StreamedBlock *beginning = nullptr;
    for (StreamedBlock &candidate : lane.streamed) {
        if (candidate.matched || candidate.type != type || candidate.id != id)
            continue;
        if (candidate.text == text)
            return &candidate;
        if (!beginning && !candidate.text.isEmpty() && text.startsWith(candidate.text))
            beginning = &candidate;
        if (!first)
            first = &candidate;
    }
    return beginning ? beginning : first;
}

void StreamJson::toolResults(const json::Value &line, EventWriter &out)
{
    Lane &lane = enterLane(line, out);
    line["message"_L1]["content"_L1].forEach([&](const json::Value &block) {
        if (block["type"_L1] == "tool_result"_L1)
            lane.events.toolResult(block, out);
    });
    out.setLane({});
}

void StreamJson::system(const json::Value &line, EventWriter &out)
{
    const auto [subtype, model, session, status, description, summary, attempt, attempts, error] =
        line.members("subtype"_L1, "model"_L1, "session_id"_L1, "status"_L1, "description"_L1, "summary"_L1,
                     "attempt"_L1, "max_retries"_L1, "error"_L1);
    using State = event::Status::State;
    const auto tell = [&, &stage = subtype](const QString &message, State state) {
        out.status({.stage = stage.string(), .message = message, .state = state});
    };
    if (subtype == "init"_L1) {
        out.started({}, model.string(), session.string());
    } else if (subtype == "status"_L1) {
        tell(status.string(), status.isTruthy() ? State::Running : State::Done);
    } else if (subtype == "compact_boundary"_L1) {
        tell({}, State::Done);
    } else if (subtype == "api_retry"_L1) {
        tell(u"%1 (%2/%3)"_s.arg(error.string())
                 .arg(attempt.integer().value_or(0))
                 .arg(attempts.integer().value_or(0)),
             State::Running);
    } else if (subtype == "task_started"_L1 || subtype == "task_progress"_L1) {
        tell(description.string(), State::Running);
    } else if (subtype == "task_notification"_L1) {
        tell(summary.string(), status == "failed"_L1 ? State::Failed : State::Done);
    }
}

void StreamJson::result(const json::Value &line, EventWriter &out)
{
    const auto [subtype, isError, text, usage, stopReason, terminal] = line.members(
        "subtype"_L1, "is_error"_L1, "result"_L1, "usage"_L1, "stop_reason"_L1, "terminal_reason"_L1);
    closeLanes(out);
    if (m_resultsToPass > 0) {
        --m_resultsToPass;
        m_failure.reset();
        return;
    }
    if (const QString session = line["session_id"_L1].string(); !session.isEmpty())
        out.started({}, {}, session);
    AnthropicUsage counts;
    counts.add(usage);
    out.usage(counts.total());
    if (m_cancelled || terminal.string().startsWith("aborted"_L1)) {
        out.finished(FinishReason::Stopped);
        out.complete();
        return;
    }
    // Failures are called a success, too.
    const bool ranOut = subtype == "error_max_turns"_L1 || subtype == "error_max_budget_usd"_L1;
    if (isError.boolean().value_or(false) || (!ranOut && subtype.string().startsWith("error"_L1))) {
        out.fail(resultError(line));
        return;
    }
    // Commands of the program itself are answered here only.
    if (!m_spoke)
        out.text(text.string());
    FinishReason reason = anthropicFinishReason(stopReason).value_or(FinishReason::Stop);
    if (reason == FinishReason::ToolCalls)
        reason = FinishReason::Stop;
    out.finished(ranOut ? FinishReason::Length : reason);
    out.complete();
}

NetError StreamJson::resultError(const json::Value &line) const
{
    const auto [subtype, text, errors, status] =
        line.members("subtype"_L1, "result"_L1, "errors"_L1, "api_error_status"_L1);
    const auto code = static_cast<int>(std::clamp<qint64>(status.integer().value_or(0), 0, 999));
    NetError error = errorFromJson(line, code);
    if (m_failure && code == 0)
        error.kind = m_failure->kind;
    error.code = m_failure ? m_failure->code : subtype.string();
    QStringList messages;
    errors.forEach([&](const json::Value &message) { messages.append(message.string()); });
    error.message = text.string();
    if (error.message.isEmpty())
        error.message = messages.join(u'\n');
    if (error.message.isEmpty() && m_failure)
        error.message = m_failure->message;
    if (error.message.isEmpty())
        error.message = u"the program reported an error: "_s + subtype.string();
    error.message = wellFormed(
        error.message.first(std::min(error.message.size(), static_cast<qsizetype>(limits::errorMessage))));
    return error;
}

void StreamJson::controlRequest(const json::Value &line, EventWriter &out)
{
    const auto [idValue, request] = line.members("request_id"_L1, "request"_L1);
    const QString id = idValue.string();
    const auto [subtype, tool, input, suggestions] =
        request.members("subtype"_L1, "tool_name"_L1, "input"_L1, "permission_suggestions"_L1);
    if (subtype == "can_use_tool"_L1 && m_questions.size() < limits::toolCalls) {
        const QByteArray arguments = input.isObject() ? input.compact() : "{}"_ba;
        m_questions.push_back({.id = id,
                               .input = arguments,
                               .suggestions = suggestions.isArray() ? suggestions.compact() : QByteArray()});
        out.approval(id, tool.string(), QString::fromUtf8(arguments));
    } else if (subtype == "hook_callback"_L1) {
        reply(controlAnswer(id, "{}"));
    } else if (subtype == "elicitation"_L1) {
        reply(controlAnswer(id, R"({"action":"cancel"})"));
    } else {
        reply(controlRefusal(id, u"not supported: "_s + subtype.string()));
    }
}

void StreamJson::controlResponse(const json::Value &line, EventWriter &out)
{
    const auto [id, subtype, error] = line["response"_L1].members("request_id"_L1, "subtype"_L1, "error"_L1);
    // Also after a refusal: the program then takes the instruction when it is done.
    if (const QByteArray instruction = m_redirects.take(id.string()); !instruction.isEmpty())
        reply(instruction);
    else if (id == initializeId && subtype == "error"_L1)
        out.fail({.kind = NetError::Kind::Server,
                  .code = u"initialize"_s,
                  .message = wellFormed(error.string().first(
                      std::min(error.string().size(), static_cast<qsizetype>(limits::errorMessage))))});
}

// The program does not wait for an answer any more.
void StreamJson::withdraw(const QString &id, EventWriter &out)
{
    if (std::erase_if(m_questions, [&](const Question &question) { return question.id == id; }) > 0)
        out.status(
            {.stage = u"control_cancel_request"_s, .message = id, .state = event::Status::State::Done});
}

void StreamJson::closeLanes(EventWriter &out)
{
    for (auto &[name, lane] : m_lanes) {
        out.setLane(name);
        lane.events.close(out);
    }
    out.setLane({});
}

void StreamJson::endMarker(EventWriter &out)
{
    finish(true, out);
    out.complete();
}

void StreamJson::finish(bool, EventWriter &out)
{
    closeLanes(out);
    if (m_failure && out.isOpen())
        out.fail(*m_failure);
    if (!m_bare)
        return;
    if (const auto reason = m_lanes[QString()].events.finishReason())
        out.finished(*reason);
}

} // namespace rivulet
