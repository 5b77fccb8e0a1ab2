// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "net/framing/limits.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/fixtures.h"
#include "tests/support/splits.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const QString server = u"https://api.example.com/v1"_s;

HttpRequest requestFor(const ChatRequest &chat, const Endpoint &endpoint = {.baseUrl = QUrl(server)})
{
    return std::get<HttpRequest>(makeDialect(DialectId::Anthropic)->open(chat, endpoint));
}

QJsonObject bodyFor(const ChatRequest &chat)
{
    return QJsonDocument::fromJson(requestFor(chat).body).object();
}

// The messages of the request that this history makes, as text that people can compare.
QString messagesFor(const QList<ChatMessage> &history, const QString &model = u"claude-sonnet-4-5"_s)
{
    const QJsonArray messages = bodyFor({.model = model, .messages = history})["messages"_L1].toArray();
    return QString::fromUtf8(QJsonDocument(messages).toJson(QJsonDocument::Compact));
}

QByteArray headerOf(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[header, value] : request.headers) {
        if (header == name)
            return value;
    }
    return {};
}

ChatMessage user(const QString &text)
{
    return {ChatRole::User, text};
}

ChatMessage assistant(const QList<ContentPart> &parts)
{
    return {ChatRole::Assistant, parts};
}

ChatRequest tuned(const QString &model, ReasoningEffort effort)
{
    return {.model = model, .messages = {user(u"q"_s)}, .reasoningEffort = effort};
}

QByteArray said(const QByteArray &payload)
{
    return "data: " + payload + "\n\n";
}

Answer answer(const QByteArray &stream)
{
    return read({stream}, successfulHead(), DialectId::Anthropic);
}

QStringList opaqueOf(const Answer &answer)
{
    QStringList blocks;
    for (const StreamEvent &event : answer.events) {
        if (const auto *opaque = std::get_if<event::ReasoningOpaque>(&event.payload))
            blocks.append(opaque->data);
    }
    return blocks;
}

const QByteArray started =
    said(R"({"type":"message_start","message":{"id":"m1","model":"claude-x","usage":{"input_tokens":5}}})");
const QByteArray stopped = said(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})")
    + said(R"({"type":"message_stop"})");

const QString thought = QStringLiteral(R"({"signature":"c2ln","thinking":"Hm.","type":"thinking"})");

} // namespace

