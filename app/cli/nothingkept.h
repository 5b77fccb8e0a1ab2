// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "net/turn/turnjournal.h"

#include <QtCore/qpromise.h>

namespace rivulet::cli {

/// Keeps nothing, and is ready at once.
class NullJournal final : public TurnJournal
{
public:
    void begin(TurnId, std::function<void()> ready) override
    {
        QMetaObject::invokeMethod(&m_context, std::move(ready), Qt::QueuedConnection);
    }
    void append(TurnId, const StreamEvents &, const std::optional<ResumeToken> &) override {}
    void handOver(TurnId, const Provider &) override {}
    void finish(TurnId, const TurnOutcome &) override {}

private:
    QObject m_context;
};

/// A store that keeps nothing and knows of nothing.
class NullStore final : public ConversationStore
{
public:
    QFuture<StoreResult<QList<ConversationSummary>>> conversations() override
    {
        return QtFuture::makeReadyValueFuture(StoreResult<QList<ConversationSummary>>());
    }
    QFuture<StoreResult<QList<ConversationSummary>>> resumable(const QDateTime &) override
    {
        return conversations();
    }
    QFuture<StoreResult<QList<Message>>> messages(ConversationId) override
    {
        return QtFuture::makeReadyValueFuture(
            StoreResult<QList<Message>>(std::unexpected(StoreError{StoreError::Kind::NotFound, {}})));
    }
    QFuture<StoreResult<Unsent>> unsent(ConversationId) override
    {
        return QtFuture::makeReadyValueFuture(StoreResult<Unsent>());
    }
    void putConversation(const ConversationSummary &) override {}
    void putMessage(const Message &) override {}
    void putUnsent(ConversationId, const Unsent &) override {}
    void removeConversation(ConversationId) override {}
    StoreHealth health() const override
    {
        return {.state = StoreHealth::State::Good, .error = {}, .movedTo = {}};
    }
};

} // namespace rivulet::cli
