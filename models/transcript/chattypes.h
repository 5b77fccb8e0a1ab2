// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/chatsession.h"
#include "models/chat/messagequeue.h"

#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// Makes ChatSession and its Phase known to QML as `ChatSession`, so that models/chat needs no Qml.
struct ChatSessionForeign
{
    Q_GADGET
    QML_FOREIGN(rivulet::ChatSession)
    QML_NAMED_ELEMENT(ChatSession)
    QML_UNCREATABLE("The application makes it.")
};

/// The same for MessageQueue.
struct MessageQueueForeign
{
    Q_GADGET
    QML_FOREIGN(rivulet::MessageQueue)
    QML_NAMED_ELEMENT(MessageQueue)
    QML_UNCREATABLE("ChatSession makes it.")
};

} // namespace rivulet