class tst_Anthropic : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void aRequestNamesItsVersionAndBoundsItsAnswer()
    {
        const HttpRequest request = requestFor({.model = u"claude-sonnet-4-5"_s, .messages = {user(u"Hi"_s)}},
                                               {.baseUrl = QUrl(server), .apiKey = "key-1"});
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url, QUrl(u"https://api.example.com/v1/messages"_s));
        QCOMPARE(headerOf(request, "anthropic-version"), "2023-06-01");
        QCOMPARE(headerOf(request, "x-api-key"), "key-1");
        QCOMPARE(headerOf(request, "Content-Type"), "application/json");
        QCOMPARE(headerOf(request, "Accept"), "text/event-stream");
        QVERIFY(headerOf(request, "Authorization").isEmpty());
        QCOMPARE(QString::fromUtf8(request.body),
                 uR"({"max_tokens":64000,"messages":[{"content":"Hi","role":"user"}],)"
                 uR"("model":"claude-sonnet-4-5","stream":true})"_s);
    }

    void whatTheUserSetIsSentInTheApisWords()
    {
        const QJsonObject body = bodyFor({.model = u"claude-sonnet-4-0"_s,
                                          .system = u"Be brief."_s,
                                          .messages = {user(u"q"_s)},
                                          .tools = {{u"f"_s, u"does f"_s, R"({"type":"object"})"}},
                                          .temperature = 1.5,
                                          .maxOutputTokens = 99,
                                          .stop = {u"END"_s, u" \n"_s},
                                          .seed = 7});
        QCOMPARE(body["system"_L1].toString(), u"Be brief."_s);
        QCOMPARE(body["max_tokens"_L1].toInt(), 99);
        QCOMPARE(body["temperature"_L1].toDouble(), 1.0);
        QCOMPARE(body["stop_sequences"_L1].toArray(), QJsonArray{u"END"_s});
        QCOMPARE(body["tools"_L1].toArray(),
                 (QJsonArray{QJsonObject{{u"name"_s, u"f"_s},
                                         {u"description"_s, u"does f"_s},
                                         {u"input_schema"_s, QJsonObject{{u"type"_s, u"object"_s}}}}}));
        QVERIFY(!body.contains("seed"_L1));
    }

    void theBaseMayBeWrittenInSeveralWays_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("url");
        const QString plain = u"https://h/v1/messages"_s;
        QTest::newRow("host") << u"https://h"_s << plain;
        QTest::newRow("slash") << u"https://h/"_s << plain;
        QTest::newRow("version") << u"https://h/v1"_s << plain;
        QTest::newRow("resource") << u"https://h/v1/messages/"_s << plain;
        QTest::newRow("path") << u"https://h/anthropic"_s << u"https://h/anthropic/v1/messages"_s;
    }

    void theBaseMayBeWrittenInSeveralWays()
    {
        QFETCH(QString, base);
        QFETCH(QString, url);
        QCOMPARE(requestFor({.messages = {user(u"q"_s)}}, {.baseUrl = QUrl(base)}).url, QUrl(url));
    }

    void aTokenOfAnAccountIsNoKey()
    {
        const HttpRequest request =
            requestFor({.messages = {user(u"q"_s)}}, {.baseUrl = QUrl(server), .apiKey = "sk-ant-oat01-x"});
        QCOMPARE(headerOf(request, "Authorization"), "Bearer sk-ant-oat01-x");
        QVERIFY(headerOf(request, "x-api-key").isEmpty());
    }

    void versionAndBetaFeaturesAreTheProvidersToChoose()
    {
        const HttpRequest request = requestFor(
            {.messages = {user(u"q"_s)}},
            {.baseUrl = QUrl(server),
             .options = {{u"anthropic-version"_s, u"2030-01-01"_s}, {u"anthropic-beta"_s, u"a,b"_s}}});
        QCOMPARE(headerOf(request, "anthropic-version"), "2030-01-01");
        QCOMPARE(headerOf(request, "anthropic-beta"), "a,b");
    }

    void toolsOfTheServerAreAskedForByTheirVersionedNames()
    {
        const QJsonObject body =
            bodyFor({.messages = {user(u"q"_s)},
                     .options = {{u"server_tools"_s, u"web_search_20250305, code_execution_20250825"_s}}});
        QCOMPARE(body["tools"_L1].toArray(),
                 (QJsonArray{QJsonObject{{u"type"_s, u"web_search_20250305"_s}, {u"name"_s, u"web_search"_s}},
                             QJsonObject{{u"type"_s, u"code_execution_20250825"_s},
                                         {u"name"_s, u"code_execution"_s}}}));
    }

    void vertexHasTheModelInItsAddress()
    {
        const HttpRequest request = requestFor(
            {.model = u"claude-sonnet-4-5@20250929"_s, .messages = {user(u"q"_s)}},
            {.baseUrl = QUrl(u"https://eu-aiplatform.googleapis.com/v1/projects/p/publishers/anthropic"_s),
             .apiKey = "token"});
        QCOMPARE(request.url.path(),
                 u"/v1/projects/p/publishers/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict"_s);
        QCOMPARE(headerOf(request, "Authorization"), "Bearer token");
        const QJsonObject body = QJsonDocument::fromJson(request.body).object();
        QCOMPARE(body["anthropic_version"_L1].toString(), u"vertex-2023-10-16"_s);
        QVERIFY(!body.contains("model"_L1));
    }

    void imagesAndPdfsGoAsBlocksAndTextFilesAsText()
    {
        const ChatMessage message{ChatRole::User,
                                  {content::Attachment{u"a.png"_s, "image/png", "PNG"},
                                   content::Attachment{u"b.pdf"_s, "application/pdf", "PDF"},
                                   content::Attachment{u"c.txt"_s, "text/plain", "plain"},
                                   content::Text{u"What are these?"_s}}};
        const QJsonArray blocks = bodyFor({.messages = {message}})["messages"_L1][0]["content"_L1].toArray();
        QCOMPARE(blocks[0].toObject(),
                 (QJsonObject{{u"type"_s, u"image"_s},
                              {u"source"_s,
                               QJsonObject{{u"type"_s, u"base64"_s},
                                           {u"media_type"_s, u"image/png"_s},
                                           {u"data"_s, u"UE5H"_s}}}}));
        QCOMPARE(blocks[1]["type"_L1].toString(), u"document"_s);
        QCOMPARE(blocks[1]["title"_L1].toString(), u"b.pdf"_s);
        QCOMPARE(blocks[1]["source"_L1]["media_type"_L1].toString(), u"application/pdf"_s);
        QCOMPARE(blocks[2]["text"_L1].toString(), u"c.txt:\n```\nplain\n```\n"_s);
        QCOMPARE(blocks[3]["text"_L1].toString(), u"What are these?"_s);
    }

    // Thinking

    void thinkingIsBoundedByABudgetWithinTheAnswersBound()
    {
        const QJsonObject free = bodyFor(tuned(u"claude-sonnet-4-5"_s, ReasoningEffort::High));
        QCOMPARE(free["thinking"_L1]["type"_L1].toString(), u"enabled"_s);
        QVERIFY(free["thinking"_L1]["budget_tokens"_L1].toInt() >= 1024);
        QVERIFY(free["thinking"_L1]["budget_tokens"_L1].toInt() < free["max_tokens"_L1].toInt());

        ChatRequest bounded = tuned(u"claude-sonnet-4-5"_s, ReasoningEffort::High);
        bounded.maxOutputTokens = 4000;
        QCOMPARE(bodyFor(bounded)["thinking"_L1]["budget_tokens"_L1].toInt(), 2000);
        // No thought fits into so little.
        bounded.maxOutputTokens = 1500;
        QVERIFY(!bodyFor(bounded).contains("thinking"_L1));
        QCOMPARE(bodyFor(bounded)["max_tokens"_L1].toInt(), 1500);
    }

    void everyBudgetLeavesRoomForTheAnswer_data()
    {
        QTest::addColumn<QString>("model");
        for (const char *model : {"claude-3-7-sonnet-20250219", "claude-opus-4-20250514", "claude-haiku-4-5",
                                  "claude-opus-4-1-20250805", "glm-5", ""})
            QTest::newRow(model) << QString::fromLatin1(model);
    }

    void everyBudgetLeavesRoomForTheAnswer()
    {
        QFETCH(QString, model);
        for (const ReasoningEffort effort :
             {ReasoningEffort::Minimal, ReasoningEffort::Low, ReasoningEffort::Medium, ReasoningEffort::High,
              ReasoningEffort::Max}) {
            const QJsonObject body = bodyFor(tuned(model, effort));
            const int budget = body["thinking"_L1]["budget_tokens"_L1].toInt();
            QVERIFY(budget >= 1024);
            QVERIFY(body["max_tokens"_L1].toInt() - budget >= 4096);
        }
    }

    void newerModelsTakeAnEffortInsteadOfABudget_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<bool>("adaptive");
        QTest::newRow("4.6") << u"claude-opus-4-6"_s << true;
        QTest::newRow("4.6 written with a dot") << u"anthropic/claude-opus-4.6"_s << true;
        QTest::newRow("5 with a date") << u"claude-sonnet-5-20260601"_s << true;
        QTest::newRow("a name without a number") << u"claude-next"_s << true;
        QTest::newRow("4.5") << u"claude-opus-4-5-20251101"_s << false;
        QTest::newRow("4 with a date") << u"claude-sonnet-4-20250514"_s << false;
        QTest::newRow("3.7") << u"claude-3-7-sonnet-latest"_s << false;
        QTest::newRow("another maker's") << u"glm-5"_s << false;
    }

    void newerModelsTakeAnEffortInsteadOfABudget()
    {
        QFETCH(QString, model);
        QFETCH(bool, adaptive);
        const QJsonObject body = bodyFor(tuned(model, ReasoningEffort::Max));
        QCOMPARE(body["thinking"_L1]["type"_L1].toString(), adaptive ? u"adaptive"_s : u"enabled"_s);
        QCOMPARE(body["thinking"_L1].toObject().contains("budget_tokens"_L1), !adaptive);
        QCOMPARE(body["output_config"_L1]["effort"_L1].toString(), adaptive ? u"max"_s : QString());
    }

    void notToThinkIsSaidOnlyWhereItMayBe()
    {
        QCOMPARE(bodyFor(tuned(u"claude-sonnet-4-5"_s, ReasoningEffort::None))["thinking"_L1]["type"_L1]
                     .toString(),
                 u"disabled"_s);
        QVERIFY(!bodyFor(tuned(u"claude-opus-4-7"_s, ReasoningEffort::None)).contains("thinking"_L1));
        QVERIFY(!bodyFor(tuned(u"claude-3-5-haiku-latest"_s, ReasoningEffort::High)).contains("thinking"_L1));
    }

    void aModelThatThinksIsNotTuned()
    {
        ChatRequest chat = tuned(u"claude-sonnet-4-5"_s, ReasoningEffort::Low);
        chat.temperature = 0.2;
        chat.topP = 0.5;
        QVERIFY(!bodyFor(chat).contains("temperature"_L1));
        QVERIFY(!bodyFor(chat).contains("top_p"_L1));
        chat.topP = 0.96;
        QCOMPARE(bodyFor(chat)["top_p"_L1].toDouble(), 0.96);
        // Both at once are refused.
        chat.reasoningEffort.reset();
        QCOMPARE(bodyFor(chat)["temperature"_L1].toDouble(), 0.2);
        QVERIFY(!bodyFor(chat).contains("top_p"_L1));
        chat.model = u"claude-opus-4-7"_s;
        QVERIFY(!bodyFor(chat).contains("temperature"_L1));
    }

    // What of a history is sent back

    void neighboursOfOneRoleBecomeOneMessage()
    {
        QCOMPARE(messagesFor({user(u"a"_s),
                              assistant({}),
                              user(u"b"_s),
                              {ChatRole::Assistant, u"c"_s},
                              {ChatRole::Assistant, u"d"_s},
                              user(u"e"_s)}),
                 uR"([{"content":[{"text":"a","type":"text"},{"text":"b","type":"text"}],"role":"user"},)"
                 uR"({"content":[{"text":"c","type":"text"},{"text":"d","type":"text"}],"role":"assistant"},)"
                 uR"({"content":"e","role":"user"}])"_s);
    }

    void signedThoughtsGoBackBeforeTheCallsTheyLedTo()
    {
        QCOMPARE(messagesFor({user(u"q"_s),
                              assistant({content::Reasoning{u"Hm."_s, {thought}},
                                         content::ToolCall{u"t1"_s, u"f"_s, u"{\"a\":1}"_s}}),
                              {ChatRole::User, {content::ToolResult{u"t1"_s, u"f"_s, u"R"_s}}}}),
                 uR"([{"content":"q","role":"user"},{"content":[)"_s + thought
                     + uR"(,{"id":"t1","input":{"a":1},"name":"f","type":"tool_use"}],"role":"assistant"},)"
                       uR"({"content":[{"content":"R","tool_use_id":"t1","type":"tool_result"}],)"
                       uR"("role":"user"}])"_s);
    }

    void aThoughtIsSentBackAsItCame()
    {
        const Answer first = answer(
            started
            + said(
                R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})")
            + said(
                R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"H"}})")
            + said(
                R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m."}})")
            + said(
                R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}})")
            + said(R"({"type":"content_block_stop","index":0})")
            + said(
                R"({"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"eA=="}})")
            + said(R"({"type":"content_block_stop","index":1})")
            + said(
                R"({"type":"content_block_start","index":2,"content_block":{"type":"text","text":"Yes."}})")
            + stopped);
        QCOMPARE(first.joined<event::Reasoning>(), u"Hm."_s);
        const QString sent =
            messagesFor({user(u"q"_s),
                         assistant({content::Reasoning{u"Hm."_s, opaqueOf(first)}, content::Text{u"Yes."_s}}),
                         user(u"more"_s)});
        QCOMPARE(sent,
                 uR"([{"content":"q","role":"user"},{"content":[)"_s + thought
                     + uR"(,{"data":"eA==","type":"redacted_thinking"},{"text":"Yes.","type":"text"}],)"
                       uR"("role":"assistant"},{"content":"more","role":"user"}])"_s);
    }

    void unsignedThoughtsStayHere()
    {
        QCOMPARE(messagesFor(
                     {user(u"q"_s),
                      assistant({content::Reasoning{u"Nobody signed this."_s, {}}, content::Text{u"Yes."_s}}),
                      user(u"more"_s)}),
                 uR"([{"content":"q","role":"user"},{"content":"Yes.","role":"assistant"},)"
                 uR"({"content":"more","role":"user"}])"_s);
    }

    void anotherProtocolsSecretsStayHere()
    {
        const QString sent = messagesFor(
            {user(u"q"_s),
             assistant({content::Reasoning{
                            {}, {u"{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}"_s, u"not JSON"_s}},
                        content::Text{u"Yes."_s}}),
             user(u"more"_s)});
        QVERIFY(!sent.contains("encrypted"_L1));
        QVERIFY(!sent.contains("not JSON"_L1));
    }

    void anUnfinishedCallIsLeftOutWithTheThoughtBeforeIt()
    {
        QCOMPARE(
            messagesFor({user(u"q"_s),
                         assistant({content::Text{u"Let me see."_s}, content::Reasoning{u"Hm."_s, {thought}},
                                    content::ToolCall{u"t1"_s, u"f"_s, u"{\"a\":"_s}}),
                         user(u"never mind"_s)}),
            uR"([{"content":"q","role":"user"},{"content":"Let me see.","role":"assistant"},)"
            uR"({"content":"never mind","role":"user"}])"_s);
    }

    void aCallWithoutItsResultIsLeftOut()
    {
        QCOMPARE(messagesFor({user(u"q"_s),
                              assistant({content::ToolCall{u"t1"_s, u"f"_s, u"{}"_s},
                                         content::ToolCall{u"t2"_s, u"g"_s, u"{}"_s}}),
                              {ChatRole::User, {content::ToolResult{u"t2"_s, u"g"_s, u"R"_s, true}}}}),
                 uR"([{"content":"q","role":"user"},)"
                 uR"({"content":[{"id":"t2","input":{},"name":"g","type":"tool_use"}],"role":"assistant"},)"
                 uR"({"content":[{"content":"R","is_error":true,"tool_use_id":"t2","type":"tool_result"}],)"
                 uR"("role":"user"}])"_s);
    }

    void resultsStandBetweenTheCallsAndTheWordsAfterThem()
    {
        const QString sent =
            messagesFor({user(u"q"_s),
                         assistant({content::ToolCall{u"a"_s, u"f"_s, u"{}"_s},
                                    content::ToolCall{u"b"_s, u"f"_s, u"{}"_s},
                                    content::ToolResult{u"a"_s, u"f"_s, u"1"_s}, content::Text{u"So."_s},
                                    content::ToolResult{u"b"_s, u"f"_s, u"2"_s}}),
                         user(u"next"_s)});
        QCOMPARE(sent,
                 uR"([{"content":"q","role":"user"},)"
                 uR"({"content":[{"id":"a","input":{},"name":"f","type":"tool_use"},)"
                 uR"({"id":"b","input":{},"name":"f","type":"tool_use"}],"role":"assistant"},)"
                 uR"({"content":[{"content":"1","tool_use_id":"a","type":"tool_result"},)"
                 uR"({"content":"2","tool_use_id":"b","type":"tool_result"}],"role":"user"},)"
                 uR"({"content":"So.","role":"assistant"},{"content":"next","role":"user"}])"_s);
    }

    void callsOfOtherServersGetIdsAndNamesThatAreAllowed()
    {
        const QList<ContentPart> call{content::ToolCall{u"functions.f:0"_s, u"ns.f"_s, u"{}"_s},
                                      content::ToolResult{u"functions.f:0"_s, u"ns.f"_s, u"R"_s}};
        const QJsonArray messages = bodyFor({.messages = {user(u"q"_s), assistant(call), user(u"q"_s),
                                                          assistant(call)}})["messages"_L1]
                                        .toArray();
        QCOMPARE(messages[1]["content"_L1][0]["id"_L1].toString(), u"functions_f_0"_s);
        QCOMPARE(messages[1]["content"_L1][0]["name"_L1].toString(), u"ns_f"_s);
        QCOMPARE(messages[2]["content"_L1][0]["tool_use_id"_L1].toString(), u"functions_f_0"_s);
        // No id may come twice.
        QCOMPARE(messages[3]["content"_L1][0]["id"_L1].toString(), u"functions_f_0_2"_s);
        QCOMPARE(messages[4]["content"_L1][0]["tool_use_id"_L1].toString(), u"functions_f_0_2"_s);
    }

    void aHistoryWithCallsDeclaresToolsThatMayNotBeUsed()
    {
        const QJsonObject body =
            bodyFor({.messages = {user(u"q"_s),
                                  assistant({content::ToolCall{u"t"_s, u"f"_s, u"{}"_s},
                                             content::ToolResult{u"t"_s, u"f"_s, u"R"_s}})}});
        QCOMPARE(body["tools"_L1][0]["name"_L1].toString(), u"f"_s);
        QCOMPARE(body["tool_choice"_L1]["type"_L1].toString(), u"none"_s);
    }

    void thinkingIsOffWhereACallWasMadeWithoutSignedThoughts()
    {
        ChatRequest chat = tuned(u"claude-sonnet-4-5"_s, ReasoningEffort::High);
        chat.messages = {
            user(u"q"_s),
            assistant({content::Reasoning{u"Unsigned."_s, {}}, content::ToolCall{u"t"_s, u"f"_s, u"{}"_s},
                       content::ToolResult{u"t"_s, u"f"_s, u"R"_s}})};
        QVERIFY(!bodyFor(chat).contains("thinking"_L1));
        std::get<content::Reasoning>(chat.messages[1].parts[0]).opaque = {thought};
        QVERIFY(bodyFor(chat).contains("thinking"_L1));
    }

    void anAnswerToGoOnWithEndsWithoutWhiteSpace()
    {
        QCOMPARE(messagesFor({user(u"q"_s), {ChatRole::Assistant, u"It is \n"_s}}),
                 uR"([{"content":"q","role":"user"},{"content":"It is","role":"assistant"}])"_s);
        // Only the last one.
        QVERIFY(messagesFor({user(u"q"_s), {ChatRole::Assistant, u"It is "_s}, user(u"r"_s)})
                    .contains("\"It is \""_L1));
        QCOMPARE(messagesFor({user(u"q"_s), {ChatRole::Assistant, u" \n"_s}}),
                 uR"([{"content":"q","role":"user"}])"_s);
    }

    void modelsThatTakeNoBeginningAreToldToGoOn()
    {
        const QList<ChatMessage> partial{user(u"q"_s), {ChatRole::Assistant, u"It is"_s}};
        const QJsonArray sent =
            bodyFor({.model = u"claude-opus-4-6"_s, .messages = partial})["messages"_L1].toArray();
        QCOMPARE(sent.size(), 3);
        QCOMPARE(sent[2]["role"_L1].toString(), u"user"_s);
        ChatRequest thinking = tuned(u"claude-sonnet-4-5"_s, ReasoningEffort::Low);
        thinking.messages = partial;
        QCOMPARE(bodyFor(thinking)["messages"_L1].toArray().size(), 3);
    }

    void aPausedAnswerGoesOnFromTheServersOwnCall()
    {
        const QString call =
            uR"({"id":"srvtoolu_1","input":{"query":"q"},"name":"web_search","type":"server_tool_use"})"_s;
        const QList<ContentPart> paused{content::Text{u"Looking."_s}, content::Reasoning{{}, {call}},
                                        content::ToolCall{u"srvtoolu_1"_s, u"web_search"_s, u"{}"_s}};
        QCOMPARE(messagesFor({user(u"q"_s), assistant(paused)}, u"claude-opus-4-6"_s),
                 uR"([{"content":"q","role":"user"},{"content":[{"text":"Looking.","type":"text"},)"_s + call
                     + uR"(],"role":"assistant"}])"_s);
        // Later on, a call without its result is refused.
        QVERIFY(!messagesFor({user(u"q"_s), assistant(paused), user(u"r"_s)}).contains("srvtoolu"_L1));
    }

    void whatTheServersToolsGaveGoesBackOnceAndAsItCame()
    {
        const QString call = uR"({"id":"s1","input":{},"name":"web_search","type":"server_tool_use"})"_s;
        const QString result =
            uR"({"content":[{"encrypted_content":"x"}],"tool_use_id":"s1","type":"web_search_tool_result"})"_s;
        const QString sent = messagesFor(
            {user(u"q"_s),
             assistant({content::Reasoning{{}, {call, result}},
                        content::ToolCall{u"s1"_s, u"web_search"_s, u"{}"_s},
                        content::ToolResult{u"s1"_s, u"web_search"_s, u"R"_s}, content::Text{u"So."_s}}),
             user(u"r"_s)});
        QCOMPARE(
            sent,
            uR"([{"content":"q","role":"user"},{"content":[)"_s + call + u',' + result
                + uR"(,{"text":"So.","type":"text"}],"role":"assistant"},{"content":"r","role":"user"}])"_s);
    }

    void halfASurrogatePairIsNotSent()
    {
        QVERIFY(messagesFor({user(QString(QChar(0xd83d)))}).contains(u'\uFFFD'));
    }

    // Answers. What single streams mean is held by the goldens; here is what their summaries leave out.

    void everythingComesInTheOrderOfTheStream()
    {
        const QByteArray stream =
            readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/anthropic-thinking-then-tool.sse"));
        const QStringList expected{
            uR"({"event":"started","id":"msg_1","model":"claude-test-1"})"_s,
            uR"({"event":"usage","input_tokens":12,"output_tokens":1})"_s,
            uR"({"event":"reasoning","text":"The user wants the tide."})"_s,
            u"{\"event\":\"reasoning_opaque\",\"index\":0,\"data\":\"{\\\"signature\\\":"
            u"\\\"c2lnLTE=\\\",\\\"thinking\\\":\\\"The user wants the tide.\\\",\\\"type\\\":\\\"thinking\\\"}\"}"_s,
            u"{\"event\":\"tool_call\",\"index\":0,\"id\":\"toolu_1\",\"name\":\"tide\","
            u"\"arguments\":\"{\\\"port\\\": \\\"Brest\\\"}\"}"_s,
            uR"({"event":"usage","input_tokens":12,"output_tokens":40,"reasoning_tokens":21})"_s,
            uR"({"event":"finished","reason":"tool_calls"})"_s};
        everySplit(stream, [&](const Split &split) {
            QCOMPARE(read(split.pieces, successfulHead(), DialectId::Anthropic).lines(), expected);
        });
    }

    void whatTheServersToolsDidIsKeptWhole()
    {
        const Answer searched =
            answer(readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/anthropic-web-search.sse")));
        const QStringList blocks = opaqueOf(searched);
        QCOMPARE(blocks.size(), 2);
        QCOMPARE(QJsonDocument::fromJson(blocks[0].toUtf8()).object(),
                 (QJsonObject{{u"type"_s, u"server_tool_use"_s},
                              {u"id"_s, u"srvtoolu_1"_s},
                              {u"name"_s, u"web_search"_s},
                              {u"input"_s, QJsonObject{{u"query"_s, u"tide Brest"_s}}}}));
        QCOMPARE(
            QJsonDocument::fromJson(blocks[1].toUtf8())["content"_L1][0]["encrypted_content"_L1].toString(),
            u"ZW5j"_s);
    }

    void aCutThoughtIsNotKeptButASignedOneIs()
    {
        const QByteArray begun =
            started
            + said(
                R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"Hm."}})");
        QVERIFY(opaqueOf(answer(begun)).isEmpty());
        QCOMPARE(
            opaqueOf(answer(
                begun
                + said(
                    R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}})"))),
            QStringList{thought});
    }

    void aCompactionIsToldAndKept()
    {
        const Answer compacted =
            answer(readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/anthropic-compaction.sse")));
        QCOMPARE(opaqueOf(compacted),
                 QStringList{uR"({"content":"They talked about tides.","type":"compaction"})"_s});
        QCOMPARE(compacted.last<event::Status>().stage, u"compaction"_s);
        QCOMPARE(compacted.last<event::Status>().state, event::Status::State::Done);
    }

    void aRefusalIsExplained()
    {
        const Answer refused =
            answer(readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/anthropic-refusal.sse")));
        QCOMPARE(refused.last<event::Status>().message, u"Not this."_s);
        QCOMPARE(refused.last<event::Finished>().reason, FinishReason::Refusal);
    }

    void stopReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<FinishReason>("meaning");
        QTest::newRow("end_turn") << "end_turn"_ba << FinishReason::Stop;
        QTest::newRow("stop_sequence") << "stop_sequence"_ba << FinishReason::Stop;
        QTest::newRow("max_tokens") << "max_tokens"_ba << FinishReason::Length;
        QTest::newRow("window") << "model_context_window_exceeded"_ba << FinishReason::Length;
        QTest::newRow("tool_use") << "tool_use"_ba << FinishReason::ToolCalls;
        QTest::newRow("pause_turn") << "pause_turn"_ba << FinishReason::Pause;
        QTest::newRow("compaction") << "compaction"_ba << FinishReason::Pause;
        QTest::newRow("refusal") << "refusal"_ba << FinishReason::Refusal;
        QTest::newRow("a newer one") << "bored"_ba << FinishReason::Other;
    }

    void stopReasonsHaveOneMeaning()
    {
        QFETCH(QByteArray, reason);
        QFETCH(FinishReason, meaning);
        const Answer ended =
            answer(started + said(R"({"type":"message_delta","delta":{"stop_reason":")" + reason + R"("}})"));
        QCOMPARE(ended.last<event::Finished>().reason, meaning);
        QCOMPARE(ended.completeness, Completeness::Open);
    }

    void errorsHaveTheirKinds_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<NetError::Kind>("kind");
        using enum NetError::Kind;
        QTest::newRow("invalid") << "invalid_request_error"_ba << InvalidRequest;
        QTest::newRow("authentication") << "authentication_error"_ba << Auth;
        QTest::newRow("billing") << "billing_error"_ba << Quota;
        QTest::newRow("permission") << "permission_error"_ba << Auth;
        QTest::newRow("not found") << "not_found_error"_ba << InvalidRequest;
        QTest::newRow("too large") << "request_too_large"_ba << InvalidRequest;
        QTest::newRow("rate") << "rate_limit_error"_ba << RateLimited;
        QTest::newRow("api") << "api_error"_ba << Server;
        QTest::newRow("timeout") << "timeout_error"_ba << Server;
        QTest::newRow("overloaded") << "overloaded_error"_ba << Overloaded;
    }

    void errorsHaveTheirKinds()
    {
        QFETCH(QByteArray, type);
        QFETCH(NetError::Kind, kind);
        const QByteArray error =
            R"({"type":"error","error":{"type":"KIND","message":"No."}})"_ba.replace("KIND", type);
        for (const QByteArray &before : {QByteArray(), started}) {
            const Answer failed = answer(before + "event: error\n" + said(error));
            QCOMPARE(failed.completeness, Completeness::Failed);
            QCOMPARE(failed.last<event::Failed>().error,
                     (NetError{.kind = kind, .code = QString::fromLatin1(type), .message = u"No."_s}));
        }
        QCOMPARE(answer(error).last<event::Failed>().error.kind, kind);
    }

    void aFailingStatusIsAnError()
    {
        const Answer failed =
            read({R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"},
                 {.status = 529, .contentType = "application/json", .headers = {{"retry-after", "7"}}},
                 DialectId::Anthropic);
        QCOMPARE(failed.last<event::Failed>().error,
                 (NetError{.kind = NetError::Kind::Overloaded,
                           .status = 529,
                           .code = u"overloaded_error"_s,
                           .message = u"Overloaded"_s,
                           .retryAfter = std::chrono::seconds(7)}));
    }

    void countsThatAGatewayDoesNotKnowAreNotZero()
    {
        const Answer counted = answer(
            said(
                R"({"type":"message_start","message":{"usage":{"input_tokens":5,"cache_read_input_tokens":3}}})")
            + said(
                R"({"type":"message_delta","delta":{},"usage":{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":2}})"));
        QCOMPARE(counted.last<event::UsageReported>().usage,
                 (Usage{.inputTokens = 8, .outputTokens = 2, .reasoningTokens = {}, .cachedTokens = 3}));
    }

    void aHostileBlockHasAnEnd()
    {
        const QByteArray piece =
            said(R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":")"
                 + QByteArray(1024 * 1024, 'x') + R"("}})");
        ResponseReader reader(makeDialect(DialectId::Anthropic));
        StreamEvents events;
        reader.head(successfulHead());
        const QByteArray begun =
            started
            + said(
                R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}})");
        reader.feed(begun, events);
        for (size_t sent = 0; sent <= limits::messageText; sent += limits::MiB)
            reader.feed(piece, events);
        QCOMPARE(reader.completeness(), Completeness::Failed);
        QCOMPARE(std::get<event::Failed>(events.constLast().payload).error.kind, NetError::Kind::TooLarge);
    }

    void blocksThatNeverEndAreCounted()
    {
        QByteArray stream = started;
        for (size_t i = 0; i <= limits::toolCalls; ++i)
            stream += said(R"({"type":"content_block_start","index":)" + QByteArray::number(i)
                           + R"(,"content_block":{"type":"text","text":""}})");
        QCOMPARE(answer(stream).last<event::Failed>().error.kind, NetError::Kind::TooLarge);
    }

    // Models

    void modelsAreAskedForAllAtOnce()
    {
        const auto request =
            makeDialect(DialectId::Anthropic)->modelsRequest({.baseUrl = QUrl(server), .apiKey = "key-1"});
        QVERIFY(request);
        QCOMPARE(request->method, "GET");
        QCOMPARE(request->url, QUrl(u"https://api.example.com/v1/models?limit=1000"_s));
        QCOMPARE(headerOf(*request, "x-api-key"), "key-1");
        QCOMPARE(headerOf(*request, "anthropic-version"), "2023-06-01");
    }

    void modelsAreListed()
    {
        const auto dialect = makeDialect(DialectId::Anthropic);
        QCOMPARE(dialect->models(R"({"data":[{"type":"model","id":"claude-a"},{"id":"b","owned_by":"us"}]})"),
                 (QList<ListedModel>{{u"claude-a"_s, {}}, {u"b"_s, u"us"_s}}));
        QVERIFY(!dialect->models(R"({"data":[{"name":"x"}]})"));
        QVERIFY(!dialect->models("<html>"));
    }
};

QTEST_APPLESS_MAIN(tst_Anthropic)
#include "tst_anthropic.moc"
