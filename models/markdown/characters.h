// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>

#include <cstddef>
#include <string_view>

namespace rivulet::markdown {

// ASCII classes, independent of the locale.

[[nodiscard]] constexpr bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}
[[nodiscard]] constexpr bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
[[nodiscard]] constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr bool isAlphanumeric(char c)
{
    return isLetter(c) || isDigit(c);
}
[[nodiscard]] constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}
[[nodiscard]] constexpr bool isHexDigit(char c)
{
    return isDigit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}
[[nodiscard]] constexpr int digitValue(char c)
{
    return isDigit(c) ? c - '0' : lower(c) - 'a' + 10;
}
[[nodiscard]] constexpr bool isPunctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`')
        || (c >= '{' && c <= '~');
}

/// No place in a text.
inline constexpr std::size_t npos = std::string_view::npos;

/// The place of the first character at or behind `at` that is no space.
[[nodiscard]] constexpr std::size_t skipSpace(std::string_view text, std::size_t at)
{
    while (at < text.size() && isSpace(text[at]))
        ++at;
    return at;
}

/// How often the character at `at` stands there in a row.
[[nodiscard]] constexpr std::size_t runLength(std::string_view text, std::size_t at)
{
    const std::size_t end = text.find_first_not_of(text[at], at);
    return (end == npos ? text.size() : end) - at;
}

/// A byte of a UTF-8 sequence that is not its first.
[[nodiscard]] constexpr bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// What the rules for emphasis ask about the character beside a delimiter run (CommonMark 0.31.2, 2.1).
enum class CharacterClass { Space, Punctuation, Other };

/// The class of the character that starts at byte `at`; Space at the end of the text.
[[nodiscard]] CharacterClass classAt(std::string_view text, std::size_t at);
/// The class of the character that ends before byte `at`; Space at the beginning of the text.
[[nodiscard]] CharacterClass classBefore(std::string_view text, std::size_t at);

/// `text` without spaces, tabs and line ends at its end.
[[nodiscard]] std::string_view trimmedEnd(std::string_view text);
/// `text` without spaces, tabs and line ends at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// `text` without the beginning of a UTF-8 sequence that its end cuts off.
[[nodiscard]] std::string_view wholeCharacters(std::string_view text);

/// Appends UTF-8 text; U+0000 and what is not valid become U+FFFD.
void appendText(QString &out, std::string_view text);
/// Appends one code point.
void appendCodePoint(QString &out, char32_t point);

/// UTF-8 text with backslash escapes and character references resolved.
[[nodiscard]] QString unescaped(std::string_view text);

/// How a scan for something ended.
enum class Match {
    No,
    Yes,
    Unfinished, ///< the text ended before it was decided
};

/// What a scan found.
struct Scan
{
    Match match = Match::No;
    std::size_t end = 0; ///< where Yes: behind it
};

} // namespace rivulet::markdown
