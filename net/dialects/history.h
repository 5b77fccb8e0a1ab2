// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: what of a history any server accepts.

#include "net/wire/chatrequest.h"

#include <QtCore/qlist.h>

namespace rivulet {

/// What becomes of the user's decisions in a history.
enum class Approvals {
    Drop, ///< the protocol asks for none, or takes the answer elsewhere
    Keep, ///< they are kept with the calls that they are about
};

/// The messages without what no server takes back: a tool call that has no result or whose arguments are no
/// whole JSON object (it was cut off), a result without its call, and messages that are then empty.
[[nodiscard]] QList<ChatMessage> answerableHistory(const QList<ChatMessage> &messages,
                                                   Approvals approvals = Approvals::Drop);

/// The messages with each answer that holds results of its own calls as several: the calls, then what they
/// gave as a message of the user's, then what the model said to that. Protocols want a result right after the
/// message that made its call.
[[nodiscard]] QList<ChatMessage> inRounds(const QList<ChatMessage> &messages);

/// Whether the message holds anything but tool results: text or a file.
[[nodiscard]] bool hasOwnWords(const ChatMessage &message);

} // namespace rivulet
