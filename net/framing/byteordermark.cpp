// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/byteordermark.h"

#include <cstddef>

namespace rivulet {

namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";

} // namespace

std::string_view ByteOrderMark::drop(std::string_view &bytes)
{
    while (!bytes.empty() && m_start != Start::Passed) {
        const auto matched = static_cast<std::size_t>(m_start);
        if (bytes.front() != bom[matched])
            return finish();
        bytes.remove_prefix(1);
        m_start = static_cast<Start>(matched + 1);
    }
    return {};
}

std::string_view ByteOrderMark::finish()
{
    const std::string_view begun =
        passed() ? std::string_view() : bom.substr(0, static_cast<std::size_t>(m_start));
    m_start = Start::Passed;
    return begun;
}

} // namespace rivulet
