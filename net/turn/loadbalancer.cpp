// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/loadbalancer.h"

#include "net/turn/turn.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// How much the newest measurement counts: a place that became slow is noticed after a few turns, and one slow
// answer does not drive everybody away.
constexpr double weight = 0.3;

// A server that asks for more is asked again all the same: it may be the only one left.
constexpr std::chrono::hours longestRest{1};

// Whether another place may well do better with the same request.
bool isOfThePlace(const NetError &error)
{
    switch (error.kind) {
    case NetError::Kind::Network:
    case NetError::Kind::Timeout:
    case NetError::Kind::Auth:
    case NetError::Kind::RateLimited:
    case NetError::Kind::Quota:
    case NetError::Kind::Overloaded:
    case NetError::Kind::Server:
        return true;
    case NetError::Kind::Http:
    case NetError::Kind::InvalidRequest:
    case NetError::Kind::Protocol:
    case NetError::Kind::TooLarge:
    case NetError::Kind::Refused:
        return false;
    }
    return false;
}

} // namespace

LoadBalancer::LoadBalancer(Now now) : m_now(std::move(now)), m_health(std::make_shared<HealthByPlace>()) {}

LoadBalancer::~LoadBalancer() = default;

bool LoadBalancer::rests(const Provider &place) const
{
    return m_health->value(placeName(place)).restsUntil > m_now();
}

// A place that nobody asked yet is expected to answer at once, so that it is tried.
std::chrono::duration<double> LoadBalancer::expected(const Provider &place) const
{
    const Health health = m_health->value(placeName(place));
    return health.firstToken * (health.load + 1);
}

Provider LoadBalancer::choose(const Provider &provider, const QString &conversation)
{
    const QList<Provider> places = placesOf(provider);
    if (places.size() == 1)
        return places.constFirst();
    const QString key = provider.id + u'\0' + conversation;
    if (const QString *before = conversation.isEmpty() ? nullptr : m_placeOf.object(key)) {
        const auto place = std::ranges::find(places, *before, &Provider::replica);
        if (place != places.end() && !rests(*place))
            return *place;
    }
    const auto comesBefore = [this](const Provider &a, const Provider &b) {
        const Health left = m_health->value(placeName(a));
        const Health right = m_health->value(placeName(b));
        const bool leftRests = rests(a);
        const bool rightRests = rests(b);
        if (leftRests != rightRests)
            return rightRests;
        if (leftRests)
            return left.restsUntil < right.restsUntil;
        return std::pair(expected(a), left.load) < std::pair(expected(b), right.load);
    };
    const Provider chosen = *std::ranges::min_element(places, comesBefore);
    if (!conversation.isEmpty())
        m_placeOf.insert(key, new QString(chosen.replica));
    return chosen;
}

void LoadBalancer::watch(Turn &turn, const Provider &place)
{
    struct Watched
    {
        std::shared_ptr<HealthByPlace> health;
        QString place;
        Now now;
        std::optional<Clock::time_point> asked{};

        Watched(std::shared_ptr<HealthByPlace> all, QString id, Now clock)
            : health(std::move(all)), place(std::move(id)), now(std::move(clock))
        {
            ++(*health)[place].load;
        }
        Watched(const Watched &) = delete;
        Watched &operator=(const Watched &) = delete;
        ~Watched() { leave(); }

        void leave()
        {
            if (!std::exchange(left, true))
                --(*health)[place].load;
        }

        void enter(TurnPhase phase)
        {
            if (phase == TurnPhase::Connecting)
                asked = now();
            if (phase != TurnPhase::Streaming || !asked)
                return;
            const std::chrono::duration<double> took = now() - *std::exchange(asked, std::nullopt);
            Health &known = (*health)[place];
            known.firstToken = known.firstToken.count() > 0
                ? known.firstToken * (1 - weight) + took * weight
                : std::max(took, std::chrono::duration<double>(std::chrono::milliseconds(1)));
            known.restsUntil = Clock::time_point::min();
        }

        void end(const TurnOutcome &outcome)
        {
            leave();
            if (outcome.error && isOfThePlace(*outcome.error)) {
                const auto wish = outcome.error->retryAfter.value_or(rest);
                (*health)[place].restsUntil = now() + std::min<std::chrono::milliseconds>(wish, longestRest);
            }
        }

        bool left = false;
    };
    // The connections hold it, and they go with the turn.
    const auto watched = std::make_shared<Watched>(m_health, placeName(place), m_now);
    QObject::connect(&turn, &Turn::phaseChanged, &turn,
                     [watched](TurnPhase phase) { watched->enter(phase); });
    QObject::connect(&turn, &Turn::ended, &turn,
                     [watched](const TurnOutcome &outcome) { watched->end(outcome); });
}

} // namespace rivulet
