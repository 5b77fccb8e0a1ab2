// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/words.h"

#include <QtCore/qhash.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

namespace rivulet::bench {

/// An HTTP server that streams words to every client, once all have come, and then ends the process. It does
/// as little as it can, because it runs beside what is measured.
class WordServer final : public QTcpServer
{
public:
    WordServer(int streams, int perSecond, qint64 wordsEach);

    /// Listens on 127.0.0.1; the port it got, or 0.
    [[nodiscard]] quint16 start();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void read(QTcpSocket *socket);
    void speak();

    int m_streams;
    Timetable m_times;
    QTimer m_tick;
    QHash<QTcpSocket *, QByteArray> m_requests; ///< as far as they came
    QList<QTcpSocket *> m_listeners;
};

} // namespace rivulet::bench
