// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"
#include "models/export.h"

#include <QtCore/qlist.h>

namespace rivulet {

/// The messages of a whole conversation as those of another one, `to`: with ids of their own and the same
/// branches. An answer that is being written is cut off there. What a server keeps of the conversation stays
/// with the first one. Any thread.
[[nodiscard]] RIVULET_MODELS_EXPORT QList<Message> copiedInto(ConversationId to,
                                                              const QList<Message> &messages);

} // namespace rivulet
