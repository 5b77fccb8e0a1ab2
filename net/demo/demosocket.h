// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/demo/websocketframes.h"

#include <QtCore/qbytearraylist.h>
#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

namespace rivulet {

class DemoPacer;
class HttpConnection;

/// The demo's end of one WebSocket: accepts it, answers pings and the closing handshake, and plays answers.
/// Belongs to its connection and goes with it.
class DemoSocket : public QObject
{
    Q_OBJECT

public:
    /// `connection` has a request that asks for a WebSocket.
    explicit DemoSocket(HttpConnection *connection);

    /// Says one message now.
    void say(const QByteArray &message);
    /// Begins to say these, at a pace, instead of what was still to be said. What is returned lives until
    /// all is said or stopped.
    DemoPacer *play(const QByteArrayList &messages, double messagesPerSecond);
    /// Leaves unsaid what is still to be said.
    void stop();
    [[nodiscard]] bool isPlaying() const { return !m_pacer.isNull(); }
    /// Begins the closing handshake.
    void close(int code, const QByteArray &reason = {});
    /// Breaks the connection once all was sent.
    void drop();

Q_SIGNALS:
    /// A text message came.
    void message(const QByteArray &text);
    /// What play() was given is said.
    void played();

private:
    void read(const QByteArray &bytes);
    void take(const WebSocketMessage &message);

    HttpConnection *m_connection = nullptr;
    WebSocketReader m_reader;
    QPointer<DemoPacer> m_pacer;
    bool m_isClosing = false;
};

} // namespace rivulet
