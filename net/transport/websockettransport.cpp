// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/websockettransport.h"

#include "net/transport/limitedcall.h"
#include "net/transport/requestrules.h"
#include "net/transport/stickycookies.h"

#include <QtCore/qpointer.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qnetworkrequest.h>
#include <QtNetwork/qsslerror.h>
#include <QtWebSockets/qwebsocket.h>
#include <QtWebSockets/qwebsockethandshakeoptions.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// How long a closing frame may take to leave before the socket is cut.
constexpr auto ClosingTime = std::chrono::seconds(2);

NetError makeError(NetError::Kind kind, const QString &code, const QString &message, int status = 0)
{
    return {.kind = kind,
            .status = status,
            .code = code,
            .message = message.left(qsizetype(limits::errorMessage))};
}

// What the server's answer to the opening handshake means, of which Qt tells only the status, and that in
// words.
NetError errorOfStatus(int status, const QString &message)
{
    using Kind = NetError::Kind;
    if (status >= 300 && status < 400)
        return makeError(Kind::Refused, transportcode::Redirect, message, status);
    switch (status) {
    case 401:
    case 403:
    case 407:
        return makeError(Kind::Auth, {}, message, status);
    case 402:
        return makeError(Kind::Quota, {}, message, status);
    case 408:
        return makeError(Kind::Timeout, {}, message, status);
    case 429:
        return makeError(Kind::RateLimited, {}, message, status);
    case 503:
    case 529:
        return makeError(Kind::Overloaded, {}, message, status);
    default:
        break;
    }
    if (status >= 500)
        return makeError(Kind::Server, {}, message, status);
    if (status >= 400)
        return makeError(Kind::InvalidRequest, {}, message, status);
    return makeError(Kind::Protocol, transportcode::NotWebSocket, message, status);
}

NetError errorOfSocket(QAbstractSocket::SocketError error, const QString &message)
{
    using Kind = NetError::Kind;
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return makeError(Kind::Network, transportcode::ConnectionRefused, message);
    case QAbstractSocket::RemoteHostClosedError:
        return makeError(Kind::Network, transportcode::ConnectionLost, message);
    case QAbstractSocket::HostNotFoundError:
        return makeError(Kind::Network, transportcode::HostNotFound, message);
    case QAbstractSocket::SocketTimeoutError:
        return makeError(Kind::Timeout, transportcode::NoAnswer, message);
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return makeError(Kind::Network, transportcode::Tls, message);
    case QAbstractSocket::ProxyAuthenticationRequiredError:
    case QAbstractSocket::ProxyConnectionRefusedError:
    case QAbstractSocket::ProxyConnectionClosedError:
    case QAbstractSocket::ProxyConnectionTimeoutError:
    case QAbstractSocket::ProxyNotFoundError:
    case QAbstractSocket::ProxyProtocolError:
        return makeError(Kind::Network, transportcode::Proxy, message);
    default:
        return makeError(Kind::Network, transportcode::Unreachable, message);
    }
}

struct Closing
{
    int code;
    QString reason;
};

// Qt knows the codes of 2011. It takes those that were registered since for invalid, and forgets which one it
// was; all three of them (1012 to 1014) mean that the server goes away for a while.
Closing closingOf(const QWebSocket &socket)
{
    const bool isForgotten = socket.closeCode() == QWebSocketProtocol::CloseCodeProtocolError
        && socket.closeReason().contains("1002"_L1);
    if (isForgotten)
        return {.code = QWebSocketProtocol::CloseCodeGoingAway, .reason = {}};
    return {.code = int(socket.closeCode()), .reason = socket.closeReason()};
}

