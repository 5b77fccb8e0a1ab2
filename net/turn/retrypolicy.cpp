// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/retrypolicy.h"

#include "net/transport/requestrules.h"
#include "net/turn/captiveportal.h"

#include <algorithm>
#include <array>

namespace rivulet {

namespace {

constexpr std::array passingStatuses{408, 409, 425, 429, 498, 500, 502, 503, 504, 529};

// The first of the statuses that are no success.
constexpr int failingStatus = 300;

bool isOneOf(const QString &code, std::initializer_list<QLatin1StringView> codes)
{
    return std::ranges::find(codes, code) != codes.end();
}

} // namespace

bool isPassing(const NetError &error)
{
    switch (error.kind) {
    case NetError::Kind::Auth:
    case NetError::Kind::Quota:
    case NetError::Kind::Protocol:
    case NetError::Kind::TooLarge:
    case NetError::Kind::Refused:
        return false;
    default:
        break;
    }
    if (error.status >= failingStatus)
        return std::ranges::find(passingStatuses, error.status) != passingStatuses.end();
    switch (error.kind) {
    case NetError::Kind::Network:
        return error.code.isEmpty()
            || isOneOf(error.code,
                       {transportcode::HostNotFound, transportcode::ConnectionRefused,
                        transportcode::ConnectionLost, transportcode::Unreachable, captivePortal});
    case NetError::Kind::Server:
        return !isOneOf(
            error.code,
            {transportcode::ProgramNotStarted, transportcode::ProgramFailed, transportcode::ProgramCrashed});
    case NetError::Kind::Timeout:
    case NetError::Kind::RateLimited:
    case NetError::Kind::Overloaded:
        return true;
    default:
        return false;
    }
}

bool mayRepeat(const NetError &error, Reached reached)
{
    if (!isPassing(error))
        return false;
    switch (reached) {
    case Reached::Nowhere:
        return true;
    case Reached::Accepted:
        // One that is only silent may be at work, and long.
        return error.kind != NetError::Kind::Timeout;
    case Reached::Sent:
        // A status is an answer: the server did not take it.
        return error.status >= failingStatus
            || isOneOf(error.code,
                       {transportcode::HostNotFound, transportcode::ConnectionRefused,
                        transportcode::Unreachable, captivePortal});
    case Reached::Delivered:
        return false;
    }
    Q_UNREACHABLE_RETURN(false);
}

bool mayStandIn(const NetError &error)
{
    switch (error.kind) {
    case NetError::Kind::InvalidRequest:
    case NetError::Kind::TooLarge:
    case NetError::Kind::Refused:
        return false;
    default:
        return true;
    }
}

std::optional<std::chrono::milliseconds> RetryPolicy::waitAfter(int failures,
                                                                std::chrono::milliseconds sinceFirst,
                                                                const NetError &error, double random) const
{
    const auto wish = error.retryAfter.value_or(std::chrono::milliseconds(0));
    if (failures >= attempts || wish > longestWish)
        return std::nullopt;
    const int doublings = std::clamp(failures - 1, 0, 30);
    const auto longest = std::min(cap, std::chrono::milliseconds(base.count() << doublings));
    const auto wait =
        std::max(wish, std::chrono::milliseconds(qint64(static_cast<double>(longest.count()) * random)));
    if (sinceFirst + wait > total)
        return std::nullopt;
    return wait;
}

} // namespace rivulet
