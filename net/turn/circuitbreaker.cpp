// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/circuitbreaker.h"

#include <QtCore/qhash.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using std::chrono::milliseconds;

namespace {

/// What is known of one endpoint.
struct Circuit
{
    int failures = 0; ///< in a row, while it is closed
    int openings = 0; ///< in all: tells old requests from new ones
    milliseconds lastRest{};
    CircuitBreaker::Clock::time_point restsUntil{};
    bool isOpen = false; ///< stays so while it is probed
    bool isProbed = false;
};

// Whether a server that refused so is alive and well: what is wrong is the request, or who sends it.
bool isAnAnswer(const NetError &error)
{
    switch (error.kind) {
    case NetError::Kind::Http:
    case NetError::Kind::Auth:
    case NetError::Kind::RateLimited:
    case NetError::Kind::Quota:
    case NetError::Kind::InvalidRequest:
        return true;
    default:
        return false;
    }
}

} // namespace

bool isOfTheEndpoint(const NetError &error)
{
    switch (error.kind) {
    case NetError::Kind::Network:
    case NetError::Kind::Timeout:
    case NetError::Kind::Overloaded:
    case NetError::Kind::Server:
        return true;
    default:
        return false;
    }
}

struct CircuitBreaker::Circuits
{
    Now now;
    CircuitRules rules;
    QHash<QString, Circuit> byEndpoint{};

    [[nodiscard]] milliseconds rest(const QString &endpoint) const;
    [[nodiscard]] milliseconds wish(const NetError &error) const;
    void open(Circuit &circuit, const NetError &error) const;
};

milliseconds CircuitBreaker::Circuits::rest(const QString &endpoint) const
{
    const auto circuit = byEndpoint.constFind(endpoint);
    if (circuit == byEndpoint.constEnd() || !circuit->isOpen)
        return milliseconds::zero();
    return std::max(milliseconds::zero(), std::chrono::ceil<milliseconds>(circuit->restsUntil - now()));
}

milliseconds CircuitBreaker::Circuits::wish(const NetError &error) const
{
    return std::min(error.retryAfter.value_or(milliseconds::zero()), rules.longestWish);
}

void CircuitBreaker::Circuits::open(Circuit &circuit, const NetError &error) const
{
    circuit.lastRest =
        circuit.isOpen ? std::min(circuit.lastRest * 2, std::max(rules.rest, rules.longestRest)) : rules.rest;
    circuit.restsUntil = now() + std::max(circuit.lastRest, wish(error));
    circuit.isOpen = true;
    circuit.isProbed = false;
    ++circuit.openings;
}

CircuitBreaker::Pass::Pass(std::shared_ptr<Circuits> circuits, QString endpoint)
    : m_circuits(std::move(circuits)), m_endpoint(std::move(endpoint))
{
    Circuit &circuit = m_circuits->byEndpoint[m_endpoint];
    m_opening = circuit.openings;
    const bool mayProbe = circuit.isOpen && m_circuits->rest(m_endpoint) == milliseconds::zero();
    m_isProbe = mayProbe && !std::exchange(circuit.isProbed, true);
}

CircuitBreaker::Pass::~Pass()
{
    giveBack();
}

CircuitBreaker::Pass::Pass(Pass &&other) noexcept
    : m_circuits(std::move(other.m_circuits)), m_endpoint(std::move(other.m_endpoint)),
      m_opening(other.m_opening), m_isProbe(std::exchange(other.m_isProbe, false))
{}

CircuitBreaker::Pass &CircuitBreaker::Pass::operator=(Pass &&other) noexcept
{
    if (this != &other) {
        giveBack();
        m_circuits = std::move(other.m_circuits);
        m_endpoint = std::move(other.m_endpoint);
        m_opening = other.m_opening;
        m_isProbe = std::exchange(other.m_isProbe, false);
    }
    return *this;
}

bool CircuitBreaker::Pass::giveBack()
{
    if (!std::exchange(m_isProbe, false))
        return false;
    Circuit &circuit = m_circuits->byEndpoint[m_endpoint];
    if (m_opening != circuit.openings)
        return false;
    circuit.isProbed = false;
    return true;
}

void CircuitBreaker::Pass::succeed()
{
    (void)giveBack();
    Circuit &circuit = m_circuits->byEndpoint[m_endpoint];
    circuit.isOpen = false;
    circuit.failures = 0;
    m_opening = circuit.openings;
}

void CircuitBreaker::Pass::fail(const NetError &error)
{
    if (!m_circuits->rules.counts(error)) {
        if (isAnAnswer(error))
            succeed();
        else
            (void)giveBack();
        return;
    }
    const bool wasProbe = giveBack();
    Circuit &circuit = m_circuits->byEndpoint[m_endpoint];
    // Many requests fail for one reason: those that left before it was known say nothing new.
    if (m_opening != circuit.openings)
        return;
    if (circuit.isOpen && !wasProbe)
        circuit.restsUntil = std::max(circuit.restsUntil, m_circuits->now() + m_circuits->wish(error));
    else if (circuit.isOpen || ++circuit.failures >= m_circuits->rules.failures)
        m_circuits->open(circuit, error);
}

CircuitBreaker::CircuitBreaker(Now now, CircuitRules rules)
    : m_circuits(std::make_shared<Circuits>(Circuits{.now = std::move(now), .rules = std::move(rules)}))
{}

CircuitBreaker::~CircuitBreaker() = default;

milliseconds CircuitBreaker::rest(const QString &endpoint) const
{
    return m_circuits->rest(endpoint);
}

bool CircuitBreaker::isPassable(const QString &endpoint) const
{
    const Circuit circuit = m_circuits->byEndpoint.value(endpoint);
    return !circuit.isOpen || (rest(endpoint) == milliseconds::zero() && !circuit.isProbed);
}

std::optional<CircuitBreaker::Pass> CircuitBreaker::tryPass(const QString &endpoint)
{
    return isPassable(endpoint) ? std::optional(pass(endpoint)) : std::nullopt;
}

CircuitBreaker::Pass CircuitBreaker::pass(const QString &endpoint)
{
    return {m_circuits, endpoint};
}

} // namespace rivulet
