// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearraylist.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

namespace rivulet {

class HttpConnection;

/// Sends one answer's events to its connection, a chunk each, at a steady pace or as fast as the client
/// takes them. Belongs to its connection and goes with it.
class DemoStream : public QObject
{
    Q_OBJECT

public:
    struct Plan
    {
        QByteArrayList events;      ///< whole server-sent events, in order
        double eventsPerSecond = 0; ///< 0 is without a limit
        bool drop = false;          ///< reset the connection after the last event
    };

    DemoStream(Plan plan, HttpConnection *connection);

    /// Sends the head and begins.
    void start();

private:
    void sendWhatIsDue();
    void end();

    Plan m_plan;
    HttpConnection *m_connection = nullptr;
    QTimer m_pace;
    QElapsedTimer m_clock;
    qsizetype m_sent = 0;
};

} // namespace rivulet
