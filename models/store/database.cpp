// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/database.h"

#include "models/store/backup.h"
#include "models/store/journalcodec.h"
#include "models/store/messagerow.h"
#include "models/store/schema.h"
#include "models/store/searchindex.h"
#include "models/store/sqlvalues.h"
#include "net/wire/logging.h"

#include <QtCore/qcborarray.h>
#include <QtCore/qcborvalue.h>
#include <QtCore/qhash.h>

#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

QVariant encodeQueue(const QList<QueuedMessage> &queue)
{
    QCborArray fields;
    for (const QueuedMessage &message : queue) {
        fields.append(message.id);
        fields.append(message.text);
    }
    return sql::blob(queue.isEmpty() ? QByteArray() : fields.toCborValue().toCbor());
}

QList<QueuedMessage> decodeQueue(const QByteArray &blob)
{
    const QCborArray fields = QCborValue::fromCbor(blob).toArray();
    QList<QueuedMessage> queue;
    for (qsizetype i = 0; i + 1 < fields.size(); i += 2)
        queue.append({.id = fields.at(i).toInteger(), .text = fields.at(i + 1).toString()});
    return queue;
}

} // namespace

/// What runs with every commit, prepared once.
struct Database::Statements
{
    std::optional<QSqlQuery> appendJournal;
};

void closeAsCutOff(Message &message)
{
    // A message that streams says Stop until a reason comes, so Stop is no reason here.
    const FinishReason reason = message.finish == FinishReason::Stop ? FinishReason::Other : message.finish;
    apply(message,
          TurnOutcome{
              .end = TurnEnd::CutOff, .reason = reason, .error = message.error, .resume = message.resume});
}

Database::Database(std::unique_ptr<SqlConnection> connection, Access access)
    : m_connection(std::move(connection)), m_statements(std::make_unique<Statements>()), m_access(access)
{}

Database::~Database() = default;

StoreResult<std::unique_ptr<Database>> Database::open(const QString &path, Access access,
                                                      std::chrono::milliseconds busyTimeout)
{
    const auto connect = [&](SqlConnection::Mode mode) -> StoreResult<std::unique_ptr<Database>> {
        auto connection = SqlConnection::open(path, mode, busyTimeout);
        if (!connection)
            return std::unexpected(connection.error());
        std::unique_ptr<Database> database(new Database(*std::move(connection), access));
        const auto version = database->m_connection->value(u"PRAGMA user_version"_s);
        if (!version)
            return std::unexpected(version.error());
        if (access == Access::ReadOnly) {
            database->m_version = version->toInt();
            return database;
        }
        if (version->toInt() > schemaVersion) {
            return std::unexpected(StoreError{
                StoreError::Kind::TooNew,
                u"Schema %1, and this program knows %2."_s.arg(version->toInt()).arg(schemaVersion)});
        }
        if (auto ready = database->prepareForWriting(path); !ready)
            return std::unexpected(ready.error());
        return database;
    };
    if (access == Access::ReadWrite)
        return connect(SqlConnection::Mode::ReadWrite);
    auto database = connect(SqlConnection::Mode::ReadOnly);
    // A write-ahead log needs a file beside it even for reading. Where its folder can not be written, what
    // was checkpointed can still be read.
    if (!database && database.error().kind != StoreError::Kind::Corrupt
        && database.error().kind != StoreError::Kind::Locked)
        return connect(SqlConnection::Mode::Immutable);
    return database;
}

Database::Access Database::access() const
{
    return m_access;
}

void Database::setBusyTimeout(std::chrono::milliseconds timeout)
{
    m_connection->setBusyTimeout(timeout);
}

void Database::interruptIf(std::function<bool()> wanted)
{
    m_connection->interruptIf(std::move(wanted));
}

StoreResult<void> Database::prepareForWriting(const QString &path)
{
    const auto mode = m_connection->value(u"PRAGMA journal_mode = WAL"_s);
    if (!mode)
        return std::unexpected(mode.error());
    // One checkpoint may make the log large; it is cut afterwards.
    if (auto done = m_connection->exec(u"PRAGMA journal_size_limit = 8388608"_s); !done)
        return done;
    const auto version = m_connection->value(u"PRAGMA user_version"_s);
    if (!version)
        return std::unexpected(version.error());
    if (auto done = checkSchema(*m_connection, version->toInt()); !done)
        return done;
    if (version->toInt() > 0 && version->toInt() < schemaVersion) {
        const auto done = backUpBeforeMigration(*m_connection, path, version->toInt());
        // A migration is one transaction after the other, so a backup is not worth more than the file: but
        // where there is no room for one, there is none for that either.
        if (!done && done.error().kind == StoreError::Kind::Full)
            return done;
        if (!done)
            qCWarning(lcStore) << "no backup before the migration:" << done.error().detail;
    }
    if (auto done = migrateSchema(*m_connection, version->toInt()); !done)
        return done;
    if (auto done = checkAfterCrash(); !done)
        return done;
    if (auto done = begin(Durability::Process); !done)
        return done;
    auto done = m_connection->exec(u"INSERT INTO meta (key, value) VALUES ('open', 1) "
                                   "ON CONFLICT (key) DO UPDATE SET value = 1"_s);
    if (done)
        done = commit();
    if (!done)
        rollback();
    return done;
}

