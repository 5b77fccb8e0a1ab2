// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/transport.h"
#include "tests/bench/words.h"

#include <QtCore/qhash.h>
#include <QtCore/qmutex.h>
#include <QtCore/qtimer.h>

#include <functional>
#include <optional>

namespace rivulet::bench {

class FedCall;

/// When calls were aborted, by their numbers: a call has the number that its prompt ends with. Any thread.
class Aborts
{
public:
    void note(int number, SteadyClock::time_point time)
    {
        const QMutexLocker lock(&m_mutex);
        m_times.insert(number, time);
    }
    [[nodiscard]] std::optional<SteadyClock::time_point> of(int number) const
    {
        const QMutexLocker lock(&m_mutex);
        const auto found = m_times.constFind(number);
        return found == m_times.cend() ? std::nullopt : std::optional(*found);
    }

private:
    mutable QMutex m_mutex;
    QHash<int, SteadyClock::time_point> m_times;
};

/// A Transport without a network: each of its streams says words, so and so many a second, each in a piece of
/// its own. A word's time is when it was due, so that what makes the feeder late counts.
class WordFeeder final : public QObject, public Transport
{
public:
    explicit WordFeeder(Aborts *aborts = nullptr);

    /// Waits until `streams` are open, and then lets all speak for `wordsEach`.
    void speakTogether(int streams, int perSecond, qint64 wordsEach);
    /// Lets each stream speak as soon as it is open, without end.
    void speakAtOnce(int perSecond);
    /// Gives the stream of that number another pace.
    void setPace(int number, int perSecond);

    [[nodiscard]] TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                                      QObject *parent) override;

private:
    friend class FedCall;
    struct Endless
    {
        FedCall *call = nullptr;
        std::chrono::nanoseconds interval{};
        SteadyClock::time_point due;
    };

    void speak();
    void leave(FedCall *call);

    Aborts *m_aborts;
    QTimer m_tick;
    std::optional<Timetable> m_times;
    int m_expected = 0;
    int m_pace = 0;
    QList<FedCall *> m_calls;      ///< of speakTogether(), in order
    QHash<int, Endless> m_endless; ///< of speakAtOnce(), by number
};

} // namespace rivulet::bench
