// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/markdown/html.h"
#include "tests/fuzz/slices.h"
#include "tests/models/markdown/streammirror.h"

#ifdef RIVULET_HAS_CMARK_GFM
#include "tests/models/markdown/cmarkgfm.h"
#endif

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

#ifdef RIVULET_HAS_CMARK_GFM
// Whether cmark-gfm, which follows CommonMark 0.29, has to read a text as we do: paragraphs and tables of
// plain characters, references, escapes and a little emphasis. (It gives up searches for openers and for the
// ends of code too early, and takes destinations with a single parenthesis.) The tests compare all else, with
// a second oracle.
bool isPlain(std::string_view text)
{
    bool lineBegins = true;
    int stars = 0;
    for (const char c : text) {
        if (c == '\n') {
            lineBegins = true;
            continue;
        }
        const bool isLetter = c >= 'a' && c <= 'z';
        stars += c == '*' ? 1 : 0;
        if (!isLetter && std::string_view(" *[]()!\\|\"'").find(c) == std::string_view::npos)
            return false;
        if (lineBegins && !isLetter && c != '|')
            return false;
        lineBegins = false;
    }
    return stars <= 2 && text.find("ww") == std::string_view::npos
        && text.find("](") == std::string_view::npos;
}

void compareWithCmarkGfm(std::string_view text)
{
    MarkdownOptions options = MarkdownOptions::gfm();
    options.footnotes = false;
    MarkdownStream stream(options);
    stream.append(text);
    stream.finish();
    const QByteArray ours = test::withoutRepeatedStrong(toHtml(stream, {.allowHtml = true}).toUtf8());
    const QByteArray theirs =
        test::withoutRepeatedStrong(test::cmarkGfmHtml({text.data(), qsizetype(text.size())}, options));
    if (ours == theirs)
        return;
    std::fprintf(stderr, "gives\n%s\ninstead of\n%s\n", ours.constData(), theirs.constData());
    std::abort();
}
#endif

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
#ifdef RIVULET_HAS_CMARK_GFM
    if (isPlain(input))
        compareWithCmarkGfm(input);
#endif
    for (const MarkdownOptions options :
         {MarkdownOptions(), MarkdownOptions::gfm(), MarkdownOptions::commonMark()}) {
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
