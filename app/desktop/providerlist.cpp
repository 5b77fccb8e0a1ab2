// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/providerlist.h"

#include <algorithm>

namespace rivulet {

int ProviderList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

int ProviderList::count() const
{
    return static_cast<int>(m_entries.size());
}

QVariant ProviderList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Entry &entry = m_entries.at(index.row());
    switch (static_cast<Role>(role)) {
    case Role::ProviderId:
        return entry.provider.id;
    case Role::Name:
        return entry.provider.name;
    case Role::Address:
        return entry.place == Place::BuiltIn ? QString()
                                             : entry.provider.baseUrl.authority(QUrl::FullyEncoded);
    case Role::Model:
        return entry.provider.model;
    case Role::Place:
        return QVariant::fromValue(entry.place);
    case Role::Current:
        return entry.provider.id == m_current;
    }
    return {};
}

QHash<int, QByteArray> ProviderList::roleNames() const
{
    return {{static_cast<int>(Role::ProviderId), "providerId"}, {static_cast<int>(Role::Name), "name"},
            {static_cast<int>(Role::Address), "address"},       {static_cast<int>(Role::Model), "model"},
            {static_cast<int>(Role::Place), "place"},           {static_cast<int>(Role::Current), "current"}};
}

void ProviderList::show(const QList<Entry> &entries)
{
    const auto id = [](const Entry &entry) { return entry.provider.id; };
    for (qsizetype row = m_entries.size() - 1; row >= 0; --row) {
        if (std::ranges::find(entries, m_entries.at(row).provider.id, id) != entries.cend())
            continue;
        beginRemoveRows({}, static_cast<int>(row), static_cast<int>(row));
        m_entries.removeAt(row);
        endRemoveRows();
    }
    for (qsizetype row = 0; row < entries.size(); ++row) {
        const auto it = std::find_if(m_entries.cbegin() + row, m_entries.cend(), [&](const Entry &entry) {
            return entry.provider.id == entries.at(row).provider.id;
        });
        const qsizetype from = std::distance(m_entries.cbegin(), it);
        const int to = static_cast<int>(row);
        if (from == m_entries.size()) {
            beginInsertRows({}, to, to);
            m_entries.insert(row, entries.at(row));
            endInsertRows();
            continue;
        }
        if (from != row) {
            beginMoveRows({}, static_cast<int>(from), static_cast<int>(from), {}, to);
            m_entries.move(from, row);
            endMoveRows();
        }
        if (m_entries.at(row) != entries.at(row)) {
            m_entries[row] = entries.at(row);
            Q_EMIT dataChanged(index(to), index(to));
        }
    }
    Q_EMIT countChanged();
}

void ProviderList::setCurrent(const QString &id)
{
    if (m_current == id)
        return;
    m_current = id;
    if (!m_entries.isEmpty())
        Q_EMIT dataChanged(index(0), index(count() - 1), {static_cast<int>(Role::Current)});
}

} // namespace rivulet
