// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: the rows of one part of a message.

#include "models/markdown/markdownstream.h"
#include "models/transcript/chunks.h"
#include "models/transcript/rowlist.h"
#include "models/transcript/shownmessage.h"

namespace rivulet::transcript {

/// Keeps the rows of segments like their parts: words are fed to a markdown stream as they grow, whose
/// patches become changes of rows; what is no words is made anew and compared.
class SegmentRows
{
public:
    /// `rows` must outlive it.
    explicit SegmentRows(RowList &rows) : m_rows(rows) {}

    /// Puts the line above the rows that a segment will have.
    void addHead(ShownMessage &shown, Segment &segment, TranscriptModel::Kind kind);
    /// Hands the segment's stream, where it has one, what its part has more. Half a character, which servers
    /// can send, waits for its other half.
    void feed(ShownMessage &shown, Segment &segment);
    /// The words of the segment are over.
    void finish(ShownMessage &shown, Segment &segment);
    /// Brings headline and rows of what is no words up to date.
    void refresh(ShownMessage &shown, Segment &segment);
    /// Tells that these roles of the segment's head have changed.
    void touchHead(const Segment &segment, const QList<TranscriptModel::Role> &roles);

    /// Takes away the segment's rows below its head. Its words can be fed again from their beginning.
    void drop(const ShownMessage &shown, Segment &segment);
    /// Takes away the segments from that part on, with their heads.
    void dropFrom(ShownMessage &shown, qsizetype part);

    /// How many UTF-16 units were copied from blocks into chunks so far.
    [[nodiscard]] quint64 copied() const { return m_copied; }

private:
    void feedUpTo(qsizetype end, ShownMessage &shown, Segment &segment);
    void replace(ShownMessage &shown, Segment &segment, QList<Row> made);
    void apply(ShownMessage &shown, Segment &segment, const MarkdownPatch &patch);
    void update(ShownMessage &shown, Segment &segment, qsizetype at, qsizetype kept);
    Entries split(ShownMessage &shown, Segment &segment, qsizetype at, qsizetype kept);
    bool show(Entry &entry, const Row &row, const ChunkStart &start, qsizetype end);
    void tellNewest(const ShownMessage &shown, Segment &segment);

    RowList &m_rows;
    quint64 m_copied = 0;
};

} // namespace rivulet::transcript
