// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/ratelimits.h"
#include "net/export.h"
#include "net/providers/provider.h"
#include "net/wire/usage.h"

#include <QtCore/qstring.h>

#include <chrono>
#include <functional>
#include <memory>

namespace rivulet {

struct ChatRequest;

/// About how many tokens `request` is, by the rule of thumb of four letters each: a server counts them with
/// its model's own vocabulary, and tells what it counted when it is done.
[[nodiscard]] RIVULET_NET_EXPORT qint64 estimatedTokens(const ChatRequest &request);

/// Spaces out the requests to each place of a provider, so that they are not refused for being too many. It
/// keeps to what the user has set, and to what the server says in the heads of its responses; where both are
/// silent, nothing waits. First come, first served. Engine thread only.
class RIVULET_NET_EXPORT RateLimiter
{
    struct Places;
    struct Line;

public:
    using Clock = std::chrono::steady_clock;
    using Now = std::function<Clock::time_point()>;

    /// Bounds how long a server can make everybody wait.
    static constexpr std::chrono::hours longestRest{1};

    /// One request's place in the line, from when it is ready to go until it has been answered. Destroyed
    /// before it was sent, it lets the ones behind it move up. May outlive the limiter.
    class RIVULET_NET_EXPORT Ticket
    {
    public:
        ~Ticket();
        Ticket(Ticket &&) noexcept;
        Ticket &operator=(Ticket &&) noexcept;
        Ticket(const Ticket &) = delete;
        Ticket &operator=(const Ticket &) = delete;

        /// How long until the request may go; zero: now. What others do and what servers say may change it:
        /// ask again when that time has passed, or sooner.
        [[nodiscard]] std::chrono::milliseconds wait() const;

        /// The request leaves now.
        void noteSent();
        /// The head of its response has come, with that status.
        void noteHead(int status, const RateLimits &limits);
        /// The server has counted its tokens; the last report is the one that counts.
        void noteUsage(const Usage &usage);

    private:
        friend class RateLimiter;
        Ticket(std::shared_ptr<Places> places, QString place, quint64 number);

        std::shared_ptr<Places> m_places;
        QString m_place;
        quint64 m_number = 0;
    };

    explicit RateLimiter(Now now = Clock::now);
    ~RateLimiter();

    /// Takes a place at the end of the line for `place`, which is one of placesOf(). `tokens` is what the
    /// request will cost by estimate.
    [[nodiscard]] Ticket enter(const Provider &place, qint64 tokens);

private:
    std::shared_ptr<Places> m_places;
};

} // namespace rivulet
