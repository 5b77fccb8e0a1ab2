// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationsearch.h"
#include "models/chat/message.h"
#include "models/store/searchpattern.h"
#include "models/store/sqlconnection.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

namespace rivulet {

// The index of all words of finished messages: table `search`, whose row ids are those of the messages. It
// holds no texts, only which words are where. Writing is part of the caller's transaction.

/// What people would look for in the message: what was said, then what was thought, done and made. What only
/// machines read is cut.
[[nodiscard]] QStringList searchableTexts(const Message &message);

/// Makes the message findable as it is now; while it streams, not at all.
[[nodiscard]] StoreResult<void> indexMessage(const SqlConnection &connection, const Message &message);

/// Forgets the conversation's messages. To be called while they are still there.
[[nodiscard]] StoreResult<void> unindexConversation(const SqlConnection &connection, ConversationId id);

/// Before which message the older ones are not indexed yet; empty once all are.
[[nodiscard]] StoreResult<std::optional<MessageId>> unindexedBefore(const SqlConnection &connection);
[[nodiscard]] StoreResult<void> setUnindexedBefore(const SqlConnection &connection,
                                                   std::optional<MessageId> id);

/// Notes that no message is indexed: after a migration, or where rows came back from a damaged file.
[[nodiscard]] StoreResult<void> startIndexing(const SqlConnection &connection);

/// Up to `limit` messages that match, the newest first, none of them newer than `from`.
[[nodiscard]] StoreResult<QList<MessageId>> findMessages(const SqlConnection &connection,
                                                         const SearchQuery &query, int limit,
                                                         std::optional<MessageId> from);

} // namespace rivulet
