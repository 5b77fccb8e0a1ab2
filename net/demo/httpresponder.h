// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/demo/httprequestparser.h"
#include "net/export.h"

#include <QtCore/qobject.h>
#include <QtNetwork/qtcpserver.h>

QT_FORWARD_DECLARE_CLASS(QTcpSocket)

namespace rivulet {

/// The bytes of a response head, up to and with the empty line. `headers` are sent as they are: a caller
/// that names no Content-Length and no Transfer-Encoding ends the body by closing the connection.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray httpHead(int status, const HttpHeaders &headers);

/// One chunk of a chunked body; the empty one ends it.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray httpChunk(QByteArrayView data);

/// One accepted connection. It reads requests one after the other and writes what its user gives it, byte
/// for byte. It deletes itself (later) once it is closed. One thread.
class RIVULET_NET_EXPORT HttpConnection : public QObject
{
    Q_OBJECT

public:
    ~HttpConnection() override;

    /// The request that is to be answered now.
    [[nodiscard]] const ReceivedRequest &request() const { return m_parser.request(); }
    /// The connection's number, counted from 1 for each responder.
    [[nodiscard]] int number() const { return m_number; }

    /// Writes `bytes` as they are. Does nothing on a closed connection.
    void send(QByteArrayView bytes);
    /// Writes a whole response with its Content-Length, and goes on to the next request.
    void respond(int status, const QByteArray &contentType, const QByteArray &body, HttpHeaders headers = {});
    /// How many bytes wait in this process to be sent.
    [[nodiscard]] qint64 unsent() const;

    /// From now on what comes is not HTTP: it is signalled by received(), beginning with what is there
    /// already. The head that says so to the client is the caller's to send.
    void upgrade();

    /// The answer is whole: goes on to the next request of this connection.
    void next();
    /// Closes the connection (FIN) once all is written.
    void close();
    /// Ends the connection at once with a reset (RST); what was not sent is lost.
    void reset();

Q_SIGNALS:
    /// These bytes came, whatever they mean.
    void arrived(const QByteArray &bytes);
    /// These bytes came after upgrade(), for its caller to read.
    void received(const QByteArray &bytes);
    /// Bytes left this process; unsent() has shrunk.
    void sent();
    /// The connection is gone, whoever ended it. Comes once.
    void closed();

private:
    friend class HttpResponder;
    HttpConnection(QTcpSocket *socket, int number, QObject *parent);
    void read();
    void handle(HttpRequestParser::State state);

    QTcpSocket *m_socket = nullptr;
    HttpRequestParser m_parser;
    int m_number = 0;
    bool m_isUpgraded = false;

Q_SIGNALS:
    void requested(QPrivateSignal);
};

/// A small HTTP/1.1 server on 127.0.0.1, for programs on this computer and for tests: no TLS, no files,
/// no routing, but control of each byte of an answer. A request that can not be parsed is answered here.
class RIVULET_NET_EXPORT HttpResponder : public QObject
{
    Q_OBJECT

public:
    explicit HttpResponder(QObject *parent = nullptr);
    ~HttpResponder() override;

    /// Listens on 127.0.0.1; port 0 takes a free one. False where that fails: errorString() says why.
    [[nodiscard]] bool listen(quint16 port = 0);
    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    [[nodiscard]] QString errorString() const { return m_server.errorString(); }
    /// Takes no new connections and resets the open ones.
    void close();
    /// How many connections are open now.
    [[nodiscard]] qsizetype openConnections() const { return m_open; }

Q_SIGNALS:
    /// A request is whole. The connection stays valid until its closed() was signalled.
    void requested(rivulet::HttpConnection *connection);
    /// Bytes came on a connection, before anything is made of them.
    void arrived(rivulet::HttpConnection *connection, const QByteArray &bytes);
    /// A connection was accepted or is gone.
    void connectionsChanged();

private:
    void accept();

    QTcpServer m_server;
    qsizetype m_open = 0;
    int m_accepted = 0;
};

} // namespace rivulet
