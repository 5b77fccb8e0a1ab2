// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/mcpsse.h"

#include "net/dialects/errorbody.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// The newest revision of the protocol with a handshake; a server answers with the one that it speaks.
constexpr auto offeredVersion = "2025-11-25"_L1;

// The last revision in which a stream of its own brings all that the server says.
constexpr auto oldVersion = "2024-11-05"_L1;

// Far more requests of the server than a call brings about wait for an answer at a time.
constexpr qsizetype mostReplies = 64;

constexpr int handshakeId = 1;
constexpr int callId = 2;
constexpr int methodNotFound = -32601; // of JSON-RPC

// What may go back in a header: visible ASCII, as the protocol demands of sessions.
bool isToken(QByteArrayView text)
{
    constexpr qsizetype longest = 1024;
    return text.size() <= longest && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

QByteArray rpc(QJsonObject message)
{
    message.insert("jsonrpc"_L1, u"2.0"_s);
    return compactJson(message);
}

// What the user said last.
QString promptOf(const ChatRequest &chat)
{
    for (auto message = chat.messages.rbegin(); message != chat.messages.rend(); ++message) {
        if (message->role == ChatRole::User && !message->text().isEmpty())
            return wellFormed(message->text());
    }
    return {};
}

QByteArray initialize(QLatin1StringView version)
{
    return rpc({{u"id"_s, handshakeId},
                {u"method"_s, u"initialize"_s},
                {u"params"_s,
                 QJsonObject{{u"protocolVersion"_s, QString(version)},
                             {u"capabilities"_s, QJsonObject()},
                             {u"clientInfo"_s,
                              QJsonObject{{u"name"_s, u"Rivulet"_s},
                                          {u"version"_s, QStringLiteral(RIVULET_VERSION)}}}}}});
}

QByteArray initialized()
{
    return rpc({{u"method"_s, u"notifications/initialized"_s}});
}

// Whether a server that answers the handshake so may be one that takes it elsewhere. What it says in the
// protocol's own words it means, and the statuses left out say why nobody may come in.
bool meansOldServer(int status, QByteArrayView body)
{
    constexpr std::array others{401, 403, 407, 408, 425, 429};
    if (status < 400 || status > 499 || std::ranges::find(others, status) != others.end())
        return false;
    json::Reader reader;
    const std::optional<json::Value> said = reader.read(body);
    return !said || !(*said)["jsonrpc"_L1].isString();
}

bool isSameOrigin(const QUrl &a, const QUrl &b)
{
    const int usual = a.scheme() == "https"_L1 ? 443 : 80;
    return a.scheme() == b.scheme() && a.host() == b.host() && a.port(usual) == b.port(usual);
}

bool isHandshake(const json::Value &result)
{
    return result["protocolVersion"_L1].isString() && result["capabilities"_L1].isObject();
}

} // namespace

std::unique_ptr<Dialect> McpSse::clone() const
{
    return std::make_unique<McpSse>(*this);
}

QList<DialectOption> McpSse::options() const
{
    return {
        {.name = "tool"_L1, .required = true},
        // Which of its arguments takes the prompt.
        {.name = "argument"_L1, .fallback = "prompt"_L1},
        // The others, as a JSON object.
        {.name = "arguments"_L1},
    };
}

ExchangeRequest McpSse::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    const QString tool = endpoint.options.value(u"tool"_s);
    const QString argument = endpoint.options.value(u"argument"_s);
    QJsonObject arguments = QJsonDocument::fromJson(endpoint.options.value(u"arguments"_s).toUtf8()).object();
    arguments.insert(argument.isEmpty() ? u"prompt"_s : argument, promptOf(chat));
    m_call = rpc({{u"id"_s, callId},
                  {u"method"_s, u"tools/call"_s},
                  {u"params"_s,
                   QJsonObject{{u"name"_s, tool},
                               {u"arguments"_s, arguments},
                               {u"_meta"_s, QJsonObject{{u"progressToken"_s, callId}}}}}});
    m_endpoint = endpoint;
    m_step = Step::Initialize;
    return requestTo(endpoint, initialize(offeredVersion));
}

HttpRequest McpSse::requestTo(const Endpoint &endpoint, const QByteArray &body) const
{
    HttpRequest request;
    request.url = m_isOld && !body.isEmpty() ? m_address : endpoint.baseUrl;
    request.headers = {{"Accept", "application/json, text/event-stream"}};
    if (body.isEmpty()) {
        request.method = "GET";
        request.headers = {{"Accept", "text/event-stream"}};
    } else {
        request.headers.append(HttpHeaders::value_type{"Content-Type", "application/json"});
    }
    if (!m_version.isEmpty() && !m_isOld)
        request.headers.append({"MCP-Protocol-Version", m_version});
    if (!m_session.isEmpty())
        request.headers.append({"Mcp-Session-Id", m_session});
    if (!endpoint.apiKey.isEmpty())
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    request.body = body;
    return request;
}

