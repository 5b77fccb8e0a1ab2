// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/blockparser.h"

#include "models/markdown/characters.h"
#include "models/markdown/htmlsyntax.h"
#include "models/markdown/linksyntax.h"
#include "models/markdown/table.h"

#include <algorithm>
#include <charconv>

namespace rivulet::markdown {

namespace {

/// Markers of containers beyond this depth are text, so that no line costs more than this.
constexpr std::ptrdiff_t deepestNesting = 64;
constexpr std::size_t codeIndent = 4;

/// A place in a line, in bytes and in columns, where a tab can be used up in parts.
class Cursor
{
public:
    explicit Cursor(std::string_view line) : m_line(line) { look(); }

    [[nodiscard]] std::size_t indent() const { return m_textColumn - m_column; }
    [[nodiscard]] bool isIndented() const { return indent() >= codeIndent; }
    [[nodiscard]] bool isBlank() const { return m_text == m_line.size(); }
    /// The first character that is no space; not where isBlank().
    [[nodiscard]] char front() const { return m_line[m_text]; }
    /// From there on.
    [[nodiscard]] std::string_view text() const { return m_line.substr(m_text); }
    [[nodiscard]] std::size_t textBegin() const { return m_text; }
    /// From here on, without the rest of a tab that is used up in part.
    [[nodiscard]] std::string_view rest() const { return m_line.substr(begin()); }
    [[nodiscard]] std::size_t begin() const { return m_at + (m_insideTab ? 1 : 0); }
    [[nodiscard]] std::size_t padding() const { return m_insideTab ? columnsToTabStop() : 0; }
    [[nodiscard]] std::size_t column() const { return m_column; }
    [[nodiscard]] bool atSpace() const
    {
        return m_at < m_line.size() && rivulet::markdown::isBlank(m_line[m_at]);
    }

    void skipColumns(std::size_t count)
    {
        while (count > 0 && m_at < m_line.size()) {
            if (m_line[m_at] == '\t') {
                const std::size_t step = std::min(count, columnsToTabStop());
                m_insideTab = step < columnsToTabStop();
                m_column += step;
                count -= step;
                m_at += m_insideTab ? 0 : 1;
            } else {
                m_insideTab = false;
                ++m_at;
                ++m_column;
                --count;
            }
        }
        look();
    }
    void skipToText()
    {
        m_at = m_text;
        m_column = m_textColumn;
        m_insideTab = false;
    }

private:
    [[nodiscard]] std::size_t columnsToTabStop() const { return 4 - m_column % 4; }

    void look()
    {
        m_text = m_at;
        m_textColumn = m_column;
        while (m_text < m_line.size() && rivulet::markdown::isBlank(m_line[m_text])) {
            m_textColumn += m_line[m_text] == '\t' ? 4 - m_textColumn % 4 : 1;
            ++m_text;
        }
    }

    std::string_view m_line;
    std::size_t m_at = 0;
    std::size_t m_column = 0;
    bool m_insideTab = false;
    std::size_t m_text = 0;
    std::size_t m_textColumn = 0;
};

std::size_t countOf(std::string_view text, char c)
{
    return std::min(text.find_first_not_of(c), text.size());
}

bool consistsOf(std::string_view text, std::string_view characters)
{
    return text.find_first_not_of(characters) == npos;
}

/// The level of an ATX heading; 0 if `text` is none.
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

/// The length of a fence that `text` opens; 0 if it opens none.
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

/// The level of the heading that a setext underline makes; 0 if `text` is none.
int underlineLevel(std::string_view text)
{
    const char c = text.front();
    if ((c != '=' && c != '-') || !trimmed(text.substr(countOf(text, c))).empty())
        return 0;
    return c == '=' ? 1 : 2;
}

/// Whether anything is left of a paragraph behind the link reference definitions at its beginning.
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

struct Marker
{
    std::size_t length = 0; ///< 0: there is none
    bool ordered = false;
    char delimiter = 0;
    int number = 0;
};

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

/// Whether a partial line that so far starts no block may yet start one, or be one of the lines that change
/// a paragraph.
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

/// Whether a partial line ends within what may be the name of a tag that starts an HTML block.
bool endsInTagName(std::string_view text)
{
    constexpr std::size_t longestName = 16;
    return text.size() <= longestName && text.starts_with('<')
        && std::ranges::all_of(text.substr(1), [](char c) {
               return isAlphanumeric(c) || std::string_view("/!?-[").find(c) != npos;
           });
}

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
    Start tryStart();
    Line held();
    bool tryQuote();
    bool tryHeading();
    bool tryFence();
    bool tryHtml();
    bool tryUnderline();
    bool tryRule();
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
                                     [](const Container &container) {
                                         return container.type == Container::Type::Quote
                                             || container.type == Container::Type::Item;
                                     })
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
    Cursor m_cursor;
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
    case Leaf::Type::Table:
        m_leafMatched = !m_cursor.isBlank();
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
        }
        m_leafMatched = true;
        m_state.blank = m_cursor.isBlank();
        m_state.blankQuote = 0;
        break;
    case Leaf::Type::None:
    case Leaf::Type::Heading:
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
    if (m_cursor.isIndented())
        return Start::None;
    if (tryQuote())
        return Start::Container;
    if (tryHeading() || tryFence() || tryHtml() || tryUnderline() || tryRule())
        return Start::Leaf;
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
    if (type != Leaf::Type::Heading && type != Leaf::Type::Rule)
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

bool LineParser::tryHtml()
{
    if (m_cursor.front() != '<')
        return false;
    if (m_partial && endsInTagName(m_cursor.text()))
        return hold();
    const int kind = htmlBlockStart(m_cursor.text());
    if (kind == 0 || (kind == 7 && (m_partial || isInParagraph() || couldContinueParagraph())))
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
    if (m_partial)
        return hold();
    const std::size_t lineEnd = m_paragraph.rfind('\n');
    const std::string_view header = m_paragraph.substr(lineEnd == npos ? 0 : lineEnd + 1);
    if (std::ssize(tableCells(header)) != columns->size())
        return false;
    m_line.action = Line::Action::Columns;
    m_line.columns = std::move(*columns);
    setText(m_cursor.textBegin(), m_cursor.text());
    m_state.leaf.type = Leaf::Type::Table;
    return true;
}

/// What starts nothing is text: of the open paragraph or table, or of a new paragraph.
void LineParser::takeText()
{
    if (m_partial && !m_cursor.isIndented() && mayBecomeMarker(m_cursor.text())
        && !(m_state.leaf.type == Leaf::Type::Table && m_leafMatched)) {
        hold();
        return;
    }
    const bool goesOn = m_leafMatched || couldContinueParagraph();
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
    for (const Container &container : chain) {
        if (container.type != Container::Type::Quote && container.type != Container::Type::Item)
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
