// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationsearch.h"
#include "models/export.h"
#include "models/store/searchtokens.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

namespace rivulet {

/// What a query looks for, in the words of the index. One pattern makes the index's expression and finds the
/// same places in a text again.
class RIVULET_MODELS_EXPORT SearchPattern
{
public:
    explicit SearchPattern(const QList<SearchQuery::Term> &terms);

    /// Whether the terms say nothing: there are none, or none with a letter or digit.
    [[nodiscard]] bool isEmpty() const { return m_wanted.isEmpty() && m_excluded.isEmpty(); }

    /// As an FTS5 expression for the columns of searchindex.h: always a valid one.
    [[nodiscard]] QString expression(bool hasCode) const;

    /// Where the tokens are what is looked for: in order, apart from each other.
    [[nodiscard]] QList<TextRange> matchesIn(const QList<SearchToken> &tokens) const;

    /// Whether the title has all that is looked for.
    [[nodiscard]] bool isWhollyIn(const QString &title) const;

private:
    struct Phrase
    {
        QStringList words; ///< never empty
        bool open = false; ///< the last one is the beginning of a word

        [[nodiscard]] bool isAt(const QList<SearchToken> &tokens, qsizetype at) const;
        [[nodiscard]] QString expression() const;
    };

    [[nodiscard]] static QString joined(const QList<Phrase> &phrases, QLatin1StringView separator);

    QList<Phrase> m_wanted;
    QList<Phrase> m_excluded;
};

/// A line of the first of `texts` that matches, around its first match; of the first one that is not empty,
/// where none does.
[[nodiscard]] RIVULET_MODELS_EXPORT Snippet snippetOf(const QStringList &texts, const SearchPattern &pattern);

} // namespace rivulet
