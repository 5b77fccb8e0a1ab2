// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/turn: how much of something may be used, and when there is more of it.

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

namespace rivulet {

/// A token bucket: it holds so much, and fills again at a steady pace. A value; its time is told to it, and
/// never goes back.
class TokenBucket
{
public:
    using Time = std::chrono::steady_clock::time_point;
    using Seconds = std::chrono::duration<double>;

    /// A full one that fills within a minute.
    static TokenBucket perMinute(double size, Time now) { return {size, size, size / 60, now, std::nullopt}; }

    /// What a server says is left, until all of it is there again. Without a size nobody knows its pace: then
    /// nothing comes before that.
    static TokenBucket untilReset(double left, std::optional<double> size, Time now, Time reset)
    {
        const double missing = size ? std::max(0.0, *size - left) : 0;
        const double span = Seconds(reset - now).count();
        return {size.value_or(std::numeric_limits<double>::infinity()), left, span > 0 ? missing / span : 0,
                now, reset};
    }

    /// When, from `time` on, `amount` can be taken. What is more than the bucket holds waits until it is
    /// full.
    [[nodiscard]] Time timeFor(double amount, Time time) const
    {
        if (m_reset && time >= *m_reset)
            return time;
        const double missing = std::min(amount, m_size) - levelAt(time);
        if (missing <= 0)
            return time;
        if (m_perSecond <= 0)
            return m_reset.value_or(time);
        const Time then = time + std::chrono::ceil<Time::duration>(Seconds(missing / m_perSecond));
        return m_reset ? std::min(then, *m_reset) : then;
    }

    /// Takes `amount`, or gives back where it is negative. It can be owed, but not more than the bucket
    /// holds.
    void take(double amount, Time time)
    {
        m_level = std::clamp(levelAt(time) - amount, -m_size, m_size);
        m_at = std::max(m_at, time);
    }

    /// Has another size from now on.
    void resize(double size, Time time)
    {
        const double level = levelAt(time);
        *this = perMinute(size, time);
        m_level = std::min(level, size);
    }

private:
    TokenBucket(double size, double level, double perSecond, Time at, std::optional<Time> reset)
        : m_size(size), m_level(level), m_perSecond(perSecond), m_at(at), m_reset(reset)
    {}

    [[nodiscard]] double levelAt(Time time) const
    {
        const double gained = std::max(0.0, Seconds(time - m_at).count()) * m_perSecond;
        return std::min(m_level + gained, m_size);
    }

    double m_size;
    double m_level;
    double m_perSecond;
    Time m_at;
    std::optional<Time> m_reset; ///< beyond it, it says nothing
};

} // namespace rivulet
