// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/loadbench.h"

#include "net/transport/transportswitch.h"
#include "tests/bench/enginestage.h"
#include "tests/bench/serverprocess.h"
#include "tests/bench/wordfeeder.h"
#include "tests/bench/words.h"
#include "tests/support/faultydisk.h"

#include <QtCore/qtemporarydir.h>

#include <sys/resource.h>

#include <atomic>

namespace rivulet::bench {

using namespace rivulet::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// What the process has used so far.
struct Consumption
{
    double cpu = 0; ///< seconds, of all threads
    qint64 written = 0;
    SteadyClock::time_point time;

    [[nodiscard]] static Consumption now()
    {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto seconds = [](const timeval &time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        const FaultyDisk &disk = FaultyDisk::instance();
        return {.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime),
                .written = disk.loggedBytes() + disk.checkpointedBytes(),
                .time = SteadyClock::now()};
    }
};

double peakMegabytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
#ifdef Q_OS_DARWIN
    return static_cast<double>(usage.ru_maxrss) / 1e6;
#else
    return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
#endif
}

/// Looks at what turns signal, right after the mailbox has it. Engine thread, but for the atomics.
class Probe
{
public:
    std::atomic<bool> hasBegun = false;
    std::atomic<bool> isMeasuring = false;
    std::vector<quint32> ages; ///< in ticks, of each word

    void watch(Turn *turn)
    {
        // The engine connects after this, and is to be told first.
        QMetaObject::invokeMethod(
            turn,
            [this, turn] {
                QObject::connect(turn, &Turn::events, turn,
                                 [this](const StreamEvents &events) { note(events); });
            },
            Qt::QueuedConnection);
    }

private:
    void note(const StreamEvents &events)
    {
        hasBegun = true;
        if (!isMeasuring)
            return;
        const quint32 now = tickOf(SteadyClock::now());
        for (const StreamEvent &event : events) {
            const auto *text = std::get_if<event::Text>(&event.payload);
            for (qsizetype at = 0; text && at < text->text.size(); at += wordSize)
                ages.push_back(
                    static_cast<quint32>(ageAt(now, tickIn(QStringView(text->text).sliced(at))).count()));
        }
    }
};

class LoadBench
{
public:
    LoadBench(const Load &load, const Options &options, Report &report)
        : m_load(load), m_report(report), m_window(options.quick ? 3s : 10s),
          m_words(load.perSecond * (m_window + warmUp + 1s).count())
    {
        (void)FaultyDisk::instance();
        if (load.sockets)
            m_server = std::make_unique<ServerProcess>(load.streams, load.perSecond, m_words);
    }

    void run()
    {
        const QString path = m_folder.filePath(u"rivulet.db"_s);
        {
            SqliteStore store(path);
            Probe probe;
            probe.ages.reserve(static_cast<size_t>(m_load.streams * m_load.perSecond * m_window.count() * 2));
            Engine engine([this, &store, &probe] {
                return std::make_unique<BenchTurns>(store, makeWay(),
                                                    [&probe](Turn *turn) { probe.watch(turn); });
            });
            const Frames frames(engine);
            listen(engine);
            for (qint64 number = 1; number <= m_load.streams; ++number)
                ask(store, engine, number);
            measure(probe);
            runUntil([this] { return m_ended == m_load.streams; });
            reportRates(probe);
        }
        check(path);
    }

private:
    static constexpr std::chrono::seconds warmUp{1};

    std::unique_ptr<Transport> makeWay() const
    {
        if (m_load.sockets)
            return makeTransport(nullptr);
        auto feeder = std::make_unique<WordFeeder>();
        feeder->speakTogether(m_load.streams, m_load.perSecond, m_words);
        return feeder;
    }

    void listen(Engine &engine)
    {
        QObject::connect(&engine, &TurnRunner::events, &engine,
                         [this](TurnId turn, const StreamEvents &events) {
                             for (const StreamEvent &event : events) {
                                 if (const auto *text = std::get_if<event::Text>(&event.payload))
                                     m_texts[turn] += text->text;
                             }
                         });
        QObject::connect(&engine, &TurnRunner::ended, &engine, [this](TurnId, const TurnOutcome &outcome) {
            ++m_ended;
            m_complete += outcome.end == TurnEnd::Complete;
            if (outcome.error)
                std::fprintf(stderr, "bench_engine: %s\n", qUtf8Printable(outcome.error->message));
        });
    }

