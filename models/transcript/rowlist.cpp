// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/rowlist.h"

#include <iterator>
#include <utility>

namespace rivulet::transcript {

using Role = TranscriptModel::Role;

qsizetype RowList::indexOf(const Entry *entry) const
{
    for (qsizetype i = size() - 1; i >= 0; --i) {
        if (&(*this)[i] == entry)
            return i;
    }
    return -1;
}

qsizetype RowList::endOf(const ShownMessage &shown) const
{
    for (qsizetype i = size() - 1; i >= 0; --i) {
        if ((*this)[i].message == &shown)
            return i + 1;
    }
    return size();
}

qsizetype RowList::endOf(const ShownMessage &shown, const Segment &segment) const
{
    qsizetype begin = size();
    for (qsizetype i = begin - 1; i >= 0; --i) {
        const Entry &entry = (*this)[i];
        if (entry.message == &shown) {
            if (entry.segment && entry.segment->part <= segment.part)
                return i + 1;
            begin = i;
        } else if (begin < size()) {
            break;
        }
    }
    return begin;
}

bool RowList::isFirstInMessage(qsizetype at) const
{
    return at == 0 || (*this)[at - 1].message != (*this)[at].message;
}

bool RowList::isLastInMessage(qsizetype at) const
{
    return at + 1 == size() || (*this)[at + 1].message != (*this)[at].message;
}

bool RowList::endsPending(const ShownMessage &shown) const
{
    return !m_rows.empty() && m_rows.back()->kind == TranscriptModel::Kind::Pending
        && m_rows.back()->message == &shown;
}

std::unique_ptr<Entry> RowList::make(TranscriptModel::Kind kind, ShownMessage &shown, Segment *segment,
                                     qsizetype at)
{
    auto entry = std::make_unique<Entry>();
    entry->id = ++m_lastId;
    entry->kind = kind;
    entry->message = &shown;
    entry->segment = segment;
    entry->at = at;
    return entry;
}

void RowList::insert(qsizetype at, std::unique_ptr<Entry> entry)
{
    Entries one;
    one.push_back(std::move(entry));
    insert(at, std::move(one));
}

void RowList::insert(qsizetype at, Entries entries)
{
    const auto count = qsizetype(entries.size());
    if (count == 0)
        return;
    m_touched += quint64(count);
    if (!m_resetting)
        m_observer.aboutToInsert(at, at + count - 1);
    for (const auto &entry : entries)
        m_byId.insert(entry->id, entry.get());
    m_rows.insert(m_rows.begin() + at, std::make_move_iterator(entries.begin()),
                  std::make_move_iterator(entries.end()));
    if (!m_resetting) {
        m_observer.inserted();
        touchNeighbours(at - 1, at + count);
        m_observer.countChanged();
    }
}

Entries RowList::take(qsizetype at, qsizetype count)
{
    if (count <= 0)
        return {};
    m_touched += quint64(count);
    if (!m_resetting)
        m_observer.aboutToRemove(at, at + count - 1);
    const auto begin = m_rows.begin() + at;
    Entries taken(std::make_move_iterator(begin), std::make_move_iterator(begin + count));
    m_rows.erase(begin, begin + count);
    for (const auto &entry : taken)
        m_byId.remove(entry->id);
    if (!m_resetting) {
        m_observer.removed();
        touchNeighbours(at - 1, at);
        m_observer.countChanged();
    }
    return taken;
}

void RowList::touch(qsizetype at, const QList<int> &roles)
{
    ++m_touched;
    if (!m_resetting)
        m_observer.changed(at, roles);
}

/// What rows say about the rows beside them, after those changed.
void RowList::touchNeighbours(qsizetype above, qsizetype below)
{
    if (above >= 0)
        touch(above, {int(Role::LastInMessage), int(Role::LastChunk), int(Role::Tail)});
    if (below < size())
        touch(below, {int(Role::Gap), int(Role::FirstInMessage)});
}

void RowList::beginReset()
{
    m_resetting = true;
    m_byId.clear();
    m_rows.clear();
}

} // namespace rivulet::transcript
