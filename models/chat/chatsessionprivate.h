// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/chat: the session's conversations, and how turns fill them (chatturns.cpp).

#include "models/chat/chatsession.h"
#include "models/chat/thread.h"
#include "models/chat/turnrunner.h"

#include <QtCore/qhash.h>

namespace rivulet {

// A server keeps no stream for longer, and who comes back later wants to decide anew.
inline constexpr auto longestJoin = std::chrono::hours(24);

struct ChatSession::Private
{
    ChatSession &q;
    TurnRunner &runner;
    ConversationStore &store;
    Clock clock;
    Wording wording{};
    Providers findProvider{};
    Provider provider{};

    ThreadPointer open = std::make_shared<Thread>();
    QHash<TurnId, ThreadPointer> running;
    quint64 opening = 0; // counts open() and startNew(), so that a slow load that was left is dropped
    bool loading = false;
    ConversationSummary awaited{};                            // what is being loaded
    std::optional<MessageId> sought{};                        // the message to be shown then
    QHash<ConversationId, ConversationSummary> interrupted{}; // to be joined again, and not looked at yet
    bool flushing = false;
    QList<ThreadPointer> completed{}; // while flushing: whose answers turned out to be whole

    [[nodiscard]] Live *live() const { return open->live ? &*open->live : nullptr; }
    [[nodiscard]] bool isOpen(const Thread &thread) const { return &thread == open.get(); }

    void load(const ConversationSummary &conversation,
              const std::function<void(const StoreResult<ThreadPointer> &)> &done);
    void show(const ThreadPointer &thread);
    void markRead();
    void reveal(std::optional<MessageId> message);
    void setLoading(bool now);
    void keepUnsent(const Thread &thread);
    void watchQueue();
    void restoreDraft();
    Message say(Thread &thread, const QString &text, std::optional<MessageId> parent);
    [[nodiscard]] TurnSpec answer(const ThreadPointer &thread);
    [[nodiscard]] std::optional<Fallback> fallbackOf(const Thread &thread, const Message &answer) const;
    void ask(const ThreadPointer &thread) { runner.start(answer(thread)); }
    [[nodiscard]] ThreadPointer runningIn(ConversationId conversation) const;
    void joinIfRecent(const ThreadPointer &thread);
    [[nodiscard]] bool join(const ThreadPointer &thread);
    void run(const ThreadPointer &thread, Live live);
    void sendNext(const ThreadPointer &thread);
    void flushFor(ConversationId conversation);

    void follow(TurnId id, const TurnStatus &status);
    void handOver(const ThreadPointer &thread, const TurnStatus &status);
    void enter(Thread &thread, Phase phase);
    void deliver(TurnId id, const StreamEvents &events);
    void stop(const ThreadPointer &thread);
    Message end(const ThreadPointer &thread, const TurnOutcome &outcome);
};

} // namespace rivulet
