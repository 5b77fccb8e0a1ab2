// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demosocket.h"

#include "net/demo/demopacer.h"
#include "net/demo/httpresponder.h"

#include <utility>

namespace rivulet {

namespace {
constexpr qsizetype MaxMessage = 1024 * 1024;
constexpr int UnsupportedData = 1003;
} // namespace

DemoSocket::DemoSocket(HttpConnection *connection)
    : QObject(connection), m_connection(connection), m_reader(MaxMessage)
{
    connect(m_connection, &HttpConnection::received, this, &DemoSocket::read);
    m_connection->send(webSocketAcceptance(m_connection->request()));
    m_connection->upgrade();
}

void DemoSocket::say(const QByteArray &message)
{
    if (!m_isClosing)
        m_connection->send(webSocketFrame(WebSocketOpcode::Text, message));
}

DemoPacer *DemoSocket::play(const QByteArrayList &messages, double messagesPerSecond)
{
    stop();
    QByteArrayList frames;
    frames.reserve(messages.size());
    for (const QByteArray &message : messages)
        frames.append(webSocketFrame(WebSocketOpcode::Text, message));
    auto *pacer = new DemoPacer(std::move(frames), messagesPerSecond, m_connection);
    m_pacer = pacer;
    connect(pacer, &DemoPacer::done, this, [this] {
        stop();
        Q_EMIT played();
    });
    pacer->start();
    return pacer;
}

void DemoSocket::stop()
{
    if (DemoPacer *pacer = std::exchange(m_pacer, nullptr)) {
        // Not deleted at once: it may be the one that calls this.
        pacer->halt();
        pacer->deleteLater();
    }
}

void DemoSocket::close(int code, const QByteArray &reason)
{
    stop();
    if (!std::exchange(m_isClosing, true))
        m_connection->send(webSocketClose(code, reason));
}

void DemoSocket::drop()
{
    stop();
    m_isClosing = true;
    breakOff(m_connection);
}

void DemoSocket::read(const QByteArray &bytes)
{
    m_reader.feed(bytes);
    while (const auto message = m_reader.next())
        take(*message);
    if (const int code = m_reader.closeCode(); code != 0) {
        close(code);
        m_connection->close();
    }
}

void DemoSocket::take(const WebSocketMessage &received)
{
    switch (received.opcode) {
    case WebSocketOpcode::Text:
        if (!m_isClosing)
            Q_EMIT message(received.payload);
        break;
    case WebSocketOpcode::Binary:
        close(UnsupportedData);
        break;
    case WebSocketOpcode::Ping:
        if (!m_isClosing)
            m_connection->send(webSocketFrame(WebSocketOpcode::Pong, received.payload));
        break;
    case WebSocketOpcode::Close:
        stop();
        if (!std::exchange(m_isClosing, true))
            m_connection->send(webSocketFrame(WebSocketOpcode::Close, received.payload));
        m_connection->close();
        break;
    case WebSocketOpcode::Continuation:
    case WebSocketOpcode::Pong:
        break;
    }
}

} // namespace rivulet
