// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/markdownstream.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace rivulet::markdown {

/// A block that contains blocks and is still open.
struct Container
{
    enum class Type : quint8 { Document, Quote, List, Item, Details, Footnote };

    Type type = Type::Document;
    bool hasRows = false;      ///< a row shows it already
    bool loose = false;        ///< of a list
    bool isKnownLoose = false; ///< and the stream has noted it
    bool ordered = false;      ///< of a list
    char delimiter = 0;        ///< of a list: its bullet, or what stands behind its numbers
    int next = 0;              ///< of an ordered list: the number of the next item
    int children = 0;
    std::size_t indent = 0; ///< of an item: the columns that its content is indented by
    RowContainer shown;     ///< of all but the document; of a list only its id

    /// Whether rows tell that they are in it.
    [[nodiscard]] bool isShown() const { return type != Type::Document && type != Type::List; }
};

/// A block of text or of one of the kinds that contain no blocks.
struct Leaf
{
    enum class Type : quint8 {
        None,
        Paragraph,
        Heading,
        Summary,
        Rule,
        Fence,
        IndentedCode,
        Html,
        Math,
        Table
    };

    Type type = Type::None;
    char fence = 0;        ///< of a fence: its character
    int html = 0;          ///< of HTML: its kind, see htmlBlockStart()
    char math = 0;         ///< of math: what opened it, see mathEnd()
    int mathLines = 0;     ///< of math that is over with a blank line, so far
    qsizetype columns = 0; ///< of a table
    std::size_t fenceLength = 0;
    std::size_t fenceIndent = 0;
};

/// All that the next line's meaning depends on: the chain of open blocks from the document to the tip.
struct BlockState
{
    std::vector<Container> chain{Container{}};
    Leaf leaf;                  ///< in the tip; None after what is over with its line, such as a heading
    bool blank = false;         ///< the line before was blank
    std::size_t blankQuote = 0; ///< it was blank within the quote that is this far down the chain
    quint32 nextId = 1;         ///< of a container
    qsizetype paddedCells = 0;  ///< of all tables, that their lines left out: not less than that by more
                                ///< than the text has pipes and lines

    /// The containers around the tip, as a row shows them.
    [[nodiscard]] QList<RowContainer> containers() const;
    /// Notes that a row shows them.
    void setHasRows();
};

/// What a line is.
struct Line
{
    enum class Action : quint8 {
        Nothing,   ///< blank, or only the markers of containers
        Hold,      ///< of a partial line: what it is depends on what follows
        Continue,  ///< one more line of the open leaf
        Start,     ///< the first or only line of a leaf
        Underline, ///< makes the open paragraph a heading
        Columns,   ///< makes a table of the last line of the open paragraph
        CloseFence,
        CloseMath, ///< the last line of a formula
    };

    Action action = Action::Nothing;
    Leaf::Type type = Leaf::Type::None; ///< of what starts
    bool closesLeaf = false;            ///< the leaf that was open before ends
    bool turnsParagraph = false;        ///< but first, what looked like a formula turns out to be a paragraph
    bool provisional = false;           ///< what starts is a formula only if its end comes
    bool decided = false;      ///< of a partial line: whatever follows before the line's end is text, too
    int level = 0;             ///< of a heading
    std::size_t padding = 0;   ///< spaces before the text that a tab left over
    std::size_t begin = 0;     ///< where the leaf's part of the line begins, in bytes
    std::string_view text;     ///< that part: without markers; of a fence: its info string
    std::string_view raw;      ///< of math: the same with its delimiters
    std::string_view footnote; ///< the label of the footnote that it starts
    QList<ColumnAlignment> columns;
};

/// Phase 1 of CommonMark's parsing strategy: tells line by line what becomes of the open blocks.
class BlockParser
{
public:
    explicit BlockParser(const MarkdownOptions &options) : m_options(options) {}

    /// Takes a line without its end, and brings `state` up to behind it. `paragraph` is the text of the open
    /// paragraph, if there is one. A `partial` line may go on.
    [[nodiscard]] Line parse(BlockState &state, std::string_view line, std::string_view paragraph,
                             bool partial) const;

private:
    MarkdownOptions m_options;
};

} // namespace rivulet::markdown
