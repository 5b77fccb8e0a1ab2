// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/provider.h"
#include "net/turn/credentialsource.h"
#include "net/turn/turnjournal.h"

#include <QtCore/qlist.h>
#include <QtCore/qtimer.h>

#include <functional>
#include <optional>
#include <utility>

namespace rivulet::test {

/// A TurnJournal in memory, ready at once or when the test says so. The entries of all turns are in one list.
class MemoryJournal : public TurnJournal
{
public:
    /// Whether begin() answers by itself, from the event loop.
    explicit MemoryJournal(bool readyAtOnce = true) : ready(readyAtOnce) {}

    void begin(TurnId turn, std::function<void()> done) override
    {
        begun.append(turn);
        if (ready)
            QTimer::singleShot(0, &m_context, std::move(done));
        else
            m_ready = std::move(done);
    }
    void append(TurnId, const StreamEvents &events, const std::optional<ResumeToken> &resumable) override
    {
        entries += events;
        place = resumable;
    }
    void handOver(TurnId, const Provider &provider) override { handedTo.append(provider.id); }
    void finish(TurnId, const TurnOutcome &turnOutcome) override { outcome = turnOutcome; }

    void makeReady() { std::exchange(m_ready, nullptr)(); }

    bool ready; ///< whether begin() answers by itself, from the event loop
    QList<TurnId> begun;
    StreamEvents entries;
    std::optional<ResumeToken> place; ///< as last journalled
    QStringList handedTo;             ///< the fallbacks, by Provider::id
    std::optional<TurnOutcome> outcome;

private:
    std::function<void()> m_ready;
    QObject m_context;
};

/// A CredentialSource with one key for everybody.
class OneKey : public CredentialSource
{
public:
    explicit OneKey(KeyResult key = {}) : m_key(std::move(key)) {}

    void key(const Provider &, QObject *context, Done done) override
    {
        QTimer::singleShot(0, context, [done = std::move(done), key = m_key] { done(key); });
    }

    bool renew(const Provider &, const QByteArray &key, QObject *context, const Done &done) override
    {
        if (!next)
            return false;
        refused.append(key);
        QTimer::singleShot(0, context, [done, key = *next] { done(key); });
        return true;
    }

    std::optional<KeyResult> next; ///< what a renewal gives; nothing where there is none
    QByteArrayList refused;        ///< the keys that were to be renewed

private:
    KeyResult m_key;
};

} // namespace rivulet::test
