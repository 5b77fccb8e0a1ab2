// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/langgraph.h"

#include "net/dialects/errorbody.h"
#include "net/dialects/history.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/framing/limits.h"
#include "net/wire/jsontext.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qurlquery.h>
#include <QtCore/quuid.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto checkpointsOption = "checkpoints"_L1;

// Where a run is, below the base: what Location and Content-Location name, and nothing else.
struct RunPlace
{
    QString thread;
    QString run;
};

std::optional<RunPlace> runPlaceIn(const QString &path)
{
    static const QRegularExpression pattern(
        uR"((?:/threads/([A-Za-z0-9_-]{1,128}))?/runs/([A-Za-z0-9_-]{1,128})(?:/stream)?$)"_s);
    const QRegularExpressionMatch match = pattern.match(path);
    if (!match.hasMatch() || match.captured(2) == u"stream")
        return std::nullopt;
    return RunPlace{.thread = match.captured(1), .run = match.captured(2)};
}

// What a session says: the thread, and the checkpoint that the newest answer ended with, where it is known.
struct ThreadPlace
{
    QString thread;
    QString checkpoint;
};

ThreadPlace threadPlaceIn(const QString &session)
{
    static const QRegularExpression pattern(u"^(.+)@([A-Za-z0-9_-]{1,128})$"_s,
                                            QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = pattern.match(session);
    if (!match.hasMatch())
        return {.thread = session, .checkpoint = {}};
    return {.thread = match.captured(1), .checkpoint = match.captured(2)};
}

QString pathOf(const RunPlace &place)
{
    const QString run = u"/runs/"_s + place.run;
    return place.thread.isEmpty() ? run : u"/threads/"_s + place.thread + run;
}

bool sameOrigin(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && a.host() == b.host()
        && a.port(a.scheme() == "https"_L1 ? 443 : 80) == b.port(b.scheme() == "https"_L1 ? 443 : 80);
}

QUrl below(QUrl base, const QString &path)
{
    QString whole = base.path();
    while (whole.endsWith(u'/'))
        whole.chop(1);
    base.setPath(whole + path);
    return base;
}

bool isLangServe(const QUrl &base)
{
    const QString path = base.path();
    return path.endsWith("/stream"_L1) || path.endsWith("/stream_log"_L1)
        || path.endsWith("/stream_events"_L1);
}

HttpRequest requestTo(const QUrl &url, const Endpoint &endpoint)
{
    HttpRequest request;
    request.url = url;
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    if (!endpoint.apiKey.isEmpty())
        request.headers.append({"X-Api-Key", endpoint.apiKey});
    return request;
}

// A name that is the same for the same exchange, so that a repeated request makes nothing twice.
QString uuidFrom(const QString &name)
{
    static constexpr QUuid space(0x5d0b5d3e, 0x7d6a, 0x4f5c, 0x9c, 0x1d, 0x2b, 0x61, 0x8f, 0x0e, 0x43, 0x77);
    return QUuid::createUuidV5(space, name).toString(QUuid::WithoutBraces);
}

// What the answer to an interrupt looks like: event::Approval::context.
namespace answerform {
constexpr auto decisions = "decisions"_L1; // one for each action, with the number of them behind it
constexpr auto response = "response"_L1;   // a list of one
} // namespace answerform

// The user's answer in the form in which the agent expects it.
QJsonValue resumeValue(const content::Approval &approval)
{
    const bool allowed = approval.allowed.value_or(false);
    const QString reason = wellFormed(approval.reason);
    if (approval.context.startsWith(answerform::decisions)) {
        QJsonObject decision{{u"type"_s, allowed ? u"approve"_s : u"reject"_s}};
        if (!allowed && !reason.isEmpty())
            decision.insert("message"_L1, reason);
        QJsonArray decisions;
        const int count = approval.context.sliced(answerform::decisions.size()).toInt();
        for (int i = 0; i < std::clamp(count, 1, static_cast<int>(limits::toolCalls)); ++i)
            decisions.append(decision);
        return QJsonObject{{u"decisions"_s, decisions}};
    }
    if (approval.context == answerform::response) {
        if (allowed || reason.isEmpty())
            return QJsonArray{
                QJsonObject{{u"type"_s, allowed ? u"accept"_s : u"ignore"_s}, {u"args"_s, QJsonValue::Null}}};
        return QJsonArray{QJsonObject{{u"type"_s, u"response"_s}, {u"args"_s, reason}}};
    }
    return reason.isEmpty() ? QJsonValue(allowed) : QJsonValue(reason);
}

// What the run that waits goes on with: the answer alone, or each under its interrupt's id. Nothing where
// the newest message asks nothing that was decided.
std::optional<QJsonValue> resumeOf(const QList<ChatMessage> &messages)
{
    QJsonObject answers;
    QJsonValue last;
    int asked = 0;
    if (!messages.isEmpty() && messages.last().role == ChatRole::Assistant) {
        for (const ContentPart &part : messages.last().parts) {
            const auto *approval = std::get_if<content::Approval>(&part);
            asked += approval ? 1 : 0;
            if (!approval || !approval->allowed)
                continue;
            last = resumeValue(*approval);
            answers.insert(approval->id, last);
        }
    }
    if (answers.isEmpty())
        return std::nullopt;
    return asked == 1 ? last : QJsonValue(answers);
}

// What was said after the newest answer: the rest is the server's own history.
QList<ChatMessage> newestOf(const QList<ChatMessage> &messages)
{
    const auto answer = std::find_if(messages.rbegin(), messages.rend(), [](const ChatMessage &message) {
        return message.role == ChatRole::Assistant;
    });
    return messages.last(answer - messages.rbegin());
}

QJsonValue langServeInput(const ChatRequest &chat, const QString &form)
{
    const QList<ChatMessage> history = inRounds(answerableHistory(chat.messages));
    if (form == "list"_L1)
        return langChainMessages(history);
    if (form == "messages"_L1)
        return QJsonObject{{u"messages"_s, langChainMessages(history)}};
    const QString prompt = history.isEmpty() ? QString() : wellFormed(history.last().text());
    return form == "text"_L1 ? QJsonValue(prompt) : QJsonValue(QJsonObject{{form, prompt}});
}

// An id as numbers that grow: "17", or "1712-3" of a time and a count. Empty where it is something else.
std::optional<std::pair<quint64, quint64>> orderOf(const QString &id)
{
    const qsizetype dash = id.indexOf(u'-');
    bool isTime = false;
    bool isCount = true;
    const quint64 time = (dash < 0 ? id : id.first(dash)).toULongLong(&isTime);
    const quint64 count = dash < 0 ? 0 : id.sliced(dash + 1).toULongLong(&isCount);
    return isTime && isCount ? std::optional(std::pair(time, count)) : std::nullopt;
}

QString nameOfNode(const QString &segment)
{
    return segment.section(u':', 0, 0);
}

// The first of the members that is a string with something in it.
QString firstString(const json::Value &object, std::initializer_list<QLatin1StringView> names)
{
    for (const QLatin1StringView name : names) {
        const json::Value member = object[name];
        if (member.isString() && member.isTruthy())
            return member.string();
    }
    return {};
}

bool isRunnableEvent(const json::Value &data)
{
    return data["event"_L1].isString() && data["run_id"_L1].isString();
}

} // namespace

