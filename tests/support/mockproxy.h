// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>
#include <QtNetwork/qtcpserver.h>

namespace rivulet::test {

/// A proxy on 127.0.0.1, in the test's own thread: HTTP (RFC 9110: tunnels by CONNECT, and requests for whole
/// URLs) or SOCKS 5 (RFC 1928). Whatever server it is asked for, it goes to one port of 127.0.0.1, so that
/// tests can use names that nobody has.
class MockProxy : public QObject
{
public:
    enum class Kind { Http, Socks5 };

    /// Listens; where that fails the program ends.
    MockProxy(Kind kind, quint16 target, QObject *parent = nullptr);

    /// From now on only who says these words is let through (RFC 7617, RFC 1929).
    void require(const QByteArray &user, const QByteArray &password);

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    /// What it was asked for and let through: "host:port" of tunnels, or a request's URL.
    [[nodiscard]] const QStringList &passed() const { return m_passed; }
    /// How many it sent away.
    [[nodiscard]] int refused() const { return m_refused; }

private:
    struct Client;

    void readHttp(Client &client);
    void readSocks(Client &client);
    void pass(Client &client, const QString &to, const QByteArray &greeting, const QByteArray &first = {});

    Kind m_kind;
    quint16 m_target;
    QTcpServer m_server;
    QByteArray m_user;
    QByteArray m_password;
    QStringList m_passed;
    int m_refused = 0;
};

} // namespace rivulet::test
