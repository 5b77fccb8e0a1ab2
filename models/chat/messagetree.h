// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"
#include "models/export.h"

#include <QtCore/qhash.h>
#include <QtCore/qlist.h>

#include <optional>

namespace rivulet {

/// Which of the messages that say another thing in the same place one is.
struct BranchPlace
{
    int index = 0; ///< from 0, the oldest first
    int count = 1;

    friend bool operator==(const BranchPlace &, const BranchPlace &) = default;
};

/// All messages of a conversation as the tree that they are (an edited message and another try are siblings
/// of what they take the place of), and the one branch of it that is shown. Nothing is ever lost by showing
/// another branch. A value.
class RIVULET_MODELS_EXPORT MessageTree
{
public:
    MessageTree() = default;
    /// Shows the newest of all siblings everywhere.
    explicit MessageTree(const QList<Message> &all);

    /// Adds the message, which is shown from now on, or replaces the one with its id.
    void put(const Message &message);

    /// The message with that id; null where there is none. Valid until the tree changes.
    [[nodiscard]] const Message *find(MessageId id) const;

    /// From the first message to the last one shown.
    [[nodiscard]] QList<Message> branch() const;

    /// From the first message to that one, shown or not; nothing where there is no such message.
    [[nodiscard]] QList<Message> branchTo(MessageId id) const;

    [[nodiscard]] BranchPlace placeOf(MessageId id) const;

    /// Shows the sibling that stands `step` places after `id`, with the branch below it that was shown last,
    /// or the newest. False, and nothing changed, where there is none.
    [[nodiscard]] bool showSibling(MessageId id, int step);

    /// Shows the branch that the message stands in. False, and nothing changed, where there is no such
    /// message.
    [[nodiscard]] bool show(MessageId id);

private:
    using Parent = std::optional<MessageId>;

    [[nodiscard]] const QList<MessageId> *siblingsOf(MessageId id) const;

    QHash<MessageId, Message> m_messages;
    QHash<Parent, QList<MessageId>> m_children; ///< in the order of their ids, which is that of time
    QHash<Parent, MessageId> m_shown;
};

} // namespace rivulet
