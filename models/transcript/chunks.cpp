// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/chunks.h"

#include <QtCore/qstringview.h>
#include <QtCore/qtextboundaryfinder.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace rivulet::transcript {

namespace {

/// Units behind a chunk that tell whether a character ends with it: the next one can take two.
constexpr qsizetype lookahead = 2;
/// A sentence that ends further before the end of a chunk than this many units is passed over.
constexpr qsizetype niceStretch = 512;
/// Runs around a cut beyond this depth do not go on behind it, so that no chunk costs more than that.
constexpr qsizetype mostOpenRuns = 64;

qsizetype endOf(const InlineRun &run)
{
    return run.begin + run.length;
}

bool isLineEnd(QChar c)
{
    return c == u'\n' || c == QChar::LineSeparator;
}

/// Whether both halves of the run would look like things of their own. Those of bold text do not.
bool isOneThing(const InlineRun &run)
{
    switch (run.kind) {
    case InlineRun::Kind::Code:
    case InlineRun::Kind::Link:
    case InlineRun::Kind::Image:
    case InlineRun::Kind::Html:
    case InlineRun::Kind::Math:
    case InlineRun::Kind::DisplayMath:
    case InlineRun::Kind::Keyboard:
    case InlineRun::Kind::Footnote:
        return true;
    case InlineRun::Kind::Emphasis:
    case InlineRun::Kind::Strong:
    case InlineRun::Kind::Strike:
    case InlineRun::Kind::SoftBreak:
    case InlineRun::Kind::HardBreak:
    case InlineRun::Kind::Subscript:
    case InlineRun::Kind::Superscript:
        return false;
    }
    Q_UNREACHABLE_RETURN(false);
}

/// Looks for the best place to cut the first usualChunk units of a longer text.
class CutFinder
{
public:
    CutFinder(const Row &row, const ChunkStart &start)
        : m_window(QStringView(row.text).sliced(start.text, usualChunk + lookahead))
    {
        const auto add = [&](const InlineRun &run) {
            if (isOneThing(run) && (m_things.empty() || run.begin - start.text >= m_things.back().end))
                m_things.push_back({run.begin - start.text, endOf(run) - start.text});
        };
        for (const qsizetype open : start.open)
            add(row.runs[open]);
        for (auto run = start.run; run < row.runs.size() && row.runs[run].begin < start.text + usualChunk;
             ++run)
            add(row.runs[run]);
    }

    /// How many units to take.
    [[nodiscard]] qsizetype cut() const
    {
        for (qsizetype at = usualChunk; at > 0; --at) {
            if (isLineEnd(m_window[at - 1]) && !isWithinOneThing(at))
                return at;
        }
        using enum QTextBoundaryFinder::BoundaryType;
        if (const qsizetype at = lastBoundary(Sentence, usualChunk - niceStretch, false); at > 0)
            return at;
        for (const bool within : {false, true}) {
            if (const qsizetype at = lastBoundary(Line, 0, within); at > 0)
                return at;
        }
        if (const qsizetype at = lastBoundary(Grapheme, 0, true); at > 0)
            return at;
        return usualChunk - (m_window[usualChunk].isLowSurrogate() ? 1 : 0);
    }

private:
    struct Thing
    {
        qsizetype begin;
        qsizetype end;
    };

    [[nodiscard]] bool isWithinOneThing(qsizetype at) const
    {
        const auto behind = std::ranges::lower_bound(m_things, at, {}, &Thing::begin);
        return behind != m_things.begin() && at < std::prev(behind)->end;
    }

    /// The last boundary behind `floor`, also `within` one thing or not; 0 where there is none.
    [[nodiscard]] qsizetype lastBoundary(QTextBoundaryFinder::BoundaryType type, qsizetype floor,
                                         bool within) const
    {
        // From the beginning of the chunk: whether two regional indicators are one flag depends on all
        // before.
        QTextBoundaryFinder finder(type, m_window);
        finder.setPosition(m_window.size());
        for (qsizetype at = finder.toPreviousBoundary(); at > floor; at = finder.toPreviousBoundary()) {
            if (within || !isWithinOneThing(at))
                return at;
        }
        return 0;
    }

    QStringView m_window;        ///< and what follows
    std::vector<Thing> m_things; ///< side by side, in their order
};

QStringView shownText(const Row &row, qsizetype begin, qsizetype end)
{
    QStringView text = QStringView(row.text).sliced(begin, end - begin);
    if (end < row.text.size() && !text.isEmpty() && isLineEnd(text.back()))
        text.chop(1);
    return text;
}

} // namespace

qsizetype chunkEnd(const Row &row, const ChunkStart &start, qsizetype settled)
{
    const qsizetype rest = row.text.size() - start.text;
    const bool fits = rest <= longestChunk && settled - start.text < usualChunk + lookahead;
    if (row.kind == RowKind::Table || fits)
        return row.text.size();
    return start.text + CutFinder(row, start).cut();
}

ChunkStart nextStart(const Row &row, const ChunkStart &start, qsizetype end)
{
    ChunkStart next{.text = end, .run = start.run, .open = {}};
    const auto add = [&](qsizetype run) {
        if (endOf(row.runs[run]) > end)
            next.open.append(run);
    };
    std::ranges::for_each(start.open, add);
    for (; next.run < row.runs.size() && row.runs[next.run].begin < end; ++next.run)
        add(next.run);
    if (next.open.size() > mostOpenRuns)
        next.open.remove(0, next.open.size() - mostOpenRuns);
    return next;
}

bool isKept(const ChunkStart &start, qsizetype kept)
{
    return start.text + usualChunk + lookahead <= kept;
}

Row sliceOf(const Row &row, const ChunkStart &start, qsizetype end)
{
    Row slice = row;
    const QStringView text = shownText(row, start.text, end);
    slice.text = text.toString();
    slice.runs.clear();
    const auto add = [&](InlineRun run) {
        const qsizetype from = std::max(run.begin - start.text, qsizetype(0));
        const qsizetype to = std::min(endOf(run) - start.text, text.size());
        if (from >= to)
            return;
        run.begin = from;
        run.length = to - from;
        slice.runs.append(std::move(run));
    };
    for (const qsizetype open : start.open)
        add(row.runs[open]);
    for (auto run = start.run; run < row.runs.size() && row.runs[run].begin < end; ++run)
        add(row.runs[run]);
    slice.closed = row.closed || end < row.text.size();
    slice.continuesAbove = row.continuesAbove || start.text > 0;
    if (start.text > 0) {
        for (RowContainer &container : slice.containers)
            container.first = false;
    }
    return slice;
}

bool hasFrameOf(const Row &slice, const Row &row)
{
    return slice.kind == row.kind && slice.level == row.level && slice.language == row.language
        && slice.continuesAbove == row.continuesAbove && slice.containers == row.containers;
}

QList<Row> chunksOf(const QString &text)
{
    Row words;
    words.closed = true;
    words.text = text;
    QList<Row> rows;
    ChunkStart start;
    do {
        const qsizetype end = chunkEnd(words, start, text.size());
        rows.append(sliceOf(words, start, end));
        rows.last().text.replace(u'\n', QChar::LineSeparator);
        start = nextStart(words, start, end);
    } while (start.text < text.size());
    return rows;
}

} // namespace rivulet::transcript
