// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/net/dialects/answer.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const ChatRequest question{
    .messages = {{ChatRole::User, u"a"_s}, {ChatRole::Assistant, u"b"_s}, {ChatRole::User, u"How so?"_s}}};

WebSocketRequest requestFor(const QString &url, const QByteArray &key = {})
{
    return std::get<WebSocketRequest>(
        makeDialect(DialectId::DuplexWs)->open(question, {.baseUrl = QUrl(url), .apiKey = key}));
}

QByteArray textOf(const std::optional<Command> &command)
{
    const auto *message = command ? std::get_if<ConnectionMessage>(&*command) : nullptr;
    return message ? message->text : "no message";
}

// One exchange over a WebSocket: whole messages, no head.
struct Exchange
{
    explicit Exchange(const QMap<QString, QString> &options = {})
    {
        Q_UNUSED(dialect().open(question, {.baseUrl = QUrl(u"ws://127.0.0.1:9"_s), .options = options}))
    }

    [[nodiscard]] Dialect &dialect() { return reader.dialect(); }
    void hear(const QByteArray &message) { reader.message(message, answer.events); }
    void end(ResponseReader::End how)
    {
        reader.finish(how, answer.events);
        answer.completeness = reader.completeness();
        coalesce(answer.events);
    }

    ResponseReader reader{makeDialect(DialectId::DuplexWs)};
    Answer answer;
};

const QByteArray token = R"({"type":"token","content":"Hi"})";

} // namespace

