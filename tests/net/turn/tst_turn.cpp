// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/turn.h"

#include "tests/support/faketransport.h"
#include "tests/support/memoryjournal.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray delta(QByteArrayView text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text.toByteArray() + "\"}}]}\n\n";
}

const QByteArray endOfModel =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const QByteArray endMarker = "data: [DONE]\n\n";

QString textOf(const StreamEvents &events)
{
    QString text;
    for (const StreamEvent &event : events) {
        if (const auto *more = std::get_if<event::Text>(&event.payload))
            text += more->text;
    }
    return text;
}

/// One turn with everything it needs, and what it said.
struct Stage
{
    explicit Stage(DialectId dialect) : Stage(true, {}, false, dialect) {}
    explicit Stage(bool journalReady = true, const QByteArray &key = {}, bool needsKey = false,
                   DialectId dialect = DialectId::OpenAiChat)
        : journal(journalReady), credentials(key),
          turn({.id = TurnId{7},
                .provider = {.id = u"here"_s,
                             .name = u"Here"_s,
                             .dialect = dialect,
                             .baseUrl = QUrl(u"http://127.0.0.1:9/v1"_s),
                             .model = u"small"_s,
                             .needsKey = needsKey},
                .request = {.messages = {{ChatRole::User, u"Hello"_s}}}},
               transport, journal, credentials)
    {
        QObject::connect(&turn, &Turn::events, &turn, [this](const StreamEvents &more) { events += more; });
        QObject::connect(&turn, &Turn::phaseChanged, &turn,
                         [this](TurnPhase phase) { phases.append(phase); });
        QObject::connect(&turn, &Turn::ended, &turn, [this](const TurnOutcome &how) {
            ++ends;
            outcome = how;
        });
    }

    /// Runs until the request is out.
    [[nodiscard]] FakeExchange &connected()
    {
        turn.start();
        [this] { QTRY_COMPARE(transport.count(), 1); }();
        return transport.last();
    }

    FakeTransport transport;
    MemoryJournal journal;
    OneKey credentials;
    StreamEvents events;
    QList<TurnPhase> phases;
    TurnOutcome outcome;
    int ends = 0;
    Turn turn;
};

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

        QCOMPARE(stage.phases,
                 (QList{TurnPhase::Preparing, TurnPhase::Connecting, TurnPhase::Waiting, TurnPhase::Streaming,
                        TurnPhase::Ended}));
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
