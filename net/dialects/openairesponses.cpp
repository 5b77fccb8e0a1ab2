// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/openairesponses.h"

#include "net/dialects/errorbody.h"
#include "net/dialects/openaiendpoint.h"
#include "net/dialects/responseinput.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto backgroundOption = "background"_L1;
constexpr auto verbosityOption = "verbosity"_L1;
constexpr auto formatOption = "format"_L1;

// What was chosen for this query, else for the provider.
QString optionFor(const ChatRequest &chat, const Endpoint &endpoint, QLatin1StringView name)
{
    return chat.options.value(name, endpoint.options.value(name));
}

// OpenAI's models that do not reason refuse a request for encrypted reasoning.
bool mayReason(const QString &model)
{
    const QString name = model.section(u'/', -1);
    constexpr std::array notReasoning{"gpt-3"_L1, "gpt-4"_L1, "chatgpt-"_L1, "gpt-5-chat"_L1};
    return !name.endsWith("-chat-latest"_L1)
        && std::ranges::none_of(notReasoning, [&](auto start) { return name.startsWith(start); });
}

QJsonObject textOptions(const ChatRequest &chat, const Endpoint &endpoint)
{
    QJsonObject text;
    const QString verbosity = optionFor(chat, endpoint, verbosityOption);
    if (!verbosity.isEmpty())
        text.insert("verbosity"_L1, verbosity);
    const QString format = optionFor(chat, endpoint, formatOption);
    const QJsonObject schema = QJsonDocument::fromJson(format.toUtf8()).object();
    if (!schema.isEmpty())
        text.insert("format"_L1, schema);
    else if (!format.isEmpty())
        text.insert("format"_L1, QJsonObject{{u"type"_s, format}});
    return text;
}

// All of a request but what only one of its two transports has.
QJsonObject bodyOf(const ChatRequest &chat, const Endpoint &endpoint)
{
    QJsonObject body{
        {u"store"_s, false},
        {u"input"_s,
         inputItems(chat.messages, {.assistantText = "output_text"_L1, .files = true, .reasoning = true})}};
    if (!chat.model.isEmpty())
        body.insert("model"_L1, chat.model);
    if (mayReason(chat.model))
        body.insert("include"_L1, QJsonArray{u"reasoning.encrypted_content"_s});
    if (!chat.system.isEmpty())
        body.insert("instructions"_L1, wellFormed(chat.system));
    if (!chat.tools.isEmpty()) {
        QJsonArray tools;
        for (const QJsonValueConstRef definition : functionTools(chat.tools)) {
            QJsonObject tool = definition.toObject();
            // The server's own default would refuse many schemas.
            tool.insert("strict"_L1, false);
            tools.append(tool);
        }
        body.insert("tools"_L1, tools);
    }
    if (chat.reasoningEffort) {
        QJsonObject reasoning{{u"effort"_s, toName(*chat.reasoningEffort)}};
        if (*chat.reasoningEffort != ReasoningEffort::None)
            reasoning.insert("summary"_L1, u"auto"_s);
        body.insert("reasoning"_L1, reasoning);
    }
    if (const QJsonObject text = textOptions(chat, endpoint); !text.isEmpty())
        body.insert("text"_L1, text);
    if (chat.temperature)
        body.insert("temperature"_L1, *chat.temperature);
    if (chat.topP)
        body.insert("top_p"_L1, *chat.topP);
    if (chat.maxOutputTokens)
        body.insert("max_output_tokens"_L1, *chat.maxOutputTokens);
    return body;
}

// A response's address. Its id comes from the server: what could lead elsewhere is none.
std::optional<QUrl> responseUrl(const Endpoint &endpoint, const QString &id, QLatin1StringView verb = {})
{
    const bool isPlain = std::ranges::all_of(id, [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_'
            || c == u'-';
    });
    if (id.isEmpty() || !isPlain)
        return std::nullopt;
    QUrl url = openai::resourceUrl(openai::httpUrl(endpoint.baseUrl), "/responses"_L1);
    url.setPath(url.path() + u'/' + id + verb);
    return url;
}

FinishReason reasonOfIncomplete(const json::Value &incomplete)
{
    const json::Value reason = incomplete["reason"_L1];
    if (reason == "max_output_tokens"_L1 || reason == "max_tokens"_L1)
        return FinishReason::Length;
    return reason == "content_filter"_L1 ? FinishReason::ContentFilter : FinishReason::Other;
}

// The error of an event; over a WebSocket the status and the headers of a response are members.
NetError errorOf(const json::Value &event)
{
    NetError error = errorFromJson(event, static_cast<int>(event["status"_L1].integer().value_or(0)));
    HttpHeaders headers;
    event["headers"_L1].forEachMember([&](const QString &name, const json::Value &value) {
        headers.append({name.toLower().toUtf8(), value.string().toUtf8()});
    });
    error.retryAfter = retryAfter(headers, QDateTime::currentDateTimeUtc());
    return error;
}

