// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/framing/limits.h"
#include "net/transport/networkroute.h"
#include "net/transport/transport.h"

#include <QtCore/qobject.h>

#include <chrono>
#include <memory>

namespace rivulet {

/// How a WebSocketTransport watches its connections.
struct WebSocketOptions
{
    std::chrono::milliseconds ping{20'000};    ///< between two pings of ours
    int missedPongs = 2;                       ///< so many pings without any byte mean that nobody is there
    std::size_t maxMessage = limits::frame;    ///< bytes of one frame, and of one message
    std::size_t maxHeld = limits::undelivered; ///< bytes of messages that wait while a call is paused
};

/// WebSockets (RFC 6455) over QWebSocket, with the cures for what that does and does not do:
///
/// - It offers no extension and sends no Origin. Redirects and challenges are never followed. Of cookies it
///   sends those that its route has from HTTP; Qt does not tell what the handshake's answer sets.
/// - The system's proxies and files of certificates are asked for on other threads, as HttpTransport does.
/// - It pings by itself: a peer that is gone is found after `missedPongs` of them.
/// - Frames and messages have a bound; Qt's own is two gigabytes.
/// - finished() needs a closing handshake with 1000 or without a code. QWebSocket::closeCode() also says
///   1000 where the connection was lost, so that a handshake is told by aboutToClose(), which comes with a
///   closing handshake only: the server's, or Qt's own where it found the stream to be wrong.
/// - Another closing code is a failure whose NetError::code is that number. A handshake that was answered
///   with an HTTP status is a failure with that status; nothing more of the answer is known.
/// - While a call is paused, messages wait up to `maxHeld`, then the socket is not read any more. Qt ends a
///   connection that stands still for five seconds in the middle of a frame, also then.
///
/// Binary messages are signalled as text where they are UTF-8; others are a failure.
class RIVULET_NET_EXPORT WebSocketTransport : public Transport
{
public:
    /// Belongs to the thread that constructs it; opens and signals there.
    explicit WebSocketTransport(const WebSocketOptions &options = {},
                                std::shared_ptr<NetworkRoute> route = NetworkRoute::plain());
    ~WebSocketTransport() override;

    TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                        QObject *parent) override;

private:
    WebSocketOptions m_options;
    std::shared_ptr<NetworkRoute> m_route;
    std::unique_ptr<QObject> m_sockets; ///< owns the sockets, also while they close after their call
};

} // namespace rivulet