std::unique_ptr<Dialect> LangGraph::clone() const
{
    return std::make_unique<LangGraph>(*this);
}

QList<DialectOption> LangGraph::options() const
{
    return {
        // Without it the request's model names the assistant.
        {.name = "assistant_id"_L1},
        // "true": no thread, the whole history with each request.
        {.name = "stateless"_L1, .fallback = "false"_L1},
        // "false": the server is not asked where a run can be gone on from, which it tells with the whole
        // state.
        {.name = checkpointsOption, .fallback = "true"_L1},
        // LangServe: "messages" in an object, "list" of them, "text", or the member that takes the text.
        {.name = "input"_L1, .fallback = "messages"_L1},
    };
}

ExchangeRequest LangGraph::open(const ChatRequest &chat, const Endpoint &endpoint)
{
    m_base = endpoint.baseUrl;
    const auto option = [&](const QString &name, const QString &fallback) {
        const QString said = endpoint.options.value(name);
        return said.isEmpty() ? fallback : said;
    };
    if (isLangServe(m_base)) {
        HttpRequest request = requestTo(m_base, endpoint);
        QJsonObject body{{u"input"_s, langServeInput(chat, option(u"input"_s, u"messages"_s))},
                         {u"config"_s, QJsonObject()}};
        if (!m_base.path().endsWith("/stream_events"_L1))
            body.insert("kwargs"_L1, QJsonObject());
        request.body = compactJson(body);
        return request;
    }

    const bool isNew = chat.session.isEmpty();
    const QString ours = chat.exchange.isEmpty() ? chat.conversation : chat.exchange;
    m_stateless = option(u"stateless"_s, {}) == "true"_L1 || (isNew && ours.isEmpty());
    const ThreadPlace place = threadPlaceIn(chat.session);
    m_thread = m_stateless ? QString() : isNew ? uuidFrom(ours) : place.thread;
    m_messagesAreStreamed = true;

    const QList<ChatMessage> history = inRounds(answerableHistory(chat.messages));
    QJsonArray messages = langChainMessages(m_stateless || isNew ? history : newestOf(history));
    if (!chat.system.isEmpty() && (m_stateless || isNew))
        messages.prepend(QJsonObject{{u"type"_s, u"system"_s}, {u"content"_s, wellFormed(chat.system)}});
    // Under its own id a message that is sent again stays one message of the thread.
    if (!chat.exchange.isEmpty() && !messages.isEmpty()) {
        QJsonObject last = messages.last().toObject();
        if (last["type"_L1] == "human"_L1) {
            last.insert("id"_L1, uuidFrom(chat.exchange + u"/question"_s));
            messages.last() = last;
        }
    }

    const QString model = chat.model.isEmpty() ? u"agent"_s : chat.model;
    QJsonObject body{{u"assistant_id"_s, option(u"assistant_id"_s, model)},
                     {u"stream_mode"_s, QJsonArray{u"messages-tuple"_s, u"updates"_s, u"custom"_s}},
                     {u"stream_subgraphs"_s, true},
                     {u"stream_resumable"_s, true},
                     {u"on_disconnect"_s, u"continue"_s}};
    // What waits for an answer is the newest there is: gone on from its checkpoint, it would run twice.
    const auto answer = isNew || m_stateless ? std::nullopt : resumeOf(chat.messages);
    if (!answer && !m_stateless && !place.checkpoint.isEmpty())
        body.insert("checkpoint"_L1,
                    QJsonObject{{u"checkpoint_id"_s, place.checkpoint}, {u"checkpoint_ns"_s, QString()}});
    if (answer)
        body.insert("command"_L1, QJsonObject{{u"resume"_s, *answer}});
    else if (messages.isEmpty())
        body.insert("input"_L1, QJsonValue::Null);
    else
        body.insert("input"_L1, QJsonObject{{u"messages"_s, messages}});
    // A thread that the server has lost is not made anew: it would answer without the history.
    if (isNew && !m_stateless)
        body.insert("if_not_exists"_L1, u"create"_s);

    const QString threads = m_thread.isEmpty()
        ? QString()
        : u"/threads/"_s + QString::fromLatin1(QUrl::toPercentEncoding(m_thread));
    QUrl url = below(m_base, {});
    url.setPath(url.path(QUrl::FullyEncoded) + threads + u"/runs/stream"_s, QUrl::StrictMode);
    m_runUrl = url;
    m_plainBody = compactJson(body);
    HttpRequest request = requestTo(url, endpoint);
    request.body = m_plainBody;
    if (!m_stateless && option(checkpointsOption, {}) != "false"_L1) {
        QJsonArray modes = body["stream_mode"_L1].toArray();
        modes.append(u"checkpoints"_s);
        body.insert("stream_mode"_L1, modes);
        request.body = compactJson(body);
    } else {
        m_plainBody.clear();
    }
    return request;
}

