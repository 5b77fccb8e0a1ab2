// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/blockparser.h"

#include "models/markdown/blocksyntax.h"
#include "models/markdown/characters.h"
#include "models/markdown/htmlsyntax.h"
#include "models/markdown/linecursor.h"
#include "models/markdown/table.h"

#include <algorithm>

namespace rivulet::markdown {

namespace {

/// Markers of containers beyond this depth are text, so that no line costs more than this.
constexpr std::ptrdiff_t deepestNesting = 64;
/// A formula that begins in a line of text has at most this many lines, so that the text behind two stray
/// dollars is not lost in it.
constexpr int longestProvisionalMath = 32;
/// A line of a table that leaves out cells ends it once a text's tables left out this many: each is made, so
/// that a short text could become a very large table.
constexpr qsizetype mostPaddedCells = 200'000;

/// One line on its way through the open blocks.
class LineParser
{
public:
    LineParser(const MarkdownOptions &options, BlockState &state, std::string_view line,
               std::string_view paragraph, bool partial)
        : m_options(options), m_state(state), m_cursor(line), m_paragraph(paragraph), m_partial(partial)
    {}

    Line run();

private:
    enum class Start { None, Container, Leaf };

    void matchContainers();
    bool matchLeaf();
    bool matchMath();
    [[nodiscard]] bool startsBlockInMath() const;
    bool takeTableLine();
    Start tryStart();
    Line held();
    bool tryQuote();
    bool tryHeading();
    bool tryFence();
    bool tryMath();
    Start tryDetails();
    bool tryDetailsEnd();
    bool trySummary();
    bool tryHtml();
    bool tryUnderline();
    bool tryRule();
    Start tryFootnote();
    Start tryItem();
    bool tryIndentedCode();
    bool tryColumns();
    void takeText();

    void closeUnmatched();
    Container &push(Container::Type type);
    void startLeaf(Leaf::Type type);
    void noteChild();
    bool hold()
    {
        m_line.action = Line::Action::Hold;
        return true;
    }
    void setText(std::size_t begin, std::string_view text, std::size_t padding = 0)
    {
        m_line.begin = begin;
        m_line.text = text;
        m_line.padding = padding;
    }

    [[nodiscard]] bool isDeepest() const
    {
        return std::ranges::count_if(m_state.chain,
                                     [](const Container &container) { return container.isShown(); })
            >= deepestNesting;
    }
    /// The open paragraph would take this line if it starts nothing.
    [[nodiscard]] bool isInParagraph() const
    {
        return m_leafMatched && m_state.leaf.type == Leaf::Type::Paragraph;
    }
    /// The same, also where the line is a lazy continuation.
    [[nodiscard]] bool couldContinueParagraph() const
    {
        return !m_closed && m_state.leaf.type == Leaf::Type::Paragraph;
    }

