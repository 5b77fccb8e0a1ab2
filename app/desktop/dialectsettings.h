// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qlist.h>
#include <QtCore/qmap.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// What a dialect lets people set for a server: one row for each DialectOption of that scope. GUI thread.
class DialectSettings : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int count READ rowCount NOTIFY changed FINAL)

public:
    enum class Role {
        Name = Qt::UserRole, ///< `name`: the protocol's own word
        Value,               ///< `value`: as set; empty where it is not
        Fallback,            ///< `fallback`: what holds where it is not set
        Required,            ///< `required`: bool, nothing works without it
    };

    using QAbstractListModel::QAbstractListModel;

    /// Shows the settings of a server that speaks `dialect`.
    void show(DialectId dialect, const QMap<QString, QString> &values);
    /// What is set, by name.
    [[nodiscard]] const QMap<QString, QString> &values() const { return m_values; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    /// Sets one; an empty value is the fallback.
    Q_INVOKABLE void set(const QString &name, const QString &value);

Q_SIGNALS:
    /// Other rows are shown.
    void changed();
    /// A value was set.
    void edited();

private:
    QList<DialectOption> m_options;
    QMap<QString, QString> m_values;
};

} // namespace rivulet
