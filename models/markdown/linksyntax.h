// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/characters.h"

#include <QtCore/qhash.h>
#include <QtCore/qstring.h>

#include <cstddef>
#include <string_view>

namespace rivulet::markdown {

/// Where a link leads.
struct LinkTarget
{
    QString url; ///< escapes and entities resolved
    QString title;
};

/// A part of a link's syntax and what it says.
struct LinkPart
{
    Match match = Match::No;
    std::size_t end = 0;   ///< where Yes: behind it
    std::string_view text; ///< where Yes: between its delimiters, as written
};

/// "[label]" whose "[" is at byte `at` (CommonMark 0.31.2, 6.3); a label may be empty here, as in "[]".
[[nodiscard]] LinkPart scanLinkLabel(std::string_view text, std::size_t at);
/// A destination that begins at byte `at`.
[[nodiscard]] LinkPart scanLinkDestination(std::string_view text, std::size_t at);
/// A title that begins at byte `at` with its quote or parenthesis.
[[nodiscard]] LinkPart scanLinkTitle(std::string_view text, std::size_t at);

/// "(destination "title")" behind a link's text, whose "(" is at byte `at`.
struct LinkTail
{
    Match match = Match::No;
    std::size_t end = 0; ///< where Yes: behind it
    LinkTarget target;   ///< where Yes
};
[[nodiscard]] LinkTail scanLinkTail(std::string_view text, std::size_t at);

/// `label` in the form in which labels are compared; empty where it cannot be one.
[[nodiscard]] QString normalizedLabel(std::string_view label);

/// The link reference definitions of a text; of several for one label the first holds.
using LinkDefinitions = QHash<QString, LinkTarget>;

/// A link reference definition at the beginning of a paragraph (4.7).
struct LinkDefinition
{
    Match match = Match::No;
    std::size_t end = 0; ///< where Yes: the beginning of the line behind it
    QString label;       ///< where Yes: normalized
    LinkTarget target;   ///< where Yes
};
/// Scans the one that begins at the start of `paragraph`. The paragraph is over, so that nothing is
/// unfinished, unless `open`.
[[nodiscard]] LinkDefinition scanLinkDefinition(std::string_view paragraph, bool open);

} // namespace rivulet::markdown