// By the registry of RFC 6455 and what servers use of the private range.
NetError errorOfClosing(int code, const QString &reason)
{
    using Kind = NetError::Kind;
    const auto make = [&](Kind kind, const QString &meaning) {
        return makeError(kind, QString::number(code),
                         reason.isEmpty() ? meaning + u" (%1)"_s.arg(code) : reason);
    };
    switch (code) {
    case 1001: // going away
    case 1006: // lost
        return makeError(Kind::Network, transportcode::ConnectionLost,
                         reason.isEmpty() ? u"The server went away (%1)"_s.arg(code) : reason);
    case 1008: // policy, which is mostly a missing key
    case 3000: // unauthorized
    case 3003: // forbidden
    case 4401:
    case 4403:
        return make(Kind::Auth, u"The server does not allow it"_s);
    case 1009:
        return make(Kind::TooLarge, u"A message was too large"_s);
    case 3008:
        return make(Kind::Timeout, u"The server waited too long"_s);
    case 4429:
        return make(Kind::RateLimited, u"The server had too many requests"_s);
    case 1002:
    case 1003:
    case 1007:
    case 1010:
        return make(Kind::Protocol, u"The messages were not what was expected"_s);
    default:
        return make(Kind::Server, u"The server closed the connection"_s);
    }
}

// Header fields of the handshake itself; the offer of an extension would be one that Qt can not keep.
bool belongsToHandshake(QByteArrayView name)
{
    return name.compare("host", Qt::CaseInsensitive) == 0 || name.compare("origin", Qt::CaseInsensitive) == 0
        || name.compare("upgrade", Qt::CaseInsensitive) == 0
        || name.compare("connection", Qt::CaseInsensitive) == 0
        || name.first(std::min<qsizetype>(name.size(), 14)).compare("sec-websocket-", Qt::CaseInsensitive)
        == 0;
}

// Only a proxy that opens a tunnel carries a socket; some carry web pages alone.
QNetworkProxy tunnelOf(const QList<QNetworkProxy> &proxies)
{
    const auto tunnel = std::ranges::find_if(proxies, &QNetworkProxy::isTransparentProxy);
    return tunnel == proxies.cend() ? proxies.constFirst() : *tunnel;
}

class WebSocketCall final : public LimitedCall
{
public:
    WebSocketCall(const WebSocketOptions &options, const TransportTimeouts &timeouts, QObject *parent)
        : LimitedCall(timeouts, parent), m_options(options)
    {
        connect(&m_pings, &QTimer::timeout, this, &WebSocketCall::ping);
    }

    ~WebSocketCall() override { abort(); }

    // The limit runs from here on, whatever has to be found out before the socket opens.
    void await(const QByteArrayList &messages)
    {
        m_messages = messages;
        awaitBegin();
    }

    [[nodiscard]] bool isWanted() const { return !isOver(); }

    void start(const WebSocketRequest &request, const Departure &departure, const QByteArray &cookies,
               QWebSocket *socket)
    {
        m_socket = socket;
        socket->setMaxAllowedIncomingFrameSize(m_options.maxMessage);
        socket->setMaxAllowedIncomingMessageSize(m_options.maxMessage);
        socket->setProxy(tunnelOf(departure.proxies));
        socket->setSslConfiguration(departure.tls);

        connect(socket, &QWebSocket::connected, this, &WebSocketCall::greet);
        connect(socket, &QWebSocket::textMessageReceived, this,
                [this](const QString &text) { take(text.toUtf8()); });
        connect(socket, &QWebSocket::binaryMessageReceived, this, &WebSocketCall::takeBinary);
        connect(socket, &QWebSocket::pong, this, &WebSocketCall::noteBytes);
        connect(socket, &QWebSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
            for (const QSslError &error : errors)
                m_tlsErrors.append(error.errorString());
        });
        connect(socket, &QWebSocket::aboutToClose, this, [this] {
            if (hasBegun() && !m_closing)
                m_closing = closingOf(*m_socket);
            settleLater();
        });
        connect(socket, &QWebSocket::errorOccurred, this, &WebSocketCall::settleLater);
        connect(socket, &QWebSocket::disconnected, this, &WebSocketCall::settleLater);

