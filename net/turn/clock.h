// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <chrono>
#include <functional>
#include <memory>

namespace rivulet {

/// Rings once, some time after it was set. Belongs to the thread that made it; destroyed, it does not ring.
class Alarm
{
public:
    virtual ~Alarm() = default;

    /// Rings after `delay` from now, and not when it was to ring before.
    virtual void set(std::chrono::milliseconds delay) = 0;
    /// Does not ring.
    virtual void clear() = 0;
    /// Whether it is going to ring.
    [[nodiscard]] virtual bool isSet() const = 0;
};

/// The time as turns know it, so that tests can bring their own.
class Clock
{
public:
    using Time = std::chrono::steady_clock::time_point;

    virtual ~Clock() = default;

    /// Never goes back.
    [[nodiscard]] virtual Time now() const = 0;
    /// An alarm that is not set; it calls `ring` from the event loop, which may destroy the alarm.
    [[nodiscard]] virtual std::unique_ptr<Alarm> alarm(std::function<void()> ring) = 0;
};

/// The computer's own clock, for any thread.
[[nodiscard]] RIVULET_NET_EXPORT Clock &systemClock();

} // namespace rivulet
