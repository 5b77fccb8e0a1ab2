// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/searchtokens.h"

#include <algorithm>
#include <utility>

namespace rivulet {

namespace {

// Nobody looks for a longer word; what is not cut here is an encoded file.
constexpr qsizetype longestWord = 64;

/// How a character takes part in words.
enum class Joins { Nothing, Word, Run, Either }; // either: a mark on what is before it

Joins joinsOf(char32_t c)
{
    if (c < 0x80) {
        const bool alphanumeric =
            (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
        return alphanumeric ? Joins::Word : Joins::Nothing;
    }
    switch (QChar::category(c)) {
    case QChar::Mark_NonSpacing:
    case QChar::Mark_SpacingCombining:
    case QChar::Mark_Enclosing:
        return Joins::Either;
    default:
        if (!QChar::isLetterOrNumber(c))
            return Joins::Nothing;
    }
    switch (QChar::script(c)) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Bopomofo:
    case QChar::Script_Hangul:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return Joins::Run;
    default:
        break;
    }
    // Both kinds of kana share the sign for a long vowel, and narrow ones are voiced by signs of their own.
    if (c == 0xFF9E || c == 0xFF9F)
        return Joins::Either;
    return c == 0x30FC || c == 0xFF70 ? Joins::Run : Joins::Word;
}

char32_t characterAt(QStringView text, qsizetype at)
{
    if (text.at(at).isHighSurrogate() && at + 1 < text.size() && text.at(at + 1).isLowSurrogate())
        return QChar::surrogateToUcs4(text.at(at), text.at(at + 1));
    return text.at(at).unicode();
}

qsizetype widthOf(char32_t c)
{
    return QChar::requiresSurrogates(c) ? 2 : 1;
}

bool isAscii(QStringView text)
{
    return std::ranges::all_of(text, [](QChar c) { return c.unicode() < 0x80; });
}

QString foldWord(QStringView word)
{
    if (isAscii(word))
        return word.first(std::min(word.size(), longestWord)).toString().toLower();
    QString folded = word.toString().normalized(QString::NormalizationForm_KD);
    // Accents belong to no script of their own; vowel signs do, and are as good as letters.
    folded.removeIf([](QChar c) { return c.isMark() && c.script() == QChar::Script_Inherited; });
    return folded.first(std::min(folded.size(), longestWord)).toCaseFolded();
}

QString foldRun(QStringView characters)
{
    return characters.toString().normalized(QString::NormalizationForm_KC).toCaseFolded();
}

class Tokenizer
{
public:
    explicit Tokenizer(QStringView text) : m_text(text) {}

    QList<SearchToken> run()
    {
        while (m_at < m_text.size()) {
            const char32_t c = characterAt(m_text, m_at);
            switch (joinsOf(c)) {
            case Joins::Word:
                takeWord();
                break;
            case Joins::Run:
                takeRun();
                break;
            case Joins::Nothing:
            case Joins::Either: // a mark on nothing
                m_at += widthOf(c);
                break;
            }
        }
        return std::move(m_tokens);
    }

private:
    /// Whether the character at the place is one of those that join so; then it is behind it.
    bool skip(Joins joins)
    {
        if (m_at == m_text.size())
            return false;
        const char32_t c = characterAt(m_text, m_at);
        const Joins here = joinsOf(c);
        if (here != joins && here != Joins::Either)
            return false;
        m_at += widthOf(c);
        return true;
    }

    void takeWord()
    {
        const qsizetype begin = m_at;
        while (skip(Joins::Word)) {}
        add(foldWord(m_text.sliced(begin, m_at - begin)), begin, m_at);
    }

    /// A character with its marks.
    bool skipInRun()
    {
        if (!skip(Joins::Run))
            return false;
        while (skip(Joins::Either)) {}
        return true;
    }

    void takeRun()
    {
        qsizetype begin = m_at;
        skipInRun();
        qsizetype middle = m_at;
        while (skipInRun()) {
            add(foldRun(m_text.sliced(begin, m_at - begin)), begin, m_at);
            begin = std::exchange(middle, m_at);
        }
        add(foldRun(m_text.sliced(begin, m_at - begin)), begin, m_at, true);
    }

    void add(const QString &word, qsizetype begin, qsizetype end, bool endsRun = false)
    {
        if (!word.isEmpty())
            m_tokens.append({.word = word, .begin = begin, .end = end, .endsRun = endsRun});
    }

    QStringView m_text;
    qsizetype m_at = 0;
    QList<SearchToken> m_tokens;
};

} // namespace

QList<SearchToken> searchTokens(QStringView text)
{
    return Tokenizer(text).run();
}

QString indexedText(const QString &text)
{
    const QString normal = text.normalized(QString::NormalizationForm_C);
    QString words;
    words.reserve(normal.size());
    for (const SearchToken &token : searchTokens(normal)) {
        if (!words.isEmpty())
            words += u' ';
        words += token.word;
    }
    return words;
}

} // namespace rivulet
