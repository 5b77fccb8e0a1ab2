// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/inlineparser.h"

#include "models/markdown/characters.h"
#include "models/markdown/entities.h"
#include "models/markdown/htmlsyntax.h"

#include <algorithm>

namespace rivulet::markdown {

namespace {

/// Beyond this many bytes of unfinished markup an open leaf is shown in pieces that are not looked at again.
constexpr std::size_t longestOpenStretch = 2048;
/// An open leaf's plain text is taken in steps of about this many bytes.
constexpr std::size_t longestOpenText = 1024;
/// A "[" is shown as the beginning of a link for at most this many bytes.
constexpr std::size_t longestLinkPreview = 256;
constexpr std::size_t none = std::string_view::npos;

constexpr auto specialCharacters = [] {
    std::array<bool, 256> special{};
    for (const char c : {'\n', '\\', '&', '`', '<', '*', '_', '[', ']', '!'})
        special[static_cast<unsigned char>(c)] = true;
    return special;
}();

bool isSpecial(char c)
{
    return specialCharacters[static_cast<unsigned char>(c)];
}

quint16 styleOf(InlineRun::Kind kind)
{
    switch (kind) {
    case InlineRun::Kind::Emphasis:
        return InlineRun::Emphasis;
    case InlineRun::Kind::Strong:
        return InlineRun::Strong;
    case InlineRun::Kind::Strike:
        return InlineRun::Strike;
    case InlineRun::Kind::Code:
        return InlineRun::Code;
    case InlineRun::Kind::Link:
        return InlineRun::Link;
    case InlineRun::Kind::Image:
        return InlineRun::Image;
    case InlineRun::Kind::Html:
    case InlineRun::Kind::SoftBreak:
    case InlineRun::Kind::HardBreak:
        break;
    }
    return 0;
}

InlineRun::Kind spanKind(char delimiter, int count)
{
    if (delimiter == '~')
        return InlineRun::Kind::Strike;
    return count == 2 ? InlineRun::Kind::Strong : InlineRun::Kind::Emphasis;
}

std::size_t runLength(std::string_view text, std::size_t at)
{
    return std::min(text.find_first_not_of(text[at], at), text.size()) - at;
}

/// Which of the searches for openers that failed tell about this closer, too.
std::size_t openersBottomIndex(char delimiter, bool canOpen, int length)
{
    if (delimiter == '~')
        return 12 + std::size_t(length % 2);
    return (delimiter == '_' ? 6U : 0U) + (canOpen ? 3U : 0U) + std::size_t(length % 3);
}

} // namespace

void InlineParser::parseClosed(std::string_view content, InlineProgress &progress, Inlines out)
{
    if (progress.forced)
        progress = {};
    begin(content, false, progress, out);
    scan(progress, out);
    matchDelimiters(-1);
    moveOn(m_content.size(), progress, out);
}

void InlineParser::parseOpen(std::string_view content, InlineProgress &progress, Inlines out)
{
    begin(wholeCharacters(content), true, progress, out);
    scan(progress, out);
    matchDelimiters(-1);
    closeWhatIsOpen();
    emitNodes(out);
}

void InlineParser::begin(std::string_view content, bool open, InlineProgress &progress, Inlines &out)
{
    out.text.truncate(progress.text);
    out.runs.resize(progress.runs);
    out.unresolved.resize(progress.unresolved);
    m_open = open;
    m_rawEnd = content.size();
    m_content = trimmedEnd(content);
    m_at = progress.source;
    m_openRuns.clear();
    m_imageDepth = 0;
    m_noHtmlEnd.fill(none);
    m_backticks.clear();
    m_backticksSeen = false;
    m_autolinkSearched = !m_options.autolinks;
    m_autolink.reset();
    m_blocked = false;
    m_scanned += qint64(content.size() - std::min(m_at, content.size()));
    reset();
}

void InlineParser::reset()
{
    m_nodes.clear();
    m_spans.clear();
    m_links.clear();
    m_brackets.clear();
    m_lastDelimiter = -1;
    m_matchedUpTo = 0;
    m_openersBottom.fill(-1);
}

void InlineParser::scan(InlineProgress &progress, Inlines &out)
{
    while (m_at < m_content.size()) {
        if (m_open && m_at - progress.source > longestOpenStretch) {
            progress.forced = true;
            matchDelimiters(-1);
            moveOn(m_at, progress, out);
            m_blocked = false;
        }
        findExtendedAutolink();
        if (m_autolink && m_autolink->begin == m_at) {
            takeExtendedAutolink(progress, out);
            continue;
        }
        switch (const char c = m_content[m_at]; c) {
        case '\n':
            takeLineEnd(progress, out);
            break;
        case '\\':
            takeBackslash();
            break;
        case '&':
            takeEntity();
            break;
        case '`':
            takeCode();
            break;
        case '<':
            takeAngle();
            break;
        case '*':
        case '_':
            takeDelimiters(c);
            break;
        case '~':
            if (m_options.strikethrough)
                takeDelimiters(c);
            else
                takeText(progress, out);
            break;
        case '[':
            takeOpeningBracket(false);
            break;
        case ']':
            takeClosingBracket(out);
            break;
        case '!':
            if (m_at + 1 < m_content.size() && m_content[m_at + 1] == '[')
                takeOpeningBracket(true);
            else
                takeText(progress, out);
            break;
        default:
            takeText(progress, out);
        }
    }
}

InlineParser::Node &InlineParser::add(Node::Kind kind, std::size_t begin, std::size_t end)
{
    Node &node = m_nodes.emplace_back();
    node.kind = kind;
    node.begin = begin;
    node.end = end;
    return node;
}

void InlineParser::addText(std::size_t begin, std::size_t end)
{
    if (!m_nodes.empty() && m_nodes.back().kind == Node::Kind::Text && m_nodes.back().end == begin)
        m_nodes.back().end = end;
    else
        add(Node::Kind::Text, begin, end);
}

void InlineParser::takeText(InlineProgress &progress, Inlines &out)
{
    const std::size_t begin = m_at;
    std::size_t stop = m_autolink && m_autolink->begin > begin ? m_autolink->begin : m_content.size();
    if (m_open)
        stop = std::min(stop, begin + longestOpenText);
    std::size_t end = begin + 1;
    while (end < stop && !isSpecial(m_content[end]) && !(m_content[end] == '~' && m_options.strikethrough))
        ++end;
    while (end < m_content.size() && isContinuation(m_content[end]))
        ++end;
    addText(begin, end);
    m_at = end;
    if (!m_open)
        return;

    // The last place in this text that follows a space: safe if nothing before it can still change.
    const bool spaceBeforeMore =
        isBlank(m_content[end - 1]) && end < m_content.size() && !isSpace(m_content[end]);
    std::size_t safe = spaceBeforeMore ? end : none;
    for (std::size_t at = end - 1; safe == none && at > begin; --at) {
        if (isBlank(m_content[at - 1]) && !isBlank(m_content[at]))
            safe = at;
    }
    if (safe != none && isSettled())
        moveOn(safe, progress, out);
}

/// Emits everything before `to`, which lies in the last text, for good.
void InlineParser::moveOn(std::size_t to, InlineProgress &progress, Inlines &out)
{
    const std::size_t end = m_at;
    if (to < end) {
        m_nodes.back().end = to;
        if (m_nodes.back().begin == to)
            m_nodes.pop_back();
    }
    emitNodes(out);
    progress.source = to;
    progress.text = out.text.size();
    progress.runs = out.runs.size();
    progress.unresolved = out.unresolved.size();
    reset();
    if (to < end)
        addText(to, end);
}

void InlineParser::takeLineEnd(InlineProgress &progress, Inlines &out)
{
    std::size_t spaces = 0;
    if (!m_nodes.empty() && m_nodes.back().kind == Node::Kind::Text && m_nodes.back().end == m_at) {
        Node &text = m_nodes.back();
        while (text.end > text.begin && m_content[text.end - 1] == ' ') {
            --text.end;
            ++spaces;
        }
    }
    add(spaces >= 2 ? Node::Kind::Hard : Node::Kind::Soft, m_at, m_at + 1);
    ++m_at;
    if (m_open && isSettled())
        moveOn(m_at, progress, out);
}

/// Whether nothing of what was taken can change any more, whatever follows.
bool InlineParser::isSettled()
{
    if (m_blocked || !m_brackets.empty())
        return false;
    matchDelimiters(-1);
    return m_lastDelimiter < 0;
}

void InlineParser::takeBackslash()
{
    const std::size_t next = m_at + 1;
    if (touchesEnd(next)) {
        m_at = next;
    } else if (next < m_content.size() && m_content[next] == '\n') {
        add(Node::Kind::Hard, m_at, next + 1);
        m_at = next + 1;
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
    if (length < m_backticks.size() && m_backticks[length] != none && m_backticks[length] < from
        && m_backticksSeen)
        return none;
    if (m_backticksSeen && (length >= m_backticks.size() || m_backticks[length] == none))
        return none;
    std::size_t at = from;
    while ((at = m_content.find('`', at)) != none) {
        const std::size_t run = runLength(m_content, at);
        if (touchesEnd(at + run))
            break; // it may still grow
        if (run >= m_backticks.size())
            m_backticks.resize(run + 1, none);
        if (m_backticks[run] == none || m_backticks[run] < at)
            m_backticks[run] = at;
        if (run == length)
            return at;
        at += run;
    }
    m_backticksSeen = true;
    return none;
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
    const bool closed = end != none;
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
    const bool blank = code.find_first_not_of(" \n") == none;
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

void InlineParser::takeDelimiters(char delimiter)
{
    const std::size_t length = runLength(m_content, m_at);
    const std::size_t begin = m_at;
    const std::size_t end = begin + length;
    m_at = end;
    if (touchesEnd(end))
        return; // it may still grow
    const CharacterClass before = classBefore(m_content, begin);
    const CharacterClass after = classAt(m_content, end);
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
    if (!m_open || !bracket.active || begin >= end || end - begin > longestLinkPreview)
        return false;
    const char first = m_content[begin];
    return bracket.image
        || (!isSpace(first) && !isDigit(first) && first != '^' && m_content.substr(begin, 2) != "x]");
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
    const Bracket bracket = m_brackets.back();
    m_brackets.pop_back();
    if (!bracket.active) {
        addText(at, behind);
        return;
    }
    if (behind < m_content.size() && m_content[behind] == '(') {
        LinkTail tail = scanLinkTail(m_content, behind);
        if (tail.match == Match::Yes) {
            closeBracket(bracket, std::move(tail.target), tail.end);
            return;
        }
        m_blocked |= tail.match == Match::Unfinished;
        if (tail.match == Match::Unfinished && looksLikeLink(bracket, at)
            && m_content.size() - behind <= longestOpenStretch) {
            closeBracket(bracket, {}, m_content.size());
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
    if (const QString normalized = normalizedLabel(label); !normalized.isEmpty()) {
        if (const auto definition = m_definitions.constFind(normalized); definition != m_definitions.cend()) {
            closeBracket(bracket, *definition, end);
            return;
        }
        out.unresolved.append(normalized);
    }
    if (unfinished && looksLikeLink(bracket, at) && m_content.size() - behind <= longestLinkPreview) {
        closeBracket(bracket, {}, m_content.size());
        return;
    }
    addText(at, behind);
}

void InlineParser::closeBracket(const Bracket &bracket, LinkTarget target, std::size_t end)
{
    matchDelimiters(bracket.delimiter);
    while (m_lastDelimiter > bracket.delimiter)
        unlink(m_lastDelimiter);

    Node &opener = m_nodes[std::size_t(bracket.node)];
    opener.kind = Node::Kind::LinkOpen;
    opener.link = int(m_links.size());
    m_links.push_back({bracket.image, std::move(target)});
    add(Node::Kind::LinkClose, m_at - 1, end);
    m_at = end;
    if (bracket.image)
        return;
    for (auto outer = m_brackets.rbegin(); outer != m_brackets.rend(); ++outer) {
        if (outer->image)
            continue;
        if (!outer->active)
            break;
        outer->active = false;
    }
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
        const std::size_t behind = m_autolink->end;
        m_autolink = nextExtendedAutolink(m_content, behind);
        return;
    }
    add(Node::Kind::Autolink, m_autolink->begin, m_autolink->end).link = int(m_links.size());
    m_links.push_back({false, {m_autolink->url, {}}});
    m_at = m_autolink->end;
}

// Emphasis.

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
    std::array<int, 16> localBottom{};
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
    if (!m_brackets.empty() && looksLikeLink(m_brackets.back(), m_content.size())
        && nothingEndsBehind(m_brackets.back().node)) {
        Node &opener = m_nodes[std::size_t(m_brackets.back().node)];
        opener.kind = Node::Kind::LinkOpen;
        opener.link = int(m_links.size());
        m_links.push_back({m_brackets.back().image, {}});
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

// From nodes to text and runs.

void InlineParser::emitNodes(Inlines &out)
{
    for (const Node &node : m_nodes)
        emitNode(node, out);
    while (!m_openRuns.empty())
        closeRun(out);
    m_imageDepth = 0;
}

void InlineParser::emitNode(const Node &node, Inlines &out)
{
    const std::string_view source = m_content.substr(node.begin, node.end - node.begin);
    switch (node.kind) {
    case Node::Kind::Text:
    case Node::Kind::Bracket:
        appendText(out.text, source);
        break;
    case Node::Kind::Points:
        for (const char32_t point : node.points) {
            if (point != 0)
                appendCodePoint(out.text, point);
        }
        break;
    case Node::Kind::Delimiters:
        for (int span = node.closes; span >= 0; span = m_spans[std::size_t(span)].nextClose)
            closeRun(out);
        appendText(out.text, source.substr(0, std::size_t(node.left)));
        for (int span = node.opens; span >= 0; span = m_spans[std::size_t(span)].nextOpen)
            openRun(m_spans[std::size_t(span)].kind, nullptr, out);
        break;
    case Node::Kind::LinkOpen: {
        const Link &link = m_links[std::size_t(node.link)];
        openRun(link.image ? InlineRun::Kind::Image : InlineRun::Kind::Link, &link, out);
        m_imageDepth += link.image ? 1 : 0;
        break;
    }
    case Node::Kind::LinkClose:
        closeRun(out);
        break;
    case Node::Kind::Code: {
        openRun(InlineRun::Kind::Code, nullptr, out);
        const qsizetype begin = out.text.size();
        appendText(out.text, source);
        std::replace(out.text.begin() + begin, out.text.end(), QChar(u'\n'), QChar(u' '));
        closeRun(out);
        break;
    }
    case Node::Kind::Html:
        openRun(InlineRun::Kind::Html, nullptr, out);
        appendText(out.text, source);
        closeRun(out);
        break;
    case Node::Kind::Autolink:
        openRun(InlineRun::Kind::Link, &m_links[std::size_t(node.link)], out);
        appendText(out.text, source);
        closeRun(out);
        break;
    case Node::Kind::Soft:
        openRun(InlineRun::Kind::SoftBreak, nullptr, out);
        out.text.append(u' ');
        closeRun(out);
        break;
    case Node::Kind::Hard:
        openRun(InlineRun::Kind::HardBreak, nullptr, out);
        out.text.append(QChar::LineSeparator);
        closeRun(out);
        break;
    }
}

void InlineParser::openRun(InlineRun::Kind kind, const Link *link, Inlines &out)
{
    if (m_imageDepth > 0) {
        m_openRuns.push_back(-1);
        return;
    }
    InlineRun run;
    run.begin = out.text.size();
    run.kind = kind;
    run.depth = quint16(m_openRuns.size());
    run.style = styleOf(kind);
    if (!m_openRuns.empty()) {
        const InlineRun &outer = out.runs[m_openRuns.back()];
        run.style |= outer.style;
        run.target = outer.target;
    }
    if (link) {
        run.target = link->target.url;
        run.title = link->target.title;
    }
    m_openRuns.push_back(out.runs.size());
    out.runs.append(std::move(run));
}

void InlineParser::closeRun(Inlines &out)
{
    const qsizetype index = m_openRuns.back();
    m_openRuns.pop_back();
    if (index < 0)
        return;
    InlineRun &run = out.runs[index];
    run.length = out.text.size() - run.begin;
    if (run.kind == InlineRun::Kind::Image)
        m_imageDepth = 0;
}

} // namespace rivulet::markdown
