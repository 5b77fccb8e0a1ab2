// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: names for the tool calls of servers that give them none. A history tells a call
// from another by its id, so each needs one; the server never sees ours.

#include <QtCore/qstring.h>

namespace rivulet {

/// An id for call `number` (from 0) of the answer called `answer`, which may be empty.
[[nodiscard]] inline QString ownCallId(const QString &answer, int number)
{
    const QString prefix = QStringLiteral("rivulet-call-");
    return prefix + (answer.isEmpty() ? QString() : QString(answer + u'-')) + QString::number(number);
}

/// Whether the id is one of ours.
[[nodiscard]] inline bool isOwnCallId(const QString &id)
{
    return id.startsWith(QLatin1StringView("rivulet-call-"));
}

} // namespace rivulet
