// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"
#include "models/export.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <functional>
#include <optional>

namespace rivulet {

class SqlConnection;

// Copies of the database in folder `backups` beside it, readable by their owner only: one for each of the
// last days on which there was something to keep, and one of each earlier schema, as it was before it was
// migrated.

/// The daily backups that are kept.
inline constexpr int keptBackups = 7;

/// The file names of all backups of the database at `path`, with their folder, the newest first.
[[nodiscard]] RIVULET_MODELS_EXPORT QStringList backupsOf(const QString &path);

/// Whether there is no backup of that day yet.
[[nodiscard]] RIVULET_MODELS_EXPORT bool isBackupDue(const QString &path, QDate day);

/// Writes the backup of `day`, checks it, and removes those that are too many. Reads by a connection of its
/// own, so that writers need not wait; blocks the calling thread. Ends early, without a backup, when
/// `isCancelled`.
[[nodiscard]] RIVULET_MODELS_EXPORT StoreResult<void> backUp(const QString &path, QDate day,
                                                             std::function<bool()> isCancelled);

/// Writes the backup of a file that is about to be migrated from `version`, by its own connection.
[[nodiscard]] StoreResult<void> backUpBeforeMigration(const SqlConnection &connection, const QString &path,
                                                      int version);

/// The newest backup that is sound.
[[nodiscard]] RIVULET_MODELS_EXPORT std::optional<QString> newestSoundBackup(const QString &path);

} // namespace rivulet
