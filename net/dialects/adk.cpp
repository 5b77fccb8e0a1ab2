// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/adk.h"

#include "net/dialects/attachment.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/history.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qurlquery.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The calls by which an agent asks the user.
constexpr auto askConfirmation = "adk_request_confirmation"_L1;
constexpr auto askInput = "adk_request_input"_L1;
constexpr auto askCredential = "adk_request_credential"_L1;

struct NamedReason
{
    QLatin1StringView name;
    FinishReason reason = FinishReason::Other;
};

// Gemini's finish reasons, which some servers repeat as error codes. They end an answer and fail nothing.
constexpr std::array namedReasons{
    NamedReason{"STOP"_L1, FinishReason::Stop},
    NamedReason{"MAX_TOKENS"_L1, FinishReason::Length},
    NamedReason{"SAFETY"_L1, FinishReason::ContentFilter},
    NamedReason{"RECITATION"_L1, FinishReason::ContentFilter},
    NamedReason{"BLOCKLIST"_L1, FinishReason::ContentFilter},
    NamedReason{"PROHIBITED_CONTENT"_L1, FinishReason::ContentFilter},
    NamedReason{"SPII"_L1, FinishReason::ContentFilter},
    NamedReason{"IMAGE_SAFETY"_L1, FinishReason::ContentFilter},
};

std::optional<FinishReason> reasonFromName(const QString &name)
{
    const auto row =
        std::ranges::find_if(namedReasons, [&](const auto &known) { return name == known.name; });
    return row == namedReasons.end() ? std::nullopt : std::optional(row->reason);
}

QString scheme(const QUrl &url, bool live)
{
    const bool safe = url.scheme() == "https"_L1 || url.scheme() == "wss"_L1;
    if (live)
        return safe ? u"wss"_s : u"ws"_s;
    return safe ? u"https"_s : u"http"_s;
}

// A resource below the base, each of its segments a name. The resource that runs agents may be the base.
QUrl resourceUrl(const QUrl &base, std::initializer_list<QString> segments, bool live = false)
{
    QString path = base.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    for (const QLatin1StringView own : {"/run_sse"_L1, "/run_live"_L1, "/run"_L1}) {
        if (path.endsWith(own)) {
            path.chop(own.size());
            break;
        }
    }
    for (const QString &segment : segments)
        path += u'/' + QString::fromLatin1(QUrl::toPercentEncoding(segment));
    QUrl url = base;
    url.setScheme(scheme(base, live));
    url.setPath(path, QUrl::StrictMode);
    return url;
}

HttpRequest requestTo(const QUrl &url, const Endpoint &endpoint, const QByteArray &accept)
{
    HttpRequest request;
    request.url = url;
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", accept}, {"Cache-Control", "no-cache"}};
    if (!endpoint.apiKey.isEmpty())
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    return request;
}

QJsonObject textPart(const QString &text)
{
    return {{u"text"_s, wellFormed(text)}};
}

QJsonObject responsePart(const QString &id, const QString &name, const QJsonObject &response)
{
    return {
        {u"functionResponse"_s,
         QJsonObject{{u"id"_s, wellFormed(id)}, {u"name"_s, wellFormed(name)}, {u"response"_s, response}}}};
}

// What a tool gave as the object that the protocol wants.
QJsonObject responseObject(const content::ToolResult &result)
{
    const QJsonDocument document = QJsonDocument::fromJson(result.content.toUtf8());
    if (document.isObject() && !result.isError)
        return document.object();
    return {{result.isError ? u"error"_s : u"result"_s, wellFormed(result.content)}};
}

QJsonObject answerTo(const content::Approval &approval)
{
    if (approval.context == askConfirmation)
        return {{u"confirmed"_s, *approval.allowed}};
    if (*approval.allowed || !approval.reason.isEmpty())
        return {{u"result"_s, wellFormed(approval.reason)}};
    return {{u"error"_s, u"refused"_s}};
}

