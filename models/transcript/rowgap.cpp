// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/rowgap.h"

#include <algorithm>

namespace rivulet::transcript {

using Gap = TranscriptModel::Gap;
using Kind = TranscriptModel::Kind;

namespace {

/// The outermost list around a row, 0 where there is none.
quint32 listOf(const Row &row)
{
    const auto item = std::ranges::find_if(row.containers, [](const RowContainer &c) { return c.list != 0; });
    return item == row.containers.end() ? 0 : item->list;
}

} // namespace

Gap gapBetween(const Entry &above, const Entry &entry)
{
    if (entry.message != above.message)
        return Gap::Message;
    const auto isLine = [](Kind kind) { return kind == Kind::Tool || kind == Kind::Status; };
    if (entry.kind == Kind::Footer || (isLine(entry.kind) && isLine(above.kind))
        || (above.kind == Kind::Status && entry.segment == above.segment))
        return Gap::Tight;
    const Row *row = contentOf(entry);
    const Row *rowAbove = contentOf(above);
    if (!row || !rowAbove || entry.segment != above.segment)
        return Gap::Paragraph;
    if (row->continuesAbove)
        return Gap::None;
    if (row->kind == RowKind::Heading)
        return Gap::Section;
    // A list can become loose while it grows. Its items keep their distance, so that nothing moves.
    const bool startsItem = std::ranges::any_of(row->containers, &RowContainer::first);
    return startsItem && listOf(*row) != 0 && listOf(*row) == listOf(*rowAbove) ? Gap::Tight : Gap::Paragraph;
}

} // namespace rivulet::transcript
