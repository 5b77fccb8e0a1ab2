// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/blocksyntax.h"

#include "models/markdown/characters.h"
#include "models/markdown/linksyntax.h"

#include <algorithm>
#include <array>
#include <charconv>

using namespace std::string_view_literals;

namespace rivulet::markdown {

namespace {

bool consistsOf(std::string_view text, std::string_view characters)
{
    return text.find_first_not_of(characters) == npos;
}

} // namespace

bool mayStartBlock(char c)
{
    static constexpr auto starts = [] {
        std::array<bool, 256> table{};
        for (const char start : ">#`~$\\<-+*_=|:[0123456789"sv)
            table[static_cast<unsigned char>(start)] = true;
        return table;
    }();
    return starts[static_cast<unsigned char>(c)];
}

std::size_t countOf(std::string_view text, char c)
{
    return std::min(text.find_first_not_of(c), text.size());
}

int headingLevel(std::string_view text)
{
    const std::size_t level = countOf(text, '#');
    const bool valid = level >= 1 && level <= 6 && (level == text.size() || isBlank(text[level]));
    return valid ? int(level) : 0;
}

std::string_view headingText(std::string_view text)
{
    text = trimmed(text.substr(countOf(text, '#')));
    std::string_view withoutClosing = text;
    while (withoutClosing.ends_with('#'))
        withoutClosing.remove_suffix(1);
    return withoutClosing.empty() || isBlank(withoutClosing.back()) ? trimmed(withoutClosing) : text;
}

std::size_t openingFence(std::string_view text)
{
    const char c = text.front();
    if (c != '`' && c != '~')
        return 0;
    const std::size_t length = countOf(text, c);
    return length >= 3 && (c == '~' || text.find('`', length) == npos) ? length : 0;
}

bool isRule(std::string_view text)
{
    const char c = text.front();
    if (c != '*' && c != '-' && c != '_')
        return false;
    return std::ranges::count(text, c) >= 3
        && std::ranges::all_of(text, [c](char other) { return other == c || isBlank(other); });
}

int underlineLevel(std::string_view text)
{
    const char c = text.front();
    if ((c != '=' && c != '-') || !trimmed(text.substr(countOf(text, c))).empty())
        return 0;
    return c == '=' ? 1 : 2;
}

bool hasTextBehindDefinitions(std::string_view paragraph)
{
    while (paragraph.starts_with('[')) {
        const LinkDefinition definition = scanLinkDefinition(paragraph, false);
        if (definition.match != Match::Yes)
            return true;
        paragraph.remove_prefix(definition.end);
    }
    return !trimmed(paragraph).empty();
}

Marker markerAt(std::string_view text)
{
    Marker marker;
    const char c = text.front();
    if (c == '*' || c == '-' || c == '+') {
        marker = {.length = 1, .delimiter = c};
    } else if (isDigit(c)) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits > 9 || digits == text.size() || (text[digits] != '.' && text[digits] != ')'))
            return {};
        marker = {.length = digits + 1, .ordered = true, .delimiter = text[digits]};
        std::from_chars(text.data(), text.data() + digits, marker.number);
    }
    if (marker.length > 0 && marker.length < text.size() && !isBlank(text[marker.length]))
        return {};
    return marker;
}

FootnoteMarker footnoteAt(std::string_view text)
{
    if (!text.starts_with("[^"))
        return {};
    const std::size_t end = text.find_first_of("] \t\r\n\0"sv, 2);
    if (end == npos || end == 2 || !text.substr(end).starts_with("]:"))
        return {};
    std::size_t behind = end + 2;
    while (behind < text.size() && isBlank(text[behind]))
        ++behind;
    return {.length = behind, .label = text.substr(2, end - 2)};
}

bool mayBecomeFootnote(std::string_view text)
{
    constexpr std::size_t longestHeld = 80;
    if (text == "[")
        return true;
    const std::size_t end = text.find_first_of("] \t"sv, 1);
    return text.size() <= longestHeld && text.starts_with("[^")
        && (end == npos || (end > 2 && end + 1 == text.size() && text[end] == ']'));
}

