// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/rescue.h"

#include "models/store/backup.h"
#include "models/store/database.h"
#include "models/store/restore.h"
#include "models/store/searchindex.h"
#include "models/store/sqlconnection.h"

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qtimezone.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto busyTimeout = std::chrono::milliseconds(1'000);
constexpr std::array companions{"-wal"_L1, "-shm"_L1};
constexpr std::array tables{"conversation"_L1, "message"_L1, "part"_L1,
                            "journal"_L1,      "unsent"_L1,  "removed"_L1};

QString gatheredBeside(const QString &path)
{
    return path + u".rescued"_s;
}

void removeDatabase(const QString &path)
{
    QFile::remove(path);
    for (const QLatin1StringView companion : companions)
        QFile::remove(path + companion);
}

/// Copies one table row by row. Where a row can not be read, it goes on behind the damage: it looks for the
/// next row that can be read in steps that double, then takes what lies between backwards.
class TableSalvage
{
public:
    TableSalvage(const SqlConnection &from, const SqlConnection &to, QLatin1StringView table)
        : m_from(from), m_to(to), m_table(table)
    {}

    /// Fails where the rows can not be written; what can not be read is left out. Whether that was nothing.
    StoreResult<bool> run()
    {
        if (!prepare())
            return false;
        constexpr qint64 last = std::numeric_limits<qint64>::max();
        std::optional<qint64> reached = scan(-1, last, Direction::Up); // no id is negative
        const bool whole = !reached;
        while (reached && !m_failure) {
            const std::optional<qint64> behind = firstBehind(*reached);
            if (!behind)
                break;
            scan(*reached, *behind, Direction::Down);
            reached = scan(*behind - 1, last, Direction::Up);
        }
        if (m_failure)
            return std::unexpected(*m_failure);
        return whole;
    }

private:
    enum class Direction { Up, Down };

    bool prepare()
    {
        auto known = columnsOf(m_from, m_table);
        const QStringList wanted = columnsOf(m_to, m_table);
        erase_if(known, [&](const QString &column) { return !wanted.contains(column); });
        if (known.isEmpty())
            return false;
        m_columns = known.join(", "_L1);
        const QString holes = QStringList(known.size(), u"?"_s).join(u',');
        auto insert =
            m_to.prepare(u"INSERT OR IGNORE INTO %1 (%2) VALUES (%3)"_s.arg(m_table, m_columns, holes));
        if (!insert)
            return false;
        m_insert = *std::move(insert);
        m_width = known.size();
        return true;
    }

    /// Copies the rows whose id is between `above` and `below`, both excluded. Empty at the end, else the id
    /// of the last row before the damage, or `above` where there was none.
    std::optional<qint64> scan(qint64 above, qint64 below, Direction direction)
    {
        qint64 reached = above;
        auto rows = m_from.query(u"SELECT id, %1 FROM %2 WHERE id > ? AND id < ? ORDER BY id %3"_s.arg(
                                     m_columns, m_table, direction == Direction::Up ? "ASC"_L1 : "DESC"_L1),
                                 {above, below});
        if (!rows)
            return reached;
        for (;;) {
            const auto row = m_from.next(*rows);
            if (!row)
                return reached;
            if (!*row)
                return std::nullopt;
            reached = rows->value(0).toLongLong();
            QVariantList values;
            for (int i = 1; i <= m_width; ++i)
                values.append(rows->value(i));
            const auto copied = m_to.run(m_insert, values);
            // A row whose values the schema refuses is damaged too.
            if (!copied && copied.error().kind != StoreError::Kind::Io) {
                m_failure = copied.error();
                return std::nullopt;
            }
        }
    }

    /// The id of the first row behind the damage that can be read.
    [[nodiscard]] std::optional<qint64> firstBehind(qint64 reached) const
    {
        const qint64 room = std::numeric_limits<qint64>::max() - std::max(reached, qint64{0});
        for (quint64 step = 1; step <= static_cast<quint64>(room); step *= 2) {
            const auto id = m_from.value(u"SELECT id FROM %1 WHERE id > ? ORDER BY id LIMIT 1"_s.arg(m_table),
                                         {reached + static_cast<qint64>(step)});
            if (id)
                return id->isValid() ? std::optional(id->toLongLong()) : std::nullopt;
        }
        return std::nullopt;
    }

    const SqlConnection &m_from;
    const SqlConnection &m_to;
    QLatin1StringView m_table;
    QString m_columns;
    QSqlQuery m_insert;
    qsizetype m_width = 0;
    std::optional<StoreError> m_failure;
};

/// Words whose message is lost get one again. What is known of it is its id, and ids are in the order of
/// time: so it goes on from the message before it, as the other one of the two who talk.
StoreResult<void> rebuildLostMessages(const SqlConnection &database)
{
    auto lost = database.query(u"SELECT DISTINCT message FROM part "
                               "WHERE message NOT IN (SELECT id FROM message) ORDER BY message"_s);
    if (!lost)
        return std::unexpected(lost.error());
    QList<qint64> ids;
    for (;;) {
        const auto row = database.next(*lost);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        ids.append(lost->value(0).toLongLong());
    }
    for (const qint64 id : std::as_const(ids)) {
        auto done = database.exec(
            u"INSERT INTO message (id, conversation, parent, role, state, finish, provider, model, created) "
            "SELECT ?, conversation, id, iif(role = 'user', 'assistant', 'user'), "
            "iif(role = 'user', 'cut_off', 'complete'), iif(role = 'user', 'other', 'stop'), '', '', created "
            "FROM message WHERE id < ? ORDER BY id DESC LIMIT 1"_s,
            {id, id});
        // Before the first one that is left: in front of it. Where none is left: in a conversation of its
        // own.
        if (done) {
            done = database.exec(
                u"INSERT OR IGNORE INTO message (id, conversation, role, state, finish, provider, model) "
                "VALUES (?, ifnull((SELECT conversation FROM message WHERE id > ? ORDER BY id LIMIT 1), ?), "
                "'user', 'complete', 'stop', '', '')"_s,
                {id, id, id});
        }
        if (!done)
            return done;
    }
    return {};
}

/// Mends what refers to rows that are lost.
StoreResult<void> reconnect(const SqlConnection &database)
{
    if (auto done = rebuildLostMessages(database); !done)
        return done;
    auto done =
        database.exec(u"UPDATE message SET parent = (SELECT max(id) FROM message AS earlier "
                      "WHERE earlier.conversation = message.conversation AND earlier.id < message.id) "
                      "WHERE parent IS NOT NULL AND parent NOT IN (SELECT id FROM message)"_s);
    // A conversation whose own row is lost has no title any more, but its messages are there.
    if (done) {
        done = database.exec(u"INSERT OR IGNORE INTO conversation (id, title, created, changed) "
                             "SELECT conversation, '', min(created), max(created) FROM message "
                             "GROUP BY conversation"_s);
    }
    if (done) {
        done = database.exec(u"INSERT OR IGNORE INTO conversation (id, title) "
                             "SELECT id, '' FROM unsent WHERE id <> 0"_s);
    }
    return done;
}

/// Copies what can be read of the file. Whether that is all there was.
StoreResult<bool> copyReadable(const QString &corrupt, const SqlConnection &to)
{
    const auto from = SqlConnection::open(corrupt, SqlConnection::Mode::ReadOnly, busyTimeout);
    if (!from)
        return false; // no database at all: there is nothing to read
    // From here on nobody's lock can hide rows that are there.
    auto held = (*from)->exec(u"BEGIN"_s);
    if (held)
        held = (*from)->exec(u"SELECT count(*) FROM sqlite_schema"_s);
    if (!held && held.error().kind == StoreError::Kind::Locked)
        return std::unexpected(held.error());
    bool whole = true;
    for (const QLatin1StringView table : tables) {
        const auto copied = TableSalvage(**from, to, table).run();
        if (!copied)
            return copied;
        whole = whole && *copied;
    }
    return whole;
}

StoreResult<void> gather(const QString &corrupt, const SqlConnection &to)
{
    const auto whole = copyReadable(corrupt, to);
    if (!whole)
        return std::unexpected(whole.error());
    StoreResult<void> done;
    if (const auto newest = *whole ? std::nullopt : newestSoundBackup(corrupt)) {
        if (const auto backup = SqlConnection::open(*newest, SqlConnection::Mode::Immutable, busyTimeout))
            done = restoreMissing(**backup, to);
    }
    if (done)
        done = reconnect(to);
    if (done)
        done = startIndexing(to);
    return done;
}

/// Puts what can be read of `corrupt`, and what only a backup has, into the sound and empty `sound`.
StoreResult<void> salvage(const QString &corrupt, const QString &sound)
{
    const auto to = SqlConnection::open(sound, SqlConnection::Mode::ReadWrite, busyTimeout);
    if (!to)
        return std::unexpected(to.error());
    // Rows come in any order, and some without what they refer to.
    auto done = (*to)->exec(u"PRAGMA foreign_keys = OFF"_s);
    if (done)
        done = (*to)->exec(u"BEGIN IMMEDIATE"_s);
    if (done)
        done = gather(corrupt, **to);
    if (done)
        done = (*to)->exec(u"COMMIT"_s);
    // One file is one rename.
    if (done)
        done = (*to)->exec(u"PRAGMA journal_mode = DELETE"_s);
    return done;
}

} // namespace

