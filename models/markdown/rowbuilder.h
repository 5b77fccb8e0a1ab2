// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/blockparser.h"
#include "models/markdown/inlineparser.h"
#include "models/markdown/markdownstream.h"
#include "models/markdown/table.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rivulet::markdown {

/// Turns what each line is into rows, and notes what it touched.
///
/// Whole lines are taken for good. A partial line is laid over the rows: it may extend the open leaf or start
/// one of its own, and all of that is undone before the next line is taken.
class RowBuilder
{
public:
    explicit RowBuilder(const MarkdownOptions &options)
        : m_options(options), m_inlines(m_options, m_definitions)
    {}
    Q_DISABLE_COPY_MOVE(RowBuilder)

    /// Takes a whole line. `state` is what the parser left behind it; `begin` and `end` are the bytes of the
    /// line in the source.
    void take(const Line &line, BlockState &state, qsizetype begin, qsizetype end);
    /// Lays a partial line over the rows.
    void lay(const Line &line, BlockState &state, qsizetype begin, qsizetype end);
    /// More bytes of the partial line that was laid last, which is decided to be text.
    void extend(std::string_view text, qsizetype end);
    /// Undoes what was laid.
    void lift();
    /// Brings the open leaf's row up to date.
    void show();
    /// The text is over.
    void finish();

    /// Resolves the links whose definitions came late. What happened to the rows since the last patch.
    [[nodiscard]] MarkdownPatch takePatch();

    [[nodiscard]] const QList<Row> &rows() const { return m_rows; }
    /// See MarkdownStream::settled().
    [[nodiscard]] qsizetype settled() const;
    /// The text of the open paragraph, if there is one.
    [[nodiscard]] std::string_view paragraph() const { return m_leaf.content; }
    [[nodiscard]] qint64 bytesScanned() const { return m_inlines.bytesScanned(); }

private:
    /// The leaf block that is open, and how much of it its last row shows.
    struct OpenLeaf
    {
        Leaf::Type type = Leaf::Type::None;
        QList<RowContainer> containers;
        qsizetype row = -1;  ///< the last of its rows; -1: none yet
        qsizetype begin = 0; ///< in the source
        qsizetype end = 0;
        int level = 0;           ///< of a heading
        std::string content;     ///< of a paragraph or a heading
        std::size_t skipped = 0; ///< of the content: definitions and the box of a task
        InlineProgress progress;
        QStringList unresolved;
        QString blankLines; ///< of indented code: what only counts if more code follows
        qsizetype blankCount = 0;
        QList<ColumnAlignment> columns; ///< of a table
        bool stale = false;             ///< its row does not show its content yet
        bool provisional = false;       ///< of math: it is a paragraph if its end does not come

        /// Makes it one that nothing has come of yet, but keeps the buffer of its content.
        void restart();
    };
    /// Inlines that name a label nobody has defined.
    struct Waiting
    {
        qsizetype row;
        qsizetype tableRow; ///< -1 outside of tables
        qsizetype column;
        std::string content;
        int parses = 0;      ///< since it waits
        bool marked = false; ///< one of its labels was defined since then
    };
    /// What lift() goes back to.
    struct Before
    {
        qsizetype count = 0;
        qsizetype row = -1; ///< of the open leaf
        std::size_t content = 0;
        std::size_t skipped = 0;
        InlineProgress progress;
        qsizetype end = 0;
        qsizetype text = 0; ///< of the open leaf's last row
        qsizetype lines = 0;
        qsizetype tableRows = 0;
        QString blankLines;
        qsizetype blankCount = 0;
        qsizetype placeholder = -1;
        std::optional<Row> placeholderRow;
    };

    void startLeaf(OpenLeaf &leaf, const Line &line, BlockState &state, qsizetype begin, qsizetype end);
    void continueLeaf(OpenLeaf &leaf, const Line &line, qsizetype begin, qsizetype end);
    void closeLeaf();
    void closeParagraph();
    void turnIntoParagraph();
    void splitTable(const Line &line, qsizetype end);
    void showPlaceholder(BlockState &state, qsizetype at);

    void addVerbatimLine(OpenLeaf &leaf, const Line &line, qsizetype begin, qsizetype end);
    void appendLine(const OpenLeaf &leaf, std::string_view text, qsizetype end);
    void appendVerbatim(OpenLeaf &leaf, qsizetype begin, qsizetype lines);
    void addTableRow(OpenLeaf &leaf, std::string_view text, qsizetype begin, qsizetype end, bool open);
    void showParagraph(OpenLeaf &leaf);
    bool showAsTableHeader(OpenLeaf &leaf, std::string_view content);
    void skipDefinitions(OpenLeaf &leaf, bool open, bool &held);
    void skipTask(OpenLeaf &leaf, bool open, bool &held);

    /// Makes a row that is used again one like new, but for its id and its buffers.
    static void clear(Row &row);
    /// What a leaf of text is shown as.
    [[nodiscard]] static RowKind kindOf(Leaf::Type type);
    [[nodiscard]] static bool isFirstSomewhere(const QList<RowContainer> &containers);
    Row &addRow(RowKind kind, const QList<RowContainer> &containers, qsizetype begin);
    Row &rowOf(const OpenLeaf &leaf) { return m_rows[leaf.row]; }
    /// Notes that a row changes, but for the first `kept` units of its text.
    void touch(qsizetype row, qsizetype kept = 0);

    void define(const QString &label, const LinkTarget &target);
    void defineFootnote(std::string_view label);
    void wait(Waiting waiting, const QStringList &labels);
    void relinkMarked();
    void relink(Waiting &waiting);

    MarkdownOptions m_options;
    LinkDefinitions m_definitions;
    InlineParser m_inlines;
    TableLine m_tableLine;

    QList<Row> m_rows;
    std::vector<quint64> m_ids; ///< of m_rows; a row that is laid again gets its old one
    quint64 m_lastId = 0;
    qsizetype m_count = 0;      ///< rows that count; those behind are left over from what was lifted
    qsizetype m_shownCount = 0; ///< at the last patch
    qsizetype m_touched = -1;   ///< since then, the first
    qsizetype m_kept = 0;       ///< of its text, see MarkdownPatch::kept
    std::vector<qsizetype> m_relinked;
    qsizetype m_placeholder = -1; ///< the last row, where it only stands for an empty container

    OpenLeaf m_leaf;
    OpenLeaf m_laidLeaf;        ///< started by the partial line
    OpenLeaf *m_laid = nullptr; ///< that the partial line belongs to, if any
    std::string m_laidRest;     ///< bytes of it that do not make a whole character yet
    bool m_isLaid = false;
    bool m_isLaidForGood = false; ///< whatever follows in the line is text, too
    Before m_before;

    std::vector<Waiting> m_waiting;
    QHash<QString, std::vector<std::size_t>> m_waitingFor; ///< indices into m_waiting, by label
    std::vector<std::size_t> m_marked; ///< indices into m_waiting, of what the next patch brings up to date
    std::vector<std::size_t> m_markedForEnd; ///< and of what only the last one does
    bool m_isFinished = false;
};

} // namespace rivulet::markdown
