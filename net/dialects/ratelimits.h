// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/httpmessage.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qtypes.h>

#include <chrono>
#include <optional>

namespace rivulet {

/// How much of one thing a server still grants, as far as it says.
struct RateAllowance
{
    std::optional<qint64> limit{};                       ///< when all of it is there
    std::optional<qint64> remaining{};                   ///< not negative
    std::optional<std::chrono::milliseconds> resetsIn{}; ///< until all of it is there again; a day at most

    friend bool operator==(const RateAllowance &, const RateAllowance &) = default;
};

/// What the head of a response says of how much more may be asked.
struct RateLimits
{
    RateAllowance requests{};
    RateAllowance tokens{};
    std::optional<std::chrono::milliseconds> retryAfter{}; ///< nothing at all before that

    friend bool operator==(const RateLimits &, const RateLimits &) = default;
};

/// Reads the headers that servers tell their limits by. Of several limits on tokens it is the one that the
/// server calls the tightest, else that on the prompt's. `now` turns a date into a time to wait where the
/// response has no date of its own. Any thread.
[[nodiscard]] RIVULET_NET_EXPORT RateLimits readRateLimits(const ResponseHead &head, const QDateTime &now);

} // namespace rivulet
