// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <chrono>
#include <functional>
#include <memory>

namespace rivulet {

/// What the system says of its way to the network. Hints: what works, works.
struct NetworkState
{
    enum class Reach {
        Unknown, ///< nobody says
        None,    ///< there is no network
        Near,    ///< there is one, but perhaps not the internet
        Online,
    };
    Reach reach = Reach::Unknown;
    int medium = 0;             ///< what the traffic goes over; zero where nobody says
    bool captivePortal = false; ///< it wants the user to sign in with a browser first

    friend bool operator==(const NetworkState &, const NetworkState &) = default;
};

/// Where that is learned.
class RIVULET_NET_EXPORT NetworkSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual NetworkState state() const = 0;

Q_SIGNALS:
    void changed();
};

/// The system's own source; call it on the main thread. Where the system has none, the state stays Unknown.
[[nodiscard]] RIVULET_NET_EXPORT std::unique_ptr<NetworkSource> systemNetworkSource();

/// The time of day, and one that may stand still while the computer sleeps.
struct SleepClocks
{
    std::function<std::chrono::system_clock::time_point()> wall = std::chrono::system_clock::now;
    std::function<std::chrono::steady_clock::time_point()> steady = std::chrono::steady_clock::now;
};

/// Tells when it is worth trying again, and when it is not: the network went or came, became another one, or
/// the computer slept and all connections are dead though nobody said so. It says nothing of the servers on
/// this computer itself. One thread, but whoever listens may be on another one.
class RIVULET_NET_EXPORT NetworkWatch : public QObject
{
    Q_OBJECT

public:
    using WallClock = std::chrono::system_clock;
    using SteadyClock = std::chrono::steady_clock;

    /// How often the clocks are compared, and by how much they differ after a sleep.
    static constexpr std::chrono::seconds interval{5};
    static constexpr std::chrono::seconds jump{10};

    enum class Why {
        Reachable, ///< there was no network, or not all of it
        Moved,     ///< it is another one: connections of before lead nowhere
        Woke,      ///< the computer slept, or this program was stopped: connections may be dead
    };
    Q_ENUM(Why)

    explicit NetworkWatch(std::unique_ptr<NetworkSource> source, SleepClocks clocks = {},
                          QObject *parent = nullptr);
    ~NetworkWatch() override;

    /// Whether sleep is noticed, too: only while something runs that it would break, as it costs a timer.
    void setNoticesSleep(bool notices);

    /// False only where the system says that there is no network.
    [[nodiscard]] bool isOnline() const { return m_state.reach != NetworkState::Reach::None; }
    [[nodiscard]] bool isBehindCaptivePortal() const { return m_state.captivePortal; }

    /// Compares the clocks now; the timer does.
    void compareClocks();

Q_SIGNALS:
    void wentAway();
    void cameBack(rivulet::NetworkWatch::Why why);
    void captivePortalChanged(bool behind);

private:
    void takeState();

    std::unique_ptr<NetworkSource> m_source;
    SleepClocks m_clocks;
    NetworkState m_state;
    QTimer m_timer;
    WallClock::time_point m_wall;
    SteadyClock::time_point m_steady;
};

} // namespace rivulet
