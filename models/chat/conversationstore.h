// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"
#include "models/chat/unsent.h"
#include "models/export.h"

#include <QtCore/qfuture.h>
#include <QtCore/qlist.h>
#include <QtCore/qobject.h>

#include <expected>

namespace rivulet {

/// Why the store could not do what it was asked.
struct StoreError
{
    enum class Kind {
        NotFound, ///< no such conversation
        Locked,   ///< another program holds the database
        ReadOnly, ///< the file or its folder can not be written
        Full,     ///< no room on the disk
        Corrupt,  ///< the file is not a sound database
        TooNew,   ///< written by a later version; opened for reading only
        Io,       ///< anything else the system said
    };
    Kind kind = Kind::Io;
    QString detail; ///< the system's words, for the details view and the log

    friend bool operator==(const StoreError &, const StoreError &) = default;
};

/// Whether what the user says and reads is being kept.
struct StoreHealth
{
    enum class State {
        Opening, ///< not yet known
        Good,    ///< everything is kept
        Holding, ///< it can not be written now: kept in memory and tried again by itself
        Rescued, ///< the database was corrupt: moved aside as `movedTo`, what could be read is here
    };
    State state = State::Opening;
    std::optional<StoreError> error;
    QString movedTo;

    friend bool operator==(const StoreHealth &, const StoreHealth &) = default;
};

template<typename T>
using StoreResult = std::expected<T, StoreError>;

/// Conversations that outlive the program. Methods return at once, on the GUI thread; the work is done in
/// order on the store's thread, and futures finish there: continue with a context object. models/store
/// implements it; what it can not write now it holds and tries again.
class RIVULET_MODELS_EXPORT ConversationStore : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Every conversation, the last changed first.
    [[nodiscard]] virtual QFuture<StoreResult<QList<ConversationSummary>>> conversations() = 0;

    /// Those with an answer that broke off, was asked for after `oldest`, has nothing below it, and whose
    /// stream may be joined again (Message::resume); the last changed first.
    [[nodiscard]] virtual QFuture<StoreResult<QList<ConversationSummary>>>
    resumable(const QDateTime &oldest) = 0;

    /// The messages of a conversation in the order of their creation. An answer that was streaming when
    /// the program died comes back as CutOff with everything that was journalled.
    [[nodiscard]] virtual QFuture<StoreResult<QList<Message>>> messages(ConversationId id) = 0;

    /// What was typed or queued in the conversation and not sent; empty where nothing was. ConversationId{}
    /// stands for the new conversation that has no message yet, and so was never put.
    [[nodiscard]] virtual QFuture<StoreResult<Unsent>> unsent(ConversationId id) = 0;

    /// Adds the conversation or replaces its title and dates.
    virtual void putConversation(const ConversationSummary &conversation) = 0;

    /// Adds the message or replaces it.
    virtual void putMessage(const Message &message) = 0;

    /// Keeps the conversation's unsent words in place of those before; nothing, where they are empty. May
    /// come with every key: a draft waits for the next commit, a change of the queue does not.
    virtual void putUnsent(ConversationId id, const Unsent &words) = 0;

    /// Deletes the conversation with all its messages and unsent words.
    virtual void removeConversation(ConversationId id) = 0;

    /// The health as last signalled. GUI thread.
    [[nodiscard]] virtual StoreHealth health() const = 0;

Q_SIGNALS:
    /// Comes on the GUI thread.
    void healthChanged(const rivulet::StoreHealth &health);
};

} // namespace rivulet
