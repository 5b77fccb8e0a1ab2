// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/export.h"
#include "net/turn/turnjournal.h"

#include <QtCore/qdatetime.h>

#include <chrono>
#include <functional>
#include <memory>

namespace rivulet {

/// How the store spends its time; the defaults are what people run, tests bring their own.
struct SqliteStoreOptions
{
    /// What arrives is durable this long after it came: one commit for all streams together.
    std::chrono::milliseconds commitInterval{100};
    /// How often it tries again while it is holding.
    std::chrono::milliseconds retryInterval{5'000};
    /// How long it waits for another program's lock before it holds instead.
    std::chrono::milliseconds busyTimeout{5'000};
    /// How long after the start it looks whether a backup of the day is there; then from hour to hour.
    std::chrono::milliseconds backupDelay{60'000};
    /// The clock that days are counted by.
    std::function<QDateTime()> now = [] { return QDateTime::currentDateTimeUtc(); };
    /// How long the destructor waits for the last commit before it gives up on a disk that does not answer.
    std::chrono::milliseconds shutdownTimeout{15'000};
};

/// The conversations and the journal of running turns in one SQLite file, written by one connection on a
/// thread of its own. Nothing here blocks the caller, whatever the disk does.
///
/// The file is opened on that thread, at once but later than the constructor; calls before that wait in
/// order. Health goes from Opening to Good; to Holding and back where it can not be written for a while;
/// and to Rescued where the file was corrupt. While holding, everything is kept in memory and what is
/// loaded includes it. A file of a later version is read and never written: Holding with TooNew.
///
/// Messages and unsent words belong to a conversation that was put before them; what belongs to none is not
/// kept.
class RIVULET_MODELS_EXPORT SqliteStore final : public ConversationStore
{
    Q_OBJECT

public:
    /// Opens or creates the database at `path`, with its folder. GUI thread.
    explicit SqliteStore(const QString &path, const SqliteStoreOptions &options = {},
                         QObject *parent = nullptr);

    /// Writes what is left, marks the file as closed in order, and waits for that. Futures that are not
    /// finished by then are cancelled.
    ~SqliteStore() override;

    /// The journal of turns. To be made, called and destroyed on the engine thread; a `ready` that is due
    /// later than that is dropped. The store outlives it. A turn's message has to be put as Streaming before
    /// begin(): that is the message its events are folded into. What a message has no part for (a tool call,
    /// an artifact) is not journalled yet.
    [[nodiscard]] std::unique_ptr<TurnJournal> makeJournal();

    [[nodiscard]] QFuture<StoreResult<QList<ConversationSummary>>> conversations() override;
    [[nodiscard]] QFuture<StoreResult<QList<ConversationSummary>>>
    resumable(const QDateTime &oldest) override;
    [[nodiscard]] QFuture<StoreResult<QList<Message>>> messages(ConversationId id) override;
    [[nodiscard]] QFuture<StoreResult<Unsent>> unsent(ConversationId id) override;
    void putConversation(const ConversationSummary &conversation) override;
    void putMessage(const Message &message) override;
    void putUnsent(ConversationId id, const Unsent &words) override;
    void removeConversation(ConversationId id) override;
    [[nodiscard]] StoreHealth health() const override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
