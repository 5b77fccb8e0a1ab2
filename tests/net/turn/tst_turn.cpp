// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/turn.h"

#include "tests/net/turn/turnstage.h"

#include <QtTest/QTest>

#include <memory>
#include <utility>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Answers that the key is no good.
void refuse(FakeExchange &server, QByteArrayView reason = "expired")
{
    server.head(401, "application/json");
    server.bytes("{\"error\":{\"message\":\"" + reason.toByteArray() + "\"}}");
    server.finish();
}

} // namespace

class TurnTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void walks_through_its_phases_to_a_complete_answer()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("Good ") + delta("day"));
        server.bytes(endOfModel + endMarker);

        QCOMPARE(stage.phases(),
                 (QList{TurnPhase::Preparing, TurnPhase::Connecting, TurnPhase::Accepted,
                        TurnPhase::Streaming, TurnPhase::Ended}));
        QCOMPARE(textOf(stage.events), u"Good day"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.outcome.reason, FinishReason::Stop);
        QVERIFY(stage.outcome.endMarker);
        QCOMPARE(stage.ends, 1);
    }

    void goes_on_when_one_of_several_agents_fails()
    {
        Stage stage(DialectId::AgentEvents);
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes("event: error\ndata: {\"agent_id\":\"b\",\"message\":\"broken\"}\n\n");
        QCOMPARE(stage.ends, 0);
        server.bytes("event: final_response\ndata: {\"content\":\"Still here\"}\n\n");

        QCOMPARE(textOf(stage.events), u"Still here"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QVERIFY(!stage.outcome.error);
    }

    void sends_the_key_and_the_model_of_its_provider()
    {
        Stage stage(true, "secret-key");
        FakeExchange &server = stage.connected();
        QVERIFY(server.request().headers.contains(
            std::pair<QByteArray, QByteArray>("Authorization", "Bearer secret-key")));
        QVERIFY(server.request().body.contains(R"("model":"small")"));
    }

    void sends_nothing_before_the_journal_is_ready()
    {
        Stage stage(false);
        stage.turn.start();
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        QCOMPARE(stage.journal.begun, QList{TurnId{7}});
        QCOMPARE(stage.transport.count(), 0);

        stage.journal.makeReady();
        QTRY_COMPARE(stage.transport.count(), 1);
    }

    void fails_before_it_sends_where_a_needed_key_is_missing()
    {
        Stage stage(true, {}, true);
        stage.turn.start();
        QTRY_COMPARE(stage.ends, 1);
        QCOMPARE(stage.transport.count(), 0);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error->kind, NetError::Kind::Auth);
    }

    void journals_everything_before_it_shows_it()
    {
        Stage stage;
        bool journalledFirst = true;
        QObject::connect(&stage.turn, &Turn::events, &stage.turn, [&](const StreamEvents &) {
            journalledFirst = journalledFirst && textOf(stage.journal.entries) == textOf(stage.events);
        });
        FakeExchange &server = stage.connected();
        server.head();
        for (const char *word : {"one ", "two ", "three"})
            server.bytes(delta(word));
        server.finish();
        QVERIFY(journalledFirst);
        QCOMPARE(textOf(stage.journal.entries), u"one two three"_s);
        QCOMPARE(stage.journal.outcome, stage.outcome);
    }

    void stop_closes_the_connection_at_once_and_shows_nothing_more()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("kept"));
        stage.turn.stop({.text = 4});

        QVERIFY(server.isAborted());
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
        QCOMPARE(stage.outcome.delivered, Delivered{.text = 4});
        server.bytes(delta("late"));
        QCOMPARE(textOf(stage.events), u"kept"_s);
        QCOMPARE(stage.ends, 1);
    }

    void stop_before_the_request_left_sends_nothing()
    {
        Stage stage(false);
        stage.turn.start();
        stage.turn.stop({});
        stage.journal.makeReady();
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        QCOMPARE(stage.transport.count(), 0);
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
    }

    void stop_after_the_end_changes_nothing()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("all") + endMarker);
        stage.turn.stop({});
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.ends, 1);
    }

    void an_answer_that_ends_without_its_marker_is_cut_off()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("half an ans"));
        server.finish();
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
        QVERIFY(!stage.outcome.endMarker);
        QCOMPARE(textOf(stage.events), u"half an ans"_s);
    }

    void a_finish_reason_and_a_clean_end_are_complete_even_without_the_marker()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("whole") + endOfModel);
        server.finish();
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QVERIFY(!stage.outcome.endMarker);
    }

    void a_broken_line_cuts_off_what_had_begun_and_fails_what_had_not()
    {
        const NetError broken{.kind = NetError::Kind::Network, .message = u"reset"_s};
        Stage begun;
        FakeExchange &server = begun.connected();
        server.head();
        server.bytes(delta("some"));
        server.fail(broken);
        QCOMPARE(begun.outcome.end, TurnEnd::CutOff);
        QCOMPARE(begun.outcome.error, broken);

        Stage untouched;
        untouched.connected().fail(broken);
        QCOMPARE(untouched.outcome.end, TurnEnd::Failed);
        QCOMPARE(untouched.outcome.error, broken);
    }

    void a_line_that_breaks_after_the_end_marker_has_broken_nothing()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("all") + endMarker);
        server.fail({.kind = NetError::Kind::Network});
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QVERIFY(!stage.outcome.error);
    }

    void an_error_inside_the_stream_fails_the_turn_and_keeps_the_partial()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("before "));
        server.bytes("data: {\"error\":{\"message\":\"the model fell over\",\"type\":\"server_error\"}}\n\n");
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error->message, u"the model fell over"_s);
        QCOMPARE(textOf(stage.journal.entries), u"before "_s);
    }

    void a_failing_status_fails_the_turn_in_the_servers_words()
    {
        Stage stage;
        FakeExchange &server = stage.connected();
        server.head(401, "application/json");
        server.bytes(R"({"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}})");
        server.finish();
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error->kind, NetError::Kind::Auth);
        QCOMPARE(stage.outcome.error->status, 401);
        QCOMPARE(stage.outcome.error->message, u"Incorrect API key provided"_s);
    }

    void a_refused_key_is_renewed_once_and_the_request_sent_again()
    {
        Stage stage(true, "old-secret");
        stage.credentials.next = "new-secret";
        refuse(stage.connected());
        QCOMPARE(stage.turn.phase(), TurnPhase::Preparing);
        QCOMPARE(stage.credentials.refused, QByteArrayList{"old-secret"});
        QVERIFY(stage.transport.exchange(0).isClosed());

        QTRY_COMPARE(stage.transport.count(), 2);
        FakeExchange &server = stage.transport.last();
        QVERIFY(server.request().headers.contains(
            std::pair<QByteArray, QByteArray>("Authorization", "Bearer new-secret")));
        QCOMPARE(server.request().body, stage.transport.exchange(0).request().body);
        server.head();
        server.bytes(delta("Welcome") + endOfModel + endMarker);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QVERIFY(!stage.outcome.error);
        QCOMPARE(textOf(stage.events), u"Welcome"_s);
        QVERIFY2(failuresIn(stage.events).isEmpty(), "nobody saw the first refusal");
        QVERIFY(failuresIn(stage.journal.entries).isEmpty());
        QCOMPARE(
            stage.phases(),
            (QList{TurnPhase::Preparing, TurnPhase::Connecting, TurnPhase::Accepted, TurnPhase::Preparing,
                   TurnPhase::Connecting, TurnPhase::Accepted, TurnPhase::Streaming, TurnPhase::Ended}));
        QCOMPARE(stage.ends, 1);
    }

    void a_key_that_is_refused_twice_fails_the_turn()
    {
        Stage stage(true, "old-secret");
        stage.credentials.next = "new-secret";
        refuse(stage.connected());
        QTRY_COMPARE(stage.transport.count(), 2);
        refuse(stage.transport.last());
        QCOMPARE(stage.ends, 1);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error->kind, NetError::Kind::Auth);
        QCOMPARE(stage.credentials.refused.size(), 1);
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(failuresIn(stage.journal.entries).size(), 1);
        QCOMPARE(stage.journal.outcome, stage.outcome);
    }

    void the_refusal_stands_where_there_is_no_other_key_data()
    {
        QTest::addColumn<QByteArray>("next");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("the same") << "old-secret"_ba;
    }

    void the_refusal_stands_where_there_is_no_other_key()
    {
        QFETCH(const QByteArray, next);
        Stage stage(true, "old-secret");
        stage.credentials.next = next;
        refuse(stage.connected(), "old-secret is out of date");
        QTRY_COMPARE(stage.ends, 1);
        QCOMPARE(stage.transport.count(), 1);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error->message, u"[redacted] is out of date"_s);
        QCOMPARE(failuresIn(stage.events).size(), 1);
        QCOMPARE(failuresIn(stage.journal.entries).size(), 1);
    }

    void a_renewal_that_fails_says_why()
    {
        const NetError why{.kind = NetError::Kind::Timeout, .code = u"sign_in_timed_out"_s};
        Stage stage(true, "old-secret");
        stage.credentials.next = std::unexpected(why);
        refuse(stage.connected());
        QTRY_COMPARE(stage.ends, 1);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error, why);
        QCOMPARE(stage.transport.count(), 1);
    }

    void a_key_that_is_refused_after_something_was_said_is_not_renewed()
    {
        Stage stage(true, "old-secret");
        stage.credentials.next = "new-secret";
        FakeExchange &server = stage.connected();
        server.head();
        server.bytes(delta("before "));
        server.bytes("data: {\"error\":{\"message\":\"expired\",\"code\":401}}\n\n");
        QCOMPARE(stage.ends, 1);
        QCOMPARE(textOf(stage.events), u"before "_s);
        QVERIFY(stage.credentials.refused.isEmpty());
    }

    void another_failure_than_a_refused_key_is_not_renewed()
    {
        Stage stage(true, "old-secret");
        stage.credentials.next = "new-secret";
        FakeExchange &server = stage.connected();
        server.head(404, "application/json");
        server.finish();
        QCOMPARE(stage.ends, 1);
        QVERIFY(stage.credentials.refused.isEmpty());
    }

    void a_handshake_that_refuses_the_key_is_renewed_too()
    {
        const NetError refusal{.kind = NetError::Kind::Auth, .status = 401, .message = u"no: old-secret"_s};
        auto script = std::make_shared<Script>();
        Stage stage(true, "old-secret", false, DialectId::OpenAiChat, script);
        stage.credentials.next = "new-secret";
        stage.connected().fail(refusal);
        QTRY_COMPARE(stage.transport.count(), 2);
        QCOMPARE(script->endpoint.apiKey, "new-secret");
        stage.transport.last().fail(refusal);
        QCOMPARE(stage.ends, 1);
        QCOMPARE(stage.outcome.error, refusal);

        Stage same(true, "old-secret", false, DialectId::OpenAiChat, std::make_shared<Script>());
        same.credentials.next = "old-secret";
        same.connected().fail(refusal);
        QTRY_COMPARE(same.ends, 1);
        QCOMPARE(same.outcome.error->message, u"no: [redacted]"_s);
    }

    void a_follow_up_that_refuses_the_key_is_not_repeated()
    {
        auto script = std::make_shared<Script>(
            Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/start"_s)},
                   .next = {{.method = "GET", .url = QUrl(u"http://127.0.0.1:9/more"_s)}}});
        Stage stage(true, "old-secret", false, DialectId::OpenAiChat, script);
        stage.credentials.next = "new-secret";
        FakeExchange &first = stage.connected();
        first.head(200, "text/plain");
        first.bytes("more\n");
        first.finish();
        QTRY_COMPARE(stage.transport.count(), 2);
        stage.transport.last().fail({.kind = NetError::Kind::Auth, .status = 401});
        QCOMPARE(stage.ends, 1);
        QVERIFY(stage.credentials.refused.isEmpty());
    }

    void stop_while_the_key_is_renewed_sends_nothing_more()
    {
        Stage stage(true, "old-secret");
        stage.credentials.next = "new-secret";
        refuse(stage.connected());
        stage.turn.stop({});
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        QCOMPARE(stage.transport.count(), 1);
        QCOMPARE(stage.ends, 1);
    }

    void a_key_that_can_not_be_had_fails_before_anything_is_sent()
    {
        const NetError why{.kind = NetError::Kind::Refused, .code = u"program_failed"_s};
        Stage stage(true, std::unexpected(why));
        stage.turn.start();
        QTRY_COMPARE(stage.ends, 1);
        QCOMPARE(stage.transport.count(), 0);
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error, why);
    }

    void a_key_that_the_server_repeats_is_neither_kept_nor_told()
    {
        Stage stage(true, "secret-key");
        FakeExchange &server = stage.connected();
        server.head(401, "application/json");
        server.bytes(R"({"error":{"message":"Incorrect API key provided: secret-key."}})");
        server.finish();
        const QString told = u"Incorrect API key provided: [redacted]."_s;
        QCOMPARE(stage.outcome.error->message, told);
        QCOMPARE(std::get<event::Failed>(stage.events.last().payload).error.message, told);
        QCOMPARE(std::get<event::Failed>(stage.journal.entries.last().payload).error.message, told);
    }

    void a_key_that_the_transport_repeats_is_not_told()
    {
        Stage stage(true, "secret-key");
        stage.connected().fail({.kind = NetError::Kind::Server, .message = u"bad key secret-key"_s});
        QCOMPARE(stage.outcome.error->message, u"bad key [redacted]"_s);
    }

    void a_web_socket_waits_once_it_is_open_and_streams_its_messages()
    {
        Stage stage(Script{});
        FakeExchange &server = stage.connected();
        QCOMPARE(stage.turn.phase(), TurnPhase::Connecting);
        server.opened();
        QCOMPARE(stage.turn.phase(), TurnPhase::Accepted);
        server.message("say Good ");
        QCOMPARE(stage.turn.phase(), TurnPhase::Streaming);
        server.message("say day");
        server.message("end");
        QCOMPARE(textOf(stage.events), u"Good day"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QVERIFY(stage.outcome.endMarker);
    }

    void a_web_socket_that_closes_without_the_end_marker_cuts_the_answer_off()
    {
        Stage stage(Script{});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("say half");
        server.finish();
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
    }

    void a_program_speaks_in_lines_and_a_crash_cuts_it_off()
    {
        Stage stage(Script{.first = ProcessRequest{.program = u"/usr/bin/agent"_s}});
        FakeExchange &server = stage.connected();
        server.opened();
        server.bytes("say one\nsay tw");
        server.bytes("o\n");
        server.fail({.kind = NetError::Kind::Server, .code = u"program_crashed"_s});
        QCOMPARE(textOf(stage.events), u"onetwo"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
        QCOMPARE(stage.outcome.error->code, u"program_crashed"_s);
    }

    void the_dialect_is_told_what_the_provider_says_and_what_the_exchange_is_called()
    {
        Stage stage(Script{});
        (void)stage.connected();
        QCOMPARE(stage.script->endpoint.program, u"/usr/bin/agent"_s);
        QCOMPARE(stage.script->endpoint.arguments, QStringList{u"-v"_s});
        QCOMPARE(stage.script->endpoint.options.value(u"dataset"_s), u"all"_s);
        QCOMPARE(stage.script->asked.exchange, u"7"_s);
    }

    void what_the_dialect_replies_is_sent_on_the_connection()
    {
        Stage stage(Script{});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("ping");
        QCOMPARE(server.sent(), QByteArrayList{"pong"});
        server.message("say x");
        QCOMPARE(server.sent(), QByteArrayList{"pong"});
    }

    void replies_that_are_requests_go_out_one_after_another()
    {
        Stage stage(Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/x"_s)}});
        FakeExchange &server = stage.connected();
        server.head(200, "application/x-ndjson");
        server.bytes("post one\npost two\n");
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.transport.last().request().body, "one");
        stage.transport.last().head(202, {});
        QCOMPARE(stage.transport.count(), 3);
        QCOMPARE(stage.transport.last().request().body, "two");
        // That one of them was refused is no matter to the answer.
        stage.transport.last().head(400, {});
        stage.transport.last().finish();
        server.bytes("say all\nend\n");
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(textOf(stage.events), u"all"_s);
    }

    void a_reply_on_which_the_answer_depends_ends_it_where_it_is_refused()
    {
        Stage stage(
            Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/x"_s)}, .dependsOnReplies = true});
        FakeExchange &server = stage.connected();
        server.head(200, "application/x-ndjson");
        server.bytes("post one\npost two\n");
        stage.transport.last().head(404, "application/json");
        stage.transport.last().bytes(R"({"error":{"message":"no such session"}})");
        stage.transport.last().finish();
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error->message, u"no such session"_s);
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.ends, 1);
    }

    void a_reply_that_does_not_arrive_ends_the_answer_that_depends_on_it()
    {
        Stage stage(
            Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/x"_s)}, .dependsOnReplies = true});
        FakeExchange &server = stage.connected();
        server.head(200, "application/x-ndjson");
        server.bytes("post one\n");
        stage.transport.last().fail({.kind = NetError::Kind::Timeout, .code = u"no_answer"_s});
        QCOMPARE(stage.outcome.end, TurnEnd::Failed);
        QCOMPARE(stage.outcome.error->code, u"no_answer"_s);
    }

    void a_server_that_listens_and_speaks_at_two_addresses_is_understood()
    {
        Stage stage(DialectId::McpSse);
        stage.connected().head(405, {});
        stage.transport.last().finish();
        QCOMPARE(stage.transport.count(), 2);
        FakeExchange &stream = stage.transport.last();
        QCOMPARE(stream.request().method, "GET");
        stream.head(200);
        stream.bytes("event: endpoint\ndata: /v1/say\n\n");
        QStringList said;
        const auto hear = [&] {
            said.append(stage.transport.last().request().url.path());
            stage.transport.last().head(202, {});
        };
        hear();
        QCOMPARE(stage.transport.count(), 3);
        stream.bytes("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2024-11-05\","
                     "\"capabilities\":{}}}\n\n");
        QCOMPARE(stage.transport.count(), 4);
        hear();
        QCOMPARE(stage.transport.count(), 5);
        hear();
        QCOMPARE(said, (QStringList{u"/v1/say"_s, u"/v1/say"_s, u"/v1/say"_s}));
        QVERIFY(stage.transport.last().request().body.contains("tools/call"));
        stream.bytes("data: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"content\":[{\"type\":\"text\","
                     "\"text\":\"Heard.\"}]}}\n\n");
        QCOMPARE(textOf(stage.events), u"Heard."_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.transport.count(), 5);
    }

    void the_end_takes_leave_of_the_server()
    {
        const HttpRequest farewell{.method = "DELETE", .url = QUrl(u"http://127.0.0.1:9/session"_s)};
        Stage stage(
            Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/x"_s)}, .farewell = farewell});
        FakeExchange &server = stage.connected();
        server.head(200, "application/x-ndjson");
        QCOMPARE(stage.transport.count(), 1);
        server.bytes("say all\nend\n");
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.transport.last().request(), farewell);
        stage.transport.last().head(405, {});
        stage.transport.last().finish();
        QCOMPARE(stage.ends, 1);
        QCOMPARE(failuresIn(stage.events), StreamEvents());
    }

    void leave_is_taken_after_the_word_for_stopping()
    {
        const HttpRequest farewell{.method = "DELETE", .url = QUrl(u"http://127.0.0.1:9/session"_s)};
        const HttpRequest cancel{.url = QUrl(u"http://127.0.0.1:9/cancel"_s)};
        Stage stage(Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/x"_s)},
                           .cancel = cancel,
                           .farewell = farewell});
        FakeExchange &server = stage.connected();
        server.head(200, "application/x-ndjson");
        server.bytes("say kept\n");
        stage.turn.stop({.text = 4});
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.transport.last().request(), cancel);
        stage.transport.last().head(202, {});
        QCOMPARE(stage.transport.count(), 3);
        QCOMPARE(stage.transport.last().request(), farewell);
    }

    void no_leave_is_taken_of_what_was_cut_off_and_may_go_on()
    {
        const HttpRequest farewell{.method = "DELETE", .url = QUrl(u"http://127.0.0.1:9/session"_s)};
        Stage stage(
            Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/x"_s)}, .farewell = farewell});
        FakeExchange &server = stage.connected();
        server.head(200, "application/x-ndjson");
        server.bytes("say half\n");
        server.fail({.kind = NetError::Kind::Network, .code = u"connection_lost"_s});
        QCOMPARE(stage.outcome.end, TurnEnd::CutOff);
        QCOMPARE(stage.transport.count(), 1);
    }

    void a_further_request_goes_on_with_the_same_answer()
    {
        const HttpRequest second{.method = "GET", .url = QUrl(u"http://127.0.0.1:9/stream"_s)};
        Stage stage(
            Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/start"_s)}, .next = {second}});
        FakeExchange &first = stage.connected();
        first.head(200, "application/x-ndjson");
        first.bytes("say one \nmore\n");
        first.finish();
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.transport.last().request(), second);
        QCOMPARE(stage.ends, 0);

        FakeExchange &server = stage.transport.last();
        server.head(200, "application/x-ndjson");
        server.bytes("say two\nend\n");
        QCOMPARE(textOf(stage.events), u"one two"_s);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QCOMPARE(stage.phases().count(TurnPhase::Accepted), 1);
    }

    void requests_do_not_follow_each_other_for_ever()
    {
        const HttpRequest again{.method = "GET", .url = QUrl(u"http://127.0.0.1:9/again"_s)};
        Stage stage(Script{.first = again, .next = {again}});
        (void)stage.connected();
        while (stage.ends == 0) {
            FakeExchange &server = stage.transport.last();
            server.head(200, "application/x-ndjson");
            server.bytes("more\n");
            server.finish();
            QCOMPARE_LT(stage.transport.count(), 100);
        }
        QVERIFY(stage.outcome.end != TurnEnd::Complete);
    }

    void stop_is_told_on_the_connection_which_then_ends_with_the_answer()
    {
        Stage stage(Script{.cancel = ConnectionMessage{"cancel"}});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("say kept");
        stage.turn.stop({.text = 4});
        QCOMPARE(server.sent(), QByteArrayList{"cancel"});
        QCOMPARE(stage.outcome.end, TurnEnd::Stopped);
        QVERIFY(!server.isAborted());

        server.message("say late");
        server.message("ping");
        QCOMPARE(server.sent(), (QByteArrayList{"cancel", "pong"}));
        server.message("end");
        QVERIFY(server.isAborted());
        QCOMPARE(textOf(stage.events), u"kept"_s);
        QCOMPARE(textOf(stage.journal.entries), u"kept"_s);
        QCOMPARE(stage.ends, 1);
    }

    void a_server_that_does_not_acknowledge_a_stop_is_left_after_three_seconds()
    {
        Stage stage(Script{.cancel = ConnectionMessage{"cancel"}});
        FakeExchange &server = stage.connected();
        server.opened();
        stage.turn.stop({});
        QVERIFY(!server.isAborted());
        QTRY_VERIFY_WITH_TIMEOUT(server.isAborted(), 3'500);
    }

    void stop_before_the_connection_is_open_only_closes_it()
    {
        Stage stage(Script{.cancel = ConnectionMessage{"cancel"}});
        FakeExchange &server = stage.connected();
        stage.turn.stop({});
        QVERIFY(server.isAborted());
        QVERIFY(server.sent().isEmpty());
    }

    void stop_can_be_a_request_of_its_own()
    {
        const HttpRequest cancel{.url = QUrl(u"http://127.0.0.1:9/cancel"_s)};
        Stage stage(Script{.first = HttpRequest{.url = QUrl(u"http://127.0.0.1:9/x"_s)}, .cancel = cancel});
        FakeExchange &server = stage.connected();
        server.head(200, "application/x-ndjson");
        server.bytes("say kept\n");
        stage.turn.stop({.text = 4});
        QVERIFY(server.isAborted());
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.transport.last().request(), cancel);
        QVERIFY(!stage.transport.last().isAborted());
        stage.transport.last().head(200, "text/plain");
        stage.transport.last().bytes("say no more\n");
        stage.transport.last().finish();
        QCOMPARE(textOf(stage.events), u"kept"_s);
        QCOMPARE(stage.ends, 1);
    }

    void a_silence_that_the_protocol_takes_for_the_end_ends_it()
    {
        Stage stage(Script{});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("say all");
        stage.clock.advance(1ms);
        QCOMPARE(stage.ends, 0);
        server.message("perhaps");
        QCOMPARE(stage.ends, 0);
        stage.clock.advance(1ms);
        QCOMPARE(stage.ends, 1);
        QCOMPARE(stage.outcome.end, TurnEnd::Complete);
        QVERIFY(stage.outcome.endMarker);
    }

    void what_comes_before_the_silence_is_over_goes_on()
    {
        Stage stage(Script{});
        FakeExchange &server = stage.connected();
        server.opened();
        server.message("perhaps");
        server.message("say more");
        stage.clock.advance(1s);
        QCOMPARE(stage.ends, 0);
        server.message("end");
        QCOMPARE(stage.ends, 1);
        QCOMPARE(textOf(stage.events), u"more"_s);
    }

    void a_decision_is_told_on_the_connection()
    {
        Stage stage(Script{.answer = ConnectionMessage{"allowed"}});
        FakeExchange &server = stage.connected();
        QVERIFY(!stage.turn.decide({.id = u"q1"_s}));
        server.opened();
        QVERIFY(stage.turn.decide({.id = u"q1"_s}));
        QCOMPARE(server.sent(), QByteArrayList{"allowed"});
        QCOMPARE(stage.script->decided, QStringList{u"q1"_s});
        server.message("end");
        QVERIFY(!stage.turn.decide({.id = u"q1"_s}));
        QCOMPARE(server.sent().size(), 1);
    }

    void a_decision_can_be_a_request_of_its_own()
    {
        const HttpRequest answer{.url = QUrl(u"http://127.0.0.1:9/answer"_s)};
        Stage stage(Script{.answer = answer});
        FakeExchange &server = stage.connected();
        server.opened();
        QVERIFY(stage.turn.decide({.id = u"q1"_s}));
        QCOMPARE(stage.transport.last().request(), answer);
        QVERIFY(!server.isClosed());
    }

    void a_decision_that_the_protocol_has_no_word_for_is_not_told()
    {
        Stage stage(Script{});
        stage.connected().opened();
        QVERIFY(!stage.turn.decide({.id = u"q1"_s}));
    }

    void its_destruction_closes_the_connection_and_signals_nothing()
    {
        FakeTransport transport;
        MemoryJournal journal;
        OneKey key;
        int ends = 0;
        {
            Turn turn({.id = TurnId{1}, .provider = {.baseUrl = QUrl(u"http://127.0.0.1:9/v1"_s)}}, transport,
                      journal, key);
            connect(&turn, &Turn::ended, &turn, [&ends] { ++ends; });
            turn.start();
            QTRY_COMPARE(transport.count(), 1);
        }
        QVERIFY(transport.last().isClosed());
        QCOMPARE(ends, 0);
    }
};

QTEST_GUILESS_MAIN(TurnTest)
#include "tst_turn.moc"
