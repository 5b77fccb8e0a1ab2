// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: which parts of a message are shown, and what belongs to them.

#include "models/chat/message.h"

#include <QtCore/qstring.h>

namespace rivulet::transcript {

/// Whether the part is said or thought, and so is markdown that grows.
[[nodiscard]] bool isWords(const Part &part);

/// The words of a part; empty where it has none of its own.
[[nodiscard]] const QString &wordsOf(const Part &part);

/// The newest result of a call, null where there is none yet.
[[nodiscard]] const ToolResultPart *resultOf(const Message &message, const ToolCallPart &call);

/// Whether the part at `at` has rows of its own: a result is shown with its call, and opaque reasoning not
/// at all.
[[nodiscard]] bool isShown(const Message &message, qsizetype at);

/// The first text of that lane, behind all parts where there is none.
[[nodiscard]] qsizetype firstText(const Message &message, const QString &agent);

} // namespace rivulet::transcript
