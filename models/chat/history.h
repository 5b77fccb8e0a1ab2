// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"
#include "models/export.h"
#include "net/wire/chatrequest.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace rivulet {

/// The title of a conversation that begins with `text`: its first line, cut to what a list shows.
[[nodiscard]] RIVULET_MODELS_EXPORT QString titleFrom(const QString &text);

/// The branch that a reader sees: from the first message on, always the newest of several siblings.
[[nodiscard]] RIVULET_MODELS_EXPORT QList<Message> shownBranch(const QList<Message> &all);

/// What goes with the next request: every delivered word, in turns that alternate. An answer without words
/// leaves two messages of the user side by side, which some servers refuse, so these become one.
[[nodiscard]] RIVULET_MODELS_EXPORT QList<ChatMessage> historyOf(const QList<Message> &messages);

} // namespace rivulet
