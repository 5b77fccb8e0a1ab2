// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: the line above what a tool, an agent or a question brought.

#include "models/chat/message.h"
#include "models/transcript/transcriptmodel.h"

#include <QtCore/qstring.h>

namespace rivulet::transcript {

/// What the head of a tool call, a question or a status says, translated.
struct Headline
{
    QString title;
    QString detail; ///< of a tool call: its arguments on one line, at most 160 UTF-16 units
    TranscriptModel::Activity activity = TranscriptModel::Activity::None;
    friend bool operator==(const Headline &, const Headline &) = default;
};

/// The headline of the part at `at`; an empty one where it is none of these.
[[nodiscard]] Headline headlineOf(const Message &message, qsizetype at);

} // namespace rivulet::transcript
