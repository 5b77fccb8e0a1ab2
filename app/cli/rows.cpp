// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/rows.h"

#include "app/cli/console.h"
#include "app/cli/jsonwriter.h"
#include "app/cli/markdowninput.h"

#include <algorithm>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

/// "[a,b,…]" of what `toText` makes of each value.
template<typename List, typename ToText>
QByteArray jsonArray(const List &values, ToText toText)
{
    QByteArray array = "[";
    for (const auto &value : values) {
        if (array.size() > 1)
            array += ',';
        array += toText(value);
    }
    return array + ']';
}

QStringView nameOf(RowKind kind)
{
    switch (kind) {
    case RowKind::Paragraph:
        return u"paragraph";
    case RowKind::Heading:
        return u"heading";
    case RowKind::Code:
        return u"code";
    case RowKind::Table:
        return u"table";
    case RowKind::Rule:
        return u"rule";
    case RowKind::Html:
        return u"html";
    case RowKind::Math:
        return u"math";
    case RowKind::Summary:
        return u"summary";
    }
    Q_UNREACHABLE_RETURN({});
}

QStringView nameOf(InlineRun::Kind kind)
{
    switch (kind) {
    case InlineRun::Kind::Emphasis:
        return u"emphasis";
    case InlineRun::Kind::Strong:
        return u"strong";
    case InlineRun::Kind::Strike:
        return u"strike";
    case InlineRun::Kind::Code:
        return u"code";
    case InlineRun::Kind::Link:
        return u"link";
    case InlineRun::Kind::Image:
        return u"image";
    case InlineRun::Kind::Html:
        return u"html";
    case InlineRun::Kind::SoftBreak:
        return u"soft_break";
    case InlineRun::Kind::HardBreak:
        return u"hard_break";
    case InlineRun::Kind::Math:
        return u"math";
    case InlineRun::Kind::DisplayMath:
        return u"display_math";
    case InlineRun::Kind::Subscript:
        return u"subscript";
    case InlineRun::Kind::Superscript:
        return u"superscript";
    case InlineRun::Kind::Keyboard:
        return u"keyboard";
    case InlineRun::Kind::Footnote:
        return u"footnote";
    }
    Q_UNREACHABLE_RETURN({});
}

QStringView nameOf(RowContainer::Kind kind)
{
    switch (kind) {
    case RowContainer::Kind::Quote:
        return u"quote";
    case RowContainer::Kind::BulletItem:
        return u"bullet";
    case RowContainer::Kind::OrderedItem:
        return u"ordered";
    case RowContainer::Kind::Details:
        return u"details";
    case RowContainer::Kind::Footnote:
        return u"footnote";
    }
    Q_UNREACHABLE_RETURN({});
}

QStringView nameOf(ColumnAlignment alignment)
{
    switch (alignment) {
    case ColumnAlignment::None:
        return u"none";
    case ColumnAlignment::Left:
        return u"left";
    case ColumnAlignment::Center:
        return u"center";
    case ColumnAlignment::Right:
        return u"right";
    }
    Q_UNREACHABLE_RETURN({});
}

QByteArray toJson(const RowContainer &container)
{
    JsonObjectWriter json;
    json.string("kind", nameOf(container.kind)).number("id", container.id).boolean("first", container.first);
    if (container.list != 0)
        json.number("list", container.list);
    if (container.kind == RowContainer::Kind::Details)
        json.boolean("open", container.open);
    if (container.kind == RowContainer::Kind::Footnote)
        json.string("label", container.label);
    if (container.kind == RowContainer::Kind::OrderedItem)
        json.number("number", container.number);
    if (container.task != RowContainer::Task::None)
        json.boolean("done", container.task == RowContainer::Task::Done);
    return json.text();
}

QByteArray toJson(const InlineRun &run)
{
    JsonObjectWriter json;
    json.string("kind", nameOf(run.kind))
        .number("begin", run.begin)
        .number("length", run.length)
        .number("depth", run.depth);
    if (run.kind == InlineRun::Kind::Link || run.kind == InlineRun::Kind::Image) {
        json.string("target", run.target);
        if (!run.title.isEmpty())
            json.string("title", run.title);
    }
    return json.text();
}

