// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "models/markdown/row.h"

#include <QtCore/qlist.h>

#include <memory>
#include <string_view>

namespace rivulet {

/// What one append() or finish() did to the rows: rows before `first` are as they were, `changed` rows from
/// there on have new content under their old id, and after these `removed` rows were taken away and `added`
/// rows put in their place at the end.
struct MarkdownPatch
{
    qsizetype first = 0;
    qsizetype changed = 0;
    qsizetype removed = 0;
    qsizetype added = 0;
    qsizetype kept = 0; ///< UTF-16 units at the start of row `first`, if it changed, that are as they were:
                        ///< text and runs. No run goes on across their end
    QList<qsizetype> relinked; ///< rows before `first`, ascending, whose links a late definition resolved

    friend bool operator==(const MarkdownPatch &, const MarkdownPatch &) = default;
};

/// Which markup beyond CommonMark a stream knows.
struct MarkdownOptions
{
    bool tables = true;
    bool taskLists = true;
    bool strikethrough = true;
    bool autolinks = true; ///< GFM's extended ones: "www.", "https://" and e-mail addresses in plain text
    bool footnotes = true;
    bool math = true; ///< "$", "$$", "\(" and "\["
    bool tags = true; ///< <br>, <sub>, <sup>, <kbd> and <details> mean what they say

    /// CommonMark 0.31.2 and nothing else.
    [[nodiscard]] static constexpr MarkdownOptions commonMark()
    {
        return {.tables = false,
                .taskLists = false,
                .strikethrough = false,
                .autolinks = false,
                .footnotes = false,
                .math = false,
                .tags = false};
    }

    /// What GitHub's flavor adds to CommonMark, without what models write beyond it.
    [[nodiscard]] static constexpr MarkdownOptions gfm() { return {.math = false, .tags = false}; }
};

/// An incremental CommonMark and GFM parser that is fed as the text arrives and never revises a closed block:
/// the work of an append is proportional to the piece and the small open block, never to the text.
///
/// For every split of the same text the rows after finish() are the same. While a block is open, its markup
/// is shown as if it were complete ("**bold" is bold), and what may yet become markup is held back.
/// One thread.
class RIVULET_MODELS_EXPORT MarkdownStream
{
public:
    explicit MarkdownStream(MarkdownOptions options = {});
    ~MarkdownStream();
    MarkdownStream(MarkdownStream &&) noexcept;
    MarkdownStream &operator=(MarkdownStream &&) noexcept;

    /// Adds UTF-8 text, cut anywhere, also inside a character.
    MarkdownPatch append(std::string_view utf8);

    /// The text has ended: closes every block and drops what only looked like markup while it was open.
    /// Nothing may be appended afterwards.
    MarkdownPatch finish();

    /// The rows so far, the open tail included.
    [[nodiscard]] const QList<Row> &rows() const;

    /// UTF-16 units at the start of the last row that stay as they are while its block goes on; all of them
    /// once it is closed. When a block ends its markup is settled anew where too much of it had been open.
    [[nodiscard]] qsizetype settled() const;

    /// Whether blank lines part the items of `list` (RowContainer::list), or the blocks in one of them. An
    /// open list can become loose at any time, so that no row carries it.
    [[nodiscard]] bool isLoose(quint32 list) const;

    /// All text so far, as it came; rows tell their place in it.
    [[nodiscard]] std::string_view source() const;

    /// How many bytes all appends together have looked at, for tests of their cost. An open bracket or tag
    /// that is looked back at counts as one.
    [[nodiscard]] qint64 bytesScanned() const;

private:
    class Parser;
    std::unique_ptr<Parser> m_parser;
};

} // namespace rivulet
