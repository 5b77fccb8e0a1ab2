// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestrules.h"
#include "net/turn/credentialsource.h"
#include "tests/net/turn/turnstage.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const NetError refused{.kind = NetError::Kind::Network, .code = transportcode::ConnectionRefused};
const HttpRequest plain{.url = QUrl(u"http://127.0.0.1:9/x"_s)};

/// The usual turn, with someone else to ask.
TurnSpec withFallback()
{
    TurnSpec spec = Stage::first();
    spec.fallback = Fallback{.provider = {.id = u"there"_s,
                                          .name = u"There"_s,
                                          .baseUrl = QUrl(u"https://other.test/v1"_s),
                                          .model = u"large"_s},
                             .request = {.messages = {{ChatRole::User, u"Hello, other"_s}}},
                             .after = 10s};
    return spec;
}

/// Keys that come when the test says so.
class LateKeys final : public CredentialSource
{
public:
    void key(const Provider &, QObject *, Done done) override { m_waiting.append(std::move(done)); }
    bool renew(const Provider &, const QByteArray &, QObject *, const Done &done) override
    {
        m_waiting.append(done);
        return true;
    }

    [[nodiscard]] qsizetype questions() const { return m_waiting.size(); }
    void answer(qsizetype question, const QByteArray &key)
    {
        const Done done = m_waiting.at(question);
        done(KeyResult(key));
    }

private:
    QList<Done> m_waiting;
};

void refuse(FakeExchange &server, int status)
{
    server.head(status, "application/json");
    server.bytes(R"({"error":{"message":"no"}})");
    server.finish();
}

} // namespace

class TurnFallbackTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_failure_that_is_final_is_the_others_turn_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("the key") << 401;
        QTest::newRow("the credit") << 402;
    }
    void a_failure_that_is_final_is_the_others_turn()
    {
        QFETCH(const int, status);
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        refuse(stage.connected(), status);
        QTRY_COMPARE(stage.transport.count(), 2);
        const auto request = stage.transport.last().request();
        QCOMPARE(request.url.host(), u"other.test"_s);
        QVERIFY(request.body.contains("Hello, other") && request.body.contains("large"));
        QCOMPARE(stage.journal.handedTo, QStringList{u"there"_s});
        QVERIFY(stage.statuses.constLast().standIn);
        QVERIFY2(stage.events.isEmpty(), "the failure is nobody's answer");

        stage.transport.last().head();
        stage.transport.last().bytes(delta("Hi") + endOfModel + endMarker);
        QCOMPARE(textOf(stage.journal.entries), u"Hi"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.ends, 1);
    }

    void what_is_wrong_with_the_request_is_wrong_everywhere()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        refuse(stage.connected(), 400);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.transport.count(), 1);
    }

    void what_may_pass_is_tried_again_until_the_time_is_over()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        (void)stage.connected();
        stage.random = 0.99;
        stage.transport.last().fail(refused);
        stage.clock.advance(1s);
        QCOMPARE(stage.transport.count(), 2);
        stage.clock.advance(8'999ms);
        QCOMPARE(stage.transport.count(), 2);
        stage.clock.advance(1ms);
        QTRY_COMPARE(stage.transport.count(), 3);
        QVERIFY(stage.transport.exchange(1).isAborted());
        QCOMPARE(stage.transport.last().request().url.host(), u"other.test"_s);
        QCOMPARE(stage.ends, 0);
    }

    void a_server_that_wants_more_time_than_there_is_is_not_waited_for()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        FakeExchange &server = stage.connected();
        server.head(429, "application/json", {{"retry-after", "60"}});
        server.bytes(R"({"error":{"message":"slowly"}})");
        server.finish();
        QTRY_COMPARE(stage.transport.count(), 2);
        QVERIFY(stage.statuses.constLast().standIn);
    }

    void silence_is_cut_short_in_the_protocols_own_words()
    {
        const HttpRequest cancel{.url = QUrl(u"http://127.0.0.1:9/cancel"_s)};
        Stage stage(withFallback(), Script{.first = plain, .cancel = cancel});
        stage.connected().head(200, "application/x-ndjson");
        stage.clock.advance(10s);
        QTRY_COMPARE(stage.transport.count(), 3);
        QCOMPARE(stage.transport.exchange(1).request(), cancel);
        QCOMPARE(stage.script->asked.model, u"large"_s);
        QCOMPARE(stage.script->endpoint.baseUrl, QUrl(u"https://other.test/v1"_s));
    }

    void after_a_word_nobody_else_is_asked()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("half"));
        stage.clock.advance(15s);
        QCOMPARE(stage.transport.count(), 1);
        server.fail({.kind = NetError::Kind::Network, .code = transportcode::ConnectionLost});
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
        QCOMPARE(stage.transport.count(), 1);
    }

    void the_other_one_fails_for_good()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        refuse(stage.connected(), 401);
        QTRY_COMPARE(stage.transport.count(), 2);
        refuse(stage.transport.last(), 401);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.ends, 1);
    }

    void without_a_network_only_this_computer_can_stand_in()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        FakeExchange &server = stage.connected();
        stage.turn.setOnline(false);
        server.fail(refused);
        QCOMPARE(stage.turn.phase(), TurnPhase::Dropped);
        stage.clock.advance(30s);
        QCOMPARE(stage.transport.count(), 1);

        TurnSpec spec = withFallback();
        spec.fallback->provider.baseUrl = QUrl(u"http://127.0.0.1:11434/v1"_s);
        Stage local(true, {}, false, DialectId::OpenAiChat, nullptr, spec);
        FakeExchange &gone = local.connected();
        local.turn.setOnline(false);
        gone.fail(refused);
        local.clock.advance(10s);
        QTRY_COMPARE(local.transport.count(), 2);
    }

    void an_answer_that_the_user_holds_back_is_not_given_up()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        (void)stage.connected();
        stage.turn.setPaused(true);
        stage.clock.advance(1min);
        QCOMPARE(stage.transport.count(), 1);
        stage.turn.setPaused(false);
        stage.clock.advance(10s);
        QTRY_COMPARE(stage.transport.count(), 2);
    }

    void a_key_that_comes_late_goes_to_nobody_else()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        LateKeys keys;
        Turn turn(withFallback(), stage.transport, stage.journal, keys, nullptr, stage.optionsFor(nullptr));
        turn.start();
        QTRY_COMPARE(keys.questions(), 1);
        keys.answer(0, "key-of-here");
        QTRY_COMPARE(stage.transport.count(), 1);
        refuse(stage.transport.last(), 401);
        QCOMPARE(keys.questions(), 2);
        stage.clock.advance(10s);
        QCOMPARE(keys.questions(), 3);
        keys.answer(1, "another-key-of-here");
        QCOMPARE(stage.transport.count(), 1);
        QCOMPARE(turn.phase(), TurnPhase::Preparing);
        keys.answer(2, "key-of-there");
        QTRY_COMPARE(stage.transport.count(), 2);
        const HttpRequest request = stage.transport.last().request();
        QCOMPARE(request.url.host(), u"other.test"_s);
        QVERIFY(request.headers.contains(HttpHeaders::value_type{"Authorization", "Bearer key-of-there"}));
        for (const auto &[name, value] : request.headers)
            QVERIFY2(!value.contains("of-here"), name.constData());
        turn.stop({});
    }

    void a_stand_in_on_this_computer_needs_no_network_to_be_asked_again()
    {
        TurnSpec spec = withFallback();
        spec.fallback->provider.baseUrl = QUrl(u"http://127.0.0.1:11434/v1"_s);
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, spec);
        FakeExchange &gone = stage.connected();
        stage.turn.setOnline(false);
        gone.fail(refused);
        stage.clock.advance(10s);
        QTRY_COMPARE(stage.transport.count(), 2);
        stage.transport.last().fail(refused);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        stage.clock.advance(1s);
        QCOMPARE(stage.transport.count(), 3);
    }

    void an_endpoint_that_rests_is_passed_over()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        for (int i = 0; i < 5; ++i)
            stage.breaker.pass(u"here"_s).fail(refused);
        QCOMPARE(stage.connected().request().url.host(), u"other.test"_s);
    }

    void stop_after_the_change_stops_the_other_one()
    {
        Stage stage(true, {}, false, DialectId::OpenAiChat, nullptr, withFallback());
        refuse(stage.connected(), 401);
        QTRY_COMPARE(stage.transport.count(), 2);
        stage.turn.stop({});
        QVERIFY(stage.transport.last().isAborted());
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
    }

    // An endpoint that fails and fails, with nobody else to ask

    void what_the_user_sends_is_always_asked_and_what_is_tried_again_waits_for_the_rest()
    {
        Stage stage;
        for (int i = 0; i < 5; ++i)
            stage.breaker.pass(u"here"_s).fail(refused);
        stage.connected().fail(refused);
        stage.clock.advance(1s);
        QCOMPARE(stage.transport.count(), 1);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QCOMPARE(stage.statuses.constLast().reason, refused);
        stage.clock.advance(30s);
        QCOMPARE(stage.transport.count(), 2);
    }

    void a_server_that_is_too_busy_five_times_rests_though_it_answers()
    {
        Stage stage;
        stage.random = 0;
        (void)stage.connected();
        for (int i = 0; i < 5; ++i) {
            refuse(stage.transport.last(), 503);
            stage.clock.advance(1ms);
        }
        QVERIFY(!stage.breaker.isPassable(u"here"_s));
    }

    void a_new_key_does_not_wait_behind_the_probe_of_its_own_turn()
    {
        Stage stage;
        for (int i = 0; i < 5; ++i)
            stage.breaker.pass(u"here"_s).fail(refused);
        stage.clock.advance(31s);
        stage.credentials.next = KeyResult("new-key");
        refuse(stage.connected(), 401);
        QTRY_COMPARE(stage.transport.count(), 2);
    }

    void whoever_insists_does_not_wait_for_the_rest()
    {
        Stage stage;
        for (int i = 0; i < 5; ++i)
            stage.breaker.pass(u"here"_s).fail(refused);
        stage.connected().fail(refused);
        stage.clock.advance(1s);
        stage.turn.tryNow();
        QCOMPARE(stage.transport.count(), 2);
    }
};

QTEST_GUILESS_MAIN(TurnFallbackTest)
#include "tst_turnfallback.moc"
