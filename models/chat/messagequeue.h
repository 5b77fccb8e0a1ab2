// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/unsent.h"
#include "models/export.h"

#include <QtCore/qabstractitemmodel.h>

#include <optional>

namespace rivulet {

/// What the user said while an answer was streaming, as a list that can be edited, reordered and shortened.
/// It is sent from its head, and held where something went wrong until the user lets it go. GUI thread.
class RIVULET_MODELS_EXPORT MessageQueue : public QAbstractListModel
{
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(bool held READ isHeld NOTIFY heldChanged FINAL)

public:
    enum class Role {
        Words = Qt::UserRole, ///< `words`: the whole text
    };
    Q_ENUM(Role)

    /// A queue that is not empty is held: nobody sends what was left by an earlier run of the program.
    explicit MessageQueue(const QList<QueuedMessage> &messages = {}, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const { return static_cast<int>(m_messages.size()); }
    /// Nothing is sent by itself until the user says so. An empty queue is not held.
    [[nodiscard]] bool isHeld() const { return m_isHeld && !m_messages.isEmpty(); }
    [[nodiscard]] const QList<QueuedMessage> &messages() const { return m_messages; }

    void append(const QString &text);
    /// Takes out the next one, unless it is held or empty.
    [[nodiscard]] std::optional<QueuedMessage> takeNext();
    void setHeld(bool held);

    /// Removes the message in that row; its words, for who wants to go on with them. Empty where there is
    /// none.
    Q_INVOKABLE QString take(int row);
    /// Moves the message in row `from` to row `to`; does nothing where one of them is none.
    Q_INVOKABLE void reorder(int from, int to);

Q_SIGNALS:
    void countChanged();
    void heldChanged();
    /// The messages or their order are others; not told of what takeNext() and setHeld() do.
    void edited();

private:
    void removeAt(int row);

    QList<QueuedMessage> m_messages;
    bool m_isHeld = false;
};

} // namespace rivulet
