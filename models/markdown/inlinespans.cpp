// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/inlineparser.h"

#include "models/markdown/characters.h"
#include "models/markdown/entities.h"
#include "models/markdown/htmlsyntax.h"

#include <algorithm>
#include <numeric>

namespace rivulet::markdown {

namespace {

bool isLineBreakTag(std::string_view tag)
{
    return tag == "<br>" || tag == "<br/>" || tag == "<br />";
}

bool mayBecomeTag(std::string_view text)
{
    constexpr std::array<std::string_view, 9> tags{"<br>",  "<br/>",  "<br />", "<sub>", "</sub>",
                                                   "<sup>", "</sup>", "<kbd>",  "</kbd>"};
    return std::ranges::any_of(tags, [text](std::string_view tag) { return tag.starts_with(text); });
}

/// What a tag or its end means for what is between them, if it means anything.
std::optional<InlineRun::Kind> spanOfTag(std::string_view tag)
{
    const std::string_view name = tag.substr(tag.starts_with("</") ? 2 : 1);
    if (name == "sub>")
        return InlineRun::Kind::Subscript;
    if (name == "sup>")
        return InlineRun::Kind::Superscript;
    if (name == "kbd>")
        return InlineRun::Kind::Keyboard;
    return {};
}

} // namespace

void InlineParser::takeBackslash()
{
    const std::size_t next = m_at + 1;
    if (touchesEnd(next)) {
        m_at = next;
    } else if (next < m_content.size() && m_content[next] == '\n') {
        add(Node::Kind::Hard, m_at, next + 1);
        m_at = next + 1;
    } else if (next < m_content.size() && m_options.math
               && ((m_content[next] == '(' && takeFormula("\\)", false))
                   || (m_content[next] == '[' && takeFormula("\\]", true)))) {
        return;
    } else if (next < m_content.size() && isPunctuation(m_content[next])) {
        add(Node::Kind::Text, next, next + 1);
        m_at = next + 1;
    } else {
        addText(m_at, next);
        m_at = next;
    }
}

void InlineParser::takeEntity()
{
    const Entity entity = entityAt(m_content.substr(m_at));
    if (entity.length > 0) {
        add(Node::Kind::Points, m_at, m_at + entity.length).points = entity.points;
        m_at += entity.length;
    } else if (entity.unfinished && touchesEnd(m_content.size())) {
        m_at = m_content.size();
    } else {
        addText(m_at, m_at + 1);
        ++m_at;
    }
}

/// Where the backtick run of `length` begins that closes a code span whose content starts at `from`.
std::size_t InlineParser::closingBackticks(std::size_t from, std::size_t length)
{
    if (length < m_backticks.size() && m_backticks[length] != npos && m_backticks[length] < from
        && m_backticksSeen)
        return npos;
    if (m_backticksSeen && (length >= m_backticks.size() || m_backticks[length] == npos))
        return npos;
    std::size_t at = from;
    while ((at = m_content.find('`', at)) != npos) {
        const std::size_t run = runLength(m_content, at);
        if (touchesEnd(at + run))
            break; // it may still grow
        if (run >= m_backticks.size())
            m_backticks.resize(run + 1, npos);
        if (m_backticks[run] == npos || m_backticks[run] < at)
            m_backticks[run] = at;
        if (run == length)
            return at;
        at += run;
    }
    m_backticksSeen = true;
    return npos;
}

void InlineParser::takeCode()
{
    const std::size_t length = runLength(m_content, m_at);
    std::size_t begin = m_at + length;
    if (touchesEnd(begin)) {
        m_at = begin;
        return;
    }
    std::size_t end = closingBackticks(begin, length);
    const bool closed = end != npos;
    std::size_t next = closed ? end + length : begin;
    if (!closed) {
        m_blocked = true;
        if (!m_open || m_content.size() - begin > longestOpenStretch) {
            addText(m_at, begin);
            m_at = begin;
            return;
        }
        end = next = m_content.size();
        while (touchesEnd(m_content.size()) && end > begin && m_content[end - 1] == '`')
            --end;
    }
    m_at = next;
    const std::string_view code = m_content.substr(begin, end - begin);
    const auto isPadding = [](char c) { return c == ' ' || c == '\n'; };
    const bool blank = code.find_first_not_of(" \n") == npos;
    const bool padded = code.size() >= 2 && !blank && isPadding(code.front()) && isPadding(code.back());
    // The space at the end of code that is still open may be its padding, too.
    const bool opensPadded = !closed && !blank && isPadding(code.front());
    if (padded || opensPadded)
        ++begin;
    if (padded)
        --end;
    if (end > begin)
        add(Node::Kind::Code, begin, end);
}

void InlineParser::takeAngle()
{
    if (std::optional<Autolink> link = bracketedAutolink(m_content, m_at)) {
        add(Node::Kind::Autolink, link->begin, link->end).link = int(m_links.size());
        m_links.push_back({false, {std::move(link->url), {}}});
        m_at = link->end + 1;
        return;
    }
    std::size_t &noEnd = m_noHtmlEnd[std::size_t(htmlFormAt(m_content, m_at))];
    const Scan html = noEnd <= m_at ? Scan{Match::Unfinished} : scanHtml(m_content, m_at);
    if (html.match == Match::Yes && m_options.tags && takeTag(html.end))
        return;
    if (m_open && takeOpenAutolink())
        return;
    if (html.match == Match::Yes) {
        add(Node::Kind::Html, m_at, html.end);
        m_at = html.end;
        return;
    }
    if (html.match == Match::Unfinished) {
        m_blocked = true;
        if (htmlFormAt(m_content, m_at) != HtmlForm::Tag)
            noEnd = m_at;
    }
    addText(m_at, m_at + 1);
    ++m_at;
}

/// "<br>", or "<sub>", "<sup>" or "<kbd>" or the end of one of these, up to `end`.
bool InlineParser::takeTag(std::size_t end)
{
    const std::string_view tag = m_content.substr(m_at, end - m_at);
    if (isLineBreakTag(tag)) {
        add(Node::Kind::Hard, m_at, end);
        m_at = end;
        return true;
    }
    const std::optional<InlineRun::Kind> kind = spanOfTag(tag);
    if (!kind)
        return false;
    if (tag[1] == '/')
        return takeClosingTag(*kind, end);
    if (std::accumulate(m_openTags.begin(), m_openTags.end(), 0) >= mostOpenTags)
        return false;
    ++openTags(*kind);
    m_brackets.push_back({.node = int(m_nodes.size()), .delimiter = m_lastDelimiter, .tag = kind});
    add(Node::Kind::TagOpen, m_at, end);
    m_at = end;
    return true;
}

bool InlineParser::takeClosingTag(InlineRun::Kind kind, std::size_t end)
{
    if (openTags(kind) == 0)
        return false;
    std::size_t index = m_brackets.size() - 1;
    while (m_brackets[index].tag != kind)
        --index;
    m_scanned += qint64(m_brackets.size() - index);
    const Bracket bracket = m_brackets[index];
    keepBrackets(index);
    matchDelimiters(bracket.delimiter);
    dropDelimiters(bracket.delimiter);
    const int span = int(m_spans.size());
    m_spans.push_back({.kind = kind});
    m_nodes[std::size_t(bracket.node)].opens = span;
    add(Node::Kind::TagClose, m_at, end).closes = span;
    m_at = end;
    return true;
}

/// How many tags are open that mean `kind`.
int &InlineParser::openTags(InlineRun::Kind kind)
{
    if (kind == InlineRun::Kind::Subscript)
        return m_openTags[0];
    return m_openTags[kind == InlineRun::Kind::Superscript ? 1 : 2];
}

/// "<https://…" that goes on, shown as a link already, or the beginning of that or of a tag, held back.
bool InlineParser::takeOpenAutolink()
{
    const std::string_view rest = m_content.substr(m_at + 1);
    if (m_options.tags && touchesEnd(m_content.size()) && mayBecomeTag(m_content.substr(m_at))) {
        m_at = m_content.size();
        return true;
    }
    if (m_rawEnd != m_content.size() || rest.size() > longestLinkPreview
        || std::ranges::any_of(rest, [](char c) { return isSpace(c) || c == '<' || c == '>'; }))
        return false;
    constexpr std::array<std::string_view, 3> schemes{"https://", "http://", "mailto:"};
    const auto fits = [rest](std::string_view scheme) {
        return scheme.starts_with(rest.substr(0, scheme.size()));
    };
    if (std::ranges::none_of(schemes, fits))
        return false;
    m_blocked = true;
    const bool hasScheme =
        std::ranges::any_of(schemes, [rest](std::string_view scheme) { return rest.starts_with(scheme); });
    if (hasScheme) {
        add(Node::Kind::Autolink, m_at + 1, m_content.size()).link = int(m_links.size());
        m_links.push_back({});
    }
    m_at = m_content.size();
    return true;
}

/// What follows from the "$" here on: a formula, or text.
void InlineParser::takeDollar()
{
    const std::size_t length = runLength(m_content, m_at);
    const std::size_t begin = m_at + length;
    if (touchesEnd(begin)) {
        m_at = begin;
        return; // it may still grow
    }
    if (length == 2 && takeFormula("$$", true))
        return;
    const std::size_t end = length == 1 ? closingDollar(begin) : npos;
    if (end != npos) {
        add(Node::Kind::Math, begin, end);
        m_at = end + 1;
        return;
    }
    addText(m_at, begin);
    m_at = begin;
}

/// Where the "$" is that ends the formula which begins at `from`: no space stands within the dollars and no
/// digit behind them, so that prices are npos. Code is never part of it.
std::size_t InlineParser::closingDollar(std::size_t from)
{
    std::size_t &noEnd = m_noMathEnd[0];
    if (from < noEnd || from >= m_content.size() || isSpace(m_content[from]))
        return npos;
    for (std::size_t at = from; at < m_content.size(); ++at) {
        const char c = m_content[at];
        if (c == '`') {
            noEnd = at;
            return npos;
        }
        if (c == '\\') {
            ++at;
        } else if (c == '$') {
            if (touchesEnd(at + 1))
                break; // what follows decides
            const bool ends = at > from && !isSpace(m_content[at - 1])
                && (at + 1 == m_content.size() || (!isDigit(m_content[at + 1]) && m_content[at + 1] != '$'));
            if (ends)
                return at;
        }
    }
    noEnd = m_content.size();
    m_blocked = true;
    return npos;
}

/// A formula that begins with two characters here and ends with `ending`.
bool InlineParser::takeFormula(std::string_view ending, bool display)
{
    const std::size_t begin = m_at + 2;
    std::size_t &noEnd = m_noMathEnd[ending.back() == ')' ? 1 : ending.back() == ']' ? 2 : 3];
    if (begin < noEnd)
        return false;
    std::size_t end = begin;
    while (end < m_content.size() && !m_content.substr(end).starts_with(ending))
        end += m_content[end] == '\\' ? 2 : 1;
    const bool closed = end < m_content.size();
    if (!closed) {
        m_blocked = true;
        noEnd = m_content.size();
        if (!m_open || m_content.size() - begin > longestOpenStretch)
            return false;
        noEnd = 0;
        end = m_content.size();
        while (touchesEnd(m_content.size()) && end > begin && m_content[end - 1] == ending.front())
            --end;
    }
    const std::string_view tex = m_content.substr(begin, end - begin);
    if (closed && trimmed(tex).empty())
        return false;
    m_at = closed ? end + ending.size() : m_content.size();
    const std::size_t front = begin + std::size_t(trimmed(tex).data() - tex.data());
    if (!trimmed(tex).empty()) {
        // Formulas are drawn when they are complete; until then the source is shown.
        const Node::Kind kind = display ? Node::Kind::DisplayMath : Node::Kind::Math;
        add(closed ? kind : Node::Kind::Code, front, front + trimmed(tex).size());
    }
    return true;
}

} // namespace rivulet::markdown