QJsonArray partsOf(const ChatMessage &message)
{
    QJsonArray parts;
    for (const ContentPart &part : message.parts) {
        if (const auto *said = std::get_if<content::Text>(&part)) {
            parts.append(textPart(said->text));
        } else if (const auto *file = std::get_if<content::Attachment>(&part)) {
            if (isTextFile(*file))
                parts.append(textPart(asText(*file)));
            else
                parts.append(QJsonObject{{u"inlineData"_s,
                                          QJsonObject{{u"mimeType"_s, QString::fromLatin1(file->mediaType)},
                                                      {u"displayName"_s, wellFormed(file->name)},
                                                      {u"data"_s, base64(*file)}}}});
        } else if (const auto *call = std::get_if<content::ToolCall>(&part)) {
            parts.append(QJsonObject{
                {u"functionCall"_s,
                 QJsonObject{{u"id"_s, wellFormed(call->id)},
                             {u"name"_s, wellFormed(call->name)},
                             {u"args"_s, QJsonDocument::fromJson(call->arguments.toUtf8()).object()}}}});
        } else if (const auto *result = std::get_if<content::ToolResult>(&part)) {
            parts.append(responsePart(result->id, result->name, responseObject(*result)));
        }
    }
    return parts;
}

// How many of the messages come before what is said now: everything up to the newest answer.
qsizetype oldCount(const QList<ChatMessage> &messages)
{
    const auto answer = std::find_if(messages.rbegin(), messages.rend(), [](const ChatMessage &message) {
        return message.role == ChatRole::Assistant;
    });
    return messages.rend() - answer;
}

// What is said now: the user's words and files, results of tools that run here, answers to what was asked.
QJsonObject newMessage(const ChatRequest &chat, const QList<ChatMessage> &history)
{
    QJsonArray parts;
    const auto said = [&] { return QJsonObject{{u"role"_s, u"user"_s}, {u"parts"_s, parts}}; };
    // An answer comes last where it asked, and what was decided is all there is to say.
    if (!chat.messages.isEmpty() && chat.messages.last().role == ChatRole::Assistant) {
        for (const ContentPart &part : chat.messages.last().parts) {
            const auto *approval = std::get_if<content::Approval>(&part);
            if (approval && approval->allowed)
                parts.append(responsePart(approval->id, approval->context, answerTo(*approval)));
        }
        return said();
    }
    for (const ChatMessage &message : history.sliced(oldCount(history))) {
        const QJsonArray pieces = partsOf(message);
        for (const auto &part : pieces)
            parts.append(QJsonValue(part));
    }
    return said();
}

// The history as the events of a session that the server does not have.
QJsonArray eventsOf(const QList<ChatMessage> &history, const QString &app)
{
    QJsonArray events;
    for (const ChatMessage &message : history.first(oldCount(history))) {
        const bool isAnswer = message.role == ChatRole::Assistant;
        events.append(QJsonObject{
            {u"author"_s, isAnswer ? app : u"user"_s},
            {u"content"_s,
             QJsonObject{{u"role"_s, isAnswer ? u"model"_s : u"user"_s}, {u"parts"_s, partsOf(message)}}}});
    }
    return events;
}

std::optional<qint64> sum(std::optional<qint64> a, std::optional<qint64> b)
{
    return a || b ? std::optional(a.value_or(0) + b.value_or(0)) : std::nullopt;
}

Usage sum(const Usage &a, const Usage &b)
{
    return {.inputTokens = sum(a.inputTokens, b.inputTokens),
            .outputTokens = sum(a.outputTokens, b.outputTokens),
            .reasoningTokens = sum(a.reasoningTokens, b.reasoningTokens),
            .cachedTokens = sum(a.cachedTokens, b.cachedTokens)};
}

} // namespace

std::unique_ptr<Dialect> Adk::clone() const
{
    return std::make_unique<Adk>(*this);
}

QList<DialectOption> Adk::options() const
{
    return {
        // Without it the request's model names the app.
        {.name = "appName"_L1},
        {.name = "userId"_L1, .fallback = "user"_L1},
    };
}

