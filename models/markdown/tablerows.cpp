// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/rowbuilder.h"

#include "models/markdown/characters.h"

#include <algorithm>

namespace rivulet::markdown {

namespace {

constexpr qsizetype tableRowsPerChunk = 32;
/// A line that begins like a table is shown as its header up to this many bytes: each delta shows it anew.
constexpr std::size_t longestShownHeader = 2048;

} // namespace

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
    const std::span<const std::string_view> contents = m_tableLine.cellsOf(text);
    const auto written = qsizetype(contents.size());
    QList<TableCell> cells;
    cells.reserve(leaf.columns.size());
    for (qsizetype column = 0; column < leaf.columns.size(); ++column) {
        TableCell &cell = cells.emplaceBack();
        if (column >= written)
            continue;
        const std::string_view content = contents[size_t(column)];
        InlineProgress progress;
        QStringList unresolved;
        if (open && cells.size() == written)
            m_inlines.parseOpen(content, progress, {cell.text, cell.runs, unresolved});
        else
            m_inlines.parseClosed(content, progress, {cell.text, cell.runs, unresolved});
        if (!m_isLaid && !unresolved.isEmpty())
            wait({leaf.row, row.cells.size(), column, std::string(content)}, unresolved);
    }
    row.cells.append(std::move(cells));
    row.sourceEnd = end;
    touch(leaf.row);
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
    leaf.columns = QList<ColumnAlignment>(std::ssize(m_tableLine.cellsOf(content)));
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

} // namespace rivulet::markdown
