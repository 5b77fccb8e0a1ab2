// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace rivulet::markdown {

// What starts, changes or ends a block. `text` is a line, or what is left of it, from its first character
// that is no space; it is not empty.

/// Whether any of what follows can begin with `c`.
[[nodiscard]] bool mayStartBlock(char c);

/// How many times `c` stands at the beginning of `text`.
[[nodiscard]] std::size_t countOf(std::string_view text, char c);

/// The level of an ATX heading; 0 if `text` is none.
[[nodiscard]] int headingLevel(std::string_view text);
/// What an ATX heading says.
[[nodiscard]] std::string_view headingText(std::string_view text);

/// The length of a fence that `text` opens; 0 if it opens none.
[[nodiscard]] std::size_t openingFence(std::string_view text);

[[nodiscard]] bool isRule(std::string_view text);

/// The level of the heading that a setext underline makes; 0 if `text` is none.
[[nodiscard]] int underlineLevel(std::string_view text);
/// Whether anything is left of a paragraph behind the link reference definitions at its beginning.
[[nodiscard]] bool hasTextBehindDefinitions(std::string_view paragraph);

/// What a list's item begins with.
struct Marker
{
    std::size_t length = 0; ///< 0: there is none
    bool ordered = false;
    char delimiter = 0; ///< the bullet, or what stands behind the number
    int number = 0;
};
[[nodiscard]] Marker markerAt(std::string_view text);

/// The "[^label]:" of a footnote, and spaces behind it.
struct FootnoteMarker
{
    std::size_t length = 0; ///< 0: there is none
    std::string_view label;
};
[[nodiscard]] FootnoteMarker footnoteAt(std::string_view text);
/// Whether a partial line may become one.
[[nodiscard]] bool mayBecomeFootnote(std::string_view text);

/// What a formula of its own begins with.
struct MathStart
{
    enum class Form {
        None,
        Whole,  ///< its end is on the same line
        Fence,  ///< nothing stands behind the delimiter: it goes on until its end
        Inline, ///< it goes on, but not over a blank line
    };
    Form form = Form::None;
    std::string_view tex; ///< on this line
};
[[nodiscard]] MathStart mathStart(std::string_view text);
/// The characters that end a formula which `opener`, '$' or '[', began.
[[nodiscard]] std::string_view mathEnd(char opener);
/// `line` without what may become the end of the formula, where the line may go on.
[[nodiscard]] std::string_view withoutMathEnd(std::string_view line, char opener);

/// "<details>", also with "open".
struct DetailsStart
{
    std::size_t length = 0; ///< 0: there is none
    bool open = false;
};
[[nodiscard]] DetailsStart detailsStart(std::string_view text);
[[nodiscard]] bool isDetailsEnd(std::string_view text);
/// Whether a partial line may become "<details …>".
[[nodiscard]] bool mayBecomeDetails(std::string_view text);
/// What stands between "<summary>" and "</summary>", if `text` is that and no more; of a `partial` line also
/// without its end. Null data: it is none.
[[nodiscard]] std::string_view summaryText(std::string_view text, bool partial);
/// Whether `text` begins with a tag that has a meaning within a line.
[[nodiscard]] bool startsWithInlineTag(std::string_view text);

/// Whether a partial line that so far starts no block may yet start one, or be one of the lines that change
/// a paragraph.
[[nodiscard]] bool mayBecomeMarker(std::string_view text);
/// Whether a partial line ends within what may be the name of a tag that starts an HTML block.
[[nodiscard]] bool endsInTagName(std::string_view text);

} // namespace rivulet::markdown