// Servers from before there was this mode refuse it.
bool LangGraph::goesOnAfter(const ResponseHead &head, QByteArrayView)
{
    m_asksAgain = head.status == 422 && !m_plainBody.isEmpty();
    return m_asksAgain;
}

HttpRequest LangGraph::next(const Endpoint &endpoint)
{
    m_asksAgain = false;
    HttpRequest request = requestTo(m_runUrl, endpoint);
    request.body = std::exchange(m_plainBody, {});
    return request;
}

std::optional<Command> LangGraph::cancel(const Endpoint &endpoint)
{
    const auto place = runPlaceIn(pathOf({.thread = m_thread, .run = m_run}));
    if (!place || isLangServe(endpoint.baseUrl))
        return std::nullopt;
    QUrl url = below(endpoint.baseUrl, pathOf(*place) + u"/cancel"_s);
    url.setQuery(u"wait=false&action=interrupt"_s);
    return requestTo(url, endpoint);
}

std::optional<ResumeToken> LangGraph::resumeToken() const
{
    const auto place = runPlaceIn(pathOf({.thread = m_thread, .run = m_run}));
    if (!place || isLangServe(m_base))
        return std::nullopt;
    return ResumeToken{.stream = pathOf(*place), .cursor = m_lastEventId};
}

std::optional<ExchangeRequest> LangGraph::resume(const ResumeToken &token, const Endpoint &endpoint)
{
    // A token is rebuilt from what it names, so that it leads nowhere but below the base.
    const auto place = runPlaceIn(token.stream);
    if (!place || token.stream != pathOf(*place) || token.cursor.contains(u'\n')
        || token.cursor.contains(u'\r'))
        return std::nullopt;
    m_base = endpoint.baseUrl;
    m_thread = place->thread;
    m_run = place->run;
    m_stateless = endpoint.options.value(u"stateless"_s) == "true"_L1;
    m_messagesAreStreamed = true;
    m_readUpTo = token.cursor;
    m_lastEventId = token.cursor;
    QUrl url = below(endpoint.baseUrl, pathOf(*place) + u"/stream"_s);
    url.setQuery(u"cancel_on_disconnect=0"_s);
    HttpRequest request = requestTo(url, endpoint);
    request.method = "GET";
    request.headers.removeFirst();
    // "-1" asks for all of it.
    request.headers.append({"Last-Event-ID", token.cursor.isEmpty() ? "-1" : token.cursor.toUtf8()});
    return request;
}

