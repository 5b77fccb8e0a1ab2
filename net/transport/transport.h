// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/exchangerequest.h"
#include "net/wire/httpmessage.h"
#include "net/wire/neterror.h"
#include "net/wire/networkoptions.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>

#include <chrono>

namespace rivulet {

/// How long a transport waits before it gives up. Zero means: without limit.
struct TransportTimeouts
{
    std::chrono::milliseconds head{30'000};  ///< from open() to the response head
    std::chrono::milliseconds idle{120'000}; ///< between two arrivals of bytes

    friend bool operator==(const TransportTimeouts &, const TransportTimeouts &) = default;
};

/// One exchange under way: an HTTP request, a WebSocket or a local program. Signals come on the thread that
/// opened it, never from inside open(), send() or abort(). Exactly one of finished() and failed() ends it,
/// unless it was aborted: then neither comes.
class RIVULET_NET_EXPORT TransportCall : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Ends the exchange now: the socket is closed, the program ended, nothing more is signalled. Safe to
    /// call twice and after the end.
    virtual void abort() = 0;

    /// Sends one more message, where the connection has two directions; else, and after the end, nothing.
    virtual void send(const ConnectionMessage &message) { Q_UNUSED(message) }

    /// Stops taking bytes, so that the server feels the back-pressure; resume() goes on.
    virtual void pause() = 0;
    virtual void resume() = 0;

Q_SIGNALS:
    /// HTTP: status and headers are there. Comes once, before any bytes.
    void head(const rivulet::ResponseHead &head);
    /// A WebSocket is open, a program runs: what was to be said first is on its way. Comes once.
    void opened();
    /// HTTP and programs: the next piece of the decoded body or of the standard output, never empty.
    /// `received` is how many bytes of the wire it took, without framing, since the last one.
    void bytes(const QByteArray &bytes, qint64 received);
    /// WebSockets: one whole text message.
    void message(const QByteArray &text);
    /// The other side ended it in good order: the body is whole, the WebSocket was closed by a handshake,
    /// the program left with 0. That is not yet a complete answer.
    void finished();
    /// The exchange broke. What was signalled before stays valid.
    void failed(const rivulet::NetError &error);
};

/// Opens exchanges. Lives on the engine thread; implementations are chosen in app/ and in tests.
class RIVULET_NET_EXPORT Transport
{
public:
    virtual ~Transport() = default;

    /// Opens exactly once. The caller owns the call through `parent`, and connects to its signals before
    /// control returns to the event loop. What a transport does not carry fails as Refused.
    [[nodiscard]] virtual TransportCall *open(const ExchangeRequest &request,
                                              const TransportTimeouts &timeouts, QObject *parent) = 0;

    /// The transport for the traffic of that profile. It lives as long as this one; it is this one where
    /// there is only one way into the network.
    [[nodiscard]] virtual Transport &through(const NetworkProfile &profile)
    {
        Q_UNUSED(profile)
        return *this;
    }

    /// Connects to the server of an http or https URL, so that an HTTP request to it soon afterwards finds
    /// the connection there. Nothing is sent over it, and nothing is told of how it went. Does nothing for
    /// what would not be sent to, nor again for the same server within a few seconds.
    virtual void preconnect(const QUrl &url) { Q_UNUSED(url) }
};

} // namespace rivulet
