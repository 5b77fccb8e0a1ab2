// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demoserver.h"

#include "net/demo/demomessages.h"
#include "net/demo/demopacer.h"
#include "net/demo/demoreply.h"
#include "net/demo/demosocket.h"
#include "net/demo/demostream.h"
#include "net/wire/jsontext.h"

#include <QtCore/qdatetime.h>
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

constexpr auto Json = "application/json";
constexpr auto SlowModel = "demo-slow"_L1;
constexpr double WordsPerSecond = 1;
constexpr int CharactersPerToken = 4;
constexpr QByteArrayView CancelWord = "cancel";
constexpr int NormalClosure = 1000;
constexpr auto Cancelled = R"({"type":"cancelled","message":"Stopped as you asked"})";

void refuse(HttpConnection *connection, int status, const QString &type, const QString &message,
            const HttpHeaders &headers = {})
{
    const QJsonObject error{{u"message"_s, message}, {u"type"_s, type}, {u"code"_s, type}};
    connection->respond(status, Json, compactJson(QJsonObject{{u"error"_s, error}}), headers);
}

// Refuses where the reply is a refusal, and says whether it did.
bool refusePretended(HttpConnection *connection, const DemoReply &reply)
{
    if (reply.ending == DemoReply::Ending::RateLimited) {
        refuse(connection, 429, u"rate_limit_exceeded"_s,
               u"The demo pretends that you asked too often. Try again in 20 seconds."_s,
               {{"Retry-After", "20"}});
        return true;
    }
    if (reply.ending == DemoReply::Ending::ServerError) {
        refuse(connection, 500, u"server_error"_s, u"The demo pretends that something in it broke."_s);
        return true;
    }
    return false;
}

// The question of a query in its address. Browsers and servers write a blank as a plus.
QString questionIn(const ReceivedRequest &request)
{
    QUrlQuery query(QUrl::fromEncoded(request.target).query(QUrl::FullyEncoded).replace(u'+', "%20"_L1));
    return query.queryItemValue(u"question"_s, QUrl::FullyDecoded);
}

// The text of a message, whose content is a string or a list of parts.
QString textOf(const QJsonObject &message)
{
    const QJsonValue content = message.value("content"_L1);
    if (content.isString())
        return content.toString();
    QString text;
    const QJsonArray parts = content.toArray();
    for (const QJsonValueConstRef part : parts)
        text += part["text"_L1].toString();
    return text;
}

struct Question
{
    QString prompt;          ///< the last words of the user
    QString begun;           ///< what the assistant has said to them already, to be gone on from
    qint64 promptTokens = 0; ///< of the whole history, roughly
};

Question questionOf(const QJsonArray &messages)
{
    Question question;
    qint64 characters = 0;
    for (const QJsonValueConstRef value : messages) {
        const QJsonObject message = value.toObject();
        const QString text = textOf(message);
        characters += text.size();
        if (message.value("role"_L1) == "user"_L1) {
            question.prompt = text;
            question.begun.clear();
        } else if (message.value("role"_L1) == "assistant"_L1) {
            question.begun = text;
        }
    }
    question.promptTokens = characters / CharactersPerToken + messages.size();
    return question;
}

// The parts of chat.completion and chat.completion.chunk objects that stay the same for one answer.
struct Envelope
{
    QString id;
    qint64 created = 0;
    QString model;

    QJsonObject object(const QString &kind) const
    {
        return {{u"id"_s, id}, {u"object"_s, kind}, {u"created"_s, created}, {u"model"_s, model}};
    }

    QByteArray event(const QJsonObject &delta, const QJsonValue &finishReason = QJsonValue::Null) const
    {
        QJsonObject chunk = object(u"chat.completion.chunk"_s);
        const QJsonObject choice{{u"index"_s, 0}, {u"delta"_s, delta}, {u"finish_reason"_s, finishReason}};
        chunk.insert("choices"_L1, QJsonArray{choice});
        return "data: " + compactJson(chunk) + "\n\n";
    }

