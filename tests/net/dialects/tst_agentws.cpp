// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/net/dialects/answer.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const ChatRequest question{.messages = {{ChatRole::User, u"a"_s},
                                        {ChatRole::Assistant, u"b"_s},
                                        {ChatRole::User, u"1 + 1 & more?"_s}}};

WebSocketRequest requestFor(const ChatRequest &chat, const Endpoint &endpoint)
{
    return std::get<WebSocketRequest>(makeDialect(DialectId::AgentWs)->open(chat, endpoint));
}

Endpoint at(const QString &url, const QMap<QString, QString> &options = {})
{
    return {.baseUrl = QUrl(url), .options = options};
}

QString urlFor(const QString &baseUrl, const ChatRequest &chat = question)
{
    return QString::fromLatin1(requestFor(chat, at(baseUrl)).url.toEncoded());
}

// One exchange over a WebSocket: whole messages, no head.
struct Exchange
{
    explicit Exchange(const QMap<QString, QString> &options = {})
    {
        Q_UNUSED(reader.dialect().open(question, at(u"ws://127.0.0.1:9"_s, options)))
    }

    void hear(const QByteArray &message) { reader.message(message, answer.events); }
    void end(ResponseReader::End how)
    {
        reader.finish(how, answer.events);
        answer.completeness = reader.completeness();
        coalesce(answer.events);
    }
    [[nodiscard]] QByteArrayList replies()
    {
        QByteArrayList texts;
        for (const Command &reply : reader.dialect().takeReplies())
            texts.append(std::get<ConnectionMessage>(reply).text);
        return texts;
    }

    ResponseReader reader{makeDialect(DialectId::AgentWs)};
    Answer answer;
};

Answer heard(const QList<QByteArray> &messages)
{
    Exchange exchange;
    for (const QByteArray &message : messages)
        exchange.hear(message);
    exchange.end(ResponseReader::End::Broken);
    return exchange.answer;
}

QStringList artifactsOf(const Answer &answer)
{
    QStringList artifacts;
    for (const StreamEvent &event : answer.events) {
        if (const auto *artifact = std::get_if<event::Artifact>(&event.payload))
            artifacts.append(artifact->id + (artifact->append ? u"+="_s : u"="_s)
                             + QString::fromUtf8(artifact->data));
    }
    return artifacts;
}

const QMap<QString, QString> inSession{{u"endpoint"_s, u"interactive"_s}};

} // namespace

