// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"

#include <QtCore/qstring.h>

namespace rivulet::test {

/// What a user says, with an id of its own.
inline Message userSays(const QString &text)
{
    Message message;
    message.id = MessageId{nextId()};
    message.parts = {TextPart{text}};
    return message;
}

/// An answer to `question`, with an id of its own; no text gives one without parts.
inline Message answerTo(const Message &question, const QString &text = {},
                        Message::State state = Message::State::Complete)
{
    Message message;
    message.id = MessageId{nextId()};
    message.parent = question.id;
    message.role = ChatRole::Assistant;
    message.provider = QStringLiteral("Demo");
    message.model = QStringLiteral("river-1");
    message.state = state;
    if (!text.isEmpty())
        message.parts = {TextPart{text}};
    return message;
}

/// One delta of text, as a delivery.
inline StreamEvents text(const QString &delta)
{
    return {StreamEvent{.payload = event::Text{delta}}};
}

/// One delta of reasoning, as a delivery.
inline StreamEvents reasoning(const QString &delta)
{
    return {StreamEvent{.payload = event::Reasoning{delta}}};
}

} // namespace rivulet::test
