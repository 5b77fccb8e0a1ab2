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

/// What goes with the next request: everything that was delivered, in turns that alternate. An answer that
/// says nothing leaves two messages of the user side by side, which some servers refuse, so these become one.
/// An answer right below another goes on with it, and they become one without a seam.
///
/// Calls go with their results, which follow them as the user's, and without them not at all. Opaque data
/// goes back only to the server that made it, and so do the questions of the last answer with the calls that
/// wait for them: `asked` is the answer that is asked for, and says who that server is.
[[nodiscard]] RIVULET_MODELS_EXPORT QList<ChatMessage> historyOf(const QList<Message> &messages,
                                                                 const Message &asked);

/// The request for `asked`, an answer to the last of `messages`, which are its branch. Where that is itself
/// an answer, which broke off, the model is asked to go on with it.
[[nodiscard]] RIVULET_MODELS_EXPORT ChatRequest requestFor(const QList<Message> &messages,
                                                           const Message &asked);

} // namespace rivulet
