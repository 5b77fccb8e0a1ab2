// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// What markdown costs: a whole answer at once, and token by token while it grows. Yardsticks are other
// parsers, and Qt's own importer, which has to read the whole answer again for each token.

#include "models/markdown/markdownstream.h"
#include "tests/bench/markdownyardsticks.h"
#include "tests/bench/report.h"

#include <QtCore/QByteArray>
#include <QtGui/QGuiApplication>
#include <QtGui/QTextDocument>

#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

using namespace rivulet;
using namespace rivulet::bench;
using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t tokenSize = 5;

// Seconds of processor time that this thread has had.
double threadSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

// Prose, lists, code and a table, as a model would write them, each section a little different.
std::string mixed(std::size_t size)
{
    // A section, in which @ stands for its number.
    static constexpr std::string_view section =
        "## Section @: what the river carries\n\n"
        "Water takes the **steepest way** down, which is *not* the shortest one; see [the map @]"
        "(https://example.org/map/@) for details. A `while` loop does the same, and so does every "
        "stream that nobody has **dammed or straightened** yet. Figures are from 2026 and will "
        "change.\n\n"
        "1. Snow melts in the mountains, @ times a year.\n"
        "2. Streams meet:\n"
        "   - the **clear** one,\n"
        "   - the *muddy* one, with `silt_@`.\n"
        "3. The delta.\n\n"
        "```cpp\n"
        "for (int i = 0; i < @; ++i) {\n"
        "    std::println(\"{} cubic metres\", flow(i) * 2.5);\n"
        "    total += flow(i);\n"
        "}\n"
        "```\n\n"
        "| River | Length | Sea |\n"
        "|:------|-------:|-----|\n"
        "| Elbe @ | 1094 km | North Sea |\n"
        "| Danube | **2850** km | Black Sea |\n\n"
        "> Panta rhei: everything flows, and nothing stays as it was before.\n\n";
    std::string text;
    for (int number = 0; text.size() < size; ++number) {
        for (const char c : section) {
            if (c == '@')
                text += std::to_string(number);
            else
                text += c;
        }
    }
    text.resize(size);
    return text;
}

// Must be looked at, so that no work is optimized away.
void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "bench_markdown: %s\n", what);
    std::exit(1);
}

// The least time of several runs of `work`, in seconds of processor time.
template<typename Work>
double least(int runs, Work work)
{
    double best = std::numeric_limits<double>::max();
    for (int run = 0; run < runs; ++run) {
        const double begin = threadSeconds();
        work();
        best = std::min(best, threadSeconds() - begin);
    }
    return best;
}

double wholeSeconds(const std::string &text, int runs)
{
    return least(runs, [&] {
        MarkdownStream stream;
        stream.append(text);
        stream.finish();
        require(!stream.rows().isEmpty(), "no rows");
    });
}

// Microseconds a token for the last tenth of the text, after the rest has come as tokens, too.
double tokenMicroseconds(const std::string &text, int runs)
{
    const std::size_t from = text.size() - text.size() / 10;
    double best = std::numeric_limits<double>::max();
    for (int run = 0; run < runs; ++run) {
        MarkdownStream stream;
        const std::string_view view = text;
        for (std::size_t at = 0; at < from; at += tokenSize)
            stream.append(view.substr(at, std::min(tokenSize, from - at)));
        const double begin = threadSeconds();
        std::size_t tokens = 0;
        for (std::size_t at = from; at < text.size(); at += tokenSize, ++tokens)
            stream.append(view.substr(at, tokenSize));
        best = std::min(best, (threadSeconds() - begin) * 1e6 / double(tokens));
        require(!stream.rows().isEmpty(), "no rows");
    }
    return best;
}

// Bytes looked at for a token of the last tenth: a count, so the same everywhere.
double scannedPerToken(const std::string &text)
{
    const std::size_t from = text.size() - text.size() / 10;
    MarkdownStream stream;
    const std::string_view view = text;
    for (std::size_t at = 0; at < from; at += tokenSize)
        stream.append(view.substr(at, std::min(tokenSize, from - at)));
    const qint64 before = stream.bytesScanned();
    std::size_t tokens = 0;
    for (std::size_t at = from; at < text.size(); at += tokenSize, ++tokens)
        stream.append(view.substr(at, tokenSize));
    return double(stream.bytesScanned() - before) / double(tokens);
}

