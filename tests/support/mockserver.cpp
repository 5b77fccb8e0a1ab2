// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mockserver.h"

#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qtcpserver.h>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace rivulet::test {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 FloodAhead = 256 * 1024;
}

MockAnswer &MockAnswer::raw(const QByteArray &bytes)
{
    m_steps.emplace_back(Raw{bytes});
    return *this;
}

MockAnswer &MockAnswer::head(int status, const HttpHeaders &headers)
{
    return raw(httpHead(status, headers));
}

MockAnswer &MockAnswer::chunk(const QByteArray &data)
{
    return raw(httpChunk(data));
}

MockAnswer &MockAnswer::sliced(const QByteArray &data, qsizetype size)
{
    for (qsizetype at = 0; at < data.size(); at += size)
        chunk(data.mid(at, size));
    return *this;
}

MockAnswer &MockAnswer::flood(qint64 size)
{
    m_steps.emplace_back(Flood{size});
    return *this;
}

MockAnswer &MockAnswer::wait()
{
    m_steps.emplace_back(Wait{});
    return *this;
}

MockAnswer &MockAnswer::delay(std::chrono::milliseconds time)
{
    m_steps.emplace_back(Delay{time});
    return *this;
}

MockAnswer &MockAnswer::end()
{
    return chunk({}).keep();
}

MockAnswer &MockAnswer::keep()
{
    m_steps.emplace_back(Keep{});
    return *this;
}

MockAnswer &MockAnswer::close()
{
    m_steps.emplace_back(Close{});
    return *this;
}

MockAnswer &MockAnswer::reset()
{
    m_steps.emplace_back(Reset{});
    return *this;
}

MockAnswer &MockAnswer::accept(const HttpHeaders &headers)
{
    m_steps.emplace_back(Accept{headers});
    return *this;
}

MockAnswer &MockAnswer::text(const QByteArray &message)
{
    return raw(webSocketFrame(WebSocketOpcode::Text, message));
}

MockAnswer &MockAnswer::binary(const QByteArray &message)
{
    return raw(webSocketFrame(WebSocketOpcode::Binary, message));
}

MockAnswer &MockAnswer::fragments(const QByteArray &message, qsizetype size)
{
    constexpr quint8 final = 0x80;
    quint8 opcode = std::to_underlying(WebSocketOpcode::Text);
    for (qsizetype at = 0; at < message.size(); at += size) {
        const quint8 bits = at + size >= message.size() ? final : 0;
        raw(webSocketFrame(static_cast<quint8>(bits | opcode), message.mid(at, size)));
        opcode = std::to_underlying(WebSocketOpcode::Continuation);
    }
    return *this;
}

MockAnswer &MockAnswer::oversizeFrame(quint64 size)
{
    return raw(webSocketFrameHead(0x81, size));
}

MockAnswer &MockAnswer::expect(int count)
{
    m_steps.emplace_back(Expect{count});
    return *this;
}

MockAnswer &MockAnswer::reply(Reply reply)
{
    m_steps.emplace_back(std::move(reply));
    return *this;
}

MockAnswer &MockAnswer::deaf()
{
    m_steps.emplace_back(Deaf{});
    return *this;
}

MockAnswer &MockAnswer::closeWith(int code, const QByteArray &reason)
{
    m_steps.emplace_back(CloseWith{.code = code, .reason = reason});
    return *this;
}

MockAnswer MockAnswer::webSocket()
{
    MockAnswer answer;
    return answer.accept();
}

MockAnswer MockAnswer::webSocket(const QByteArrayList &messages)
{
    MockAnswer answer = webSocket();
    for (const QByteArray &message : messages)
        answer.text(message);
    return answer;
}

MockAnswer MockAnswer::whole(int status, const QByteArray &contentType, const QByteArray &body,
                             HttpHeaders headers)
{
    headers.append({"Content-Type", contentType});
    headers.append({"Content-Length", QByteArray::number(body.size())});
    MockAnswer answer;
    answer.head(status, headers);
    if (!body.isEmpty())
        answer.raw(body);
    return answer.keep();
}

MockAnswer MockAnswer::json(const QByteArray &body, int status)
{
    return whole(status, "application/json", body);
}

MockAnswer MockAnswer::redirect(int status, const QUrl &target)
{
    return whole(status, "text/plain", "moved", {{"Location", target.toEncoded()}});
}

MockAnswer MockAnswer::stream()
{
    MockAnswer answer;
    return answer.head(200, {{"Content-Type", "text/event-stream"}, {"Transfer-Encoding", "chunked"}});
}

MockAnswer MockAnswer::stream(const QByteArrayList &events)
{
    MockAnswer answer = stream();
    for (const QByteArray &event : events)
        answer.chunk(event);
    return answer.end();
}

