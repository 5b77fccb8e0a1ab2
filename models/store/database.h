// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationsearch.h"
#include "models/chat/conversationstore.h"
#include "models/chat/message.h"
#include "models/store/schema.h"
#include "models/store/sqlconnection.h"

#include <QtCore/qset.h>

#include <chrono>
#include <functional>
#include <memory>

namespace rivulet {

/// Conversations, messages and unsent words as rows: all SQL but the schema's and rescue's is here. Values
/// in, values out, failures as values; no threads and no memory of what failed. Belongs to the thread that
/// opened it.
///
/// The journal of all running turns is one table to which rows are only appended, so that a commit touches
/// its last page and not one page per turn. A message knows up to which row its own parts include it.
class Database
{
public:
    enum class Access { ReadWrite, ReadOnly };
    using Durability = SqlConnection::Durability;

    /// Opens the file at `path`. For writing: creates it, brings its schema up to date behind a backup,
    /// checks it where it was not closed in order, and marks it as open, which proves that it can be written.
    [[nodiscard]] static StoreResult<std::unique_ptr<Database>> open(const QString &path, Access access,
                                                                     std::chrono::milliseconds busyTimeout);

    ~Database();
    Q_DISABLE_COPY_MOVE(Database)

    [[nodiscard]] Access access() const;
    void setBusyTimeout(std::chrono::milliseconds timeout);
    /// Ends what runs as soon as `wanted` says so; asked often, on this thread.
    void interruptIf(std::function<bool()> wanted);

    /// A transaction. Everything that writes stands between begin() and commit(), or rollback() on failure.
    [[nodiscard]] StoreResult<void> begin(Durability durability);
    [[nodiscard]] StoreResult<void> commit();
    void rollback();

    [[nodiscard]] StoreResult<void> putConversation(const ConversationSummary &conversation);
    /// Adds or replaces the message, whose parts include its journal up to row `journalled`. Does nothing
    /// where its conversation is not there.
    [[nodiscard]] StoreResult<void> putMessage(const Message &message, qint64 journalled);
    [[nodiscard]] StoreResult<void> removeConversation(ConversationId id);
    /// Keeps the words, or forgets them where there are none. Does nothing where the conversation is not
    /// there; ConversationId{} always is.
    [[nodiscard]] StoreResult<void> putUnsent(ConversationId id, const Unsent &words);
    /// Adds row `row` to the journal: greater than all before it.
    [[nodiscard]] StoreResult<void> appendJournal(qint64 row, MessageId message, const QByteArray &events);
    /// Forgets the journal's rows before `row`.
    [[nodiscard]] StoreResult<void> trimJournal(qint64 row);
    /// Closes what the program's death left streaming, as CutOff with all that was journalled, but for the
    /// messages in `running`.
    [[nodiscard]] StoreResult<void> recover(const QSet<MessageId> &running);
    /// Makes some more of the messages findable that a file of an earlier version or a damaged one has
    /// brought. Whether any are left.
    [[nodiscard]] StoreResult<bool> indexMore();
    /// Notes that nothing is written any more; the next open() need not check the file.
    [[nodiscard]] StoreResult<void> markClosed();

    /// The last changed first.
    [[nodiscard]] StoreResult<QList<ConversationSummary>> conversations();
    /// See ConversationStore::resumable().
    [[nodiscard]] StoreResult<QList<ConversationSummary>> resumable(const QDateTime &oldest);
    /// In the order of their ids; those that stream include what was journalled.
    [[nodiscard]] StoreResult<QList<Message>> messages(ConversationId id);
    /// Empty where there are none.
    [[nodiscard]] StoreResult<Unsent> unsent(ConversationId id);
    [[nodiscard]] StoreResult<SearchPage> search(const SearchQuery &query, int limit,
                                                 std::optional<MessageId> from);

private:
    Database(std::unique_ptr<SqlConnection> connection, Access access);

    [[nodiscard]] StoreResult<void> prepareForWriting(const QString &path);
    [[nodiscard]] StoreResult<void> checkAfterCrash();
    [[nodiscard]] StoreResult<QString> titleOf(ConversationId id);
    [[nodiscard]] StoreResult<QList<Message>> messagesWhere(const QString &condition,
                                                            const QVariantList &values);
    [[nodiscard]] StoreResult<QList<ConversationSummary>> summariesIn(QSqlQuery &rows);
    [[nodiscard]] StoreResult<void> readParts(QList<Message> &messages, const QString &condition,
                                              const QVariantList &values);
    [[nodiscard]] StoreResult<void> readJournal(Message &message, qint64 after);

    struct Statements;

    std::unique_ptr<SqlConnection> m_connection;
    std::unique_ptr<Statements> m_statements; // goes before the connection
    Access m_access;
    int m_version = schemaVersion; ///< of the file: older where it can only be read
};

/// An answer whose end nobody saw, as it comes back: cut off, with everything that is there of it.
void closeAsCutOff(Message &message);

} // namespace rivulet
