// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"

namespace rivulet {

class SqlConnection;

/// Adds to `to`, whose rows are newer, what only `backup` still has: conversations, messages with their parts
/// and unsent words, by their ids; nothing of conversations that were removed since. Part of the caller's
/// transaction. What can not be read of the backup is left out.
[[nodiscard]] StoreResult<void> restoreMissing(const SqlConnection &backup, const SqlConnection &to);

/// The names of the table's columns, none where there is no such table.
[[nodiscard]] QStringList columnsOf(const SqlConnection &database, QLatin1StringView table);

} // namespace rivulet
