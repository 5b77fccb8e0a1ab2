// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: what goes out in the form of Anthropic's Messages API, which others take as well.

#include "net/wire/chatrequest.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlist.h>
#include <QtCore/qstringlist.h>

namespace rivulet::anthropic {

/// What the user said as content blocks: text, images, PDFs. Text files go as text, because most servers of
/// this form know no other way. Without blocks that hold nothing but white space, which the API refuses.
[[nodiscard]] QJsonArray userBlocks(const ChatMessage &message);

/// The body of a request: model, history, tools, and everything that the user set and the model takes.
/// `serverTools` are versioned names of tools that the server runs, such as "web_search_20250305".
[[nodiscard]] QJsonObject requestBody(const ChatRequest &chat, const QStringList &serverTools);

} // namespace rivulet::anthropic