ExchangeRequest Adk::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    const QString app = endpoint.options.value(u"appName"_s);
    const QString user = endpoint.options.value(u"userId"_s);
    m_app = app.isEmpty() ? chat.model : app;
    m_user = user.isEmpty() ? u"user"_s : user;
    m_session = chat.session;
    for (const QString &ours : {chat.exchange, chat.conversation, u"rivulet"_s}) {
        if (m_session.isEmpty())
            m_session = ours;
    }
    const QList<ChatMessage> history = inRounds(answerableHistory(chat.messages));
    const QJsonObject said = newMessage(chat, history);
    m_run = compactJson({{u"appName"_s, m_app},
                         {u"userId"_s, m_user},
                         {u"sessionId"_s, m_session},
                         {u"newMessage"_s, said},
                         {u"streaming"_s, true}});

    // A session that is there stays as it is; one that the server has lost gets its history back.
    m_step = Step::MakeSession;
    const QJsonArray events = eventsOf(history, m_app);
    HttpRequest session;
    if (events.isEmpty()) {
        session = requestTo(
            resourceUrl(endpoint.baseUrl, {u"apps"_s, m_app, u"users"_s, m_user, u"sessions"_s, m_session}),
            endpoint, "application/json");
        session.body = "{}";
    } else {
        session =
            requestTo(resourceUrl(endpoint.baseUrl, {u"apps"_s, m_app, u"users"_s, m_user, u"sessions"_s}),
                      endpoint, "application/json");
        session.body = compactJson({{u"sessionId"_s, m_session}, {u"events"_s, events}});
    }

    const QString protocol = endpoint.baseUrl.scheme();
    m_live = protocol == "ws"_L1 || protocol == "wss"_L1;
    if (!m_live)
        return session;
    WebSocketRequest live;
    live.url = resourceUrl(endpoint.baseUrl, {u"run_live"_s}, true);
    QUrlQuery query;
    for (const auto &[name, value] : {std::pair(u"app_name"_s, m_app), std::pair(u"user_id"_s, m_user),
                                      std::pair(u"session_id"_s, m_session)})
        query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    query.addQueryItem(u"modalities"_s, u"TEXT"_s);
    live.url.setQuery(query);
    if (!endpoint.apiKey.isEmpty())
        live.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    live.messages.append(compactJson(QJsonObject{{u"content"_s, said}}));
    live.fallback = session;
    return live;
}

HttpRequest Adk::next(const Endpoint &endpoint)
{
    m_step = Step::Run;
    HttpRequest request =
        requestTo(resourceUrl(endpoint.baseUrl, {u"run_sse"_s}), endpoint, "text/event-stream");
    // The server may have given the session a name of its own.
    QJsonObject body = QJsonDocument::fromJson(m_run).object();
    body.insert("sessionId"_L1, m_session);
    request.body = compactJson(body);
    return request;
}

std::optional<Command> Adk::cancel(const Endpoint &)
{
    if (!m_live)
        return std::nullopt;
    return ConnectionMessage{R"({"close":true})"};
}

std::optional<Command> Adk::redirect(const QString &instruction)
{
    if (!m_live)
        return std::nullopt;
    ++m_redirects;
    return ConnectionMessage{compactJson(
        QJsonObject{{u"content"_s,
                     QJsonObject{{u"role"_s, u"user"_s}, {u"parts"_s, QJsonArray{textPart(instruction)}}}}})};
}

std::optional<HttpRequest> Adk::modelsRequest(const Endpoint &endpoint) const
{
    HttpRequest request =
        requestTo(resourceUrl(endpoint.baseUrl, {u"list-apps"_s}), endpoint, "application/json");
    request.method = "GET";
    request.headers.removeFirst();
    return request;
}

std::optional<QList<ListedModel>> Adk::models(QByteArrayView body) const
{
    json::Reader reader;
    const std::optional<json::Value> list = reader.read(body);
    if (!list || !list->isArray())
        return std::nullopt;
    QList<ListedModel> models;
    bool isList = true;
    list->forEach([&](const json::Value &app) {
        isList = isList && app.isString();
        models.append({.id = app.string(), .ownedBy = {}});
    });
    return isList ? std::optional(models) : std::nullopt;
}

