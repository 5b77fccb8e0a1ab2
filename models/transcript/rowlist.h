// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: the flat list of rows.

#include "models/transcript/shownmessage.h"

#include <QtCore/qhash.h>
#include <QtCore/qlist.h>

#include <memory>

namespace rivulet::transcript {

/// Who is told of each change of a RowList, as an item model has to be.
class RowListObserver
{
public:
    virtual ~RowListObserver() = default;

    virtual void aboutToInsert(qsizetype first, qsizetype last) = 0;
    virtual void inserted() = 0;
    virtual void aboutToRemove(qsizetype first, qsizetype last) = 0;
    virtual void removed() = 0;
    virtual void changed(qsizetype at, const QList<int> &roles) = 0;
    /// After inserted() or removed(), and after the rows beside were told to have changed.
    virtual void countChanged() = 0;

protected:
    RowListObserver() = default;
    Q_DISABLE_COPY_MOVE(RowListObserver)
};

/// All rows in their order. Changes are expected at the end, so that what looks for a row begins there.
class RowList
{
public:
    /// `observer` must outlive the list.
    explicit RowList(RowListObserver &observer) : m_observer(observer) {}
    Q_DISABLE_COPY_MOVE(RowList)

    [[nodiscard]] qsizetype size() const { return qsizetype(m_rows.size()); }
    [[nodiscard]] const Entry &operator[](qsizetype at) const { return *m_rows[std::size_t(at)]; }
    /// The row of that id, null where there is none.
    [[nodiscard]] Entry *find(quint64 id) const { return m_byId.value(id); }

    [[nodiscard]] qsizetype indexOf(const Entry *entry) const;
    /// Behind the last row of the message; at the end where it has none.
    [[nodiscard]] qsizetype endOf(const ShownMessage &shown) const;
    /// Behind the last row of the segment, or where its first one belongs.
    [[nodiscard]] qsizetype endOf(const ShownMessage &shown, const Segment &segment) const;
    [[nodiscard]] bool isFirstInMessage(qsizetype at) const;
    [[nodiscard]] bool isLastInMessage(qsizetype at) const;
    /// Whether the last row of all stands for an answer of this message that has not come yet.
    [[nodiscard]] bool endsPending(const ShownMessage &shown) const;

    /// A new row with an id of its own, not in the list yet.
    [[nodiscard]] std::unique_ptr<Entry> make(TranscriptModel::Kind kind, ShownMessage &shown,
                                              Segment *segment = nullptr, qsizetype at = -1);
    void insert(qsizetype at, Entries entries);
    void insert(qsizetype at, std::unique_ptr<Entry> entry);
    /// Takes away and returns `count` rows.
    Entries take(qsizetype at, qsizetype count);
    /// Tells that what these roles give has changed.
    void touch(qsizetype at, const QList<int> &roles);

    /// Empties the list. The observer hears of nothing until endReset().
    void beginReset();
    void endReset() { m_resetting = false; }

    /// How many rows were inserted, changed or removed so far.
    [[nodiscard]] quint64 touched() const { return m_touched; }

private:
    void touchNeighbours(qsizetype above, qsizetype below);

    RowListObserver &m_observer;
    Entries m_rows;
    QHash<quint64, Entry *> m_byId;
    quint64 m_lastId = 0;
    quint64 m_touched = 0;
    bool m_resetting = false;
};

} // namespace rivulet::transcript