    // As a session does it.
    void ask(SqliteStore &store, Engine &engine, qint64 number) const
    {
        const ConversationId conversation{3 * number};
        const QDateTime now = QDateTime::currentDateTimeUtc();
        const Message question{.id = MessageId{3 * number + 1},
                               .conversation = conversation,
                               .parts = {TextPart{u"say %1"_s.arg(number)}},
                               .created = now};
        const Message answer{.id = MessageId{3 * number + 2},
                             .conversation = conversation,
                             .parent = question.id,
                             .role = ChatRole::Assistant,
                             .state = Message::State::Streaming,
                             .created = now};
        store.putConversation({.id = conversation, .title = u"Load"_s, .created = now, .changed = now});
        store.putMessage(question);
        store.putMessage(answer);
        engine.start({.id = turnOf(answer.id),
                      .provider = {.id = u"here"_s,
                                   .baseUrl = m_server ? m_server->url() : QUrl(u"http://127.0.0.1:9/v1"_s),
                                   .model = u"m"_s},
                      .request = {.messages = {{ChatRole::User, question.text()}}}});
    }

    void measure(Probe &probe)
    {
        runUntil([&probe] { return probe.hasBegun.load(); });
        runFor(warmUp);
        const Consumption before = Consumption::now();
        probe.isMeasuring = true;
        runFor(m_window);
        probe.isMeasuring = false;
        const Consumption after = Consumption::now();
        const double seconds = std::chrono::duration<double>(after.time - before.time).count();
        m_cores = (after.cpu - before.cpu) / seconds;
        const double text = seconds * m_load.streams * m_load.perSecond * wordSize;
        m_ratio = static_cast<double>(after.written - before.written) / text;
    }

    static void runFor(std::chrono::seconds time)
    {
        bool isOver = false;
        QTimer::singleShot(time, Qt::PreciseTimer, qApp, [&isOver] { isOver = true; });
        runUntil([&isOver] { return isOver; });
    }

    void reportRates(Probe &probe)
    {
        const auto milliseconds = [&probe](double share) {
            return static_cast<double>(percentile(probe.ages, share)) / 100;
        };
        add(u"streams"_s, m_complete, u"streams"_s, m_load.streams, Row::Better::Higher);
        add(u"cpu_cores"_s, m_cores, u"cores"_s, m_load.cores);
        add(u"p50_ms"_s, milliseconds(0.5), u"ms"_s, {});
        add(u"p99_ms"_s, milliseconds(0.99), u"ms"_s, m_load.p99);
        add(u"bytes_written_ratio"_s, m_ratio, u"ratio"_s, 10);
        add(u"rss_MB"_s, peakMegabytes(), u"MB"_s, m_load.megabytes);
    }

    // Everything that was said was handed over, once and in order, and is in the database.
    void check(const QString &path) const
    {
        require(m_complete == m_load.streams, "an answer did not come to its end");
        SqliteStore store(path);
        for (qint64 number = 1; number <= m_load.streams; ++number) {
            const QString text = m_texts.value(TurnId{3 * number + 2});
            require(text.size() == m_words * wordSize, "words were lost, or came twice");
            for (qsizetype at = wordSize; at < text.size(); at += wordSize) {
                const quint32 before = tickIn(QStringView(text).sliced(at - wordSize));
                require(ageAt(tickIn(QStringView(text).sliced(at)), before) < 60s, "words changed places");
            }
            auto stored = store.messages(ConversationId{3 * number});
            stored.waitForFinished();
            const auto messages = stored.result();
            require(messages && messages->size() == 2 && messages->constLast().text() == text,
                    "the database has not got all words");
        }
    }

    void add(const QString &metric, double value, const QString &unit, std::optional<double> goal,
             Row::Better better = Row::Better::Lower)
    {
        m_report.add({.what = QString::fromLatin1(m_load.name),
                      .metric = metric,
                      .value = value,
                      .unit = unit,
                      .goal = goal,
                      .better = better});
    }

    Load m_load;
    Report &m_report;
    std::chrono::seconds m_window;
    qint64 m_words; ///< of each stream
    QTemporaryDir m_folder;
    std::unique_ptr<ServerProcess> m_server;
    QHash<TurnId, QString> m_texts;
    int m_ended = 0;
    int m_complete = 0;
    double m_cores = 0;
    double m_ratio = 0;
};

} // namespace

void measureLoad(const Load &load, const Options &options, Report &report)
{
    LoadBench(load, options, report).run();
}

} // namespace rivulet::bench