        QNetworkRequest prepared(request.url);
        for (const auto &[name, value] : request.headers) {
            if (!belongsToHandshake(name))
                prepared.setRawHeader(name, value);
        }
        prepared.setRawHeader("User-Agent", "Rivulet/" RIVULET_VERSION);
        if (!cookies.isEmpty())
            prepared.setRawHeader("Cookie", cookies);
        QWebSocketHandshakeOptions handshake;
        QStringList subprotocols;
        for (const QByteArray &each : request.subprotocols)
            subprotocols.append(QString::fromLatin1(each));
        handshake.setSubprotocols(subprotocols);
        socket->open(prepared, handshake);
        // Bytes of a long frame show that the server lives, long before Qt tells of them.
        m_wire = socket->findChild<QAbstractSocket *>();
        if (m_wire)
            connect(m_wire, &QAbstractSocket::readyRead, this, &WebSocketCall::noteBytes);
    }

    void abort() override
    {
        m_polite = true;
        leave();
    }

    void send(const ConnectionMessage &message) override
    {
        if (isOver())
            return;
        if (!hasBegun())
            m_messages.append(message.text);
        else if (m_socket)
            m_socket->sendTextMessage(QString::fromUtf8(message.text));
    }

private:
    void greet()
    {
        if (isOver() || !begin())
            return;
        for (const QByteArray &text : std::exchange(m_messages, {}))
            m_socket->sendTextMessage(QString::fromUtf8(text));
        if (m_options.ping.count() > 0)
            m_pings.start(m_options.ping);
        Q_EMIT opened();
    }

    void takeBinary(const QByteArray &bytes)
    {
        if (QUtf8StringView(bytes).isValidUtf8())
            take(bytes);
        else if (!isOver())
            fail(makeError(NetError::Kind::Protocol, transportcode::Encoding,
                           u"The server sent a message that is not text"_s));
    }

    void take(const QByteArray &text)
    {
        if (isOver())
            return;
        noteBytes();
        if (!isPaused() && m_held.isEmpty()) {
            Q_EMIT message(text);
            return;
        }
        m_held.append(text);
        m_heldBytes += std::size_t(text.size());
        // Without its signals Qt takes nothing from the socket's buffer, and what has no room in that the
        // server can not send. A bound at other times would wait for ever where a frame is larger.
        if (m_heldBytes > m_options.maxHeld && m_wire) {
            m_wire->blockSignals(true);
            m_wire->setReadBufferSize(qint64(limits::KiB));
        }
    }

    void advance() override
    {
        const QPointer<WebSocketCall> self(this);
        while (self && !isOver() && !isPaused() && !m_held.isEmpty()) {
            const QByteArray text = m_held.takeFirst();
            m_heldBytes -= std::size_t(text.size());
            Q_EMIT message(text);
        }
        if (!self || isOver() || isPaused())
            return;
        if (m_wire && m_wire->signalsBlocked()) {
            m_wire->blockSignals(false);
            m_wire->setReadBufferSize(0);
            m_missed = 0;
            // What came meanwhile was not told.
            Q_EMIT m_wire->readyRead();
            if (!self || isOver())
                return;
            m_lost = m_lost || !m_wire || m_wire->state() == QAbstractSocket::UnconnectedState;
        }
        if (m_ended || m_lost)
            settle();
    }

    void noteBytes()
    {
        m_missed = 0;
        noteLife();
    }

    void ping()
    {
        const bool held = m_wire && m_wire->signalsBlocked();
        if (isOver() || held || !m_socket)
            return;
        if (m_missed >= m_options.missedPongs) {
            fail(makeError(NetError::Kind::Network, transportcode::ConnectionLost,
                           u"The server does not answer any more"_s));
            return;
        }
        ++m_missed;
        m_socket->ping();
    }

    // Qt tells an end in several signals, some before they are all true, and some from inside a call of ours.
    void settleLater()
    {
        if (!std::exchange(m_ended, true))
            QMetaObject::invokeMethod(this, &WebSocketCall::settle, Qt::QueuedConnection);
    }

    void settle()
    {
        if (isOver() || isPaused() || !m_held.isEmpty())
            return;
        if (!m_socket) {
            fail(errorOfSocket(QAbstractSocket::RemoteHostClosedError, u"The connection was given up"_s));
            return;
        }
        if (hasBegun() && m_closing && (m_closing->code == 1000 || m_closing->code == 1005)) {
            finish();
        } else if (hasBegun() && m_closing) {
            fail(errorOfClosing(m_closing->code, m_closing->reason));
        } else if (hasBegun()) {
            fail(errorOfSocket(QAbstractSocket::RemoteHostClosedError, m_socket->errorString()));
        } else {
            fail(errorOfOpening());
        }
    }

    NetError errorOfOpening() const
    {
        const QString words = m_tlsErrors.isEmpty() ? m_socket->errorString() : m_tlsErrors.join("; "_L1);
        if (m_socket->error() != QAbstractSocket::UnknownSocketError)
            return errorOfSocket(m_socket->error(), words);
        static const QRegularExpression status(u"status code: (\\d{3})\\b"_s);
        if (const auto match = status.match(words); match.hasMatch()) {
            return errorOfStatus(match.capturedView(1).toInt(),
                                 u"The server did not open the connection: HTTP status "_s
                                     + match.captured(1));
        }
        return makeError(NetError::Kind::Protocol, transportcode::NotWebSocket, words);
    }

    void expire() override
    {
        fail(makeError(NetError::Kind::Timeout, hasBegun() ? transportcode::Silent : transportcode::NoAnswer,
                       hasBegun() ? u"The server fell silent"_s : u"The server did not answer"_s));
    }

    // The socket is never deleted from inside its own signals, and says goodbye where there is somebody.
    void release() override
    {
        m_pings.stop();
        if (m_wire) {
            m_wire->disconnect(this);
            m_wire->blockSignals(false);
            m_wire.clear();
        }
        QWebSocket *socket = m_socket;
        m_socket.clear();
        if (!socket)
            return;
        socket->disconnect(this);
        if (!m_polite || socket->state() != QAbstractSocket::ConnectedState) {
            socket->abort();
            socket->deleteLater();
            return;
        }
        connect(socket, &QWebSocket::disconnected, socket, &QObject::deleteLater);
        QTimer::singleShot(ClosingTime, socket, [socket] {
            socket->abort();
            socket->deleteLater();
        });
        socket->close();
    }

    WebSocketOptions m_options;
    QTimer m_pings;
    QPointer<QWebSocket> m_socket;    ///< gone with its transport
    QPointer<QAbstractSocket> m_wire; ///< what m_socket reads from
    QByteArrayList m_messages;        ///< to send once it is open
    QByteArrayList m_held;            ///< came while paused
    std::size_t m_heldBytes = 0;
    QStringList m_tlsErrors;
    std::optional<Closing> m_closing; ///< there was a closing handshake
    int m_missed = 0;
    bool m_ended = false;  ///< Qt told an end
    bool m_lost = false;   ///< it ended while its signals were blocked
    bool m_polite = false; ///< the socket says goodbye
};

} // namespace

