// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demopacer.h"

#include "net/demo/httpresponder.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace rivulet {

using namespace std::chrono_literals;

namespace {
constexpr qint64 MaxUnsent = 256 * 1024;
constexpr auto ShortestPace = 4ms;
} // namespace

DemoPacer::DemoPacer(QByteArrayList pieces, double piecesPerSecond, HttpConnection *connection)
    : QObject(connection), m_pieces(std::move(pieces)), m_piecesPerSecond(piecesPerSecond),
      m_connection(connection)
{
    connect(&m_pace, &QTimer::timeout, this, &DemoPacer::sendWhatIsDue);
    connect(m_connection, &HttpConnection::sent, this, [this] {
        if (m_piecesPerSecond <= 0)
            sendWhatIsDue();
    });
    connect(m_connection, &HttpConnection::closed, &m_pace, &QTimer::stop);
}

void DemoPacer::start()
{
    m_clock.start();
    if (m_piecesPerSecond > 0) {
        const auto step = std::chrono::duration<double>(1 / m_piecesPerSecond);
        m_pace.setTimerType(Qt::PreciseTimer);
        m_pace.start(std::max<std::chrono::milliseconds>(
            ShortestPace, std::chrono::duration_cast<std::chrono::milliseconds>(step)));
    }
    sendWhatIsDue();
}

void DemoPacer::halt()
{
    m_isDone = true;
    m_pace.stop();
}

void DemoPacer::sendWhatIsDue()
{
    if (m_isDone)
        return;
    const qsizetype count = m_pieces.size();
    qsizetype due = count;
    if (m_piecesPerSecond > 0) {
        const double seconds = static_cast<double>(m_clock.nsecsElapsed()) / 1e9;
        due = static_cast<qsizetype>(std::min(seconds * m_piecesPerSecond + 1, static_cast<double>(count)));
    }
    // A slow reader is waited for; the pace is made good once it reads again.
    QByteArray bytes;
    while (m_sent < due && m_connection->unsent() + bytes.size() < MaxUnsent)
        bytes += m_pieces.at(m_sent++);
    if (!bytes.isEmpty())
        m_connection->send(bytes);
    if (m_sent < count)
        return;
    m_isDone = true;
    m_pace.stop();
    Q_EMIT done();
}

void breakOff(HttpConnection *connection)
{
    if (connection->unsent() == 0) {
        connection->reset();
        return;
    }
    QObject::connect(connection, &HttpConnection::sent, connection, [connection] {
        if (connection->unsent() == 0)
            connection->reset();
    });
}

} // namespace rivulet
