// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/markdownyardsticks.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporaryfile.h>

#ifdef RIVULET_HAS_MD4C
#include <md4c.h>
#endif
#ifdef RIVULET_HAS_CMARK_GFM
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#endif

#include <algorithm>
#include <array>
#include <cstdlib>

namespace rivulet::bench {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t tokenSize = 5;

Row wholeRow(const QString &what, double megabytesPerSecond, const QString &peer)
{
    return {.what = what, .metric = u"MBps"_s, .value = megabytesPerSecond, .unit = u"MB/s"_s, .peer = peer};
}

Row tokenRow(const QString &what, double microseconds, const QString &peer)
{
    return {.what = what,
            .metric = u"us_per_token"_s,
            .value = microseconds,
            .unit = u"us"_s,
            .better = Row::Better::Lower,
            .peer = peer};
}

std::chrono::duration<double> timeFor(const Options &options)
{
    return std::chrono::duration<double>(options.quick ? 0.2 : 1.0);
}

void addMd4c(Report &report, const Options &options, const std::string &answer)
{
#ifdef RIVULET_HAS_MD4C
    MD_PARSER parser{};
    parser.flags = MD_DIALECT_GITHUB;
    parser.enter_block = [](MD_BLOCKTYPE, void *, void *) { return 0; };
    parser.leave_block = [](MD_BLOCKTYPE, void *, void *) { return 0; };
    parser.enter_span = [](MD_SPANTYPE, void *, void *) { return 0; };
    parser.leave_span = [](MD_SPANTYPE, void *, void *) { return 0; };
    parser.text = [](MD_TEXTTYPE, const MD_CHAR *, MD_SIZE, void *) { return 0; };
    const double seconds = fastestRun(timeFor(options), [&] {
        if (md_parse(answer.data(), MD_SIZE(answer.size()), &parser, nullptr) != 0)
            std::abort();
    });
    report.add(
        wholeRow(u"mixed 1 MB, whole"_s, double(answer.size()) / 1e6 / seconds, u"md4c, without a result"_s));
#else
    Q_UNUSED(report)
    Q_UNUSED(options)
    Q_UNUSED(answer)
    std::fputs("bench_markdown: NO YARDSTICK md4c: it was not there when this was built\n", stderr);
#endif
}

#ifdef RIVULET_HAS_CMARK_GFM
cmark_parser *cmarkParser()
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    for (const char *name : {"table", "strikethrough", "autolink", "tasklist"})
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name));
    return parser;
}
#endif

void addCmarkGfm(Report &report, const Options &options, const std::string &answer)
{
#ifdef RIVULET_HAS_CMARK_GFM
    const double whole = fastestRun(timeFor(options), [&] {
        cmark_parser *parser = cmarkParser();
        cmark_parser_feed(parser, answer.data(), answer.size());
        cmark_node_free(cmark_parser_finish(parser));
        cmark_parser_free(parser);
    });
    report.add(wholeRow(u"mixed 1 MB, whole"_s, double(answer.size()) / 1e6 / whole, u"cmark-gfm"_s));
    const double tokens = fastestRun(timeFor(options), [&] {
        cmark_parser *parser = cmarkParser();
        for (std::size_t at = 0; at < answer.size(); at += tokenSize)
            cmark_parser_feed(parser, answer.data() + at, std::min(tokenSize, answer.size() - at));
        cmark_parser_free(parser);
    });
    report.add(tokenRow(u"mixed 1 MB, 5-byte tokens"_s,
                        tokens * 1e6 / (double(answer.size()) / double(tokenSize)),
                        u"cmark-gfm, blocks of whole lines alone"_s));
#else
    Q_UNUSED(report)
    Q_UNUSED(options)
    Q_UNUSED(answer)
    std::fputs("bench_markdown: NO YARDSTICK cmark-gfm: it was not there when this was built\n", stderr);
#endif
}

/// What a JavaScript library in yardsticks/ comes to; nothing where it can not be run.
std::optional<double> measuredByNode(const QString &mode, const QString &library, const QString &file,
                                     int runs)
{
    const QString folder = QStringLiteral(RIVULET_SOURCE_DIR "/tests/bench/yardsticks");
    const QString node = QStandardPaths::findExecutable(u"node"_s);
    if (node.isEmpty() || !QFileInfo::exists(folder + u"/node_modules/markdown-it"_s)) {
        std::fprintf(stderr, "bench_markdown: NO YARDSTICK %s: it needs node, and npm ci in %s\n",
                     qUtf8Printable(library), qUtf8Printable(folder));
        return {};
    }
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(node, {folder + u"/markdown.js"_s, mode, library, file, QString::number(runs)});
    bool isNumber = false;
    if (!process.waitForFinished(-1) || process.exitCode() != 0)
        return {};
    const double value = process.readAllStandardOutput().trimmed().toDouble(&isNumber);
    return isNumber ? std::optional(value) : std::nullopt;
}

void addJavaScript(Report &report, const Options &options, const std::string &answer)
{
    QTemporaryFile file;
    const auto part = qint64(std::min<std::size_t>(answer.size(), 100'000));
    if (!file.open() || file.write(answer.data(), part) != part || !file.flush())
        return;
    const int runs = options.quick ? 3 : 10;
    for (const QString &library : {u"markdown-it"_s, u"marked"_s}) {
        if (const auto value = measuredByNode(u"whole"_s, library, file.fileName(), runs))
            report.add(wholeRow(u"mixed 100 kB, whole"_s, *value, library));
    }
    if (const auto value =
            measuredByNode(u"tokens"_s, u"streaming-markdown"_s, file.fileName(), std::max(2, runs / 2)))
        report.add(tokenRow(u"mixed 100 kB, 5-byte tokens"_s, *value, u"streaming-markdown"_s));
    if (const auto value = measuredByNode(u"tokens"_s, u"remend and streamdown's splitter"_s, file.fileName(),
                                          std::max(2, runs / 2)))
        report.add(
            tokenRow(u"mixed 100 kB, again for each token"_s, *value, u"remend and streamdown's splitter"_s));
    if (options.quick)
        return;
    if (const auto value = measuredByNode(u"tokens"_s, u"incremark"_s, file.fileName(), 1))
        report.add(tokenRow(u"mixed 100 kB, 5-byte tokens"_s, *value, u"incremark"_s));
}

} // namespace

void addMarkdownYardsticks(Report &report, const Options &options, const std::string &answer)
{
    addMd4c(report, options, answer);
    addCmarkGfm(report, options, answer);
    addJavaScript(report, options, answer);
}

} // namespace rivulet::bench
