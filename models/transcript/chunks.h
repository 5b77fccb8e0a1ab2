// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: long blocks in rows that can be laid out one at a time.

#include "models/markdown/row.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringview.h>

namespace rivulet::transcript {

/// Where the chunk of `text` that begins at `begin` ends: all of a short text, else behind a line end or a
/// blank where there is one. Appending to the text moves no end but the last.
[[nodiscard]] qsizetype chunkEnd(QStringView text, qsizetype begin);

/// What one chunk of `row` shows: its text and its runs from `begin` to `end`.
[[nodiscard]] Row sliceOf(const Row &row, qsizetype begin, qsizetype end);

/// Whether `slice` is what sliceOf() would give.
[[nodiscard]] bool sameSlice(const Row &slice, const Row &row, qsizetype begin, qsizetype end);

/// The user's words as rows.
[[nodiscard]] QList<Row> chunksOf(const QString &text);

} // namespace rivulet::transcript