MockAnswer MockAnswer::streamUntilClose()
{
    MockAnswer answer;
    return answer.head(200, {{"Content-Type", "text/event-stream"}, {"Connection", "close"}});
}

struct MockServer::Exchange : std::enable_shared_from_this<Exchange>
{
    QPointer<HttpConnection> connection;
    MockAnswer answer;
    std::size_t next = 0;
    qint64 flooded = 0;
    WebSocketReader reader;
    QByteArrayList unanswered; ///< messages that came and that no step has taken yet
    int expected = 0;          ///< messages that the present step still waits for
    MockAnswer::Reply reply;
    bool isDeaf = false;
    bool hasClosed = false;

    // Each performs one step. False where the step has more to wait for and goes on by itself.
    bool perform(MockServer &, const MockAnswer::Raw &raw);
    bool perform(MockServer &server, const MockAnswer::Flood &flood);
    bool perform(MockServer &server, const MockAnswer::Wait &);
    bool perform(MockServer &server, const MockAnswer::Delay &delay);
    bool perform(MockServer &server, const MockAnswer::Accept &accept);
    bool perform(MockServer &, const MockAnswer::Expect &expect);
    bool perform(MockServer &, const MockAnswer::Reply &made);
    bool perform(MockServer &, const MockAnswer::Deaf &);
    bool perform(MockServer &, const MockAnswer::CloseWith &with);
    bool perform(MockServer &, const MockAnswer::Keep &);
    bool perform(MockServer &, const MockAnswer::Close &);
    bool perform(MockServer &, const MockAnswer::Reset &);

    void answerMessages();
};

bool MockServer::Exchange::perform(MockServer &, const MockAnswer::Raw &raw)
{
    connection->send(raw.bytes);
    return true;
}

bool MockServer::Exchange::perform(MockServer &server, const MockAnswer::Flood &flood)
{
    const qint64 size = std::min(FloodAhead - connection->unsent(), flood.size - flooded);
    if (size > 0) {
        connection->send(QByteArray(size, 'x'));
        flooded += size;
        server.m_floodSent += size;
    }
    if (flooded < flood.size) {
        connect(
            connection, &HttpConnection::sent, &server,
            [&server, exchange = shared_from_this()] { server.later(exchange); }, Qt::SingleShotConnection);
        return false;
    }
    flooded = 0;
    return true;
}

bool MockServer::Exchange::perform(MockServer &server, const MockAnswer::Wait &)
{
    ++next;
    server.m_waiting.push_back(shared_from_this());
    return false;
}

bool MockServer::Exchange::perform(MockServer &server, const MockAnswer::Delay &delay)
{
    ++next;
    QTimer::singleShot(delay.time, &server,
                       [&server, exchange = shared_from_this()] { server.step(exchange); });
    return false;
}

bool MockServer::Exchange::perform(MockServer &server, const MockAnswer::Accept &accept)
{
    connection->send(webSocketAcceptance(connection->request(), accept.headers));
    server.listen(shared_from_this());
    return true;
}

bool MockServer::Exchange::perform(MockServer &, const MockAnswer::Expect &expect)
{
    if (unanswered.size() < expect.count) {
        expected = expect.count;
        return false;
    }
    expected = 0;
    unanswered.remove(0, expect.count);
    return true;
}

bool MockServer::Exchange::perform(MockServer &, const MockAnswer::Reply &made)
{
    reply = made;
    answerMessages();
    return true;
}

bool MockServer::Exchange::perform(MockServer &, const MockAnswer::Deaf &)
{
    isDeaf = true;
    return true;
}

bool MockServer::Exchange::perform(MockServer &, const MockAnswer::CloseWith &with)
{
    hasClosed = true;
    connection->send(webSocketClose(with.code, with.reason));
    return true;
}

bool MockServer::Exchange::perform(MockServer &, const MockAnswer::Keep &)
{
    connection->next();
    return true;
}

bool MockServer::Exchange::perform(MockServer &, const MockAnswer::Close &)
{
    connection->close();
    return true;
}

bool MockServer::Exchange::perform(MockServer &, const MockAnswer::Reset &)
{
    connection->reset();
    return true;
}

void MockServer::Exchange::answerMessages()
{
    if (!reply)
        return;
    for (const QByteArray &message : std::exchange(unanswered, {})) {
        for (const QByteArray &answered : reply(message))
            connection->send(webSocketFrame(WebSocketOpcode::Text, answered));
    }
}

MockServer::MockServer(quint16 port, QObject *parent) : QObject(parent)
{
    connect(&m_responder, &HttpResponder::arrived, this,
            [this](const HttpConnection *connection, const QByteArray &bytes) {
                m_bytes[connection->number()] += bytes;
            });
    connect(&m_responder, &HttpResponder::requested, this, &MockServer::answer);
    if (!m_responder.listen(port))
        qFatal("MockServer can not listen: %s", qPrintable(m_responder.errorString()));
}

