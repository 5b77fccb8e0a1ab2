// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/replicalist.h"

#include "app/desktop/typedaddress.h"
#include "app/shell/secretstore.h"

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

ReplicaList::ReplicaList(SecretStore &secrets, QObject *parent)
    : QAbstractListModel(parent), m_secrets(secrets)
{}

int ReplicaList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

int ReplicaList::count() const
{
    return static_cast<int>(m_rows.size());
}

QVariant ReplicaList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows.at(index.row());
    switch (static_cast<Role>(role)) {
    case Role::Address:
        return row.address;
    case Role::Problem:
        return row.problem;
    case Role::Stored:
        return row.stored;
    case Role::OwnKey:
        return std::holds_alternative<credential::Keychain>(row.replica.credential);
    }
    return {};
}

QHash<int, QByteArray> ReplicaList::roleNames() const
{
    return {{std::to_underlying(Role::Address), "address"},
            {std::to_underlying(Role::Problem), "problem"},
            {std::to_underlying(Role::Stored), "stored"},
            {std::to_underlying(Role::OwnKey), "ownKey"}};
}

void ReplicaList::show(const Provider &provider)
{
    beginResetModel();
    m_provider = provider;
    m_kept = provider.replicas;
    m_rows.clear();
    for (const Replica &replica : provider.replicas)
        m_rows.append({.replica = replica, .address = replica.baseUrl.toString(), .kept = true});
    endResetModel();
    Q_EMIT countChanged();
    for (const Row &row : std::as_const(m_rows))
        lookForKey(row);
}

void ReplicaList::setBaseUrl(const QUrl &url)
{
    m_provider.baseUrl = url;
    for (const Row &row : std::as_const(m_rows)) {
        if (row.replica.baseUrl.isEmpty())
            lookForKey(row);
    }
}

QList<Replica> ReplicaList::replicas() const
{
    QList<Replica> replicas;
    for (const Row &row : m_rows) {
        if (row.kept)
            replicas.append(row.replica);
    }
    return replicas;
}

void ReplicaList::append()
{
    int number = 2;
    const auto isTaken = [this, &number] {
        return std::ranges::any_of(
            m_rows, [name = QString::number(number)](const Row &row) { return row.replica.id == name; });
    };
    while (isTaken())
        ++number;
    beginInsertRows({}, count(), count());
    m_rows.append({.replica = {.id = QString::number(number)}, .address = {}});
    endInsertRows();
    Q_EMIT countChanged();
}

void ReplicaList::remove(int row)
{
    if (row < 0 || row >= count())
        return;
    (void)m_secrets.remove(placeName(placeOf(m_rows.at(row))));
    beginRemoveRows({}, row, row);
    m_rows.removeAt(row);
    endRemoveRows();
    Q_EMIT countChanged();
    keepChanges();
}

void ReplicaList::setAddress(int row, const QString &address)
{
    if (row < 0 || row >= count() || m_rows.at(row).address == address)
        return;
    Row &changed = m_rows[row];
    changed.address = address;
    const auto url = address.trimmed().isEmpty() ? QUrl() : baseUrlFrom(address);
    changed.problem = url ? QString() : url.error();
    if (url && *url != changed.replica.baseUrl) {
        // A key belongs to its origin.
        changed.replica.baseUrl = *url;
        changed.stored = false;
        changed.kept = changed.kept || !url->isEmpty();
        lookForKey(changed);
    }
    Q_EMIT dataChanged(index(row), index(row));
    keepChanges();
}

void ReplicaList::setKey(int row, const QString &key)
{
    if (row < 0 || row >= count() || key.trimmed().isEmpty())
        return;
    const Provider place = placeOf(m_rows.at(row));
    m_secrets.write(secretNameOf(place), Secret(key.trimmed().toUtf8()))
        .then(this, [this, place](SecretPlace) { setStored(place, true); });
}

Provider ReplicaList::placeOf(const Row &row) const
{
    Provider alone = m_provider;
    alone.replicas = {row.replica};
    return placesOf(alone).constLast();
}

// Nobody is asked where the key comes from elsewhere: asking may open a dialog of the system.
void ReplicaList::lookForKey(const Row &row)
{
    if (!std::holds_alternative<credential::Keychain>(row.replica.credential))
        return;
    const Provider place = placeOf(row);
    m_secrets.read(secretNameOf(place)).then(this, [this, place](const Secret &key) {
        setStored(place, !key.isEmpty());
    });
}

void ReplicaList::setStored(const Provider &place, bool stored)
{
    const auto row = std::ranges::find_if(m_rows, [&](const Row &each) { return placeOf(each) == place; });
    if (row == m_rows.end() || row->stored == stored)
        return;
    row->stored = stored;
    row->kept = row->kept || stored;
    const QModelIndex changed = index(static_cast<int>(row - m_rows.begin()));
    Q_EMIT dataChanged(changed, changed, {std::to_underlying(Role::Stored)});
    keepChanges();
}

void ReplicaList::keepChanges()
{
    const QList<Replica> now = replicas();
    if (now == m_kept)
        return;
    m_kept = now;
    Q_EMIT edited();
}

} // namespace rivulet
