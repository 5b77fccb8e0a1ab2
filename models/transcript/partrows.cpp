// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/partrows.h"

#include "models/transcript/shownparts.h"
#include "models/transcript/transcriptmodel.h"
#include "net/wire/jsontext.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rivulet::transcript {

namespace {

// As models/markdown cuts its own: views expect no longer rows.
constexpr qsizetype linesPerChunk = 64;
constexpr qsizetype tableRowsPerChunk = 32;
constexpr qsizetype longestJson = 64 * 1024; // UTF-16 units: what is longer is a file, and nobody reads it

QList<TableCell> cellsOf(const QStringList &line)
{
    QList<TableCell> cells;
    for (const QString &text : line)
        cells.append({.text = QString(text).replace(u'\n', QChar::LineSeparator), .runs = {}});
    return cells;
}

QString readable(QString json)
{
    if (json.size() > longestJson) {
        json.truncate(longestJson - (json.at(longestJson - 1).isHighSurrogate() ? 1 : 0));
        json += u'\u2026';
    }
    return json;
}

Row linkRow(const QString &text, const QString &target)
{
    Row row = paragraphRow(text);
    row.runs.append({.begin = 0,
                     .length = row.text.size(),
                     .kind = InlineRun::Kind::Link,
                     .style = InlineRun::Link,
                     .target = target});
    return row;
}

/// The language that a file's name tells, as code blocks spell it; empty where it tells none.
QString languageOf(const QString &title)
{
    const qsizetype dot = title.lastIndexOf(u'.');
    const QStringView ending = QStringView(title).sliced(dot + 1);
    const bool isName = std::ranges::all_of(
        ending, [](QChar c) { return c.isLetterOrNumber() || c == u'+' || c == u'-' || c == u'_'; });
    return dot > 0 && isName ? ending.toString() : QString();
}

} // namespace

Row paragraphRow(const QString &text, bool strong)
{
    Row row;
    row.closed = true;
    row.text = QString(text).replace(u'\n', QChar::LineSeparator);
    if (strong && !row.text.isEmpty()) {
        row.runs.append({.begin = 0,
                         .length = row.text.size(),
                         .kind = InlineRun::Kind::Strong,
                         .style = InlineRun::Strong});
    }
    return row;
}

QList<Row> codeRows(const QString &code, const QString &language, bool closed)
{
    QList<Row> rows;
    QStringView rest = code;
    if (rest.endsWith(u'\n'))
        rest.chop(1);
    do {
        qsizetype end = -1;
        qsizetype lines = 0;
        do {
            end = rest.indexOf(u'\n', end + 1);
            ++lines;
        } while (end >= 0 && lines < linesPerChunk);
        Row &row = rows.emplace_back();
        row.kind = RowKind::Code;
        row.language = language;
        row.continuesAbove = rows.size() > 1;
        row.closed = closed || end >= 0;
        row.text = (end < 0 ? rest : rest.first(end)).toString();
        row.lineCount = row.text.isEmpty() ? 0 : lines;
        rest = end < 0 ? QStringView() : rest.sliced(end + 1);
    } while (!rest.isEmpty());
    return rows;
}

QList<Row> tableRows(const QList<QStringList> &lines)
{
    QList<Row> rows;
    const QList<ColumnAlignment> columns(lines.constFirst().size(), ColumnAlignment::None);
    for (const QStringList &line : lines) {
        if (rows.isEmpty() || rows.constLast().cells.size() == tableRowsPerChunk) {
            Row &row = rows.emplace_back();
            row.kind = RowKind::Table;
            row.columns = columns;
            row.continuesAbove = rows.size() > 1;
            row.closed = true;
        }
        rows.last().cells.append(cellsOf(line));
    }
    return rows;
}

QList<Row> rowsOf(const ArtifactPart &artifact, bool closed)
{
    using Kind = event::Artifact::Kind;
    if (artifact.kind == Kind::Source) {
        const QString url = jsonMember(artifact.data, "url"_L1).value_or(artifact.id);
        return {linkRow(artifact.title.isEmpty() ? url : artifact.title, url)};
    }
    QList<Row> rows;
    if (!artifact.title.isEmpty())
        rows.append(paragraphRow(artifact.title, true));
    if (artifact.kind == Kind::Table) {
        if (const auto table = tableOfJson(artifact.data))
            return rows + tableRows(*table);
    }
    if (const auto text = stringOfJson(artifact.data))
        return rows + codeRows(*text, languageOf(artifact.title), closed);
    if (artifact.data.isEmpty())
        return rows;
    return rows + codeRows(readable(indentedJson(artifact.data)), u"json"_s, closed);
}

QList<Row> toolTextRows(const QString &text, bool closed)
{
    const QString indented = indentedJson(text.toUtf8());
    return codeRows(readable(indented), indented == text ? QString() : u"json"_s, closed);
}

QList<Row> rowsOf(const Message &message, qsizetype at)
{
    const bool closed = message.state != Message::State::Streaming;
    const Part &part = message.parts[at];
    QList<Row> made;
    const auto add = [&](const QString &caption, const QString &text, bool whole) {
        if (text.isEmpty())
            return;
        made.append(paragraphRow(caption, true));
        made.append(toolTextRows(text, whole));
    };
    if (const auto *call = std::get_if<ToolCallPart>(&part)) {
        const ToolResultPart *result = resultOf(message, *call);
        add(TranscriptModel::tr("Arguments"), call->arguments, closed || result);
        if (result)
            add(TranscriptModel::tr("Result"), result->content, closed || !result->preliminary);
    } else if (const auto *result = std::get_if<ToolResultPart>(&part)) {
        add(TranscriptModel::tr("Result"), result->content, closed || !result->preliminary);
    } else if (const auto *approval = std::get_if<ApprovalPart>(&part)) {
        if (!approval->arguments.isEmpty() && approval->arguments != u"{}")
            made.append(toolTextRows(approval->arguments, true));
    } else if (const auto *artifact = std::get_if<ArtifactPart>(&part)) {
        made = rowsOf(*artifact, closed);
    }
    return made;
}

} // namespace rivulet::transcript
