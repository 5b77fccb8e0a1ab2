// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: a history as the input items of the Responses and the Realtime protocol.

#include "net/wire/chatrequest.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qlatin1stringview.h>

namespace rivulet {

/// What of a history a protocol takes, and in which words.
struct InputForm
{
    QLatin1StringView assistantText; ///< the type of a piece of text that the model said
    bool files = false;              ///< whether it takes files that are neither text nor image
    bool reasoning = false;          ///< whether encrypted reasoning goes back
};

/// The history as input items, each one valid for its server: calls have their results, reasoning has what
/// followed from it, ids and names are within the bounds of the protocol.
///
/// The user's decisions about an MCP server's tools (content::Approval) go along where the last message is
/// the answer that asked for them.
[[nodiscard]] QJsonArray inputItems(const QList<ChatMessage> &messages, const InputForm &form);

/// The tools as function definitions, without "strict".
[[nodiscard]] QJsonArray functionTools(const QList<ToolDefinition> &tools);

} // namespace rivulet
