// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/searchindex.h"

#include "models/store/messagerow.h"
#include "models/store/searchtokens.h"
#include "models/store/sqlvalues.h"

#include <limits>
#include <variant>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// Of what a tool was given or gave, and of artifacts: files come whole.
constexpr qsizetype longestMachineText = 64 * 1024;

struct TextGatherer
{
    QStringList &said;
    QStringList &rest;

    void operator()(const TextPart &part) const { said.append(part.text); }
    void operator()(const ReasoningPart &part) const { rest.append(part.text); }
    void operator()(const ToolCallPart &part) const
    {
        rest.append(part.name + u' ' + QStringView(part.arguments).left(longestMachineText));
    }
    void operator()(const ToolResultPart &part) const { rest.append(part.content.left(longestMachineText)); }
    void operator()(const ApprovalPart &part) const { rest.append(part.reason); }
    void operator()(const StatusPart &part) const { rest.append(part.message); }
    void operator()(const ArtifactPart &part) const
    {
        rest.append(part.title + u' '
                    + QString::fromUtf8(QByteArrayView(part.data).left(longestMachineText)));
    }
};

bool hasCode(const Message &message)
{
    for (const Part &part : message.parts) {
        if (const auto *text = std::get_if<TextPart>(&part)) {
            if (text->text.contains("```"_L1) || text->text.contains("~~~"_L1))
                return true;
        } else if (const auto *artifact = std::get_if<ArtifactPart>(&part)) {
            if (artifact->kind == event::Artifact::Kind::Code)
                return true;
        }
    }
    return false;
}

StoreResult<QStringList> conversationsTitled(const SqlConnection &connection, const QStringList &words)
{
    QList<SearchQuery::Term> terms;
    for (const QString &word : words)
        terms.append({.text = word, .open = true});
    const SearchPattern pattern(terms);
    auto rows = connection.query(u"SELECT id, title FROM conversation"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QStringList ids;
    for (;;) {
        const auto row = connection.next(*rows);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return ids;
        if (pattern.isWhollyIn(rows->value(1).toString()))
            ids.append(QString::number(rows->value(0).toLongLong()));
    }
}

} // namespace

QStringList searchableTexts(const Message &message)
{
    QStringList said;
    QStringList rest;
    for (const Part &part : message.parts)
        std::visit(TextGatherer{said, rest}, part);
    return said + rest;
}

StoreResult<void> indexMessage(const SqlConnection &connection, const Message &message)
{
    const auto id = static_cast<qint64>(message.id);
    if (message.state == Message::State::Streaming)
        return connection.exec(u"DELETE FROM search WHERE rowid = ?"_s, {id});
    const QString words = indexedText(searchableTexts(message).join(u'\n'));
    return connection.exec(u"INSERT OR REPLACE INTO search (rowid, words, marks) VALUES (?, ?, ?)"_s,
                           {id, sql::text(words), hasCode(message) ? u"message code"_s : u"message"_s});
}

StoreResult<void> unindexConversation(const SqlConnection &connection, ConversationId id)
{
    return connection.exec(
        u"DELETE FROM search WHERE rowid IN (SELECT id FROM message WHERE conversation = ?)"_s,
        {static_cast<qint64>(id)});
}

StoreResult<std::optional<MessageId>> unindexedBefore(const SqlConnection &connection)
{
    const auto id = connection.value(u"SELECT value FROM meta WHERE key = 'unindexed_before'"_s);
    if (!id)
        return std::unexpected(id.error());
    return id->isValid() ? std::optional(MessageId{id->toLongLong()}) : std::nullopt;
}

StoreResult<void> setUnindexedBefore(const SqlConnection &connection, std::optional<MessageId> id)
{
    if (!id)
        return connection.exec(u"DELETE FROM meta WHERE key = 'unindexed_before'"_s);
    return connection.exec(u"INSERT INTO meta (key, value) VALUES ('unindexed_before', ?) "
                           "ON CONFLICT (key) DO UPDATE SET value = excluded.value"_s,
                           {static_cast<qint64>(*id)});
}

StoreResult<void> startIndexing(const SqlConnection &connection)
{
    const auto last = connection.value(u"SELECT max(id) FROM message"_s);
    if (!last)
        return std::unexpected(last.error());
    return last->isNull() ? StoreResult<void>()
                          : setUnindexedBefore(connection, MessageId{last->toLongLong() + 1});
}

StoreResult<QList<MessageId>> findMessages(const SqlConnection &connection, const SearchQuery &query,
                                           int limit, std::optional<MessageId> from)
{
    const SearchPattern pattern(query.terms);
    if (query.isEmpty() || (pattern.isEmpty() && query == SearchQuery{.terms = query.terms}))
        return QList<MessageId>();
    // The index is asked first: it gives the newest first by itself.
    QString sql = u"SELECT message.id FROM search CROSS JOIN message ON message.id = search.rowid "
                  "WHERE search MATCH ? AND search.rowid <= ?"_s;
    QVariantList values{pattern.expression(query.hasCode),
                        from ? static_cast<qint64>(*from) : std::numeric_limits<qint64>::max()};
    const auto add = [&](QLatin1StringView condition, const QVariant &value) {
        sql += condition;
        values.append(value);
    };
    if (query.from)
        add(" AND message.role = ?"_L1, nameOf(*query.from));
    if (query.after)
        add(" AND message.created >= ?"_L1, query.after->startOfDay().toMSecsSinceEpoch());
    if (query.before)
        add(" AND message.created < ?"_L1, query.before->startOfDay().toMSecsSinceEpoch());
    if (!query.model.isEmpty())
        add(" AND instr(lower(message.model), ?) > 0"_L1, query.model.toLower());
    if (!query.titles.isEmpty()) {
        const auto conversations = conversationsTitled(connection, query.titles);
        if (!conversations)
            return std::unexpected(conversations.error());
        sql += u" AND message.conversation IN (%1)"_s.arg(conversations->join(u','));
    }
    add(" ORDER BY search.rowid DESC LIMIT ?"_L1, limit);

    auto rows = connection.query(sql, values);
    if (!rows)
        return std::unexpected(rows.error());
    QList<MessageId> found;
    for (;;) {
        const auto row = connection.next(*rows);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return found;
        found.append(MessageId{rows->value(0).toLongLong()});
    }
}

} // namespace rivulet
