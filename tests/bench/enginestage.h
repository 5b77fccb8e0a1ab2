// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/engine/engine.h"
#include "models/store/sqlitestore.h"
#include "net/transport/transport.h"
#include "net/turn/turn.h"
#include "tests/support/memoryjournal.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

namespace rivulet::bench {

inline void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "bench_engine: %s\n", what);
    std::exit(1);
}

/// Makes the turns of a benchmark as the window does, but for keys and limits.
class BenchTurns final : public Engine::TurnFactory
{
public:
    /// `made` is called for each turn.
    BenchTurns(SqliteStore &store, std::unique_ptr<Transport> transport,
               std::function<void(Turn *)> made = {})
        : m_transport(std::move(transport)), m_journal(store.makeJournal()), m_made(std::move(made))
    {}

    Turn *make(const TurnSpec &spec, QObject *parent) override
    {
        auto *turn = new Turn(spec, *m_transport, *m_journal, m_key, parent);
        if (m_made)
            m_made(turn);
        return turn;
    }

private:
    std::unique_ptr<Transport> m_transport;
    std::unique_ptr<TurnJournal> m_journal;
    test::OneKey m_key;
    std::function<void(Turn *)> m_made;
};

/// Empties the mailbox once a frame, as a window does.
class Frames
{
public:
    explicit Frames(Engine &engine)
    {
        m_next.setSingleShot(true);
        m_next.setTimerType(Qt::PreciseTimer);
        m_next.setInterval(std::chrono::milliseconds(16));
        QObject::connect(&m_next, &QTimer::timeout, &engine, &Engine::flush);
        QObject::connect(&engine, &Engine::pending, &m_next, [this] {
            if (!m_next.isActive())
                m_next.start();
        });
    }

private:
    QTimer m_next;
};

/// Runs the event loop until `holds`.
template<typename Condition>
void runUntil(Condition holds)
{
    QTimer look;
    look.start(std::chrono::milliseconds(5));
    while (!holds())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

/// The value that `share` of all values do not exceed. `values` is put in order.
template<typename T>
[[nodiscard]] T percentile(std::vector<T> &values, double share)
{
    require(!values.empty(), "nothing was measured");
    const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(values.size())));
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<size_t>(rank, 1) - 1);
    std::ranges::nth_element(values, at);
    return *at;
}

} // namespace rivulet::bench
