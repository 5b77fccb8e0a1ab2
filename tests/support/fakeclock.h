// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/turn/clock.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace rivulet::test {

/// A Clock that stands still until the test moves it. It outlives its alarms.
class FakeClock final : public Clock
{
public:
    [[nodiscard]] Time now() const override { return m_now; }

    [[nodiscard]] std::unique_ptr<Alarm> alarm(std::function<void()> ring) override
    {
        return std::make_unique<FakeAlarm>(*this, std::move(ring));
    }

    /// Lets `time` pass, and rings what is due meanwhile, in order.
    void advance(std::chrono::milliseconds time)
    {
        const Time until = m_now + time;
        while (FakeAlarm *next = earliest(until)) {
            m_now = std::max(m_now, *next->due);
            next->due.reset();
            // What rings may be the end of the alarm.
            const auto ring = next->ring;
            ring();
        }
        m_now = until;
    }

private:
    struct FakeAlarm final : Alarm
    {
        FakeAlarm(FakeClock &owner, std::function<void()> what) : clock(owner), ring(std::move(what))
        {
            clock.m_alarms.push_back(this);
        }
        ~FakeAlarm() override { std::erase(clock.m_alarms, this); }
        Q_DISABLE_COPY_MOVE(FakeAlarm)

        void set(std::chrono::milliseconds delay) override { due = clock.m_now + delay; }
        void clear() override { due.reset(); }
        [[nodiscard]] bool isSet() const override { return due.has_value(); }

        FakeClock &clock;
        std::function<void()> ring;
        std::optional<Time> due;
    };

    [[nodiscard]] FakeAlarm *earliest(Time until) const
    {
        FakeAlarm *first = nullptr;
        for (FakeAlarm *alarm : m_alarms) {
            if (alarm->due && *alarm->due <= until && (!first || *alarm->due < *first->due))
                first = alarm;
        }
        return first;
    }

    Time m_now{std::chrono::hours(1)};
    std::vector<FakeAlarm *> m_alarms;
};

} // namespace rivulet::test
