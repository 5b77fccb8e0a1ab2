// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace rivulet::markdown {

/// A character reference at the start of a text.
struct Entity
{
    std::size_t length = 0;           ///< bytes from "&" to ";" inclusive; 0: there is none
    std::array<char32_t, 2> points{}; ///< the second is 0 where there is one
    bool unfinished = false;          ///< there is none yet, but what follows the text may complete it
};

/// Reads the reference that `text`, which starts with "&", begins with (CommonMark 0.31.2, 2.5).
[[nodiscard]] Entity entityAt(std::string_view text);

} // namespace rivulet::markdown