// A token's cursor: the number of the last event that was read, and, where any were, how many calls were told
// and how many of them have no result.
struct Cursor
{
    qint64 sequence = 0;
    ResponseItems::CallsSoFar calls{};
};

QString toText(const Cursor &cursor)
{
    const QString sequence = QString::number(cursor.sequence);
    return cursor.calls.count == 0
        ? sequence
        : u"%1/%2/%3"_s.arg(sequence).arg(cursor.calls.count).arg(cursor.calls.open);
}

std::optional<Cursor> cursorFrom(const QString &text)
{
    bool isNumber = false;
    Cursor cursor{.sequence = text.section(u'/', 0, 0).toLongLong(&isNumber)};
    if (!isNumber)
        return std::nullopt;
    constexpr int most = static_cast<int>(limits::toolCalls);
    cursor.calls = {.count = std::clamp(text.section(u'/', 1, 1).toInt(), 0, most),
                    .open = std::clamp(text.section(u'/', 2, 2).toInt(), 0, most)};
    return cursor;
}

} // namespace

std::unique_ptr<Dialect> OpenAiResponses::clone() const
{
    return std::make_unique<OpenAiResponses>(*this);
}

QList<DialectOption> OpenAiResponses::options() const
{
    using Scope = DialectOption::Scope;
    return {{.name = backgroundOption, .scope = Scope::Provider, .fallback = "false"_L1},
            {.name = backgroundOption, .scope = Scope::Query},
            {.name = verbosityOption, .scope = Scope::Provider},
            {.name = verbosityOption, .scope = Scope::Query},
            {.name = formatOption, .scope = Scope::Query}};
}

ExchangeRequest OpenAiResponses::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    QJsonObject body = bodyOf(chat, endpoint);
    const QUrl url = openai::resourceUrl(endpoint.baseUrl, "/responses"_L1);
    HttpRequest request;
    request.url = openai::httpUrl(url);
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    openai::authorize(request.headers, endpoint);

    std::optional<WebSocketRequest> socket;
    if (openai::isWebSocket(url)) {
        QJsonObject message = body;
        message.insert("type"_L1, u"response.create"_s);
        socket = WebSocketRequest{.url = url, .messages = {compactJson(message)}};
        openai::authorize(socket->headers, endpoint);
    }

    body.insert("stream"_L1, true);
    // A WebSocket has no background responses.
    m_isBackground = !socket && optionFor(chat, endpoint, backgroundOption) == "true"_L1;
    if (m_isBackground) {
        body.insert("background"_L1, true);
        body.insert("store"_L1, true);
    }
    request.body = compactJson(body);
    if (!socket)
        return request;
    socket->fallback = request;
    return *socket;
}

std::optional<Command> OpenAiResponses::cancel(const Endpoint &endpoint)
{
    const auto url = responseUrl(endpoint, m_response, "/cancel"_L1);
    if (!m_isBackground || m_hasEnded || !url)
        return std::nullopt;
    HttpRequest request;
    request.url = *url;
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    openai::authorize(request.headers, endpoint);
    return request;
}

std::optional<ResumeToken> OpenAiResponses::resumeToken() const
{
    if (!m_isBackground || m_hasEnded || m_response.isEmpty() || !m_sequence)
        return std::nullopt;
    return ResumeToken{.stream = m_response,
                       .cursor = toText({.sequence = *m_sequence, .calls = m_items.calls()})};
}