    const MarkdownOptions &m_options;
    BlockState &m_state;
    LineCursor m_cursor;
    std::string_view m_paragraph;
    bool m_partial;
    Line m_line;
    std::size_t m_matched = 1; ///< how many of the chain go on
    bool m_leafMatched = false;
    bool m_closed = false;  ///< what does not go on is closed
    bool m_started = false; ///< the line started a container
};

void LineParser::matchContainers()
{
    for (; m_matched < m_state.chain.size(); ++m_matched) {
        const Container &container = m_state.chain[m_matched];
        if (container.type == Container::Type::Quote) {
            if (m_cursor.isBlank() || m_cursor.isIndented() || m_cursor.front() != '>')
                return;
            m_cursor.skipToText();
            m_cursor.skipColumns(1);
            if (m_cursor.atSpace())
                m_cursor.skipColumns(1);
        } else if (container.type == Container::Type::Item) {
            if (m_cursor.isBlank()) {
                if (container.children == 0)
                    return;
                m_cursor.skipToText();
            } else if (m_cursor.indent() >= container.indent) {
                m_cursor.skipColumns(container.indent);
            } else {
                return;
            }
        } else if (container.type == Container::Type::Footnote) {
            if (m_cursor.isBlank())
                m_cursor.skipToText();
            else if (m_cursor.isIndented())
                m_cursor.skipColumns(codeIndent);
            else
                return;
        }
    }
}

/// Takes the line as one more of the open code or HTML, or its end. For a paragraph and a table it only says
/// that they may go on, unless something starts.
bool LineParser::matchLeaf()
{
    const Leaf &leaf = m_state.leaf;
    switch (leaf.type) {
    case Leaf::Type::Paragraph:
        m_leafMatched = !m_cursor.isBlank();
        return false;
    case Leaf::Type::Table:
        if (m_partial && !m_cursor.isBlank() && trimmedEnd(m_cursor.text()) == "|")
            return hold();
        m_leafMatched = !m_cursor.isBlank() && trimmedEnd(m_cursor.text()) != "|";
        return false;
    case Leaf::Type::Fence: {
        m_leafMatched = true;
        if (!m_cursor.isIndented() && !m_cursor.isBlank() && m_cursor.front() == leaf.fence) {
            const std::size_t length = countOf(m_cursor.text(), leaf.fence);
            const bool fenceOnly = trimmed(m_cursor.text().substr(length)).empty();
            if (m_partial && fenceOnly)
                return hold();
            if (fenceOnly && length >= leaf.fenceLength) {
                m_line.action = Line::Action::CloseFence;
                m_line.closesLeaf = true;
                m_state.leaf = {};
                m_state.blank = false;
                return true;
            }
        }
        if (m_partial && m_cursor.isBlank())
            return hold();
        m_cursor.skipColumns(std::min(leaf.fenceIndent, m_cursor.indent()));
        m_state.blank = false;
        break;
    }
    case Leaf::Type::IndentedCode:
        if (m_cursor.isBlank()) {
            if (m_partial)
                return hold();
            m_cursor.skipColumns(std::min(codeIndent, m_cursor.indent()));
            m_state.blank = true;
            m_state.blankQuote = 0;
        } else if (m_cursor.isIndented()) {
            m_cursor.skipColumns(codeIndent);
            m_state.blank = false;
        } else {
            return false;
        }
        m_leafMatched = true;
        break;
    case Leaf::Type::Html:
        if (m_cursor.isBlank()) {
            if (m_partial)
                return hold();
            if (leaf.html >= 6)
                return false;
        } else if (m_options.tags && leaf.html >= 6 && m_cursor.front() == '<') {
            if (isDetailsEnd(m_cursor.text()))
                return false;
            if (m_partial && endsInTagName(m_cursor.text()))
                return hold();
        }
        m_leafMatched = true;
        m_state.blank = m_cursor.isBlank();
        m_state.blankQuote = 0;
        break;
    case Leaf::Type::Math:
        return matchMath();
    case Leaf::Type::None:
    case Leaf::Type::Heading:
    case Leaf::Type::Summary:
    case Leaf::Type::Rule:
        return false;
    }
    m_line.action = Line::Action::Continue;
    m_line.decided = true;
    setText(m_cursor.begin(), m_cursor.rest(), m_cursor.padding());
    if (leaf.type == Leaf::Type::Html && !m_partial && htmlBlockEnds(leaf.html, m_line.text)) {
        m_line.closesLeaf = true;
        m_state.leaf = {};
    }
    return true;
}

bool LineParser::matchMath()
{
    Leaf &leaf = m_state.leaf;
    const bool isBlankLine = m_cursor.isBlank();
    const std::string_view ending = mathEnd(leaf.math);
    if (leaf.mathLines > 0
        && (isBlankLine || leaf.mathLines == longestProvisionalMath
            || (startsBlockInMath() && (m_partial || !trimmedEnd(m_cursor.text()).ends_with(ending))))) {
        if (m_partial)
            return hold();
        m_line.turnsParagraph = true;
        leaf = {.type = Leaf::Type::Paragraph};
        m_leafMatched = !isBlankLine;
        return false;
    }
    m_leafMatched = true;
    m_state.blank = false;
    leaf.mathLines += leaf.mathLines > 0 ? 1 : 0;
    m_line.action = Line::Action::Continue;
    m_line.raw = m_cursor.text();
    const std::string_view text = trimmedEnd(m_line.raw);
    if (m_partial) {
        const std::string_view shown = withoutMathEnd(text, leaf.math);
        setText(m_cursor.textBegin(), shown);
        return trimmed(shown).empty() ? hold() : true;
    }
    if (text.ends_with(ending)) {
        m_line.action = Line::Action::CloseMath;
        m_line.closesLeaf = true;
        setText(m_cursor.textBegin(), trimmedEnd(text.substr(0, text.size() - ending.size())));
        leaf = {};
    } else {
        setText(m_cursor.textBegin(), text);
    }
    return true;
}

/// Whether the line starts a block of a kind that no formula's line looks like: plus and minus are operators.
bool LineParser::startsBlockInMath() const
{
    if (m_cursor.isIndented() || !mayStartBlock(m_cursor.front()))
        return false;
    const std::string_view text = m_cursor.text();
    const int html = htmlBlockStart(text);
    if (text.front() == '>' || headingLevel(text) > 0 || openingFence(text) > 0 || isRule(text)
        || (html > 0 && html < 7) || (m_options.footnotes && footnoteAt(text).length > 0))
        return true;
    const Marker marker = markerAt(text);
    const bool isItem = marker.length > 0 && !trimmed(text.substr(marker.length)).empty();
    return isItem && (marker.ordered ? marker.number == 1 : marker.delimiter == '*');
}

Line LineParser::run()
{
    matchContainers();
    if (m_matched == m_state.chain.size() && matchLeaf())
        return m_line;

    bool blank = m_cursor.isBlank();
    while (!blank) {
        const Start start = tryStart();
        if (m_line.action == Line::Action::Hold)
            return held();
        if (start == Start::None)
            break;
        m_state.blank = false;
        if (start == Start::Leaf)
            return m_line;
        m_started = true;
        m_leafMatched = false;
        blank = m_cursor.isBlank();
    }
    if (!blank) {
        takeText();
        return m_line.action == Line::Action::Hold ? held() : m_line;
    }
    if (m_partial)
        hold();
    if (m_line.action == Line::Action::Hold)
        return held();
    closeUnmatched();
    m_state.blank = !m_started;
    m_state.blankQuote = 0;
    for (std::size_t at = 1; at < m_state.chain.size(); ++at) {
        if (m_state.chain[at].type == Container::Type::Quote)
            m_state.blankQuote = at;
    }
    return m_line;
}

/// The rest of a partial line is held back, but the containers that it certainly starts are there.
Line LineParser::held()
{
    if (m_started)
        m_line.action = Line::Action::Nothing;
    return m_line;
}

LineParser::Start LineParser::tryStart()
{
    if (tryIndentedCode())
        return Start::Leaf;
    if (m_cursor.isIndented() || !mayStartBlock(m_cursor.front()))
        return Start::None;
    if (tryQuote())
        return Start::Container;
    if (m_options.tags && m_cursor.front() == '<') {
        if (const Start details = tryDetails(); details != Start::None)
            return details;
        if (tryDetailsEnd() || trySummary())
            return Start::Leaf;
    }
    if (tryHeading() || tryFence() || tryMath() || tryHtml() || tryUnderline() || tryRule())
        return Start::Leaf;
    if (const Start footnote = tryFootnote(); footnote != Start::None)
        return footnote;
    if (const Start item = tryItem(); item != Start::None)
        return item;
    return tryColumns() ? Start::Leaf : Start::None;
}

/// Ends what this line does not go on with, before it starts something.
void LineParser::closeUnmatched()
{
    if (m_closed)
        return;
    m_closed = true;
    if (m_state.leaf.type != Leaf::Type::None) {
        m_line.closesLeaf = true;
        m_state.leaf = {};
    }
    m_state.chain.resize(m_matched);
}

/// Notes that the tip gets one more child; blank lines between children make a list loose.
void LineParser::noteChild()
{
    std::vector<Container> &chain = m_state.chain;
    const std::size_t tip = chain.size() - 1;
    const bool apart = m_state.blank && chain[tip].children > 0 && tip >= m_state.blankQuote;
    if (apart && chain[tip].type == Container::Type::List)
        chain[tip].loose = true;
    else if (apart && chain[tip].type == Container::Type::Item)
        chain[tip - 1].loose = true;
    ++chain[tip].children;
}

Container &LineParser::push(Container::Type type)
{
    closeUnmatched();
    if (type != Container::Type::Item && m_state.chain.back().type == Container::Type::List)
        m_state.chain.pop_back();
    noteChild();
    Container &container = m_state.chain.emplace_back();
    container.type = type;
    return container;
}

void LineParser::startLeaf(Leaf::Type type)
{
    closeUnmatched();
    if (m_state.chain.back().type == Container::Type::List)
        m_state.chain.pop_back();
    noteChild();
    m_line.action = Line::Action::Start;
    m_line.type = type;
    m_state.leaf = {};
    if (type != Leaf::Type::Heading && type != Leaf::Type::Summary && type != Leaf::Type::Rule)
        m_state.leaf.type = type;
}

bool LineParser::tryQuote()
{
    if (m_cursor.front() != '>' || isDeepest())
        return false;
    m_cursor.skipToText();
    m_cursor.skipColumns(1);
    if (m_cursor.atSpace())
        m_cursor.skipColumns(1);
    push(Container::Type::Quote).shown = {.kind = RowContainer::Kind::Quote, .id = m_state.nextId++};
    return true;
}

bool LineParser::tryHeading()
{
    const int level = headingLevel(m_cursor.text());
    if (level == 0)
        return false;
    const std::string_view text = headingText(m_cursor.text());
    if (m_partial && text.empty())
        return hold();
    startLeaf(Leaf::Type::Heading);
    m_line.level = level;
    setText(m_cursor.textBegin(), text);
    return true;
}

bool LineParser::tryFence()
{
    const std::size_t length = openingFence(m_cursor.text());
    if (length == 0)
        return false;
    if (m_partial)
        return hold();
    const char fence = m_cursor.front();
    const std::size_t indent = m_cursor.indent();
    startLeaf(Leaf::Type::Fence);
    m_state.leaf.fence = fence;
    m_state.leaf.fenceLength = length;
    m_state.leaf.fenceIndent = indent;
    setText(m_cursor.textBegin(), trimmed(m_cursor.text().substr(length)));
    return true;
}

bool LineParser::tryMath()
{
    const char c = m_cursor.front();
    if (!m_options.math || (c != '$' && c != '\\'))
        return false;
    const MathStart start = mathStart(m_cursor.text());
    const bool mayGoOn = m_partial && start.form == MathStart::Form::Fence;
    if (mayGoOn || (m_partial && m_cursor.text().size() == 1))
        return hold();
    if (start.form == MathStart::Form::None)
        return false;
    startLeaf(Leaf::Type::Math);
    const char opener = c == '$' ? '$' : '[';
    m_line.raw = m_cursor.text();
    setText(m_cursor.textBegin() + 2, m_partial ? withoutMathEnd(start.tex, opener) : start.tex);
    m_line.provisional = start.form == MathStart::Form::Inline;
    m_state.leaf.math = opener;
    m_state.leaf.mathLines = m_line.provisional ? 1 : 0;
    if (start.form == MathStart::Form::Whole)
        m_state.leaf = {};
    return true;
}

LineParser::Start LineParser::tryDetails()
{
    if (m_partial && mayBecomeDetails(m_cursor.text())) {
        hold();
        return Start::Leaf;
    }
    const DetailsStart start = detailsStart(m_cursor.text());
    if (start.length == 0 || isDeepest())
        return Start::None;
    m_cursor.skipToText();
    m_cursor.skipColumns(start.length);
    push(Container::Type::Details).shown = {
        .kind = RowContainer::Kind::Details, .open = start.open, .id = m_state.nextId++};
    return Start::Container;
}

bool LineParser::tryDetailsEnd()
{
    if (!isDetailsEnd(m_cursor.text()))
        return false;
    std::vector<Container> &chain = m_state.chain;
    std::size_t end = m_closed ? chain.size() : m_matched;
    while (end > 0 && chain[end - 1].type != Container::Type::Details)
        --end;
    if (end == 0)
        return false;
    if (m_partial)
        return hold();
    m_matched = end - 1;
    if (m_closed)
        chain.resize(m_matched);
    else
        closeUnmatched();
    return true;
}

bool LineParser::trySummary()
{
    const Container &tip = m_state.chain.back();
    if (tip.type != Container::Type::Details || tip.children > 0
        || (!m_closed && m_matched < m_state.chain.size()))
        return false;
    const std::string_view text = summaryText(m_cursor.text(), m_partial);
    if (!text.data())
        return false;
    if (m_partial && text.empty())
        return hold();
    startLeaf(Leaf::Type::Summary);
    setText(m_cursor.textBegin(), text);
    return true;
}

bool LineParser::tryHtml()
{
    if (m_cursor.front() != '<')
        return false;
    if (m_partial && endsInTagName(m_cursor.text()))
        return hold();
    const int kind = htmlBlockStart(m_cursor.text());
    if (kind == 0 || (kind == 7 && (m_partial || isInParagraph() || couldContinueParagraph())))
        return false;
    if (kind == 7 && m_options.tags && startsWithInlineTag(m_cursor.text()))
        return false;
    startLeaf(Leaf::Type::Html);
    m_state.leaf.html = kind;
    setText(m_cursor.begin(), m_cursor.rest(), m_cursor.padding());
    if (!m_partial && htmlBlockEnds(kind, m_line.text))
        m_state.leaf = {};
    return true;
}

bool LineParser::tryUnderline()
{
    if (!isInParagraph())
        return false;
    const int level = underlineLevel(m_cursor.text());
    if (level == 0 || !hasTextBehindDefinitions(m_paragraph))
        return false;
    if (m_partial)
        return hold();
    m_line.action = Line::Action::Underline;
    m_line.closesLeaf = true;
    m_line.level = level;
    setText(m_cursor.textBegin(), m_cursor.text());
    m_state.leaf = {};
    return true;
}

bool LineParser::tryRule()
{
    if (!isRule(m_cursor.text()))
        return false;
    if (m_partial)
        return hold();
    startLeaf(Leaf::Type::Rule);
    setText(m_cursor.textBegin(), m_cursor.text());
    return true;
}

LineParser::Start LineParser::tryFootnote()
{
    if (!m_options.footnotes || m_cursor.front() != '[' || isDeepest())
        return Start::None;
    const FootnoteMarker marker = footnoteAt(m_cursor.text());
    if (marker.length == 0) {
        if (!m_partial || !mayBecomeFootnote(m_cursor.text()))
            return Start::None;
        hold();
        return Start::Leaf;
    }
    m_cursor.skipToText();
    m_cursor.skipColumns(marker.length);
    m_cursor.skipToText();
    m_line.footnote = marker.label;
    RowContainer &shown = push(Container::Type::Footnote).shown;
    shown = {.kind = RowContainer::Kind::Footnote, .id = m_state.nextId++};
    appendText(shown.label, marker.label);
    return Start::Container;
}

LineParser::Start LineParser::tryItem()
{
    const std::string_view text = m_cursor.text();
    const Marker marker = markerAt(text);
    if (marker.length == 0 || isDeepest())
        return Start::None;
    const std::string_view behind = text.substr(marker.length);
    const bool empty = trimmed(behind).empty();
    if (m_partial && (behind.empty() || (empty && isInParagraph()))) {
        hold();
        return Start::Leaf;
    }
    if (isInParagraph() && (empty || (marker.ordered && marker.number != 1)))
        return Start::None;

    const std::size_t markerIndent = m_cursor.indent();
    m_cursor.skipToText();
    m_cursor.skipColumns(marker.length);
    const std::size_t spaces = m_cursor.indent();
    const bool wide = empty || spaces > codeIndent;
    m_cursor.skipColumns(wide ? std::min<std::size_t>(spaces, 1) : spaces);

    closeUnmatched();
    const Container &last = m_state.chain.back();
    if (last.type != Container::Type::List || last.ordered != marker.ordered
        || last.delimiter != marker.delimiter) {
        Container &list = push(Container::Type::List);
        list.ordered = marker.ordered;
        list.delimiter = marker.delimiter;
        list.next = marker.number;
        list.shown.list = m_state.nextId++;
    }
    Container &list = m_state.chain.back();
    const RowContainer shown{.kind = marker.ordered ? RowContainer::Kind::OrderedItem
                                                    : RowContainer::Kind::BulletItem,
                             .number = marker.ordered ? list.next++ : 0,
                             .id = m_state.nextId++,
                             .list = list.shown.list};
    Container &item = push(Container::Type::Item);
    item.shown = shown;
    item.indent = markerIndent + marker.length + (wide ? 1 : spaces);
    return Start::Container;
}

bool LineParser::tryIndentedCode()
{
    if (!m_cursor.isIndented() || couldContinueParagraph())
        return false;
    m_cursor.skipColumns(codeIndent);
    startLeaf(Leaf::Type::IndentedCode);
    setText(m_cursor.begin(), m_cursor.rest(), m_cursor.padding());
    return true;
}

bool LineParser::tryColumns()
{
    if (!m_options.tables || !isInParagraph())
        return false;
    std::optional<QList<ColumnAlignment>> columns = tableColumns(m_cursor.text());
    if (!columns)
        return false;
    // Dashes below nothing but definitions are text.
    if (underlineLevel(m_cursor.text()) > 0 && !hasTextBehindDefinitions(m_paragraph))
        return false;
    if (m_partial)
        return hold();
    const std::size_t lineEnd = m_paragraph.rfind('\n');
    const std::string_view header = m_paragraph.substr(lineEnd == npos ? 0 : lineEnd + 1);
    TableLine cells;
    if (std::ssize(cells.cellsOf(header)) != columns->size())
        return false;
    m_line.action = Line::Action::Columns;
    m_line.columns = std::move(*columns);
    setText(m_cursor.textBegin(), m_cursor.text());
    m_state.leaf.type = Leaf::Type::Table;
    m_state.leaf.columns = m_line.columns.size();
    return true;
}

/// Whether the open table takes the line: it may leave out cells, but not without an end.
bool LineParser::takeTableLine()
{
    const auto most = qsizetype(std::ranges::count(m_cursor.text(), '|')) + 1;
    const qsizetype padded = std::max<qsizetype>(m_state.leaf.columns - most, 0);
    if (padded > 0 && m_state.paddedCells >= mostPaddedCells)
        return false;
    m_state.paddedCells += padded;
    return true;
}

/// What starts nothing is text: of the open paragraph or table, or of a new paragraph.
void LineParser::takeText()
{
    const bool isTableLine = m_state.leaf.type == Leaf::Type::Table && m_leafMatched;
    if (m_partial && !m_cursor.isIndented() && mayBecomeMarker(m_cursor.text()) && !isTableLine) {
        hold();
        return;
    }
    const bool endsTable = isTableLine && !takeTableLine();
    if (endsTable && m_partial) {
        hold();
        return;
    }
    const bool goesOn = (m_leafMatched && !endsTable) || couldContinueParagraph();
    if (goesOn)
        m_line.action = Line::Action::Continue;
    else
        startLeaf(Leaf::Type::Paragraph);
    m_line.decided =
        m_state.leaf.type == Leaf::Type::Paragraph && (m_cursor.isIndented() || m_cursor.front() != '<');
    m_state.blank = false;
    setText(m_cursor.textBegin(), m_cursor.text());
}

} // namespace

QList<RowContainer> BlockState::containers() const
{
    QList<RowContainer> shown;
    if (chain.size() == 1)
        return shown;
    shown.reserve(std::ranges::count_if(chain, &Container::isShown));
    for (const Container &container : chain) {
        if (!container.isShown())
            continue;
        shown.append(container.shown);
        shown.last().first = !container.hasRows;
    }
    return shown;
}

void BlockState::setHasRows()
{
    for (Container &container : chain)
        container.hasRows = true;
}

Line BlockParser::parse(BlockState &state, std::string_view line, std::string_view paragraph,
                        bool partial) const
{
    return LineParser(m_options, state, line, paragraph, partial).run();
}

} // namespace rivulet::markdown
