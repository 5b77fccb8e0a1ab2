// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demoserver.h"

#include "net/demo/demoreply.h"
#include "net/demo/demostream.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto Json = "application/json";
constexpr auto SlowModel = "demo-slow"_L1;
constexpr double WordsPerSecond = 1;
constexpr int CharactersPerToken = 4;

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

void refuse(HttpConnection *connection, int status, const QString &type, const QString &message,
            const HttpHeaders &headers = {})
{
    const QJsonObject error{{u"message"_s, message}, {u"type"_s, type}, {u"code"_s, type}};
    connection->respond(status, Json, compact({{u"error"_s, error}}), headers);
}

// The text of a message, whose content is a string or a list of parts.
QString textOf(const QJsonObject &message)
{
    const QJsonValue content = message.value("content"_L1);
    if (content.isString())
        return content.toString();
    QString text;
    for (const QJsonValue &part : content.toArray())
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
    for (const QJsonValue &value : messages) {
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
        return "data: " + compact(chunk) + "\n\n";
    }

    QByteArray usageEvent(const QJsonObject &usage) const
    {
        QJsonObject chunk = object(u"chat.completion.chunk"_s);
        chunk.insert("choices"_L1, QJsonArray());
        chunk.insert("usage"_L1, usage);
        return "data: " + compact(chunk) + "\n\n";
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
    const bool isModels = request.path() == "/v1/models";
    const bool isCompletions = request.path() == "/v1/chat/completions";
    if (isModels && request.method == "GET") {
        listModels(connection);
    } else if (isCompletions && request.method == "POST") {
        complete(connection);
    } else if (isModels || isCompletions) {
        refuse(connection, 405, u"method_not_allowed"_s, u"This address takes another method"_s,
               {{"Allow", isModels ? "GET" : "POST"}});
    } else {
        refuse(connection, 404, u"not_found"_s, u"There is nothing at this address"_s);
    }
}

void DemoServer::listModels(HttpConnection *connection)
{
    QJsonArray models;
    for (const QString &id : {u"demo"_s, QString(SlowModel)})
        models.append(QJsonObject{{u"id"_s, id}, {u"object"_s, u"model"_s}, {u"owned_by"_s, u"rivulet"_s}});
    connection->respond(200, Json, compact({{u"object"_s, u"list"_s}, {u"data"_s, models}}));
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
    if (reply.ending == DemoReply::Ending::RateLimited) {
        refuse(connection, 429, u"rate_limit_exceeded"_s,
               u"The demo pretends that you asked too often. Try again in 20 seconds."_s,
               {{"Retry-After", "20"}});
        return;
    }
    if (reply.ending == DemoReply::Ending::ServerError) {
        refuse(connection, 500, u"server_error"_s, u"The demo pretends that something in it broke."_s);
        return;
    }
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
        connection->respond(200, Json, compact(whole));
        return;
    }

    DemoStream::Plan plan;
    plan.drop = reply.ending == DemoReply::Ending::Drop;
    plan.eventsPerSecond = reply.slow ? WordsPerSecond
        : model == SlowModel          ? m_tokensPerSecond / 10
                                      : m_tokensPerSecond;
    plan.events.append(envelope.event({{u"role"_s, u"assistant"_s}, {u"content"_s, u""_s}}));
    for (const QString &thought : thoughts)
        plan.events.append(envelope.event({{u"reasoning_content"_s, thought}}));
    for (const QString &token : tokens)
        plan.events.append(envelope.event({{u"content"_s, token}}));
    if (!plan.drop) {
        plan.events.append(envelope.event({}, u"stop"_s));
        if (request.value("stream_options"_L1)["include_usage"_L1].toBool())
            plan.events.append(envelope.usageEvent(usage));
        plan.events.append("data: [DONE]\n\n");
    }
    auto *stream = new DemoStream(std::move(plan), connection);
    ++m_activeStreams;
    connect(stream, &QObject::destroyed, this, [this] { --m_activeStreams; });
    stream->start();
}

} // namespace rivulet
