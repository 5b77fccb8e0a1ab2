// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/store/sqlitestore.h"
#include "models/store/storeinbox.h"

#include <QtCore/qhash.h>
#include <QtCore/qobject.h>
#include <QtCore/qpromise.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <atomic>
#include <memory>
#include <type_traits>
#include <variant>
#include <vector>

namespace rivulet {

class Database;

/// The store's half that lives on its thread and may block there: what is to be written, in order, and the
/// one connection that writes it. What can not be written stays here, one value per message, and is part of
/// what is read; it is never more than the session has shown, so that nothing has to be thrown away.
class StoreWorker : public QObject
{
    Q_OBJECT

public:
    StoreWorker(const QString &path, const SqliteStoreOptions &options);
    ~StoreWorker() override;

    /// What is to be done, by any thread: whoever adds work asks for work() from this one's event loop; who
    /// adds words to an empty inbox, for commitInTime().
    [[nodiscard]] StoreInbox &inbox() { return m_inbox; }
    /// Does what is in the inbox, in order.
    void work();
    /// Words came: takes and commits them after the interval at the latest.
    void commitInTime();

    /// Opens the database, rescues it where it is corrupt, holds where it can not be written.
    void open();
    /// Writes what is left and marks the file as closed in order.
    void close();

    void putConversation(const ConversationSummary &conversation);
    void putMessage(const Message &message);
    void putUnsent(ConversationId id, const Unsent &words);
    void removeConversation(ConversationId id);

    /// Finishes `ready` once everything before is durable, or held.
    void beginTurn(QPromise<void> ready);
    void handOver(TurnId turn, const Provider &provider);
    void finishTurn(TurnId turn, const TurnOutcome &outcome);

    [[nodiscard]] StoreResult<QList<ConversationSummary>> conversations();
    [[nodiscard]] StoreResult<QList<ConversationSummary>> resumable(const QDateTime &oldest);
    [[nodiscard]] StoreResult<QList<Message>> messages(ConversationId id);
    [[nodiscard]] StoreResult<Unsent> unsent(ConversationId id);

Q_SIGNALS:
    void healthChanged(const rivulet::StoreHealth &health);

private:
    struct Removal
    {
        ConversationId id;
    };
    struct UnsentWords
    {
        ConversationId conversation{};
        Unsent words;
        bool onlyDraft = false; ///< the queue is as it was
    };
    using Change = std::variant<ConversationSummary, Message, UnsentWords, Removal>;

    /// A message that streams: as it is now, and what of it is not in the journal yet.
    struct Running
    {
        Message message;
        StreamEvents unwritten;
        QString writtenStream; ///< ResumeToken::stream, as the journal has it
        qint64 firstRow = 0;   ///< its first row of the journal, 0 where it has none
    };

    void append(const std::vector<StoreInbox::Words> &said);
    void append(StoreInbox::Words &&words);
    void enqueue(Change change);
    void commitSoon();
    /// Whether what is to be written removes the conversation and does not bring it back.
    [[nodiscard]] bool isBeingRemoved(ConversationId id) const;
    /// Writes what there is, unless it is holding, and finishes what waits for it.
    void flush();
    void retry();
    /// One attempt to write what there is; afterwards the health says how it went.
    void attempt();
    [[nodiscard]] StoreResult<void> write();
    [[nodiscard]] StoreResult<void> writeChanges();
    [[nodiscard]] StoreResult<void> writeJournal();
    /// Some of the search index that is missing; comes again until nothing is.
    void indexMore();
    /// Starts the backup of the day, where it is due, on a thread of its own.
    void backUpDaily();

    [[nodiscard]] bool isWritable() const;
    [[nodiscard]] bool isHolding() const;
    [[nodiscard]] bool hasWork() const;
    /// Where it can not be opened, holds, and opens it for reading if that is possible.
    bool openForWriting();
    [[nodiscard]] StoreResult<std::unique_ptr<Database>> openAndRecover();
    bool rescueFile();
    void hold(const StoreError &error);
    void report(const StoreHealth &health);
    [[nodiscard]] StoreHealth soundHealth() const;

    /// What `reader` reads of the file; where that shows it to be corrupt, of the rescued one.
    template<typename Reader>
    [[nodiscard]] std::invoke_result_t<Reader, Database &> read(Reader reader);

    QString m_path;
    SqliteStoreOptions m_options;
    std::unique_ptr<Database> m_database;
    StoreHealth m_health;
    QString m_movedTo; ///< where the corrupt file of this session went

    StoreInbox m_inbox;
    std::vector<Change> m_changes;
    QHash<TurnId, Running> m_running;
    QHash<TurnId, Message> m_sealed;       ///< by the session, before it is known how their turns went
    QHash<TurnId, TurnMetrics> m_measured; ///< of turns that ended before the session sealed their messages
    QHash<ConversationId, QList<QueuedMessage>> m_queues; ///< as last put or read
    std::vector<QPromise<void>> m_waiting;
    qint64 m_lastRow = 0; ///< of the journal; never used again in this process
    bool m_trimDue = false;

    QTimer m_soon; ///< what is asked for in one go is one commit
    QTimer m_commitDue;
    QTimer m_retryDue;
    QTimer m_indexDue;
    QTimer m_backupDue;
    std::unique_ptr<QThread> m_backup;
    std::atomic<bool> m_isClosing = false;
};

} // namespace rivulet
