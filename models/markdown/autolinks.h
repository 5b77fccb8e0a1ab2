// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace rivulet::markdown {

/// A link in plain text.
struct Autolink
{
    std::size_t begin = 0; ///< of its text
    std::size_t end = 0;   ///< behind its text
    QString url;
    std::size_t resume = 0; ///< where to look for the next one if this is passed over
};

/// The "<scheme:…>" or "<name@host>" whose "<" is at byte `at` (CommonMark 0.31.2, 6.5); its text is without
/// the brackets.
[[nodiscard]] std::optional<Autolink> bracketedAutolink(std::string_view text, std::size_t at);

/// The first of GFM's extended autolinks ("www.", "http://", "https://", "ftp://", e-mail addresses) that
/// begins at byte `from` or later.
[[nodiscard]] std::optional<Autolink> nextExtendedAutolink(std::string_view text, std::size_t from);

} // namespace rivulet::markdown
