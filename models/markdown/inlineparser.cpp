// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/inlineparser.h"

#include "models/markdown/characters.h"
#include "models/markdown/charscan.h"

#include <algorithm>

namespace rivulet::markdown {

namespace {

/// An open leaf's plain text is taken in steps of about this many bytes.
constexpr std::size_t longestOpenText = 1024;

} // namespace

void InlineParser::parseClosed(std::string_view content, InlineProgress &progress, Inlines out)
{
    if (progress.forced)
        progress = {};
    begin(content, false, progress, out);
    if (nextSpecial(m_content, m_at, m_content.size()) == m_content.size() && m_autolinkSearched) {
        appendText(out.text, m_content.substr(std::min(m_at, m_content.size())));
        return; // it is text alone
    }
    scan(progress, out);
    matchDelimiters(-1);
    moveOn(m_content.size(), progress, out);
}

void InlineParser::parseOpen(std::string_view content, InlineProgress &progress, Inlines out)
{
    content = wholeCharacters(content);
    if (progress.plain && extendPlain(content, progress, out))
        return;
    begin(content, true, progress, out);
    scan(progress, out);
    matchDelimiters(-1);
    const bool isText = m_nodes.size() == 1 && m_nodes.front().kind == Node::Kind::Text
        && m_nodes.front().begin == progress.source && m_nodes.front().end == m_content.size();
    const bool mayBecomeLink = m_options.autolinks
        && nextAutolinkMark(m_content, std::min(progress.source, m_content.size())) != npos;
    progress.plain = isText && !m_blocked && !mayBecomeLink;
    progress.shown = m_content.size();
    closeWhatIsOpen();
    emitNodes(out);
}

/// Where nothing but text came behind text that was shown as it was written, it is shown as well.
bool InlineParser::extendPlain(std::string_view content, InlineProgress &progress, Inlines &out)
{
    // What is shown holds no autolink, but the beginning of one may end there.
    const std::size_t from =
        std::max(progress.source, progress.shown - std::min<std::size_t>(progress.shown, 3));
    if (nextSpecial(content, progress.shown, content.size()) < content.size()
        || (m_options.autolinks && nextAutolinkMark(content, from) != npos))
        return false;
    m_scanned += qint64(content.size() - from);
    const std::size_t end = trimmedEnd(content).size();
    if (end <= progress.shown)
        return end == progress.shown;
    // The last word begins where nothing can change any more.
    std::size_t word = end - 1;
    while (word > progress.shown && !isBlank(content[word - 1]))
        --word;
    if (word > progress.shown) {
        appendText(out.text, content.substr(progress.shown, word - progress.shown));
        progress.shown = progress.source = word;
        progress.text = out.text.size();
    }
    appendText(out.text, content.substr(progress.shown, end - progress.shown));
    progress.shown = end;
    if (end - progress.source > longestOpenStretch) {
        progress.forced = true;
        progress.source = end;
        progress.text = out.text.size();
    }
    return true;
}

void InlineParser::begin(std::string_view content, bool open, InlineProgress &progress, Inlines &out)
{
    if (!open && progress.text == 0)
        out.text.reserve(qsizetype(content.size()));
    out.text.truncate(progress.text);
    if (out.runs.size() > progress.runs)
        out.runs.resize(progress.runs);
    if (out.unresolved.size() > progress.unresolved)
        out.unresolved.resize(progress.unresolved);
    m_open = open;
    m_rawEnd = content.size();
    m_content = trimmedEnd(content);
    m_at = progress.source;
    m_openRuns.clear();
    m_imageDepth = 0;
    m_noHtmlEnd.fill(npos);
    m_noMathEnd.fill(0);
    m_backticks.clear();
    m_backticksSeen = false;
    m_autolinkSearched = !m_options.autolinks || nextAutolinkMark(m_content, m_at) == npos;
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
    m_inactiveBrackets = 0;
    m_openTags.fill(0);
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
        case '$':
            if (m_options.math)
                takeDollar();
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
    std::size_t end = nextSpecial(m_content, begin + 1, std::max(stop, begin + 1));
    while (end < m_content.size() && isContinuation(m_content[end]))
        ++end;
    addText(begin, end);
    m_at = end;
    if (!m_open)
        return;

    // The last place in this text that follows a space: safe if nothing before it can still change.
    const bool spaceBeforeMore =
        isBlank(m_content[end - 1]) && end < m_content.size() && !isSpace(m_content[end]);
    std::size_t safe = spaceBeforeMore ? end : npos;
    for (std::size_t at = end - 1; safe == npos && at > begin; --at) {
        if (isBlank(m_content[at - 1]) && !isBlank(m_content[at]))
            safe = at;
    }
    if (safe != npos && isSettled())
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

} // namespace rivulet::markdown
