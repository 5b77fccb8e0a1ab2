// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/searchquery.h"

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

/// One piece of what was typed, between spaces that are not in quotes.
struct Piece
{
    QString name;  ///< before the colon; empty where there is none
    QString value; ///< without its quotes
    bool excluded = false;
    bool quoted = false;
    bool open = false; ///< nothing follows that ends it
};

class PieceReader
{
public:
    explicit PieceReader(QStringView typed) : m_typed(typed) {}

    std::optional<Piece> next()
    {
        while (m_at < m_typed.size() && m_typed.at(m_at).isSpace())
            ++m_at;
        if (m_at == m_typed.size())
            return std::nullopt;
        Piece piece;
        if (m_typed.at(m_at) == u'-' && m_at + 1 < m_typed.size() && !m_typed.at(m_at + 1).isSpace()) {
            piece.excluded = true;
            ++m_at;
        }
        const qsizetype begin = m_at;
        while (m_at < m_typed.size() && !m_typed.at(m_at).isSpace() && m_typed.at(m_at) != u'"') {
            if (m_typed.at(m_at) == u':' && piece.name.isEmpty()) {
                piece.name = m_typed.sliced(begin, m_at - begin).toString();
                piece.value.clear();
            } else {
                piece.value += m_typed.at(m_at);
            }
            ++m_at;
        }
        // Quotes begin a value. In the middle of a word they only end it.
        if (m_at < m_typed.size() && m_typed.at(m_at) == u'"' && piece.value.isEmpty()) {
            readQuoted(piece);
            return piece;
        }
        piece.open = m_at == m_typed.size();
        return piece;
    }

private:
    void readQuoted(Piece &piece)
    {
        piece.quoted = true;
        const qsizetype begin = ++m_at;
        const qsizetype end = m_typed.indexOf(u'"', begin);
        piece.open = end < 0;
        m_at = piece.open ? m_typed.size() : end + 1;
        piece.value = m_typed.sliced(begin, (piece.open ? m_typed.size() : end) - begin).toString();
    }

    QStringView m_typed;
    qsizetype m_at = 0;
};

/// Takes over what the piece says as a filter. False where it is none.
bool takeFilter(SearchQuery &query, const Piece &piece)
{
    if (piece.excluded || piece.name.isEmpty())
        return false;
    const QString name = piece.name.toLower();
    const QString value = piece.value.trimmed();
    const auto begins = [&value](QLatin1StringView word) {
        return word.startsWith(value, Qt::CaseInsensitive);
    };
    if (name == "in"_L1) {
        query.titles += value.split(u' ', Qt::SkipEmptyParts);
        return true;
    }
    if (name == "model"_L1) {
        query.model = value;
        return true;
    }
    if (name == "from"_L1) {
        if (value.isEmpty())
            return true;
        if (begins("user"_L1))
            query.from = ChatRole::User;
        else if (begins("assistant"_L1))
            query.from = ChatRole::Assistant;
        else
            return false;
        return true;
    }
    if (name == "has"_L1) {
        query.hasCode = query.hasCode || (!value.isEmpty() && begins("code"_L1));
        return begins("code"_L1);
    }
    if (name == "before"_L1 || name == "after"_L1) {
        const QDate date = QDate::fromString(value, Qt::ISODate);
        if (date.isValid())
            (name == "before"_L1 ? query.before : query.after) = date;
        return date.isValid() || value.isEmpty() || piece.open;
    }
    return false;
}

} // namespace

bool SearchQuery::isEmpty() const
{
    return *this == SearchQuery{};
}

SearchQuery parseSearch(QStringView typed)
{
    SearchQuery query;
    PieceReader reader(typed);
    while (const auto piece = reader.next()) {
        if (takeFilter(query, *piece))
            continue;
        const QString text = piece->name.isEmpty() ? piece->value : piece->name + u':' + piece->value;
        if (!text.isEmpty())
            query.terms.append({.text = text, .excluded = piece->excluded, .open = piece->open});
    }
    return query;
}

} // namespace rivulet
