// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <cstdint>
#include <string_view>

namespace rivulet {

/// Drops one UTF-8 byte order mark at the start of a stream, however it is cut.
class RIVULET_NET_EXPORT ByteOrderMark
{
public:
    /// Whether the start is behind us, so that nothing is left to drop.
    [[nodiscard]] bool passed() const { return m_start == Start::Passed; }

    /// Takes what belongs to the mark off the front of `bytes`. Returns content that stands before the rest
    /// of them: the beginning of a mark that turned out to be none.
    [[nodiscard]] std::string_view drop(std::string_view &bytes);

    /// The stream has ended. Returns the beginning of a mark that did not go on: content too.
    [[nodiscard]] std::string_view finish();

private:
    enum class Start : std::uint8_t { Bom0, Bom1, Bom2, Passed };

    Start m_start = Start::Bom0;
};

} // namespace rivulet