Framing Adk::framing() const
{
    return m_live ? Framing::Lines : Framing::Sse;
}

void Adk::head(const ResponseHead &)
{
    // A response with a head is no WebSocket: the fallback is under way.
    m_live = false;
    if (m_step == Step::MakeSession)
        m_step = Step::SessionIsThere;
}

bool Adk::goesOnAfter(const ResponseHead &head, QByteArrayView body)
{
    const bool isThere =
        head.status == 409 || (head.status == 400 && body.toByteArray().toLower().contains("already exists"));
    if (m_step != Step::MakeSession || !isThere)
        return false;
    m_live = false;
    m_step = Step::SessionIsThere;
    return true;
}

void Adk::frame(const Frame &frame, EventWriter &out)
{
    const QByteArrayView data = QByteArrayView(frame.data).trimmed();
    if (data.isEmpty())
        return;
    m_step = Step::Run;
    out.setMuted(m_redirects > 0);
    const std::optional<json::Value> value = m_reader.read(data);
    if (value && value->isObject())
        event(*value, out);
    else
        out.unknown();
}

bool Adk::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (m_step == Step::SessionIsThere) {
        if (const QString id = value ? (*value)["id"_L1].string() : QString(); !id.isEmpty())
            m_session = id;
        return true;
    }
    // All events at once.
    if (!value || !value->isArray())
        return false;
    value->forEach([&](const json::Value &item) { event(item, out); });
    finish(true, out);
    return true;
}

void Adk::event(const json::Value &event, EventWriter &out)
{
    const auto [author, said, partial, longRunning, counts, error, model] =
        event.members("author"_L1, "content"_L1, "partial"_L1, "longRunningToolIds"_L1, "usageMetadata"_L1,
                      "error"_L1, "modelVersion"_L1);
    const auto [invocation, reason, code, done, turnComplete, interrupted] =
        event.members("invocationId"_L1, "finishReason"_L1, "errorCode"_L1, "actions"_L1, "turnComplete"_L1,
                      "interrupted"_L1);
    if (!author.isTruthy() && error.isTruthy()) {
        out.setLane({});
        out.fail(errorFromJson(event, 0));
        return;
    }
    if (!author.isString() && !said.isObject() && !turnComplete.isTruthy() && !invocation.isString()) {
        out.unknown();
        return;
    }
    const QString name = author.string();
    if (m_root.isEmpty() && name != "user"_L1)
        m_root = name;
    const QString lane = name == m_root || name == "user"_L1 ? QString() : name;
    out.setLane({});
    out.started(invocation.string(), model.string(), m_session);
    out.setLane(lane);
    longRunning.forEach([&](const json::Value &id) {
        if (m_longRunning.size() < static_cast<qsizetype>(limits::toolCalls))
            m_longRunning.insert(id.string());
    });

    if (!out.isOpen() && !m_speakers.contains(lane))
        return;
    Speaker &speaker = m_speakers[lane];
    const bool isPartial = partial.isTruthy();
    usage(counts, isPartial, speaker, out);
    if (name != "user"_L1 || said["parts"_L1].first()["functionResponse"_L1].isObject())
        content(said["parts"_L1], isPartial, speaker, out);
    actions(done, out);
    if (said["parts"_L1].isTruthy() && !isPartial)
        m_isFinal = m_isFinal || done["skipSummarization"_L1].isTruthy();
    if (reason.isTruthy() && lane.isEmpty())
        m_reason = reason.string();
    if (code.isTruthy())
        errorOf(event, out);
    if (interrupted.isTruthy()) {
        speaker.streamed.clear();
        speaker.thought.clear();
        out.status({.stage = u"interrupted"_s, .message = {}, .state = event::Status::State::Done});
    }
    if (turnComplete.isTruthy()) {
        m_isFinal = true;
        // The turn that was broken off ends first, the one that was asked for instead comes after it.
        if (m_redirects > 0)
            --m_redirects;
        else if (m_live)
            end(out);
    }
}

