// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/linksyntax.h"

namespace rivulet::markdown {

namespace {

constexpr std::size_t longestLabel = 999;
constexpr int deepestParentheses = 32;

/// Behind spaces, tabs and at most one line end.
std::size_t skipSpaceAndLineEnd(std::string_view text, std::size_t at)
{
    bool lineEnd = false;
    while (at < text.size() && (isBlank(text[at]) || (text[at] == '\n' && !lineEnd))) {
        lineEnd |= text[at] == '\n';
        ++at;
    }
    return at;
}

bool isEscape(std::string_view text, std::size_t at)
{
    return text[at] == '\\' && at + 1 < text.size() && isPunctuation(text[at + 1]);
}

LinkPart scanBracketedDestination(std::string_view text, std::size_t at)
{
    const std::size_t begin = at + 1;
    for (at = begin; at < text.size(); ++at) {
        if (text[at] == '>')
            return {Match::Yes, at + 1, text.substr(begin, at - begin)};
        if (text[at] == '<' || text[at] == '\n')
            return {};
        if (isEscape(text, at))
            ++at;
    }
    return {Match::Unfinished};
}

} // namespace

LinkPart scanLinkLabel(std::string_view text, std::size_t at)
{
    const std::size_t begin = at + 1;
    for (at = begin; at < text.size(); ++at) {
        if (text[at] == ']')
            return {Match::Yes, at + 1, text.substr(begin, at - begin)};
        if (text[at] == '[' || at - begin >= longestLabel)
            return {};
        if (isEscape(text, at))
            ++at;
    }
    return {Match::Unfinished};
}

LinkPart scanLinkDestination(std::string_view text, std::size_t at)
{
    if (at == text.size())
        return {Match::Unfinished};
    if (text[at] == '<')
        return scanBracketedDestination(text, at);
    const std::size_t begin = at;
    int parentheses = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (isEscape(text, at)) {
            ++at;
        } else if (c == '(') {
            if (++parentheses > deepestParentheses)
                return {};
        } else if (c == ')') {
            if (parentheses == 0)
                break;
            --parentheses;
        } else if (isSpace(c)) {
            break;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return {};
        }
    }
    if (at >= text.size())
        return parentheses == 0 ? LinkPart{Match::Yes, text.size(), text.substr(begin)}
                                : LinkPart{Match::Unfinished};
    return parentheses == 0 ? LinkPart{Match::Yes, at, text.substr(begin, at - begin)} : LinkPart{};
}

LinkPart scanLinkTitle(std::string_view text, std::size_t at)
{
    if (at == text.size())
        return {Match::Unfinished};
    const char opener = text[at];
    if (opener != '"' && opener != '\'' && opener != '(')
        return {};
    const char closer = opener == '(' ? ')' : opener;
    const std::size_t begin = at + 1;
    for (at = begin; at < text.size(); ++at) {
        if (text[at] == closer)
            return {Match::Yes, at + 1, text.substr(begin, at - begin)};
        if (opener == '(' && text[at] == '(')
            return {};
        if (isEscape(text, at))
            ++at;
    }
    return {Match::Unfinished};
}

LinkTail scanLinkTail(std::string_view text, std::size_t at)
{
    at = skipSpace(text, at + 1);
    if (at == text.size())
        return {.match = Match::Unfinished};
    const LinkPart destination = scanLinkDestination(text, at);
    if (destination.match != Match::Yes)
        return {.match = destination.match};
    const std::size_t gap = skipSpace(text, destination.end);
    if (gap == text.size())
        return {.match = Match::Unfinished};
    LinkPart title;
    std::size_t end = gap;
    if (gap > destination.end && text[gap] != ')') {
        title = scanLinkTitle(text, gap);
        if (title.match != Match::Yes)
            return {.match = title.match};
        end = skipSpace(text, title.end);
        if (end == text.size())
            return {.match = Match::Unfinished};
    }
    if (text[end] != ')')
        return {};
    return {Match::Yes, end + 1, {unescaped(destination.text), unescaped(title.text)}};
}

QString normalizedLabel(std::string_view label)
{
    if (label.size() > longestLabel)
        return {};
    QString text;
    appendText(text, label);
    // Upper case of lower case comes closer to Unicode's full case folding than QString::toCaseFolded().
    return text.simplified().toLower().toUpper();
}

LinkDefinition scanLinkDefinition(std::string_view paragraph, bool open)
{
    const auto unfinished = [open] { return LinkDefinition{.match = open ? Match::Unfinished : Match::No}; };
    if (!paragraph.starts_with('['))
        return {};
    const LinkPart label = scanLinkLabel(paragraph, 0);
    if (label.match == Match::No)
        return {};
    if (label.match == Match::Unfinished || label.end == paragraph.size())
        return unfinished();
    if (paragraph[label.end] != ':')
        return {};
    QString normalized = normalizedLabel(label.text);
    if (normalized.isEmpty())
        return {};

    const std::size_t destinationBegin = skipSpaceAndLineEnd(paragraph, label.end + 1);
    if (destinationBegin == paragraph.size())
        return unfinished();
    const LinkPart destination = scanLinkDestination(paragraph, destinationBegin);
    if (destination.match == Match::No
        || (destination.match == Match::Yes && destination.text.empty()
            && paragraph[destinationBegin] != '<'))
        return {};
    if (destination.match == Match::Unfinished || (open && destination.end == paragraph.size()))
        return unfinished();

    // A title that does not stand alone on its lines is none; the definition then ends with its destination.
    std::size_t end = destination.end;
    const auto atLineEnd = [paragraph](std::size_t at) {
        while (at < paragraph.size() && isBlank(paragraph[at]))
            ++at;
        return at == paragraph.size() || paragraph[at] == '\n' ? at + 1 : 0;
    };
    std::string_view title;
    std::size_t lineEnd = atLineEnd(end);
    const std::size_t titleBegin = skipSpaceAndLineEnd(paragraph, end);
    if (titleBegin > end && titleBegin < paragraph.size()) {
        const LinkPart found = scanLinkTitle(paragraph, titleBegin);
        if (found.match == Match::Unfinished && open)
            return unfinished();
        if (found.match == Match::Yes && atLineEnd(found.end) > 0) {
            title = found.text;
            lineEnd = atLineEnd(found.end);
        }
    }
    if (lineEnd == 0)
        return {};
    end = std::min(lineEnd, paragraph.size());
    return {Match::Yes, end, std::move(normalized), {unescaped(destination.text), unescaped(title)}};
}

} // namespace rivulet::markdown