std::string_view mathEnd(char opener)
{
    return opener == '$' ? "$$"sv : "\\]"sv;
}

MathStart mathStart(std::string_view text)
{
    const bool dollars = text.starts_with("$$") && !text.starts_with("$$$");
    if (!dollars && !text.starts_with("\\["))
        return {};
    const std::string_view ending = mathEnd(text[dollars ? 0 : 1]);
    const std::string_view behind = trimmed(text.substr(2));
    if (behind.empty())
        return {.form = MathStart::Form::Fence};
    const std::size_t end = behind.find(ending);
    if (end == npos)
        return {.form = MathStart::Form::Inline, .tex = behind};
    const std::string_view tex = trimmed(behind.substr(0, end));
    if (end + ending.size() < behind.size() || tex.empty())
        return {};
    return {.form = MathStart::Form::Whole, .tex = tex};
}

std::string_view withoutMathEnd(std::string_view line, char opener)
{
    const std::string_view ending = mathEnd(opener);
    const std::string_view text = trimmedEnd(line);
    if (text.ends_with(ending))
        return trimmedEnd(text.substr(0, text.size() - ending.size()));
    return text.ends_with(ending.front()) ? trimmedEnd(text.substr(0, text.size() - 1)) : line;
}

DetailsStart detailsStart(std::string_view text)
{
    for (const std::string_view tag : {"<details>"sv, "<details open>"sv, "<details open=\"\">"sv}) {
        if (text.starts_with(tag))
            return text.find("</details>") == npos ? DetailsStart{tag.size(), tag.size() > 9}
                                                   : DetailsStart{};
    }
    return {};
}

bool isDetailsEnd(std::string_view text)
{
    return trimmedEnd(text) == "</details>";
}

bool mayBecomeDetails(std::string_view text)
{
    return "<details open=\"\">"sv.starts_with(text);
}

std::string_view summaryText(std::string_view text, bool partial)
{
    constexpr std::string_view opening = "<summary>";
    constexpr std::string_view closing = "</summary>";
    text = trimmedEnd(text);
    if (!text.starts_with(opening))
        return {};
    text.remove_prefix(opening.size());
    const std::size_t end = text.find(closing);
    if (end != npos)
        return end + closing.size() == text.size() ? trimmed(text.substr(0, end)) : std::string_view();
    if (!partial)
        return {};
    const std::size_t tag = text.rfind('<');
    if (tag != npos && closing.starts_with(text.substr(tag)))
        text = text.substr(0, tag);
    return trimmed(text);
}

bool startsWithInlineTag(std::string_view text)
{
    return std::ranges::any_of(std::initializer_list{"<br>"sv, "<br/>"sv, "<br />"sv, "<sub>"sv, "</sub>"sv,
                                                     "<sup>"sv, "</sup>"sv, "<kbd>"sv, "</kbd>"sv},
                               [text](std::string_view tag) { return text.starts_with(tag); });
}

bool mayBecomeMarker(std::string_view text)
{
    const char c = text.front();
    switch (c) {
    case '#':
        return countOf(text, c) == text.size();
    case '`':
    case '~':
        return countOf(text, c) == text.size();
    case '-':
    case ':':
    case '|':
        return consistsOf(text, "|-: \t");
    case '*':
    case '_':
    case '+':
    case '=':
        return std::ranges::all_of(text, [c](char other) { return other == c || isBlank(other); });
    default:
        break;
    }
    if (!isDigit(c))
        return false;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    return digits <= 9
        && (digits == text.size()
            || (digits + 1 == text.size() && (text[digits] == '.' || text[digits] == ')')));
}

bool endsInTagName(std::string_view text)
{
    constexpr std::size_t longestName = 16;
    return text.size() <= longestName && text.starts_with('<')
        && std::ranges::all_of(text.substr(1), [](char c) {
               return isAlphanumeric(c) || std::string_view("/!?-[").find(c) != npos;
           });
}

} // namespace rivulet::markdown