QByteArray toJson(const QList<InlineRun> &runs)
{
    return jsonArray(runs, [](const InlineRun &run) { return toJson(run); });
}

QByteArray toJson(const TableCell &cell)
{
    return JsonObjectWriter().string("text", cell.text).json("runs", toJson(cell.runs)).text();
}

QByteArray toJson(const Row &row)
{
    JsonObjectWriter json;
    json.number("id", qint64(row.id)).string("kind", nameOf(row.kind));
    if (row.kind == RowKind::Heading)
        json.number("level", row.level);
    if (row.continuesAbove)
        json.boolean("continues_above", true);
    json.json("containers",
              jsonArray(row.containers, [](const RowContainer &container) { return toJson(container); }));
    const QByteArray source =
        '[' + QByteArray::number(row.sourceBegin) + ',' + QByteArray::number(row.sourceEnd) + ']';
    json.json("source", source);
    json.string("text", row.text).json("runs", toJson(row.runs));
    if (!row.language.isEmpty())
        json.string("language", row.language);
    if (row.kind == RowKind::Table) {
        json.json("columns", jsonArray(row.columns, [](ColumnAlignment column) {
                      return toJsonString(nameOf(column));
                  }));
        json.json("cells", jsonArray(row.cells, [](const QList<TableCell> &cells) {
                      return jsonArray(cells, [](const TableCell &cell) { return toJson(cell); });
                  }));
    }
    return json.text();
}

/// Follows the rows as a view would, and counts what a reader would see jump.
class Trace
{
public:
    explicit Trace(const MarkdownStream &stream) : m_stream(stream) {}

    /// Prints the line of the next append.
    void print(const MarkdownPatch &patch)
    {
        const QList<Row> &rows = m_stream.rows();
        qint64 retyped = 0;
        qint64 reverted = patch.removed;
        for (qsizetype at = patch.first; at < patch.first + patch.changed; ++at) {
            const Row &before = m_rows[at];
            if (before.kind != rows[at].kind)
                retyped += isEmpty(before) ? 0 : 1;
            else if (!rows[at].text.startsWith(before.text))
                ++reverted;
        }
        for (const qsizetype at : patch.relinked)
            m_rows[at] = rows[at];
        m_rows.resize(patch.first);
        m_rows.append(rows.sliced(patch.first));

        const qint64 scanned = m_stream.bytesScanned() - m_scanned;
        m_scanned = m_stream.bytesScanned();
        const qint64 touched = patch.changed + patch.removed + patch.added + patch.relinked.size();
        printLine(
            JsonObjectWriter()
                .number("append", ++m_appends)
                .number("rows_touched", touched)
                .number("rows_total", rows.size())
                .number("first_touched", patch.relinked.isEmpty() ? patch.first : patch.relinked.first())
                .number("retyped", retyped)
                .number("reverted", reverted)
                .number("bytes_scanned", scanned)
                .text());
    }

private:
    [[nodiscard]] static bool isEmpty(const Row &row) { return row.text.isEmpty() && row.cells.isEmpty(); }

    const MarkdownStream &m_stream;
    QList<Row> m_rows; ///< as last printed
    qint64 m_appends = 0;
    qint64 m_scanned = 0;
};

} // namespace

ExitCode runRows(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Prints the transcript rows of a markdown text as JSON."));
    MarkdownInput input;
    input.addTo(parser);
    const QCommandLineOption trace(u"trace"_s,
                                   tr("Prints instead one line for each append: what it touched."));
    parser.addOption(trace);
    if (const auto code = parse(parser, arguments))
        return *code;
    if (const auto read = input.read(parser); !read)
        return read.error();

    MarkdownStream stream;
    if (parser.isSet(trace)) {
        Trace lines(stream);
        input.feed(stream, [&lines](const MarkdownPatch &patch) { lines.print(patch); });
        return Done;
    }
    input.feed(stream);
    printLine(jsonArray(stream.rows(), [](const Row &row) { return QByteArray('\n' + toJson(row)); }));
    return Done;
}

} // namespace rivulet::cli
