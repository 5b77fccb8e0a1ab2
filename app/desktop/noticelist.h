// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/transcript/notice.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qlist.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// What the window has to tell about itself, as banners: at most one of each topic. GUI thread.
class NoticeList : public QAbstractListModel
{
    Q_OBJECT
    // Without it, the roles of the same names would hide the enums from QML.
    Q_CLASSINFO("RegisterEnumClassesUnscoped", "false")
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    /// What a banner is about.
    enum class Topic {
        Store,        ///< conversations are not being kept, or were rescued
        Settings,     ///< the settings file was nonsense, or can not be written
        Keys,         ///< keys are kept for this session only
        Conversation, ///< a conversation could not be read
        DataFolder,   ///< the data folder can not be owned
    };
    Q_ENUM(Topic)

    enum class Role {
        Topic = Qt::UserRole, ///< `topic`: Topic
        Notice,               ///< `notice`: Notice
    };
    Q_ENUM(Role)

    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const;

    /// Shows the notice; one without a title takes the topic's banner away.
    void show(Topic topic, const Notice &notice);
    /// The user has read it.
    Q_INVOKABLE void dismiss(int row);

Q_SIGNALS:
    void countChanged();

private:
    struct Entry
    {
        Topic topic = Topic::Store;
        Notice notice;
    };
    QList<Entry> m_entries;
};

} // namespace rivulet
