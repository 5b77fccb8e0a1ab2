// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/messagetree.h"

#include <algorithm>

namespace rivulet {

MessageTree::MessageTree(const QList<Message> &all)
{
    for (const Message &message : all)
        put(message);
    for (const auto &[parent, children] : m_children.asKeyValueRange())
        m_shown.insert(parent, children.constLast());
}

void MessageTree::put(const Message &message)
{
    const bool isNew = !m_messages.contains(message.id);
    m_messages.insert(message.id, message);
    if (!isNew)
        return;
    QList<MessageId> &siblings = m_children[message.parent];
    siblings.insert(std::ranges::lower_bound(siblings, message.id), message.id);
    m_shown.insert(message.parent, message.id);
}

const Message *MessageTree::find(MessageId id) const
{
    const auto it = m_messages.constFind(id);
    return it == m_messages.constEnd() ? nullptr : &*it;
}

QList<Message> MessageTree::branch() const
{
    QList<Message> branch;
    auto next = m_shown.constFind(std::nullopt);
    // A damaged file may hold a circle.
    while (next != m_shown.constEnd() && branch.size() < m_messages.size()) {
        const MessageId id = *next;
        branch.append(m_messages.value(id));
        next = m_shown.constFind(id);
    }
    return branch;
}

QList<Message> MessageTree::branchTo(MessageId id) const
{
    QList<Message> branch;
    const Message *message = find(id);
    // A damaged file may hold a circle.
    while (message && branch.size() < m_messages.size()) {
        branch.prepend(*message);
        message = message->parent ? find(*message->parent) : nullptr;
    }
    return branch;
}

BranchPlace MessageTree::placeOf(MessageId id) const
{
    const QList<MessageId> *siblings = siblingsOf(id);
    if (!siblings)
        return {};
    return {.index = static_cast<int>(siblings->indexOf(id)), .count = static_cast<int>(siblings->size())};
}

bool MessageTree::showSibling(MessageId id, int step)
{
    const QList<MessageId> *siblings = siblingsOf(id);
    const qsizetype wanted = siblings ? siblings->indexOf(id) + step : -1;
    if (step == 0 || wanted < 0 || wanted >= siblings->size())
        return false;
    m_shown.insert(m_messages.value(id).parent, siblings->at(wanted));
    return true;
}

bool MessageTree::show(MessageId id)
{
    const Message *message = find(id);
    if (!message)
        return false;
    // A damaged file may hold a circle.
    for (qsizetype steps = 0; message && steps < m_messages.size(); ++steps) {
        m_shown.insert(message->parent, message->id);
        message = message->parent ? find(*message->parent) : nullptr;
    }
    return true;
}

const QList<MessageId> *MessageTree::siblingsOf(MessageId id) const
{
    const Message *message = find(id);
    if (!message)
        return nullptr;
    const auto it = m_children.constFind(message->parent);
    return it == m_children.constEnd() ? nullptr : &*it;
}

} // namespace rivulet