std::optional<ExchangeRequest> OpenAiResponses::resume(const ResumeToken &token, const Endpoint &endpoint)
{
    std::optional<QUrl> url = responseUrl(endpoint, token.stream);
    const std::optional<Cursor> cursor = cursorFrom(token.cursor);
    if (!url || !cursor)
        return std::nullopt;
    if (m_response != token.stream)
        m_callsBefore = cursor->calls;
    m_response = token.stream;
    m_isBackground = true;
    m_readUntil = std::max(cursor->sequence, m_sequence.value_or(cursor->sequence));
    m_sequence = m_readUntil;
    url->setQuery(u"stream=true&starting_after=%1"_s.arg(*m_readUntil));
    HttpRequest request;
    request.method = "GET";
    request.url = *url;
    request.headers = {{"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    openai::authorize(request.headers, endpoint);
    return request;
}

std::optional<HttpRequest> OpenAiResponses::modelsRequest(const Endpoint &endpoint) const
{
    return openai::modelsRequest(endpoint);
}

std::optional<QList<ListedModel>> OpenAiResponses::models(QByteArrayView body) const
{
    return openai::models(body);
}

void OpenAiResponses::frame(const Frame &frame, EventWriter &out)
{
    payload(QByteArrayView(frame.data), frame.type, out);
}

void OpenAiResponses::payload(QByteArrayView data, std::string_view line, EventWriter &out)
{
    data = data.trimmed();
    // OpenRouter closes with it; what counts is the event before.
    if (data.isEmpty() || data.startsWith("[DONE]"))
        return;
    const std::optional<json::Value> value = m_reader.read(data);
    if (value && value->isObject())
        event(*value, {.type = (*value)["type"_L1], .line = line}, out);
    else
        out.unknown();
}

// Tells the reader of the items where a stream is joined, once something of it comes.
void OpenAiResponses::joinIfAsked(EventWriter &out)
{
    if (m_callsBefore && !m_isJoined) {
        m_isJoined = true;
        m_items.joinAfter(*m_callsBefore, out);
    }
}

void OpenAiResponses::event(const json::Value &event, const EventName &name, EventWriter &out)
{
    joinIfAsked(out);
    if (const auto number = event["sequence_number"_L1].integer()) {
        if (m_readUntil && *number <= *m_readUntil)
            return;
        m_sequence = number;
    }
    if (m_items.read(name, event, out))
        return;
    const json::Value response = event["response"_L1];
    if (name == "response.created"_L1 || name == "response.in_progress"_L1 || name == "response.queued"_L1) {
        started(response, out);
        queued(response, out);
    } else if (name == "response.completed"_L1) {
        ended(response, "completed"_L1, out);
    } else if (name == "response.incomplete"_L1) {
        ended(response, "incomplete"_L1, out);
    } else if (name == "response.failed"_L1) {
        ended(response, "failed"_L1, out);
    } else if (name == "response.cancelled"_L1) {
        ended(response, "cancelled"_L1, out);
    } else if (name == "error"_L1) {
        m_hasEnded = true;
        out.fail(errorOf(event));
    } else if (name != "keepalive"_L1 && name != "ping"_L1) {
        out.unknown();
    }
}

void OpenAiResponses::started(const json::Value &response, EventWriter &out)
{
    const auto [id, model, conversation, background] =
        response.members("id"_L1, "model"_L1, "conversation"_L1, "background"_L1);
    if (m_response.isEmpty())
        m_response = id.string();
    m_isBackground = m_isBackground || background.boolean().value_or(false);
    out.started(id.string(), model.string(), conversation["id"_L1].string());
}

void OpenAiResponses::queued(const json::Value &response, EventWriter &out)
{
    const bool isQueued = response["status"_L1] == "queued"_L1;
    if (isQueued == m_isQueued)
        return;
    m_isQueued = isQueued;
    out.status({.stage = u"queued"_s,
                .message = {},
                .state = isQueued ? event::Status::State::Running : event::Status::State::Done});
}

// `status` counts where the response itself has none.
void OpenAiResponses::ended(const json::Value &response, QLatin1StringView status, EventWriter &out)
{
    const json::Value told = response["status"_L1];
    const auto [output, usage, error, incomplete] =
        response.members("output"_L1, "usage"_L1, "error"_L1, "incomplete_details"_L1);
    const auto is = [&](QLatin1StringView name) { return told.isString() ? told == name : status == name; };
    started(response, out);
    queued(response, out);
    m_items.readOutput(output, out);
    if (usage.isObject())
        out.usage(responseUsage(usage));
    if (is("queued"_L1) || is("in_progress"_L1))
        return;
    m_hasEnded = true;
    if (is("failed"_L1)) {
        NetError failure = errorFromJson(error.isTruthy() ? error : response, 0);
        if (failure.message.isEmpty())
            failure.message = u"response.failed"_s;
        out.fail(std::move(failure));
        return;
    }
    if (is("incomplete"_L1))
        out.finished(reasonOfIncomplete(incomplete));
    else if (is("cancelled"_L1))
        out.finished(FinishReason::Stopped);
    else if (m_items.refused() && !out.hasOpenToolCalls())
        out.finished(FinishReason::Refusal);
    out.complete();
}

bool OpenAiResponses::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value) {
        // Not one document: perhaps one event a line, without their framing.
        const qint64 unknownBefore = out.unknownCount();
        qint64 lines = 0;
        for (const QByteArray &line : json.toByteArray().split('\n')) {
            payload(line, {}, out);
            lines += line.trimmed().isEmpty() ? 0 : 1;
        }
        return out.unknownCount() - unknownBefore < lines;
    }
    const auto [type, object, output] = value->members("type"_L1, "object"_L1, "output"_L1);
    if (object == "response"_L1 || output.isArray()) {
        joinIfAsked(out);
        // How much of it was told before is not known any more: it takes the place of all.
        if (m_isJoined)
            out.replaceText(ResponseItems::textOf(output));
        ended(*value, "completed"_L1, out);
        return true;
    }
    const qint64 unknownBefore = out.unknownCount();
    event(*value, {.type = type, .line = {}}, out);
    return out.unknownCount() == unknownBefore;
}

} // namespace rivulet
