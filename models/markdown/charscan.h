// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace rivulet::markdown {

// Where there is anything to look at more closely: sixteen bytes at a time where the processor can.

/// The first byte at or behind `from` and before `to` that may begin markup within a line; else `to`.
[[nodiscard]] std::size_t nextSpecial(std::string_view text, std::size_t from, std::size_t to);

/// The first byte at or behind `from` by which one of GFM's extended autolinks could be found: its "@", its
/// "://" or the first "w" of its "www."; npos if there is none.
[[nodiscard]] std::size_t nextAutolinkMark(std::string_view text, std::size_t from);

/// How many bytes `text` begins with that are ASCII but not U+0000.
[[nodiscard]] std::size_t plainLength(std::string_view text);

} // namespace rivulet::markdown
