// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearraylist.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

namespace rivulet {

class HttpConnection;

/// Sends one answer's pieces to its connection, as they are, at a steady pace or as fast as the client takes
/// them. Belongs to its connection and goes with it.
class DemoPacer : public QObject
{
    Q_OBJECT

public:
    /// `piecesPerSecond` 0 is without a limit.
    DemoPacer(QByteArrayList pieces, double piecesPerSecond, HttpConnection *connection);

    /// Sends the first pieces; the others follow by themselves.
    void start();

    /// Sends no more, and does not say that it is done.
    void halt();

Q_SIGNALS:
    /// The last piece was handed to the connection. Comes once.
    void done();

private:
    void sendWhatIsDue();

    QByteArrayList m_pieces;
    double m_piecesPerSecond = 0;
    HttpConnection *m_connection = nullptr;
    QTimer m_pace;
    QElapsedTimer m_clock;
    qsizetype m_sent = 0;
    bool m_isDone = false;
};

/// Ends a connection with a reset, as a broken network would, once all that was sent has left.
void breakOff(HttpConnection *connection);

} // namespace rivulet