class tst_DuplexWs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void theLastQuestionIsTheFirstMessage()
    {
        const WebSocketRequest request = requestFor(u"ws://127.0.0.1:8080"_s);
        QCOMPARE(request.url, QUrl(u"ws://127.0.0.1:8080/stream"_s));
        QCOMPARE(request.messages,
                 (QByteArrayList{R"({"content":"How so?","stream":true,"type":"user_message"})"}));
        QVERIFY(request.headers.isEmpty());
    }

    void theKeyGoesIntoTheHandshake()
    {
        const WebSocketRequest request = requestFor(u"wss://example.com/x"_s, "key-1");
        QCOMPARE(request.headers, (HttpHeaders{{"Authorization", "Bearer key-1"}}));
    }

    void thePlainRequestIsTheFallback()
    {
        const WebSocketRequest request = requestFor(u"https://example.com/x/stream/"_s, "key-1");
        QCOMPARE(request.url, QUrl(u"wss://example.com/x/stream"_s));
        QVERIFY(request.fallback.has_value());
        QCOMPARE(request.fallback->method, "POST");
        QCOMPARE(request.fallback->url, QUrl(u"https://example.com/x/api/chat"_s));
        QCOMPARE(request.fallback->body, R"({"message":"How so?"})");
        QVERIFY(request.fallback->headers.contains(
            std::pair<QByteArray, QByteArray>("Authorization", "Bearer key-1")));
    }

    // Verbs

    void redirectingInterruptsWithTheNewInstruction()
    {
        Exchange exchange;
        QCOMPARE(textOf(exchange.dialect().redirect(u"Make it shorter"_s)),
                 R"({"new_instruction":"Make it shorter","type":"interrupt"})");
    }

    void cancellingInterruptsWithoutOne()
    {
        Exchange exchange;
        QCOMPARE(textOf(exchange.dialect().cancel({})), R"({"new_instruction":"","type":"interrupt"})");
    }

    void thePlainFormHasNoVerbs()
    {
        Exchange exchange;
        exchange.reader.head(successfulHead("application/json"));
        QVERIFY(!exchange.dialect().cancel({}));
        QVERIFY(!exchange.dialect().redirect(u"Shorter"_s));
    }

    void neitherASilenceNorACloseIsTheEndBeforeTheNewInstructionWasHeard()
    {
        Exchange exchange;
        exchange.hear(token);
        QVERIFY(exchange.dialect().quietPeriod());
        Q_UNUSED(exchange.dialect().redirect(u"Shorter"_s))
        QVERIFY(!exchange.dialect().quietPeriod());
        exchange.end(ResponseReader::End::Clean);
        QCOMPARE(exchange.reader.completeness(), Completeness::Open);
    }

    void whatIsStillSaidOnTheOldCourseIsDropped()
    {
        Exchange exchange;
        exchange.hear(token);
        Q_UNUSED(exchange.dialect().redirect(u"Shorter"_s))
        exchange.hear(R"({"type":"token","content":" still old"})");
        exchange.hear(R"({"type":"done"})");
        QCOMPARE(exchange.reader.completeness(), Completeness::Open);
        exchange.hear(R"({"type":"user_interrupt"})");
        exchange.hear(R"({"type":"token","content":"New"})");
        exchange.hear(R"({"type":"done"})");
        exchange.end(ResponseReader::End::Clean);
        QCOMPARE(exchange.answer.lines(),
                 (QStringList{uR"({"event":"text","text":"HiNew"})"_s,
                              uR"({"event":"finished","reason":"stop"})"_s}));
        QCOMPARE(exchange.answer.completeness, Completeness::Complete);
    }

    void anEchoOfCancellingEndsTheAnswer()
    {
        Exchange exchange;
        exchange.hear(token);
        Q_UNUSED(exchange.dialect().cancel({}))
        exchange.hear(R"({"type":"token","content":" there"})");
        exchange.hear(R"({"type":"user_interrupt"})");
        QCOMPARE(exchange.reader.completeness(), Completeness::Complete);
        exchange.end(ResponseReader::End::Clean);
        QCOMPARE(exchange.answer.joined<event::Text>(), u"Hi there"_s);
        QCOMPARE(exchange.answer.last<event::Finished>().reason, FinishReason::Stopped);
    }

    void anInterruptThatNobodyAskedForEndsNothing()
    {
        Exchange exchange;
        exchange.hear(token);
        exchange.hear(R"({"type":"user_interrupt"})");
        QCOMPARE(exchange.reader.completeness(), Completeness::Open);
        QVERIFY(exchange.dialect().takeReplies().isEmpty());
    }

    void aPingIsAnsweredOnce()
    {
        Exchange exchange;
        exchange.hear(R"({"type":"ping","timestamp":17})");
        const auto replies = exchange.dialect().takeReplies();
        QCOMPARE(replies.size(), 1);
        QCOMPARE(std::get<ConnectionMessage>(replies.first()).text, R"({"timestamp":17,"type":"pong"})");
        QVERIFY(exchange.dialect().takeReplies().isEmpty());
    }

    // The end

    void everyEndMarkerThatServersAreKnownToSendEndsTheAnswer_data()
    {
        QTest::addColumn<QByteArray>("type");
        for (const char *type : {"done", "complete", "end", "message_end"})
            QTest::newRow(type) << QByteArray(type);
    }

    void everyEndMarkerThatServersAreKnownToSendEndsTheAnswer()
    {
        QFETCH(QByteArray, type);
        Exchange exchange;
        exchange.hear(token);
        exchange.hear(R"({"type":"%1"})"_ba.replace("%1", type));
        QCOMPARE(exchange.reader.completeness(), Completeness::Complete);
    }

    void aSocketThatIsClosedInGoodOrderEndsTheAnswer()
    {
        Exchange exchange;
        exchange.hear(token);
        exchange.end(ResponseReader::End::Clean);
        QCOMPARE(exchange.answer.last<event::Finished>().reason, FinishReason::Stop);
        QCOMPARE(exchange.answer.completeness, Completeness::Complete);
    }

    void aSocketThatBreaksIsCutOff()
    {
        Exchange exchange;
        exchange.hear(token);
        exchange.end(ResponseReader::End::Broken);
        QCOMPARE(exchange.answer.lines(), QStringList{uR"({"event":"text","text":"Hi"})"_s});
        QCOMPARE(exchange.answer.completeness, Completeness::Open);
    }

    void silenceCountsOnlyAfterAToken()
    {
        Exchange exchange;
        QVERIFY(!exchange.dialect().quietPeriod());
        exchange.hear(R"({"type":"thinking","step":"Hm"})");
        QVERIFY(!exchange.dialect().quietPeriod());
        exchange.hear(token);
        QCOMPARE(exchange.dialect().quietPeriod(), std::optional(2000ms));
        exchange.hear(R"({"type":"ping"})");
        QCOMPARE(exchange.dialect().quietPeriod(), std::optional(2000ms));
        exchange.hear(R"({"type":"tool_call","tool_name":"search"})");
        QVERIFY(!exchange.dialect().quietPeriod());
        exchange.hear(token);
        exchange.hear(R"({"type":"user_interrupt"})");
        QVERIFY(!exchange.dialect().quietPeriod());
    }

    void howLongSilenceIsTheProviderSays()
    {
        Exchange patient({{u"quiet_period_ms"_s, u"5000"_s}});
        patient.hear(token);
        QCOMPARE(patient.dialect().quietPeriod(), std::optional(5000ms));
        Exchange odd({{u"quiet_period_ms"_s, u"soon"_s}});
        odd.hear(token);
        QCOMPARE(odd.dialect().quietPeriod(), std::optional(2000ms));
    }

    void anErrorAfterCancellingIsNone()
    {
        Exchange exchange;
        exchange.hear(token);
        Q_UNUSED(exchange.dialect().cancel({}))
        exchange.hear(R"({"type":"error","message":"generation aborted"})");
        exchange.end(ResponseReader::End::Clean);
        QCOMPARE(exchange.answer.last<event::Finished>().reason, FinishReason::Stopped);
        QCOMPARE(exchange.answer.completeness, Completeness::Complete);
    }
};

QTEST_APPLESS_MAIN(tst_DuplexWs)
#include "tst_duplexws.moc"
