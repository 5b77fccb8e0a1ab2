// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/clock.h"

#include <QtCore/qtimer.h>

#include <utility>

namespace rivulet {

namespace {

class TimerAlarm final : public Alarm
{
public:
    explicit TimerAlarm(std::function<void()> ring)
    {
        m_timer.setSingleShot(true);
        m_timer.callOnTimeout(&m_timer, std::move(ring));
    }

    void set(std::chrono::milliseconds delay) override { m_timer.start(delay); }
    void clear() override { m_timer.stop(); }
    [[nodiscard]] bool isSet() const override { return m_timer.isActive(); }

private:
    QTimer m_timer;
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
