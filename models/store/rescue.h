// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/conversationstore.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qstring.h>

namespace rivulet {

/// Puts a sound database in the place of the corrupt one at `path`, with every row of it that can still be
/// read, words without their message included, and with what only the newest
/// sound backup has where some could not be, and returns where the corrupt one is now:
/// `<path>.corrupt-<now>`, with its -wal and -shm. The rows are gathered beside it first, so that an end in
/// the middle loses nothing: either the corrupt file is still in its place, or finishRescue() puts the new
/// one there.
[[nodiscard]] StoreResult<QString> rescue(const QString &path, const QDateTime &now);

/// Ends a rescue that was interrupted between its two renames. Does nothing where there was none.
void finishRescue(const QString &path);

} // namespace rivulet
