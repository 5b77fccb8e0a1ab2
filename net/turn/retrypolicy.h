// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/neterror.h"

#include <chrono>
#include <optional>

namespace rivulet {

/// How far a request had come when its exchange broke.
enum class Reached {
    Nowhere,   ///< the server can not have seen it
    Sent,      ///< nobody knows whether the server took it
    Accepted,  ///< the server took it, and has said nothing yet
    Delivered, ///< part of the answer was said
};

/// Whether what went wrong may pass by itself: no connection, too many requests, a server that is busy or
/// fell over. What the server, the user or we refused stays refused.
[[nodiscard]] RIVULET_NET_EXPORT bool isPassing(const NetError &error);

/// Whether the same request may be made again by itself. Not where nobody knows whether the server took
/// it, nor where it is only silent: model calls cost money and agents act, so that is for the user to decide.
/// What it took and then lost before a word was said is asked again. And nothing after part of an answer was
/// said, which would be said again.
[[nodiscard]] RIVULET_NET_EXPORT bool mayRepeat(const NetError &error, Reached reached);

/// Whether another server may do better: not where it is the request that is refused.
[[nodiscard]] RIVULET_NET_EXPORT bool mayStandIn(const NetError &error);

/// How often and how soon something is tried again: exponential with full jitter, so that clients that lost
/// the same server do not come back together. A value.
struct RIVULET_NET_EXPORT RetryPolicy
{
    int attempts = 5;                         ///< in all, the first among them
    std::chrono::milliseconds base{500};      ///< the longest first wait; doubles with each attempt
    std::chrono::milliseconds cap{30'000};    ///< the longest wait
    std::chrono::milliseconds total{120'000}; ///< from the first failure; past it nothing is tried again
    std::chrono::milliseconds longestWish{
        120'000}; ///< a server's retryAfter beyond it is for the user to see
    std::chrono::milliseconds healthy{
        30'000}; ///< after a stream of that length, what failed before is forgotten

    /// How long to wait before attempt `failures` + 1, with `random` from [0, 1): at least as long as the
    /// server wishes. Empty where it is not tried again. `sinceFirst` is the time since the first failure.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    waitAfter(int failures, std::chrono::milliseconds sinceFirst, const NetError &error, double random) const;

    friend bool operator==(const RetryPolicy &, const RetryPolicy &) = default;
};

} // namespace rivulet
