// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/agentevents.h"

#include "net/dialects/agentwords.h"
#include "net/dialects/endpointurl.h"
#include "net/dialects/errorbody.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlatin1stringview.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

using State = event::Status::State;

constexpr auto methodOption = "method"_L1;
constexpr auto tokenOption = "token_in"_L1;
constexpr auto cancelOption = "cancel_path"_L1;
constexpr auto cancelFallback = "/api/cancel/{session_id}"_L1;
constexpr auto sessionPlaceholder = "{session_id}"_L1;

// What a server appends to the text of an answer that broke off.
constexpr auto interruption = "[Stream interrupted. Partial response returned.]"_L1;

QJsonObject objectIn(const QString &json)
{
    return QJsonDocument::fromJson(json.toUtf8()).object();
}

// FNV-1a over the text's units: can be gone on with, copied and kept. Two texts of one server that it takes
// for the same cost nobody but that server.
constexpr quint64 hashOfNothing = 0xcbf29ce484222325;

quint64 hashed(quint64 hash, QStringView text)
{
    for (const QChar unit : text)
        hash = (hash ^ unit.unicode()) * 0x100000001b3;
    return hash;
}

// Sets the path, in which a placeholder stands for the session.
void setPath(QUrl &url, const QString &path, const QString &session)
{
    url.setPath(path);
    const QString placeholder = QString::fromLatin1(QUrl::toPercentEncoding(QString(sessionPlaceholder)));
    const QString name = QString::fromLatin1(QUrl::toPercentEncoding(session));
    url.setPath(url.path(QUrl::FullyEncoded).replace(placeholder, name), QUrl::TolerantMode);
}

// A session's name that would be another path can not be part of one.
bool isPathSegment(const QString &session)
{
    return !session.isEmpty() && session != "."_L1 && session != ".."_L1;
}

// A token in an address is seen by more eyes than one in a header, so that it must at least be encrypted.
bool mayHoldToken(const QUrl &url)
{
    const QString host = url.host();
    return url.scheme() == "https"_L1 || host == "localhost"_L1 || host == "127.0.0.1"_L1 || host == "::1"_L1;
}

QByteArray inArray(const QByteArray &value)
{
    return '[' + value + ']';
}

bool isControl(QChar c)
{
    return c.category() == QChar::Other_Control;
}

// Whether an object is but what belongs to a frame, around its data.
bool isEnvelope(const json::Value &object)
{
    constexpr std::array around{"agent"_L1, "agent_id"_L1, "agent_name"_L1, "data"_L1,      "event"_L1,
                                "id"_L1,    "index"_L1,    "session_id"_L1, "timestamp"_L1, "type"_L1};
    qsizetype members = 0;
    bool isAround = object["data"_L1].isTruthy();
    object.forEachMember([&](const QString &name, const json::Value &) {
        ++members;
        isAround = isAround && std::ranges::find(around, name) != around.end();
    });
    return isAround && members > 1;
}

QString saidIn(const json::Value &data)
{
    if (!data.isObject())
        return data.text();
    const json::Value said = firstOf(data, "content"_L1, "text"_L1, "delta"_L1, "response"_L1, "answer"_L1,
                                     "result"_L1, "output"_L1, "reasoning"_L1, "message"_L1);
    if (said.isString())
        return said.string();
    const json::Value inner = firstOf(said, "content"_L1, "text"_L1);
    if (inner.isString())
        return inner.string();
    // What is no text is shown as what it is.
    const json::Value value = said.isTruthy() ? said : data;
    return u"```json\n"_s + value.text() + u"\n```\n"_s;
}

json::Value agentIn(const json::Value &object)
{
    return firstOf(object, "agent_id"_L1, "agent"_L1, "agent_name"_L1);
}

} // namespace

std::unique_ptr<Dialect> AgentEvents::clone() const
{
    return std::make_unique<AgentEvents>(*this);
}

QList<DialectOption> AgentEvents::options() const
{
    return {{.name = methodOption, .scope = DialectOption::Scope::Provider, .fallback = "POST"_L1},
            {.name = tokenOption, .scope = DialectOption::Scope::Provider, .fallback = "header"_L1},
            {.name = cancelOption, .scope = DialectOption::Scope::Provider, .fallback = cancelFallback}};
}

