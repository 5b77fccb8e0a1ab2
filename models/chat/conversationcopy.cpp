// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/conversationcopy.h"

#include <QtCore/qhash.h>

namespace rivulet {

QList<Message> copiedInto(ConversationId to, const QList<Message> &messages)
{
    QHash<MessageId, MessageId> copies;
    for (const Message &message : messages)
        copies.insert(message.id, MessageId{nextId()});
    QList<Message> copied = messages;
    for (Message &message : copied) {
        if (message.state == Message::State::Streaming)
            apply(message, TurnOutcome{.end = TurnEnd::CutOff, .reason = FinishReason::Other});
        message.id = copies.value(message.id);
        message.conversation = to;
        if (message.parent)
            message.parent = copies.value(*message.parent, *message.parent);
        message.session.clear();
        message.resume.reset();
    }
    return copied;
}

} // namespace rivulet
