// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"

namespace rivulet {

class SqlConnection;

/// The schema that this version of the program writes.
inline constexpr int schemaVersion = 8;

/// Fails as Corrupt where the tables are not those of `version`: a damaged version number would run
/// migrations on tables that have had them, or none on some that need them.
[[nodiscard]] StoreResult<void> checkSchema(const SqlConnection &connection, int version);

/// Brings the schema from `version`, 0 being an empty file, to schemaVersion. Each step is a transaction of
/// its own, so that an end in the middle leaves a file of some version.
[[nodiscard]] StoreResult<void> migrateSchema(const SqlConnection &connection, int version);

} // namespace rivulet