WebSocketTransport::WebSocketTransport(const WebSocketOptions &options, std::shared_ptr<NetworkRoute> route)
    : m_options(options), m_route(std::move(route)), m_sockets(std::make_unique<QObject>())
{}

WebSocketTransport::~WebSocketTransport() = default;

TransportCall *WebSocketTransport::open(const ExchangeRequest &exchange, const TransportTimeouts &timeouts,
                                        QObject *parent)
{
    auto *call = new WebSocketCall(m_options, timeouts, parent);
    const auto *request = std::get_if<WebSocketRequest>(&exchange);
    if (!request) {
        call->refuse(
            makeError(NetError::Kind::Refused, transportcode::NotCarried, u"This is no WebSocket"_s));
        return call;
    }
    if (const auto refusal = refusalOf(*request)) {
        call->refuse(*refusal);
        return call;
    }
    call->await(request->messages);
    m_route->prepare(
        request->url, call,
        [call, request = *request, cookies = m_route->cookies(),
         sockets = QPointer(m_sockets.get())](const std::expected<Departure, NetError> &departure) {
            if (!call->isWanted())
                return;
            if (!departure) {
                call->refuse(departure.error());
            } else if (!sockets) {
                call->refuse({.kind = NetError::Kind::Network});
            } else {
                call->start(request, *departure, cookies ? cookies->headerFor(request.url) : QByteArray(),
                            new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, sockets));
            }
        });
    return call;
}

} // namespace rivulet
