// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/html.h"
#include "tests/fuzz/slices.h"
#include "tests/models/markdown/streammirror.h"

#include <cstdio>
#include <cstdlib>

using namespace rivulet;

namespace {

// What is left of a text that came in these pieces: rows by content, whatever their ids.
QList<Row> read(const fuzz::Pieces &pieces, MarkdownOptions options, QString &html)
{
    test::StreamMirror mirror(options);
    for (const auto &piece : pieces)
        mirror.append(QByteArray(piece.data(), qsizetype(piece.size())));
    mirror.finish();
    if (!mirror.breach().isEmpty()) {
        std::fprintf(stderr, "%s\n", mirror.breach().constData());
        std::abort();
    }
    html = toHtml(mirror.stream());
    QList<Row> rows = mirror.rows();
    for (Row &row : rows)
        row.id = 0;
    return rows;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    for (const MarkdownOptions options : {MarkdownOptions(), MarkdownOptions::commonMark()}) {
        QString html;
        const std::vector<fuzz::Pieces> splits = fuzz::splitsOf(input);
        const QList<Row> rows = read(splits.front(), options, html);
        for (const fuzz::Pieces &pieces : splits) {
            QString sameHtml;
            fuzz::require(read(pieces, options, sameHtml) == rows);
            fuzz::require(sameHtml == html);
        }
    }
    return 0;
}
