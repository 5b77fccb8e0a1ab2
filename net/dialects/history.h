// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: what of a history any server accepts.

#include "net/wire/chatrequest.h"

#include <QtCore/qlist.h>

namespace rivulet {

/// The messages without what no server takes back: a tool call that has no result or whose arguments are no
/// whole JSON object (it was cut off), a result without its call, and messages that are then empty.
[[nodiscard]] QList<ChatMessage> answerableHistory(const QList<ChatMessage> &messages);

/// Whether the message holds anything but tool results: text or a file.
[[nodiscard]] bool hasOwnWords(const ChatMessage &message);

} // namespace rivulet
