// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qhashfunctions.h>
#include <QtCore/qtypes.h>

namespace rivulet {

/// Names one exchange: a request and the answer that streams back. It equals the id of the message
/// that receives the answer, so a journal can be folded into its message without a lookup table.
enum class TurnId : qint64 {};

inline size_t qHash(TurnId id, size_t seed = 0) noexcept
{
    return ::qHash(static_cast<qint64>(id), seed);
}

} // namespace rivulet
