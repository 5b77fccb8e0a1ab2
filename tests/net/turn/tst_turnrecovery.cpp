// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestrules.h"
#include "net/turn/captiveportal.h"
#include "tests/net/turn/turnstage.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const NetError refused{.kind = NetError::Kind::Network, .code = transportcode::ConnectionRefused};
const NetError lost{.kind = NetError::Kind::Network, .code = transportcode::ConnectionLost};

const HttpRequest plain{.url = QUrl(u"http://127.0.0.1:9/x"_s)};

/// Says that it is too busy.
void turnAway(FakeExchange &server, HttpHeaders headers = {})
{
    server.head(503, "application/json", std::move(headers));
    server.bytes(R"({"error":{"message":"try later"}})");
    server.finish();
}

void accept(FakeExchange &server)
{
    server.head(200, "application/x-ndjson");
}

} // namespace

class TurnRecoveryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Before anything was said

    void a_request_that_was_turned_away_is_made_again_after_a_wait()
    {
        Stage stage;
        turnAway(stage.connected());
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QCOMPARE(stage.statuses.constLast().wait, 250ms);
        QCOMPARE(stage.statuses.constLast().failures, 1);
        QCOMPARE(stage.statuses.constLast().reason->kind, NetError::Kind::Overloaded);
        QVERIFY2(stage.events.isEmpty() && stage.journal.entries.isEmpty(),
                 "nobody sees a failure that passes");

        stage.clock.advance(249ms);
        QCOMPARE(stage.transport.count(), 1);
        stage.clock.advance(1ms);
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.transport.exchange(1).request(), stage.transport.exchange(0).request());
        FakeExchange &server = stage.transport.last();
        server.head();
        server.bytes(delta("At last") + endOfModel + endMarker);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.outcome.metrics.retries, 1);
        QCOMPARE(textOf(stage.journal.entries), u"At last"_s);
        QCOMPARE(stage.journal.begun, QList{TurnId{7}});
    }

    void the_servers_wish_is_obeyed()
    {
        Stage stage;
        turnAway(stage.connected(), {{"retry-after", "7"}});
        QCOMPARE(stage.statuses.constLast().wait, 7s);
    }

    void it_is_not_tried_for_ever()
    {
        Stage stage;
        (void)stage.connected();
        while (stage.ends == 0) {
            stage.transport.last().fail(refused);
            stage.clock.advance(stage.statuses.constLast().wait);
            QCOMPARE_LE(stage.transport.count(), 5);
        }
        QCOMPARE(stage.transport.count(), 5);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error, refused);
        QCOMPARE(stage.ends, 1);
    }

    void a_request_that_the_server_may_be_at_work_on_is_not_made_twice()
    {
        Stage stage;
        stage.connected().fail(lost);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        stage.clock.advance(1h);
        QCOMPARE(stage.transport.count(), 1);
    }

    void a_web_socket_that_did_not_open_has_said_nothing_and_is_opened_again()
    {
        Stage stage(Script{});
        stage.connected().fail(lost);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        stage.clock.advance(1s);
        QCOMPARE(stage.transport.count(), 2);
    }

    void an_answer_that_broke_before_its_first_word_is_asked_for_again()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.fail(lost);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        stage.clock.advance(1s);
        QCOMPARE(stage.transport.count(), 2);
    }

    void a_failure_inside_the_stream_before_the_first_word_passes_too()
    {
        Stage stage(Script{.first = plain});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("fail\n");
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QVERIFY(stage.events.isEmpty());
        stage.clock.advance(1s);
        accept(stage.transport.last());
        stage.transport.last().bytes("say fine\nend\n");
        QCOMPARE(textOf(stage.events), u"fine"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
    }

    void what_will_not_pass_is_told_at_once()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head(400, "application/json");
        server.bytes(R"({"error":{"message":"no such parameter"}})");
        server.finish();
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error->message, u"no such parameter"_s);
    }

    void a_key_in_the_reason_is_blotted_out()
    {
        Stage stage(true, "secret-key");
        FakeExchange &server = stage.connected();
        server.head(503, "application/json");
        server.bytes(R"({"error":{"message":"secret-key waits"}})");
        server.finish();
        QCOMPARE(stage.statuses.constLast().reason->message, u"[redacted] waits"_s);
    }

    // While it waits

    void the_user_need_not_wait()
    {
        Stage stage;
        stage.connected().fail(refused);
        stage.turn.tryNow();
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.turn.phase(), TurnPhase::Connecting);
        stage.clock.advance(1min);
        QCOMPARE(stage.transport.count(), 2);
        stage.turn.tryNow();
        QCOMPARE(stage.transport.count(), 2);
    }

    void stop_ends_the_wait()
    {
        Stage stage;
        stage.connected().fail(refused);
        stage.turn.stop({});
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
        stage.clock.advance(1min);
        QCOMPARE(stage.transport.count(), 1);
        QCOMPARE(stage.ends, 1);
    }

    void without_a_network_it_waits_for_one()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        stage.turn.setOnline(false);
        server.fail(refused);
        QCOMPARE(stage.turn.phase(), TurnPhase::Dropped);
        stage.clock.advance(1h);
        QCOMPARE(stage.transport.count(), 1);
        stage.turn.setOnline(true);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QCOMPARE_LE(stage.statuses.constLast().wait, 250ms);
        stage.clock.advance(250ms);
        QCOMPARE(stage.transport.count(), 2);
    }

    void the_time_without_a_network_does_not_count()
    {
        Stage stage;
        stage.connected().fail(refused);
        stage.turn.setOnline(false);
        stage.clock.advance(1h);
        stage.turn.setOnline(true);
        stage.clock.advance(1s);
        stage.transport.last().fail(refused);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QCOMPARE(stage.statuses.constLast().failures, 2);
    }

    void a_network_that_goes_while_it_waits_stops_the_clock()
    {
        Stage stage;
        stage.connected().fail(refused);
        stage.turn.setOnline(false);
        QCOMPARE(stage.turn.phase(), TurnPhase::Dropped);
        stage.clock.advance(1h);
        QCOMPARE(stage.transport.count(), 1);
        stage.turn.tryNow();
        QCOMPARE(stage.transport.count(), 2);
    }

    void what_runs_on_this_computer_needs_no_network()
    {
        Stage stage;
        TurnSpec spec = Stage::first();
        spec.provider.baseUrl = QUrl(u"http://localhost:11434/v1"_s);
        Turn turn(spec, stage.transport, stage.journal, stage.credentials, nullptr,
                  stage.optionsFor(nullptr));
        turn.setOnline(false);
        turn.start();
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.transport.last().fail(refused);
        QCOMPARE(turn.phase(), TurnPhase::Waiting);
    }

    void a_request_waits_its_turn_where_the_server_asked_for_rest()
    {
        Stage first;
        FakeExchange &server = first.connected();
        server.head(429, "application/json", {{"retry-after", "30"}});
        server.bytes(R"({"error":{"message":"slow down"}})");
        server.finish();
        QCOMPARE(first.turn.phase(), TurnPhase::Waiting);

        TurnSpec spec = Stage::first();
        spec.id = TurnId{9};
        Turn second(spec, first.transport, first.journal, first.credentials, nullptr,
                    first.optionsFor(nullptr));
        QList<TurnStatus> statuses;
        connect(&second, &Turn::phaseChanged, &second,
                [&statuses](const TurnStatus &status) { statuses.append(status); });
        second.start();
        QTRY_COMPARE(second.phase(), TurnPhase::Waiting);
        QCOMPARE(first.transport.count(), 1);
        QCOMPARE(statuses.constLast().reason->code, spacedOut);
        QVERIFY(statuses.constLast().wait > 0ms);

        second.tryNow();
        QCOMPARE(second.phase(), TurnPhase::Connecting);
        QCOMPARE(first.transport.count(), 2);
        first.transport.last().head();
        first.transport.last().bytes(delta("Fine") + endOfModel + endMarker);
        QCOMPARE(second.phase(), TurnPhase::Ended);
    }

    void a_request_that_waited_its_turn_is_no_retry()
    {
        Stage stage(true, {}, false);
        TurnSpec spec = Stage::first();
        spec.provider.limits.requestsPerMinute = 1;
        QList<TurnOutcome> outcomes;
        const auto ask = [&](TurnId id) {
            spec.id = id;
            auto turn = std::make_unique<Turn>(spec, stage.transport, stage.journal, stage.credentials,
                                               nullptr, stage.optionsFor(nullptr));
            connect(turn.get(), &Turn::ended, turn.get(),
                    [&outcomes](const TurnOutcome &outcome) { outcomes.append(outcome); });
            turn->start();
            return turn;
        };
        const auto first = ask(TurnId{1});
        QTRY_COMPARE(stage.transport.count(), 1);
        const auto second = ask(TurnId{2});
        QTRY_COMPARE(second->phase(), TurnPhase::Waiting);
        stage.clock.advance(2min);
        QCOMPARE(stage.transport.count(), 2);
        stage.transport.last().head();
        stage.transport.last().bytes(delta("Fine") + endOfModel + endMarker);
        QCOMPARE(outcomes.size(), 1);
        QCOMPARE(outcomes.constFirst().metrics.retries, 0);
    }

    // After part of it was said

    void a_stream_that_can_be_joined_again_is_and_no_word_is_lost_or_doubled()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say one \nsay two \nsay thr");
        server.fail(lost);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QCOMPARE(stage.statuses.constLast().reason, lost);

        stage.clock.advance(1s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Resuming);
        QCOMPARE(stage.script->resumed, QStringList{u"2"_s});
        FakeExchange &again = stage.transport.last();
        accept(again);
        again.bytes("say three\nend\n");
        QCOMPARE(textOf(stage.events), u"one two three"_s);
        QCOMPARE(textOf(stage.journal.entries), u"one two three"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.outcome.metrics.resumes, 1);
        QCOMPARE(
            stage.phases(),
            (QList{TurnPhase::Preparing, TurnPhase::Connecting, TurnPhase::Accepted, TurnPhase::Streaming,
                   TurnPhase::Waiting, TurnPhase::Resuming, TurnPhase::Streaming, TurnPhase::Ended}));
    }

    void an_end_without_the_end_marker_is_a_lost_connection_where_it_can_be_joined_again()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say half\n");
        server.finish();
        stage.clock.advance(1s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Resuming);
    }

    void joining_is_tried_again_too()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say one \n");
        server.fail(lost);
        stage.clock.advance(1s);
        turnAway(stage.transport.last());
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QCOMPARE(stage.statuses.constLast().failures, 2);
        stage.clock.advance(1s);
        stage.transport.last().fail(refused);
        stage.clock.advance(2s);
        QCOMPARE(stage.transport.count(), 4);
        QCOMPARE(stage.script->resumed, (QStringList{u"1"_s, u"1"_s, u"1"_s}));
        accept(stage.transport.last());
        stage.transport.last().bytes("say two\nend\n");
        QCOMPARE(textOf(stage.events), u"one two"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QVERIFY(failuresIn(stage.events).isEmpty());
    }

    void a_stream_that_is_gone_leaves_its_partial()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say half\nsay of i");
        server.fail(lost);
        stage.clock.advance(1s);
        stage.transport.last().head(204, {});
        stage.transport.last().finish();
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
        QCOMPARE(stage.outcome.error, lost);
        QCOMPARE(textOf(stage.events), u"halfof i"_s);
        QVERIFY(failuresIn(stage.journal.entries).isEmpty());
        QCOMPARE(stage.ends, 1);
    }

    void where_it_can_be_joined_again_is_journalled_with_what_came_before()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say one \nsay two \nsay thr");
        QCOMPARE(stage.journal.place, (ResumeToken{.stream = u"stream"_s, .cursor = u"2"_s}));
        QCOMPARE(textOf(stage.journal.entries), u"one two "_s);
    }

    void an_answer_that_another_run_began_is_joined_and_never_asked_for_anew()
    {
        TurnSpec spec = Stage::first();
        spec.resume = ResumeToken{.stream = u"stream"_s, .cursor = u"2"_s};
        Stage stage(spec, Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        QCOMPARE(stage.script->resumed, (QStringList{u"2"_s, u"2"_s}));
        QCOMPARE(stage.phases(), (QList{TurnPhase::Preparing, TurnPhase::Resuming}));
        server.fail(refused);
        stage.clock.advance(1s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Resuming);
        accept(stage.transport.last());
        stage.transport.last().bytes("say three\nend\n");
        QCOMPARE(textOf(stage.events), u"three"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QVERIFY(!stage.outcome.resume);
        QCOMPARE(stage.script->asked, ChatRequest());
    }

    void what_can_not_be_joined_now_may_be_later_unless_the_server_says_no()
    {
        TurnSpec spec = Stage::first();
        spec.resume = ResumeToken{.stream = u"stream"_s, .cursor = u"2"_s};
        Stage gone(spec, Script{.first = plain, .resumable = true});
        gone.connected().head(404, "application/json");
        gone.transport.last().finish();
        QCOMPARE(gone.outcome.end, TurnEnd::CutOff);
        QVERIFY(!gone.outcome.resume);

        Stage away(Script{.first = plain, .resumable = true});
        FakeExchange &server = away.connected();
        accept(server);
        server.bytes("say one\n");
        server.fail(lost);
        while (away.ends == 0) {
            away.clock.advance(away.statuses.constLast().wait);
            away.transport.last().fail(refused);
        }
        QCOMPARE(away.outcome.end, TurnEnd::CutOff);
        QCOMPARE(away.outcome.resume, (ResumeToken{.stream = u"stream"_s, .cursor = u"1"_s}));
    }

    void a_portal_is_named_and_asked_slowly()
    {
        Stage stage;
        (void)stage.connected();
        stage.turn.setCaptivePortal(true);
        stage.transport.last().fail(refused);
        QCOMPARE(stage.statuses.constLast().reason->code, QString(captivePortal));
        QCOMPARE(stage.statuses.constLast().wait, 10s);
    }

    void a_stream_that_can_not_be_joined_again_leaves_its_partial()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("half"));
        server.fail(lost);
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
        stage.clock.advance(1h);
        QCOMPARE(stage.transport.count(), 1);
    }

    void a_long_healthy_stream_makes_up_for_the_failures_before_it()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        (void)stage.connected();
        for (int i = 0; i < 20; ++i) {
            accept(stage.transport.last());
            stage.transport.last().bytes("say x\n");
            stage.clock.advance(31s);
            stage.transport.last().bytes("say y\n");
            stage.transport.last().fail(lost);
            QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
            QCOMPARE(stage.statuses.constLast().failures, 1);
            stage.clock.advance(1s);
            QCOMPARE(stage.turn.phase(), TurnPhase::Resuming);
        }
    }

    void stop_while_joining_again_closes_the_connection()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say one\n");
        server.fail(lost);
        stage.clock.advance(1s);
        stage.turn.stop({.text = 3});
        QVERIFY(stage.transport.last().isAborted());
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
    }

    void stop_before_joining_again_tells_the_server_which_may_still_be_at_work()
    {
        const HttpRequest cancel{.url = QUrl(u"http://127.0.0.1:9/cancel"_s)};
        Stage stage(Script{.first = plain, .cancel = cancel, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say one\n");
        server.fail(lost);
        stage.turn.stop({.text = 3});
        QCOMPARE(stage.transport.last().request(), cancel);
        stage.clock.advance(1h);
        QCOMPARE(stage.transport.count(), 2);
    }

    void a_connection_that_may_be_dead_is_left_for_a_new_one_where_that_loses_nothing()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say one\n");
        stage.turn.doubtConnection();
        QVERIFY(server.isClosed());
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        stage.clock.advance(1s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Resuming);

        Stage other;
        FakeExchange &kept = other.connected();
        kept.head();
        kept.bytes(delta("half"));
        other.turn.doubtConnection();
        QVERIFY2(!kept.isClosed(), "there is only this one");
    }

    // Silence

    void a_silence_is_told_and_ends_with_a_sign_of_life()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("so"));
        stage.clock.advance(19s);
        server.bytes(": ping\n\n");
        stage.clock.advance(19s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Streaming);
        stage.clock.advance(1s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Stalled);
        server.bytes(delta(" on"));
        QCOMPARE(stage.turn.phase(), TurnPhase::Streaming);
        server.bytes(endMarker);
        QCOMPARE(stage.outcome.metrics.stalls, 1);
    }

    void a_model_may_think_for_ten_minutes_before_its_first_word()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        stage.clock.advance(9min);
        QCOMPARE(stage.turn.phase(), TurnPhase::Stalled);
        server.bytes(delta("Done") + endOfModel + endMarker);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
    }

    void a_silence_in_the_middle_cuts_off_what_can_not_be_joined_again()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("half"));
        stage.clock.advance(119s);
        QCOMPARE(stage.ends, 0);
        stage.clock.advance(1s);
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
        QCOMPARE(stage.outcome.error->code, transportcode::Silent);
    }

    void a_silence_in_the_middle_joins_what_can_be_joined_again()
    {
        Stage stage(Script{.first = plain, .resumable = true});
        FakeExchange &server = stage.connected();
        accept(server);
        server.bytes("say one\n");
        stage.clock.advance(60s);
        QVERIFY(server.isClosed());
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        stage.clock.advance(1s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Resuming);
        accept(stage.transport.last());
        stage.clock.advance(60s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QCOMPARE(stage.statuses.constLast().failures, 2);
    }

    void nothing_is_silent_while_the_user_is_asked()
    {
        Stage stage(Script{.answer = ConnectionMessage{"allowed"}});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("ask");
        stage.clock.advance(24h);
        QCOMPARE(stage.turn.phase(), TurnPhase::Streaming);
        QVERIFY(stage.turn.decide({.id = u"q1"_s}));
        stage.clock.advance(20s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Stalled);
    }

    void a_decision_that_falls_between_two_connections_is_told_on_the_next()
    {
        Stage stage(Script{.answer = ConnectionMessage{"allowed"}, .resumable = true});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("ask");
        server.fail(lost);
        QCOMPARE(stage.turn.phase(), TurnPhase::Waiting);
        QVERIFY(stage.turn.decide({.id = u"q1"_s}));
        QVERIFY(stage.script->decided.isEmpty());
        stage.clock.advance(1s);
        accept(stage.transport.last());
        QCOMPARE(stage.script->decided, QStringList{u"q1"_s});
        QCOMPARE(stage.transport.last().sent(), QByteArrayList{"allowed"});
    }

    void a_program_may_be_silent_while_its_tools_run()
    {
        Stage stage(Script{.first = ProcessRequest{.program = u"/usr/bin/agent"_s}});
        FakeExchange &server = stage.connected();
        server.opened();
        server.bytes("say one\n");
        stage.clock.advance(599s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Streaming);
        stage.clock.advance(1s);
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
    }

    // Pause

    void pause_holds_the_stream_back_and_nothing_counts_as_silence()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("one "));
        stage.turn.setPaused(true);
        QVERIFY(server.isPaused());
        server.bytes(delta("two"));
        stage.clock.advance(1h);
        QCOMPARE(textOf(stage.events), u"one "_s);
        QCOMPARE(stage.turn.phase(), TurnPhase::Streaming);
        stage.turn.setPaused(false);
        QTRY_COMPARE(textOf(stage.events), u"one two"_s);
    }

    void a_turn_that_is_paused_before_it_begins_is_held_back()
    {
        Stage stage;
        stage.turn.setPaused(true);
        QVERIFY(stage.connected().isPaused());
    }

    void a_paused_turn_can_be_stopped()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        stage.turn.setPaused(true);
        stage.turn.stop({});
        QVERIFY(server.isAborted());
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
    }

    // Redirect

    void a_running_answer_takes_another_course_on_the_same_connection()
    {
        Stage stage(Script{.redirectable = true});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("say old");
        stage.journal.ready = false;
        QVERIFY(stage.turn.redirect(stage.next(), u"shorter"_s, {.text = 3}));
        QCOMPARE(stage.journal.outcome->end, TurnEnd::Redirected);
        QCOMPARE(stage.journal.outcome->delivered, Delivered{.text = 3});
        QCOMPARE(stage.turn.id(), TurnId{8});
        QCOMPARE(stage.ends, 0);
        QVERIFY2(server.sent().isEmpty(), "the user's words are not durable yet");
        server.message("say late");

        stage.journal.makeReady();
        QCOMPARE(server.sent(), QByteArrayList{"redirect shorter"});
        QCOMPARE(stage.turn.phase(), TurnPhase::Accepted);
        server.message("say new");
        server.message("end");
        QCOMPARE(textOf(stage.events), u"oldnew"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.journal.begun, (QList{TurnId{7}, TurnId{8}}));
        QCOMPARE(stage.transport.count(), 1);
    }

    void a_connection_that_ends_meanwhile_is_opened_anew_for_the_new_course()
    {
        Stage stage(Script{.redirectable = true});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("say old");
        stage.journal.ready = false;
        QVERIFY(stage.turn.redirect(stage.next(), u"shorter"_s, {.text = 3}));
        server.fail(lost);
        QCOMPARE(stage.ends, 0);
        stage.journal.makeReady();
        QTRY_COMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.script->asked.messages, stage.next().request.messages);
        QCOMPARE(stage.script->asked.exchange, u"8"_s);
    }

    void stop_before_the_instruction_was_said_ends_the_new_course()
    {
        Stage stage(Script{.redirectable = true});
        FakeExchange &server = stage.connected();
        server.opened();
        stage.journal.ready = false;
        QVERIFY(stage.turn.redirect(stage.next(), u"shorter"_s, {}));
        stage.turn.stop({});
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
        stage.journal.makeReady();
        QVERIFY(server.sent().isEmpty());
        QVERIFY(server.isAborted());
        QCOMPARE(stage.ends, 1);
    }

    void a_protocol_without_a_word_for_it_gives_way()
    {
        Stage stage(Script{});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("say old");
        QVERIFY(!stage.turn.redirect(stage.next(), u"shorter"_s, {.text = 3}));
        QCOMPARE(stage.turn.id(), TurnId{7});
        stage.turn.giveWay({.text = 3});
        QVERIFY(server.isAborted());
        QCOMPARE(stage.outcome.end, TurnEnd::Redirected);
        QCOMPARE(stage.outcome.delivered, Delivered{.text = 3});
    }

    void a_paused_answer_takes_another_course_and_comes_again()
    {
        Stage stage(Script{.redirectable = true});
        FakeExchange &server = stage.connected();
        server.opened();
        stage.turn.setPaused(true);
        TurnSpec next = stage.next();
        next.provider.replicas = {{.id = u"other"_s}};
        QVERIFY2(stage.turn.redirect(next, u"shorter"_s, {}), "it is the same server, at one of its places");
        QVERIFY(!server.isPaused());
        QTRY_COMPARE(server.sent().size(), 1);
        server.message("say new");
        QCOMPARE(textOf(stage.events), u"new"_s);
    }

    void another_server_can_not_take_over_the_connection()
    {
        Stage stage(Script{.redirectable = true});
        stage.connected().opened();
        TurnSpec elsewhere = stage.next();
        elsewhere.provider.id = u"there"_s;
        QVERIFY(!stage.turn.redirect(elsewhere, u"shorter"_s, {}));
    }
};

QTEST_GUILESS_MAIN(TurnRecoveryTest)
#include "tst_turnrecovery.moc"