    QByteArray usageEvent(const QJsonObject &usage) const
    {
        QJsonObject chunk = object(u"chat.completion.chunk"_s);
        chunk.insert("choices"_L1, QJsonArray());
        chunk.insert("usage"_L1, usage);
        return "data: " + compactJson(chunk) + "\n\n";
    }
};

} // namespace

DemoServer::DemoServer(QObject *parent) : QObject(parent)
{
    connect(&m_responder, &HttpResponder::requested, this, &DemoServer::answer);
}

DemoServer::~DemoServer()
{
    m_responder.close();
}

bool DemoServer::start(quint16 port)
{
    return m_responder.listen(port);
}

QUrl DemoServer::baseUrl() const
{
    return QUrl(u"http://127.0.0.1:%1/v1"_s.arg(m_responder.port()));
}

QUrl DemoServer::agentUrl() const
{
    return QUrl(u"ws://127.0.0.1:%1/agent"_s.arg(m_responder.port()));
}

QUrl DemoServer::duplexUrl() const
{
    return QUrl(u"ws://127.0.0.1:%1/duplex"_s.arg(m_responder.port()));
}

// A page in the user's browser can reach this port too, by its address or by a name that it makes resolve
// to 127.0.0.1. The first shows in Origin, the second in Host.
bool DemoServer::isOwn(const ReceivedRequest &request) const
{
    const QByteArray port = ':' + QByteArray::number(m_responder.port());
    const QByteArray host = request.header("host").toLower();
    const QByteArray origin = request.header("origin").toLower();
    const auto isOurs = [&](const QByteArray &name) {
        return name == "127.0.0.1" + port || name == "localhost" + port;
    };
    return isOurs(host) && (origin.isNull() || (origin.startsWith("http://") && isOurs(origin.sliced(7))));
}

void DemoServer::answer(HttpConnection *connection)
{
    const ReceivedRequest &request = connection->request();
    if (!isOwn(request)) {
        refuse(connection, 403, u"forbidden"_s, u"The demo answers to this computer's own programs only"_s);
        return;
    }
    struct Place
    {
        QByteArrayView path;
        QByteArrayView method;
        bool isWebSocket = false;
        void (DemoServer::*answer)(HttpConnection *) = nullptr;
    };
    static constexpr auto places = std::to_array<Place>({
        {"/v1/models", "GET", false, &DemoServer::listModels},
        {"/v1/chat/completions", "POST", false, &DemoServer::complete},
        {"/agent/ws/agent/stream", "GET", true, &DemoServer::openAgentQuery},
        {"/agent/ws/agent/interactive", "GET", true, &DemoServer::openAgentSession},
        {"/agent/agent/stream", "GET", false, &DemoServer::streamAgentQuery},
        {"/duplex/stream", "GET", true, &DemoServer::openDuplex},
        {"/duplex/api/chat", "POST", false, &DemoServer::answerPlainly},
    });
    const QByteArray path = request.path();
    const auto place = std::ranges::find(places, QByteArrayView(path), &Place::path);
    if (place == places.end()) {
        refuse(connection, 404, u"not_found"_s, u"There is nothing at this address"_s);
    } else if (place->method != request.method) {
        refuse(connection, 405, u"method_not_allowed"_s, u"This address takes another method"_s,
               {{"Allow", place->method.toByteArray()}});
    } else if (place->isWebSocket && !asksForWebSocket(request)) {
        refuse(connection, 426, u"upgrade_required"_s, u"This address takes a WebSocket"_s,
               {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}});
    } else {
        (this->*place->answer)(connection);
    }
}

void DemoServer::listModels(HttpConnection *connection)
{
    QJsonArray models;
    for (const QString &id : {u"demo"_s, QString(SlowModel)})
        models.append(QJsonObject{{u"id"_s, id}, {u"object"_s, u"model"_s}, {u"owned_by"_s, u"rivulet"_s}});
    connection->respond(200, Json, compactJson({{u"object"_s, u"list"_s}, {u"data"_s, models}}));
}