std::optional<HttpRequest> LangGraph::modelsRequest(const Endpoint &endpoint) const
{
    if (isLangServe(endpoint.baseUrl))
        return std::nullopt;
    HttpRequest request = requestTo(below(endpoint.baseUrl, u"/assistants/search"_s), endpoint);
    request.headers[1].second = "application/json";
    request.body = R"({"limit":100})";
    return request;
}

std::optional<QList<ListedModel>> LangGraph::models(QByteArrayView body) const
{
    json::Reader reader;
    const std::optional<json::Value> list = reader.read(body);
    if (!list || !list->isArray())
        return std::nullopt;
    QList<ListedModel> models;
    bool isList = true;
    list->forEach([&](const json::Value &assistant) {
        const QString id = assistant["assistant_id"_L1].string();
        isList = isList && !id.isEmpty();
        models.append({.id = id, .ownedBy = firstString(assistant, {"name"_L1, "graph_id"_L1})});
    });
    return isList ? std::optional(models) : std::nullopt;
}

void LangGraph::head(const ResponseHead &head)
{
    for (const auto &[name, value] : head.headers) {
        if (name != "location" && name != "content-location")
            continue;
        const QUrl url = m_base.resolved(QUrl::fromEncoded(value));
        const auto place = runPlaceIn(url.path());
        // What another origin runs is no run of ours.
        if (!place || !sameOrigin(url, m_base))
            continue;
        m_run = place->run;
        m_thread = place->thread;
    }
}

// Whether a stream that was joined again tells what had been read before.
bool LangGraph::wasRead(const Frame &frame)
{
    if (frame.unterminated || frame.id.empty())
        return false;
    m_lastEventId = QString::fromUtf8(frame.id.data(), static_cast<qsizetype>(frame.id.size()));
    const auto upTo = orderOf(m_readUpTo);
    const auto here = orderOf(m_lastEventId);
    const bool known = upTo && here && *here <= *upTo;
    if (known)
        m_lastEventId = m_readUpTo;
    return known;
}

void LangGraph::frame(const Frame &frame, EventWriter &out)
{
    if (wasRead(frame))
        return;
    const QByteArrayView type(frame.type);
    const qsizetype bar = type.indexOf('|');
    const QByteArrayView mode = bar < 0 ? type : type.first(bar);
    const QString path = bar < 0 ? QString() : QString::fromUtf8(type.sliced(bar + 1));
    enterNamespace(path.isEmpty() ? QStringList() : path.split(u'|'), out);
    started(out);
    if (mode == "end") {
        end(out);
        return;
    }
    // Bare strings are chunks, too: in an array they can be read.
    const QByteArray data = '[' + QByteArrayView(frame.data).toByteArray() + ']';
    const auto list = m_reader.read(data);
    if (!list) {
        if (mode == "error" && !frame.data.empty())
            out.fail({.kind = NetError::Kind::Server, .message = excerpt(QByteArrayView(frame.data))});
        else if (!frame.data.empty())
            out.unknown();
        return;
    }
    const json::Value value = list->first();
    if (mode == "checkpoints" && path.isEmpty())
        checkpoint(value);
    if (value["type"_L1] == "event"_L1 && value["method"_L1].isString())
        threadFrame(value, out);
    else
        event(mode, value, out);
}

void LangGraph::started(EventWriter &out)
{
    out.started(m_run, {}, m_stateless ? QString() : m_thread);
}

// Where the run stands, as one of several versions of the server tells it.
void LangGraph::checkpoint(const json::Value &data)
{
    static const QRegularExpression name(u"^[A-Za-z0-9_-]{1,128}$"_s);
    const auto [id, place, config] = data.members("id"_L1, "checkpoint"_L1, "config"_L1);
    for (const json::Value &told : {place, config["configurable"_L1]}) {
        if (told["checkpoint_ns"_L1].isTruthy())
            return;
        if (const QString said = told["checkpoint_id"_L1].string(); name.match(said).hasMatch())
            m_checkpoint = said;
    }
    if (const QString said = id.string(); name.match(said).hasMatch())
        m_checkpoint = said;
}

