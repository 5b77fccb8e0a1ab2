// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/stopbench.h"

#include "models/chat/chatsession.h"
#include "tests/bench/enginestage.h"
#include "tests/bench/wordfeeder.h"

#include <QtCore/qrandom.h>
#include <QtCore/qset.h>
#include <QtCore/qtemporarydir.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlquery.h>

#include <atomic>
#include <thread>

namespace rivulet::bench {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int others = 64;
constexpr int usualPace = 100;
constexpr int flood = 5000;
constexpr int victimsPerLock = 20; ///< as many as can be stopped while the store is blocked once

/// Another program that holds the database, so that the store's thread stands still.
class Lock
{
public:
    explicit Lock(const QString &path) : m_database(QSqlDatabase::addDatabase(u"QSQLITE"_s, u"lock"_s))
    {
        m_database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=2000"_s);
        m_database.setDatabaseName(path);
        require(m_database.open(), "the database can not be opened a second time");
        require(QSqlQuery(m_database).exec(u"BEGIN IMMEDIATE"_s), "the database can not be locked");
    }
    ~Lock()
    {
        QSqlQuery(m_database).exec(u"ROLLBACK"_s);
        m_database = {};
        QSqlDatabase::removeDatabase(u"lock"_s);
    }
    Q_DISABLE_COPY_MOVE(Lock)

private:
    QSqlDatabase m_database;
};

class StopBench
{
public:
    StopBench()
        : m_store(m_folder.filePath(u"rivulet.db"_s)), m_engine([this] {
              auto feeder = std::make_unique<WordFeeder>(&m_aborts);
              feeder->speakAtOnce(usualPace);
              m_feeder = feeder.get();
              return std::make_unique<BenchTurns>(m_store, std::move(feeder));
          }),
          m_frames(m_engine), m_session(m_engine, m_store)
    {
        QObject::connect(&m_engine, &TurnRunner::events, &m_engine,
                         [this](TurnId turn) { m_speaking.insert(turn); });
        m_session.setProvider(
            {.id = u"here"_s, .baseUrl = QUrl(u"http://127.0.0.1:9/v1"_s), .model = u"m"_s});
        for (int i = 0; i < others; ++i)
            (void)ask();
    }

    void stopFloods(int times)
    {
        for (int i = 0; i < times; ++i) {
            const Victim victim = ask();
            stopIt(victim);
        }
    }

    void stopFloodsWhileTheStoreIsBlocked()
    {
        QList<Victim> victims;
        for (int i = 0; i < victimsPerLock; ++i)
            victims.append(ask());
        {
            const Lock lock(m_folder.filePath(u"rivulet.db"_s));
            // The store is asked for something that it can not answer before it has written what there is.
            runFor(200ms);
            const auto answer = m_store.conversations();
            for (const Victim &victim : std::as_const(victims)) {
                m_session.open({.id = victim.conversation});
                stopIt(victim);
            }
            require(!answer.isFinished(), "the store was not blocked for so long");
        }
        runUntil([this] { return m_store.health().state == StoreHealth::State::Good; });
        const auto answer = m_store.conversations();
        runUntil([&answer] { return answer.isFinished(); });
    }

    void report(const QString &what, Report &report)
    {
        const auto add = [&](const QString &metric, std::vector<double> &times, double share,
                             std::optional<double> goal) {
            report.add({.what = what,
                        .metric = metric,
                        .value = percentile(times, share),
                        .unit = u"ms"_s,
                        .goal = goal,
                        .better = Row::Better::Lower});
        };
        add(u"stop_to_abort_p50_ms"_s, m_toAbort, 0.5, {});
        add(u"stop_to_abort_p99_ms"_s, m_toAbort, 0.99, 20);
        add(u"stop_to_composer_p50_ms"_s, m_toComposer, 0.5, {});
        add(u"stop_to_composer_p99_ms"_s, m_toComposer, 0.99, 50);
        m_toAbort.clear();
        m_toComposer.clear();
    }

private:
    struct Victim
    {
        int number = 0;
        ConversationId conversation{};
    };

    // Starts an answer in a conversation of its own, and waits until it speaks.
    Victim ask()
    {
        const int number = ++m_asked;
        m_session.startNew();
        require(m_session.send(u"say %1"_s.arg(number)), "the session is busy");
        const TurnId turn = turnOf(m_session.messages().constLast().id);
        runUntil([this, turn] { return m_speaking.contains(turn); });
        return {number, ConversationId{m_session.conversation()}};
    }

    void stopIt(const Victim &victim)
    {
        QMetaObject::invokeMethod(
            m_feeder, [feeder = m_feeder.load(), number = victim.number] { feeder->setPace(number, flood); },
            Qt::QueuedConnection);
        const std::chrono::milliseconds wait(m_random.bounded(30, 90));
        SteadyClock::time_point clicked;
        std::optional<SteadyClock::time_point> usable;
        const std::jthread user([&] {
            std::this_thread::sleep_for(wait);
            clicked = SteadyClock::now();
            QMetaObject::invokeMethod(
                &m_session,
                [&] {
                    require(m_session.isBusy(), "the answer ended by itself");
                    m_session.stop();
                    usable = SteadyClock::now();
                    require(!m_session.isBusy() && m_session.phase() == ChatSession::Phase::Stopped,
                            "the session did not stop");
                },
                Qt::QueuedConnection);
        });
        std::optional<SteadyClock::time_point> aborted;
        runUntil([&] { return usable && (aborted = m_aborts.of(victim.number)); });
        const auto since = [clicked](SteadyClock::time_point time) {
            return std::chrono::duration<double, std::milli>(time - clicked).count();
        };
        m_toAbort.push_back(since(*aborted));
        m_toComposer.push_back(since(*usable));
    }

    static void runFor(std::chrono::milliseconds time)
    {
        bool isOver = false;
        QTimer::singleShot(time, qApp, [&isOver] { isOver = true; });
        runUntil([&isOver] { return isOver; });
    }

    QTemporaryDir m_folder;
    Aborts m_aborts;
    std::atomic<WordFeeder *> m_feeder = nullptr;
    SqliteStore m_store;
    Engine m_engine;
    Frames m_frames;
    ChatSession m_session;
    QSet<TurnId> m_speaking;
    QRandomGenerator m_random{1};
    int m_asked = 0;
    std::vector<double> m_toAbort;
    std::vector<double> m_toComposer;
};

} // namespace

void measureStops(const Options &options, Report &report)
{
    StopBench bench;
    bench.stopFloods(options.quick ? 30 : 200);
    bench.report(u"stop, 5000/s beside 64 x 100/s"_s, report);
    for (int locks = options.quick ? 1 : 5; locks > 0; --locks)
        bench.stopFloodsWhileTheStoreIsBlocked();
    bench.report(u"stop, the same, store blocked"_s, report);
}

} // namespace rivulet::bench
