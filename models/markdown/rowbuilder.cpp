// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/rowbuilder.h"

#include "models/markdown/characters.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rivulet::markdown {

namespace {

/// What waits for several definitions is parsed again at most this many times before the end of the text.
constexpr int mostParsesWhileOpen = 64;

bool isVerbatim(Leaf::Type type)
{
    return type == Leaf::Type::Fence || type == Leaf::Type::IndentedCode || type == Leaf::Type::Html
        || type == Leaf::Type::Math;
}

bool isParagraph(Leaf::Type type)
{
    return type == Leaf::Type::Paragraph || type == Leaf::Type::Heading || type == Leaf::Type::Summary;
}

bool startsWithSameContainers(const QList<RowContainer> &outer, const QList<RowContainer> &inner)
{
    return outer.size() <= inner.size()
        && std::ranges::equal(outer, inner.first(outer.size()), {}, &RowContainer::id, &RowContainer::id);
}

} // namespace

void RowBuilder::OpenLeaf::restart()
{
    type = Leaf::Type::None;
    containers = {};
    row = -1;
    begin = end = 0;
    level = 0;
    content.clear();
    skipped = 0;
    progress = {};
    unresolved.clear();
    blankLines.truncate(0);
    blankCount = 0;
    columns.clear();
    stale = provisional = false;
}

// Rows.

void RowBuilder::clear(Row &row)
{
    row.text.truncate(0);
    row.runs.clear();
    row.language.clear();
    row.columns.clear();
    row.cells.clear();
    row.level = 0;
    row.lineCount = 0;
    row.closed = false;
    row.continuesAbove = false;
}

RowKind RowBuilder::kindOf(Leaf::Type type)
{
    switch (type) {
    case Leaf::Type::Heading:
        return RowKind::Heading;
    case Leaf::Type::Summary:
        return RowKind::Summary;
    default:
        return RowKind::Paragraph;
    }
}

bool RowBuilder::isFirstSomewhere(const QList<RowContainer> &containers)
{
    return std::ranges::any_of(containers, &RowContainer::first);
}

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
    if (leaf.row != m_count - 1 || row.kind == RowKind::Table || leaf.provisional)
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
    if (!tip.isShown() || tip.hasRows || state.leaf.type != Leaf::Type::None)
        return;
    addRow(RowKind::Paragraph, state.containers(), at);
    m_placeholder = m_count - 1;
    state.setHasRows();
}

MarkdownPatch RowBuilder::takePatch()
{
    relinkMarked();
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
    if (line.turnsParagraph)
        turnIntoParagraph();
    if (!line.footnote.empty())
        defineFootnote(line.footnote);
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
    case Line::Action::CloseMath:
        m_leaf.provisional = false;
        m_leaf.end = end;
        if (!line.text.empty())
            addVerbatimLine(m_leaf, line, begin + qsizetype(line.begin), end);
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
    case Line::Action::CloseMath:
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
    m_laidLeaf.restart();
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
    m_leaf.progress.plain = false;
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
    m_isFinished = true;
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
    leaf.restart();
    leaf.type = line.type;
    leaf.containers = state.containers();
    leaf.begin = begin + qsizetype(line.begin);
    leaf.end = end;
    leaf.level = line.level;
    switch (line.type) {
    case Leaf::Type::Paragraph:
    case Leaf::Type::Heading:
    case Leaf::Type::Summary:
        leaf.content = line.text;
        leaf.stale = true;
        if (line.type != Leaf::Type::Paragraph) {
            addRow(kindOf(line.type), leaf.containers, leaf.begin);
            leaf.row = m_count - 1;
        }
        break;
    case Leaf::Type::Math:
        leaf.content = line.raw;
        leaf.provisional = line.provisional;
        addRow(RowKind::Math, leaf.containers, leaf.begin).language = u"latex"_s;
        leaf.row = m_count - 1;
        if (!line.text.empty())
            addVerbatimLine(leaf, line, leaf.begin, end);
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
        if (leaf.provisional) {
            leaf.content += '\n';
            leaf.content += line.raw;
        }
        addVerbatimLine(leaf, line, begin + qsizetype(line.begin), end);
    }
}

void RowBuilder::closeLeaf()
{
    if (m_leaf.provisional)
        turnIntoParagraph();
    if (isParagraph(m_leaf.type)) {
        closeParagraph();
    } else {
        Row &row = rowOf(m_leaf);
        row.closed = true;
        row.sourceEnd = m_leaf.end;
        touch(m_leaf.row, row.text.size());
    }
    m_leaf.restart();
}

void RowBuilder::show()
{
    OpenLeaf &leaf = m_laid ? *m_laid : m_leaf;
    if (&leaf != &m_leaf && m_leaf.stale)
        showParagraph(m_leaf);
    if (leaf.stale)
        showParagraph(leaf);
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

void RowBuilder::defineFootnote(std::string_view label)
{
    const QString name = normalizedLabel(std::string("^").append(label));
    if (!name.isEmpty())
        define(name, {});
}

void RowBuilder::define(const QString &label, const LinkTarget &target)
{
    if (m_definitions.contains(label))
        return;
    m_definitions.insert(label, target);
    for (const std::size_t index : m_waitingFor.take(label)) {
        if (!std::exchange(m_waiting[index].marked, true))
            m_marked.push_back(index);
    }
}

/// Brings what waited for new definitions up to date, once however many came together. What names many labels
/// and sees them defined one by one is left for the end some day.
void RowBuilder::relinkMarked()
{
    if (m_isFinished)
        m_marked.insert(m_marked.end(), m_markedForEnd.begin(), m_markedForEnd.end());
    for (const std::size_t index : m_marked) {
        Waiting &waiting = m_waiting[index];
        if (waiting.parses < mostParsesWhileOpen || m_isFinished)
            relink(waiting);
        else
            m_markedForEnd.push_back(index);
    }
    m_marked.clear();
}

void RowBuilder::relink(Waiting &waiting)
{
    waiting.marked = false;
    ++waiting.parses;
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

} // namespace rivulet::markdown
