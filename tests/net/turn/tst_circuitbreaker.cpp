// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/circuitbreaker.h"

#include <QtTest/QTest>

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString here = u"team/west"_s;
const NetError noConnection{.kind = NetError::Kind::Network};

/// A breaker whose time is told to it.
struct Stage
{
    /// That many requests leave one after the other, and fail.
    void fail(int times, const NetError &error = noConnection)
    {
        for (int i = 0; i < times; ++i)
            breaker.pass(here).fail(error);
    }

    /// Opens the circuit, and waits until it may be probed.
    void openAndWait()
    {
        fail(5);
        now += 30s;
    }

    CircuitBreaker::Clock::time_point now{};
    CircuitBreaker breaker{[this] { return now; }};
};

} // namespace

class CircuitBreakerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void an_endpoint_that_nobody_knows_may_be_asked()
    {
        Stage stage;
        QCOMPARE(stage.breaker.rest(here), 0ms);
        QVERIFY(stage.breaker.tryPass(here));
    }

    void five_failures_in_a_row_open_it_for_half_a_minute()
    {
        Stage stage;
        stage.fail(4);
        QVERIFY(stage.breaker.isPassable(here));
        stage.fail(1);
        QCOMPARE(stage.breaker.rest(here), 30s);
        QVERIFY(!stage.breaker.tryPass(here));
        stage.now += 29'999ms;
        QCOMPARE(stage.breaker.rest(here), 1ms);
        QVERIFY(!stage.breaker.tryPass(here));
        stage.now += 1ms;
        QVERIFY(stage.breaker.tryPass(here));
    }

    void a_success_among_them_begins_the_count_anew()
    {
        Stage stage;
        stage.fail(4);
        stage.breaker.pass(here).succeed();
        stage.fail(4);
        QVERIFY(stage.breaker.isPassable(here));
    }

    void every_endpoint_has_its_own()
    {
        Stage stage;
        stage.fail(5);
        QVERIFY(!stage.breaker.isPassable(here));
        QVERIFY(stage.breaker.isPassable(u"team/east"_s));
    }

    void one_request_at_a_time_probes_it()
    {
        Stage stage;
        stage.openAndWait();
        std::optional<CircuitBreaker::Pass> probe = stage.breaker.tryPass(here);
        QVERIFY(probe);
        QVERIFY(!stage.breaker.tryPass(here));
        // It was stopped before anything came of it.
        probe.reset();
        QVERIFY(stage.breaker.tryPass(here));
    }

    void a_probe_that_succeeds_closes_it()
    {
        Stage stage;
        stage.openAndWait();
        auto probe = stage.breaker.tryPass(here);
        probe->succeed();
        const auto first = stage.breaker.tryPass(here);
        const auto second = stage.breaker.tryPass(here);
        QVERIFY(first && second);
        stage.fail(4);
        QVERIFY2(stage.breaker.isPassable(here), "it takes five again");
    }

    void the_rest_doubles_with_every_probe_that_fails_up_to_five_minutes()
    {
        Stage stage;
        stage.fail(5);
        for (const auto rest : std::to_array<std::chrono::seconds>({30s, 60s, 120s, 240s, 300s, 300s})) {
            QCOMPARE(stage.breaker.rest(here), rest);
            stage.now += rest;
            auto probe = stage.breaker.tryPass(here);
            QVERIFY(probe);
            probe->fail(noConnection);
        }
        stage.now += 300s;
        stage.breaker.pass(here).succeed();
        stage.fail(5);
        QCOMPARE(stage.breaker.rest(here), 30s);
    }

    void requests_that_fail_for_one_reason_count_once_it_is_open()
    {
        Stage stage;
        std::vector<CircuitBreaker::Pass> many;
        many.reserve(20);
        for (int i = 0; i < 20; ++i)
            many.push_back(stage.breaker.pass(here));
        for (CircuitBreaker::Pass &each : many)
            each.fail(noConnection);
        QCOMPARE(stage.breaker.rest(here), 30s);
    }

    void what_left_before_it_opened_does_not_speak_of_now()
    {
        Stage stage;
        auto old = stage.breaker.pass(here);
        stage.openAndWait();
        stage.breaker.pass(here).succeed();
        stage.fail(4);
        old.fail(noConnection);
        QVERIFY(stage.breaker.isPassable(here));
    }

    void a_success_closes_it_whenever_it_comes()
    {
        Stage stage;
        auto slow = stage.breaker.pass(here);
        stage.fail(5);
        slow.succeed();
        QVERIFY(stage.breaker.tryPass(here));
    }

    void the_user_may_insist()
    {
        Stage stage;
        stage.fail(5);
        stage.now += 10s;
        stage.breaker.pass(here).fail(noConnection);
        QVERIFY2(stage.breaker.rest(here) == 20s, "whoever insists is not punished for it");
        stage.breaker.pass(here).succeed();
        QVERIFY(stage.breaker.tryPass(here));
    }

    void who_insists_while_it_is_probed_is_no_probe()
    {
        Stage stage;
        stage.openAndWait();
        const auto probe = stage.breaker.tryPass(here);
        stage.breaker.pass(here).fail(noConnection);
        QCOMPARE(stage.breaker.rest(here), 0ms);
        QVERIFY(!stage.breaker.tryPass(here));
    }

    void the_servers_wish_is_a_floor_of_its_rest()
    {
        Stage stage;
        stage.fail(4);
        stage.fail(1, {.kind = NetError::Kind::Overloaded, .retryAfter = 10min});
        QCOMPARE(stage.breaker.rest(here), 10min);
        stage.fail(1, {.kind = NetError::Kind::Overloaded, .retryAfter = 20min});
        QCOMPARE(stage.breaker.rest(here), 20min);
        stage.fail(1, {.kind = NetError::Kind::Overloaded, .retryAfter = 5s});
        QCOMPARE(stage.breaker.rest(here), 20min);
    }

    void a_wish_that_makes_no_sense_has_a_bound()
    {
        Stage stage;
        stage.fail(5, {.kind = NetError::Kind::Overloaded, .retryAfter = 24h * 365});
        QCOMPARE(stage.breaker.rest(here), 1h);
    }

    void only_the_endpoints_own_trouble_counts_data()
    {
        QTest::addColumn<NetError::Kind>("kind");
        QTest::addColumn<bool>("counts");
        QTest::addColumn<bool>("answers");
        using Kind = NetError::Kind;
        QTest::newRow("no connection") << Kind::Network << true << false;
        QTest::newRow("silence") << Kind::Timeout << true << false;
        QTest::newRow("too busy") << Kind::Overloaded << true << false;
        QTest::newRow("at fault") << Kind::Server << true << false;
        QTest::newRow("wrong key") << Kind::Auth << false << true;
        QTest::newRow("too many requests") << Kind::RateLimited << false << true;
        QTest::newRow("no credit") << Kind::Quota << false << true;
        QTest::newRow("wrong request") << Kind::InvalidRequest << false << true;
        QTest::newRow("another status") << Kind::Http << false << true;
        QTest::newRow("another protocol") << Kind::Protocol << false << false;
        QTest::newRow("too much") << Kind::TooLarge << false << false;
        QTest::newRow("never sent") << Kind::Refused << false << false;
    }

    void only_the_endpoints_own_trouble_counts()
    {
        QFETCH(const NetError::Kind, kind);
        QFETCH(const bool, counts);
        QFETCH(const bool, answers);
        Stage stage;
        stage.fail(4);
        stage.fail(1, {.kind = kind});
        QCOMPARE(stage.breaker.isPassable(here), !counts);
        // An answer, whatever it says, begins the count anew; what tells nothing leaves it as it was.
        stage.fail(1);
        QCOMPARE(stage.breaker.isPassable(here), answers);
    }

    void the_caller_may_have_other_rules()
    {
        const auto isLimited = [](const NetError &error) {
            return error.kind == NetError::Kind::RateLimited;
        };
        CircuitBreaker::Clock::time_point now{};
        CircuitBreaker breaker([&now] { return now; },
                               {.failures = 1, .rest = 1s, .longestRest = 3s, .counts = isLimited});
        breaker.pass(here).fail(noConnection);
        QVERIFY(breaker.isPassable(here));
        for (const auto rest : std::to_array<std::chrono::seconds>({1s, 2s, 3s, 3s})) {
            breaker.pass(here).fail({.kind = NetError::Kind::RateLimited});
            QCOMPARE(breaker.rest(here), rest);
            now += rest;
        }
    }

    void a_pass_can_be_handed_on()
    {
        Stage stage;
        stage.openAndWait();
        auto first = stage.breaker.tryPass(here);
        auto second = std::make_unique<CircuitBreaker::Pass>(std::move(*first));
        first.reset();
        QVERIFY2(!stage.breaker.tryPass(here), "it is still out");
        auto third = stage.breaker.pass(u"elsewhere"_s);
        third = std::move(*second);
        second.reset();
        QVERIFY(!stage.breaker.tryPass(here));
        third.succeed();
        QVERIFY(stage.breaker.tryPass(here));
    }

    void a_pass_may_outlive_its_breaker()
    {
        auto breaker = std::make_unique<CircuitBreaker>();
        const CircuitBreaker copy = *breaker;
        auto pass = breaker->pass(here);
        breaker.reset();
        for (int i = 0; i < 5; ++i)
            pass.fail(noConnection);
        QVERIFY2(!copy.isPassable(here), "copies share their circuits");
    }
};

QTEST_GUILESS_MAIN(CircuitBreakerTest)

#include "tst_circuitbreaker.moc"
