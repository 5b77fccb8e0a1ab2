// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/inlineparser.h"

#include "models/markdown/characters.h"

#include <algorithm>

namespace rivulet::markdown {

void InlineParser::takeOpeningBracket(bool image)
{
    const std::size_t end = m_at + (image ? 2 : 1);
    if (touchesEnd(end)) {
        m_at = end;
        return;
    }
    if (!m_brackets.empty())
        m_brackets.back().bracketInside = true;
    m_brackets.push_back({.node = int(m_nodes.size()), .delimiter = m_lastDelimiter, .image = image});
    add(Node::Kind::Bracket, m_at, end);
    m_at = end;
}

bool InlineParser::looksLikeLink(const Bracket &bracket, std::size_t end) const
{
    const std::size_t begin = m_nodes[std::size_t(bracket.node)].end;
    if (!m_open || begin >= end || end - begin > longestLinkPreview)
        return false;
    // What brackets mostly hold besides: numbers, boxes, JSON.
    const char first = m_content[begin];
    const bool beginsText = isLetter(first) || static_cast<unsigned char>(first) >= 0x80
        || std::string_view("*_`!<").find(first) != npos;
    return bracket.image || (beginsText && m_content.substr(begin, 2) != "x]");
}

void InlineParser::takeClosingBracket(Inlines &out)
{
    const std::size_t at = m_at;
    const std::size_t behind = at + 1;
    m_at = behind;
    if (m_brackets.empty()) {
        addText(at, behind);
        return;
    }
    std::size_t index = m_brackets.size() - 1;
    while (index > 0 && m_brackets[index].tag)
        --index;
    m_scanned += qint64(m_brackets.size() - index);
    const Bracket bracket = m_brackets[index];
    if (bracket.tag) {
        addText(at, behind);
        return;
    }
    if (index < m_inactiveBrackets && !bracket.image) {
        dropBracket(index);
        addText(at, behind);
        return;
    }
    if (behind < m_content.size() && m_content[behind] == '(') {
        LinkTail tail = scanLinkTail(m_content, behind);
        if (tail.match == Match::Yes) {
            closeBracket(index, std::move(tail.target), tail.end);
            return;
        }
        m_blocked |= tail.match == Match::Unfinished;
        if (tail.match == Match::Unfinished && looksLikeLink(bracket, at)
            && m_content.size() - behind <= longestOpenStretch) {
            closeBracket(index, {}, m_content.size());
            return;
        }
    }

    const std::size_t begin = m_nodes[std::size_t(bracket.node)].end;
    std::string_view label;
    std::size_t end = behind;
    bool found = false;
    bool unfinished = touchesEnd(behind);
    if (behind < m_content.size() && m_content[behind] == '[') {
        const LinkPart part = scanLinkLabel(m_content, behind);
        unfinished = part.match == Match::Unfinished;
        m_blocked |= unfinished;
        found = part.match == Match::Yes;
        label = part.text;
        end = found ? part.end : behind;
    }
    if ((!found || label.empty()) && !bracket.bracketInside)
        label = m_content.substr(begin, at - begin);
    const bool namesFootnote = m_options.footnotes && label.starts_with('^');
    if (const QString normalized = normalizedLabel(label); !normalized.isEmpty()) {
        const auto definition = m_definitions.constFind(normalized);
        if (definition == m_definitions.cend()) {
            out.unresolved.append(normalized);
        } else if (!namesFootnote) {
            closeBracket(index, *definition, end);
            return;
        }
    }
    if (m_options.footnotes && takeFootnote(bracket, at)) {
        keepBrackets(index);
        return;
    }
    if (unfinished && looksLikeLink(bracket, at) && m_content.size() - behind <= longestLinkPreview) {
        closeBracket(index, {}, m_content.size());
        return;
    }
    dropBracket(index);
    addText(at, behind);
}

/// "[^label]" of a footnote that is known, whose "]" is at `at`.
bool InlineParser::takeFootnote(const Bracket &bracket, std::size_t at)
{
    const std::size_t begin = m_nodes[std::size_t(bracket.node)].end;
    const std::string_view label = m_content.substr(begin, at - begin);
    if (label.size() < 2 || label.front() != '^' || label.find_first_of(" \t\n[") != npos)
        return false;
    const QString normalized = normalizedLabel(label);
    if (!m_definitions.contains(normalized))
        return false;
    dropDelimiters(bracket.delimiter);
    m_nodes.resize(std::size_t(bracket.node) + (bracket.image ? 1 : 0));
    if (bracket.image) {
        m_nodes.back().kind = Node::Kind::Text;
        --m_nodes.back().end;
    }
    add(Node::Kind::Footnote, begin + 1, at).link = int(m_links.size());
    m_links.push_back({false, {normalized.sliced(1), {}}});
    return true;
}

void InlineParser::dropDelimiters(int bottom)
{
    while (m_lastDelimiter > bottom)
        unlink(m_lastDelimiter);
}

void InlineParser::closeBracket(std::size_t index, LinkTarget target, std::size_t end)
{
    const Bracket bracket = m_brackets[index];
    keepBrackets(index);
    matchDelimiters(bracket.delimiter);
    dropDelimiters(bracket.delimiter);

    Node &opener = m_nodes[std::size_t(bracket.node)];
    opener.kind = Node::Kind::LinkOpen;
    opener.link = int(m_links.size());
    m_links.push_back({bracket.image, std::move(target)});
    add(Node::Kind::LinkClose, m_at - 1, end);
    m_at = end;
    if (!bracket.image)
        m_inactiveBrackets = m_brackets.size();
}

/// Takes one bracket out, behind which only tags are open.
void InlineParser::dropBracket(std::size_t index)
{
    m_brackets.erase(m_brackets.begin() + std::ptrdiff_t(index));
    m_inactiveBrackets -= index < m_inactiveBrackets ? 1 : 0;
}

/// Takes out all brackets and tags but the first `count`.
void InlineParser::keepBrackets(std::size_t count)
{
    for (std::size_t at = count; at < m_brackets.size(); ++at) {
        if (m_brackets[at].tag)
            --openTags(*m_brackets[at].tag);
    }
    m_brackets.resize(count);
    m_inactiveBrackets = std::min(m_inactiveBrackets, count);
}

void InlineParser::findExtendedAutolink()
{
    if (m_autolinkSearched && (!m_autolink || m_autolink->begin >= m_at))
        return;
    m_autolink = nextExtendedAutolink(m_content, m_at);
    m_autolinkSearched = true;
}

void InlineParser::takeExtendedAutolink(InlineProgress &progress, Inlines &out)
{
    if (m_open && m_autolink->end == m_content.size()
        && m_autolink->end - m_autolink->begin > longestOpenStretch) {
        // Too long to be shown anew with each delta.
        m_autolink = nextExtendedAutolink(m_content, m_autolink->end);
        progress.forced = true;
        takeText(progress, out);
        return;
    }
    if (!m_brackets.empty()) {
        // What stands in brackets is, or will be, the text of a link.
        m_autolink = nextExtendedAutolink(m_content, m_autolink->resume);
        return;
    }
    add(Node::Kind::Autolink, m_autolink->begin, m_autolink->end).link = int(m_links.size());
    m_links.push_back({false, {m_autolink->url, {}}});
    m_at = m_autolink->end;
}

} // namespace rivulet::markdown
