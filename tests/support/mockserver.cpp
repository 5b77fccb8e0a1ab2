// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mockserver.h"

#include <QtCore/qpointer.h>
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
    m_steps.push_back(Raw{bytes});
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
    m_steps.push_back(Flood{size});
    return *this;
}

MockAnswer &MockAnswer::wait()
{
    m_steps.push_back(Wait{});
    return *this;
}

MockAnswer &MockAnswer::end()
{
    return chunk({}).keep();
}

MockAnswer &MockAnswer::keep()
{
    m_steps.push_back(Keep{});
    return *this;
}

MockAnswer &MockAnswer::close()
{
    m_steps.push_back(Close{});
    return *this;
}

MockAnswer &MockAnswer::reset()
{
    m_steps.push_back(Reset{});
    return *this;
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

struct MockServer::Exchange
{
    QPointer<HttpConnection> connection;
    MockAnswer answer;
    std::size_t next = 0;
    qint64 flooded = 0;
};

MockServer::MockServer(QObject *parent) : QObject(parent)
{
    connect(&m_responder, &HttpResponder::requested, this, &MockServer::answer);
    if (!m_responder.listen())
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

void MockServer::route(const QByteArray &path, MockAnswer answer)
{
    m_routes.insert(path, std::move(answer));
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
    HttpConnection *connection = exchange->connection;
    if (!connection || exchange->next == exchange->answer.m_steps.size())
        return;
    const auto perform = [&](const auto &what) {
        using What = std::remove_cvref_t<decltype(what)>;
        if constexpr (std::is_same_v<What, MockAnswer::Raw>) {
            connection->send(what.bytes);
        } else if constexpr (std::is_same_v<What, MockAnswer::Flood>) {
            const qint64 size = std::min(FloodAhead - connection->unsent(), what.size - exchange->flooded);
            if (size > 0) {
                connection->send(QByteArray(size, 'x'));
                exchange->flooded += size;
                m_floodSent += size;
            }
            if (exchange->flooded < what.size) {
                connect(
                    connection, &HttpConnection::sent, this, [this, exchange] { later(exchange); },
                    Qt::SingleShotConnection);
                return false;
            }
        } else if constexpr (std::is_same_v<What, MockAnswer::Wait>) {
            ++exchange->next;
            m_waiting.push_back(exchange);
            return false;
        } else if constexpr (std::is_same_v<What, MockAnswer::Keep>) {
            connection->next();
        } else if constexpr (std::is_same_v<What, MockAnswer::Close>) {
            connection->close();
        } else {
            connection->reset();
        }
        return true;
    };
    if (std::visit(perform, exchange->answer.m_steps[exchange->next])) {
        ++exchange->next;
        later(exchange);
    }
}

} // namespace rivulet::test
