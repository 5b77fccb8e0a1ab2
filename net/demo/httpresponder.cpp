// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/httpresponder.h"

#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qtcpsocket.h>

#ifdef Q_OS_WIN
#include <winsock2.h>
#else
#include <sys/socket.h>
#endif

namespace rivulet {

namespace {

QByteArrayView reasonPhrase(int status)
{
    switch (status) {
    case 101:
        return "Switching Protocols";
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    default:
        return "Status";
    }
}

} // namespace

QByteArray httpHead(int status, const HttpHeaders &headers)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonPhrase(status) + "\r\n";
    for (const auto &[name, value] : headers)
        head += name + ": " + value + "\r\n";
    return head + "\r\n";
}

QByteArray httpChunk(QByteArrayView data)
{
    QByteArray chunk = QByteArray::number(data.size(), 16) + "\r\n";
    chunk += data;
    chunk += "\r\n";
    return chunk;
}

HttpConnection::HttpConnection(QTcpSocket *socket, int number, QObject *parent)
    : QObject(parent), m_socket(socket), m_number(number)
{
    m_socket->setParent(this);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    // Past this, a client that sends faster than it is answered is held back by TCP.
    m_socket->setReadBufferSize(1024 * 1024);
    connect(m_socket, &QTcpSocket::readyRead, this, &HttpConnection::read);
    connect(m_socket, &QTcpSocket::bytesWritten, this, &HttpConnection::sent);
    connect(m_socket, &QTcpSocket::disconnected, this, [this] {
        Q_EMIT closed();
        deleteLater();
    });
}

HttpConnection::~HttpConnection()
{
    disconnect(m_socket, nullptr, this, nullptr);
}

void HttpConnection::send(QByteArrayView bytes)
{
    if (m_socket->state() == QAbstractSocket::ConnectedState)
        m_socket->write(bytes.data(), bytes.size());
}

void HttpConnection::respond(int status, const QByteArray &contentType, const QByteArray &body,
                             HttpHeaders headers)
{
    headers.append({"Content-Type", contentType});
    headers.append({"Content-Length", QByteArray::number(body.size())});
    send(httpHead(status, headers));
    send(body);
    next();
}

qint64 HttpConnection::unsent() const
{
    return m_socket->bytesToWrite();
}

void HttpConnection::upgrade()
{
    m_isUpgraded = true;
    // Through the event loop, so that nothing comes before the caller listens.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (const QByteArray rest = m_parser.takeRest(); !rest.isEmpty())
                Q_EMIT received(rest);
            read();
        },
        Qt::QueuedConnection);
}

void HttpConnection::next()
{
    if (m_parser.state() != HttpRequestParser::State::Complete)
        return;
    if (request().header("connection").toLower() == "close") {
        close();
        return;
    }
    // Through the event loop: a client that pipelines thousands of requests must not deepen the stack.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_parser.state() != HttpRequestParser::State::Complete)
                return;
            handle(m_parser.next());
            read();
        },
        Qt::QueuedConnection);
}

void HttpConnection::close()
{
    m_socket->disconnectFromHost();
}

void HttpConnection::reset()
{
#ifdef Q_OS_WIN
    const auto descriptor = static_cast<SOCKET>(m_socket->socketDescriptor());
#else
    const auto descriptor = static_cast<int>(m_socket->socketDescriptor());
#endif
    const linger abortive{.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char *>(&abortive), sizeof abortive);
    m_socket->abort();
}

void HttpConnection::read()
{
    if (m_isUpgraded) {
        if (m_socket->bytesAvailable() > 0) {
            const QByteArray bytes = m_socket->readAll();
            Q_EMIT arrived(bytes);
            Q_EMIT received(bytes);
        }
        return;
    }
    // While a request is being answered the rest stays in the socket, whose buffer is bounded.
    if (m_parser.state() == HttpRequestParser::State::Incomplete && m_socket->bytesAvailable() > 0) {
        const QByteArray bytes = m_socket->readAll();
        Q_EMIT arrived(bytes);
        handle(m_parser.feed(bytes));
    }
}

void HttpConnection::handle(HttpRequestParser::State state)
{
    if (m_parser.takeExpectsContinue() && state == HttpRequestParser::State::Incomplete)
        send("HTTP/1.1 100 Continue\r\n\r\n");
    if (state == HttpRequestParser::State::Complete) {
        Q_EMIT requested(QPrivateSignal());
    } else if (state == HttpRequestParser::State::Invalid) {
        send(httpHead(m_parser.errorStatus(), {{"Content-Length", "0"}, {"Connection", "close"}}));
        close();
    }
}

HttpResponder::HttpResponder(QObject *parent) : QObject(parent)
{
    connect(&m_server, &QTcpServer::newConnection, this, &HttpResponder::accept);
}

HttpResponder::~HttpResponder()
{
    close();
}

bool HttpResponder::listen(quint16 port)
{
    return m_server.listen(QHostAddress::LocalHost, port);
}

void HttpResponder::close()
{
    m_server.close();
    const auto connections = findChildren<HttpConnection *>(Qt::FindDirectChildrenOnly);
    for (HttpConnection *connection : connections)
        connection->reset();
}

void HttpResponder::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        auto *connection = new HttpConnection(socket, ++m_accepted, this);
        ++m_open;
        connect(connection, &HttpConnection::requested, this,
                [this, connection] { Q_EMIT requested(connection); });
        connect(connection, &HttpConnection::arrived, this,
                [this, connection](const QByteArray &bytes) { Q_EMIT arrived(connection, bytes); });
        connect(connection, &HttpConnection::closed, this, [this] {
            --m_open;
            Q_EMIT connectionsChanged();
        });
        Q_EMIT connectionsChanged();
        connection->read();
    }
}

} // namespace rivulet
