// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/chat: a conversation as ChatSession holds it.

#include "models/chat/chatsession.h"
#include "net/turn/turn.h"

#include <QtCore/qscopedpointer.h>

#include <memory>
#include <optional>

namespace rivulet {

/// Whether it tells of tools or agents rather than of the answer's words.
[[nodiscard]] bool isWork(const StreamEvent &event);

/// Whether a question in it waits for the user.
[[nodiscard]] bool isAsking(const Message &message);

/// Whether the answer broke off where it could go on.
[[nodiscard]] bool isPartial(const Message &message);

/// An answer that is being written.
struct Live
{
    Message message;
    QString asked; ///< the model that was asked for; the message has the one that the server names
    ChatSession::Phase phase = ChatSession::Phase::Connecting; ///< by what arrived
    TurnStatus status;
    std::optional<Provider> fallback{}; ///< who is asked if its provider does not answer
    std::optional<NetError>
        standInReason{}; ///< why the fallback is the one that answers; empty where it is not
    bool paused = false;
    QDateTime since;
    QDateTime firstDelta;
    qsizetype characters = 0;

    [[nodiscard]] TurnId turn() const { return turnOf(message.id); }

    /// What is to be shown of it.
    [[nodiscard]] ChatSession::Phase shownPhase() const
    {
        using Phase = ChatSession::Phase;
        switch (status.phase) {
        case TurnPhase::Stalled:
            return paused ? Phase::Paused : Phase::Stalled;
        case TurnPhase::Dropped:
            return Phase::Offline;
        case TurnPhase::Waiting:
            return Phase::Retrying;
        case TurnPhase::Resuming:
            return paused ? Phase::Paused : Phase::Resuming;
        default:
            return paused ? Phase::Paused : phase;
        }
    }
};

/// A conversation that is open, or that something runs in.
struct Thread
{
    ConversationSummary summary;
    MessageTree tree;
    QList<Message> branch; ///< of the tree; a live answer's own content is in `live`
    std::optional<Live> live;
    std::unique_ptr<MessageQueue, QScopedPointerDeleteLater> queue{new MessageQueue};
    QString draft;

    [[nodiscard]] ConversationId id() const { return summary.id; }
    void put(const Message &message)
    {
        tree.put(message);
        branch = tree.branch();
    }
};
using ThreadPointer = std::shared_ptr<Thread>;

} // namespace rivulet
