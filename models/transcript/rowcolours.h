// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: the colours of code rows.

#include "models/transcript/shownmessage.h"

namespace rivulet::transcript {

/// The colours of a code row, up to date for what it shows now; null where it is none. Chunks go on where the
/// one above ended, so that this looks back to the last one that has its colours, and gives them to all from
/// there on.
[[nodiscard]] const CodeHighlighter *coloursOf(Entry &entry, CodeHighlighter::Theme theme);

} // namespace rivulet::transcript
