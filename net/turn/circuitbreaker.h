// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/neterror.h"

#include <QtCore/qstring.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace rivulet {

/// Whether `error` says that the endpoint itself is in trouble: it can not be reached, does not answer, or
/// says that it is at fault or too busy.
[[nodiscard]] RIVULET_NET_EXPORT bool isOfTheEndpoint(const NetError &error);

/// When a circuit opens, and for how long.
struct CircuitRules
{
    int failures = 5; ///< in a row, until a circuit opens
    std::chrono::milliseconds rest = std::chrono::seconds(30);
    std::chrono::milliseconds longestRest = std::chrono::minutes(5);
    std::chrono::milliseconds longestWish = std::chrono::hours(1); ///< bounds NetError::retryAfter
    std::function<bool(const NetError &error)> counts = isOfTheEndpoint;
};

/// Leaves an endpoint alone that fails and fails, and asks it again with one request at a time. After some
/// failures in a row its circuit opens for a rest, in which no request is to leave; then a single one may
/// probe. While probes fail the rest doubles up to a bound; the first success closes the circuit. What fails
/// during a rest, because it left before or the user insisted, makes it no longer, unless the server says so.
///
/// Endpoints are told apart by whatever name the caller has for them, such as placeName(). Copies share their
/// circuits. Engine thread only.
class RIVULET_NET_EXPORT CircuitBreaker
{
    struct Circuits;

public:
    using Clock = std::chrono::steady_clock;
    using Now = std::function<Clock::time_point()>;

    /// One request's leave to go, and what became of it. While it is the probe of its endpoint no other one
    /// gets through; destroyed without a word it has told nothing. May outlive the breaker.
    class RIVULET_NET_EXPORT Pass
    {
    public:
        ~Pass();
        Pass(Pass &&) noexcept;
        Pass &operator=(Pass &&) noexcept;
        Pass(const Pass &) = delete;
        Pass &operator=(const Pass &) = delete;

        /// The endpoint works. May be followed by fail().
        void succeed();
        /// The request failed. What does not count shows that the endpoint answers, where a server said it.
        void fail(const NetError &error);

    private:
        friend class CircuitBreaker;
        Pass(std::shared_ptr<Circuits> circuits, QString endpoint);

        bool giveBack(); ///< whether it was the probe

        std::shared_ptr<Circuits> m_circuits;
        QString m_endpoint;
        int m_opening = 0; ///< how often the circuit had opened when the request left
        bool m_isProbe = false;
    };

    explicit CircuitBreaker(Now now = Clock::now, CircuitRules rules = {});
    ~CircuitBreaker();

    /// How much of the endpoint's rest is left; zero where there is none.
    [[nodiscard]] std::chrono::milliseconds rest(const QString &endpoint) const;

    /// Whether a request may go now: the endpoint does not rest, and no probe is under way.
    [[nodiscard]] bool isPassable(const QString &endpoint) const;

    /// Leave to send a request; empty where it may not go.
    [[nodiscard]] std::optional<Pass> tryPass(const QString &endpoint);

    /// The same whatever the circuit says, for a user who insists, or where there is no other endpoint.
    [[nodiscard]] Pass pass(const QString &endpoint);

private:
    std::shared_ptr<Circuits> m_circuits;
};

} // namespace rivulet
