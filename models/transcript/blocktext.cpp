// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/blocktext.h"

using namespace Qt::StringLiterals;

namespace rivulet::transcript {

namespace {

QString tabSeparated(const Row &row)
{
    QString text;
    for (const QList<TableCell> &line : row.cells) {
        for (qsizetype i = 0; i < line.size(); ++i) {
            if (i > 0)
                text += u'\t';
            text += QString(line[i].text).replace(u'\t', u' ').replace(QChar::LineSeparator, u' ');
        }
        text += u'\n';
    }
    return text;
}

} // namespace

QString blockText(const Entry &entry)
{
    if (entry.kind == TranscriptModel::Kind::User)
        return entry.message->message.text();
    if (entry.at < 0)
        return {};
    const QList<Row> &content = contentOf(*entry.segment);
    qsizetype at = entry.at;
    while (at > 0 && content[at].continuesAbove)
        --at;
    QString text;
    for (bool first = true; at < content.size() && (first || content[at].continuesAbove);
         ++at, first = false) {
        const Row &row = content[at];
        if (!first && (row.kind == RowKind::Code || row.kind == RowKind::Math))
            text += u'\n';
        text += row.kind == RowKind::Table ? tabSeparated(row) : row.text;
    }
    return text;
}

const Entry &firstChunk(const Entry &entry)
{
    const Entry *first = &entry;
    while (first->segment && first->at >= 0) {
        const Row *row = contentOf(*first);
        const Entry *above = entryAbove(*first);
        if (!row || !row->continuesAbove || !above)
            break;
        first = above;
    }
    return *first;
}

bool shows(const Row &row, const QString &words)
{
    const QString &text = row.kind == RowKind::Table ? tabSeparated(row) : row.text;
    return text.contains(words, Qt::CaseInsensitive);
}

} // namespace rivulet::transcript
