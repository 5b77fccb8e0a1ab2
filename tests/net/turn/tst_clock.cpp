// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/clock.h"

#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace std::chrono_literals;

namespace {

/// An alarm of the computer's clock, and when it rang.
struct Watched
{
    Watched()
        : alarm(systemClock().alarm([this] {
              ++rings;
              rang = systemClock().now();
          }))
    {}

    int rings = 0;
    Clock::Time rang;
    std::unique_ptr<Alarm> alarm;
};

// Timers of whole milliseconds, which may ring up to a twentieth early.
constexpr auto shortly = 60ms;
constexpr auto atLeast = 55ms;

} // namespace

class ClockTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void an_alarm_rings_once_when_it_is_due()
    {
        Watched watched;
        const auto set = systemClock().now();
        watched.alarm->set(shortly);
        QVERIFY(watched.alarm->isSet());
        QTRY_COMPARE(watched.rings, 1);
        QVERIFY(watched.rang - set >= atLeast);
        QVERIFY(!watched.alarm->isSet());
        ringsNoMore(watched);
    }

    void an_alarm_that_is_put_off_does_not_ring_when_it_was_due_before()
    {
        Watched watched;
        Watched before;
        watched.alarm->set(shortly);
        before.alarm->set(shortly);
        Clock::Time last;
        // As often as a word arrives.
        QTRY_VERIFY([&] {
            last = systemClock().now();
            watched.alarm->set(shortly);
            return before.rings == 1;
        }());
        QCOMPARE(watched.rings, 0);
        QVERIFY(watched.alarm->isSet());
        QTRY_COMPARE(watched.rings, 1);
        QVERIFY(watched.rang - last >= atLeast);
        ringsNoMore(watched);
    }

    void an_alarm_that_is_brought_forward_rings_earlier()
    {
        Watched watched;
        watched.alarm->set(1h);
        watched.alarm->set(1ms);
        QTRY_COMPARE(watched.rings, 1);
        QVERIFY(!watched.alarm->isSet());
    }

    void an_alarm_that_is_put_off_and_brought_forward_again_rings_when_it_was_set_last()
    {
        Watched watched;
        watched.alarm->set(shortly);
        watched.alarm->set(1h);
        const auto set = systemClock().now();
        watched.alarm->set(2 * shortly);
        QTRY_COMPARE(watched.rings, 1);
        QVERIFY(watched.rang - set >= 2 * atLeast);
    }

    void an_alarm_that_is_cleared_or_destroyed_does_not_ring()
    {
        Watched cleared;
        cleared.alarm->set(1ms);
        cleared.alarm->clear();
        QVERIFY(!cleared.alarm->isSet());
        Watched destroyed;
        destroyed.alarm->set(1ms);
        destroyed.alarm.reset();
        ringsNoMore(cleared, 0);
        ringsNoMore(destroyed, 0);
    }

    void what_rings_may_set_the_alarm_again_or_destroy_it()
    {
        int rings = 0;
        std::unique_ptr<Alarm> alarm;
        alarm = systemClock().alarm([&] {
            if (++rings == 1)
                alarm->set(1ms);
            else
                alarm.reset();
        });
        alarm->set(1ms);
        QTRY_COMPARE(rings, 2);
        QVERIFY(!alarm);
    }

private:
    // A later alarm rings, and this one has not.
    static void ringsNoMore(const Watched &watched, int rings = 1)
    {
        Watched later;
        later.alarm->set(2 * shortly);
        QTRY_COMPARE(later.rings, 1);
        QCOMPARE(watched.rings, rings);
    }
};

QTEST_GUILESS_MAIN(ClockTest)

#include "tst_clock.moc"
