// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/presets.h"
#include "net/providers/provider.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qlist.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// Servers in a list: those that can be talked to, those that were found, or those that can be added.
/// GUI thread.
class ProviderList : public QAbstractListModel
{
    Q_OBJECT
    // Without it, the roles of the same names would hide the enums from QML.
    Q_CLASSINFO("RegisterEnumClassesUnscoped", "false")
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    /// Where a server stands.
    enum class Place {
        BuiltIn, ///< the demo
        Local,   ///< a program on this computer
        Cloud,   ///< a service on the internet
        Custom,  ///< any other
    };
    Q_ENUM(Place)

    enum class Role {
        ProviderId = Qt::UserRole, ///< `providerId`: its id
        Name,                      ///< `name`: for people
        Address,                   ///< `address`: host and port, empty where there is none yet
        Model,                     ///< `model`: empty where none is chosen
        Place,                     ///< `place`: Place
        Current,                   ///< `current`: bool, it answers the next message
    };
    Q_ENUM(Role)

    struct Entry
    {
        Provider provider;
        Place place = Place::Custom;

        friend bool operator==(const Entry &, const Entry &) = default;
    };

    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const;

    /// Shows these; rows whose provider stays keep their place in views.
    void show(const QList<Entry> &entries);
    /// Marks the provider of that id.
    void setCurrent(const QString &id);
    [[nodiscard]] const QList<Entry> &entries() const { return m_entries; }

Q_SIGNALS:
    void countChanged();

private:
    QList<Entry> m_entries;
    QString m_current;
};

} // namespace rivulet