bool McpSse::hasNext() const
{
    return m_step == Step::Initialized || m_step == Step::Confirmed || m_step == Step::Refused;
}

HttpRequest McpSse::next(const Endpoint &endpoint)
{
    m_lastEventId.clear();
    if (m_step == Step::Refused) {
        m_step = Step::Address;
        m_isOld = true;
        return requestTo(endpoint, {});
    }
    if (m_step == Step::Initialized) {
        m_step = Step::Confirm;
        return requestTo(endpoint, initialized());
    }
    m_step = Step::Call;
    return requestTo(endpoint, m_call);
}

bool McpSse::goesOnAfter(const ResponseHead &head, QByteArrayView body)
{
    if (m_step != Step::Initialize || m_isOld || !meansOldServer(head.status, body))
        return false;
    m_refusal = errorFor(head, body);
    m_step = Step::Refused;
    return true;
}

// A server that has no stream either is no older one: its first word counts.
NetError McpSse::errorFor(const ResponseHead &head, QByteArrayView body) const
{
    return m_step == Step::Address ? m_refusal : Dialect::errorFor(head, body);
}

QList<Command> McpSse::takeReplies()
{
    return std::exchange(m_replies, {});
}

// Says something beside the requests of the exchange. A recording has nobody to tell.
void McpSse::reply(const QByteArray &body)
{
    if (m_step != Step::Recording && m_replies.size() < mostReplies)
        m_replies.append(requestTo(m_endpoint, body));
}

// The stream of an older server is its session, and ends with the connection.
std::optional<HttpRequest> McpSse::farewell(const Endpoint &endpoint)
{
    if (m_session.isEmpty() || m_isOld)
        return std::nullopt;
    HttpRequest request = requestTo(endpoint, {});
    request.method = "DELETE";
    return request;
}

std::optional<Command> McpSse::cancel(const Endpoint &endpoint)
{
    if (m_step != Step::Call)
        return std::nullopt;
    return requestTo(
        endpoint,
        rpc({{u"method"_s, u"notifications/cancelled"_s},
             {u"params"_s,
              QJsonObject{{u"requestId"_s, callId}, {u"reason"_s, u"The user stopped it."_s}}}}));
}

// A server that asks waits for the answer on a request of its own.
std::optional<Command> McpSse::decide(const ApprovalDecision &decision)
{
    if (m_step != Step::Call)
        return std::nullopt;
    const QJsonValue id = QJsonDocument::fromJson('[' + decision.id.toUtf8() + ']').array().at(0);
    const bool allowed = decision.verdict != ApprovalDecision::Verdict::Deny;
    QJsonObject answer{{u"action"_s, allowed ? u"accept"_s : u"decline"_s}};
    if (allowed)
        answer.insert("content"_L1, QJsonObject());
    return requestTo(m_endpoint, rpc({{u"id"_s, id}, {u"result"_s, answer}}));
}

std::optional<ResumeToken> McpSse::resumeToken() const
{
    if (m_step != Step::Call || m_lastEventId.isEmpty() || m_isOld)
        return std::nullopt;
    return ResumeToken{.stream = QString::fromLatin1(QByteArray(m_version + ' ' + m_session)),
                       .cursor = QString::fromUtf8(m_lastEventId)};
}

std::optional<ExchangeRequest> McpSse::resume(const ResumeToken &token, const Endpoint &endpoint)
{
    const QByteArray version = token.stream.section(u' ', 0, 0).toLatin1();
    const QByteArray session = token.stream.section(u' ', 1).toLatin1();
    const QByteArray cursor = token.cursor.toUtf8();
    const bool isClean = std::ranges::none_of(cursor, [](char c) { return c >= 0 && c < 0x20; });
    if (cursor.isEmpty() || !isClean || !isToken(version) || !isToken(session))
        return std::nullopt;
    m_version = version;
    m_session = session;
    m_lastEventId = cursor;
    m_endpoint = endpoint;
    m_step = Step::Call;
    HttpRequest request = requestTo(endpoint, {});
    request.headers.append({"Last-Event-ID", cursor});
    return request;
}

void McpSse::head(const ResponseHead &head)
{
    for (const auto &[name, value] : head.headers) {
        if (name == "mcp-session-id" && m_step == Step::Initialize && isToken(value))
            m_session = value;
    }
    if (m_step == Step::Confirm)
        m_step = Step::Confirmed;
}

