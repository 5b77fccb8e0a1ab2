// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"

#include <QtCore/qstring.h>
#include <QtCore/qvariant.h>
#include <QtSql/qsqlquery.h>

#include <optional>

namespace rivulet {

// A message without its parts as a row of table `message`, and a part as one of table `part`.

/// As roles are called on disk.
[[nodiscard]] QString nameOf(ChatRole role);

/// A message, and up to which row of the journal its own parts include it.
struct MessageRow
{
    Message message;
    qint64 journalled = 0;
};

/// Adds or replaces the row, where its conversation is there: a statement for valuesOf().
[[nodiscard]] const QString &messageInsertion();
[[nodiscard]] QVariantList valuesOf(const MessageRow &row);

/// The columns that messageFrom() reads of a file of that version.
[[nodiscard]] QString messageColumns(int version);
[[nodiscard]] MessageRow messageFrom(const QSqlQuery &row);

/// Adds or replaces the row: a statement for valuesOf().
[[nodiscard]] QString partInsertion();
[[nodiscard]] QVariantList valuesOf(MessageId message, qint64 position, const Part &part);

/// The columns that partFrom() reads of a file of that version; the first one is the message.
[[nodiscard]] QString partColumns(int version);
/// Empty where the part is of a kind that only a later version knows.
[[nodiscard]] std::optional<Part> partFrom(const QSqlQuery &row);

} // namespace rivulet
