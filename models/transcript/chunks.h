// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: long blocks in rows that can be laid out one at a time.
//
// Where a chunk ends is told by its own text and nothing else, so that a block that streams is cut where it
// would be cut if it came at once. While it streams a cut waits until the text around it is settled, which is
// what the last chunk has room for between usualChunk and longestChunk.

#include "models/markdown/row.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace rivulet::transcript {

/// UTF-16 units that a row shows at most.
inline constexpr qsizetype longestChunk = 8192;
/// UTF-16 units that a chunk has at most once another one follows it.
inline constexpr qsizetype usualChunk = 5120;

/// Where a chunk of a row begins.
struct ChunkStart
{
    qsizetype text = 0;    ///< in UTF-16 units
    qsizetype run = 0;     ///< the first run that begins here or later
    QList<qsizetype> open; ///< the runs that go on across it, outermost first; at most 64, the innermost
};

/// Where the chunk that begins at `start` ends: all of a short text, else behind a line end, a sentence or a
/// place where a line may break, or at least between two characters as people see them; within a link,
/// an image, code or HTML only where there is no other place. `settled` units of the text will not change.
[[nodiscard]] qsizetype chunkEnd(const Row &row, const ChunkStart &start, qsizetype settled);

/// The start of the chunk behind the one from `start` to `end`.
[[nodiscard]] ChunkStart nextStart(const Row &row, const ChunkStart &start, qsizetype end);

/// Whether a chunk that another one follows is as it was where the first `kept` units of its row are.
[[nodiscard]] bool isKept(const ChunkStart &start, qsizetype kept);

/// What the chunk of `row` from `start` to `end` shows. A line end behind it is left out: the next row begins
/// on a new line anyway.
[[nodiscard]] Row sliceOf(const Row &row, const ChunkStart &start, qsizetype end);

/// Whether the first chunk of `row`, which `slice` shows, still has the kind and the containers of its row.
[[nodiscard]] bool hasFrameOf(const Row &slice, const Row &row);

/// The user's words as rows.
[[nodiscard]] QList<Row> chunksOf(const QString &text);

} // namespace rivulet::transcript
