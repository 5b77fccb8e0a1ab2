// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/shownmessage.h"

#include "models/transcript/shownparts.h"

namespace rivulet::transcript {

const QList<Row> &contentOf(const Segment &segment)
{
    return segment.stream ? segment.stream->rows() : segment.made;
}

const Row *contentOf(const Entry &entry)
{
    if (entry.kind == TranscriptModel::Kind::User)
        return &entry.message->words[entry.at];
    if (entry.slice)
        return &*entry.slice;
    if (!entry.segment || entry.at < 0)
        return nullptr;
    const QList<Row> &content = contentOf(*entry.segment);
    return entry.at < content.size() ? &content[entry.at] : nullptr;
}

const QString &textOf(const ShownMessage &shown, const Segment &segment)
{
    return wordsOf(shown.message.parts[segment.part]);
}

bool isReasoning(const Segment &segment)
{
    return segment.head && segment.head->kind == TranscriptModel::Kind::Reasoning;
}

Entry *entryAbove(const Entry &entry)
{
    const auto &chunks = entry.segment->rows;
    if (entry.chunk > 0)
        return chunks[std::size_t(entry.at)][entry.chunk - 1];
    return entry.at > 0 ? chunks[std::size_t(entry.at - 1)].back() : nullptr;
}

Entry *entryBelow(const Entry &entry)
{
    const auto &chunks = entry.segment->rows;
    const auto at = std::size_t(entry.at);
    if (entry.chunk + 1 < chunks[at].size())
        return chunks[at][entry.chunk + 1];
    return at + 1 < chunks.size() ? chunks[at + 1].front() : nullptr;
}

bool isLastChunk(const Entry &entry)
{
    if (entry.kind == TranscriptModel::Kind::User)
        return entry.at + 1 == entry.message->words.size();
    const Entry *next = entry.at < 0 ? nullptr : entryBelow(entry);
    const Row *row = next ? contentOf(*next) : nullptr;
    return !row || !row->continuesAbove;
}

} // namespace rivulet::transcript
