// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/searchpattern.h"

#include <algorithm>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype snippetLength = 160;
constexpr qsizetype lengthBeforeMatch = 40;

void addRange(QList<TextRange> &ranges, TextRange range)
{
    if (!ranges.isEmpty() && ranges.constLast().end >= range.begin)
        ranges.last().end = std::max(ranges.constLast().end, range.end);
    else
        ranges.append(range);
}

/// Writes a stretch of a text as one line: what separates words becomes one space.
class LineWriter
{
public:
    explicit LineWriter(const QString &text) : m_text(text) {}

    [[nodiscard]] Snippet write(TextRange window, const QList<TextRange> &matches)
    {
        if (window.begin > 0)
            m_line.text += u'…';
        qsizetype at = window.begin;
        for (const TextRange &match : matches) {
            if (match.end <= window.begin || match.begin >= window.end)
                continue;
            append(at, match.begin);
            const qsizetype begin = m_line.text.size();
            at = std::min(match.end, window.end);
            append(std::max(match.begin, window.begin), at);
            m_line.matches.append({begin, m_line.text.size()});
        }
        append(at, window.end);
        if (m_line.text.endsWith(u' '))
            m_line.text.chop(1);
        if (window.end < m_text.size())
            m_line.text += u'…';
        return m_line;
    }

private:
    void append(qsizetype begin, qsizetype end)
    {
        for (qsizetype i = begin; i < end; ++i) {
            const QChar c = m_text.at(i);
            const bool separates = c.isSpace() || c.category() == QChar::Other_Control;
            if (!separates)
                m_line.text += c;
            else if (!m_line.text.isEmpty() && !m_line.text.endsWith(u' '))
                m_line.text += u' ';
        }
    }

    const QString &m_text;
    Snippet m_line;
};

bool isInsideWord(const QString &text, qsizetype at)
{
    return at > 0 && at < text.size() && !text.at(at - 1).isSpace() && !text.at(at).isSpace();
}

bool splitsPair(const QString &text, qsizetype at)
{
    return at > 0 && at < text.size() && text.at(at).isLowSurrogate();
}

/// A stretch around the match that begins between words where one is near.
TextRange windowAround(const QString &text, qsizetype match)
{
    TextRange window{.begin = std::max(qsizetype{0}, match - lengthBeforeMatch)};
    const qsizetype wanted = window.begin;
    while (window.begin < match && isInsideWord(text, window.begin))
        ++window.begin;
    if (window.begin == match)
        window.begin = wanted;
    window.end = std::min(text.size(), window.begin + snippetLength);
    const qsizetype limit = window.end;
    while (window.end > limit - lengthBeforeMatch && isInsideWord(text, window.end))
        --window.end;
    if (isInsideWord(text, window.end))
        window.end = limit;
    if (splitsPair(text, window.begin))
        --window.begin;
    if (splitsPair(text, window.end))
        --window.end;
    return window;
}

} // namespace

SearchPattern::SearchPattern(const QList<SearchQuery::Term> &terms)
{
    for (const SearchQuery::Term &term : terms) {
        const QString text = term.text.normalized(QString::NormalizationForm_C);
        QList<SearchToken> tokens = searchTokens(text);
        if (tokens.isEmpty())
            continue;
        Phrase phrase{.open = term.open && !term.excluded};
        if (tokens.constLast().endsRun && tokens.constLast().end == text.size()) {
            // The text may go on, with another character or with a mark on the last one.
            phrase.open = true;
            if (tokens.size() > 1 && tokens.at(tokens.size() - 2).end == tokens.constLast().end)
                tokens.removeLast();
        }
        for (const SearchToken &token : std::as_const(tokens))
            phrase.words.append(token.word);
        (term.excluded ? m_excluded : m_wanted).append(phrase);
    }
}

QString SearchPattern::expression(bool hasCode) const
{
    // Every message is found by its mark, so that there is always something that exclusions take away from.
    QString expression = u"{marks} : \"%1\""_s.arg(hasCode ? "code"_L1 : "message"_L1);
    if (!m_wanted.isEmpty())
        expression += u" AND {words} : (%1)"_s.arg(joined(m_wanted, " AND "_L1));
    if (!m_excluded.isEmpty())
        expression = u"(%1) NOT {words} : (%2)"_s.arg(expression, joined(m_excluded, " OR "_L1));
    return expression;
}

QList<TextRange> SearchPattern::matchesIn(const QList<SearchToken> &tokens) const
{
    QList<TextRange> ranges;
    for (qsizetype at = 0; at < tokens.size(); ++at) {
        for (const Phrase &phrase : m_wanted) {
            if (phrase.isAt(tokens, at))
                addRange(ranges, {tokens.at(at).begin, tokens.at(at + phrase.words.size() - 1).end});
        }
    }
    return ranges;
}

bool SearchPattern::isWhollyIn(const QString &title) const
{
    const QList<SearchToken> tokens = searchTokens(title.normalized(QString::NormalizationForm_C));
    return std::ranges::all_of(m_wanted, [&tokens](const Phrase &phrase) {
        for (qsizetype at = 0; at < tokens.size(); ++at) {
            if (phrase.isAt(tokens, at))
                return true;
        }
        return false;
    });
}

bool SearchPattern::Phrase::isAt(const QList<SearchToken> &tokens, qsizetype at) const
{
    if (at + words.size() > tokens.size())
        return false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = tokens.at(at + i).word;
        const bool same = open && i == words.size() - 1 ? word.startsWith(words.at(i)) : word == words.at(i);
        if (!same)
            return false;
    }
    return true;
}

QString SearchPattern::Phrase::expression() const
{
    // The index's words hold letters, digits and marks only: nothing needs to be escaped.
    return u'"' + words.join(u' ') + (open ? u"\"*"_s : u"\""_s);
}

QString SearchPattern::joined(const QList<Phrase> &phrases, QLatin1StringView separator)
{
    QStringList expressions;
    for (const Phrase &phrase : phrases)
        expressions.append(phrase.expression());
    return expressions.join(separator);
}

Snippet snippetOf(const QStringList &texts, const SearchPattern &pattern)
{
    QString first;
    for (const QString &text : texts) {
        const QString normal = text.normalized(QString::NormalizationForm_C);
        const QList<TextRange> matches = pattern.matchesIn(searchTokens(normal));
        if (!matches.isEmpty())
            return LineWriter(normal).write(windowAround(normal, matches.constFirst().begin), matches);
        if (first.isEmpty())
            first = normal;
    }
    return LineWriter(first).write(windowAround(first, 0), {});
}

} // namespace rivulet
