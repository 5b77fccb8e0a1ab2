// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/engine/engine.h"
#include "models/store/sqlitestore.h"
#include "net/transport/transportswitch.h"
#include "tests/support/memoryjournal.h"

#include <memory>

namespace rivulet::test {

/// Turns with real sockets and the real journal.
class LiveTurns final : public Engine::TurnFactory
{
public:
    explicit LiveTurns(SqliteStore &store)
        : m_transport(makeTransport(nullptr)), m_journal(store.makeJournal())
    {}

    Turn *make(const TurnSpec &spec, QObject *parent) override
    {
        return new Turn(spec, *m_transport, *m_journal, m_key, parent);
    }

private:
    std::unique_ptr<Transport> m_transport;
    std::unique_ptr<TurnJournal> m_journal;
    OneKey m_key;
};

} // namespace rivulet::test
