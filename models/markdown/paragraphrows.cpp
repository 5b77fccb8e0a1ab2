// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/rowbuilder.h"

#include "models/markdown/characters.h"

#include <algorithm>

using namespace std::string_view_literals;

namespace rivulet::markdown {

namespace {

/// What may become a link reference definition is held back up to this many bytes.
constexpr std::size_t longestHeldDefinition = 2048;
constexpr std::size_t longestHeldLabel = 80;

} // namespace

/// Moves leaf.skipped behind the link reference definitions at the beginning, which count once the leaf is
/// over.
void RowBuilder::skipDefinitions(OpenLeaf &leaf, bool open, bool &held)
{
    if (leaf.row >= 0 && (rowOf(leaf).kind == RowKind::Heading || rowOf(leaf).kind == RowKind::Summary))
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
    const bool ofOneLine =
        leaf.row >= 0 && (rowOf(leaf).kind == RowKind::Heading || rowOf(leaf).kind == RowKind::Summary);
    if (!m_options.taskLists || ofOneLine || leaf.containers.isEmpty())
        return;
    const RowContainer &item = leaf.containers.constLast();
    const std::string_view rest = std::string_view(leaf.content).substr(leaf.skipped);
    const bool firstInItem = item.first
        || (leaf.row < 0 && m_placeholder >= 0
            && std::ranges::equal(m_rows[m_placeholder].containers, leaf.containers, {}, &RowContainer::id,
                                  &RowContainer::id));
    if (item.list == 0 || !firstInItem || !rest.starts_with('['))
        return;
    const auto unfinished = {"["sv, "[ "sv, "[x"sv, "[X"sv, "[ ]"sv, "[x]"sv, "[X]"sv};
    if (open && std::ranges::contains(unfinished, rest)) {
        held = true;
        return;
    }
    const bool box =
        rest.size() > 3 && rest[2] == ']' && isBlank(rest[3]) && (rest[1] == ' ' || lower(rest[1]) == 'x');
    if (!box)
        return;
    leaf.containers.last().task = rest[1] == ' ' ? RowContainer::Task::Open : RowContainer::Task::Done;
    leaf.skipped += 4;
}

void RowBuilder::showParagraph(OpenLeaf &leaf)
{
    leaf.stale = false;
    bool held = false;
    const std::size_t skipped = std::exchange(leaf.skipped, 0);
    const auto task = [&leaf] {
        return leaf.containers.isEmpty() ? RowContainer::Task::None : leaf.containers.constLast().task;
    };
    if (task() != RowContainer::Task::None)
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
    if (!leaf.containers.isEmpty() && row.containers.constLast().task != task())
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

/// What looked like a formula is none, because its end did not come.
void RowBuilder::turnIntoParagraph()
{
    m_leaf.type = Leaf::Type::Paragraph;
    m_leaf.provisional = false;
    m_leaf.stale = true;
    Row &row = rowOf(m_leaf);
    clear(row);
    row.kind = RowKind::Paragraph;
    touch(m_leaf.row);
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
    const bool isTask =
        !leaf.containers.isEmpty() && leaf.containers.constLast().task != RowContainer::Task::None;
    const bool empty = trimmed(content).empty() && leaf.type == Leaf::Type::Paragraph && !isTask;
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
    row.kind = kindOf(leaf.type);
    row.level = quint8(leaf.level);
    if (!leaf.containers.isEmpty() && row.containers.constLast().task != leaf.containers.constLast().task)
        row.containers.last().task = leaf.containers.constLast().task;
    m_inlines.parseClosed(content, leaf.progress, {row.text, row.runs, leaf.unresolved});
    row.closed = true;
    if (!leaf.unresolved.isEmpty())
        wait({leaf.row, -1, -1, std::string(content)}, leaf.unresolved);
}

} // namespace rivulet::markdown
