// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/fixtures.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const Endpoint endpoint{.baseUrl = QUrl(u"http://h/api/chat/"_s), .apiKey = "key-1"};

HttpRequest requestFor(const ChatRequest &chat, const Endpoint &at = endpoint)
{
    return std::get<HttpRequest>(makeDialect(DialectId::VercelUi)->open(chat, at));
}

QJsonObject bodyFor(const ChatRequest &chat)
{
    return QJsonDocument::fromJson(requestFor(chat).body).object();
}

QByteArray streamOf(const QList<QByteArray> &chunks)
{
    QByteArray stream;
    for (const QByteArray &chunk : chunks)
        stream += "data: " + chunk + "\n\n";
    return stream;
}

Answer answerOf(const QList<QByteArray> &chunks)
{
    return read({streamOf(chunks)}, successfulHead(), DialectId::VercelUi);
}

ChatRequest conversationOf(const QList<ChatMessage> &messages)
{
    return {.messages = messages, .conversation = u"chat 1"_s};
}

const content::ToolCall call{u"c"_s, u"erase"_s, u"{\"file\":\"a\"}"_s};

} // namespace

class tst_VercelUi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void aRequestIsTheChatsMessages()
    {
        const HttpRequest request = requestFor(conversationOf(
            {{ChatRole::User, {content::Text{u"Q"_s}, content::Attachment{u"i.png"_s, "image/png", "x"}}}}));
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url, QUrl(u"http://h/api/chat"_s));
        QVERIFY(request.headers.contains({"Authorization", "Bearer key-1"}));
        QJsonObject body = QJsonDocument::fromJson(request.body).object();
        QCOMPARE(body.keys(), (QStringList{u"id"_s, u"messages"_s, u"trigger"_s}));
        QCOMPARE(body["id"_L1].toString(), u"chat 1"_s);
        QCOMPARE(body["trigger"_L1].toString(), u"submit-message"_s);
        const QJsonObject message = body["messages"_L1][0].toObject();
        QCOMPARE(message["role"_L1].toString(), u"user"_s);
        QCOMPARE(message["parts"_L1][0]["text"_L1].toString(), u"Q"_s);
        QCOMPARE(message["parts"_L1][1]["type"_L1].toString(), u"file"_s);
        QCOMPARE(message["parts"_L1][1]["url"_L1].toString(), u"data:image/png;base64,eA=="_s);
    }

    void aServerWithoutAPathHasItsChatInTheUsualPlace()
    {
        QCOMPARE(requestFor({}, {.baseUrl = QUrl(u"https://h"_s)}).url, QUrl(u"https://h/api/chat"_s));
    }

    void messagesKeepTheirNamesWhileTheConversationGrows()
    {
        const auto idsOf = [](const QList<ChatMessage> &messages) {
            QStringList ids;
            for (const auto &message : bodyFor(conversationOf(messages))["messages"_L1].toArray())
                ids.append(message["id"_L1].toString());
            return ids;
        };
        const QList<ChatMessage> begun{{ChatRole::User, u"a"_s}, {ChatRole::Assistant, u"half"_s}};
        const QStringList before = idsOf(begun);
        const QStringList after = idsOf({{ChatRole::User, u"a"_s},
                                         {ChatRole::Assistant, u"half, then whole"_s},
                                         {ChatRole::User, u"b"_s}});
        QCOMPARE(after.first(2), before);
        QCOMPARE(QSet<QString>(after.begin(), after.end()).size(), 3);
        QVERIFY(idsOf({{ChatRole::User, u"another"_s}}).first() != before.first());
    }

    void theNextRequestIsValidHoweverTheAnswerEnded()
    {
        const QJsonArray messages =
            bodyFor(conversationOf({{ChatRole::User, u"Q"_s},
                                    {ChatRole::Assistant,
                                     {content::Reasoning{u"unsigned"_s, {}}, content::Text{u"half "_s},
                                      content::ToolCall{u"x"_s, u"f"_s, u"{\"a\":"_s}, call}},
                                    {ChatRole::User, u"R"_s}}))["messages"_L1]
                .toArray();
        QCOMPARE(messages.size(), 3);
        const QJsonArray parts = messages.at(1)["parts"_L1].toArray();
        QCOMPARE(parts.size(), 2);
        QCOMPARE(parts.at(0)["type"_L1].toString(), u"step-start"_s);
        QCOMPARE(parts.at(1)["text"_L1].toString(), u"half "_s);
    }

    void whatIsSignedGoesBackWithItsSignature()
    {
        const Answer answer = answerOf(
            {"{\"type\":\"reasoning-start\",\"id\":\"r\"}",
             "{\"type\":\"reasoning-delta\",\"id\":\"r\",\"delta\":\"hm\"}",
             "{\"type\":\"reasoning-end\",\"id\":\"r\",\"providerMetadata\":{\"m\":{\"signature\":\"s\"}}}",
             "{\"type\":\"tool-input-available\",\"toolCallId\":\"c\",\"toolName\":\"erase\",\"input\":{"
             "\"file\":\"a\"},"
             "\"providerMetadata\":{\"m\":{\"thought\":\"t\"}}}"});
        QStringList opaque;
        for (const StreamEvent &event : answer.events) {
            if (const auto *secret = std::get_if<event::ReasoningOpaque>(&event.payload))
                opaque.append(secret->data);
        }
        QCOMPARE(opaque.size(), 2);
        const QJsonArray parts = bodyFor(conversationOf(
            {{ChatRole::User, u"Q"_s},
             {ChatRole::Assistant,
              {content::Reasoning{u"hm"_s, opaque}, call, content::ToolResult{u"c"_s, u"erase"_s, u"done"_s},
               content::Text{u"so"_s}}}}))["messages"_L1][1]["parts"_L1]
                                     .toArray();
        QCOMPARE(parts.size(), 5);
        QCOMPARE(parts.at(1)["text"_L1].toString(), u"hm"_s);
        QCOMPARE(parts.at(1)["providerMetadata"_L1]["m"_L1]["signature"_L1].toString(), u"s"_s);
        QCOMPARE(parts.at(2)["type"_L1].toString(), u"tool-erase"_s);
        QCOMPARE(parts.at(2)["state"_L1].toString(), u"output-available"_s);
        QCOMPARE(parts.at(2)["output"_L1].toString(), u"done"_s);
        QCOMPARE(parts.at(2)["callProviderMetadata"_L1]["m"_L1]["thought"_L1].toString(), u"t"_s);
        QCOMPARE(parts.at(3)["type"_L1].toString(), u"step-start"_s);
    }

    void aDecisionGoesBackWithTheAnswerThatAskedForIt()
    {
        const Answer answer = answerOf({"{\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
                                        "\"toolName\":\"erase\",\"input\":{\"file\":\"a\"}}",
                                        "{\"type\":\"tool-approval-request\",\"approvalId\":\"a1\","
                                        "\"toolCallId\":\"c\",\"signature\":\"sig\"}",
                                        "{\"type\":\"finish\"}", "[DONE]"});
        const auto asked = answer.last<event::Approval>();
        QCOMPARE(asked.id, u"a1"_s);
        QCOMPARE(asked.name, u"erase"_s);
        QCOMPARE(asked.arguments, u"{\"file\":\"a\"}"_s);
        QCOMPARE(asked.call, u"c"_s);
        QCOMPARE(answer.last<event::Finished>().reason, FinishReason::Pause);
        QVERIFY(!makeDialect(DialectId::VercelUi)->decide({.id = u"a1"_s}));

        content::Approval decided{asked.id, asked.call, asked.context, false, u"too risky"_s};
        const QJsonObject body =
            bodyFor(conversationOf({{ChatRole::User, u"Q"_s}, {ChatRole::Assistant, {call, decided}}}));
        const QJsonObject part = body["messages"_L1][1]["parts"_L1][1].toObject();
        QCOMPARE(part["state"_L1].toString(), u"approval-responded"_s);
        QCOMPARE(part["approval"_L1].toObject(),
                 (QJsonObject{{u"approved"_s, false},
                              {u"id"_s, u"a1"_s},
                              {u"reason"_s, u"too risky"_s},
                              {u"signature"_s, u"sig"_s}}));
        QCOMPARE(body["messageId"_L1], body["messages"_L1][1]["id"_L1]);

        // Allowed, the call waits for the server to make it; what it gave takes its place.
        decided.allowed = true;
        const auto stateOf = [&](const QList<ContentPart> &parts) {
            return bodyFor(conversationOf(
                {{ChatRole::User, u"Q"_s}, {ChatRole::Assistant, parts}}))["messages"_L1][1]["parts"_L1][1]
                .toObject();
        };
        QCOMPARE(stateOf({call, decided})["state"_L1].toString(), u"approval-responded"_s);
        QCOMPARE(stateOf({call, decided})["approval"_L1]["approved"_L1].toBool(), true);
        const content::ToolResult result{.id = call.id, .name = call.name, .content = u"done"_s};
        QCOMPARE(stateOf({call, decided, result})["state"_L1].toString(), u"output-available"_s);
        QCOMPARE(stateOf({call, decided, result})["approval"_L1]["approved"_L1].toBool(), true);

        // What the user did not decide leaves the call unfinished.
        decided.allowed.reset();
        QCOMPARE(bodyFor(conversationOf(
                     {{ChatRole::User, u"Q"_s}, {ChatRole::Assistant, {call, decided}}}))["messages"_L1]
                     .toArray()
                     .size(),
                 1);
    }

    void stoppingNeedsAPlaceToAskForIt()
    {
        const auto dialect = makeDialect(DialectId::VercelUi);
        static_cast<void>(dialect->open(conversationOf({}), endpoint));
        QVERIFY(!dialect->cancel(endpoint));
        Endpoint stoppable = endpoint;
        stoppable.options.insert(u"stop"_s, u"/stop"_s);
        const auto request = std::get<HttpRequest>(dialect->cancel(stoppable).value());
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url.toEncoded(), "http://h/api/chat/chat%201/stop");
    }

    // Joining a stream again

    void aStreamJoinedAgainAnywhereGivesEachWordOnce()
    {
        const QByteArray stream =
            readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/vercel-ui-every-chunk.sse"));
        const Answer whole = read({stream}, successfulHead(), DialectId::VercelUi);
        for (qsizetype cut = 1; cut < stream.size(); cut += 7) {
            ResponseReader before(makeDialect(DialectId::VercelUi));
            StreamEvents events;
            static_cast<void>(before.dialect().open(conversationOf({}), endpoint));
            before.head(successfulHead());
            before.feed(QByteArrayView(stream).first(cut), events);
            const ResumeToken token = before.dialect().resumeToken().value();
            QCOMPARE(token.stream, u"chat 1"_s);

            // In a new process.
            ResponseReader after(makeDialect(DialectId::VercelUi));
            const auto request = std::get<HttpRequest>(after.dialect().resume(token, endpoint).value());
            QCOMPARE(request.method, "GET");
            QCOMPARE(request.url.toEncoded(), "http://h/api/chat/chat%201/stream");
            after.head(successfulHead());
            after.feed(stream, events);
            after.finish(ResponseReader::End::Clean, events);
            coalesce(events);
            QVERIFY2(events == whole.events, qPrintable(QString::number(cut)));
            QCOMPARE(after.completeness(), Completeness::Complete);
        }
    }

    void losingTheConnectionWhileCatchingUpLosesNothing()
    {
        const auto dialect = makeDialect(DialectId::VercelUi);
        const ResumeToken token{.stream = u"chat"_s, .cursor = u"3"_s};
        QVERIFY(dialect->resume(token, endpoint));
        QCOMPARE(dialect->resumeToken(), token);
        QVERIFY(!dialect->resume({.stream = u"chat"_s, .cursor = u"x"_s}, endpoint));
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<FinishReason>("meant");
        QTest::newRow("stop") << "stop"_ba << FinishReason::Stop;
        QTest::newRow("length") << "length"_ba << FinishReason::Length;
        QTest::newRow("tools") << "tool-calls"_ba << FinishReason::ToolCalls;
        QTest::newRow("filter") << "content-filter"_ba << FinishReason::ContentFilter;
        QTest::newRow("other") << "something new"_ba << FinishReason::Other;
        QTest::newRow("unknown") << "unknown"_ba << FinishReason::Stop;
    }

    void finishReasonsHaveOneMeaning()
    {
        QFETCH(QByteArray, reason);
        QFETCH(FinishReason, meant);
        const Answer answer = answerOf({"{\"type\":\"finish\",\"finishReason\":\"" + reason + "\"}"});
        QCOMPARE(answer.last<event::Finished>().reason, meant);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void aBrokenConnectionAfterTheFinishIsNotComplete()
    {
        ResponseReader reader(makeDialect(DialectId::VercelUi));
        StreamEvents events;
        reader.head(successfulHead());
        reader.feed(streamOf({"{\"type\":\"finish\"}"}), events);
        reader.finish(ResponseReader::End::Broken, events);
        QCOMPARE(reader.completeness(), Completeness::Open);
    }

    void whatTheServerApprovesItselfIsNotAsked()
    {
        const Answer answer = answerOf(
            {"{\"type\":\"tool-approval-request\",\"approvalId\":\"a\",\"toolCallId\":\"c\",\"isAutomatic\":"
             "true}",
             "{\"type\":\"tool-approval-response\",\"approvalId\":\"a\",\"approved\":true}", "[DONE]"});
        QCOMPARE(answer.lines(), QStringList{u"{\"event\":\"finished\",\"reason\":\"stop\"}"_s});
    }

    void reasoningThatNobodyEndsIsBounded()
    {
        QList<QByteArray> chunks;
        for (int i = 0; i < 3000; ++i)
            chunks.append("{\"type\":\"reasoning-start\",\"id\":\"" + QByteArray::number(i) + "\"}");
        chunks.append("{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"a\"}");
        QCOMPARE(answerOf(chunks).joined<event::Text>(), u"a"_s);
    }
};

QTEST_APPLESS_MAIN(tst_VercelUi)
#include "tst_vercelui.moc"