StoreResult<void> Database::checkAfterCrash()
{
    const auto open = m_connection->value(u"SELECT value FROM meta WHERE key = 'open'"_s);
    if (!open)
        return std::unexpected(open.error());
    if (open->toInt() == 0)
        return {};
    const auto verdict = m_connection->value(u"PRAGMA quick_check(1)"_s);
    if (!verdict)
        return std::unexpected(verdict.error());
    if (verdict->toString() != "ok"_L1)
        return std::unexpected(StoreError{StoreError::Kind::Corrupt, verdict->toString()});
    return {};
}

StoreResult<void> Database::begin(Durability durability)
{
    return m_connection->begin(durability);
}

StoreResult<void> Database::commit()
{
    return m_connection->commit();
}

void Database::rollback()
{
    m_connection->rollback();
}

StoreResult<void> Database::putConversation(const ConversationSummary &conversation)
{
    if (auto done =
            m_connection->exec(u"DELETE FROM removed WHERE id = ?"_s, {static_cast<qint64>(conversation.id)});
        !done)
        return done;
    return m_connection->exec(
        u"INSERT INTO conversation (id, title, created, changed, pinned, archived, unread) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
        "created = excluded.created, changed = excluded.changed, pinned = excluded.pinned, "
        "archived = excluded.archived, unread = excluded.unread"_s,
        {static_cast<qint64>(conversation.id), sql::text(conversation.title),
         sql::instant(conversation.created), sql::instant(conversation.changed), conversation.pinned,
         conversation.archived, conversation.unread});
}

StoreResult<void> Database::putMessage(const Message &message, qint64 journalled)
{
    auto put = m_connection->query(messageInsertion(), valuesOf({message, journalled}));
    if (!put)
        return std::unexpected(put.error());
    if (put->numRowsAffected() == 0)
        return {};

    auto putPart = m_connection->prepare(partInsertion());
    if (!putPart)
        return std::unexpected(putPart.error());
    qint64 position = 0;
    for (const Part &part : message.parts) {
        if (auto done = m_connection->run(*putPart, valuesOf(message.id, position++, part)); !done)
            return done;
    }
    if (auto done = m_connection->exec(u"DELETE FROM part WHERE message = ? AND position >= ?"_s,
                                       {static_cast<qint64>(message.id), position});
        !done)
        return done;
    return indexMessage(*m_connection, message);
}

StoreResult<void> Database::removeConversation(ConversationId id)
{
    const QVariantList key{static_cast<qint64>(id)};
    if (auto done = m_connection->exec(u"DELETE FROM unsent WHERE id = ?"_s, key); !done)
        return done;
    if (auto done = unindexConversation(*m_connection, id); !done)
        return done;
    if (auto done = m_connection->exec(u"INSERT OR IGNORE INTO removed (id) VALUES (?)"_s, key); !done)
        return done;
    return m_connection->exec(u"DELETE FROM conversation WHERE id = ?"_s, key);
}

StoreResult<void> Database::putUnsent(ConversationId id, const Unsent &words)
{
    const auto key = static_cast<qint64>(id);
    if (words.isEmpty())
        return m_connection->exec(u"DELETE FROM unsent WHERE id = ?"_s, {key});
    return m_connection->exec(
        u"INSERT INTO unsent (id, draft, queue) SELECT id, ?, ? FROM (SELECT ? AS id) "
        "WHERE id = 0 OR id IN (SELECT id FROM conversation) "
        "ON CONFLICT (id) DO UPDATE SET draft = excluded.draft, queue = excluded.queue"_s,
        {sql::text(words.draft), encodeQueue(words.queue), key});
}

