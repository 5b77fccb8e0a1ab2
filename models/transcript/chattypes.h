// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/chatsession.h"

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

} // namespace rivulet