void Adk::content(const json::Value &parts, bool isPartial, Speaker &speaker, EventWriter &out)
{
    QString text;
    QString thought;
    bool isFinal = parts.isTruthy() && !isPartial;
    parts.forEach([&](const json::Value &part) {
        const auto [said, isThought, functionCall, functionResponse, data, link] =
            part.members("text"_L1, "thought"_L1, "functionCall"_L1, "functionResponse"_L1, "inlineData"_L1,
                         "fileData"_L1);
        const auto [code, outcome] = part.members("executableCode"_L1, "codeExecutionResult"_L1);
        if (said.isString())
            (isThought.isTruthy() ? thought : text) += said.string();
        // Calls and files of a partial event come once more in the whole one.
        if (isPartial)
            return;
        if (functionCall.isObject()) {
            call(functionCall, out);
            isFinal = isFinal && m_longRunning.contains(functionCall["id"_L1].string());
        } else if (functionResponse.isObject()) {
            response(functionResponse, out);
            isFinal = false;
        } else if (data.isObject() || link.isObject()) {
            const json::Value file = data.isObject() ? data : link;
            const bool isImage = file["mimeType"_L1].string().startsWith("image/"_L1);
            out.artifact({.id = u"file-%1"_s.arg(++m_files),
                          .kind = isImage ? event::Artifact::Kind::Image : event::Artifact::Kind::File,
                          .title = file["displayName"_L1].string(),
                          .append = false,
                          .data = file.compact()});
        } else if (code.isObject()) {
            out.artifact({.id = u"code-%1"_s.arg(++m_files),
                          .kind = event::Artifact::Kind::Code,
                          .title = code["language"_L1].string().toLower(),
                          .append = false,
                          .data = jsonText(code["code"_L1].string())});
        } else if (outcome.isObject()) {
            const json::Value how = outcome["outcome"_L1];
            out.toolResult({.id = u"code-%1"_s.arg(m_files),
                            .name = u"code_execution"_s,
                            .content = outcome["output"_L1].string(),
                            .isError = how.isTruthy() && how != "OUTCOME_OK"_L1,
                            .preliminary = false});
        }
    });

    if (isPartial && out.isOpen()) {
        speaker.text += text;
        speaker.streamed += text;
        speaker.thought += thought;
        out.reasoning(thought);
        out.text(text);
        m_isFinal = false;
    } else if (parts.isTruthy()) {
        // A whole event repeats what came in pieces. What was thought cannot be taken back.
        if (!thought.isEmpty()) {
            if (thought.startsWith(speaker.thought))
                out.reasoning(thought.sliced(speaker.thought.size()));
            speaker.thought.clear();
        }
        if (!text.isEmpty())
            whole(text, speaker, out);
        m_isFinal = isFinal;
    }
}

void Adk::whole(const QString &text, Speaker &speaker, EventWriter &out)
{
    if (!out.isOpen())
        return;
    const QString streamed = std::exchange(speaker.streamed, {});
    if (text.startsWith(streamed)) {
        speaker.text += text.sliced(streamed.size());
        out.text(text.sliced(streamed.size()));
        return;
    }
    speaker.text.chop(streamed.size());
    speaker.text += text;
    out.replaceText(speaker.text);
}

void Adk::call(const json::Value &call, EventWriter &out)
{
    const auto [givenId, givenName, args] = call.members("id"_L1, "name"_L1, "args"_L1);
    const QString name = givenName.string();
    if (name == askConfirmation || name == askInput || name == askCredential) {
        ask(call, out);
        return;
    }
    QString id = givenId.string();
    if (id.isEmpty() && m_unnamedCalls.size() <= static_cast<qsizetype>(limits::toolCalls)) {
        id = u"call-%1"_s.arg(m_unnamedCalls.size());
        m_unnamedCalls.append(name);
    }
    const int index = out.toolCall(id, id, name);
    if (args.isTruthy())
        out.wholeToolArguments(index, QString::fromUtf8(args.compact()));
}

