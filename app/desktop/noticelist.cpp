// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/noticelist.h"

#include <algorithm>
#include <utility>

namespace rivulet {

int NoticeList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

int NoticeList::count() const
{
    return static_cast<int>(m_entries.size());
}

QVariant NoticeList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Entry &entry = m_entries.at(index.row());
    switch (static_cast<Role>(role)) {
    case Role::Topic:
        return QVariant::fromValue(entry.topic);
    case Role::Notice:
        return QVariant::fromValue(entry.notice);
    }
    return {};
}

QHash<int, QByteArray> NoticeList::roleNames() const
{
    return {{static_cast<int>(Role::Topic), "topic"}, {static_cast<int>(Role::Notice), "notice"}};
}

void NoticeList::show(Topic topic, const Notice &notice)
{
    const auto it = std::ranges::find(std::as_const(m_entries), topic, &Entry::topic);
    const auto row = static_cast<int>(std::distance(m_entries.cbegin(), it));
    const bool shown = row < count();
    if (notice.title.isEmpty()) {
        if (shown)
            dismiss(row);
    } else if (shown) {
        m_entries[row].notice = notice;
        Q_EMIT dataChanged(index(row), index(row), {static_cast<int>(Role::Notice)});
    } else {
        beginInsertRows({}, row, row);
        m_entries.append({topic, notice});
        endInsertRows();
        Q_EMIT countChanged();
    }
}

void NoticeList::dismiss(int row)
{
    if (row < 0 || row >= count())
        return;
    beginRemoveRows({}, row, row);
    m_entries.removeAt(row);
    endRemoveRows();
    Q_EMIT countChanged();
}

} // namespace rivulet
