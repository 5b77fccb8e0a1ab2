// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/segmentrows.h"

#include "models/transcript/newestsentence.h"
#include "models/transcript/partrows.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace rivulet::transcript {

using Kind = TranscriptModel::Kind;
using Role = TranscriptModel::Role;

namespace {

Kind kindOf(const Row &row)
{
    switch (row.kind) {
    case RowKind::Paragraph:
    case RowKind::Heading:
    case RowKind::Html:
    case RowKind::Summary:
        return Kind::Text;
    case RowKind::Code:
    case RowKind::Math:
        return Kind::Code;
    case RowKind::Table:
        return Kind::Table;
    case RowKind::Rule:
        return Kind::Rule;
    }
    Q_UNREACHABLE_RETURN(Kind::Text);
}

/// The first chunk of `row` that may no longer be what it was where `kept` units of it are.
std::size_t firstToSplit(const std::vector<Entry *> &chunks, const Row &row, qsizetype kept)
{
    if (chunks.size() < 2 || !hasFrameOf(*chunks.front()->slice, row))
        return 0;
    std::size_t first = chunks.size() - 1;
    while (first > 0 && !isKept(chunks[first - 1]->start, kept))
        --first;
    return first;
}

} // namespace

void SegmentRows::addHead(ShownMessage &shown, Segment &segment, Kind kind)
{
    auto entry = m_rows.make(kind, shown, &segment);
    segment.head = entry.get();
    m_rows.insert(m_rows.endOf(shown, segment), std::move(entry));
}

void SegmentRows::touchHead(const Segment &segment, const QList<Role> &roles)
{
    QList<int> numbers;
    for (const Role role : roles)
        numbers.append(int(role));
    m_rows.touch(m_rows.indexOf(segment.head), numbers);
}

void SegmentRows::feed(ShownMessage &shown, Segment &segment)
{
    const QString &text = textOf(shown, segment);
    const bool endsHalf = !text.isEmpty() && text.back().isHighSurrogate();
    feedUpTo(text.size() - (endsHalf ? 1 : 0), shown, segment);
    if (isReasoning(segment) && !segment.took)
        tellNewest(shown, segment);
}

void SegmentRows::feedUpTo(qsizetype end, ShownMessage &shown, Segment &segment)
{
    if (!segment.stream || end <= segment.fed)
        return;
    const QByteArray utf8 =
        QStringView(textOf(shown, segment)).sliced(segment.fed, end - segment.fed).toUtf8();
    segment.fed = end;
    apply(shown, segment, segment.stream->append(std::string_view(utf8)));
}

void SegmentRows::finish(ShownMessage &shown, Segment &segment)
{
    if (!segment.stream)
        return;
    feedUpTo(textOf(shown, segment).size(), shown, segment);
    apply(shown, segment, segment.stream->finish());
}

void SegmentRows::refresh(ShownMessage &shown, Segment &segment)
{
    if (segment.head) {
        Headline headline = headlineOf(shown.message, segment.part);
        if (headline != segment.headline) {
            segment.headline = std::move(headline);
            touchHead(segment, {Role::Title, Role::Detail, Role::Activity});
        }
        if (!segment.open)
            return;
    }
    replace(shown, segment, rowsOf(shown.message, segment.part));
}

void SegmentRows::replace(ShownMessage &shown, Segment &segment, QList<Row> made)
{
    const qsizetype common = std::min(segment.made.size(), made.size());
    MarkdownPatch patch;
    while (patch.first < common && segment.made[patch.first] == made[patch.first])
        ++patch.first;
    patch.changed = common - patch.first;
    patch.removed = segment.made.size() - common;
    segment.made = std::move(made);
    apply(shown, segment, patch);
}

void SegmentRows::drop(const ShownMessage &shown, Segment &segment)
{
    qsizetype count = 0;
    for (const auto &chunks : segment.rows)
        count += qsizetype(chunks.size());
    if (count > 0)
        m_rows.take(m_rows.endOf(shown, segment) - count, count);
    segment.rows.clear();
    segment.stream.reset();
    segment.made.clear();
    segment.fed = 0;
}

void SegmentRows::dropFrom(ShownMessage &shown, qsizetype part)
{
    while (qsizetype(shown.segments.size()) > part) {
        Segment &segment = *shown.segments.back();
        drop(shown, segment);
        if (segment.head)
            m_rows.take(m_rows.indexOf(segment.head), 1);
        shown.segments.pop_back();
    }
}

