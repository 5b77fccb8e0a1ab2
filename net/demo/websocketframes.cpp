// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/websocketframes.h"

#include "net/demo/httpresponder.h"

#include <QtCore/qcryptographichash.h>

#include <algorithm>
#include <utility>

namespace rivulet {

namespace {

constexpr quint8 Final = 0x80;
constexpr quint8 Reserved = 0x70;
constexpr quint8 Masked = 0x80;
constexpr int ProtocolError = 1002;
constexpr int TooLarge = 1009;
constexpr qsizetype MaxControlPayload = 125;

bool isControl(quint8 opcode)
{
    return (opcode & 0x8) != 0;
}

bool isKnown(quint8 opcode)
{
    return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xa);
}

quint64 bigEndian(QByteArrayView bytes)
{
    quint64 number = 0;
    for (const char byte : bytes)
        number = (number << 8) | static_cast<quint8>(byte);
    return number;
}

} // namespace

bool asksForWebSocket(const ReceivedRequest &request)
{
    return request.method == "GET" && request.header("upgrade").toLower() == "websocket"
        && request.header("connection").toLower().contains("upgrade")
        && request.header("sec-websocket-version") == "13" && !request.header("sec-websocket-key").isEmpty();
}

QByteArray webSocketAcceptance(const ReceivedRequest &request, const HttpHeaders &headers)
{
    QByteArray key = request.header("sec-websocket-key");
    key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    HttpHeaders all{
        {"Upgrade", "websocket"},
        {"Connection", "Upgrade"},
        {"Sec-WebSocket-Accept", QCryptographicHash::hash(key, QCryptographicHash::Sha1).toBase64()}};
    all.append(headers);
    return httpHead(101, all);
}

QByteArray webSocketFrameHead(quint8 first, quint64 size)
{
    QByteArray head(1, static_cast<char>(first));
    int bytes = 0;
    if (size < 126) {
        head += static_cast<char>(size);
    } else if (size <= 0xffff) {
        head += char(126);
        bytes = 2;
    } else {
        head += char(127);
        bytes = 8;
    }
    while (bytes > 0)
        head += static_cast<char>((size >> (8 * --bytes)) & 0xff);
    return head;
}

QByteArray webSocketFrame(quint8 first, QByteArrayView payload)
{
    QByteArray frame = webSocketFrameHead(first, static_cast<quint64>(payload.size()));
    frame += payload;
    return frame;
}

QByteArray webSocketFrame(WebSocketOpcode opcode, QByteArrayView payload)
{
    return webSocketFrame(static_cast<quint8>(Final | std::to_underlying(opcode)), payload);
}

QByteArray webSocketClose(int code, QByteArrayView reason)
{
    QByteArray payload(1, static_cast<char>((code >> 8) & 0xff));
    payload += static_cast<char>(code & 0xff);
    payload += reason;
    return webSocketFrame(WebSocketOpcode::Close, payload);
}

void WebSocketReader::feed(QByteArrayView bytes)
{
    if (m_closeCode == 0)
        m_buffer += bytes;
}

std::optional<WebSocketMessage> WebSocketReader::fail(int code)
{
    m_closeCode = code;
    m_buffer.clear();
    m_begun.reset();
    return std::nullopt;
}

std::optional<WebSocketMessage> WebSocketReader::next()
{
    while (m_buffer.size() >= 2) {
        const QByteArrayView buffer = m_buffer;
        const auto first = static_cast<quint8>(buffer[0]);
        const auto second = static_cast<quint8>(buffer[1]);
        const auto opcode = static_cast<quint8>(first & 0x0f);
        // A client masks what it sends (5.3), and no extension was agreed on that could use a reserved bit.
        if ((first & Reserved) != 0 || (second & Masked) == 0 || !isKnown(opcode))
            return fail(ProtocolError);
        const int shortSize = second & 0x7f;
        const qsizetype sizeBytes = shortSize == 127 ? 8 : shortSize == 126 ? 2 : 0;
        const qsizetype head = 2 + sizeBytes + 4;
        if (buffer.size() < head)
            return std::nullopt;
        const quint64 announced =
            sizeBytes > 0 ? bigEndian(buffer.sliced(2, sizeBytes)) : static_cast<quint64>(shortSize);
        const qsizetype before = m_begun && !isControl(opcode) ? m_begun->payload.size() : 0;
        if (announced > static_cast<quint64>(m_maxMessage - before))
            return fail(TooLarge);
        const auto size = static_cast<qsizetype>(announced);
        const bool isFinal = (first & Final) != 0;
        if (isControl(opcode) && (size > MaxControlPayload || !isFinal))
            return fail(ProtocolError);
        if (buffer.size() < head + size)
            return std::nullopt;

        const QByteArrayView mask = buffer.sliced(head - 4, 4);
        QByteArray payload = buffer.sliced(head, size).toByteArray();
        for (qsizetype i = 0; i < size; ++i)
            payload[i] = static_cast<char>(payload.at(i) ^ mask[i % 4]);
        m_buffer.remove(0, head + size);

        if (isControl(opcode))
            return WebSocketMessage{.opcode = WebSocketOpcode(opcode), .payload = std::move(payload)};
        const bool goesOn = opcode == std::to_underlying(WebSocketOpcode::Continuation);
        if (goesOn != m_begun.has_value())
            return fail(ProtocolError);
        if (goesOn)
            m_begun->payload += payload;
        else
            m_begun = WebSocketMessage{.opcode = WebSocketOpcode(opcode), .payload = std::move(payload)};
        if (isFinal)
            return std::exchange(m_begun, std::nullopt);
    }
    return std::nullopt;
}

} // namespace rivulet