// A lane has the names of the nodes on the way to it. A node that runs several times at once has several.
void LangGraph::enterNamespace(const QStringList &path, EventWriter &out)
{
    if (path.isEmpty() || m_laneOf.size() > static_cast<qsizetype>(limits::lanes)) {
        m_messages.setLane(path.isEmpty() ? QString() : path.first(), out);
        return;
    }
    const QString key = path.join(u'|');
    const auto known = m_laneOf.constFind(key);
    if (known != m_laneOf.constEnd()) {
        m_messages.setLane(*known, out);
        return;
    }
    QStringList names;
    for (const QString &segment : path)
        names.append(nameOfNode(segment));
    QString lane = names.join(u'/');
    if (const int count = ++m_lanesNamed[lane]; count > 1)
        lane += u' ' + QString::number(count);
    m_laneOf.insert(key, lane);
    m_messages.setLane(lane, out);
}

void LangGraph::event(QByteArrayView mode, const json::Value &data, EventWriter &out)
{
    if (mode == "messages") {
        messageTuple(data, out);
    } else if (mode == "messages/partial" || mode == "messages/complete") {
        m_messagesAreStreamed = true;
        data.forEach([&](const json::Value &message) { m_messages.grow(message, out); });
        if (mode == "messages/complete")
            m_messages.settle(out);
    } else if (mode == "messages/metadata") {
        data.forEachMember(
            [&](const QString &id, const json::Value &about) { nodeStarted(id, about["metadata"_L1], out); });
    } else if (mode == "updates") {
        updates(data, out);
    } else if (mode == "values") {
        state(data, out);
    } else if (mode == "custom") {
        custom(data, out);
    } else if (mode == "events") {
        runnableEvent(data, out);
    } else if (mode == "metadata") {
        if (m_thread.isEmpty() && !m_stateless)
            m_thread = data["thread_id"_L1].string();
        if (m_run.isEmpty())
            m_run = data["run_id"_L1].string();
        started(out);
    } else if (mode == "error") {
        error(data, out);
    } else if (mode == "data") {
        const json::Value operations = data["ops"_L1];
        if (operations.isArray())
            operations.forEach([&](const json::Value &operation) { patch(operation, out); });
        else if (isRunnableEvent(data))
            runnableEvent(data, out);
        else
            chunk(data, out);
    } else if (mode == "message" && isRunnableEvent(data)) {
        runnableEvent(data, out);
    } else if (mode != "debug" && mode != "tasks" && mode != "checkpoints" && mode != "feedback"
               && mode != "tools") {
        out.unknown();
    }
}

void LangGraph::messageTuple(const json::Value &tuple, EventWriter &out)
{
    json::Value metadata;
    tuple.forEach([&](const json::Value &item) { metadata = item; });
    const json::Value message = tuple.isArray() ? tuple.first() : tuple;
    m_messagesAreStreamed = true;
    nodeStarted(message["id"_L1].string(), metadata, out);
    if (!m_messages.add(message, out))
        out.unknown();
}

// Says which node speaks, once for each of its messages.
void LangGraph::nodeStarted(const QString &message, const json::Value &metadata, EventWriter &out)
{
    const auto [node, model] = metadata.members("langgraph_node"_L1, "ls_model_name"_L1);
    out.started({}, model.string());
    if (!message.isEmpty() && node.isTruthy() && m_messages.enter(message, out))
        out.status({.stage = node.string(), .message = {}, .state = event::Status::State::Running});
}

void LangGraph::updates(const json::Value &nodes, EventWriter &out)
{
    nodes.forEachMember([&](const QString &node, const json::Value &update) {
        if (node == "__interrupt__"_L1) {
            interrupts(update, out);
            return;
        }
        if (!m_messagesAreStreamed)
            state(update, out);
        m_messages.settle(out);
        out.status({.stage = node, .message = {}, .state = event::Status::State::Done});
    });
}

void LangGraph::state(const json::Value &values, EventWriter &out)
{
    interrupts(values["__interrupt__"_L1], out);
    if (!m_messagesAreStreamed)
        m_messages.snapshot(values.isArray() ? values : values["messages"_L1], out);
}

void LangGraph::interrupts(const json::Value &list, EventWriter &out)
{
    list.forEach([&](const json::Value &item) { interrupt(item, out); });
}

