// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/clock.h"

#include <QtCore/qtimer.h>

#include <utility>

namespace rivulet {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// Is set again with every piece that arrives, mostly to a later time: then the timer runs on, and finds out
/// when it rings that it is too early. To start a timer costs more than all else that is done for a word.
class TimerAlarm final : public Alarm
{
public:
    explicit TimerAlarm(std::function<void()> ring) : m_ring(std::move(ring))
    {
        m_timer.setSingleShot(true);
        m_timer.callOnTimeout(&m_timer, [this] { expire(); });
    }

    void set(milliseconds delay) override
    {
        m_due = steady_clock::now() + delay;
        if (!m_timer.isActive() || m_due < m_end)
            run(delay);
    }
    void clear() override { m_timer.stop(); }
    [[nodiscard]] bool isSet() const override { return m_timer.isActive(); }

private:
    void run(milliseconds time)
    {
        m_end = m_due;
        m_timer.start(time);
    }

    void expire()
    {
        // Timers are coarse.
        if (m_due != m_end) {
            if (const auto rest = std::chrono::ceil<milliseconds>(m_due - steady_clock::now()); rest > 0ms) {
                run(rest);
                return;
            }
        }
        // What rings may be the end of the alarm.
        const auto ring = m_ring;
        ring();
    }

    std::function<void()> m_ring;
    QTimer m_timer;
    steady_clock::time_point m_due; ///< when it rings
    steady_clock::time_point m_end; ///< when the timer does
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] Time now() const override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] std::unique_ptr<Alarm> alarm(std::function<void()> ring) override
    {
        return std::make_unique<TimerAlarm>(std::move(ring));
    }
};

} // namespace

Clock &systemClock()
{
    static SystemClock clock;
    return clock;
}

} // namespace rivulet
