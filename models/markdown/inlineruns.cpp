// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/inlineparser.h"

#include "models/markdown/characters.h"

#include <algorithm>

namespace rivulet::markdown {

namespace {

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
    case InlineRun::Kind::Math:
    case InlineRun::Kind::DisplayMath:
        return InlineRun::Math;
    case InlineRun::Kind::Subscript:
        return InlineRun::Subscript;
    case InlineRun::Kind::Superscript:
        return InlineRun::Superscript;
    case InlineRun::Kind::Keyboard:
        return InlineRun::Keyboard;
    case InlineRun::Kind::Footnote:
        return InlineRun::Footnote;
    case InlineRun::Kind::Html:
    case InlineRun::Kind::SoftBreak:
    case InlineRun::Kind::HardBreak:
        break;
    }
    return 0;
}

} // namespace

void InlineParser::emitNodes(Inlines &out)
{
    const auto standsForRun = [](const Node &node) {
        return node.kind > Node::Kind::LinkClose && node.kind != Node::Kind::TagClose;
    };
    const auto runs =
        std::ssize(m_spans) + std::ssize(m_links) + std::ranges::count_if(m_nodes, standsForRun);
    if (out.runs.isEmpty() && runs > 0)
        out.runs.reserve(runs);
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
    case Node::Kind::TagOpen:
        if (node.opens >= 0) {
            openRun(m_spans[std::size_t(node.opens)].kind, nullptr, out);
            break;
        }
        [[fallthrough]];
    case Node::Kind::Html:
        openRun(InlineRun::Kind::Html, nullptr, out);
        appendText(out.text, source);
        closeRun(out);
        break;
    case Node::Kind::LinkClose:
    case Node::Kind::TagClose:
        closeRun(out);
        break;
    case Node::Kind::Footnote:
        openRun(InlineRun::Kind::Footnote, &m_links[std::size_t(node.link)], out);
        appendText(out.text, source);
        closeRun(out);
        break;
    case Node::Kind::Code:
    case Node::Kind::Math:
    case Node::Kind::DisplayMath: {
        openRun(verbatimKind(node.kind), nullptr, out);
        const qsizetype begin = out.text.size();
        appendText(out.text, source);
        std::replace(out.text.begin() + begin, out.text.end(), QChar(u'\n'), QChar(u' '));
        closeRun(out);
        break;
    }
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

InlineRun::Kind InlineParser::verbatimKind(Node::Kind kind)
{
    if (kind == Node::Kind::Math)
        return InlineRun::Kind::Math;
    return kind == Node::Kind::DisplayMath ? InlineRun::Kind::DisplayMath : InlineRun::Kind::Code;
}

void InlineParser::openRun(InlineRun::Kind kind, const Link *link, Inlines &out)
{
    if (m_imageDepth > 0) {
        m_openRuns.push_back(-1);
        return;
    }
    InlineRun &run = out.runs.emplaceBack();
    run.begin = out.text.size();
    run.kind = kind;
    run.depth = quint16(m_openRuns.size());
    run.style = styleOf(kind);
    if (!m_openRuns.empty()) {
        const InlineRun &outer = out.runs[m_openRuns.back()];
        run.style |= outer.style;
        run.target = outer.target;
    }
    // A footnote in a link's text leads where the link does.
    const bool isInLink = kind == InlineRun::Kind::Footnote && (run.style & InlineRun::Link) != 0;
    if (link && !isInLink) {
        run.target = link->target.url;
        run.title = link->target.title;
    }
    m_openRuns.push_back(out.runs.size() - 1);
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