StoreResult<Unsent> Database::unsent(ConversationId id)
{
    if (m_version < 3)
        return Unsent{};
    auto rows =
        m_connection->query(u"SELECT draft, queue FROM unsent WHERE id = ?"_s, {static_cast<qint64>(id)});
    if (!rows)
        return std::unexpected(rows.error());
    const auto row = m_connection->next(*rows);
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return Unsent{};
    return Unsent{.draft = rows->value(0).toString(), .queue = decodeQueue(rows->value(1).toByteArray())};
}

StoreResult<void> Database::appendJournal(qint64 row, MessageId message, const QByteArray &events)
{
    auto &append = m_statements->appendJournal;
    if (!append) {
        auto prepared =
            m_connection->prepare(u"INSERT INTO journal (id, message, events) VALUES (?, ?, ?)"_s);
        if (!prepared)
            return std::unexpected(prepared.error());
        append = *std::move(prepared);
    }
    return m_connection->run(*append, {row, static_cast<qint64>(message), events});
}

StoreResult<void> Database::trimJournal(qint64 row)
{
    return m_connection->exec(u"DELETE FROM journal WHERE id < ?"_s, {row});
}

StoreResult<void> Database::recover(const QSet<MessageId> &running)
{
    const auto left = messagesWhere(u"state = 'streaming'"_s, {});
    if (!left)
        return std::unexpected(left.error());
    for (Message message : *left) {
        if (running.contains(message.id))
            continue;
        closeAsCutOff(message);
        if (auto done = putMessage(message, 0); !done)
            return done;
    }
    // What the journal holds beyond that belongs to nobody.
    return running.isEmpty() ? m_connection->exec(u"DELETE FROM journal"_s) : StoreResult<void>{};
}

StoreResult<bool> Database::indexMore()
{
    // Others wait meanwhile.
    constexpr int mostMessages = 32;
    constexpr qsizetype mostCharacters = 256 * 1024;
    const auto before = unindexedBefore(*m_connection);
    if (!before)
        return std::unexpected(before.error());
    if (!*before)
        return false;
    const auto batch = messagesWhere(
        u"id IN (SELECT id FROM message WHERE id < ? ORDER BY id DESC LIMIT %1)"_s.arg(mostMessages),
        {static_cast<qint64>(**before)});
    if (!batch)
        return std::unexpected(batch.error());
    std::optional<MessageId> reached;
    qsizetype characters = 0;
    for (auto message = batch->crbegin(); message != batch->crend() && characters < mostCharacters;
         ++message) {
        if (auto done = indexMessage(*m_connection, *message); !done)
            return std::unexpected(done.error());
        for (const QString &text : searchableTexts(*message))
            characters += text.size();
        reached = message->id;
    }
    if (auto done = setUnindexedBefore(*m_connection, reached); !done)
        return std::unexpected(done.error());
    return reached.has_value();
}

StoreResult<void> Database::markClosed()
{
    return m_connection->exec(u"UPDATE meta SET value = 0 WHERE key = 'open'"_s);
}

StoreResult<QList<ConversationSummary>> Database::conversations()
{
    auto rows = m_connection->query(
        u"SELECT id, title, created, changed, %1 FROM conversation "
        "ORDER BY changed DESC, id DESC"_s.arg(m_version < 7 ? "0, 0, 0"_L1 : "pinned, archived, unread"_L1));
    if (!rows)
        return std::unexpected(rows.error());
    return summariesIn(*rows);
}

StoreResult<QList<ConversationSummary>> Database::resumable(const QDateTime &oldest)
{
    if (m_version < 8)
        return QList<ConversationSummary>();
    auto rows = m_connection->query(
        u"SELECT id, title, created, changed, pinned, archived, unread FROM conversation WHERE id IN "
        "(SELECT conversation FROM message AS answer WHERE resume IS NOT NULL AND state = 'cut_off' "
        "AND created >= ? AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = answer.conversation "
        "AND parent = answer.id)) ORDER BY changed DESC, id DESC"_s,
        {sql::instant(oldest)});
    if (!rows)
        return std::unexpected(rows.error());
    return summariesIn(*rows);
}

StoreResult<QList<ConversationSummary>> Database::summariesIn(QSqlQuery &rows)
{
    QList<ConversationSummary> all;
    for (;;) {
        const auto row = m_connection->next(rows);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return all;
        all.append({.id = ConversationId{rows.value(0).toLongLong()},
                    .title = rows.value(1).toString(),
                    .created = sql::instantFrom(rows.value(2)),
                    .changed = sql::instantFrom(rows.value(3)),
                    .pinned = rows.value(4).toBool(),
                    .archived = rows.value(5).toBool(),
                    .unread = rows.value(6).toBool()});
    }
}