void LangGraph::interrupt(const json::Value &asking, EventWriter &out)
{
    const auto [id, longId, value, payload] =
        asking.members("id"_L1, "interrupt_id"_L1, "value"_L1, "payload"_L1);
    const QString name = id.isTruthy() ? id.string() : longId.string();
    m_interrupted = true;
    if (m_interrupts.contains(name) || m_interrupts.size() > static_cast<qsizetype>(limits::toolCalls))
        return;
    m_interrupts.insert(name);
    const json::Value asked = value.isTruthy() ? value : payload;
    // The forms in which agents ask whether a tool may run; anything else is shown as it is.
    const json::Value first = asked.isArray() ? asked.first() : asked;
    const json::Value request = first["action_request"_L1];
    const json::Value action = request.isObject() ? request : first["action_requests"_L1].first();
    const QString tool = firstString(action, {"action"_L1, "name"_L1});
    const json::Value arguments = action["args"_L1];
    int actions = 0;
    first["action_requests"_L1].forEach([&](const json::Value &) { ++actions; });
    // Of several actions none stands for all.
    const bool isOne = arguments.isObject() && actions < 2;
    m_messages.settle(out);
    out.approval({.id = name,
                  .name = tool.isEmpty() || actions > 1 ? u"interrupt"_s : tool,
                  .arguments = QString::fromUtf8(isOne ? arguments.compact() : asked.compact()),
                  .call = m_messages.openCallNamed(tool),
                  .context = actions > 0   ? answerform::decisions + QString::number(actions)
                      : request.isObject() ? QString(answerform::response)
                                           : QString()});
}

// Whatever a node writes by itself; most often how far it is.
void LangGraph::custom(const json::Value &data, EventWriter &out)
{
    const QString said = data.isString()
        ? data.string()
        : firstString(data, {"message"_L1, "status"_L1, "progress"_L1, "text"_L1, "content"_L1, "title"_L1});
    const QString stage = firstString(data, {"stage"_L1, "step"_L1, "node"_L1, "name"_L1, "type"_L1});
    out.status({.stage = stage.isEmpty() ? u"custom"_s : stage,
                .message = said.isEmpty() ? excerpt(data.compact()) : said,
                .state = event::Status::State::Running});
}

void LangGraph::error(const json::Value &data, EventWriter &out)
{
    m_messages.settle(out);
    if (data.isString()) {
        out.fail({.kind = NetError::Kind::Server, .message = excerpt(data.string().toUtf8())});
        return;
    }
    NetError error = errorFromJson(data, 0);
    const auto [name, message] = data.members("error"_L1, "message"_L1);
    if (name.isString() && message.isTruthy()) {
        error.code = excerpt(name.string().toUtf8());
        error.message = excerpt(message.string().toUtf8());
    }
    out.fail(std::move(error));
}

void LangGraph::threadFrame(const json::Value &frame, EventWriter &out)
{
    const auto [method, params, sequence] = frame.members("method"_L1, "params"_L1, "seq"_L1);
    // A stream that is joined again may tell things twice.
    if (const auto number = sequence.integer()) {
        if (*number <= m_sequence)
            return;
        m_sequence = *number;
    }
    const json::Value data = params["data"_L1];
    QStringList path;
    params["namespace"_L1].forEach([&](const json::Value &segment) { path.append(segment.string()); });
    const QString place = path.join(u'|');
    const bool isRun = path.isEmpty();
    // The last name is the node's own: only the graph around it is a lane.
    if (!path.isEmpty())
        path.removeLast();
    enterNamespace(path, out);
    started(out);

    if (method == "checkpoints"_L1 && isRun)
        checkpoint(data);
    if (method == "messages"_L1) {
        m_messagesAreStreamed = true;
        if (data["event"_L1] == "message-start"_L1
            && m_messageIn.size() <= static_cast<qsizetype>(limits::messages)) {
            const json::Value role = data["role"_L1];
            const bool isOther = role.isTruthy() && role != "assistant"_L1 && role != "ai"_L1;
            m_messageIn.insert(place, isOther ? QString() : data["id"_L1].string());
            m_toolMessage.insert(place, role == "tool"_L1 ? data["tool_call_id"_L1].string() : QString());
        }
        const QString message = m_messageIn.value(place);
        if (!message.isEmpty()) {
            m_messages.enter(message, out);
            threadMessage(data, out);
        } else if (const QString call = m_toolMessage.value(place);
                   !call.isEmpty() && data["event"_L1] == "content-block-finish"_L1) {
            m_messages.toolResult(call, {}, data["content"_L1]["text"_L1], false, out);
        }
    } else if (method == "tools"_L1) {
        toolEvent(data, out);
    } else if (method == "lifecycle"_L1) {
        lifecycle(data, isRun, out);
    } else if (method == "input.requested"_L1) {
        interrupt(data, out);
    } else if (method == "error"_L1) {
        error(data, out);
    } else {
        const QByteArray mode = method.string().toUtf8();
        event(mode, data, out);
    }
}