MockServer::~MockServer()
{
    m_responder.close();
}

QUrl MockServer::url(const QString &path) const
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(port()).arg(path));
}

QUrl MockServer::webSocketUrl(const QString &path) const
{
    QUrl address = url(path);
    address.setScheme(u"ws"_s);
    return address;
}

QByteArrayList MockServer::texts() const
{
    QByteArrayList texts;
    for (const ReceivedMessage &received : m_messages) {
        if (received.message.opcode == WebSocketOpcode::Text)
            texts.append(received.message.payload);
    }
    return texts;
}

qsizetype MockServer::countOf(WebSocketOpcode opcode) const
{
    return std::ranges::count(m_messages, opcode,
                              [](const ReceivedMessage &received) { return received.message.opcode; });
}

quint16 MockServer::closedPort()
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost))
        qFatal("MockServer finds no free port: %s", qPrintable(server.errorString()));
    return server.serverPort();
}

void MockServer::queue(MockAnswer answer)
{
    m_queue.append(std::move(answer));
}

void MockServer::route(const QByteArray &path, const MockAnswer &answer)
{
    m_routes.insert(path, answer);
}

void MockServer::setHandler(Handler handler)
{
    m_handler = std::move(handler);
}

void MockServer::advance()
{
    for (const auto &exchange : std::exchange(m_waiting, {}))
        later(exchange);
}

MockAnswer MockServer::answerTo(const ReceivedRequest &request)
{
    if (!m_queue.isEmpty())
        return m_queue.takeFirst();
    if (const auto route = m_routes.constFind(request.path()); route != m_routes.constEnd())
        return *route;
    if (m_handler)
        return m_handler(request);
    return MockAnswer::whole(404, "text/html", "<!doctype html><title>404</title><h1>Not found</h1>");
}

void MockServer::answer(HttpConnection *connection)
{
    m_received.push_back({.request = connection->request(), .connection = connection->number()});
    auto exchange = std::make_shared<Exchange>();
    exchange->connection = connection;
    exchange->answer = answerTo(connection->request());
    connect(connection, &HttpConnection::closed, this, [this, exchange] {
        exchange->connection = nullptr;
        std::erase(m_waiting, exchange);
    });
    Q_EMIT requested();
    later(exchange);
}

void MockServer::later(const std::shared_ptr<Exchange> &exchange)
{
    QMetaObject::invokeMethod(this, [this, exchange] { step(exchange); }, Qt::QueuedConnection);
}

void MockServer::step(const std::shared_ptr<Exchange> &exchange)
{
    if (!exchange->connection || exchange->next == exchange->answer.m_steps.size())
        return;
    const MockAnswer::Step &step = exchange->answer.m_steps[exchange->next];
    if (std::visit([&](const auto &what) { return exchange->perform(*this, what); }, step)) {
        ++exchange->next;
        later(exchange);
    }
}

void MockServer::listen(const std::shared_ptr<Exchange> &exchange)
{
    connect(exchange->connection, &HttpConnection::received, this, [this, exchange](const QByteArray &bytes) {
        exchange->reader.feed(bytes);
        while (const auto message = exchange->reader.next())
            take(exchange, *message);
        if (const int code = exchange->reader.closeCode(); code != 0 && exchange->connection) {
            exchange->connection->send(webSocketClose(code));
            exchange->connection->close();
        }
    });
    exchange->connection->upgrade();
}

void MockServer::take(const std::shared_ptr<Exchange> &exchange, const WebSocketMessage &message)
{
    HttpConnection *connection = exchange->connection;
    if (!connection)
        return;
    m_messages.push_back({.message = message, .connection = connection->number()});
    switch (message.opcode) {
    case WebSocketOpcode::Ping:
        if (!exchange->isDeaf)
            connection->send(webSocketFrame(WebSocketOpcode::Pong, message.payload));
        break;
    case WebSocketOpcode::Close:
        if (!exchange->isDeaf) {
            if (!exchange->hasClosed)
                connection->send(webSocketFrame(WebSocketOpcode::Close, message.payload));
            connection->close();
        }
        break;
    case WebSocketOpcode::Text:
    case WebSocketOpcode::Binary:
        exchange->unanswered.append(message.payload);
        exchange->answerMessages();
        if (exchange->expected > 0 && exchange->unanswered.size() >= exchange->expected) {
            exchange->expected = 0; // once is enough
            later(exchange);
        }
        break;
    case WebSocketOpcode::Continuation:
    case WebSocketOpcode::Pong:
        break;
    }
    Q_EMIT messageReceived();
}

} // namespace rivulet::test