std::string repeated(std::string_view piece, std::size_t size)
{
    std::string text;
    while (text.size() < size)
        text += piece;
    text.resize(size);
    return text;
}

struct Case
{
    QString name;
    std::string small;
    std::string large;
    double goal;
};

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication app(argc, argv);
    const Options options = Options::fromArguments(argc, argv);
    Report report(u"markdown"_s, options);
    const int runs = options.quick ? 3 : 10;
    constexpr std::size_t small = 10'000;
    constexpr std::size_t large = 1'000'000;

    const std::string answer = mixed(large);
    report.add({.what = u"mixed 1 MB, whole"_s,
                .metric = u"MBps"_s,
                .value = double(answer.size()) / 1e6 / wholeSeconds(answer, runs),
                .unit = u"MB/s"_s,
                .goal = 250.0});

    const QString qt = QString::fromStdString(mixed(100'000));
    const double seconds = least(options.quick ? 1 : 3, [&] {
        QTextDocument document;
        document.setUndoRedoEnabled(false);
        document.setMarkdown(qt);
        require(!document.isEmpty(), "no document");
    });
    report.add({.what = u"mixed 100 kB, whole"_s,
                .metric = u"MBps"_s,
                .value = double(qt.size()) / 1e6 / seconds,
                .unit = u"MB/s"_s,
                .peer = u"QTextDocument::setMarkdown"_s});
    report.add({.what = u"mixed 100 kB, again for each token"_s,
                .metric = u"us_per_token"_s,
                .value = seconds * 1e6,
                .unit = u"us"_s,
                .peer = u"QTextDocument::setMarkdown"_s});

    addMarkdownYardsticks(report, options, answer);

    const QList<Case> cases{
        {u"mixed"_s, mixed(small), answer, 1.10},
        {u"one fence"_s, "```\n" + repeated("int a = 1; // one\n", small),
         "```\n" + repeated("int a = 1; // one\n", large), 1.5},
        {u"fence on one line"_s, "```\n" + repeated("0123456789", small),
         "```\n" + repeated("0123456789", large), 1.5},
        {u"no line end"_s, repeated("words and *more* words ", small),
         repeated("words and *more* words ", large), 1.5},
        {u"no space"_s, repeated("abcdefghij", small), repeated("abcdefghij", large), 1.5},
        {u"open strong"_s, repeated("**a ", small), repeated("**a ", large), 1.5},
        {u"open brackets"_s, repeated("[", small), repeated("[", large), 1.5},
        {u"long table"_s, "|a|b|\n|-|-|\n" + repeated("| cell | *cell* |\n", small),
         "|a|b|\n|-|-|\n" + repeated("| cell | *cell* |\n", large), 1.5},
        {u"nested quotes"_s, repeated(">", small), repeated(">", large), 1.5},
    };
    for (const Case &one : cases) {
        const int caseRuns = &one == &cases.first() ? runs : std::max(1, runs / 3);
        const double smallScan = scannedPerToken(one.small);
        report.add({.what = one.name + u" 10 kB to 1 MB"_s,
                    .metric = u"scanned_flatness"_s,
                    .value = scannedPerToken(one.large) / smallScan,
                    .unit = u"ratio"_s,
                    .goal = 1.02,
                    .better = bench::Row::Better::Lower});
        const double smallCost = tokenMicroseconds(one.small, caseRuns * 3);
        const double largeCost = tokenMicroseconds(one.large, caseRuns);
        report.add({.what = one.name + u" 1 MB, 5-byte tokens"_s,
                    .metric = u"us_per_token"_s,
                    .value = largeCost,
                    .unit = u"us"_s,
                    .goal = &one == &cases.first() ? std::optional<double>(0.2) : std::nullopt,
                    .better = bench::Row::Better::Lower});
        report.add({.what = one.name + u" 10 kB to 1 MB"_s,
                    .metric = u"flatness"_s,
                    .value = largeCost / smallCost,
                    .unit = u"ratio"_s,
                    .goal = one.goal,
                    .better = bench::Row::Better::Lower});
    }
    return 0;
}
