// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>
#include <QtNetwork/qsslserver.h>

namespace rivulet::test {

/// The path of a file of certificates or keys in tests/data/tls.
[[nodiscard]] QString tlsFile(const QString &name);

/// TLS in front of a server of 127.0.0.1, in the test's own thread. Its certificate is for api.example.test,
/// localhost and 127.0.0.1, by an authority that no system knows: tests/data/tls/authority.pem.
class TlsFront : public QObject
{
public:
    enum class Client {
        Anybody,
        WithCertificate, ///< by the same authority
    };

    /// Listens, and relays what it decrypts to that port; port 0 keeps it (see received()). Where it can not
    /// listen the program ends.
    explicit TlsFront(quint16 target, Client client = Client::Anybody, QObject *parent = nullptr);

    /// Shows another certificate of tests/data/tls, for the same key.
    void setCertificate(const QString &name);
    /// The newest protocol that it speaks.
    void setProtocol(QSsl::SslProtocol protocol);
    /// Speaks HTTP/2 where the client does, and answers its first request there with 200 and `body`.
    void answerHttp2(const QByteArray &body);

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    /// How many connections were accepted, whatever became of them.
    [[nodiscard]] int accepted() const { return m_accepted; }
    /// How many handshakes came to their end.
    [[nodiscard]] int encrypted() const { return m_encrypted; }
    /// The common names of the certificates that clients showed.
    [[nodiscard]] const QStringList &clients() const { return m_clients; }
    /// The application protocol of the last connection (RFC 7301); empty where none was agreed upon.
    [[nodiscard]] const QByteArray &applicationProtocol() const { return m_applicationProtocol; }
    /// Everything that came and was decrypted here.
    [[nodiscard]] const QByteArray &received() const { return m_received; }

private:
    void take(QSslSocket *socket);
    void answerOverHttp2(QSslSocket *socket);

    quint16 m_target;
    QSslServer m_server;
    QByteArray m_http2Body;
    QByteArray m_applicationProtocol;
    QByteArray m_received;
    QStringList m_clients;
    int m_accepted = 0;
    int m_encrypted = 0;
};

} // namespace rivulet::test
