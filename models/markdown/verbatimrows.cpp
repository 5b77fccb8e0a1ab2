// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/rowbuilder.h"

#include "models/markdown/characters.h"

#include <algorithm>

namespace rivulet::markdown {

namespace {

constexpr qsizetype linesPerChunk = 64;

} // namespace

void RowBuilder::addVerbatimLine(OpenLeaf &leaf, const Line &line, qsizetype begin, qsizetype end)
{
    if (const Row &row = rowOf(leaf); !m_isLaid && leaf.type != Leaf::Type::IndentedCode && line.padding == 0
        && row.lineCount > 0 && row.lineCount < linesPerChunk) {
        appendLine(leaf, line.text, end);
        return;
    }
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

/// The usual case of it: one more line in the same row, for good.
void RowBuilder::appendLine(const OpenLeaf &leaf, std::string_view text, qsizetype end)
{
    Row &row = rowOf(leaf);
    touch(leaf.row, row.text.size());
    row.text += u'\n';
    appendText(row.text, text);
    ++row.lineCount;
    row.sourceEnd = end;
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

} // namespace rivulet::markdown
