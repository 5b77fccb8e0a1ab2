// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/networkwatch.h"

#include <QtCore/QThread>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <atomic>
#include <memory>
#include <utility>

using namespace rivulet;
using namespace std::chrono_literals;

using Reach = NetworkState::Reach;
using Why = NetworkWatch::Why;

namespace {

/// A system that says what the test wants.
class FakeSource final : public NetworkSource
{
    Q_OBJECT

public:
    [[nodiscard]] NetworkState state() const override { return now; }

    void say(const NetworkState &next)
    {
        now = next;
        Q_EMIT changed();
    }

    NetworkState now;
};

struct Stage
{
    explicit Stage(const NetworkState &atFirst = {.reach = Reach::Online, .medium = 1})
    {
        auto fake = std::make_unique<FakeSource>();
        source = fake.get();
        source->now = atFirst;
        watch = std::make_unique<NetworkWatch>(
            std::move(fake),
            SleepClocks{.wall = [this] { return wall; }, .steady = [this] { return steady; }});
        QObject::connect(watch.get(), &NetworkWatch::cameBack, watch.get(),
                         [this](Why why) { back.append(why); });
        QObject::connect(watch.get(), &NetworkWatch::wentAway, watch.get(), [this] { ++away; });
    }

    /// Time goes by; by how much the clocks say.
    void pass(std::chrono::seconds onTheWall, std::chrono::seconds awake)
    {
        wall += onTheWall;
        steady += awake;
        watch->compareClocks();
    }

    FakeSource *source = nullptr;
    std::unique_ptr<NetworkWatch> watch;
    NetworkWatch::WallClock::time_point wall{1'000'000s};
    NetworkWatch::SteadyClock::time_point steady{1'000s};
    QList<Why> back;
    int away = 0;
};

} // namespace

class NetworkWatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_network_that_goes_and_comes_is_told()
    {
        Stage stage;
        QVERIFY(stage.watch->isOnline());
        stage.source->say({.reach = Reach::None});
        QVERIFY(!stage.watch->isOnline());
        QCOMPARE(stage.away, 1);
        QVERIFY(stage.back.isEmpty());
        stage.source->say({.reach = Reach::Online, .medium = 1});
        QVERIFY(stage.watch->isOnline());
        QCOMPARE(stage.back, QList{Why::Reachable});
        QCOMPARE(stage.away, 1);
    }

    void a_network_without_the_internet_may_have_the_server()
    {
        Stage stage({.reach = Reach::None});
        stage.source->say({.reach = Reach::Near, .medium = 1});
        QCOMPARE(stage.back, QList{Why::Reachable});
        stage.source->say({.reach = Reach::Online, .medium = 1});
        QCOMPARE(stage.back, (QList{Why::Reachable, Why::Reachable}));
        stage.source->say({.reach = Reach::Near, .medium = 1});
        QVERIFY(stage.watch->isOnline());
        QCOMPARE(stage.away, 0);
        QCOMPARE(stage.back.size(), 2);
    }

    void another_network_leads_elsewhere()
    {
        Stage stage;
        stage.source->say({.reach = Reach::Online, .medium = 2});
        QCOMPARE(stage.back, QList{Why::Moved});
        // That nobody knows over what it goes is no other network.
        stage.source->say({.reach = Reach::Online, .medium = 0});
        stage.source->say({.reach = Reach::Online, .medium = 2});
        QCOMPARE(stage.back.size(), 1);
    }

    void what_did_not_change_is_not_told()
    {
        Stage stage;
        stage.source->say({.reach = Reach::Online, .medium = 1});
        stage.source->say({.reach = Reach::None});
        stage.source->say({.reach = Reach::None, .medium = 2});
        QCOMPARE(stage.away, 1);
        QVERIFY(stage.back.isEmpty());
    }

    void where_nobody_says_anything_it_counts_as_there()
    {
        Stage stage({});
        QVERIFY(stage.watch->isOnline());
        QVERIFY(!stage.watch->isBehindCaptivePortal());
        // A source that begins to speak has not brought the network.
        stage.source->say({.reach = Reach::Online, .medium = 1});
        QVERIFY(stage.back.isEmpty());
        stage.source->say({});
        QCOMPARE(stage.away, 0);
    }

    void a_captive_portal_is_told_and_so_is_the_way_out_of_it()
    {
        Stage stage;
        const QSignalSpy portal(stage.watch.get(), &NetworkWatch::captivePortalChanged);
        stage.source->say({.reach = Reach::Online, .medium = 1, .captivePortal = true});
        QVERIFY(stage.watch->isBehindCaptivePortal());
        QCOMPARE(portal.size(), 1);
        QVERIFY(stage.back.isEmpty());
        stage.source->say({.reach = Reach::Online, .medium = 1});
        QVERIFY(!stage.watch->isBehindCaptivePortal());
        QCOMPARE(stage.back, QList{Why::Reachable});
    }

    void a_computer_that_slept_has_woken()
    {
        Stage stage;
        stage.watch->setNoticesSleep(true);
        stage.pass(5s, 5s);
        stage.pass(15s, 5s);
        QVERIFY2(stage.back.isEmpty(), "a timer may be late");
        stage.pass(16s, 5s);
        QCOMPARE(stage.back, QList{Why::Woke});
        stage.pass(5s, 5s);
        QCOMPARE(stage.back.size(), 1);
        stage.pass(8h, 5s);
        QCOMPARE(stage.back.size(), 2);
    }

    void a_program_that_was_stopped_has_slept_as_well()
    {
        Stage stage;
        stage.watch->setNoticesSleep(true);
        stage.pass(0s, 30s);
        QCOMPARE(stage.back, QList{Why::Woke});
    }

    void a_clock_that_is_set_back_wakes_nobody()
    {
        Stage stage;
        stage.watch->setNoticesSleep(true);
        stage.pass(-3600s, 5s);
        stage.pass(5s, 5s);
        QVERIFY(stage.back.isEmpty());
    }

    void what_was_slept_through_before_anybody_watched_is_nothing()
    {
        Stage stage;
        stage.wall += 8h;
        stage.watch->setNoticesSleep(true);
        stage.pass(5s, 5s);
        stage.watch->setNoticesSleep(false);
        stage.wall += 8h;
        stage.watch->setNoticesSleep(true);
        stage.watch->setNoticesSleep(true);
        stage.pass(5s, 5s);
        QVERIFY(stage.back.isEmpty());
    }

    void who_listens_on_another_thread_is_told_there()
    {
        Stage stage;
        QThread thread;
        auto *listener = new QObject;
        listener->moveToThread(&thread);
        connect(&thread, &QThread::finished, listener, &QObject::deleteLater);
        thread.start();
        std::atomic<QThread *> told = nullptr;
        connect(stage.watch.get(), &NetworkWatch::cameBack, listener,
                [&told](Why) { told = QThread::currentThread(); });
        stage.source->say({.reach = Reach::Online, .medium = 2});
        QTRY_COMPARE(told.load(), &thread);
        thread.quit();
        QVERIFY(thread.wait());
    }

    void the_systems_own_source_says_something_or_nothing()
    {
        NetworkWatch watch(systemNetworkSource());
        watch.setNoticesSleep(true);
        watch.compareClocks();
        // There may be no network here, but nothing that the rules above do not know.
        const NetworkState state = systemNetworkSource()->state();
        QCOMPARE(watch.isOnline(), state.reach != Reach::None);
    }
};

QTEST_GUILESS_MAIN(NetworkWatchTest)

#include "tst_networkwatch.moc"
