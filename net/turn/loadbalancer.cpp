// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/loadbalancer.h"

#include "net/turn/turn.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace rivulet {

namespace {

// How much the newest measurement counts: a place that became slow is noticed after a few turns, and one slow
// answer does not drive everybody away.
constexpr double weight = 0.3;

// Whether another place may well do better with the same request: it has a key and limits of its own.
bool isOfThePlace(const NetError &error)
{
    return isOfTheEndpoint(error) || error.kind == NetError::Kind::Auth
        || error.kind == NetError::Kind::RateLimited || error.kind == NetError::Kind::Quota;
}

} // namespace

// There is somewhere else to go: nobody has to see a second failure.
LoadBalancer::LoadBalancer(Now now)
    : m_now(std::move(now)), m_breaker(m_now, {.failures = 1, .counts = isOfThePlace}),
      m_health(std::make_shared<HealthByPlace>())
{}

LoadBalancer::~LoadBalancer() = default;

bool LoadBalancer::rests(const Provider &place) const
{
    return !m_breaker.isPassable(placeName(place));
}

int LoadBalancer::load(const Provider &place) const
{
    return m_health->value(placeName(place)).load;
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
        const bool leftRests = rests(a);
        const bool rightRests = rests(b);
        if (leftRests != rightRests)
            return rightRests;
        if (leftRests)
            return m_breaker.rest(placeName(a)) < m_breaker.rest(placeName(b));
        return std::pair(expected(a), load(a)) < std::pair(expected(b), load(b));
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
        CircuitBreaker breaker;
        std::optional<CircuitBreaker::Pass> pass{};
        std::optional<Clock::time_point> asked{};

        Watched(std::shared_ptr<HealthByPlace> all, const CircuitBreaker &circuits, QString id, Now clock)
            : health(std::move(all)), place(std::move(id)), now(std::move(clock)), breaker(circuits)
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

        void enter(const TurnStatus &status)
        {
            if (status.standIn) {
                if (pass && status.reason)
                    pass->fail(*status.reason);
                pass.reset();
                isElsewhere = true;
                leave();
                return;
            }
            if (status.phase == TurnPhase::Connecting) {
                asked = now();
                pass.reset();
                pass.emplace(breaker.pass(place));
            }
            // What the turn tries again by itself failed all the same.
            const bool failed = status.phase == TurnPhase::Waiting || status.phase == TurnPhase::Dropped;
            if (failed && pass && status.reason) {
                pass->fail(*status.reason);
                pass.reset();
            }
            if (status.phase != TurnPhase::Streaming || !asked || !pass)
                return;
            pass->succeed();
            const std::chrono::duration<double> took = now() - *std::exchange(asked, std::nullopt);
            Health &known = (*health)[place];
            known.firstToken = known.firstToken.count() > 0
                ? known.firstToken * (1 - weight) + took * weight
                : std::max(took, std::chrono::duration<double>(std::chrono::milliseconds(1)));
        }

        void end(const TurnOutcome &outcome)
        {
            leave();
            if (isElsewhere)
                return;
            // A place without its key fails before anything is sent there.
            if (outcome.error && !pass)
                pass.emplace(breaker.pass(place));
            if (outcome.error)
                pass->fail(*outcome.error);
            pass.reset();
        }

        bool left = false;
        bool isElsewhere = false; ///< another provider answers in its place
    };
    // The connections hold it, and they go with the turn.
    const auto watched = std::make_shared<Watched>(m_health, m_breaker, placeName(place), m_now);
    QObject::connect(&turn, &Turn::phaseChanged, &turn,
                     [watched](const TurnStatus &status) { watched->enter(status); });
    QObject::connect(&turn, &Turn::ended, &turn,
                     [watched](const TurnOutcome &outcome) { watched->end(outcome); });
}

} // namespace rivulet