class tst_AgentWs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void aSingleQueryIsTheAddressOfItsSocket()
    {
        const WebSocketRequest request = requestFor(question, at(u"ws://127.0.0.1:8000"_s));
        QCOMPARE(request.url.toEncoded(),
                 "ws://127.0.0.1:8000/ws/agent/stream?question=1%20%2B%201%20%26%20more%3F");
        QVERIFY(request.messages.isEmpty());
        QVERIFY(request.headers.isEmpty());
    }

    void theDatasetIsChosenForEachQuery()
    {
        ChatRequest chat = question;
        chat.options = {{u"dataset"_s, u"sales & stock"_s}};
        QCOMPARE(urlFor(u"ws://127.0.0.1:8000"_s, chat),
                 u"ws://127.0.0.1:8000/ws/agent/stream?question=1%20%2B%201%20%26%20more%3F"
                 "&dataset=sales%20%26%20stock"_s);
        const auto declared = makeDialect(DialectId::AgentWs)->options();
        QVERIFY(declared.contains(DialectOption{.name = "dataset"_L1, .scope = DialectOption::Scope::Query}));
    }

    void aSessionIsAskedByAMessage()
    {
        ChatRequest chat = question;
        WebSocketRequest request = requestFor(chat, at(u"ws://127.0.0.1:8000"_s, inSession));
        QCOMPARE(request.url.toEncoded(), "ws://127.0.0.1:8000/ws/agent/interactive");
        QCOMPARE(request.messages, (QByteArrayList{R"({"action":"query","question":"1 + 1 & more?"})"}));

        chat.options = {{u"dataset"_s, u"all"_s}};
        request = requestFor(chat, at(u"ws://127.0.0.1:8000"_s, inSession));
        QCOMPARE(request.messages,
                 (QByteArrayList{R"({"action":"query","dataset":"all","question":"1 + 1 & more?"})"}));
    }

    void theProtocolsOwnAddressMayBeGivenForTheBase()
    {
        const QString query = u"?question=1%20%2B%201%20%26%20more%3F"_s;
        QCOMPARE(urlFor(u"https://example.com/a%20b/"_s),
                 u"wss://example.com/a%20b/ws/agent/stream"_s + query);
        QCOMPARE(urlFor(u"http://127.0.0.1/ws/agent/stream"_s), u"ws://127.0.0.1/ws/agent/stream"_s + query);
        QCOMPARE(urlFor(u"http://127.0.0.1/agent/stream"_s), u"ws://127.0.0.1/ws/agent/stream"_s + query);
        QCOMPARE(urlFor(u"wss://example.com/ws/agent/interactive"_s),
                 u"wss://example.com/ws/agent/interactive"_s);
    }

    void eventsAreTheFallbackOfBoth_data()
    {
        QTest::addColumn<QString>("endpoint");
        QTest::newRow("single") << u"stream"_s;
        QTest::newRow("session") << u"interactive"_s;
    }

    void eventsAreTheFallbackOfBoth()
    {
        QFETCH(QString, endpoint);
        Endpoint server = at(u"wss://example.com/x"_s, {{u"endpoint"_s, endpoint}});
        server.apiKey = "key-1";
        const WebSocketRequest request = requestFor(question, server);
        QVERIFY(request.headers.contains(std::pair<QByteArray, QByteArray>("Authorization", "Bearer key-1")));
        QVERIFY(request.fallback.has_value());
        QCOMPARE(request.fallback->method, "GET");
        QCOMPARE(request.fallback->url.toEncoded(),
                 "https://example.com/x/agent/stream?question=1%20%2B%201%20%26%20more%3F");
        QCOMPARE(request.fallback->headers,
                 (HttpHeaders{{"Accept", "text/event-stream"},
                              {"Cache-Control", "no-cache"},
                              {"Authorization", "Bearer key-1"}}));
    }

    void textFilesGoIntoTheQuestionAndOthersDoNot()
    {
        const ChatRequest chat{
            .messages = {{ChatRole::User,
                          QList<ContentPart>{content::Text{u"Sum it"_s},
                                             content::Attachment{u"a.csv"_s, "text/csv", "1,2\n"},
                                             content::Attachment{u"b.png"_s, "image/png", "x"}}}}};
        const WebSocketRequest request = requestFor(chat, at(u"ws://127.0.0.1"_s, inSession));
        QCOMPARE(request.messages,
                 (QByteArrayList{R"({"action":"query","question":"Sum it\n\na.csv:\n```\n1,2\n```"})"}));
    }

    // Verbs

    void cancellingIsTheBareWord()
    {
        Exchange exchange;
        const auto command = exchange.reader.dialect().cancel({});
        QVERIFY(command.has_value());
        QCOMPARE(std::get<ConnectionMessage>(*command).text, "cancel");
        QVERIFY(!exchange.reader.dialect().redirect(u"Shorter"_s));
    }

    void overEventsCancellingIsClosing()
    {
        const auto dialect = makeDialect(DialectId::AgentWs);
        dialect->head(successfulHead());
        QVERIFY(!dialect->cancel({}));
    }

    void whatEndsAfterCancellingWasStopped_data()
    {
        QTest::addColumn<QByteArray>("last");
        QTest::newRow("complete") << R"({"type":"complete"})"_ba;
        QTest::newRow("cancelled") << R"({"type":"cancelled"})"_ba;
        QTest::newRow("error") << R"({"type":"error","message":"Canceled by the user"})"_ba;
        QTest::newRow("nothing") << QByteArray();
    }

    void whatEndsAfterCancellingWasStopped()
    {
        QFETCH(QByteArray, last);
        Exchange exchange;
        exchange.hear(R"({"type":"analysis_chunk","chunk":"So far"})");
        Q_UNUSED(exchange.reader.dialect().cancel({}))
        if (!last.isEmpty())
            exchange.hear(last);
        exchange.end(ResponseReader::End::Broken);
        QCOMPARE(exchange.answer.joined<event::Text>(), u"So far"_s);
        QCOMPARE(exchange.answer.last<event::Finished>().reason, FinishReason::Stopped);
        QCOMPARE(exchange.answer.completeness, last.isEmpty() ? Completeness::Open : Completeness::Complete);
    }

    void aPingIsAnsweredOnceAndInASessionOnly()
    {
        Exchange session(inSession);
        session.hear(R"({"type":"ping","timestamp":17})");
        QCOMPARE(session.replies(), (QByteArrayList{R"({"action":"pong","timestamp":17})"}));
        QVERIFY(session.replies().isEmpty());
        session.hear(R"({"type":"ping"})");
        QCOMPARE(session.replies(), (QByteArrayList{R"({"action":"pong"})"}));
        session.hear(R"({"type":"pong","timestamp":17})");
        QVERIFY(session.replies().isEmpty());
        QCOMPARE(session.reader.unknownFrames(), 0);

        Exchange single;
        single.hear(R"({"type":"ping","timestamp":17})");
        QVERIFY(single.replies().isEmpty());
    }

    // The end

    void aSingleQueryIsCompleteAtItsOwnEnd()
    {
        const Answer answer = heard({R"({"type":"analysis_chunk","chunk":"7"})", R"({"type":"complete"})",
                                     R"({"type":"analysis_chunk","chunk":"8"})"});
        QCOMPARE(answer.completeness, Completeness::Complete);
        QCOMPARE(answer.joined<event::Text>(), u"7"_s);
    }

    void aTurnOfASessionIsCompleteAtItsOwnEnd()
    {
        Exchange exchange(inSession);
        exchange.hear(R"({"type":"analysis_chunk","chunk":"7"})");
        exchange.hear(R"({"type":"complete"})");
        QCOMPARE(exchange.reader.completeness(), Completeness::Open);
        exchange.hear(R"({"type":"query_complete"})");
        QCOMPARE(exchange.reader.completeness(), Completeness::Complete);
        exchange.end(ResponseReader::End::Clean);
        QCOMPARE(exchange.answer.last<event::Finished>().reason, FinishReason::Stop);
    }

    void theEndOfDeliveryConfirmsEither()
    {
        for (const auto &options : {QMap<QString, QString>(), inSession}) {
            Exchange exchange(options);
            exchange.hear(R"({"type":"analysis_chunk","chunk":"7"})");
            exchange.hear(R"({"type":"stream_end"})");
            QCOMPARE(exchange.reader.completeness(), Completeness::Complete);
        }
    }

    void aSocketThatIsClosedInGoodOrderHasFinishedButIsNotComplete()
    {
        Exchange exchange;
        exchange.hear(R"({"type":"analysis_chunk","chunk":"7"})");
        exchange.end(ResponseReader::End::Clean);
        QCOMPARE(exchange.answer.last<event::Finished>().reason, FinishReason::Stop);
        QCOMPARE(exchange.answer.completeness, Completeness::Open);
    }

    void aSocketThatBreaksIsCutOff()
    {
        const Answer answer = heard({R"({"type":"analysis_chunk","chunk":"7"})"});
        QCOMPARE(answer.lines(), QStringList{uR"({"event":"text","text":"7"})"_s});
        QCOMPARE(answer.completeness, Completeness::Open);
    }

    // Artifacts

    void codeGoesOnInOneArtifactUntilTheAgentTriesAgain()
    {
        const Answer answer =
            heard({R"({"type":"progress","stage":"code_generator","message":"m"})",
                   R"({"type":"code_chunk","chunk":"a"})", R"({"type":"verification","is_valid":false})",
                   R"({"type":"code_chunk","chunk":"b"})",
                   R"({"type":"progress","stage":"code_generator","message":"m"})",
                   R"({"type":"code_chunk","chunk":"c"})", R"({"type":"reflection","content":"r"})",
                   R"({"type":"code_chunk","chunk":"d"})",
                   R"({"type":"progress","stage":"executor","message":"m"})",
                   R"({"type":"code_chunk","chunk":"e"})"});
        QCOMPARE(artifactsOf(answer),
                 (QStringList{uR"(code-1="a")"_s, uR"(verification-1={"is_valid":false})"_s,
                              uR"(code-1+="b")"_s, uR"(code-2="c")"_s, uR"(reflection-1="r")"_s,
                              uR"(code-3="d")"_s, uR"(code-3+="e")"_s}));
    }

    void readyDataReplacesTheLastCode()
    {
        const Answer answer =
            heard({R"({"type":"code_chunk","chunk":"a"})", R"({"type":"reflection","content":"r"})",
                   R"({"type":"code_chunk","chunk":"b"})", R"({"type":"data_ready","data":{"code":"c"}})",
                   R"({"type":"code_chunk","chunk":"d"})"});
        QCOMPARE(artifactsOf(answer),
                 (QStringList{uR"(code-1="a")"_s, uR"(reflection-1="r")"_s, uR"(code-2="b")"_s,
                              uR"(code-2="c")"_s, uR"(code-3="d")"_s}));
    }

    void aReflectionReplacesItsPieces()
    {
        const Answer answer = heard({R"({"type":"reflection_chunk","content":"a"})",
                                     R"({"type":"progress","stage":"s","message":"m"})",
                                     R"({"type":"reflection_chunk","content":"b"})",
                                     R"({"type":"reflection","content":"A, b."})",
                                     R"({"type":"reflection_chunk","content":"c"})"});
        QCOMPARE(artifactsOf(answer),
                 (QStringList{uR"(reflection-1="a")"_s, uR"(reflection-1+="b")"_s,
                              uR"(reflection-1="A, b.")"_s, uR"(reflection-2="c")"_s}));
    }

    void aVerificationIsKeptWithAllThatWasSaid()
    {
        const Answer answer =
            heard({R"({"type":"verification","is_valid":true,"confidence":0.5,"attempts":2,"notes":["n"]})"});
        QCOMPARE(artifactsOf(answer),
                 QStringList{
                     uR"(verification-1={"is_valid":true,"confidence":0.5,"attempts":2,"notes":["n"]})"_s});
    }

    // Errors

    void anErrorKeepsWhatCameBefore()
    {
        const Answer answer = heard({R"({"type":"analysis_chunk","chunk":"7"})",
                                     R"({"type":"error","message":"No such dataset"})",
                                     R"({"type":"analysis_chunk","chunk":"8"})"});
        QCOMPARE(answer.joined<event::Text>(), u"7"_s);
        QCOMPARE(answer.completeness, Completeness::Failed);
        QCOMPARE(answer.last<event::Failed>().error.message, u"No such dataset"_s);
    }

    void anErrorThatOnlySpeaksOfCancellingIsAnError()
    {
        const Answer answer =
            heard({R"({"type":"error","message":"The job was cancelled by the scheduler"})"});
        QCOMPARE(answer.completeness, Completeness::Failed);
    }
};

QTEST_APPLESS_MAIN(tst_AgentWs)
#include "tst_agentws.moc"
