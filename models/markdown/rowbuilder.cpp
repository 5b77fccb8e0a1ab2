// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/rowbuilder.h"

#include "models/markdown/characters.h"
#include "models/markdown/table.h"

#include <algorithm>

using namespace std::string_view_literals;

namespace rivulet::markdown {

namespace {

constexpr qsizetype linesPerChunk = 64;
constexpr qsizetype tableRowsPerChunk = 32;
/// What may become a link reference definition is held back up to this many bytes.
constexpr std::size_t longestHeldDefinition = 2048;
constexpr std::size_t longestHeldLabel = 80;
/// A line that begins like a table is shown as its header up to this many bytes: each delta shows it anew.
constexpr std::size_t longestShownHeader = 2048;

bool isVerbatim(Leaf::Type type)
{
    return type == Leaf::Type::Fence || type == Leaf::Type::IndentedCode || type == Leaf::Type::Html;
}

bool isParagraph(Leaf::Type type)
{
    return type == Leaf::Type::Paragraph || type == Leaf::Type::Heading;
}

bool startsWithSameContainers(const QList<RowContainer> &outer, const QList<RowContainer> &inner)
{
    return outer.size() <= inner.size()
        && std::ranges::equal(outer, inner.first(outer.size()), {}, &RowContainer::id, &RowContainer::id);
}

bool isFirstSomewhere(const QList<RowContainer> &containers)
{
    return std::ranges::any_of(containers, &RowContainer::first);
}

/// Makes a row that is used again one like new, but for its id and its buffers.
void clear(Row &row)
{
    row.text.truncate(0);
    row.runs.resize(0);
    row.language.clear();
    row.columns.clear();
    row.cells.clear();
    row.level = 0;
    row.lineCount = 0;
    row.closed = false;
    row.continuesAbove = false;
}

} // namespace

// Rows.

Row &RowBuilder::addRow(RowKind kind, const QList<RowContainer> &containers, qsizetype begin)
{
    QList<RowContainer> shown = containers;
    if (m_placeholder >= 0) {
        const Row &placeholder = m_rows[m_placeholder];
        if (startsWithSameContainers(placeholder.containers, containers)) {
            for (qsizetype at = 0; at < placeholder.containers.size(); ++at)
                shown[at].first |= placeholder.containers[at].first;
            if (m_isLaid)
                m_before.placeholderRow = placeholder;
            m_count = m_placeholder;
        } else if (!m_isLaid) {
            m_rows[m_placeholder].closed = true;
            touch(m_placeholder);
        }
        m_placeholder = -1;
    }
    const qsizetype at = m_count++;
    if (at == m_rows.size())
        m_rows.emplaceBack();
    if (at == qsizetype(m_ids.size()))
        m_ids.push_back(++m_lastId);
    Row &row = m_rows[at];
    clear(row);
    row.id = m_ids[size_t(at)];
    row.kind = kind;
    row.containers = std::move(shown);
    row.sourceBegin = row.sourceEnd = begin;
    touch(at);
    return row;
}

void RowBuilder::touch(qsizetype row, qsizetype kept)
{
    if (m_touched < 0 || row < m_touched) {
        m_touched = row;
        m_kept = kept;
    } else if (row == m_touched) {
        m_kept = std::min(m_kept, kept);
    }
}

qsizetype RowBuilder::settled() const
{
    if (m_count == 0)
        return 0;
    const Row &row = m_rows[m_count - 1];
    if (row.closed)
        return row.text.size();
    const OpenLeaf &leaf = m_laid ? *m_laid : m_leaf;
    if (leaf.row != m_count - 1 || row.kind == RowKind::Table)
        return 0;
    // What may yet be lifted is not settled, and in a row of its own all of it.
    const bool canBeLifted = m_isLaid && !m_isLaidForGood;
    if (canBeLifted && m_before.row != leaf.row)
        return 0;
    if (isParagraph(leaf.type))
        return canBeLifted ? m_before.progress.text : leaf.progress.text;
    return canBeLifted ? m_before.text : row.text.size();
}

void RowBuilder::showPlaceholder(BlockState &state, qsizetype at)
{
    const Container &tip = state.chain.back();
    const bool empty =
        (tip.type == Container::Type::Quote || tip.type == Container::Type::Item) && !tip.hasRows;
    if (!empty || state.leaf.type != Leaf::Type::None)
        return;
    addRow(RowKind::Paragraph, state.containers(), at);
    m_placeholder = m_count - 1;
    state.setHasRows();
}

MarkdownPatch RowBuilder::takePatch()
{
    if (m_rows.size() > m_count)
        m_rows.resize(m_count);
    m_ids.resize(size_t(m_count));
    MarkdownPatch patch;
    const qsizetype kept = std::min(m_shownCount, m_count);
    patch.first = m_touched < 0 ? kept : std::min(m_touched, kept);
    patch.changed = kept - patch.first;
    patch.removed = m_shownCount - kept;
    patch.added = m_count - kept;
    if (patch.changed > 0 && !std::ranges::contains(m_relinked, patch.first))
        patch.kept = std::min(m_kept, m_rows[patch.first].text.size());
    std::ranges::sort(m_relinked);
    for (const qsizetype row : m_relinked) {
        if (row < patch.first && (patch.relinked.isEmpty() || patch.relinked.last() != row))
            patch.relinked.append(row);
    }
    m_relinked.clear();
    m_touched = -1;
    m_shownCount = m_count;
    return patch;
}

// Lines.

void RowBuilder::take(const Line &line, BlockState &state, qsizetype begin, qsizetype end)
{
    switch (line.action) {
    case Line::Action::Hold:
        break;
    case Line::Action::Nothing:
        if (line.closesLeaf)
            closeLeaf();
        showPlaceholder(state, end);
        break;
    case Line::Action::Continue:
        continueLeaf(m_leaf, line, begin, end);
        if (line.closesLeaf)
            closeLeaf();
        break;
    case Line::Action::Start:
        if (line.closesLeaf)
            closeLeaf();
        startLeaf(m_leaf, line, state, begin, end);
        if (state.leaf.type == Leaf::Type::None)
            closeLeaf();
        break;
    case Line::Action::Underline:
        m_leaf.type = Leaf::Type::Heading;
        m_leaf.level = line.level;
        m_leaf.end = end;
        closeLeaf();
        break;
    case Line::Action::Columns:
        splitTable(line, end);
        break;
    case Line::Action::CloseFence:
        m_leaf.end = end;
        closeLeaf();
        break;
    }
}

void RowBuilder::lay(const Line &line, BlockState &state, qsizetype begin, qsizetype end)
{
    if (line.action == Line::Action::Hold)
        return;
    if (line.action != Line::Action::Continue && m_leaf.stale)
        showParagraph(m_leaf);
    m_before = {.count = m_count,
                .row = m_leaf.row,
                .content = m_leaf.content.size(),
                .skipped = m_leaf.skipped,
                .progress = m_leaf.progress,
                .end = m_leaf.end,
                .blankLines = m_leaf.blankLines,
                .blankCount = m_leaf.blankCount,
                .placeholder = m_placeholder};
    if (m_leaf.row >= 0) {
        m_before.text = rowOf(m_leaf).text.size();
        m_before.lines = rowOf(m_leaf).lineCount;
        m_before.tableRows = rowOf(m_leaf).cells.size();
    }
    m_isLaid = true;
    m_isLaidForGood = line.decided;
    m_laidRest.clear();
    switch (line.action) {
    case Line::Action::Nothing:
        showPlaceholder(state, end);
        break;
    case Line::Action::Continue:
        m_laid = &m_leaf;
        continueLeaf(m_leaf, line, begin, end);
        break;
    case Line::Action::Start:
        m_laid = &m_laidLeaf;
        startLeaf(m_laidLeaf, line, state, begin, end);
        break;
    case Line::Action::Hold:
    case Line::Action::Underline:
    case Line::Action::Columns:
    case Line::Action::CloseFence:
        break;
    }
}

void RowBuilder::extend(std::string_view text, qsizetype end)
{
    OpenLeaf &leaf = *m_laid;
    leaf.end = end;
    if (isParagraph(leaf.type)) {
        leaf.content += text;
        leaf.stale = true;
        return;
    }
    m_laidRest += text;
    const std::string_view whole = wholeCharacters(m_laidRest);
    Row &row = rowOf(leaf);
    touch(leaf.row, row.text.size());
    appendText(row.text, whole);
    row.sourceEnd = end;
    m_laidRest.erase(0, whole.size());
}

void RowBuilder::lift()
{
    if (!m_isLaid)
        return;
    m_isLaid = false;
    m_laid = nullptr;
    m_laidLeaf = {};
    if (m_count > m_before.count || m_before.placeholderRow)
        touch(std::min(m_before.count, m_before.placeholderRow ? m_before.placeholder : m_before.count));
    m_count = m_before.count;
    m_placeholder = m_before.placeholder;
    if (m_before.placeholderRow) {
        m_rows[m_placeholder] = *m_before.placeholderRow;
        m_before.placeholderRow.reset();
    }
    if (m_leaf.type == Leaf::Type::None || (m_leaf.end == m_before.end && m_leaf.row == m_before.row))
        return;

    m_leaf.row = m_before.row;
    m_leaf.end = m_before.end;
    m_leaf.content.resize(m_before.content);
    m_leaf.skipped = m_before.skipped;
    m_leaf.progress = m_before.progress;
    m_leaf.blankLines = m_before.blankLines;
    m_leaf.blankCount = m_before.blankCount;
    m_leaf.stale = isParagraph(m_leaf.type);
    if (m_leaf.row < 0)
        return;
    touch(m_leaf.row, isParagraph(m_leaf.type) ? m_before.progress.text : m_before.text);
    Row &row = rowOf(m_leaf);
    row.sourceEnd = m_leaf.end;
    if (isVerbatim(m_leaf.type)) {
        row.text.truncate(m_before.text);
        row.lineCount = m_before.lines;
    } else if (m_leaf.type == Leaf::Type::Table) {
        row.cells.resize(m_before.tableRows);
    }
}

void RowBuilder::finish()
{
    if (m_leaf.type != Leaf::Type::None)
        closeLeaf();
    if (m_placeholder >= 0) {
        m_rows[m_placeholder].closed = true;
        touch(m_placeholder);
        m_placeholder = -1;
    }
}

// Leaves.

void RowBuilder::startLeaf(OpenLeaf &leaf, const Line &line, BlockState &state, qsizetype begin,
                           qsizetype end)
{
    leaf = {.type = line.type,
            .containers = state.containers(),
            .begin = begin + qsizetype(line.begin),
            .end = end,
            .level = line.level};
    switch (line.type) {
    case Leaf::Type::Paragraph:
    case Leaf::Type::Heading:
        leaf.content = line.text;
        leaf.stale = true;
        if (line.type == Leaf::Type::Heading) {
            addRow(RowKind::Heading, leaf.containers, leaf.begin);
            leaf.row = m_count - 1;
        }
        break;
    case Leaf::Type::Rule:
        addRow(RowKind::Rule, leaf.containers, leaf.begin);
        leaf.row = m_count - 1;
        break;
    case Leaf::Type::Fence: {
        const std::string_view info = line.text;
        const std::string_view word = info.substr(0, std::min(info.find_first_of(" \t"), info.size()));
        addRow(RowKind::Code, leaf.containers, leaf.begin).language = unescaped(word);
        leaf.row = m_count - 1;
        break;
    }
    case Leaf::Type::IndentedCode:
    case Leaf::Type::Html:
        addRow(line.type == Leaf::Type::Html ? RowKind::Html : RowKind::Code, leaf.containers, leaf.begin);
        leaf.row = m_count - 1;
        addVerbatimLine(leaf, line, leaf.begin, end);
        break;
    case Leaf::Type::None:
    case Leaf::Type::Table:
        break;
    }
    if (leaf.row >= 0)
        rowOf(leaf).sourceEnd = end;
    state.setHasRows();
}

void RowBuilder::continueLeaf(OpenLeaf &leaf, const Line &line, qsizetype begin, qsizetype end)
{
    leaf.end = end;
    if (leaf.type == Leaf::Type::Paragraph) {
        leaf.content += '\n';
        leaf.content += line.text;
        leaf.stale = true;
    } else if (leaf.type == Leaf::Type::Table) {
        addTableRow(leaf, line.text, begin + qsizetype(line.begin), end, m_isLaid);
    } else {
        addVerbatimLine(leaf, line, begin + qsizetype(line.begin), end);
    }
}

void RowBuilder::closeLeaf()
{
    if (isParagraph(m_leaf.type)) {
        closeParagraph();
    } else {
        Row &row = rowOf(m_leaf);
        row.closed = true;
        row.sourceEnd = m_leaf.end;
        touch(m_leaf.row, row.text.size());
    }
    m_leaf = {};
}

void RowBuilder::show()
{
    OpenLeaf &leaf = m_laid ? *m_laid : m_leaf;
    if (&leaf != &m_leaf && m_leaf.stale)
        showParagraph(m_leaf);
    if (leaf.stale)
        showParagraph(leaf);
}

// Code and HTML.

void RowBuilder::addVerbatimLine(OpenLeaf &leaf, const Line &line, qsizetype begin, qsizetype end)
{
    // Blank lines at the end of indented code are no part of it: they wait for what follows.
    const bool waits = leaf.type == Leaf::Type::IndentedCode && trimmed(line.text).empty();
    QString text;
    if (leaf.blankCount > 0)
        text.swap(leaf.blankLines);
    text.append(QString(qsizetype(line.padding), u' '));
    std::string_view whole = line.text;
    if (m_isLaid) {
        whole = wholeCharacters(line.text);
        m_laidRest = line.text.substr(whole.size());
    }
    appendText(text, whole);
    const qsizetype lines = std::exchange(leaf.blankCount, 0) + 1;
    leaf.blankLines = std::move(text);
    if (waits) {
        leaf.blankLines += u'\n';
        leaf.blankCount = lines;
        return;
    }
    appendVerbatim(leaf, begin, lines);
    rowOf(leaf).sourceEnd = end;
}

/// Moves the `lines` lines of leaf.blankLines into its rows.
void RowBuilder::appendVerbatim(OpenLeaf &leaf, qsizetype begin, qsizetype lines)
{
    const QString text = std::exchange(leaf.blankLines, {});
    QStringView rest = text;
    if (!m_isLaid || rowOf(leaf).lineCount < linesPerChunk)
        touch(leaf.row, rowOf(leaf).text.size());
    for (qsizetype at = 0; at < lines; ++at) {
        if (rowOf(leaf).lineCount == linesPerChunk) {
            if (!m_isLaid)
                rowOf(leaf).closed = true;
            const RowKind kind = rowOf(leaf).kind;
            const QString language = rowOf(leaf).language;
            QList<RowContainer> containers = leaf.containers;
            for (RowContainer &container : containers)
                container.first = false;
            Row &row = addRow(kind, containers, begin);
            row.continuesAbove = true;
            row.language = language;
            leaf.row = m_count - 1;
        }
        Row &row = rowOf(leaf);
        const qsizetype lineEnd = at + 1 < lines ? rest.indexOf(u'\n') : rest.size();
        if (row.lineCount > 0)
            row.text += u'\n';
        row.text += rest.first(lineEnd);
        ++row.lineCount;
        rest = rest.sliced(std::min(lineEnd + 1, rest.size()));
    }
}

// Tables.

void RowBuilder::splitTable(const Line &line, qsizetype end)
{
    const std::size_t lineEnd = m_leaf.content.rfind('\n');
    const bool hasParagraph = lineEnd != std::string::npos;
    const std::string header = hasParagraph ? m_leaf.content.substr(lineEnd + 1) : m_leaf.content;
    QList<RowContainer> containers = m_leaf.containers;
    qsizetype begin = m_leaf.begin;
    qsizetype row = m_leaf.row;
    if (hasParagraph) {
        begin = m_leaf.end - qsizetype(header.size());
        m_leaf.end = begin;
        m_leaf.content.resize(lineEnd);
        m_leaf.progress = {};
        closeParagraph();
        for (RowContainer &container : containers)
            container.first = false;
        row = -1;
    }
    m_leaf = {.type = Leaf::Type::Table,
              .containers = containers,
              .row = row,
              .begin = begin,
              .end = end,
              .columns = line.columns};
    if (row < 0) {
        addRow(RowKind::Table, containers, begin);
        m_leaf.row = m_count - 1;
    } else {
        Row &old = rowOf(m_leaf);
        const QList<RowContainer> shown = old.containers;
        clear(old);
        old.kind = RowKind::Table;
        old.containers = shown;
        touch(row);
    }
    rowOf(m_leaf).columns = m_leaf.columns;
    addTableRow(m_leaf, header, begin, end, false);
}

void RowBuilder::addTableRow(OpenLeaf &leaf, std::string_view text, qsizetype begin, qsizetype end, bool open)
{
    if (rowOf(leaf).cells.size() == tableRowsPerChunk) {
        if (!m_isLaid) {
            rowOf(leaf).closed = true;
            touch(leaf.row);
        }
        QList<RowContainer> containers = leaf.containers;
        for (RowContainer &container : containers)
            container.first = false;
        Row &row = addRow(RowKind::Table, containers, begin);
        row.continuesAbove = true;
        row.columns = leaf.columns;
        leaf.row = m_count - 1;
    }
    Row &row = rowOf(leaf);
    std::vector<std::string> contents = tableCells(text);
    const auto written = qsizetype(contents.size());
    contents.resize(size_t(leaf.columns.size()));
    QList<TableCell> cells;
    cells.reserve(leaf.columns.size());
    for (std::string &content : contents) {
        TableCell &cell = cells.emplaceBack();
        InlineProgress progress;
        QStringList unresolved;
        if (open && cells.size() == written)
            m_inlines.parseOpen(content, progress, {cell.text, cell.runs, unresolved});
        else
            m_inlines.parseClosed(content, progress, {cell.text, cell.runs, unresolved});
        if (!m_isLaid && !unresolved.isEmpty())
            wait({leaf.row, row.cells.size(), cells.size() - 1, std::move(content)}, unresolved);
    }
    row.cells.append(std::move(cells));
    row.sourceEnd = end;
    touch(leaf.row);
}

// Paragraphs and headings.

/// Moves leaf.skipped behind the link reference definitions at the beginning, which count once the leaf is
/// over.
void RowBuilder::skipDefinitions(OpenLeaf &leaf, bool open, bool &held)
{
    if (leaf.type == Leaf::Type::Heading && leaf.row >= 0 && rowOf(leaf).kind == RowKind::Heading)
        return; // of one line
    while (leaf.content.size() > leaf.skipped && leaf.content[leaf.skipped] == '[') {
        const std::string_view rest = std::string_view(leaf.content).substr(leaf.skipped);
        if (open && rest.size() > longestHeldDefinition)
            return;
        const LinkDefinition definition = scanLinkDefinition(rest, open);
        held = definition.match == Match::Unfinished
            && (rest.size() <= longestHeldLabel || rest.find("]:") != std::string_view::npos);
        if (definition.match != Match::Yes)
            return;
        if (!open)
            define(definition.label, definition.target);
        leaf.skipped += definition.end;
    }
}

/// Turns the "[ ]" that an item's first paragraph begins with into the item's box.
void RowBuilder::skipTask(OpenLeaf &leaf, bool open, bool &held)
{
    if (!m_options.taskLists || leaf.type != Leaf::Type::Paragraph || leaf.containers.isEmpty())
        return;
    RowContainer &item = leaf.containers.last();
    const std::string_view rest = std::string_view(leaf.content).substr(leaf.skipped);
    const bool firstInItem = item.first
        || (leaf.row < 0 && m_placeholder >= 0
            && std::ranges::equal(m_rows[m_placeholder].containers, leaf.containers, {}, &RowContainer::id,
                                  &RowContainer::id));
    if (item.kind == RowContainer::Kind::Quote || !firstInItem || !rest.starts_with('['))
        return;
    const auto unfinished = {"["sv, "[ "sv, "[x"sv, "[X"sv, "[ ]"sv, "[x]"sv, "[X]"sv};
    if (open && std::ranges::contains(unfinished, trimmedEnd(rest))) {
        held = true;
        return;
    }
    const bool box = rest.size() > 4 && rest[2] == ']' && isSpace(rest[3])
        && (rest[1] == ' ' || lower(rest[1]) == 'x') && !trimmed(rest.substr(3)).empty();
    if (!box)
        return;
    item.task = rest[1] == ' ' ? RowContainer::Task::Open : RowContainer::Task::Done;
    leaf.skipped += 4;
}

void RowBuilder::showParagraph(OpenLeaf &leaf)
{
    leaf.stale = false;
    bool held = false;
    const std::size_t skipped = std::exchange(leaf.skipped, 0);
    const auto task = [&leaf] {
        return leaf.containers.isEmpty() ? RowContainer::Task::None : leaf.containers.last().task;
    };
    if (!leaf.containers.isEmpty())
        leaf.containers.last().task = RowContainer::Task::None;
    skipDefinitions(leaf, true, held);
    if (!held || leaf.skipped == 0)
        skipTask(leaf, true, held);
    if (task() != RowContainer::Task::None)
        held = false;
    if (leaf.skipped != skipped)
        leaf.progress = {};
    const std::string_view content = std::string_view(leaf.content).substr(leaf.skipped);
    if (leaf.row < 0) {
        if ((held || trimmed(content).empty()) && !isFirstSomewhere(leaf.containers))
            return;
        leaf.containers = addRow(RowKind::Paragraph, leaf.containers, leaf.begin).containers;
        leaf.row = m_count - 1;
    }
    Row &row = rowOf(leaf);
    touch(leaf.row, leaf.progress.text);
    row.sourceEnd = leaf.end;
    if (!leaf.containers.isEmpty())
        row.containers.last().task = task();
    if (held) {
        row.text.truncate(0);
        row.runs.resize(0);
        leaf.progress = {};
        return;
    }
    if (leaf.type == Leaf::Type::Paragraph && showAsTableHeader(leaf, content))
        return;
    row.level = quint8(leaf.level);
    m_inlines.parseOpen(content, leaf.progress, {row.text, row.runs, leaf.unresolved});
}

/// Shows a paragraph that begins like a table as one, in the hope for its delimiter row.
bool RowBuilder::showAsTableHeader(OpenLeaf &leaf, std::string_view content)
{
    Row &row = rowOf(leaf);
    const bool shown = m_options.tables && content.starts_with('|') && content.size() <= longestShownHeader
        && content.find('\n') == std::string_view::npos && content.size() > 1;
    if (!shown) {
        if (row.kind == RowKind::Table) {
            row.kind = RowKind::Paragraph;
            row.columns.clear();
            row.cells.clear();
        }
        return false;
    }
    leaf.progress = {};
    leaf.columns = QList<ColumnAlignment>(qsizetype(tableCells(content).size()));
    row.kind = RowKind::Table;
    row.text.truncate(0);
    row.runs.resize(0);
    row.columns = leaf.columns;
    row.cells.clear();
    const bool wasLaid = std::exchange(m_isLaid, true); // nothing waits for what is only shown
    addTableRow(leaf, wholeCharacters(content), leaf.begin, leaf.end, true);
    m_isLaid = wasLaid;
    return true;
}

void RowBuilder::closeParagraph()
{
    OpenLeaf &leaf = m_leaf;
    bool held = false;
    const std::size_t skipped = std::exchange(leaf.skipped, 0);
    const qsizetype known = m_definitions.size();
    skipDefinitions(leaf, false, held);
    skipTask(leaf, false, held);
    if (leaf.skipped != skipped || m_definitions.size() > known
        || (leaf.row >= 0 && rowOf(leaf).kind == RowKind::Table))
        leaf.progress = {};
    const std::string_view content = std::string_view(leaf.content).substr(leaf.skipped);
    const bool empty = trimmed(content).empty() && leaf.type == Leaf::Type::Paragraph;
    if (empty && !isFirstSomewhere(leaf.row < 0 ? leaf.containers : rowOf(leaf).containers)) {
        if (leaf.row >= 0) {
            touch(leaf.row);
            m_count = leaf.row;
        }
        return;
    }
    if (leaf.row < 0) {
        addRow(RowKind::Paragraph, leaf.containers, leaf.begin);
        leaf.row = m_count - 1;
    }
    Row &row = rowOf(leaf);
    touch(leaf.row, leaf.progress.forced ? 0 : leaf.progress.text);
    row.sourceEnd = leaf.end;
    if (row.kind == RowKind::Table) {
        row.columns.clear();
        row.cells.clear();
    }
    if (empty) {
        clear(row);
        row.kind = RowKind::Paragraph;
        m_placeholder = leaf.row;
        return;
    }
    row.kind = leaf.type == Leaf::Type::Heading ? RowKind::Heading : RowKind::Paragraph;
    row.level = quint8(leaf.level);
    if (!leaf.containers.isEmpty())
        row.containers.last().task = leaf.containers.last().task;
    m_inlines.parseClosed(content, leaf.progress, {row.text, row.runs, leaf.unresolved});
    row.closed = true;
    if (!leaf.unresolved.isEmpty())
        wait({leaf.row, -1, -1, std::string(content)}, leaf.unresolved);
}

// Late definitions.

void RowBuilder::wait(Waiting waiting, const QStringList &labels)
{
    const std::size_t index = m_waiting.size();
    m_waiting.push_back(std::move(waiting));
    for (const QString &label : labels) {
        std::vector<std::size_t> &indices = m_waitingFor[label];
        if (indices.empty() || indices.back() != index)
            indices.push_back(index);
    }
}

void RowBuilder::define(const QString &label, const LinkTarget &target)
{
    if (m_definitions.contains(label))
        return;
    m_definitions.insert(label, target);
    const std::vector<std::size_t> indices = m_waitingFor.take(label);
    for (const std::size_t index : indices) {
        const Waiting &waiting = m_waiting[index];
        Row &row = m_rows[waiting.row];
        InlineProgress progress;
        QStringList unresolved;
        if (waiting.tableRow < 0) {
            m_inlines.parseClosed(waiting.content, progress, {row.text, row.runs, unresolved});
        } else {
            TableCell &cell = row.cells[waiting.tableRow][waiting.column];
            m_inlines.parseClosed(waiting.content, progress, {cell.text, cell.runs, unresolved});
        }
        m_relinked.push_back(waiting.row);
    }
}

} // namespace rivulet::markdown
