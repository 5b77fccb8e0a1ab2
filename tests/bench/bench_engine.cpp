// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// Many answers at once, through the real engine into the real journal: what they cost, and how long a word
// takes from the wire to the mailbox; and how soon Stop stops when much goes on. Each case is a process of
// its own, so that its memory and its time are its own, and so is the server.

#include "net/transport/descriptorlimit.h"
#include "tests/bench/loadbench.h"
#include "tests/bench/report.h"
#include "tests/bench/soak.h"
#include "tests/bench/stopbench.h"
#include "tests/bench/wordserver.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QProcess>

#include <array>
#include <cstdio>
#include <cstdlib>

using namespace rivulet;
using namespace rivulet::bench;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array cases{
    Load{.name = "in process, 1000 x 50/s",
         .streams = 1000,
         .perSecond = 50,
         .sockets = false,
         .cores = 0.5,
         .p99 = 50,
         .megabytes = 150},
    Load{.name = "sockets, 64 x 100/s", .streams = 64, .perSecond = 100, .cores = 0.4, .p99 = 5},
    Load{.name = "sockets, 200 x 30/s", .streams = 200, .perSecond = 30, .cores = 0.5},
    Load{.name = "sockets, 1000 x 50/s", .streams = 1000, .perSecond = 50},
};
constexpr auto stops = "stops";

int serve(const QStringList &numbers)
{
    WordServer server(numbers.value(0).toInt(), numbers.value(1).toInt(), numbers.value(2).toLongLong());
    const quint16 port = server.start();
    std::printf("%d\n", port);
    std::fflush(stdout);
    return port == 0 ? EXIT_FAILURE : QCoreApplication::exec();
}

int runCase(const QString &name, const Options &options, Report &report)
{
    if (name == QLatin1StringView(stops)) {
        measureStops(options, report);
        return EXIT_SUCCESS;
    }
    for (const Load &load : cases) {
        if (name == QLatin1StringView(load.name)) {
            measureLoad(load, options, report);
            return EXIT_SUCCESS;
        }
    }
    std::fprintf(stderr, "bench_engine: there is no case '%s'\n", qUtf8Printable(name));
    return EXIT_FAILURE;
}

// Runs a case in a process of its own, and takes over its rows.
bool delegate(const char *name, const Options &options, Report &report)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QStringList arguments{u"--case"_s, QString::fromLatin1(name), u"--json"_s};
    if (options.quick)
        arguments.append(u"--quick"_s);
    process.start(QCoreApplication::applicationFilePath(), arguments);
    if (!process.waitForFinished(-1) || process.exitStatus() != QProcess::NormalExit
        || process.exitCode() != EXIT_SUCCESS) {
        std::fprintf(stderr, "bench_engine: the case '%s' failed\n", name);
        return false;
    }
    const QByteArrayList lines = process.readAllStandardOutput().trimmed().split('\n');
    for (const QByteArray &line : lines) {
        const QJsonObject row = QJsonDocument::fromJson(line).object();
        const QString metric = row["metric"_L1].toString();
        report.add({.what = row["case"_L1].toString(),
                    .metric = metric,
                    .value = row["value"_L1].toDouble(),
                    .unit = row["unit"_L1].toString(),
                    .goal = row.contains("goal"_L1) ? std::optional(row["goal"_L1].toDouble()) : std::nullopt,
                    .better = metric == "streams"_L1 ? Row::Better::Higher : Row::Better::Lower});
    }
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    raiseDescriptorLimit();
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (const qsizetype at = arguments.indexOf("--serve"_L1); at > 0)
        return serve(arguments.sliced(at + 1));
    if (const qsizetype at = arguments.indexOf("--soak"_L1); at > 0)
        return soak(std::chrono::minutes(arguments.value(at + 1).toInt())) ? EXIT_SUCCESS : EXIT_FAILURE;
    const Options options = Options::fromArguments(argc, argv);
    Report report(u"engine"_s, options);
    if (const qsizetype at = arguments.indexOf("--case"_L1); at > 0)
        return runCase(arguments.value(at + 1), options, report);
    bool went = true;
    for (const Load &load : cases)
        went = delegate(load.name, options, report) && went;
    went = delegate(stops, options, report) && went;
    return went ? EXIT_SUCCESS : EXIT_FAILURE;
}
