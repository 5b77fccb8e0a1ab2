// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qtypes.h>

namespace rivulet {

/// What a row of a markdown text is. One row is one leaf block, or a chunk of a long one; the containers
/// around it are attributes.
enum class RowKind : quint8 {
    Paragraph,
    Heading,
    Code,
    Table,
    Rule,
    Html,
    Math,    ///< a formula of its own: its TeX without the delimiters
    Summary, ///< what is seen of closed details
};

/// A quote, a list item, details or a footnote around a row, outermost first. A container without any leaf
/// block of its own is shown by an empty paragraph.
struct RowContainer
{
    enum class Kind : quint8 { Quote, BulletItem, OrderedItem, Details, Footnote };
    enum class Task : quint8 { None, Open, Done };

    Kind kind = Kind::Quote;
    Task task = Task::None; ///< set on the row that carries the marker
    bool first = false;     ///< the row is the first of its container: of an item, it carries the marker
    bool open = false;      ///< of details: shown opened from the start
    int number = 0;   ///< of an ordered item, as shown: counted from the number of the list's first item
    quint32 id = 0;   ///< rows in the same quote or item have the same id here; never used again in a stream
    quint32 list = 0; ///< of an item: the id of its list, see MarkdownStream::isLoose()
    QString label;    ///< of a footnote: what its references name, as written

    friend bool operator==(const RowContainer &, const RowContainer &) = default;
};

/// A stretch of a row's text that looks or behaves differently. Runs nest like the markup: they are sorted by
/// `begin`, an outer run stands before those within it, and `depth` counts the runs around it. A run looks
/// like `style` says, whatever is around it, so that painting runs in their order gives the right picture;
/// what holds at one place is said by the last run that covers it, see runAt().
struct InlineRun
{
    enum class Kind : quint8 {
        Emphasis,
        Strong,
        Strike,
        Code,
        Link,
        Image,       ///< the text is the image's description; nothing is ever loaded by itself
        Html,        ///< raw HTML, shown as text
        SoftBreak,   ///< a space where the source has a line end
        HardBreak,   ///< U+2028
        Math,        ///< a formula within a line: its TeX without the delimiters
        DisplayMath, ///< the same between "$$" or "\[" and "\]"
        Subscript,
        Superscript,
        Keyboard, ///< what is to be typed
        Footnote, ///< the text is the label of the footnote that is referred to
    };
    enum Style : quint16 {
        Emphasis = 1 << 0,
        Strong = 1 << 1,
        Strike = 1 << 2,
        Code = 1 << 3,
        Link = 1 << 4,
        Image = 1 << 5,
        Math = 1 << 6,
        Subscript = 1 << 7,
        Superscript = 1 << 8,
        Keyboard = 1 << 9,
        Footnote = 1 << 10,
    };

    qsizetype begin = 0;        ///< UTF-16 units into Row::text
    qsizetype length = 0;       ///< UTF-16 units; a link or an image can be empty
    Kind kind = Kind::Emphasis; ///< what this run adds to the runs around it
    quint16 depth = 0;          ///< how many runs are around it
    quint16 style = 0;          ///< Style bits of this run and of all around it
    QString target; ///< of a link or an image, and of the runs in it: the URL as written, escapes and
                    ///< entities resolved, not yet judged safe. Of a footnote outside of links: its name
    QString title;  ///< of a link or an image

    friend bool operator==(const InlineRun &, const InlineRun &) = default;
};

/// The innermost run that covers the UTF-16 unit at `at`, or null in plain text.
[[nodiscard]] inline const InlineRun *runAt(const QList<InlineRun> &runs, qsizetype at)
{
    const InlineRun *innermost = nullptr;
    for (const InlineRun &run : runs) {
        if (run.begin > at)
            break;
        if (at < run.begin + run.length)
            innermost = &run;
    }
    return innermost;
}

/// One cell of a table row: its text and its runs (whose offsets count from the cell's own start).
struct TableCell
{
    QString text;
    QList<InlineRun> runs;

    friend bool operator==(const TableCell &, const TableCell &) = default;
};

enum class ColumnAlignment : quint8 { None, Left, Center, Right };

/// What one row shows. A value; its id never changes, and is never used again within its stream.
struct Row
{
    quint64 id = 0;
    RowKind kind = RowKind::Paragraph;
    quint8 level = 0;            ///< of a heading, 1 to 6
    bool closed = false;         ///< nothing that comes later changes it, but a late link definition
    bool continuesAbove = false; ///< not the first chunk of its leaf
    QList<RowContainer> containers;
    QString
        text; ///< paragraphs and headings without markup; code and HTML verbatim, lines parted by line feeds
    QList<InlineRun> runs;
    QString language;               ///< of a fence: the first word of its info string
    qsizetype lineCount = 0;        ///< of code, HTML and math: 0 if empty, which one blank line is not
    QList<ColumnAlignment> columns; ///< of a table
    QList<QList<TableCell>>
        cells;                 ///< of a table: rows of cells, the header first; no header if continuesAbove
    qsizetype sourceBegin = 0; ///< bytes into the stream's UTF-8 source, behind the containers' markers
    qsizetype sourceEnd = 0;

    friend bool operator==(const Row &, const Row &) = default;
};

} // namespace rivulet

// All of them can be moved as bytes: lists of them grow without a call for each.
Q_DECLARE_TYPEINFO(rivulet::RowContainer, Q_RELOCATABLE_TYPE);
Q_DECLARE_TYPEINFO(rivulet::InlineRun, Q_RELOCATABLE_TYPE);
Q_DECLARE_TYPEINFO(rivulet::TableCell, Q_RELOCATABLE_TYPE);
Q_DECLARE_TYPEINFO(rivulet::Row, Q_RELOCATABLE_TYPE);