void McpSse::frame(const Frame &frame, EventWriter &out)
{
    if (!frame.unterminated && !frame.id.empty())
        m_lastEventId = QByteArray(frame.id.data(), static_cast<qsizetype>(frame.id.size()));
    const QByteArrayView data = QByteArrayView(frame.data).trimmed();
    if (frame.type == "endpoint") {
        if (m_step == Step::Address)
            address(data, out);
        return;
    }
    // Without data an event only names the place from which the stream can be joined.
    if (data.isEmpty())
        return;
    const std::optional<json::Value> value = m_reader.read(data);
    if (!value)
        out.unknown();
    else if (value->isArray())
        value->forEach([&](const json::Value &item) { message(item, out); });
    else
        message(*value, out);
}

// Where an older server takes what we say. The key goes with it, so that it must be the same server's.
void McpSse::address(QByteArrayView data, EventWriter &out)
{
    const QUrl named = m_endpoint.baseUrl.resolved(QUrl::fromEncoded(data.toByteArray(), QUrl::StrictMode));
    if (data.isEmpty() || !named.isValid() || !isSameOrigin(named, m_endpoint.baseUrl)
        || !named.userInfo().isEmpty()) {
        out.fail({.kind = NetError::Kind::Refused,
                  .code = u"foreign_endpoint"_s,
                  .message = u"the server named an address that is not its own: "_s + excerpt(data)});
        return;
    }
    m_address = named.adjusted(QUrl::RemoveFragment);
    m_step = Step::Initialize;
    reply(initialize(oldVersion));
}

bool McpSse::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> value = m_reader.read(json);
    if (!value)
        return false;
    const qint64 unknownBefore = out.unknownCount();
    if (value->isArray())
        value->forEach([&](const json::Value &item) { message(item, out); });
    else
        message(*value, out);
    finish(true, out);
    return out.unknownCount() == unknownBefore;
}

void McpSse::message(const json::Value &message, EventWriter &out)
{
    const auto [version, id, method, params, result, error] =
        message.members("jsonrpc"_L1, "id"_L1, "method"_L1, "params"_L1, "result"_L1, "error"_L1);
    const bool isCall = method.isString();
    const bool hasId = !id.compact().isEmpty() && id.compact() != "null";
    if (version != "2.0"_L1 || (!isCall && !result.isObject() && !error.isObject()))
        out.unknown();
    else if (isCall && !hasId)
        notification(method, params, out);
    else if (isCall)
        request(method, message, out);
    else
        response(message, out);
}

void McpSse::notification(const json::Value &method, const json::Value &params, EventWriter &out)
{
    if (method == "notifications/progress"_L1) {
        const auto [progress, total, said] = params.members("progress"_L1, "total"_L1, "message"_L1);
        QString words = said.string();
        if (words.isEmpty() && progress.number())
            words = QString::fromUtf8(progress.compact())
                + (total.number() ? u'/' + QString::fromUtf8(total.compact()) : QString());
        out.status({.stage = u"progress"_s, .message = words, .state = event::Status::State::Running});
    } else if (method == "notifications/message"_L1) {
        const auto [logger, level, data] = params.members("logger"_L1, "level"_L1, "data"_L1);
        const auto [msg, text] = data.members("msg"_L1, "message"_L1);
        QString words = data.string();
        for (const json::Value &said : {msg, text}) {
            if (words.isEmpty())
                words = said.string();
        }
        out.status({.stage = logger.isTruthy() ? logger.string() : level.string(),
                    .message = words.isEmpty() ? excerpt(data.compact()) : excerpt(words.toUtf8()),
                    .state = event::Status::State::Running});
    }
    // Every other notification is about what we keep nothing of.
}

void McpSse::request(const json::Value &method, const json::Value &message, EventWriter &out)
{
    const QJsonValue id = QJsonDocument::fromJson('[' + message["id"_L1].compact() + ']').array().at(0);
    if (method == "elicitation/create"_L1) {
        out.approval(QString::fromUtf8(message["id"_L1].compact()), method.string(),
                     QString::fromUtf8(message["params"_L1].compact()));
    } else if (method == "ping"_L1) {
        reply(rpc({{u"id"_s, id}, {u"result"_s, QJsonObject()}}));
    } else {
        out.unknown();
        // Unanswered, the server would wait for it.
        reply(rpc(
            {{u"id"_s, id},
             {u"error"_s, QJsonObject{{u"code"_s, methodNotFound}, {u"message"_s, u"Method not found"_s}}}}));
    }
}