StoreResult<QList<Message>> Database::messages(ConversationId id)
{
    const auto found =
        m_connection->value(u"SELECT 1 FROM conversation WHERE id = ?"_s, {static_cast<qint64>(id)});
    if (!found)
        return std::unexpected(found.error());
    if (!found->isValid())
        return std::unexpected(StoreError{StoreError::Kind::NotFound, {}});
    return messagesWhere(u"conversation = ?"_s, {static_cast<qint64>(id)});
}

StoreResult<SearchPage> Database::search(const SearchQuery &query, int limit, std::optional<MessageId> from)
{
    if (m_version < 4)
        return SearchPage{.isIndexing = true};
    const auto unindexed = unindexedBefore(*m_connection);
    if (!unindexed)
        return std::unexpected(unindexed.error());
    SearchPage page{.isIndexing = unindexed->has_value()};
    const auto found = findMessages(*m_connection, query, limit + 1, from);
    if (!found)
        return std::unexpected(found.error());
    const SearchPattern pattern(query.terms);
    for (const MessageId id : *found) {
        if (page.hits.size() == limit) {
            page.next = id;
            break;
        }
        const auto messages = messagesWhere(u"id = ?"_s, {static_cast<qint64>(id)});
        if (!messages)
            return std::unexpected(messages.error());
        for (const Message &message : *messages) {
            const auto title = titleOf(message.conversation);
            if (!title)
                return std::unexpected(title.error());
            page.hits.append({.conversation = message.conversation,
                              .message = id,
                              .title = *title,
                              .role = message.role,
                              .created = message.created,
                              .snippet = snippetOf(searchableTexts(message), pattern)});
        }
    }
    return page;
}

StoreResult<QString> Database::titleOf(ConversationId id)
{
    const auto title =
        m_connection->value(u"SELECT title FROM conversation WHERE id = ?"_s, {static_cast<qint64>(id)});
    return title.transform([](const QVariant &value) { return value.toString(); });
}

StoreResult<QList<Message>> Database::messagesWhere(const QString &condition, const QVariantList &values)
{
    auto rows = m_connection->query(
        u"SELECT %1 FROM message WHERE %2 ORDER BY id"_s.arg(messageColumns(m_version), condition), values);
    if (!rows)
        return std::unexpected(rows.error());
    QList<Message> messages;
    QHash<MessageId, qint64> journalled;
    for (;;) {
        const auto row = m_connection->next(*rows);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        MessageRow found = messageFrom(*rows);
        if (found.message.state == Message::State::Streaming)
            journalled.insert(found.message.id, found.journalled);
        messages.append(std::move(found.message));
    }
    if (auto done = readParts(messages, condition, values); !done)
        return std::unexpected(done.error());
    for (Message &message : messages) {
        const auto after = journalled.constFind(message.id);
        if (after == journalled.constEnd())
            continue;
        if (auto done = readJournal(message, *after); !done)
            return std::unexpected(done.error());
    }
    return messages;
}

StoreResult<void> Database::readParts(QList<Message> &messages, const QString &condition,
                                      const QVariantList &values)
{
    auto rows = m_connection->query(u"SELECT %1 FROM part WHERE message IN (SELECT id FROM message WHERE %2) "
                                    "ORDER BY message, position"_s.arg(partColumns(m_version), condition),
                                    values);
    if (!rows)
        return std::unexpected(rows.error());
    auto message = messages.begin(); // both lists are in the order of the messages' ids
    for (;;) {
        const auto row = m_connection->next(*rows);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return {};
        const MessageId id{rows->value(0).toLongLong()};
        while (message != messages.end() && message->id < id)
            ++message;
        if (message == messages.end())
            return {};
        if (message->id != id)
            continue;
        if (const auto part = partFrom(*rows))
            message->parts.append(*part);
    }
}

StoreResult<void> Database::readJournal(Message &message, qint64 after)
{
    auto rows = m_connection->query(u"SELECT events FROM journal WHERE id > ? AND message = ? ORDER BY id"_s,
                                    {after, static_cast<qint64>(message.id)});
    if (!rows)
        return std::unexpected(rows.error());
    for (;;) {
        const auto row = m_connection->next(*rows);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return {};
        const JournalPiece piece = decodeJournal(rows->value(0).toByteArray());
        for (const StreamEvent &event : piece.events)
            apply(message, event);
        // Behind events without a place nothing can be joined.
        const QString stream = message.resume ? message.resume->stream : QString();
        message.resume = piece.place;
        if (message.resume && message.resume->stream.isEmpty())
            message.resume->stream = stream;
    }
}

} // namespace rivulet