void LangGraph::threadMessage(const json::Value &data, EventWriter &out)
{
    const auto [event, index, content, delta, counts, reason] =
        data.members("event"_L1, "index"_L1, "content"_L1, "delta"_L1, "usage"_L1, "reason"_L1);
    const QString place = QString::fromUtf8(index.compact());
    m_messages.usage(counts, false, out);
    if (event == "content-block-start"_L1) {
        contentBlock(content, place, out);
    } else if (event == "content-block-delta"_L1) {
        const json::Value type = delta["type"_L1];
        if (type == "block-delta"_L1)
            contentBlock(delta["fields"_L1], place, out);
        else if (type == "text-delta"_L1)
            m_messages.text(delta["text"_L1].string(), out);
        else if (type == "reasoning-delta"_L1)
            m_messages.reasoning(delta["reasoning"_L1].string(), place, out);
    } else if (event == "content-block-finish"_L1) {
        // Of blocks that were streamed the end says nothing new but a call's arguments.
        const json::Value type = content["type"_L1];
        if (type == "tool_call"_L1 || type == "tool_call_chunk"_L1 || type == "tool_use"_L1)
            contentBlock(content, place, out);
        else if (type == "text"_L1 && m_messages.saidNothing())
            m_messages.text(content["text"_L1].string(), out);
    } else if (event == "message-finish"_L1) {
        if (reason.isTruthy())
            m_messages.finishReason(reason);
        m_messages.settle(out);
    } else if (event == "message-error"_L1) {
        out.status({.stage = u"message"_s,
                    .message = firstString(data, {"message"_L1, "error"_L1}),
                    .state = event::Status::State::Failed});
    }
}

// A block as it begins, or the members of one that have changed: a call's arguments are all there are yet.
void LangGraph::contentBlock(const json::Value &block, const QString &place, EventWriter &out)
{
    const auto [type, id, name, args, input] =
        block.members("type"_L1, "id"_L1, "name"_L1, "args"_L1, "input"_L1);
    if (type == "text"_L1) {
        m_messages.text(block["text"_L1].string(), out);
    } else if (type == "reasoning"_L1) {
        m_messages.reasoning(block["reasoning"_L1].string(), place, out);
    } else if (type == "tool_call_chunk"_L1 || type == "tool_call"_L1 || type == "tool_use"_L1) {
        m_messages.toolCall(id.string(), place, name.string(), out);
        if (args.isString())
            m_messages.growToolArguments(args.string(), out);
        else if (args.isObject() || input.isObject())
            m_messages.wholeToolArguments(args.isObject() ? args : input);
    }
}

void LangGraph::toolEvent(const json::Value &data, EventWriter &out)
{
    const auto [event, id, name, input, output, delta] =
        data.members("event"_L1, "tool_call_id"_L1, "tool_name"_L1, "input"_L1, "output"_L1, "delta"_L1);
    const QString call = id.string();
    if (event == "tool-started"_L1) {
        m_messages.toolCall(call, {}, name.string(), out);
        m_messages.wholeToolArguments(input);
        m_messages.settle(out);
    } else if (event == "tool-output-delta"_L1) {
        const QString said = (delta.isTruthy() ? delta : output).text();
        if (!said.isEmpty())
            out.status({.stage = name.isTruthy() ? name.string() : u"tools"_s,
                        .message = excerpt(said.toUtf8()),
                        .state = event::Status::State::Running});
    } else if (event == "tool-finished"_L1) {
        const json::Value content = output["content"_L1];
        const bool isMessage = output["type"_L1] == "tool"_L1;
        m_messages.toolResult(call, isMessage ? output["name"_L1].string() : name.string(),
                              isMessage ? content : output, output["status"_L1] == "error"_L1, out);
    } else if (event == "tool-error"_L1) {
        const json::Value message = data["message"_L1];
        m_messages.toolResult(call, name.string(), message.isTruthy() ? message : data["error"_L1], true,
                              out);
    }
}

void LangGraph::lifecycle(const json::Value &data, bool isRun, EventWriter &out)
{
    const auto [event, graph] = data.members("event"_L1, "graph_name"_L1);
    if (isRun && event == "failed"_L1) {
        json::Value cause = data["error"_L1];
        if (cause.isString() || !cause.isTruthy())
            cause = data;
        error(cause, out);
    } else if (isRun && event == "interrupted"_L1) {
        m_interrupted = true;
        end(out);
    } else if (isRun && event == "completed"_L1) {
        end(out);
    } else {
        out.status({.stage = graph.string(),
                    .message = {},
                    .state = event == "completed"_L1 ? event::Status::State::Done
                        : event == "failed"_L1       ? event::Status::State::Failed
                                                     : event::Status::State::Running});
    }
}

