// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// How fast the wire is: cutting bytes into events and going on to what they mean, on one core; and then the
// transports side by side, and our own share of the wait for the first token. The
// yardsticks are measured in the same run, because the figures of another machine or another hour do not
// compare.

#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"
#include "net/framing/sseparser.h"
#include "tests/bench/report.h"
#include "tests/bench/transportbench.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayList>
#include <QtCore/QCoreApplication>
#include <QtCore/QFileInfo>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryFile>

#include <cstdlib>
#include <cstring>

using namespace rivulet;
using namespace rivulet::bench;
using namespace Qt::StringLiterals;

namespace {

// One event of an answer, 190 bytes long with its framing: what services send for a word.
QByteArray eventNumber(int number)
{
    const QByteArray word = "w" + QByteArray::number(number).rightJustified(6, '0');
    return "data: {\"id\":\"chatcmpl-00000000000\",\"object\":\"chat.completion.chunk\","
           "\"created\":1763712000,\"model\":\"model-1-mini\",\"choices\":[{\"index\":0,\"delta\":"
           "{\"content\":\" "
        + word + "\"},\"finish_reason\":null}]}\n\n";
}

// What the timed work counted must be what went in, or the figure is worth nothing.
void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "bench_wire: %s\n", what);
    std::exit(1);
}

class WireBench
{
public:
    WireBench(const Options &options, Report &report)
        : m_report(report), m_time(options.quick ? 1.0 : 5.0), m_count(20'000)
    {
        for (int i = 0; i < m_count; ++i)
            m_stream += eventNumber(i);
        require(m_stream.size() == 190 * m_count, "the events are not as long as the goals assume");
    }

    void run()
    {
        scanAlone();
        framing(u"whole events"_s, m_stream.size(), 1.2, 25e6);
        framing(u"pieces of 16 KiB"_s, 16 * 1024, {}, {});
        framing(u"pieces of 7 bytes"_s, 7, 2.5, 1.06e6);
        jsonAlone();
        (void)yardstick(u"whole events and their JSON"_s, m_stream.size(), u"json_events_per_s"_s);
        meaning();
    }

private:
    void add(const QString &what, const QString &metric, double value, const QString &unit,
             std::optional<double> goal = {}, const QString &peer = {})
    {
        m_report.add(
            {.what = what, .metric = metric, .value = value, .unit = unit, .goal = goal, .peer = peer});
    }

    [[nodiscard]] double megabytes() const { return static_cast<double>(m_stream.size()) / 1e6; }

    // The least that any parser must do: find each line end.
    void scanAlone()
    {
        int lines = 0;
        const double seconds = fastestRun(m_time, [&] {
            lines = 0;
            const char *const end = m_stream.constData() + m_stream.size();
            for (const char *at = m_stream.constData(); at != end; ++lines) {
                const void *found = std::memchr(at, '\n', static_cast<size_t>(end - at));
                at = static_cast<const char *>(found) + 1;
            }
        });
        require(lines == 2 * m_count, "the scan lost lines");
        add(u"whole events"_s, u"sse_MBps"_s, megabytes() / seconds, u"MB/s"_s, {},
            u"memchr for line ends"_s);
    }

    // How many events a second node's eventsource-parser comes to, in the same run. Nothing where it is not
    // installed: tests/bench/README.md says how.
    std::optional<double> yardstick(const QString &what, qsizetype pieceSize, const QString &metric)
    {
        const QString folder = QStringLiteral(RIVULET_SOURCE_DIR "/tests/bench/yardsticks");
        const QString node = QStandardPaths::findExecutable(u"node"_s);
        if (node.isEmpty() || !QFileInfo::exists(folder + u"/node_modules"_s))
            return std::nullopt;
        QTemporaryFile file;
        require(file.open() && file.write(m_stream) == m_stream.size() && file.flush(),
                "there is no room for the yardstick's input");
        QStringList arguments{folder + u"/eventsource.js"_s, file.fileName(), QString::number(pieceSize),
                              QString::number(m_time.count())};
        if (metric == u"json_events_per_s")
            arguments.append(u"json"_s);
        QProcess process;
        process.start(node, arguments);
        require(process.waitForFinished(-1) && process.exitCode() == 0, "the yardstick failed");
        const double perSecond = process.readAllStandardOutput().trimmed().toDouble();
        add(what, metric, perSecond, u"events/s"_s, {}, u"eventsource-parser"_s);
        return perSecond;
    }

    // `factor` is how many times the yardstick the goal is; `usual` is what the yardstick was measured at
    // where it is not at hand.
    void framing(const QString &what, qsizetype pieceSize, std::optional<double> factor,
                 std::optional<double> usual)
    {
        std::optional<double> goal;
        if (factor)
            goal = *factor * yardstick(what, pieceSize, u"sse_events_per_s"_s).value_or(*usual);
        int events = 0;
        size_t bytes = 0;
        const double seconds = fastestRun(m_time, [&] {
            events = 0;
            bytes = 0;
            SseParser parser;
            const std::string_view stream(m_stream.constData(), static_cast<size_t>(m_stream.size()));
            const auto step = static_cast<size_t>(pieceSize);
            for (size_t at = 0; at < stream.size(); at += step) {
                parser.feed(stream.substr(at, step), [&](const Frame &frame) {
                    ++events;
                    bytes += frame.data.size();
                });
            }
        });
        require(events == m_count, "the parser lost events");
        require(bytes == static_cast<size_t>(m_stream.size() - 8 * m_count), "the parser lost bytes");
        add(what, u"sse_MBps"_s, megabytes() / seconds, u"MB/s"_s);
        add(what, u"sse_events_per_s"_s, m_count / seconds, u"events/s"_s, goal);
    }

    // What the JSON parser alone takes for the same payloads.
    void jsonAlone()
    {
        QByteArrayList payloads;
        for (int i = 0; i < m_count; ++i)
            payloads.append(eventNumber(i).sliced(6).chopped(2));
        int objects = 0;
        const double seconds = fastestRun(m_time, [&] {
            objects = 0;
            for (const QByteArray &payload : std::as_const(payloads))
                objects += QJsonDocument::fromJson(payload).isObject();
        });
        require(objects == m_count, "a payload is not JSON");
        add(u"payloads"_s, u"json_events_per_s"_s, m_count / seconds, u"events/s"_s, {},
            u"QJsonDocument alone"_s);
    }

    // All the way from bytes to events, as a turn goes it.
    void meaning()
    {
        qsizetype texts = 0;
        const double seconds = fastestRun(m_time, [&] {
            texts = 0;
            ResponseReader reader(makeDialect(DialectId::OpenAiChat));
            reader.head({.status = 200, .contentType = "text/event-stream", .headers = {}});
            StreamEvents events;
            const QByteArrayView stream(m_stream);
            constexpr qsizetype step = 16 * 1024;
            for (qsizetype at = 0; at < stream.size(); at += step) {
                reader.feed(stream.sliced(at, std::min(step, stream.size() - at)), events);
                texts += events.size();
                events.clear();
            }
        });
        require(texts == m_count + 1, "the dialect lost events");
        add(u"openai-chat, pieces of 16 KiB"_s, u"json_events_per_s"_s, m_count / seconds, u"events/s"_s,
            3e6);
    }

    Report &m_report;
    std::chrono::duration<double> m_time;
    int m_count;
    QByteArray m_stream;
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const Options options = Options::fromArguments(argc, argv);
    Report report(u"wire"_s, options);
    WireBench(options, report).run();
    compareTransports(options, report);
    measureOwnShare(options, report);
    return 0;
}
