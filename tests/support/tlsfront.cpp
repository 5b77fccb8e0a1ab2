// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tlsfront.h"

#include "tests/support/relay.h"

#include <QtCore/qfile.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qsslcertificate.h>
#include <QtNetwork/qsslconfiguration.h>
#include <QtNetwork/qsslkey.h>

namespace rivulet::test {

using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(const QString &name)
{
    QFile file(tlsFile(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%ls: %ls", qUtf16Printable(file.fileName()), qUtf16Printable(file.errorString()));
    return file.readAll();
}

// One frame of HTTP/2 (RFC 9113, 4.1).
QByteArray http2Frame(char type, char flags, quint32 stream, const QByteArray &payload = {})
{
    const auto length = quint32(payload.size());
    QByteArray frame;
    frame.append(char(length >> 16)).append(char(length >> 8)).append(char(length));
    frame.append(type).append(flags);
    for (const int shift : {24, 16, 8, 0})
        frame.append(char(stream >> shift));
    return frame + payload;
}

} // namespace

QString tlsFile(const QString &name)
{
    return QStringLiteral(RIVULET_SOURCE_DIR "/tests/data/tls/") + name;
}

TlsFront::TlsFront(quint16 target, Client client, QObject *parent) : QObject(parent), m_target(target)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(contentOf(u"server.pem"_s)));
    tls.setPrivateKey(QSslKey(contentOf(u"server-key.pem"_s), QSsl::Ec));
    tls.setCaCertificates(QSslCertificate::fromData(contentOf(u"authority.pem"_s)));
    tls.setPeerVerifyMode(client == Client::WithCertificate ? QSslSocket::VerifyPeer
                                                            : QSslSocket::VerifyNone);
    m_server.setSslConfiguration(tls);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("TLS for tests can not listen: %ls", qUtf16Printable(m_server.errorString()));
    connect(&m_server, &QSslServer::startedEncryptionHandshake, this, [this] { ++m_accepted; });
    connect(&m_server, &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (auto *socket = qobject_cast<QSslSocket *>(m_server.nextPendingConnection()))
            take(socket);
    });
}

void TlsFront::setCertificate(const QString &name)
{
    QSslConfiguration tls = m_server.sslConfiguration();
    tls.setLocalCertificate(QSslCertificate(contentOf(name)));
    m_server.setSslConfiguration(tls);
}

void TlsFront::setProtocol(QSsl::SslProtocol protocol)
{
    QSslConfiguration tls = m_server.sslConfiguration();
    tls.setProtocol(protocol);
    m_server.setSslConfiguration(tls);
}

void TlsFront::answerHttp2(const QByteArray &body)
{
    m_http2Body = body;
    QSslConfiguration tls = m_server.sslConfiguration();
    tls.setAllowedNextProtocols({QSslConfiguration::ALPNProtocolHTTP2, "http/1.1"});
    m_server.setSslConfiguration(tls);
}

void TlsFront::take(QSslSocket *socket)
{
    ++m_encrypted;
    m_applicationProtocol = socket->sslConfiguration().nextNegotiatedProtocol();
    if (!socket->peerCertificate().isNull())
        m_clients += socket->peerCertificate().subjectInfo(QSslCertificate::CommonName);
    connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
    if (m_applicationProtocol == QSslConfiguration::ALPNProtocolHTTP2) {
        answerOverHttp2(socket);
    } else if (m_target == 0) {
        const auto read = [this, socket] { m_received += socket->readAll(); };
        connect(socket, &QSslSocket::readyRead, this, read);
        read();
    } else {
        auto *server = new QTcpSocket(socket);
        server->connectToHost(QHostAddress::LocalHost, m_target);
        relay(socket, server);
    }
}

void TlsFront::answerOverHttp2(QSslSocket *socket)
{
    constexpr char data = 0;
    constexpr char headers = 1;
    constexpr char settings = 4;
    constexpr char endStream = 1;
    constexpr char endHeaders = 4;
    constexpr quint32 firstStream = 1;
    socket->write(http2Frame(settings, 0, 0));
    const auto read = [=, this] {
        m_received += socket->readAll();
        // The client's preface, and its frames.
        const qsizetype preface = m_received.indexOf("SM\r\n\r\n");
        if (preface < 0)
            return;
        for (qsizetype at = preface + 6; at + 9 <= m_received.size();) {
            const int length = (quint8(m_received[at]) << 16) + (quint8(m_received[at + 1]) << 8)
                + quint8(m_received[at + 2]);
            // The request is whole with the frame that ends its stream.
            const char type = m_received[at + 3];
            if ((type == headers || type == data) && (m_received[at + 4] & endStream) != 0) {
                socket->disconnect(this);
                const char statusOk = char(0x88); // RFC 7541, entry 8 of the static table
                socket->write(http2Frame(settings, 1, 0));
                socket->write(http2Frame(headers, endHeaders, firstStream, QByteArray(1, statusOk)));
                socket->write(http2Frame(data, endStream, firstStream, m_http2Body));
                return;
            }
            at += 9 + length;
        }
    };
    connect(socket, &QSslSocket::readyRead, this, read);
    read();
}

} // namespace rivulet::test