// What a chain streams: text, a message, or an object whose members are to be joined.
void LangGraph::chunk(const json::Value &chunk, EventWriter &out)
{
    if (chunk.isString()) {
        m_messages.text(chunk.string(), out);
        return;
    }
    if (m_messages.add(chunk, out))
        return;
    const json::Value messages = chunk["messages"_L1];
    const QString said =
        firstString(chunk, {"output"_L1, "answer"_L1, "text"_L1, "result"_L1, "response"_L1, "content"_L1});
    if (!said.isEmpty())
        m_messages.text(said, out);
    else if (messages.isTruthy())
        m_messages.snapshot(messages, out);
    else
        out.unknown();
}

// One change to the log of a run, of which only what is streamed and how it ends is of use.
void LangGraph::patch(const json::Value &operation, EventWriter &out)
{
    const auto [path, value] = operation.members("path"_L1, "value"_L1);
    if (path == "/streamed_output/-"_L1)
        chunk(value, out);
    else if (path == "/final_output"_L1 && m_messages.saidNothing())
        chunk(value, out);
    else if (path == ""_L1)
        out.started(value["id"_L1].string(), {});
}

void LangGraph::runnableEvent(const json::Value &event, EventWriter &out)
{
    const auto [kind, name, run, data] = event.members("event"_L1, "name"_L1, "run_id"_L1, "data"_L1);
    const auto [input, piece, output, failure] =
        data.members("input"_L1, "chunk"_L1, "output"_L1, "error"_L1);
    const QString runId = run.string();
    if (kind == "on_chat_model_stream"_L1) {
        if (piece.isString()) {
            m_messages.enter(runId, out);
            m_messages.text(piece.string(), out);
        } else {
            m_messages.add(piece, out, runId);
        }
    } else if (kind == "on_llm_stream"_L1) {
        m_messages.enter(runId, out);
        m_messages.text(piece.isString() ? piece.string() : piece["text"_L1].string(), out);
    } else if (kind == "on_chat_model_end"_L1) {
        m_messages.grow(output, out, runId);
        m_messages.settle(out);
    } else if (kind == "on_tool_start"_L1) {
        QString call = m_messages.openCallNamed(name.string());
        if (call.isEmpty()) {
            call = runId;
            m_messages.toolCall(call, {}, name.string(), out);
            m_messages.wholeToolArguments(input);
        }
        if (m_callOfRun.size() <= static_cast<qsizetype>(limits::toolCalls))
            m_callOfRun.insert(runId, call);
        m_messages.settle(out);
    } else if (kind == "on_tool_end"_L1 || kind == "on_tool_error"_L1) {
        const bool isMessage = output["tool_call_id"_L1].isString();
        const QString call = isMessage ? output["tool_call_id"_L1].string() : m_callOfRun.value(runId, runId);
        const bool isError = kind == "on_tool_error"_L1 || output["status"_L1] == "error"_L1;
        m_messages.toolResult(call, name.string(),
                              failure.isTruthy() ? failure
                                  : isMessage    ? output["content"_L1]
                                                 : output,
                              isError, out);
    } else if (kind == "on_custom_event"_L1) {
        out.status({.stage = name.string(),
                    .message = excerpt(data.text().toUtf8()),
                    .state = event::Status::State::Running});
    }
}

void LangGraph::end(EventWriter &out)
{
    m_messages.setLane({}, out);
    m_messages.settle(out);
    if (!m_stateless && !m_thread.isEmpty() && !m_checkpoint.isEmpty())
        out.started({}, {}, m_thread + u'@' + m_checkpoint);
    out.finished(reason().value_or(FinishReason::Stop));
    out.complete();
}

std::optional<FinishReason> LangGraph::reason() const
{
    return m_interrupted ? FinishReason::Pause : m_messages.finishReason();
}

bool LangGraph::document(QByteArrayView json, EventWriter &out)
{
    const std::optional<json::Value> answer = m_reader.read(json);
    if (!answer)
        return false;
    // The state that a run ended with, or what a chain gave.
    const auto [messages, output, interrupt] =
        answer->members("messages"_L1, "output"_L1, "__interrupt__"_L1);
    if (!messages.isArray() && !output.isTruthy() && !interrupt.isTruthy())
        return false;
    m_messagesAreStreamed = false;
    started(out);
    if (output.isTruthy())
        chunk(output, out);
    else
        state(*answer, out);
    end(out);
    return true;
}

void LangGraph::finish(bool clean, EventWriter &out)
{
    m_messages.setLane({}, out);
    m_messages.settle(out);
    if (const auto last = reason(); clean && last && *last != FinishReason::ToolCalls)
        out.finished(*last);
}

} // namespace rivulet
