// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/inlineparser.h"

#include "models/markdown/characters.h"

#include <algorithm>

namespace rivulet::markdown {

namespace {

InlineRun::Kind spanKind(char delimiter, int count)
{
    if (delimiter == '~')
        return InlineRun::Kind::Strike;
    return count == 2 ? InlineRun::Kind::Strong : InlineRun::Kind::Emphasis;
}

/// Which of the searches for openers that failed tell about this closer, too.
std::size_t openersBottomIndex(char delimiter, bool canOpen, int length)
{
    if (delimiter == '~')
        return 12 + std::size_t(length % 2);
    return (delimiter == '_' ? 6U : 0U) + (canOpen ? 3U : 0U) + std::size_t(length % 3);
}

} // namespace

void InlineParser::takeDelimiters(char delimiter)
{
    const std::size_t length = runLength(m_content, m_at);
    const std::size_t begin = m_at;
    const std::size_t end = begin + length;
    m_at = end;
    if (touchesEnd(end))
        return; // it may still grow
    // Tildes are looked through, so that emphasis begins and ends at once within and around strikethrough.
    std::size_t left = begin;
    std::size_t right = end;
    while (m_options.strikethrough && left > 0 && m_content[left - 1] == '~')
        --left;
    while (m_options.strikethrough && right < m_content.size() && m_content[right] == '~')
        ++right;
    const CharacterClass before = classBefore(m_content, left);
    const CharacterClass after = classAt(m_content, right);
    const bool leftFlanking = after != CharacterClass::Space
        && (after != CharacterClass::Punctuation || before != CharacterClass::Other);
    const bool rightFlanking = before != CharacterClass::Space
        && (before != CharacterClass::Punctuation || after != CharacterClass::Other);
    const bool intraword = delimiter == '_';
    const bool canOpen =
        leftFlanking && (!intraword || !rightFlanking || before == CharacterClass::Punctuation);
    const bool canClose =
        rightFlanking && (!intraword || !leftFlanking || after == CharacterClass::Punctuation);
    if ((!canOpen && !canClose) || (delimiter == '~' && length > 2)) {
        addText(begin, end);
        return;
    }
    const int index = int(m_nodes.size());
    Node &node = add(Node::Kind::Delimiters, begin, end);
    node.delimiter = delimiter;
    node.canOpen = canOpen;
    node.canClose = canClose;
    node.length = node.left = int(length);
    node.previous = m_lastDelimiter;
    if (m_lastDelimiter >= 0)
        m_nodes[std::size_t(m_lastDelimiter)].next = index;
    m_lastDelimiter = index;
}

void InlineParser::unlink(int delimiter)
{
    const Node &node = m_nodes[std::size_t(delimiter)];
    if (node.previous >= 0)
        m_nodes[std::size_t(node.previous)].next = node.next;
    if (node.next >= 0)
        m_nodes[std::size_t(node.next)].previous = node.previous;
    else
        m_lastDelimiter = node.previous;
}

/// Matches the delimiter runs behind `bottom`; those behind -1 can be matched in several goes.
void InlineParser::matchDelimiters(int bottom)
{
    if (m_lastDelimiter <= bottom)
        return;
    std::array<int, 16> localBottom; // NOLINT(cppcoreguidelines-pro-type-member-init): filled at once
    localBottom.fill(bottom);
    std::array<int, 16> &openersBottom = bottom < 0 && m_brackets.empty() ? m_openersBottom : localBottom;

    const int first = bottom < 0 && m_brackets.empty() ? m_matchedUpTo - 1 : bottom;
    int closer = -1;
    for (int at = m_lastDelimiter; at > first; at = m_nodes[std::size_t(at)].previous)
        closer = at;
    while (closer >= 0) {
        Node &closing = m_nodes[std::size_t(closer)];
        if (!closing.canClose) {
            closer = closing.next;
            continue;
        }
        int &lowest = openersBottom[openersBottomIndex(closing.delimiter, closing.canOpen, closing.length)];
        int opener = closing.previous;
        const auto matches = [&closing](const Node &opening) {
            if (opening.delimiter != closing.delimiter || !opening.canOpen)
                return false;
            if (closing.delimiter == '~')
                return opening.length == closing.length;
            return !(closing.canOpen || opening.canClose) || closing.length % 3 == 0
                || (opening.length + closing.length) % 3 != 0;
        };
        while (opener > bottom && opener > lowest && !matches(m_nodes[std::size_t(opener)]))
            opener = m_nodes[std::size_t(opener)].previous;
        if (opener > bottom && opener > lowest) {
            const Node &opening = m_nodes[std::size_t(opener)];
            const int count = closing.delimiter == '~'   ? closing.length
                : opening.left >= 2 && closing.left >= 2 ? 2
                                                         : 1;
            matchPair(opener, closer, count);
            if (closing.left == 0) {
                const int next = closing.next;
                unlink(closer);
                closer = next;
            }
        } else {
            lowest = closing.previous;
            const int next = closing.next;
            if (!closing.canOpen)
                unlink(closer);
            closer = next;
        }
    }
    if (bottom < 0 && m_brackets.empty())
        m_matchedUpTo = int(m_nodes.size());
}

void InlineParser::matchPair(int opener, int closer, int count)
{
    while (m_nodes[std::size_t(closer)].previous != opener)
        unlink(m_nodes[std::size_t(closer)].previous);
    Node &opening = m_nodes[std::size_t(opener)];
    Node &closing = m_nodes[std::size_t(closer)];
    const int span = int(m_spans.size());
    m_spans.push_back({.kind = spanKind(closing.delimiter, count), .nextOpen = opening.opens});
    opening.opens = span;
    if (closing.closes < 0)
        closing.closes = span;
    else
        m_spans[std::size_t(closing.lastClose)].nextClose = span;
    closing.lastClose = span;
    opening.left -= count;
    closing.left -= count;
    if (opening.left == 0)
        unlink(opener);
}

/// Lets the emphasis and the link that are still open end with the content; emitNodes() closes them.
void InlineParser::closeWhatIsOpen()
{
    for (int at = m_lastDelimiter; at >= 0; at = m_nodes[std::size_t(at)].previous) {
        Node &node = m_nodes[std::size_t(at)];
        if (!node.canOpen || (node.left < 2 && node.delimiter != '*'))
            continue;
        while (node.left > 0) {
            const int count = node.left >= 2 ? 2 : 1;
            m_spans.push_back({.kind = spanKind(node.delimiter, count), .nextOpen = node.opens});
            node.opens = int(m_spans.size()) - 1;
            node.left -= count;
        }
    }
    if (m_brackets.empty() || !nothingEndsBehind(m_brackets.back().node))
        return;
    const Bracket &bracket = m_brackets.back();
    Node &opener = m_nodes[std::size_t(bracket.node)];
    if (bracket.tag) {
        opener.opens = int(m_spans.size());
        m_spans.push_back({.kind = *bracket.tag});
    } else if ((bracket.image || m_brackets.size() > m_inactiveBrackets)
               && looksLikeLink(bracket, m_content.size())) {
        opener.kind = Node::Kind::LinkOpen;
        opener.link = int(m_links.size());
        m_links.push_back({bracket.image, {}});
    }
}

/// Whether every span that ends behind `node` begins behind it, too.
bool InlineParser::nothingEndsBehind(int node) const
{
    int open = 0;
    for (auto at = std::size_t(node) + 1; at < m_nodes.size(); ++at) {
        for (int span = m_nodes[at].closes; span >= 0; span = m_spans[std::size_t(span)].nextClose)
            --open;
        if (open < 0)
            return false;
        for (int span = m_nodes[at].opens; span >= 0; span = m_spans[std::size_t(span)].nextOpen)
            ++open;
    }
    return true;
}

} // namespace rivulet::markdown
