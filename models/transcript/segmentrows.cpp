// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/segmentrows.h"

#include "models/transcript/chunks.h"
#include "models/transcript/newestsentence.h"
#include "models/transcript/partrows.h"

#include <algorithm>
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
        return Kind::Text;
    case RowKind::Code:
        return Kind::Code;
    case RowKind::Table:
        return Kind::Table;
    case RowKind::Rule:
        return Kind::Rule;
    }
    Q_UNREACHABLE_RETURN(Kind::Text);
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
    if (segment.stream && text.size() > segment.fed) {
        const QByteArray utf8 = QStringView(text).sliced(segment.fed).toUtf8();
        segment.fed = text.size();
        apply(shown, segment, segment.stream->append(std::string_view(utf8)));
    }
    if (isReasoning(segment) && !segment.took)
        tellNewest(shown, segment);
}

void SegmentRows::finish(ShownMessage &shown, Segment &segment)
{
    if (segment.stream)
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
        update(shown, segment, at);
    for (qsizetype at = patch.first; at < kept; ++at)
        update(shown, segment, at);

    Entries added;
    for (qsizetype at = kept; at < contentOf(segment).size(); ++at) {
        segment.rows.emplace_back();
        std::ranges::move(split(shown, segment, at), std::back_inserter(added));
    }
    m_rows.insert(m_rows.endOf(shown, segment), std::move(added));
}

/// Brings the entries of one row of the stream up to date.
void SegmentRows::update(ShownMessage &shown, Segment &segment, qsizetype at)
{
    std::vector<Entry *> &chunks = segment.rows[std::size_t(at)];
    const Kind kind = kindOf(contentOf(segment)[at]);
    const qsizetype begin = m_rows.indexOf(chunks.front());
    if (kind != chunks.front()->kind) {
        // Views choose an item by the kind when a row comes, so that it has to come again.
        Entries taken = m_rows.take(begin, qsizetype(chunks.size()));
        taken.resize(1);
        chunks.resize(1);
        chunks.front()->kind = kind;
        chunks.front()->highlighter.reset();
        ++chunks.front()->revision;
        m_rows.insert(begin, std::move(taken));
    }
    const auto known = qsizetype(chunks.size());
    Entries added = split(shown, segment, at);
    const auto wanted = qsizetype(chunks.size());
    if (wanted < known)
        m_rows.take(begin + wanted, known - wanted);
    m_rows.insert(begin + known, std::move(added));
}

/// Gives every chunk of a row of the stream its slice, and returns the entries that it made for new ones.
/// Those that are too many are forgotten here, and left in the list.
Entries SegmentRows::split(ShownMessage &shown, Segment &segment, qsizetype at)
{
    const Row &row = contentOf(segment)[at];
    std::vector<Entry *> &chunks = segment.rows[std::size_t(at)];
    const auto known = chunks.size();
    Entries made;
    size_t count = 0;
    qsizetype begin = 0;
    do {
        const qsizetype end = row.kind == RowKind::Table ? row.text.size() : chunkEnd(row.text, begin);
        const bool whole = begin == 0 && end == row.text.size();
        if (count == known + made.size()) {
            made.push_back(m_rows.make(kindOf(row), shown, &segment, at));
            made.back()->chunk = count;
            chunks.push_back(made.back().get());
        }
        Entry &entry = *chunks[count];
        if (whole) {
            entry.slice.reset();
        } else if (entry.slice && sameSlice(*entry.slice, row, begin, end)) {
            begin = end;
            ++count;
            continue;
        } else {
            entry.slice = sliceOf(row, begin, end);
        }
        if (count < known) {
            ++entry.revision;
            m_rows.touch(m_rows.indexOf(&entry), {int(Role::Content), int(Role::Gap), int(Role::LastChunk)});
        }
        begin = end;
        ++count;
    } while (begin < row.text.size());
    chunks.resize(count);
    return made;
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