void DemoServer::complete(HttpConnection *connection)
{
    QJsonParseError error;
    const QJsonObject request = QJsonDocument::fromJson(connection->request().body, &error).object();
    const QJsonArray messages = request.value("messages"_L1).toArray();
    if (error.error != QJsonParseError::NoError || messages.isEmpty()) {
        refuse(connection, 400, u"invalid_request_error"_s,
               error.error != QJsonParseError::NoError ? error.errorString() : u"There are no messages"_s);
        return;
    }
    const Question question = questionOf(messages);
    DemoReply reply = demoReply(question.prompt);
    if (refusePretended(connection, reply))
        return;
    // What was cut off is gone on from, and this time arrives.
    if (!question.begun.isEmpty() && reply.text.startsWith(question.begun)) {
        reply.text = reply.text.sliced(question.begun.size());
        reply.reasoning.clear();
        reply.ending = DemoReply::Ending::Complete;
    }

    const QStringList thoughts = demoTokens(reply.reasoning);
    const QStringList tokens = reply.slow ? demoWords(reply.text) : demoTokens(reply.text);
    const qint64 outputTokens = thoughts.size() + tokens.size();
    const QJsonObject usage{
        {u"prompt_tokens"_s, question.promptTokens},
        {u"completion_tokens"_s, outputTokens},
        {u"total_tokens"_s, question.promptTokens + outputTokens},
        {u"completion_tokens_details"_s, QJsonObject{{u"reasoning_tokens"_s, thoughts.size()}}}};
    const QString model = request.value("model"_L1).toString(u"demo"_s);
    const Envelope envelope{
        .id = u"demo-%1"_s.arg(++m_answers), .created = QDateTime::currentSecsSinceEpoch(), .model = model};

    if (!request.value("stream"_L1).toBool()) {
        QJsonObject message{{u"role"_s, u"assistant"_s}, {u"content"_s, reply.text}};
        if (!reply.reasoning.isEmpty())
            message.insert("reasoning_content"_L1, reply.reasoning);
        QJsonObject whole = envelope.object(u"chat.completion"_s);
        const QJsonObject choice{{u"index"_s, 0}, {u"message"_s, message}, {u"finish_reason"_s, u"stop"_s}};
        whole.insert("choices"_L1, QJsonArray{choice});
        whole.insert("usage"_L1, usage);
        connection->respond(200, Json, compactJson(whole));
        return;
    }

    DemoStream stream;
    stream.drop = reply.ending == DemoReply::Ending::Drop;
    stream.eventsPerSecond = !reply.slow && model == SlowModel ? m_tokensPerSecond / 10 : rateOf(reply);
    stream.events.append(envelope.event({{u"role"_s, u"assistant"_s}, {u"content"_s, u""_s}}));
    for (const QString &thought : thoughts)
        stream.events.append(envelope.event({{u"reasoning_content"_s, thought}}));
    for (const QString &token : tokens)
        stream.events.append(envelope.event({{u"content"_s, token}}));
    if (!stream.drop) {
        stream.events.append(envelope.event({}, u"stop"_s));
        if (request.value("stream_options"_L1)["include_usage"_L1].toBool())
            stream.events.append(envelope.usageEvent(usage));
        stream.events.append("data: [DONE]\n\n");
    }
    count(stream.startOn(connection));
}

double DemoServer::rateOf(const DemoReply &reply) const
{
    return reply.slow ? WordsPerSecond : m_tokensPerSecond;
}

void DemoServer::count(DemoPacer *answer)
{
    ++m_activeStreams;
    connect(answer, &QObject::destroyed, this, [this] { --m_activeStreams; });
}

void DemoServer::play(DemoSocket *socket, const DemoReply &reply, const QByteArrayList &messages)
{
    // An answer before it may have been stopped short of its drop.
    disconnect(socket, &DemoSocket::played, socket, &DemoSocket::drop);
    if (reply.ending == DemoReply::Ending::Drop)
        connect(socket, &DemoSocket::played, socket, &DemoSocket::drop);
    count(socket->play(messages, rateOf(reply)));
}

