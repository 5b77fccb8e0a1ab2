// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/networkwatch.h"

#include <QtNetwork/qnetworkinformation.h>

#include <algorithm>
#include <utility>

namespace rivulet {

namespace {

using Reach = NetworkState::Reach;

/// Qt's, which asks the system.
class SystemSource final : public NetworkSource
{
public:
    explicit SystemSource(QNetworkInformation *system) : m_system(system)
    {
        if (!m_system)
            return;
        connect(m_system, &QNetworkInformation::reachabilityChanged, this, &NetworkSource::changed);
        connect(m_system, &QNetworkInformation::transportMediumChanged, this, &NetworkSource::changed);
        connect(m_system, &QNetworkInformation::isBehindCaptivePortalChanged, this, &NetworkSource::changed);
    }

    [[nodiscard]] NetworkState state() const override
    {
        if (!m_system)
            return {};
        return {.reach = reach(),
                .medium = static_cast<int>(m_system->transportMedium()),
                .captivePortal = m_system->isBehindCaptivePortal()};
    }

private:
    [[nodiscard]] Reach reach() const
    {
        switch (m_system->reachability()) {
        case QNetworkInformation::Reachability::Disconnected:
            return Reach::None;
        case QNetworkInformation::Reachability::Local:
        case QNetworkInformation::Reachability::Site:
            return Reach::Near;
        case QNetworkInformation::Reachability::Online:
            return Reach::Online;
        case QNetworkInformation::Reachability::Unknown:
            break;
        }
        return Reach::Unknown;
    }

    QNetworkInformation *m_system; ///< Qt's own, for as long as the program runs; null where there is none
};

} // namespace

std::unique_ptr<NetworkSource> systemNetworkSource()
{
    const bool isThere =
        QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability);
    return std::make_unique<SystemSource>(isThere ? QNetworkInformation::instance() : nullptr);
}

NetworkWatch::NetworkWatch(std::unique_ptr<NetworkSource> source, SleepClocks clocks, QObject *parent)
    : QObject(parent), m_source(std::move(source)), m_clocks(std::move(clocks)), m_state(m_source->state())
{
    connect(m_source.get(), &NetworkSource::changed, this, &NetworkWatch::takeState);
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &NetworkWatch::compareClocks);
}

NetworkWatch::~NetworkWatch() = default;

void NetworkWatch::setNoticesSleep(bool notices)
{
    if (notices == m_timer.isActive())
        return;
    m_wall = m_clocks.wall();
    m_steady = m_clocks.steady();
    if (notices)
        m_timer.start();
    else
        m_timer.stop();
}

// A clock that somebody sets forward looks like a sleep, and that does no harm.
void NetworkWatch::compareClocks()
{
    const auto wall = m_clocks.wall();
    const auto steady = m_clocks.steady();
    const auto passed = std::max<std::chrono::nanoseconds>(wall - std::exchange(m_wall, wall),
                                                           steady - std::exchange(m_steady, steady));
    if (passed > interval + jump)
        Q_EMIT cameBack(Why::Woke);
}

void NetworkWatch::takeState()
{
    const NetworkState before = std::exchange(m_state, m_source->state());
    if (m_state == before)
        return;
    if (m_state.captivePortal != before.captivePortal)
        Q_EMIT captivePortalChanged(m_state.captivePortal);
    if (m_state.reach == Reach::None) {
        if (before.reach != Reach::None)
            Q_EMIT wentAway();
        return;
    }
    const bool isWider = m_state.reach > before.reach && before.reach != Reach::Unknown;
    const bool isFree = before.captivePortal && !m_state.captivePortal;
    if (before.reach == Reach::None || isWider || isFree)
        Q_EMIT cameBack(Why::Reachable);
    else if (m_state.medium != before.medium && m_state.medium != 0 && before.medium != 0)
        Q_EMIT cameBack(Why::Moved);
}

} // namespace rivulet
