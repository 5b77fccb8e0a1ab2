// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demostream.h"

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

DemoStream::DemoStream(Plan plan, HttpConnection *connection)
    : QObject(connection), m_plan(std::move(plan)), m_connection(connection)
{
    connect(&m_pace, &QTimer::timeout, this, &DemoStream::sendWhatIsDue);
    connect(m_connection, &HttpConnection::sent, this, [this] {
        if (m_plan.eventsPerSecond <= 0)
            sendWhatIsDue();
    });
    connect(m_connection, &HttpConnection::closed, &m_pace, &QTimer::stop);
}

void DemoStream::start()
{
    m_connection->send(httpHead(200,
                                {{"Content-Type", "text/event-stream; charset=utf-8"},
                                 {"Cache-Control", "no-store"},
                                 {"Transfer-Encoding", "chunked"}}));
    m_clock.start();
    if (m_plan.eventsPerSecond > 0) {
        const auto step = std::chrono::duration<double>(1 / m_plan.eventsPerSecond);
        m_pace.setTimerType(Qt::PreciseTimer);
        m_pace.start(std::max<std::chrono::milliseconds>(
            ShortestPace, std::chrono::duration_cast<std::chrono::milliseconds>(step)));
    }
    sendWhatIsDue();
}

void DemoStream::sendWhatIsDue()
{
    const qsizetype count = m_plan.events.size();
    qsizetype due = count;
    if (m_plan.eventsPerSecond > 0) {
        const double seconds = static_cast<double>(m_clock.nsecsElapsed()) / 1e9;
        due = static_cast<qsizetype>(
            std::min(seconds * m_plan.eventsPerSecond + 1, static_cast<double>(count)));
    }
    // A slow reader is waited for; the pace is made good once it reads again.
    QByteArray chunks;
    while (m_sent < due && m_connection->unsent() + chunks.size() < MaxUnsent)
        chunks += httpChunk(m_plan.events.at(m_sent++));
    if (!chunks.isEmpty())
        m_connection->send(chunks);
    if (m_sent == count)
        end();
}

void DemoStream::end()
{
    m_pace.stop();
    disconnect(m_connection, &HttpConnection::sent, this, nullptr);
    if (!m_plan.drop) {
        m_connection->send(httpChunk({}));
        m_connection->next();
        deleteLater();
    } else if (m_connection->unsent() == 0) {
        m_connection->reset();
    } else {
        connect(m_connection, &HttpConnection::sent, this, [this] {
            if (m_connection->unsent() == 0)
                m_connection->reset();
        });
    }
}

} // namespace rivulet
