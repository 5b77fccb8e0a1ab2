// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/providers/provider.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

class SecretStore;

/// The further places of a server, as rows under the user's hands. A row without an address is the same
/// server with another key; a new one is kept once it has either. GUI thread.
class ReplicaList : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    enum class Role {
        Address = Qt::UserRole, ///< `address`: the base URL as it was typed; empty for the server's own
        Problem,                ///< `problem`: what is wrong with it, in words; empty while nothing is
        Stored,                 ///< `stored`: whether a key is stored for it
        OwnKey,                 ///< `ownKey`: whether its key is the keychain's, and can be given here
    };
    Q_ENUM(Role)

    /// `secrets` outlives the list.
    explicit ReplicaList(SecretStore &secrets, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const;

    /// Shows the replicas of `provider`.
    void show(const Provider &provider);
    /// The server itself is elsewhere now.
    void setBaseUrl(const QUrl &url);
    /// What is kept of the rows.
    [[nodiscard]] QList<Replica> replicas() const;

    Q_INVOKABLE void append();
    /// Removes the row and its key.
    Q_INVOKABLE void remove(int row);
    Q_INVOKABLE void setAddress(int row, const QString &address);
    /// Keeps the key for this place's address. The caller clears what was typed.
    Q_INVOKABLE void setKey(int row, const QString &key);

Q_SIGNALS:
    void countChanged();
    /// The user has changed replicas().
    void edited();

private:
    struct Row
    {
        Replica replica;
        QString address;
        QString problem{};
        bool stored = false;
        bool kept = false; ///< it has, or had, an address or a key; from then on only the user takes it away
    };

    [[nodiscard]] Provider placeOf(const Row &row) const;
    void lookForKey(const Row &row);
    void setStored(const Provider &place, bool stored);
    void keepChanges();

    SecretStore &m_secrets;
    Provider m_provider;
    QList<Row> m_rows;
    QList<Replica> m_kept; ///< what replicas() was when it was last signalled
};

} // namespace rivulet