void SegmentRows::apply(ShownMessage &shown, Segment &segment, const MarkdownPatch &patch)
{
    const qsizetype kept = patch.first + patch.changed;
    if (patch.removed > 0) {
        qsizetype count = 0;
        for (auto row = std::size_t(kept); row < segment.rows.size(); ++row)
            count += qsizetype(segment.rows[row].size());
        segment.rows.resize(std::size_t(kept));
        m_rows.take(m_rows.endOf(shown, segment) - count, count);
    }
    for (const qsizetype at : patch.relinked)
        update(shown, segment, at, 0);
    for (qsizetype at = patch.first; at < kept; ++at)
        update(shown, segment, at, at == patch.first ? patch.kept : 0);

    Entries added;
    for (qsizetype at = kept; at < contentOf(segment).size(); ++at) {
        segment.rows.emplace_back();
        std::ranges::move(split(shown, segment, at, 0), std::back_inserter(added));
    }
    m_rows.insert(m_rows.endOf(shown, segment), std::move(added));
}

/// Brings the entries of one row of the content up to date, whose first `kept` units are as they were.
void SegmentRows::update(ShownMessage &shown, Segment &segment, qsizetype at, qsizetype kept)
{
    std::vector<Entry *> &chunks = segment.rows[std::size_t(at)];
    const Kind kind = kindOf(contentOf(segment)[at]);
    const auto known = qsizetype(chunks.size());
    // Looked for by its end, which is where the list is looked through first.
    const qsizetype end = m_rows.indexOf(chunks.back()) + 1;
    if (kind != chunks.front()->kind) {
        // Views choose an item by the kind when a row comes, so that it has to come again.
        Entries taken = m_rows.take(end - known, known);
        taken.resize(1);
        chunks.resize(1);
        chunks.front()->kind = kind;
        chunks.front()->highlighter.reset();
        ++chunks.front()->revision;
        m_rows.insert(end - known, std::move(taken));
        update(shown, segment, at, 0);
        return;
    }
    Entries added = split(shown, segment, at, kept);
    const auto wanted = qsizetype(chunks.size());
    if (wanted < known)
        m_rows.take(end - known + wanted, known - wanted);
    m_rows.insert(end, std::move(added));
}

/// Gives the chunks of a row of the content their slices, but for those at its start that are as they were,
/// and returns the entries that it made for new ones. Those that are too many are forgotten here, and left in
/// the list.
Entries SegmentRows::split(ShownMessage &shown, Segment &segment, qsizetype at, qsizetype kept)
{
    const Row &row = contentOf(segment)[at];
    std::vector<Entry *> &chunks = segment.rows[std::size_t(at)];
    const bool grows = segment.stream && !row.closed && at + 1 == contentOf(segment).size();
    const qsizetype settled = grows ? segment.stream->settled() : row.text.size();
    const std::size_t known = chunks.size();
    std::size_t count = firstToSplit(chunks, row, kept);
    ChunkStart start = count < known ? chunks[count]->start : ChunkStart();
    Entries made;
    do {
        const qsizetype end = chunkEnd(row, start, settled);
        const bool isNew = count == chunks.size();
        if (isNew) {
            made.push_back(m_rows.make(kindOf(row), shown, &segment, at));
            made.back()->chunk = count;
            chunks.push_back(made.back().get());
        }
        Entry &entry = *chunks[count];
        const bool changed = show(entry, row, start, end);
        if (changed && !isNew) {
            ++entry.revision;
            m_rows.touch(m_rows.indexOf(&entry), {int(Role::Content), int(Role::Gap), int(Role::LastChunk)});
        }
        start = nextStart(row, start, end);
        ++count;
    } while (start.text < row.text.size());
    chunks.resize(count);
    return made;
}

/// Lets the entry show that chunk of `row`. False where it did so already.
bool SegmentRows::show(Entry &entry, const Row &row, const ChunkStart &start, qsizetype end)
{
    entry.start = start;
    if (start.text == 0 && end == row.text.size()) {
        entry.slice.reset();
        return true;
    }
    Row slice = sliceOf(row, start, end);
    m_copied += quint64(slice.text.size());
    if (entry.slice) {
        // Where the whole block ends in the source makes no chunk another one.
        entry.slice->sourceEnd = slice.sourceEnd;
        if (entry.slice == slice)
            return false;
    }
    entry.slice = std::move(slice);
    return true;
}

void SegmentRows::tellNewest(const ShownMessage &shown, Segment &segment)
{
    QString newest = newestSentence(textOf(shown, segment));
    if (newest == segment.newest)
        return;
    segment.newest = std::move(newest);
    touchHead(segment, {Role::Newest});
}

} // namespace rivulet::transcript