void McpSse::response(const json::Value &message, EventWriter &out)
{
    const auto [id, said, error] = message.members("id"_L1, "result"_L1, "error"_L1);
    const QByteArray number = id.compact();
    const bool isOurs = (m_step == Step::Initialize && number == QByteArray::number(handshakeId))
        || (m_step == Step::Call && number == QByteArray::number(callId)) || m_step == Step::Recording;
    // An error that came before the request could be read has no id.
    if (!isOurs && !(error.isObject() && (number.isEmpty() || number == "null"))) {
        out.unknown();
        return;
    }
    if (error.isObject()) {
        failed(error, out);
        return;
    }
    if (isHandshake(said)) {
        out.started({}, said["serverInfo"_L1]["name"_L1].string());
        const QByteArray version = said["protocolVersion"_L1].string().toLatin1();
        m_version = isToken(version) ? version : QByteArray();
        if (m_step == Step::Recording)
            m_handshake = said.compact();
    }
    if (m_step == Step::Initialize && m_isOld) {
        m_step = Step::Call;
        reply(initialized());
        reply(m_call);
    } else if (m_step == Step::Initialize) {
        m_step = Step::Initialized;
    } else if (m_handshake.isEmpty() || !isHandshake(said)) {
        m_handshake.clear();
        result(said, out);
    }
}

void McpSse::result(const json::Value &result, EventWriter &out)
{
    const auto [items, isError, structured, tools] =
        result.members("content"_L1, "isError"_L1, "structuredContent"_L1, "tools"_L1);
    if (isError.isTruthy()) {
        QString words;
        items.forEach([&](const json::Value &item) { words += item["text"_L1].string() + u'\n'; });
        if (words.trimmed().isEmpty())
            words = QString::fromUtf8(structured.compact());
        out.fail(
            {.kind = NetError::Kind::Server, .code = u"tool_error"_s, .message = excerpt(words.toUtf8())});
        return;
    }
    items.forEach([&](const json::Value &item) { content(item, out); });
    // A tool tells its structured result as text, too; where it does not, this is the answer.
    if (!items.isTruthy())
        out.artifact({.id = u"result"_s,
                      .kind = event::Artifact::Kind::Code,
                      .title = tools.isArray() ? u"tools"_s : u"result"_s,
                      .append = false,
                      .data = jsonText((structured.isTruthy() ? structured : result).text())});
    out.complete();
}

void McpSse::content(const json::Value &item, EventWriter &out)
{
    const auto [type, text, resource, uri, name, title] =
        item.members("type"_L1, "text"_L1, "resource"_L1, "uri"_L1, "name"_L1, "title"_L1);
    if (type == "text"_L1) {
        // Each item is a text of its own.
        if (m_hasText && text.isTruthy())
            out.text(u"\n\n"_s);
        m_hasText = m_hasText || text.isTruthy();
        out.text(text.string());
    } else if (type == "resource_link"_L1) {
        out.source(uri.string(), title.isTruthy() ? title.string() : name.string());
    } else if (type == "image"_L1 || type == "audio"_L1 || type == "resource"_L1) {
        const json::Value file = type == "resource"_L1 ? resource : item;
        const bool isImage = file["mimeType"_L1].string().startsWith("image/"_L1);
        out.artifact({.id = u"file-%1"_s.arg(++m_files),
                      .kind = isImage ? event::Artifact::Kind::Image : event::Artifact::Kind::File,
                      .title = file["uri"_L1].string(),
                      .append = false,
                      .data = file.compact()});
    } else {
        out.unknown();
    }
}

void McpSse::failed(const json::Value &error, EventWriter &out)
{
    const auto [code, message, data] = error.members("code"_L1, "message"_L1, "data"_L1);
    const qint64 number = code.integer().value_or(0);
    // The codes of JSON-RPC for a request that cannot be met; what is above them is the server's own.
    const bool isRequest = number == -32600 || number == -32601 || number == -32602;
    QString words = message.string();
    if (data.isString() && data.isTruthy())
        words += u": "_s + data.string();
    out.fail({.kind = number == -32700 ? NetError::Kind::Protocol
                  : isRequest          ? NetError::Kind::InvalidRequest
                                       : NetError::Kind::Server,
              .code = QString::number(number),
              .message = excerpt(words.toUtf8())});
}

void McpSse::finish(bool clean, EventWriter &out)
{
    if (clean && m_step == Step::Address)
        out.fail(m_refusal);
    if (!clean || m_handshake.isEmpty() || m_step != Step::Recording)
        return;
    out.artifact({.id = u"result"_s,
                  .kind = event::Artifact::Kind::Code,
                  .title = u"initialize"_s,
                  .append = false,
                  .data = jsonText(QString::fromUtf8(m_handshake))});
    out.complete();
}

} // namespace rivulet
