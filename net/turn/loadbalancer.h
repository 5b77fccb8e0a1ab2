// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"
#include "net/turn/circuitbreaker.h"

#include <QtCore/qcache.h>
#include <QtCore/qhash.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <memory>

namespace rivulet {

class Turn;

/// Chooses at which of a provider's places a turn asks. The first choice of a conversation is the place where
/// the first token is to be expected soonest, by what was measured there and by the turns that run there now;
/// the conversation then stays, because servers keep what they have read of it. A place that failed rests,
/// for longer each time that it fails again, and its conversations move. Engine thread only.
class RIVULET_NET_EXPORT LoadBalancer
{
public:
    using Clock = CircuitBreaker::Clock;
    using Now = CircuitBreaker::Now;

    /// How many conversations are remembered; beyond, those that asked longest ago are forgotten.
    static constexpr int mostConversations = 4096;

    explicit LoadBalancer(Now now = Clock::now);
    ~LoadBalancer();

    /// The place for the next turn of `conversation`, which may be empty for none: one of placesOf(). While
    /// all of them rest, the one that is the first to be back.
    [[nodiscard]] Provider choose(const Provider &provider, const QString &conversation);

    /// Counts `turn`, which has not started, as load of `place` until it ends or is destroyed, and learns
    /// from it. May outlive the balancer.
    void watch(Turn &turn, const Provider &place);

private:
    /// What is known of a place.
    struct Health
    {
        int load = 0;                               ///< turns that run there
        std::chrono::duration<double> firstToken{}; ///< smoothed; zero before the first one
    };
    using HealthByPlace = QHash<QString, Health>; ///< by placeName()

    [[nodiscard]] bool rests(const Provider &place) const;
    [[nodiscard]] int load(const Provider &place) const;
    [[nodiscard]] std::chrono::duration<double> expected(const Provider &place) const;

    Now m_now;
    CircuitBreaker m_breaker;
    std::shared_ptr<HealthByPlace> m_health;
    QCache<QString, QString> m_placeOf{mostConversations}; ///< the replica, by provider and conversation
};

} // namespace rivulet
