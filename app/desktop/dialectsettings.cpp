// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/dialectsettings.h"

#include "net/dialects/dialectregistry.h"

#include <algorithm>

namespace rivulet {

void DialectSettings::show(DialectId dialect, const QMap<QString, QString> &values)
{
    beginResetModel();
    m_options = makeDialect(dialect)->options();
    m_options.removeIf(
        [](const DialectOption &option) { return option.scope != DialectOption::Scope::Provider; });
    m_values = values;
    endResetModel();
    Q_EMIT changed();
}

int DialectSettings::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_options.size());
}

QVariant DialectSettings::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const DialectOption &option = m_options[index.row()];
    switch (Role{role}) {
    case Role::Name:
        return QString(option.name);
    case Role::Value:
        return m_values.value(option.name);
    case Role::Fallback:
        return QString(option.fallback);
    case Role::Required:
        return option.required;
    }
    return {};
}

QHash<int, QByteArray> DialectSettings::roleNames() const
{
    return {{static_cast<int>(Role::Name), "name"},
            {static_cast<int>(Role::Value), "value"},
            {static_cast<int>(Role::Fallback), "fallback"},
            {static_cast<int>(Role::Required), "required"}};
}

void DialectSettings::set(const QString &name, const QString &value)
{
    const auto option =
        std::ranges::find_if(m_options, [&](const DialectOption &each) { return each.name == name; });
    const QString trimmed = value.trimmed();
    if (option == m_options.end() || m_values.value(name) == trimmed)
        return;
    if (trimmed.isEmpty())
        m_values.remove(name);
    else
        m_values.insert(name, trimmed);
    const QModelIndex row = index(static_cast<int>(option - m_options.begin()));
    Q_EMIT dataChanged(row, row, {static_cast<int>(Role::Value)});
    Q_EMIT edited();
}

} // namespace rivulet
