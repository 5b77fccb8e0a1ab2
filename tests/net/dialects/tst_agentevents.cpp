// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/net/dialects/answer.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const ChatRequest question{.messages = {{ChatRole::User, u"1 + 1?"_s}}, .conversation = u"chat-1"_s};

Endpoint at(const QString &url, const QMap<QString, QString> &options = {}, const QByteArray &key = {})
{
    return {.baseUrl = QUrl(url), .apiKey = key, .options = options};
}

const Endpoint server = at(u"https://example.com/agents"_s);

HttpRequest requestFor(const Endpoint &endpoint, const ChatRequest &chat = question)
{
    return std::get<HttpRequest>(makeDialect(DialectId::AgentEvents)->open(chat, endpoint));
}

QByteArray headerOf(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[header, value] : request.headers) {
        if (header == name)
            return value;
    }
    return {};
}

QJsonObject bodyOf(const HttpRequest &request)
{
    return QJsonDocument::fromJson(request.body).object();
}

QByteArray eventOf(const QByteArray &type, const QByteArray &data, const QByteArray &id = {})
{
    return "event: " + type + "\ndata: " + data + '\n' + (id.isEmpty() ? id : "id: " + id + '\n') + '\n';
}

QByteArray message(const QByteArray &text, const QByteArray &id = {})
{
    return eventOf("message", R"({"content":")" + text + "\"}", id);
}

Answer answerTo(const QByteArray &body)
{
    return read({body}, successfulHead(), DialectId::AgentEvents);
}

// The exchange that read `body` and then lost its connection.
ResponseReader interruptedAfter(const QByteArray &body, const HttpHeaders &headers = {})
{
    auto dialect = makeDialect(DialectId::AgentEvents);
    Q_UNUSED(dialect->open(question, server))
    ResponseReader reader(std::move(dialect));
    StreamEvents events;
    reader.head({.status = 200, .contentType = "text/event-stream", .headers = headers});
    reader.feed(body, events);
    reader.finish(ResponseReader::End::Broken, events);
    return reader;
}

// What a new process makes of the rest, after an interrupted exchange.
Answer resumed(const std::optional<ResumeToken> &token, const QByteArray &body)
{
    auto dialect = makeDialect(DialectId::AgentEvents);
    if (!token || !dialect->resume(*token, server))
        return {};
    ResponseReader reader(std::move(dialect));
    Answer answer;
    reader.head(successfulHead());
    reader.feed(body, answer.events);
    reader.finish(ResponseReader::End::Clean, answer.events);
    answer.completeness = reader.completeness();
    coalesce(answer.events);
    return answer;
}

} // namespace