// Being asked is being opened. All that it understands is the word "cancel".
void DemoServer::openAgentQuery(HttpConnection *connection)
{
    const DemoReply reply = demoReply(questionIn(connection->request()));
    auto *socket = new DemoSocket(connection);
    connect(socket, &DemoSocket::message, this, [socket](const QByteArray &text) {
        if (text != CancelWord || !socket->isPlaying())
            return;
        socket->stop();
        socket->say(Cancelled);
        socket->close(NormalClosure);
    });
    if (reply.ending != DemoReply::Ending::Drop)
        connect(socket, &DemoSocket::played, socket, [socket] { socket->close(NormalClosure); });
    play(socket, reply, demoAgentEvents(reply, DemoAgentWay::Query));
}

void DemoServer::openAgentSession(HttpConnection *connection)
{
    auto *socket = new DemoSocket(connection);
    connect(socket, &DemoSocket::message, this, [this, socket](const QByteArray &text) {
        if (text == CancelWord) {
            if (socket->isPlaying()) {
                socket->stop();
                socket->say(Cancelled);
            }
            return;
        }
        const QJsonObject request = QJsonDocument::fromJson(text).object();
        const QString action = request.value("action"_L1).toString();
        if (action == "ping"_L1) {
            socket->say(
                compactJson({{u"type"_s, u"pong"_s}, {u"timestamp"_s, request.value("timestamp"_L1)}}));
        } else if (action == "query"_L1 && !socket->isPlaying()) {
            const DemoReply reply = demoReply(request.value("question"_L1).toString());
            play(socket, reply, demoAgentEvents(reply, DemoAgentWay::Session));
        } else if (action != "pong"_L1) {
            const QString why =
                action == "query"_L1 ? u"One query at a time"_s : u"This is no action that the demo knows"_s;
            socket->say(compactJson({{u"type"_s, u"error"_s}, {u"message"_s, why}}));
        }
    });
}

void DemoServer::streamAgentQuery(HttpConnection *connection)
{
    const DemoReply reply = demoReply(questionIn(connection->request()));
    DemoStream stream{.eventsPerSecond = rateOf(reply), .drop = reply.ending == DemoReply::Ending::Drop};
    for (const QByteArray &event : demoAgentEvents(reply, DemoAgentWay::Query))
        stream.events.append("data: " + event + "\n\n");
    count(stream.startOn(connection));
}

// What was to be said to an older question or instruction is left out, and where that is asked for, said to
// be.
void DemoServer::openDuplex(HttpConnection *connection)
{
    auto *socket = new DemoSocket(connection);
    connect(socket, &DemoSocket::message, this, [this, socket](const QByteArray &text) {
        const QJsonObject message = QJsonDocument::fromJson(text).object();
        const QString type = message.value("type"_L1).toString();
        QString prompt = message.value("content"_L1).toString();
        if (type == "ping"_L1) {
            socket->say(
                compactJson({{u"type"_s, u"pong"_s}, {u"timestamp"_s, message.value("timestamp"_L1)}}));
            return;
        }
        if (type == "interrupt"_L1) {
            prompt = message.value("new_instruction"_L1).toString();
            socket->stop();
            socket->say(compactJson({{u"type"_s, u"user_interrupt"_s}, {u"message"_s, prompt}}));
            if (prompt.isEmpty())
                return;
        } else if (type != "user_message"_L1) {
            return;
        }
        const DemoReply reply = demoReply(prompt);
        play(socket, reply, demoDuplexMessages(reply));
    });
}

void DemoServer::answerPlainly(HttpConnection *connection)
{
    const QJsonObject request = QJsonDocument::fromJson(connection->request().body).object();
    if (!request.value("message"_L1).isString()) {
        refuse(connection, 400, u"invalid_request_error"_s, u"There is no message"_s);
        return;
    }
    const DemoReply reply = demoReply(request.value("message"_L1).toString());
    if (!refusePretended(connection, reply))
        connection->respond(200, Json, compactJson(demoDuplexDocument(reply)));
}

} // namespace rivulet
