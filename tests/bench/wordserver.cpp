// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/wordserver.h"

#include <algorithm>

namespace rivulet::bench {

using namespace std::chrono_literals;

namespace {

QByteArray chunk(const QByteArray &data)
{
    return QByteArray::number(data.size(), 16) + "\r\n" + data + "\r\n";
}

// Whether the request is there with its body.
bool isWhole(const QByteArray &request)
{
    const qsizetype end = request.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QByteArray head = request.first(end).toLower();
    const qsizetype field = head.indexOf("content-length:");
    if (field < 0)
        return true;
    const qsizetype value = field + qsizetype(std::size("content-length:")) - 1;
    const qsizetype line = head.indexOf('\r', value);
    const qlonglong size = head.sliced(value, (line < 0 ? head.size() : line) - value).trimmed().toLongLong();
    return request.size() >= end + 4 + size;
}

} // namespace

WordServer::WordServer(int together, int perSecond, qint64 wordsEach)
    : m_together(together), m_times(std::max(together, 1), perSecond, wordsEach)
{
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, together > 0 ? &WordServer::speak : &WordServer::speakAlone);
}

quint16 WordServer::start()
{
    setListenBacklogSize(1024);
    return listen(QHostAddress::LocalHost) ? serverPort() : 0;
}

void WordServer::incomingConnection(qintptr descriptor)
{
    auto *socket = new QTcpSocket(this);
    socket->setSocketDescriptor(descriptor, QAbstractSocket::ConnectedState,
                                QIODevice::ReadWrite | QIODevice::Unbuffered);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
    connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
        m_requests.remove(socket);
        std::erase_if(m_alone, [socket](const Alone &each) { return each.socket == socket; });
        // Those that speak together are counted.
        if (m_together == 0)
            socket->deleteLater();
    });
}

void WordServer::read(QTcpSocket *socket)
{
    QByteArray &request = m_requests[socket];
    request += socket->readAll();
    if (!isWhole(request))
        return;
    request.clear();
    socket->write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    if (m_together == 0) {
        m_alone.push_back({socket, m_times});
        m_alone.back().times.begin(SteadyClock::now());
        m_tick.start(1ms);
        return;
    }
    m_listeners.append(socket);
    if (m_listeners.size() < m_together)
        return;
    // The last client, too, is to have read its head.
    m_times.begin(SteadyClock::now() + 500ms);
    m_tick.start(1ms);
}

void WordServer::speak()
{
    m_times.catchUp(SteadyClock::now(), [this](int stream, SteadyClock::time_point) {
        m_listeners.at(stream)->write(chunk(eventSaying(wordSentAt(SteadyClock::now()))));
    });
    if (!m_times.isOver())
        return;
    m_tick.stop();
    for (QTcpSocket *listener : std::as_const(m_listeners))
        listener->write(chunk(lastEvents) + "0\r\n\r\n");
}

void WordServer::speakAlone()
{
    const auto now = SteadyClock::now();
    for (Alone &each : m_alone) {
        each.times.catchUp(now, [&each](int, SteadyClock::time_point) {
            each.socket->write(chunk(eventSaying(wordSentAt(SteadyClock::now()))));
        });
        if (each.times.isOver())
            each.socket->write(chunk(lastEvents) + "0\r\n\r\n");
    }
    std::erase_if(m_alone, [](const Alone &each) { return each.times.isOver(); });
    if (m_alone.empty())
        m_tick.stop();
}

} // namespace rivulet::bench
