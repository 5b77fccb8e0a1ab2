// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/messagequeue.h"

#include "models/chat/message.h"

#include <utility>

namespace rivulet {

MessageQueue::MessageQueue(const QList<QueuedMessage> &messages, QObject *parent)
    : QAbstractListModel(parent), m_messages(messages), m_isHeld(!messages.isEmpty())
{}

int MessageQueue::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant MessageQueue::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || Role(role) != Role::Words)
        return {};
    return m_messages.at(index.row()).text;
}

QHash<int, QByteArray> MessageQueue::roleNames() const
{
    return {{std::to_underlying(Role::Words), "words"}};
}

void MessageQueue::append(const QString &text)
{
    const bool wasHeld = isHeld();
    // What was held has been sent or taken back since.
    if (m_messages.isEmpty())
        m_isHeld = false;
    beginInsertRows({}, count(), count());
    m_messages.append({.id = nextId(), .text = text});
    endInsertRows();
    Q_EMIT countChanged();
    if (wasHeld != isHeld())
        Q_EMIT heldChanged();
    Q_EMIT edited();
}

std::optional<QueuedMessage> MessageQueue::takeNext()
{
    if (m_messages.isEmpty() || m_isHeld)
        return std::nullopt;
    QueuedMessage next = m_messages.constFirst();
    removeAt(0);
    return next;
}

void MessageQueue::setHeld(bool held)
{
    const bool was = isHeld();
    m_isHeld = held && !m_messages.isEmpty();
    if (was != isHeld())
        Q_EMIT heldChanged();
}

QString MessageQueue::take(int row)
{
    if (row < 0 || row >= count())
        return {};
    const QString words = m_messages.at(row).text;
    removeAt(row);
    Q_EMIT edited();
    return words;
}

void MessageQueue::reorder(int from, int to)
{
    const bool isMove = from != to && from >= 0 && from < count() && to >= 0 && to < count();
    if (!isMove)
        return;
    // Rows are moved before the row that is named.
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    m_messages.move(from, to);
    endMoveRows();
    Q_EMIT edited();
}

void MessageQueue::removeAt(int row)
{
    const bool wasHeld = isHeld();
    beginRemoveRows({}, row, row);
    m_messages.removeAt(row);
    endRemoveRows();
    Q_EMIT countChanged();
    if (wasHeld != isHeld())
        Q_EMIT heldChanged();
}

} // namespace rivulet