// Out

ExchangeRequest AgentEvents::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    m_message = questionOf(chat.messages);
    m_session = wellFormed(chat.session.isEmpty() ? chat.conversation : chat.session);
    m_usesGet = endpoint.options.value(methodOption) == "GET"_L1;
    return request(endpoint);
}

bool AgentEvents::goesOnAfter(const ResponseHead &refusal, QByteArrayView)
{
    m_refused = refusal.status == 405 && !m_usesGet;
    m_usesGet = m_usesGet || m_refused;
    return m_refused;
}

HttpRequest AgentEvents::next(const Endpoint &endpoint)
{
    m_refused = false;
    return request(endpoint);
}

// With the user's words it begins a run; without them it joins one.
HttpRequest AgentEvents::request(const Endpoint &endpoint) const
{
    HttpRequest request{.method = m_usesGet ? "GET" : "POST", .url = endpoint.baseUrl};
    request.headers = {{"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    if (isPathSegment(m_session))
        setPath(request.url, request.url.path(), m_session);
    if (!m_place.id.isEmpty() && std::ranges::none_of(m_place.id, isControl))
        request.headers.emplaceBack("Last-Event-ID", m_place.id.toUtf8());

    const QString index = m_place.index ? QString::number(*m_place.index) : QString();
    QList<std::pair<QLatin1StringView, QString>> query;
    if (m_usesGet) {
        query = {{"message"_L1, m_message},
                 {"session_id"_L1, m_session},
                 {"stream_id"_L1, m_stream},
                 {"last_index"_L1, index}};
    } else {
        QJsonObject body;
        if (!m_message.isEmpty())
            body.insert("message"_L1, m_message);
        if (!m_session.isEmpty())
            body.insert("session_id"_L1, m_session);
        if (!m_stream.isEmpty())
            body.insert("stream_id"_L1, m_stream);
        if (m_place.index)
            body.insert("last_index"_L1, *m_place.index);
        request.headers.emplaceBack("Content-Type", "application/json");
        request.body = compactJson(body);
        query = {{"last_index"_L1, index}};
    }
    if (!endpoint.apiKey.isEmpty()) {
        if (endpoint.options.value(tokenOption) == "query"_L1 && mayHoldToken(request.url))
            query.append({"token"_L1, QString::fromUtf8(endpoint.apiKey)});
        else
            request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    }
    if (const QString text = queryOf(query); !text.isEmpty())
        request.url.setQuery(text);
    return request;
}

// The server goes on while nobody reads, so that closing the stream would not stop it.
std::optional<Command> AgentEvents::cancel(const Endpoint &endpoint)
{
    m_cancelled = true;
    const QString path = endpoint.options.value(cancelOption, cancelFallback);
    if (path.contains(sessionPlaceholder) && !isPathSegment(m_session))
        return std::nullopt;
    HttpRequest request{.url = endpoint.baseUrl};
    request.url.setQuery(QString());
    setPath(request.url, path, m_session);
    if (!endpoint.apiKey.isEmpty())
        request.headers.append({"Authorization", "Bearer " + endpoint.apiKey});
    return request;
}

std::optional<ResumeToken> AgentEvents::resumeToken() const
{
    if (m_stream.isEmpty() && m_place.id.isEmpty() && !m_place.index)
        return std::nullopt;
    QJsonObject said;
    for (auto lane = m_said.begin(); lane != m_said.end(); ++lane)
        said.insert(lane.key(), QJsonArray{lane->size, QString::number(lane->hash, 16), lane->isOver});
    QJsonObject cursor{{u"id"_s, m_place.id}, {u"events"_s, m_place.eventsWithId}, {u"said"_s, said}};
    if (m_place.index)
        cursor.insert("index"_L1, *m_place.index);
    const QJsonObject stream{{u"stream"_s, m_stream}, {u"session"_s, m_session}, {u"get"_s, m_usesGet}};
    return ResumeToken{.stream = QString::fromUtf8(compactJson(stream)),
                       .cursor = QString::fromUtf8(compactJson(cursor))};
}

std::optional<ExchangeRequest> AgentEvents::resume(const ResumeToken &token, const Endpoint &endpoint)
{
    const QJsonObject stream = objectIn(token.stream);
    const QJsonObject cursor = objectIn(token.cursor);
    if (stream.isEmpty() || cursor.isEmpty())
        return std::nullopt;
    m_message.clear();
    m_stream = stream["stream"_L1].toString();
    m_session = stream["session"_L1].toString();
    m_usesGet = stream["get"_L1].toBool();
    m_refused = false;
    m_place = {.id = cursor["id"_L1].toString(), .eventsWithId = cursor["events"_L1].toInteger()};
    if (const QJsonValue index = cursor["index"_L1]; index.isDouble())
        m_place.index = index.toInteger();
    m_repeatedUpTo = m_place;
    m_repeatedWithId = 0;
    m_said.clear();
    const QJsonObject said = cursor["said"_L1].toObject();
    for (auto lane = said.begin(); lane != said.end(); ++lane) {
        const QJsonArray known = lane->toArray();
        m_said.insert(lane.key(),
                      {.size = known.at(0).toInteger(),
                       .hash = known.at(1).toString().toULongLong(nullptr, 16),
                       .isOver = known.at(2).toBool()});
    }
    return request(endpoint);
}

// In

void AgentEvents::head(const ResponseHead &head)
{
    const auto stream =
        std::ranges::find_if(head.headers, [](const auto &header) { return header.first == "x-stream-id"; });
    if (stream != head.headers.end())
        m_stream = QString::fromUtf8(stream->second.trimmed());
}

NetError AgentEvents::errorFor(const ResponseHead &head, QByteArrayView body) const
{
    NetError error = Dialect::errorFor(head, body);
    if (head.status == 401 && error.message.contains("expired"_L1, Qt::CaseInsensitive))
        error.code = u"token_expired"_s;
    return error;
}

void AgentEvents::frame(const Frame &frame, EventWriter &out)
{
    const QByteArrayView bytes = QByteArrayView(frame.data).trimmed();
    const std::optional<json::Value> value = valueOf(bytes, frame.unterminated);
    // Of an event that was cut off only its name may be there.
    if (!value || (frame.unterminated && bytes.isEmpty())) {
        out.unknown();
        return;
    }
    // Some servers send what belongs to the frame along with the data, some the data alone.
    const json::Value event = *value;
    const json::Value data = isEnvelope(event) ? event["data"_L1] : event;
    QByteArray type(frame.type.data(), static_cast<qsizetype>(frame.type.size()));
    const bool isUnnamed = type.isEmpty() || type == "message";
    if (isUnnamed && event["type"_L1].isString())
        type = event["type"_L1].string().toLatin1();
    else if (isUnnamed)
        type = "message";
    const Reading read = readingOf(type);
    const bool isMute = read == &AgentEvents::message && !data.isString()
        && !firstOf(data, "content"_L1, "text"_L1, "delta"_L1).isTruthy();
    if (!read || isMute) {
        out.unknown();
        return;
    }
    if (read != &AgentEvents::keepAlive && isRepeated(frame, event, data))
        return;

    const json::Value outerAgent = agentIn(event);
    const json::Value innerAgent = agentIn(data);
    m_agent = (innerAgent.isTruthy() ? innerAgent : outerAgent).text();
    if (m_agent == "system"_L1 || m_agent == "default"_L1)
        m_agent.clear();
    for (const json::Value &object : {event, data}) {
        const auto [session, model] = object.members("session_id"_L1, "model"_L1);
        if (session.isString() && session.isTruthy())
            m_session = wellFormed(session.string());
        out.started({}, model.string(), session.string());
    }
    out.setLane(m_agent);
    (this->*read)(data, out);
    out.setLane({});
}

// The data as a value whatever it is: an object, a bare string, or text that is no JSON at all. Empty for
// half a value.
std::optional<json::Value> AgentEvents::valueOf(QByteArrayView data, bool unterminated)
{
    if (data.isEmpty())
        return json::Value();
    if (data.startsWith('{') || data.startsWith('['))
        return m_reader.read(data);
    // The reader takes no bare values.
    std::optional<json::Value> value = m_reader.read(inArray(data.toByteArray()));
    if (!value && !data.startsWith('"') && !unterminated)
        value = m_reader.read(inArray(jsonText(QString::fromUtf8(data))));
    return value ? std::optional(value->first()) : std::nullopt;
}

AgentEvents::Reading AgentEvents::readingOf(QByteArrayView type)
{
    struct Row
    {
        QByteArrayView type;
        Reading read = nullptr;
    };
    static constexpr std::array rows{
        Row{"message", &AgentEvents::message},
        Row{"reasoning", &AgentEvents::reasoning},
        Row{"agent_progress", &AgentEvents::agentProgress},
        Row{"agent_update", &AgentEvents::agentProgress},
        Row{"agent_start", &AgentEvents::agentStart},
        Row{"agent_complete", &AgentEvents::agentComplete},
        Row{"tool_call", &AgentEvents::toolCall},
        Row{"tool_result", &AgentEvents::toolResult},
        Row{"error", &AgentEvents::error},
        Row{"result", &AgentEvents::result},
        Row{"final_response", &AgentEvents::finalResponse},
        Row{"token_expired", &AgentEvents::tokenExpired},
        Row{"ping", &AgentEvents::keepAlive},
        Row{"heartbeat", &AgentEvents::keepAlive},
        Row{"keepalive", &AgentEvents::keepAlive},
    };
    const auto row = std::ranges::find_if(rows, [&](const Row &known) { return type == known.type; });
    return row == rows.end() ? nullptr : row->read;
}

// Whether the event was read before the stream was joined again; notes down where it is.
bool AgentEvents::isRepeated(const Frame &frame, const json::Value &event, const json::Value &data)
{
    const QString id = QString::fromUtf8(QByteArrayView(frame.id));
    std::optional<qint64> index = event["index"_L1].integer();
    if (!index)
        index = data["index"_L1].integer();

    if (m_repeatedUpTo) {
        const Place &last = *m_repeatedUpTo;
        bool isNumber = false;
        bool wasNumber = false;
        const double time = id.toDouble(&isNumber);
        const double lastTime = last.id.toDouble(&wasNumber);
        bool repeated = false;
        if (index && last.index)
            repeated = *index <= *last.index;
        else if (id == last.id)
            repeated = ++m_repeatedWithId <= last.eventsWithId;
        else
            repeated = isNumber && wasNumber && time < lastTime;
        if (repeated)
            return true;
        m_repeatedUpTo.reset();
    }
    m_place.eventsWithId = id == m_place.id ? m_place.eventsWithId + 1 : 1;
    m_place.id = id;
    if (index)
        m_place.index = index;
    return false;
}

void AgentEvents::status(const json::Value &data, QLatin1StringView stage, State state, EventWriter &out)
{
    const json::Value given = firstOf(data, "stage"_L1, "step"_L1, "phase"_L1);
    const json::Value words =
        firstOf(data, "message"_L1, "status"_L1, "task"_L1, "content"_L1, "description"_L1);
    out.status({.stage = given.isString() ? given.string() : QString(stage),
                .message = data.isString() ? data.string() : words.string(),
                .state = state});
}

void AgentEvents::agentStart(const json::Value &data, EventWriter &out)
{
    if (!m_agent.isEmpty() && out.isOpen())
        m_said[m_agent];
    status(data, "start"_L1, State::Running, out);
}

void AgentEvents::agentProgress(const json::Value &data, EventWriter &out)
{
    status(data, "progress"_L1, stateFromWord(data["status"_L1]), out);
}

void AgentEvents::agentComplete(const json::Value &data, EventWriter &out)
{
    const bool failed = stateFromWord(data["status"_L1]) == State::Failed;
    const json::Value result = firstOf(data, "result"_L1, "output"_L1, "response"_L1);
    // What an agent gives back is its own text, unless it has said it as it went.
    if (result.isString() && (!m_said.contains(m_agent) || m_said[m_agent].size == 0))
        say(m_agent, result.string(), out);
    if (m_said.contains(m_agent))
        m_said[m_agent].isOver = true;
    status(data, "complete"_L1, failed ? State::Failed : State::Done, out);
}

void AgentEvents::message(const json::Value &data, EventWriter &out)
{
    say(m_agent, withoutInterruption(saidIn(data)), out);
}

void AgentEvents::reasoning(const json::Value &data, EventWriter &out)
{
    if (!out.isOpen())
        return;
    // Servers that stream say it in pieces of "content"; the others say a whole thought at a time.
    Said &said = m_said[m_agent];
    const QString words = saidIn(data);
    const bool isPiece = firstOf(data, "content"_L1, "delta"_L1, "text"_L1).isString();
    out.reasoning(said.hasThought && !isPiece ? u"\n\n" + words : words);
    said.hasThought = true;
}

void AgentEvents::toolCall(const json::Value &data, EventWriter &out)
{
    m_tools.call(m_agent, data, out);
}

void AgentEvents::toolResult(const json::Value &data, EventWriter &out)
{
    m_tools.result(m_agent, data, out);
}

void AgentEvents::error(const json::Value &data, EventWriter &out)
{
    NetError error = data.isString()
        ? NetError{.kind = NetError::Kind::Server, .message = excerpt(data.string().toUtf8())}
        : errorOf(data);
    if (saysCancelled(error)) {
        stopped(out);
        return;
    }
    if (error.code == "token_expired"_L1) {
        error.kind = NetError::Kind::Auth;
        out.fail(std::move(error));
        return;
    }
    if (!m_agent.isEmpty() && out.isOpen())
        m_said[m_agent].isOver = true;
    out.failLane(std::move(error));
}

void AgentEvents::result(const json::Value &data, EventWriter &out)
{
    sayWhole(withoutInterruption(saidIn(data)), out);
    m_hasResult = true;
    if (out.isOpen())
        m_said[m_agent].isOver = true;
}

void AgentEvents::finalResponse(const json::Value &data, EventWriter &out)
{
    out.usage(usageOf(data["usage"_L1]));
    const QString text = withoutInterruption(saidIn(data));
    out.setLane({});
    m_agent.clear();
    sayWhole(text, out);
    if (m_interrupted)
        return;
    out.finished(m_cancelled ? FinishReason::Stopped : FinishReason::Stop);
    out.complete();
}

void AgentEvents::tokenExpired(const json::Value &data, EventWriter &out)
{
    const QString words = data.isString() ? data.string() : firstOf(data, "message"_L1).string();
    out.fail({.kind = NetError::Kind::Auth,
              .code = u"token_expired"_s,
              .message = words.isEmpty() ? u"the access token has expired"_s : excerpt(words.toUtf8())});
}

void AgentEvents::keepAlive(const json::Value &, EventWriter &) {}

void AgentEvents::say(const QString &agent, QString text, EventWriter &out)
{
    if (text.isEmpty() || !out.isOpen())
        return;
    Said &said = m_said[agent];
    said.hash = hashed(said.size == 0 ? hashOfNothing : said.hash, text);
    said.size += text.size();
    out.text(std::move(text));
}

// A whole text that may have been said in pieces before, by the agent at hand or by another one.
void AgentEvents::sayWhole(const QString &text, EventWriter &out)
{
    if (text.isEmpty())
        return;
    const auto begins = [&](const Said &said) {
        return said.size > 0 && said.size <= text.size()
            && hashed(hashOfNothing, QStringView(text).first(said.size)) == said.hash;
    };
    const bool wasSaid = std::ranges::any_of(
        m_said, [&](const Said &said) { return said.size == text.size() && begins(said); });
    if (wasSaid)
        return;
    const Said own = m_said.value(m_agent);
    if (begins(own))
        say(m_agent, text.sliced(own.size), out);
    else
        say(m_agent, own.size > 0 ? u"\n\n" + text : text, out);
}

QString AgentEvents::withoutInterruption(QString text)
{
    QStringView words(text);
    while (!words.isEmpty() && words.back().isSpace())
        words.chop(1);
    if (!words.endsWith(interruption))
        return text;
    m_interrupted = true;
    words.chop(interruption.size());
    return (words.endsWith("\n\n"_L1) ? words.chopped(2) : words).toString();
}

void AgentEvents::stopped(EventWriter &out)
{
    out.finished(FinishReason::Stopped);
    out.complete();
}

void AgentEvents::finish(bool clean, EventWriter &out)
{
    if (m_cancelled) {
        out.finished(FinishReason::Stopped);
        return;
    }
    const bool allOver =
        std::ranges::all_of(m_said, [](const Said &said) { return said.isOver || said.size == 0; });
    if (!clean || m_interrupted || !m_hasResult || !allOver)
        return;
    out.finished(FinishReason::Stop);
    out.complete();
}

} // namespace rivulet
