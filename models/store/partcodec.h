// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chat/message.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

#include <optional>

namespace rivulet {

/// A part of a message as a row of the database: what people read of it as text, where it can be searched,
/// and what only the program needs beside it.
struct StoredPart
{
    QString kind; ///< a stable name, such as "tool_call"
    QString text; ///< words, arguments, a result, a message, an artifact's JSON text
    QString agent;
    std::optional<qint64> duration; ///< milliseconds, of reasoning
    QByteArray details; ///< CBOR: an array whose fields the kind names; empty where there are none
};

[[nodiscard]] StoredPart encodePart(const Part &part);

/// The part in such a row; empty where its kind is of a later version. Damaged details cost no more than
/// what they hold.
[[nodiscard]] std::optional<Part> decodePart(const StoredPart &row);

} // namespace rivulet
