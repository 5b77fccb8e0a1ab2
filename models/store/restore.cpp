// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/restore.h"

#include "models/store/sqlconnection.h"

#include <QtCore/qset.h>

#include <concepts>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

StoreResult<QSet<qint64>> idsIn(const SqlConnection &database, const QString &sql)
{
    auto rows = database.query(sql);
    if (!rows)
        return std::unexpected(rows.error());
    QSet<qint64> ids;
    for (;;) {
        const auto row = database.next(*rows);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return ids;
        ids.insert(rows->value(0).toLongLong());
    }
}

/// Copies the rows of a table whose key and owner are wanted, with the columns that both files have.
class Copier
{
public:
    Copier(const SqlConnection &from, const SqlConnection &to) : m_from(from), m_to(to) {}

    StoreResult<void> copy(QLatin1StringView table, QLatin1StringView key, QLatin1StringView owner,
                           const std::predicate<qint64, qint64> auto &isWanted) const
    {
        QStringList columns = columnsOf(m_from, table);
        const QStringList known = columnsOf(m_to, table);
        columns.removeIf([&](const QString &column) {
            return !known.contains(column) || (column == "id"_L1 && key != "id"_L1);
        });
        if (columns.isEmpty())
            return {};
        const QString names = columns.join(", "_L1);
        auto insert = m_to.prepare(u"INSERT OR IGNORE INTO %1 (%2) VALUES (%3)"_s.arg(
            table, names, QStringList(columns.size(), u"?"_s).join(u',')));
        if (!insert)
            return std::unexpected(insert.error());
        auto rows = m_from.query(u"SELECT %1, %2, %3 FROM %4"_s.arg(key, owner, names, table));
        while (rows && m_from.next(*rows).value_or(false)) {
            if (!isWanted(rows->value(0).toLongLong(), rows->value(1).toLongLong()))
                continue;
            QVariantList values;
            for (int i = 0; i < columns.size(); ++i)
                values.append(rows->value(i + 2));
            if (auto done = m_to.run(*insert, values); !done)
                return done;
        }
        return {};
    }

private:
    const SqlConnection &m_from;
    const SqlConnection &m_to;
};

} // namespace

QStringList columnsOf(const SqlConnection &database, QLatin1StringView table)
{
    QStringList columns;
    auto rows = database.query(u"SELECT name FROM pragma_table_info('%1')"_s.arg(table));
    while (rows && database.next(*rows).value_or(false))
        columns.append(rows->value(0).toString());
    return columns;
}

StoreResult<void> restoreMissing(const SqlConnection &backup, const SqlConnection &to)
{
    const auto removed = idsIn(to, u"SELECT id FROM removed"_s);
    if (!removed)
        return std::unexpected(removed.error());
    // Messages that lost all their parts are mended too.
    const auto whole = idsIn(to, u"SELECT DISTINCT message FROM part"_s);
    if (!whole)
        return std::unexpected(whole.error());
    const Copier copier(backup, to);
    const auto isNotRemoved = [&](qint64, qint64 conversation) { return !removed->contains(conversation); };
    auto done = copier.copy("conversation"_L1, "id"_L1, "id"_L1, isNotRemoved);
    if (done)
        done = copier.copy("unsent"_L1, "id"_L1, "id"_L1, isNotRemoved);
    if (done)
        done = copier.copy("message"_L1, "id"_L1, "conversation"_L1, isNotRemoved);
    if (!done)
        return done;
    const auto messages = idsIn(to, u"SELECT id FROM message"_s);
    if (!messages)
        return std::unexpected(messages.error());
    return copier.copy("part"_L1, "message"_L1, "message"_L1, [&](qint64 message, qint64) {
        return messages->contains(message) && !whole->contains(message);
    });
}

} // namespace rivulet
