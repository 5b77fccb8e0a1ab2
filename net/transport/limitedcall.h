// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/transport.h"

#include <QtCore/qtimer.h>

#include <chrono>
#include <utility>

namespace rivulet {

/// What a call over any real connection has: an end that comes once, a pause, and limits on how long is
/// waited: TransportTimeouts::head until begin(), then TransportTimeouts::idle between two signs of life, but
/// not while it is paused.
class LimitedCall : public TransportCall
{
public:
    /// Fails from the event loop: what was asked for is not carried.
    void refuse(const NetError &error)
    {
        QMetaObject::invokeMethod(
            this,
            [this, error] {
                if (!m_over)
                    fail(error);
            },
            Qt::QueuedConnection);
    }

    void pause() override
    {
        m_paused = true;
        if (m_begun)
            m_limit.stop();
    }

    void resume() override
    {
        if (!std::exchange(m_paused, false) || m_over)
            return;
        noteLife();
        QMetaObject::invokeMethod(this, &LimitedCall::advance, Qt::QueuedConnection);
    }

protected:
    LimitedCall(const TransportTimeouts &timeouts, QObject *parent)
        : TransportCall(parent), m_timeouts(timeouts)
    {
        m_limit.setSingleShot(true);
        connect(&m_limit, &QTimer::timeout, this, [this] {
            if (!m_over)
                expire();
        });
    }

    /// Signals whatever waits, after a pause. A receiver may abort, pause or delete the call at each signal.
    virtual void advance() = 0;
    /// A limit has passed: fails in words of its own.
    virtual void expire() = 0;
    /// Lets the connection go, at the end of the call.
    virtual void release() = 0;

    /// The wait for the beginning starts.
    void awaitBegin() { startLimit(m_timeouts.head); }

    /// The other side is there. False where it was already.
    bool begin()
    {
        if (std::exchange(m_begun, true))
            return false;
        if (m_paused)
            m_limit.stop();
        else
            startLimit(m_timeouts.idle);
        return true;
    }

    /// Something came.
    void noteLife()
    {
        if (m_begun && !m_paused && !m_over)
            startLimit(m_timeouts.idle);
    }

    /// Ends the call without a signal.
    void leave()
    {
        m_over = true;
        m_limit.stop();
        release();
    }

    void finish()
    {
        leave();
        Q_EMIT finished();
    }

    void fail(const NetError &error)
    {
        leave();
        Q_EMIT failed(error);
    }

    [[nodiscard]] bool hasBegun() const { return m_begun; }
    [[nodiscard]] bool isPaused() const { return m_paused; }
    [[nodiscard]] bool isOver() const { return m_over; }

private:
    void startLimit(std::chrono::milliseconds limit)
    {
        if (limit.count() > 0)
            m_limit.start(limit);
        else
            m_limit.stop();
    }

    TransportTimeouts m_timeouts;
    QTimer m_limit;
    bool m_begun = false;
    bool m_paused = false;
    bool m_over = false;
};

} // namespace rivulet