class tst_AgentEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void theQuestionIsPostedWithItsSession()
    {
        const HttpRequest request = requestFor(at(u"https://example.com/agents"_s, {}, "key-1"));
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url, QUrl(u"https://example.com/agents"_s));
        QCOMPARE(request.body, R"({"message":"1 + 1?","session_id":"chat-1"})");
        QCOMPARE(headerOf(request, "Accept"), "text/event-stream");
        QCOMPARE(headerOf(request, "Authorization"), "Bearer key-1");
    }

    void theServersOwnNameOfTheSessionCounts()
    {
        ChatRequest chat = question;
        chat.session = u"s-7"_s;
        QCOMPARE(bodyOf(requestFor(server, chat))["session_id"_L1].toString(), u"s-7"_s);
    }

    void aServerThatTakesNoPostIsAskedByGet()
    {
        auto dialect = makeDialect(DialectId::AgentEvents);
        Q_UNUSED(dialect->open(question, server))
        ResponseReader reader(std::move(dialect));
        StreamEvents events;
        reader.head({.status = 405, .contentType = "text/plain", .headers = {}});
        reader.feed("Method Not Allowed", events);
        reader.finish(ResponseReader::End::Clean, events);
        QVERIFY(events.isEmpty());
        QCOMPARE(reader.completeness(), Completeness::Open);
        QVERIFY(reader.dialect().hasNext());

        const HttpRequest second = reader.dialect().next(server);
        QCOMPARE(second.method, "GET");
        QCOMPARE(second.url.toEncoded(),
                 "https://example.com/agents?message=1%20%2B%201%3F&session_id=chat-1");
        QVERIFY(second.body.isEmpty());
        QVERIFY(!reader.dialect().hasNext());

        reader.head(successfulHead());
        reader.feed(eventOf("final_response", R"({"content":"2"})"), events);
        QCOMPARE(reader.completeness(), Completeness::Complete);
    }

    void aSecondRefusalIsAnError()
    {
        auto dialect = makeDialect(DialectId::AgentEvents);
        Q_UNUSED(dialect->open(question, at(u"https://example.com/a"_s, {{u"method"_s, u"GET"_s}})))
        ResponseReader reader(std::move(dialect));
        StreamEvents events;
        reader.head({.status = 405, .contentType = {}, .headers = {}});
        reader.finish(ResponseReader::End::Clean, events);
        QCOMPARE(reader.completeness(), Completeness::Failed);
    }

    void theSessionMayBePartOfTheAddress()
    {
        ChatRequest chat = question;
        chat.session = u"a/b c"_s;
        const Endpoint endpoint =
            at(u"https://example.com/api/agent_stream/{session_id}"_s, {{u"method"_s, u"GET"_s}});
        QCOMPARE(requestFor(endpoint, chat).url.toEncoded(),
                 "https://example.com/api/agent_stream/a%2Fb%20c?message=1%20%2B%201%3F"
                 "&session_id=a%2Fb%20c");
    }

    void theTokenGoesIntoTheAddressOnlyWhereItIsSafeThere_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("inAddress");
        QTest::newRow("encrypted") << u"https://example.com/stream"_s << true;
        QTest::newRow("this computer") << u"http://127.0.0.1:8000/stream"_s << true;
        QTest::newRow("in clear") << u"http://example.com/stream"_s << false;
    }

    void theTokenGoesIntoTheAddressOnlyWhereItIsSafeThere()
    {
        QFETCH(QString, url);
        QFETCH(bool, inAddress);
        const HttpRequest request = requestFor(at(url, {{u"token_in"_s, u"query"_s}}, "a+b"));
        QCOMPARE(request.url.query(QUrl::FullyEncoded), inAddress ? u"token=a%2Bb"_s : QString());
        QCOMPARE(headerOf(request, "Authorization").isEmpty(), inAddress);
    }

    // Verbs

    void cancellingIsARequestOfItsOwn()
    {
        auto dialect = makeDialect(DialectId::AgentEvents);
        const Endpoint endpoint = at(u"https://example.com/api/agent_stream/x"_s, {}, "key-1");
        Q_UNUSED(dialect->open(question, endpoint))
        const auto command = dialect->cancel(endpoint);
        QVERIFY(command.has_value());
        const auto request = std::get<HttpRequest>(*command);
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url, QUrl(u"https://example.com/api/cancel/chat-1"_s));
        QVERIFY(request.body.isEmpty());
        QCOMPARE(headerOf(request, "Authorization"), "Bearer key-1");
    }

    void theServersOwnSessionIsCancelled()
    {
        ResponseReader reader =
            interruptedAfter(eventOf("agent_start", R"({"agent_id":"a","session_id":"s-7"})"));
        QCOMPARE(std::get<HttpRequest>(*reader.dialect().cancel(server)).url,
                 QUrl(u"https://example.com/api/cancel/s-7"_s));
    }

    void aSessionThatWouldLeadElsewhereIsNotCancelled()
    {
        for (const QString &session : {u".."_s, u"."_s}) {
            auto dialect = makeDialect(DialectId::AgentEvents);
            ChatRequest chat = question;
            chat.session = session;
            Q_UNUSED(dialect->open(chat, server))
            QVERIFY(!dialect->cancel(server));
        }
    }

    void whatEndsAfterCancellingWasStopped()
    {
        auto dialect = makeDialect(DialectId::AgentEvents);
        Q_UNUSED(dialect->open(question, server))
        ResponseReader reader(std::move(dialect));
        Answer answer;
        reader.head(successfulHead());
        reader.feed(message("So far"), answer.events);
        Q_UNUSED(reader.dialect().cancel(server))
        reader.finish(ResponseReader::End::Clean, answer.events);
        QCOMPARE(answer.last<event::Finished>().reason, FinishReason::Stopped);
    }

    // Lanes

    void eachAgentIsALane()
    {
        const Answer answer = answerTo(eventOf("message", R"({"agent_id":"a","content":"1"})")
                                       + eventOf("message", R"({"agent":"b","content":"2"})")
                                       + eventOf("message", R"({"content":"3"})")
                                       + eventOf("message", R"({"agent_id":"a","content":"4"})"));
        QCOMPARE(
            answer.lines(),
            (QStringList{uR"({"event":"text","agent":"a","text":"1"})"_s,
                         uR"({"event":"text","agent":"b","text":"2"})"_s, uR"({"event":"text","text":"3"})"_s,
                         uR"({"event":"text","agent":"a","text":"4"})"_s}));
    }

    void theErrorOfOneAgentFailsItsLaneOnly()
    {
        const Answer answer = answerTo(eventOf("error", R"({"agent_id":"b","message":"broken"})")
                                       + eventOf("message", R"({"agent_id":"a","content":"1"})")
                                       + eventOf("final_response", R"({"content":"Still here."})"));
        QCOMPARE(answer.lines(),
                 (QStringList{uR"({"event":"failed","agent":"b","kind":"server","message":"broken"})"_s,
                              uR"({"event":"text","agent":"a","text":"1"})"_s,
                              uR"({"event":"text","text":"Still here."})"_s,
                              uR"({"event":"finished","reason":"stop"})"_s}));
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void anErrorWithoutAnAgentFailsTheAnswer_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::newRow("none") << R"({"message":"broken"})"_ba;
        QTest::newRow("system") << R"({"agent_id":"system","message":"broken"})"_ba;
        QTest::newRow("default") << R"({"agent_id":"default","message":"broken"})"_ba;
        QTest::newRow("bare") << R"("broken")"_ba;
        QTest::newRow("no JSON") << "broken"_ba;
    }

    void anErrorWithoutAnAgentFailsTheAnswer()
    {
        QFETCH(QByteArray, data);
        const Answer answer = answerTo(eventOf("error", data));
        QCOMPARE(answer.completeness, Completeness::Failed);
        QCOMPARE(answer.last<event::Failed>().error.message, u"broken"_s);
    }

    // The end

    void cancelledByTheUserIsNoError()
    {
        const Answer answer = answerTo(
            message("So far") + eventOf("error", R"({"agent_id":"system","message":"Cancelled by user"})"));
        QCOMPARE(answer.last<event::Finished>().reason, FinishReason::Stopped);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void anExpiredTokenIsAnErrorOfItsOwn_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("with data") << eventOf("token_expired", R"({"message":"too old"})");
        QTest::newRow("without") << "event: token_expired\n\n"_ba;
        QTest::newRow("as an error") << eventOf("error", R"({"code":"token_expired","message":"too old"})");
    }

    void anExpiredTokenIsAnErrorOfItsOwn()
    {
        QFETCH(QByteArray, body);
        const Answer answer = answerTo(message("So far") + body);
        QCOMPARE(answer.joined<event::Text>(), u"So far"_s);
        QCOMPARE(answer.last<event::Failed>().error.kind, NetError::Kind::Auth);
        QCOMPARE(answer.last<event::Failed>().error.code, u"token_expired"_s);
        QVERIFY(!answer.last<event::Failed>().error.message.isEmpty());
    }

    void aRefusalForAnExpiredSessionIsTheSameError()
    {
        const auto dialect = makeDialect(DialectId::AgentEvents);
        const ResponseHead refusal{.status = 401, .contentType = "application/json", .headers = {}};
        const NetError expired = dialect->errorFor(refusal, R"({"error":"Session expired"})");
        QCOMPARE(expired.kind, NetError::Kind::Auth);
        QCOMPARE(expired.code, u"token_expired"_s);
        QVERIFY(dialect->errorFor(refusal, R"({"error":"Wrong key"})").code != u"token_expired"_s);
    }

    void aResultIsTheEndOnceTheStreamIs()
    {
        const QByteArray one = eventOf("result", R"({"agent":"a","data":"1"})");
        QCOMPARE(answerTo(one).completeness, Completeness::Complete);
        QCOMPARE(answerTo(eventOf("message", R"({"agent_id":"b","content":"half"})") + one).completeness,
                 Completeness::Open);
        ResponseReader broken = interruptedAfter(one);
        QCOMPARE(broken.completeness(), Completeness::Open);
    }

    void aServersRemarkThatItWasInterruptedIsNoText()
    {
        const Answer answer =
            answerTo(message("One") + message(R"(, two\n\n[Stream interrupted. Partial response returned.])")
                     + eventOf("result", R"({"data":"One, two","agent":""})"));
        QCOMPARE(answer.joined<event::Text>(), u"One, two"_s);
        QCOMPARE(answer.completeness, Completeness::Open);
    }

    void anAnswerThatIsCutOffIsNeverComplete()
    {
        const QByteArray body =
            message("So far") + "event: final_response\ndata: {\"content\":\"So far, so good\"";
        for (qsizetype size = message("So far").size(); size <= body.size(); ++size) {
            const Answer answer = answerTo(body.first(size));
            QCOMPARE(answer.lines(), QStringList{uR"({"event":"text","text":"So far"})"_s});
            QCOMPARE(answer.completeness, Completeness::Open);
        }
    }

    void anEventWithoutANameHasItInItsData()
    {
        const Answer answer = answerTo(
            "data: {\"type\":\"agent_start\",\"agent_id\":\"a\",\"data\":{\"task\":\"Go\"},"
            "\"session_id\":\"s-9\"}\n\ndata: {\"content\":\"Hi\"}\n\ndata: {\"mood\":\"good\"}\n\n");
        QCOMPARE(answer.lines(),
                 (QStringList{
                     uR"({"event":"started","session":"s-9"})"_s,
                     uR"({"event":"status","agent":"a","stage":"start","message":"Go","state":"running"})"_s,
                     uR"({"event":"text","text":"Hi"})"_s}));
    }

    // Joining again

    void aStreamWithoutAnyPlaceCannotBeJoinedAgain()
    {
        ResponseReader reader = interruptedAfter(message("So far"));
        QVERIFY(!reader.dialect().resumeToken());
    }

    void joiningAgainTellsThePlaceAndNotTheQuestion()
    {
        ResponseReader reader = interruptedAfter(
            eventOf("message", R"({"content":"a","index":4,"session_id":"s-7"})", "1763712000.25"),
            {{"x-stream-id", "st-1"}});
        const auto token = reader.dialect().resumeToken();
        QVERIFY(token.has_value());
        const auto request =
            std::get<HttpRequest>(*makeDialect(DialectId::AgentEvents)->resume(*token, server));
        QCOMPARE(request.method, "POST");
        QCOMPARE(headerOf(request, "Last-Event-ID"), "1763712000.25");
        QCOMPARE(request.url, QUrl(u"https://example.com/agents?last_index=4"_s));
        QCOMPARE(request.body, R"({"last_index":4,"session_id":"s-7","stream_id":"st-1"})");
    }

    void anIdWithControlCharactersIsNotSentBack()
    {
        ResponseReader reader = interruptedAfter(message("a", "1\t2"));
        const auto token = reader.dialect().resumeToken();
        QVERIFY(token.has_value());
        const auto request =
            std::get<HttpRequest>(*makeDialect(DialectId::AgentEvents)->resume(*token, server));
        QVERIFY(headerOf(request, "Last-Event-ID").isNull());
    }

    void foreignTokensAreRefused()
    {
        QVERIFY(!makeDialect(DialectId::AgentEvents)->resume({.stream = u"x"_s, .cursor = u"y"_s}, server));
    }

    void whatTheServerRepeatsIsDropped_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        const QByteArray a = message("a", "1.5");
        const QByteArray b = message("b", "2.5");
        const QByteArray c = message("c", "2.5"); // an id twice, as points in time may be
        const QByteArray d = message("d", "3.5");
        QTest::newRow("from the start") << a + b << a + b + c + d;
        QTest::newRow("after the last") << a + b + c << d;
        QTest::newRow("from the last") << a + b + c << b + c + d;
        const auto indexed = [](const QByteArray &text, int index) {
            return eventOf("message",
                           R"({"content":")" + text + R"(","index":)" + QByteArray::number(index) + '}');
        };
        QTest::newRow("by index") << indexed("a", 0) + indexed("b", 1)
                                  << indexed("b", 1) + indexed("c", 2) + indexed("d", 3);
    }

    void whatTheServerRepeatsIsDropped()
    {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        Answer before;
        before.events = answerTo(first).events;
        ResponseReader reader = interruptedAfter(first);
        const Answer after = resumed(reader.dialect().resumeToken(), second);
        QCOMPARE(before.joined<event::Text>() + after.joined<event::Text>(), u"abcd"_s);
    }

    void aFinalResponseAfterJoiningAgainSaysOnlyWhatIsNew()
    {
        ResponseReader reader = interruptedAfter(message("It is ", "1"));
        const Answer answer = resumed(reader.dialect().resumeToken(),
                                      eventOf("final_response", R"({"content":"It is noon."})", "2"));
        QCOMPARE(answer.joined<event::Text>(), u"noon."_s);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void aStreamKnownOnlyByItsNameIsRepeatedFromItsStart()
    {
        ResponseReader reader = interruptedAfter(message("a") + message("b"), {{"x-stream-id", "st-1"}});
        const Answer answer = resumed(reader.dialect().resumeToken(),
                                      message("a") + message("b") + message("c") + message("d"));
        QCOMPARE(answer.joined<event::Text>(), u"cd"_s);
    }
};

QTEST_APPLESS_MAIN(tst_AgentEvents)
#include "tst_agentevents.moc"
