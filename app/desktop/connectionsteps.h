// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/connectiontest.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// The steps of a connection test as rows, in words. GUI thread.
class ConnectionSteps : public QAbstractListModel
{
    Q_OBJECT
    // Without it, the roles of the same names would hide the enums from QML.
    Q_CLASSINFO("RegisterEnumClassesUnscoped", "false")
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    enum class State { Waiting, Running, Passed, Failed, Skipped };
    Q_ENUM(State)

    enum class Role {
        Label = Qt::UserRole, ///< `label`: what is tested, in words
        State,                ///< `state`: State
        Problem,              ///< `problem`: where failed, what happened
        Details,              ///< `details`: where failed, codes and the server's own words
    };
    Q_ENUM(Role)

    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const;

    /// Shows the report; an empty one shows nothing.
    void show(const ConnectionReport &report);

Q_SIGNALS:
    void countChanged();

private:
    ConnectionReport m_report;
};

} // namespace rivulet