StoreResult<QString> rescue(const QString &path, const QDateTime &now)
{
    const QString gathered = gatheredBeside(path);
    removeDatabase(gathered);
    if (auto created = Database::open(gathered, Database::Access::ReadWrite, busyTimeout); !created)
        return std::unexpected(created.error());
    if (auto done = salvage(path, gathered); !done)
        return std::unexpected(done.error());

    const QString stamp = now.toUTC().toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
    QString aside = path + u".corrupt-"_s + stamp;
    for (int i = 2; QFileInfo::exists(aside); ++i)
        aside = path + u".corrupt-%1-%2"_s.arg(stamp).arg(i);
    if (!QFile::rename(path, aside)) {
        removeDatabase(gathered);
        return std::unexpected(
            StoreError{StoreError::Kind::ReadOnly, u"The corrupt file can not be moved."_s});
    }
    for (const QLatin1StringView companion : companions)
        QFile::rename(path + companion, aside + companion);
    finishRescue(path);
    return aside;
}

void finishRescue(const QString &path)
{
    const QString gathered = gatheredBeside(path);
    if (!QFileInfo::exists(path) && QFileInfo::exists(gathered)) {
        // A log of the moved file would be taken for the new one's.
        for (const QLatin1StringView companion : companions)
            QFile::remove(path + companion);
        QFile::rename(gathered, path);
    }
}

} // namespace rivulet
