// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mockproxy.h"

#include "tests/support/relay.h"

#include <QtCore/qurl.h>
#include <QtNetwork/qhostaddress.h>

#include <memory>

namespace rivulet::test {

using namespace Qt::StringLiterals;

struct MockProxy::Client
{
    QTcpSocket *socket = nullptr;
    QByteArray read{};
    enum class Phase { Greeting, Password, Request, Joined } phase = Phase::Greeting;
};

MockProxy::MockProxy(Kind kind, quint16 target, QObject *parent)
    : QObject(parent), m_kind(kind), m_target(target)
{
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("a proxy for tests can not listen: %ls", qUtf16Printable(m_server.errorString()));
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            const auto client = std::make_shared<Client>(socket);
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QTcpSocket::readyRead, this, [this, client] {
                if (client->phase == Client::Phase::Joined)
                    return;
                client->read += client->socket->readAll();
                if (m_kind == Kind::Http)
                    readHttp(*client);
                else
                    readSocks(*client);
            });
        }
    });
}

void MockProxy::require(const QByteArray &user, const QByteArray &password)
{
    m_user = user;
    m_password = password;
}

void MockProxy::readHttp(Client &client)
{
    const qsizetype end = client.read.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    const QByteArray head = client.read.left(end + 4);
    const QList<QByteArray> words = head.left(head.indexOf("\r\n")).split(' ');
    const QByteArray secret = "Basic " + QByteArray(m_user + ':' + m_password).toBase64() + "\r\n";
    const bool saysSo = head.toLower().contains("proxy-authorization: ") && head.contains(secret);
    const bool isLet = m_user.isEmpty() || saysSo;
    if (!isLet) {
        ++m_refused;
        client.read.clear();
        client.socket->write("HTTP/1.1 407 Proxy Authentication Required\r\n"
                             "Proxy-Authenticate: Basic realm=\"tests\"\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    if (words.first() == "CONNECT") {
        pass(client, QString::fromLatin1(words.at(1)), "HTTP/1.1 200 Connection established\r\n\r\n");
        return;
    }
    // A whole URL becomes the path that the server is to see.
    const QUrl url(QString::fromLatin1(words.at(1)));
    QByteArray first = client.read;
    first.replace(words.at(0).size() + 1, words.at(1).size(), url.path(QUrl::FullyEncoded).toLatin1());
    pass(client, url.toString(), {}, first);
}

void MockProxy::readSocks(Client &client)
{
    QByteArray &read = client.read;
    if (client.phase == Client::Phase::Greeting) {
        if (read.size() < 2 || read.size() < 2 + quint8(read[1]))
            return;
        const bool asks = !m_user.isEmpty();
        const bool canSay = read.mid(2, quint8(read[1])).contains('\2');
        read.remove(0, 2 + quint8(read[1]));
        if (asks && !canSay) {
            ++m_refused;
            client.socket->write(QByteArray("\x05\xff", 2));
            client.socket->disconnectFromHost();
            return;
        }
        client.socket->write(QByteArray(asks ? "\x05\x02" : "\x05\x00", 2));
        client.phase = asks ? Client::Phase::Password : Client::Phase::Request;
    }
    if (client.phase == Client::Phase::Password) {
        if (read.size() < 2 || read.size() < 3 + quint8(read[1])
            || read.size() < 3 + quint8(read[1]) + quint8(read[2 + quint8(read[1])]))
            return;
        const QByteArray user = read.mid(2, quint8(read[1]));
        const QByteArray password = read.mid(3 + user.size(), quint8(read[2 + user.size()]));
        read.remove(0, 3 + user.size() + password.size());
        const bool isLet = user == m_user && password == m_password;
        client.socket->write(QByteArray(isLet ? "\x01\x00" : "\x01\x01", 2));
        if (!isLet) {
            ++m_refused;
            client.socket->disconnectFromHost();
            return;
        }
        client.phase = Client::Phase::Request;
    }
    // Names only: nobody is to look up a server before the proxy does.
    if (client.phase != Client::Phase::Request || read.size() < 5 || read.size() < 7 + quint8(read[4]))
        return;
    if (read[3] != '\3')
        return client.socket->abort();
    const QByteArray host = read.mid(5, quint8(read[4]));
    const int port = quint8(read[5 + host.size()]) * 256 + quint8(read[6 + host.size()]);
    read.remove(0, 7 + host.size());
    pass(client, QString::fromLatin1(host) + u':' + QString::number(port),
         QByteArray("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00", 10));
}

void MockProxy::pass(Client &client, const QString &to, const QByteArray &greeting, const QByteArray &first)
{
    m_passed.append(to);
    client.phase = Client::Phase::Joined;
    auto *server = new QTcpSocket(client.socket);
    server->connectToHost(QHostAddress::LocalHost, m_target);
    server->write(first);
    client.socket->write(greeting);
    relay(client.socket, server);
}

} // namespace rivulet::test
