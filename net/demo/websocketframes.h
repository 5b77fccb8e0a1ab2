// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/demo/httprequestparser.h"
#include "net/export.h"

#include <QtCore/qbytearray.h>

#include <optional>

namespace rivulet {

/// What a WebSocket frame is (RFC 6455, 5.2).
enum class WebSocketOpcode : quint8 {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xa,
};

/// Whether a request asks for a WebSocket, in the version that is spoken here.
[[nodiscard]] RIVULET_NET_EXPORT bool asksForWebSocket(const ReceivedRequest &request);

/// The head that accepts such a request, with `headers` besides its own.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray webSocketAcceptance(const ReceivedRequest &request,
                                                                const HttpHeaders &headers = {});

/// The beginning of a server's frame that announces `size` bytes. `first` is its first byte: final bit,
/// reserved bits and opcode.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray webSocketFrameHead(quint8 first, quint64 size);

/// A server's frame, unmasked, with any first byte.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray webSocketFrame(quint8 first, QByteArrayView payload);

/// A whole message or control frame of a server.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray webSocketFrame(WebSocketOpcode opcode, QByteArrayView payload);

/// The frame that begins or answers the closing handshake.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray webSocketClose(int code, QByteArrayView reason = {});

/// A text or binary message, joined where it came in fragments, or a control frame.
struct WebSocketMessage
{
    WebSocketOpcode opcode = WebSocketOpcode::Text;
    QByteArray payload; ///< without its mask

    friend bool operator==(const WebSocketMessage &, const WebSocketMessage &) = default;
};

/// Reads what a client says on a WebSocket out of pieces of any size. Bounded, no I/O, one thread.
class RIVULET_NET_EXPORT WebSocketReader
{
public:
    static constexpr qsizetype DefaultMaxMessage = 16 * 1024 * 1024;

    explicit WebSocketReader(qsizetype maxMessage = DefaultMaxMessage) : m_maxMessage(maxMessage) {}

    /// Takes the next piece.
    void feed(QByteArrayView bytes);
    /// What came next, in order; empty where more bytes are needed or the client broke the protocol.
    [[nodiscard]] std::optional<WebSocketMessage> next();
    /// How to close on a client that broke the protocol: 1002 or 1009. Else 0.
    [[nodiscard]] int closeCode() const { return m_closeCode; }

private:
    std::optional<WebSocketMessage> fail(int code);

    qsizetype m_maxMessage;
    QByteArray m_buffer;
    std::optional<WebSocketMessage> m_begun; ///< a message whose last fragment is to come
    int m_closeCode = 0;
};

} // namespace rivulet
