// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: blocks whole, whatever rows they are shown in.

#include "models/transcript/shownmessage.h"

#include <QtCore/qstring.h>

namespace rivulet::transcript {

/// The text of the block that the entry is a chunk of: code verbatim, a table as tab-separated values.
[[nodiscard]] QString blockText(const Entry &entry);

/// The first chunk of the block that the entry is a chunk of.
[[nodiscard]] const Entry &firstChunk(const Entry &entry);

/// Whether the row shows the words, whatever their case.
[[nodiscard]] bool shows(const Row &row, const QString &words);

} // namespace rivulet::transcript
