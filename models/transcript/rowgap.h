// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: the distance between two rows.

#include "models/transcript/shownmessage.h"

namespace rivulet::transcript {

/// How far `entry` stands from the row above it.
[[nodiscard]] TranscriptModel::Gap gapBetween(const Entry &above, const Entry &entry);

} // namespace rivulet::transcript
