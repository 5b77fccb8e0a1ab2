// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/characters.h"

#include "models/markdown/charscan.h"
#include "models/markdown/entities.h"

#include <QtCore/qchar.h>

#include <algorithm>

namespace rivulet::markdown {

namespace {

/// Bytes of the sequence that `lead` begins; 1 where it begins none.
constexpr std::size_t sequenceLength(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    if (byte >= 0xf0 && byte < 0xf8)
        return 4;
    if (byte >= 0xe0)
        return byte < 0xf0 ? 3 : 1;
    return byte >= 0xc0 ? 2 : 1;
}

CharacterClass classOf(std::string_view sequence)
{
    const auto lead = static_cast<unsigned char>(sequence.front());
    if (lead < 0x80) {
        if (isSpace(sequence.front()))
            return CharacterClass::Space;
        return isPunctuation(sequence.front()) ? CharacterClass::Punctuation : CharacterClass::Other;
    }
    char32_t point = lead & (0xffU >> (sequence.size() + 1));
    for (const char c : sequence.substr(1))
        point = (point << 6) | (static_cast<unsigned char>(c) & 0x3fU);
    switch (QChar::category(point)) {
    case QChar::Separator_Space:
        return CharacterClass::Space;
    case QChar::Punctuation_Connector:
    case QChar::Punctuation_Dash:
    case QChar::Punctuation_Open:
    case QChar::Punctuation_Close:
    case QChar::Punctuation_InitialQuote:
    case QChar::Punctuation_FinalQuote:
    case QChar::Punctuation_Other:
    case QChar::Symbol_Math:
    case QChar::Symbol_Currency:
    case QChar::Symbol_Modifier:
    case QChar::Symbol_Other:
        return CharacterClass::Punctuation;
    default:
        return CharacterClass::Other;
    }
}

} // namespace

CharacterClass classAt(std::string_view text, std::size_t at)
{
    return at >= text.size() ? CharacterClass::Space : classOf(text.substr(at, sequenceLength(text[at])));
}

CharacterClass classBefore(std::string_view text, std::size_t at)
{
    if (at == 0)
        return CharacterClass::Space;
    std::size_t begin = at - 1;
    while (begin > 0 && at - begin < 4 && isContinuation(text[begin]))
        --begin;
    return classOf(text.substr(begin, at - begin));
}

std::string_view trimmedEnd(std::string_view text)
{
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    return trimmedEnd(text);
}

std::string_view wholeCharacters(std::string_view text)
{
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        const char c = text[text.size() - back];
        if (!isContinuation(c)) {
            if (sequenceLength(c) > back)
                text.remove_suffix(back);
            break;
        }
    }
    return text;
}

void appendText(QString &out, std::string_view text)
{
    const qsizetype begin = out.size();
    const std::size_t plain = plainLength(text);
    if (plain > 0) {
        out.resizeForOverwrite(begin + qsizetype(plain));
        // The compiler turns this into vector instructions.
        auto *to = reinterpret_cast<char16_t *>(out.data()) + begin;
        for (std::size_t at = 0; at < plain; ++at)
            to[at] = static_cast<unsigned char>(text[at]);
        text.remove_prefix(plain);
    }
    if (text.empty())
        return;
    out.append(QUtf8StringView(text.data(), qsizetype(text.size())));
    if (text.find('\0') != std::string_view::npos)
        std::replace(out.begin() + begin, out.end(), QChar(u'\0'), QChar(QChar::ReplacementCharacter));
}

void appendCodePoint(QString &out, char32_t point)
{
    out.append(QChar::fromUcs4(point));
}

QString unescaped(std::string_view text)
{
    QString out;
    std::size_t plain = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == '\\' && at + 1 < text.size() && isPunctuation(text[at + 1])) {
            appendText(out, text.substr(plain, at - plain));
            plain = at + 1;
            at += 2;
            continue;
        }
        if (text[at] == '&') {
            if (const Entity entity = entityAt(text.substr(at)); entity.length > 0) {
                appendText(out, text.substr(plain, at - plain));
                for (const char32_t point : entity.points) {
                    if (point != 0)
                        appendCodePoint(out, point);
                }
                at += entity.length;
                plain = at;
                continue;
            }
        }
        ++at;
    }
    appendText(out, text.substr(plain));
    return out;
}

} // namespace rivulet::markdown
