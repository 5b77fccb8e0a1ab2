// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/rowcolours.h"

#include <utility>

namespace rivulet::transcript {

const CodeHighlighter *coloursOf(Entry &entry, CodeHighlighter::Theme theme)
{
    if (entry.kind != TranscriptModel::Kind::Code || !contentOf(entry))
        return nullptr;
    const auto ready = [&](const Entry &chunk) { return chunk.highlighter && chunk.theme == theme; };
    Entry *chunk = &entry;
    while (!ready(*chunk) && contentOf(*chunk)->continuesAbove && entryAbove(*chunk))
        chunk = entryAbove(*chunk);
    for (Entry *previous = nullptr;; previous = std::exchange(chunk, entryBelow(*chunk))) {
        const Row &row = *contentOf(*chunk);
        const bool fresh = !ready(*chunk);
        if (fresh) {
            chunk->highlighter =
                previous ? previous->highlighter->following() : CodeHighlighter(row.language, theme);
            chunk->theme = theme;
        }
        if (fresh || chunk->highlighted != chunk->revision) {
            chunk->highlighter->update(row.text);
            chunk->highlighted = chunk->revision;
        }
        if (chunk == &entry)
            break;
    }
    return &*entry.highlighter;
}

} // namespace rivulet::transcript
