// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/words.h"

#include <QtCore/qhash.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

#include <vector>

namespace rivulet::bench {

/// An HTTP server that streams words to every client. It does as little as it can, because it runs beside
/// what is measured.
class WordServer final : public QTcpServer
{
public:
    /// Waits until so many clients have come, and then speaks to all of them, once; with 0, speaks to each as
    /// soon as it asks, and as often as it does.
    WordServer(int together, int perSecond, qint64 wordsEach);

    /// Listens on 127.0.0.1; the port it got, or 0.
    [[nodiscard]] quint16 start();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    struct Alone
    {
        QTcpSocket *socket = nullptr;
        Timetable times;
    };

    void read(QTcpSocket *socket);
    void speak();
    void speakAlone();

    int m_together;
    Timetable m_times;
    std::vector<Alone> m_alone;
    QTimer m_tick;
    QHash<QTcpSocket *, QByteArray> m_requests; ///< as far as they came
    QList<QTcpSocket *> m_listeners;
};

} // namespace rivulet::bench