// The agent asks the user, by a call that waits for its response in a later run.
void Adk::ask(const json::Value &call, EventWriter &out)
{
    const auto [id, name, args] = call.members("id"_L1, "name"_L1, "args"_L1);
    const json::Value original = args["originalFunctionCall"_L1];
    const json::Value shown = original.isObject() ? original["args"_L1] : args;
    m_asks = true;
    out.approval({.id = id.string(),
                  .name = original.isObject() ? original["name"_L1].string() : name.string(),
                  .arguments = QString::fromUtf8(shown.compact()),
                  .call = original["id"_L1].string(),
                  .context = name.string()});
}

void Adk::response(const json::Value &response, EventWriter &out)
{
    const auto [givenId, givenName, said] = response.members("id"_L1, "name"_L1, "response"_L1);
    const QString name = givenName.string();
    if (name == askConfirmation || name == askInput || name == askCredential)
        return;
    QString id = givenId.string();
    if (id.isEmpty() && m_answeredUnnamedCalls < m_unnamedCalls.size())
        id = u"call-%1"_s.arg(m_answeredUnnamedCalls++);
    const json::Value result = said["result"_L1];
    const json::Value error = said["error"_L1];
    const QString words = result.isString() ? result.string() : error.isString() ? error.string() : QString();
    out.toolResult({.id = id,
                    .name = name,
                    .content = words.isEmpty() ? QString::fromUtf8(said.compact()) : words,
                    .isError = error.isTruthy() || said["status"_L1] == "error"_L1,
                    .preliminary = false});
}

void Adk::actions(const json::Value &actions, EventWriter &out)
{
    const auto [transfer, artifacts] = actions.members("transferToAgent"_L1, "artifactDelta"_L1);
    if (transfer.isTruthy())
        out.status({.stage = transfer.string(), .message = {}, .state = event::Status::State::Running});
    artifacts.forEachMember([&](const QString &file, const json::Value &version) {
        const QJsonObject data{{u"name"_s, wellFormed(file)}, {u"version"_s, version.integer().value_or(0)}};
        out.artifact({.id = file,
                      .kind = event::Artifact::Kind::File,
                      .title = file,
                      .append = false,
                      .data = compactJson(data)});
    });
}

void Adk::usage(const json::Value &counts, bool isPartial, Speaker &speaker, EventWriter &out)
{
    const auto [prompt, tools, candidates, thoughts, cached] =
        counts.members("promptTokenCount"_L1, "toolUsePromptTokenCount"_L1, "candidatesTokenCount"_L1,
                       "thoughtsTokenCount"_L1, "cachedContentTokenCount"_L1);
    if (!counts.isObject())
        return;
    // Within a model call the counts replace each other; the calls of a run add up.
    speaker.usage = {.inputTokens = sum(prompt.integer(), tools.integer()),
                     .outputTokens = sum(candidates.integer(), thoughts.integer()),
                     .reasoningTokens = thoughts.integer(),
                     .cachedTokens = cached.integer()};
    if (!isPartial)
        m_usage = sum(m_usage, std::exchange(speaker.usage, {}));
    Usage total = m_usage;
    for (const Speaker &other : std::as_const(m_speakers))
        total = sum(total, other.usage);
    out.usage(total);
}

void Adk::errorOf(const json::Value &event, EventWriter &out)
{
    const auto [code, message] = event.members("errorCode"_L1, "errorMessage"_L1);
    const QString name = code.text();
    if (reasonFromName(name)) {
        m_reason = name;
        m_isFinal = true;
        if (message.isTruthy())
            out.status({.stage = name,
                        .message = excerpt(message.string().toUtf8()),
                        .state = event::Status::State::Failed});
        return;
    }
    out.failLane({.kind = NetError::Kind::Server,
                  .code = excerpt(name.toUtf8()),
                  .message = message.isTruthy() ? excerpt(message.string().toUtf8()) : name});
}

void Adk::end(EventWriter &out)
{
    out.setLane({});
    if (m_asks)
        out.finished(FinishReason::Pause);
    else if (const auto reason = reasonFromName(m_reason); reason && *reason != FinishReason::Stop)
        out.finished(*reason);
    out.complete();
}

void Adk::finish(bool clean, EventWriter &out)
{
    if (clean && m_isFinal && !m_live)
        end(out);
}

} // namespace rivulet
