// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/loadbalancer.h"

#include "net/turn/turn.h"
#include "tests/support/faketransport.h"
#include "tests/support/memoryjournal.h"

#include <QtTest/QTest>

#include <array>
#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const Provider provider{
    .id = u"team"_s,
    .baseUrl = QUrl(u"http://127.0.0.1:9/v1"_s),
    .replicas = {{.id = u"west"_s, .baseUrl = QUrl(u"http://127.0.0.2:9/v1"_s)}, {.id = u"second-key"_s}}};

/// A balancer whose time is told to it, and the turns that it watches.
class Stage
{
public:
    /// A turn that has sent its request to where the balancer wants that of `conversation`.
    std::unique_ptr<Turn> ask(const QString &conversation = {})
    {
        const Provider place = balancer.choose(provider, conversation);
        places.append(place.replica);
        auto turn = std::make_unique<Turn>(
            TurnSpec{.id = TurnId{++m_number},
                     .provider = place,
                     .request = {.model = u"small"_s, .messages = {{ChatRole::User, u"Hello"_s}}}},
            transport, m_journal, m_credentials);
        balancer.watch(*turn, place);
        turn->start();
        [this] { QTRY_COMPARE(transport.count(), m_number); }();
        return turn;
    }

    /// The newest turn's server says its first word after that time.
    void speakAfter(std::chrono::milliseconds time)
    {
        now += time;
        transport.last().head();
        transport.last().bytes("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n");
    }

    /// Measures every place: the provider's own answers after `first`, and so on.
    void measure(std::chrono::milliseconds first, std::chrono::milliseconds second,
                 std::chrono::milliseconds third)
    {
        for (const auto time : {first, second, third}) {
            const auto turn = ask();
            speakAfter(time);
        }
        QCOMPARE(places, (QStringList{{}, u"west"_s, u"second-key"_s}));
        places.clear();
    }

    LoadBalancer::Clock::time_point now{};
    LoadBalancer balancer{[this] { return now; }};
    FakeTransport transport;
    QStringList places; ///< the replica that each turn went to

private:
    MemoryJournal m_journal;
    OneKey m_credentials;
    qint64 m_number = 0;
};

} // namespace

class LoadBalancerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_provider_without_replicas_has_one_place()
    {
        LoadBalancer balancer;
        Provider alone = provider;
        alone.replicas.clear();
        QCOMPARE(balancer.choose(alone, u"a"_s), alone);
    }

    void a_place_is_the_provider_with_an_address_and_a_key_of_its_own()
    {
        const QList<Provider> places = placesOf(provider);
        QCOMPARE(places.size(), 3);
        QCOMPARE(placeName(places[0]), u"team"_s);
        QCOMPARE(placeName(places[1]), u"team/west"_s);
        QCOMPARE(places[1].baseUrl, QUrl(u"http://127.0.0.2:9/v1"_s));
        QCOMPARE(placeName(places[2]), u"team/second-key"_s);
        QCOMPARE(places[2].baseUrl, provider.baseUrl);
        for (const Provider &place : places) {
            QCOMPARE(place.id, provider.id);
            QVERIFY(place.replicas.isEmpty());
        }
    }

    void what_nobody_measured_is_tried()
    {
        Stage stage;
        stage.measure(100ms, 200ms, 300ms);
    }

    void the_place_that_answers_soonest_is_asked()
    {
        Stage stage;
        stage.measure(300ms, 100ms, 500ms);
        const auto turn = stage.ask();
        QCOMPARE(stage.places, QStringList{u"west"_s});
    }

    void running_turns_count()
    {
        Stage stage;
        stage.measure(100ms, 150ms, 1000ms);
        const auto first = stage.ask();
        const auto second = stage.ask();
        const auto third = stage.ask();
        // 100 ms twice is later than 150 ms once, and three times as late as 150 ms twice.
        QCOMPARE(stage.places, (QStringList{{}, u"west"_s, {}}));
    }

    void a_turn_that_is_gone_is_no_load()
    {
        Stage stage;
        stage.measure(100ms, 150ms, 1000ms);
        stage.ask().reset();
        const auto stopped = stage.ask();
        stopped->stop({});
        const auto next = stage.ask();
        QCOMPARE(stage.places, QStringList(3));
    }

    void a_conversation_stays_where_it_is()
    {
        Stage stage;
        stage.measure(100ms, 150ms, 1000ms);
        const auto first = stage.ask(u"a"_s);
        const auto other = stage.ask(u"b"_s);
        const auto again = stage.ask(u"a"_s);
        const auto andAgain = stage.ask(u"b"_s);
        QCOMPARE(stage.places, (QStringList{{}, u"west"_s, {}, u"west"_s}));
    }

    void a_place_that_failed_rests_and_its_conversations_move()
    {
        Stage stage;
        stage.measure(100ms, 150ms, 1000ms);
        const auto failing = stage.ask(u"a"_s);
        stage.transport.last().fail({.kind = NetError::Kind::Network});
        const auto moved = stage.ask(u"a"_s);
        stage.now += 30s;
        const auto stays = stage.ask(u"a"_s);
        const auto fresh = stage.ask(u"b"_s);
        QCOMPARE(stage.places, (QStringList{{}, u"west"_s, u"west"_s, {}}));
    }

    void a_place_that_never_answers_is_tried_ever_less_often()
    {
        Stage stage;
        // The second key's place never says a word, so that nothing is known of its pace.
        for (const auto time : {100ms, 150ms}) {
            const auto turn = stage.ask();
            stage.speakAfter(time);
        }
        const std::array<std::chrono::seconds, 7> rests{30s, 60s, 120s, 240s, 300s, 300s, 300s};
        for (const auto rest : rests) {
            stage.places.clear();
            const auto failing = stage.ask();
            stage.transport.last().fail({.kind = NetError::Kind::Timeout});
            stage.now += rest - 1ms;
            stage.ask().reset();
            stage.now += 1ms;
            QCOMPARE(stage.places, (QStringList{u"second-key"_s, {}}));
        }
        stage.places.clear();
        const auto answers = stage.ask();
        stage.speakAfter(50ms);
        stage.transport.last().fail({.kind = NetError::Kind::Timeout});
        stage.now += 30s;
        const auto next = stage.ask();
        // Its first word has made up for all that was before.
        QCOMPARE(stage.places, QStringList(2, u"second-key"_s));
    }

    void a_place_that_comes_back_is_tried_by_one_turn_first()
    {
        Stage stage;
        stage.measure(100ms, 150ms, 1000ms);
        auto failing = stage.ask();
        stage.transport.last().fail({.kind = NetError::Kind::Server, .status = 500});
        failing.reset();
        stage.now += 30s;
        const auto probe = stage.ask();
        const auto meanwhile = stage.ask();
        const auto too = stage.ask();
        QCOMPARE(stage.places, (QStringList{{}, {}, u"west"_s, u"west"_s}));
    }

    void a_place_whose_key_can_not_be_had_rests()
    {
        LoadBalancer balancer;
        FakeTransport transport;
        MemoryJournal journal;
        OneKey locked(std::unexpected(NetError{.kind = NetError::Kind::Auth}));
        QStringList places;
        for (qint64 i = 1; i <= 3; ++i) {
            const Provider place = balancer.choose(provider, {});
            places.append(place.replica);
            Turn turn({.id = TurnId{i}, .provider = place, .request = {}}, transport, journal, locked);
            balancer.watch(turn, place);
            turn.start();
            QTRY_COMPARE(turn.phase(), TurnPhase::Ended);
        }
        QCOMPARE(places, (QStringList{{}, u"west"_s, u"second-key"_s}));
        QCOMPARE(transport.count(), 0);
    }

    void the_server_says_how_long_to_leave_it_alone()
    {
        Stage stage;
        stage.measure(100ms, 150ms, 1000ms);
        const auto failing = stage.ask();
        stage.transport.last().fail({.kind = NetError::Kind::RateLimited, .retryAfter = 5min});
        stage.now += 4min;
        stage.ask().reset();
        stage.now += 2min;
        stage.ask().reset();
        QCOMPARE(stage.places, (QStringList{{}, u"west"_s, {}}));
    }

    void a_request_that_is_wrong_is_wrong_everywhere()
    {
        Stage stage;
        stage.measure(100ms, 150ms, 1000ms);
        const auto failing = stage.ask(u"a"_s);
        stage.transport.last().fail({.kind = NetError::Kind::InvalidRequest, .status = 400});
        const auto next = stage.ask(u"a"_s);
        QCOMPARE(stage.places, QStringList(2));
    }

    void while_all_rest_the_first_to_be_back_is_asked()
    {
        Stage stage;
        stage.measure(100ms, 150ms, 1000ms);
        for (const auto time : {3min, 1min, 2min}) {
            const auto failing = stage.ask();
            stage.transport.last().fail({.kind = NetError::Kind::Overloaded, .retryAfter = time});
        }
        const auto next = stage.ask();
        QCOMPARE(stage.places, (QStringList{{}, u"west"_s, u"second-key"_s, u"west"_s}));
    }

    void a_watched_turn_may_outlive_the_balancer()
    {
        FakeTransport transport;
        MemoryJournal journal;
        OneKey credentials;
        auto balancer = std::make_unique<LoadBalancer>();
        const Provider place = balancer->choose(provider, {});
        Turn turn({.id = TurnId{1}, .provider = place, .request = {}}, transport, journal, credentials);
        balancer->watch(turn, place);
        balancer.reset();
        turn.start();
        QTRY_COMPARE(transport.count(), 1);
        transport.last().fail({.kind = NetError::Kind::Network});
        QCOMPARE(turn.phase(), TurnPhase::Ended);
    }
};

QTEST_GUILESS_MAIN(LoadBalancerTest)

#include "tst_loadbalancer.moc"
