// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/chunks.h"

#include <algorithm>

namespace rivulet::transcript {

namespace {

constexpr qsizetype longestChunk = 8192; ///< of a block in one row, in UTF-16 units

QList<InlineRun> runsWithin(const QList<InlineRun> &runs, qsizetype begin, qsizetype end)
{
    QList<InlineRun> within;
    for (const InlineRun &run : runs) {
        if (run.begin >= end)
            break;
        const qsizetype from = std::max(run.begin, begin);
        const qsizetype to = std::min(run.begin + run.length, end);
        if (from >= to)
            continue;
        within.append(run);
        within.last().begin = from - begin;
        within.last().length = to - from;
    }
    return within;
}

/// The text of a chunk: the line end behind it is where the next one begins.
QStringView chunkText(const Row &row, qsizetype begin, qsizetype end)
{
    QStringView text = QStringView(row.text).sliced(begin, end - begin);
    if (end < row.text.size() && text.endsWith(u'\n'))
        text.chop(1);
    return text;
}

} // namespace

qsizetype chunkEnd(QStringView text, qsizetype begin)
{
    if (text.size() - begin <= longestChunk)
        return text.size();
    const QStringView window = text.sliced(begin, longestChunk);
    for (const QChar stop : {u'\n', u' '}) {
        if (const qsizetype last = window.lastIndexOf(stop); last > 0)
            return begin + last + 1;
    }
    return begin + longestChunk - (text[begin + longestChunk].isLowSurrogate() ? 1 : 0);
}

Row sliceOf(const Row &row, qsizetype begin, qsizetype end)
{
    Row slice = row;
    slice.text = chunkText(row, begin, end).toString();
    slice.runs = runsWithin(row.runs, begin, end);
    slice.closed = row.closed || end < row.text.size();
    slice.continuesAbove = row.continuesAbove || begin > 0;
    if (begin > 0) {
        for (RowContainer &container : slice.containers)
            container.first = false;
    }
    return slice;
}

bool sameSlice(const Row &slice, const Row &row, qsizetype begin, qsizetype end)
{
    return slice.closed == (row.closed || end < row.text.size()) && slice.kind == row.kind
        && chunkText(row, begin, end) == slice.text && runsWithin(row.runs, begin, end) == slice.runs;
}

QList<Row> chunksOf(const QString &text)
{
    Row words;
    words.closed = true;
    words.text = text;
    QList<Row> rows;
    qsizetype begin = 0;
    do {
        const qsizetype end = chunkEnd(text, begin);
        rows.append(sliceOf(words, begin, end));
        rows.last().text.replace(u'\n', QChar::LineSeparator);
        begin = end;
    } while (begin < text.size());
    return rows;
}

} // namespace rivulet::transcript
