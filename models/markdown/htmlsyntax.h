// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/characters.h"

#include <cstddef>
#include <string_view>

namespace rivulet::markdown {

/// Raw HTML whose end has to be searched for; the others end or fail within their first few characters.
enum class HtmlForm { Tag, Comment, Instruction, Declaration, CData };

/// What raw HTML `text` could have at byte `at`, which is a "<".
[[nodiscard]] HtmlForm htmlFormAt(std::string_view text, std::size_t at);

/// Scans raw inline HTML whose "<" is at byte `at` (CommonMark 0.31.2, 6.6).
[[nodiscard]] Scan scanHtml(std::string_view text, std::size_t at);

/// Which kind of HTML block (4.6), 1 to 7, a line begins that starts with "<"; 0 for none.
[[nodiscard]] int htmlBlockStart(std::string_view line);

/// Whether the block of kind 1 to 5 ends with this line. Kinds 6 and 7 end before a blank line instead.
[[nodiscard]] bool htmlBlockEnds(int kind, std::string_view line);

} // namespace rivulet::markdown
