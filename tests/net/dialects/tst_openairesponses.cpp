// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/openairesponses.h"
#include "net/framing/limits.h"
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

// The stream of the given payloads.
QByteArray streamOf(const QList<QByteArray> &payloads)
{
    QByteArray stream;
    for (const QByteArray &payload : payloads)
        stream += "data: " + payload + "\n\n";
    return stream;
}

QByteArray textDelta(const QByteArray &text, int sequence)
{
    return "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\""
        + text + "\",\"sequence_number\":" + QByteArray::number(sequence) + '}';
}

QByteArray textDone(const QByteArray &text, int sequence)
{
    return "{\"type\":\"response.output_text.done\",\"output_index\":0,\"content_index\":0,\"text\":\"" + text
        + "\",\"sequence_number\":" + QByteArray::number(sequence) + '}';
}

const QByteArray messageAdded = "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{"
                                "\"type\":\"message\",\"id\":\"m\"},\"sequence_number\":1}";
const QByteArray completed = "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":"
                             "\"completed\"},\"sequence_number\":99}";

QByteArray created(const QByteArray &more = {})
{
    return "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"model\":\"m\"" + more
        + "},\"sequence_number\":0}";
}

const Endpoint server{.baseUrl = QUrl(u"https://api.example.com/v1"_s), .apiKey = "key-1"};
const ChatRequest question{.model = u"model-1"_s, .messages = {{ChatRole::User, u"Hi"_s}}};

HttpRequest requestFor(const ChatRequest &chat, const Endpoint &endpoint = server)
{
    return std::get<HttpRequest>(OpenAiResponses().open(chat, endpoint));
}

QJsonObject bodyOf(const ChatRequest &chat, const Endpoint &endpoint = server)
{
    return QJsonDocument::fromJson(requestFor(chat, endpoint).body).object();
}

// The input items as JSON texts, one each.
QStringList inputOf(const QList<ChatMessage> &messages)
{
    QStringList items;
    const QJsonArray input = bodyOf({.model = u"m"_s, .messages = messages})["input"_L1].toArray();
    for (const auto &item : input)
        items.append(QString::fromUtf8(QJsonDocument(item.toObject()).toJson(QJsonDocument::Compact)));
    return items;
}

QByteArray headerOf(const HttpHeaders &headers, const QByteArray &name)
{
    for (const auto &[header, value] : headers) {
        if (header == name)
            return value;
    }
    return {};
}

// A translator that reads events one by one, as of a live stream.
struct Live
{
    OpenAiResponses dialect{};
    EventWriter out{};
    StreamEvents events{};

    void read(const QList<QByteArray> &payloads)
    {
        out.writeTo(events);
        for (const QByteArray &payload : payloads) {
            if (out.isOpen())
                dialect.frame(Frame{.data = {payload.data(), static_cast<size_t>(payload.size())}}, out);
        }
    }

    [[nodiscard]] Answer answer() const
    {
        Answer answer{.events = events, .completeness = out.completeness()};
        coalesce(answer.events);
        return answer;
    }
};

const ChatRequest inBackground{
    .model = u"m"_s, .messages = question.messages, .options = {{u"background"_s, u"true"_s}}};

} // namespace

class tst_OpenAiResponses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void aRequestHoldsAllThatTheServerNeeds()
    {
        const HttpRequest request = requestFor(
            {.model = u"M"_s,
             .system = u"S"_s,
             .messages = {{ChatRole::User,
                           {content::Text{u"Q"_s}, content::Attachment{u"a.png"_s, "image/png", "png"}}}},
             .tools = {{.name = u"f"_s,
                        .description = u"d"_s,
                        .parameters = "{\"type\":\"object\",\"properties\":{}}"}}});
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url, QUrl(u"https://api.example.com/v1/responses"_s));
        QCOMPARE(headerOf(request.headers, "Accept"), "text/event-stream");
        QCOMPARE(headerOf(request.headers, "Authorization"), "Bearer key-1");
        QCOMPARE(
            QString::fromUtf8(request.body),
            u"{\"include\":[\"reasoning.encrypted_content\"],\"input\":[{\"content\":[{\"text\":\"Q\","
            u"\"type\":\"input_text\"},{\"image_url\":\"data:image/"
            u"png;base64,cG5n\",\"type\":\"input_image\"}],"
            u"\"role\":\"user\",\"type\":\"message\"}],\"instructions\":\"S\",\"model\":\"M\",\"store\":"
            u"false,"
            u"\"stream\":true,\"tools\":[{\"description\":\"d\",\"name\":\"f\","
            u"\"parameters\":{\"properties\":{},\"type\":\"object\"},\"strict\":false,\"type\":\"function\"}]}"_s);
    }

    void whatTheUserSetIsSentAndNothingElse()
    {
        const QStringList always{u"include"_s, u"input"_s, u"model"_s, u"store"_s, u"stream"_s};
        QCOMPARE(bodyOf(question).keys(), always);
        ChatRequest tuned = question;
        tuned.reasoningEffort = ReasoningEffort::High;
        tuned.temperature = 0.5;
        tuned.topP = 0.25;
        tuned.maxOutputTokens = 100;
        tuned.options = {{u"verbosity"_s, u"low"_s}, {u"format"_s, u"json_object"_s}};
        const QJsonObject body = bodyOf(tuned);
        QCOMPARE(body["reasoning"_L1], (QJsonObject{{u"effort"_s, u"high"_s}, {u"summary"_s, u"auto"_s}}));
        QCOMPARE(body["temperature"_L1].toDouble(), 0.5);
        QCOMPARE(body["top_p"_L1].toDouble(), 0.25);
        QCOMPARE(body["max_output_tokens"_L1].toInt(), 100);
        QCOMPARE(body["text"_L1],
                 (QJsonObject{{u"verbosity"_s, u"low"_s},
                              {u"format"_s, QJsonObject{{u"type"_s, u"json_object"_s}}}}));
    }

    void noSummaryIsAskedOfAModelThatShallNotThink()
    {
        ChatRequest chat = question;
        chat.reasoningEffort = ReasoningEffort::None;
        QCOMPARE(bodyOf(chat)["reasoning"_L1], (QJsonObject{{u"effort"_s, u"none"_s}}));
    }

    void encryptedReasoningIsAskedOnlyOfModelsThatHaveIt_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<bool>("asked");
        QTest::newRow("gpt-5") << u"gpt-5"_s << true;
        QTest::newRow("o3") << u"openai/o3"_s << true;
        QTest::newRow("unknown") << u"local-model"_s << true;
        QTest::newRow("gpt-4o") << u"gpt-4o-mini"_s << false;
        QTest::newRow("through a router") << u"openai/gpt-4.1"_s << false;
        QTest::newRow("chat") << u"gpt-5-chat-latest"_s << false;
    }

    void encryptedReasoningIsAskedOnlyOfModelsThatHaveIt()
    {
        QFETCH(QString, model);
        QFETCH(bool, asked);
        QCOMPARE(bodyOf({.model = model, .messages = question.messages}).contains("include"_L1), asked);
    }

    void azureTakesTheKeyInItsOwnHeader()
    {
        const HttpRequest request = requestFor(
            question,
            {.baseUrl = QUrl(u"https://res.openai.azure.com/openai/v1/responses"_s), .apiKey = "key-1"});
        QCOMPARE(request.url, QUrl(u"https://res.openai.azure.com/openai/v1/responses"_s));
        QCOMPARE(headerOf(request.headers, "api-key"), "key-1");
        QVERIFY(headerOf(request.headers, "Authorization").isEmpty());
    }

    void filesGoInTheFormThatTheServerKnows()
    {
        const QStringList items = inputOf({{ChatRole::User,
                                            {content::Attachment{u"a.pdf"_s, "application/pdf", "pdf"},
                                             content::Attachment{u"a.txt"_s, "text/plain", "words\n"}}}});
        QCOMPARE(items,
                 QStringList{u"{\"content\":[{\"file_data\":\"data:application/pdf;base64,cGRm\","
                             u"\"filename\":\"a.pdf\",\"type\":\"input_file\"},"
                             u"{\"text\":\"a.txt:\\n```\\nwords\\n```\\n\",\"type\":\"input_text\"}],"
                             u"\"role\":\"user\",\"type\":\"message\"}"_s});
    }

    // The next request

    void aToolTurnGoesBackInOrderAndWithItsReasoning()
    {
        const QString reasoning =
            u"{\"encrypted_content\":\"ZW5j\",\"id\":\"rs_1\",\"summary\":[],\"type\":\"reasoning\"}"_s;
        const QStringList items =
            inputOf({{ChatRole::User, u"Q"_s},
                     {ChatRole::Assistant,
                      {content::Reasoning{u"Hm."_s, {reasoning}}, content::Text{u"Let me see. "_s},
                       content::ToolCall{u"c1"_s, u"f"_s, u"{}"_s},
                       content::ToolCall{u"c2"_s, u"g"_s, u"{\"a\":1}"_s}}},
                     {ChatRole::User,
                      {content::ToolResult{u"c1"_s, u"f"_s, u"R"_s},
                       content::ToolResult{u"c2"_s, u"g"_s, u"S"_s, true}, content::Text{u"Go on"_s}}}});
        QCOMPARE(
            items,
            (QStringList{
                u"{\"content\":[{\"text\":\"Q\",\"type\":\"input_text\"}],\"role\":\"user\",\"type\":\"message\"}"_s,
                reasoning,
                u"{\"content\":[{\"text\":\"Let me see. \",\"type\":\"output_text\"}],\"role\":\"assistant\",\"type\":\"message\"}"_s,
                u"{\"arguments\":\"{}\",\"call_id\":\"c1\",\"name\":\"f\",\"type\":\"function_call\"}"_s,
                u"{\"arguments\":\"{\\\"a\\\":1}\",\"call_id\":\"c2\",\"name\":\"g\",\"type\":\"function_call\"}"_s,
                u"{\"call_id\":\"c1\",\"output\":\"R\",\"type\":\"function_call_output\"}"_s,
                u"{\"call_id\":\"c2\",\"output\":\"S\",\"type\":\"function_call_output\"}"_s,
                u"{\"content\":[{\"text\":\"Go on\",\"type\":\"input_text\"}],\"role\":\"user\",\"type\":\"message\"}"_s}));
    }

    void aCallThatWasCutOffIsLeftOutAndTheReasoningThatLedToIt()
    {
        const QString reasoning =
            u"{\"encrypted_content\":\"ZW5j\",\"id\":\"rs_1\",\"summary\":[],\"type\":\"reasoning\"}"_s;
        const QStringList items =
            inputOf({{ChatRole::User, u"Q"_s},
                     {ChatRole::Assistant,
                      {content::Text{u"Let me see."_s}, content::Reasoning{u"Hm."_s, {reasoning}},
                       content::ToolCall{u"c1"_s, u"f"_s, u"{\"a\":"_s}}},
                     {ChatRole::User, u"And?"_s}});
        QCOMPARE(items.size(), 3);
        QVERIFY(items.at(1).contains("Let me see."_L1));
        QVERIFY(items.at(2).contains("And?"_L1));
    }

    void reasoningThatIsNotEncryptedAndThatOfOtherProtocolsIsLeftOut()
    {
        const QStringList items = inputOf(
            {{ChatRole::User, u"Q"_s},
             {ChatRole::Assistant,
              {content::Reasoning{u"Hm."_s,
                                  {u"{\"id\":\"rs_1\",\"summary\":[],\"type\":\"reasoning\"}"_s,
                                   u"{\"type\":\"thinking\",\"signature\":\"c2ln\",\"thinking\":\"Hm.\"}"_s,
                                   u"c2lnbmF0dXJl"_s}},
               content::Text{u"A"_s}}},
             {ChatRole::User, u"And?"_s}});
        QCOMPARE(items.size(), 3);
        QVERIFY(!items.join(u' ').contains("rs_1"_L1));
        QVERIFY(!items.join(u' ').contains("Hm."_L1));
    }

    void idsAndNamesOfOtherProtocolsAreMadeToFit()
    {
        const QString longId = QString(83, u'x');
        const QStringList items =
            inputOf({{ChatRole::Assistant, {content::ToolCall{longId, u"server.tool ü"_s, u"{}"_s}}},
                     {ChatRole::User, {content::ToolResult{longId, u"server.tool ü"_s, u"R"_s}}}});
        QCOMPARE(items.size(), 2);
        const QJsonObject call = QJsonDocument::fromJson(items.at(0).toUtf8()).object();
        const QJsonObject output = QJsonDocument::fromJson(items.at(1).toUtf8()).object();
        QCOMPARE(call["name"_L1].toString(), u"server_tool__"_s);
        QCOMPARE(call["call_id"_L1].toString().size(), 64);
        QCOMPARE(output["call_id"_L1], call["call_id"_L1]);
    }

    void anApprovalIsAnsweredInTheNextRequest_data()
    {
        QTest::addColumn<bool>("allowed");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("answer");
        QTest::newRow("allowed")
            << true << QString()
            << u"{\"approval_request_id\":\"mcpr_3\",\"approve\":true,\"type\":\"mcp_approval_response\"}"_s;
        QTest::newRow("denied")
            << false << u"Not now."_s
            << u"{\"approval_request_id\":\"mcpr_3\",\"approve\":false,\"reason\":\"Not now.\",\"type\":\"mcp_approval_response\"}"_s;
    }

    void anApprovalIsAnsweredInTheNextRequest()
    {
        QFETCH(bool, allowed);
        QFETCH(QString, reason);
        QFETCH(QString, answer);
        const auto asked =
            read({readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/openai-responses-mcp.sse"))},
                 successfulHead(), DialectId::OpenAiResponses)
                .last<event::Approval>();
        QCOMPARE(asked.id, u"mcpr_3"_s);
        QCOMPARE(asked.name, u"publish"_s);
        QCOMPARE(asked.arguments, u"{\"url\":\"https://example.org\"}"_s);
        content::Approval said{.id = asked.id, .call = asked.call, .context = asked.context};
        QCOMPARE(inputOf({{ChatRole::User, u"Q"_s}, {ChatRole::Assistant, {said}}}).size(), 1);

        said.allowed = allowed;
        said.reason = reason;
        const QStringList items = inputOf({{ChatRole::User, u"Q"_s}, {ChatRole::Assistant, {said}}});
        QCOMPARE(items.size(), 3);
        QCOMPARE(QJsonDocument::fromJson(items.at(1).toUtf8()),
                 QJsonDocument::fromJson(asked.context.toUtf8()));
        QCOMPARE(items.at(2), answer);
        // It is not told on the exchange that asked.
        QVERIFY(!OpenAiResponses().decide({.id = asked.id, .verdict = ApprovalDecision::Verdict::AllowOnce}));
    }

    void anOldApprovalAndOneOfAnotherProtocolAreLeftOut()
    {
        const content::Approval old{.id = u"mcpr_1"_s,
                                    .context = u"{\"type\":\"mcp_approval_request\",\"id\":\"mcpr_1\"}"_s,
                                    .allowed = true};
        const content::Approval foreign{.id = u"a"_s, .call = u"c1"_s, .allowed = true};
        const QStringList items =
            inputOf({{ChatRole::User, u"Q"_s},
                     {ChatRole::Assistant, {content::Text{u"A"_s}, old}},
                     {ChatRole::User, u"R"_s},
                     {ChatRole::Assistant,
                      {content::Text{u"B"_s}, content::ToolCall{u"c1"_s, u"f"_s, u"{}"_s}, foreign}}});
        QCOMPARE(items.size(), 4);
        QVERIFY(!items.join(u' ').contains("mcp"_L1));
        QVERIFY(!items.join(u' ').contains("function_call"_L1));
    }

    // What the answer says goes back as it came.
    void encryptedReasoningIsKeptUnchanged()
    {
        const QByteArray item = "{\"id\":\"rs_1\",\"type\":\"reasoning\",\"encrypted_content\":\"ZW5j\","
                                "\"summary\":[{\"type\":\"summary_text\",\"text\":\"\\u00e4\"}]}";
        const Answer answer = read(
            {streamOf({"{\"type\":\"response.output_item.done\",\"output_index\":2,\"item\":" + item + '}'})},
            successfulHead(), DialectId::OpenAiResponses);
        const auto opaque = answer.last<event::ReasoningOpaque>();
        QCOMPARE(opaque.index, 2);
        QCOMPARE(opaque.data.toUtf8(), item);
        QCOMPARE(answer.joined<event::Reasoning>(), u"ä"_s);
    }

    // Over a WebSocket

    void aBaseForAWebSocketSaysTheSameThere()
    {
        const auto request = std::get<WebSocketRequest>(OpenAiResponses().open(
            inBackground, {.baseUrl = QUrl(u"wss://api.example.com/v1"_s), .apiKey = "key-1"}));
        QCOMPARE(request.url, QUrl(u"wss://api.example.com/v1/responses"_s));
        QCOMPARE(headerOf(request.headers, "Authorization"), "Bearer key-1");
        QCOMPARE(request.messages.size(), 1);
        const QJsonObject message = QJsonDocument::fromJson(request.messages.first()).object();
        QCOMPARE(message["type"_L1].toString(), u"response.create"_s);
        QVERIFY(!message.contains("stream"_L1));
        QVERIFY(!message.contains("background"_L1));
        QCOMPARE(message["input"_L1], bodyOf(inBackground)["input"_L1]);

        QVERIFY(request.fallback);
        QCOMPARE(request.fallback->url, QUrl(u"https://api.example.com/v1/responses"_s));
        QVERIFY(QJsonDocument::fromJson(request.fallback->body)["stream"_L1].toBool());
    }

    void theEventsOfAWebSocketAreTheSame()
    {
        ResponseReader reader(makeDialect(DialectId::OpenAiResponses));
        StreamEvents events;
        for (const QByteArray &message : {created(), messageAdded, textDelta("Hi", 2), completed})
            reader.message(message, events);
        reader.finish(ResponseReader::End::Clean, events);
        QCOMPARE(reader.completeness(), Completeness::Complete);
        QCOMPARE(std::get<event::Text>(events.at(1).payload).text, u"Hi"_s);
    }

    // In the background

    void onlyABackgroundResponseIsStoredJoinedAgainAndCancelled()
    {
        const QJsonObject body = bodyOf(inBackground);
        QCOMPARE(body["background"_L1], QJsonValue(true));
        QCOMPARE(body["store"_L1], QJsonValue(true));
        Endpoint always = server;
        always.options.insert(u"background"_s, u"true"_s);
        QVERIFY(bodyOf(question, always).contains("background"_L1));

        Live foreground;
        static_cast<void>(foreground.dialect.open(question, server));
        foreground.read({created(), textDelta("Hi", 2)});
        QVERIFY(!foreground.dialect.resumeToken());
        QVERIFY(!foreground.dialect.cancel(server));

        Live background;
        static_cast<void>(background.dialect.open(inBackground, server));
        QVERIFY(!background.dialect.resumeToken());
        QVERIFY(!background.dialect.cancel(server));
        background.read({created(), textDelta("Hi", 7)});
        QCOMPARE(background.dialect.resumeToken(), (ResumeToken{.stream = u"resp_1"_s, .cursor = u"7"_s}));
        const auto cancel = std::get<HttpRequest>(*background.dialect.cancel(server));
        QCOMPARE(cancel.method, "POST");
        QCOMPARE(cancel.url, QUrl(u"https://api.example.com/v1/responses/resp_1/cancel"_s));
        QCOMPARE(headerOf(cancel.headers, "Authorization"), "Bearer key-1");

        background.read({completed});
        QVERIFY(!background.dialect.resumeToken());
        QVERIFY(!background.dialect.cancel(server));
    }

    void aStreamIsJoinedAgainAfterItsLastEvent()
    {
        Live live;
        static_cast<void>(live.dialect.open(inBackground, server));
        live.read({created(), messageAdded, textDelta("One ", 2), textDelta("two ", 3)});
        const auto token = live.dialect.resumeToken();
        const auto request = std::get<HttpRequest>(*live.dialect.resume(*token, server));
        QCOMPARE(request.method, "GET");
        QCOMPARE(request.url,
                 QUrl(u"https://api.example.com/v1/responses/resp_1?stream=true&starting_after=3"_s));
        QCOMPARE(headerOf(request.headers, "Authorization"), "Bearer key-1");
        // A server that repeats what was read changes nothing.
        live.read({textDelta("two ", 3), textDelta("three", 4), textDone("One two three", 5), completed});
        QCOMPARE(live.answer().joined<event::Text>(), u"One two three"_s);
        QCOMPARE(live.answer().completeness, Completeness::Complete);
    }

    void aStreamCutAfterAnyEventIsWholeOnceANewProcessJoinedIt()
    {
        const QList<QByteArray> events{
            created(",\"background\":true"),
            messageAdded,
            textDelta("One ", 2),
            textDelta("two", 3),
            textDone("One two", 4),
            "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"message\","
            "\"content\":[{\"type\":\"output_text\",\"text\":\"One two\"}]},\"sequence_number\":5}",
            "{\"type\":\"response.output_item.added\",\"output_index\":1,\"item\":{\"type\":\"function_"
            "call\",\"call_id\":\"c1\",\"name\":\"f\"},\"sequence_number\":6}",
            "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":1,\"delta\":\"{"
            "\\\"a\\\"\",\"sequence_number\":7}",
            "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":1,\"delta\":\":1}\","
            "\"sequence_number\":8}",
            "{\"type\":\"response.function_call_arguments.done\",\"output_index\":1,\"arguments\":\"{"
            "\\\"a\\\":1}\",\"sequence_number\":9}",
            "{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{\"type\":\"function_call\","
            "\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"},\"sequence_number\":10}",
            "{\"type\":\"response.output_item.added\",\"output_index\":2,\"item\":{\"type\":\"custom_tool_"
            "call\",\"call_id\":\"c2\",\"name\":\"g\"},\"sequence_number\":11}",
            "{\"type\":\"response.custom_tool_call_input.delta\",\"output_index\":2,\"delta\":\"\\\"x\","
            "\"sequence_number\":12}",
            "{\"type\":\"response.custom_tool_call_input.delta\",\"output_index\":2,\"delta\":\"y\","
            "\"sequence_number\":13}",
            "{\"type\":\"response.output_item.done\",\"output_index\":2,\"item\":{\"type\":\"custom_tool_"
            "call\",\"call_id\":\"c2\",\"name\":\"g\",\"input\":\"\\\"xy\"},\"sequence_number\":14}",
            "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\","
            "\"output\":[]},\"sequence_number\":15}"};
        const auto fold = [](const StreamEvents &all) {
            QString text;
            QMap<int, QString> arguments;
            for (const StreamEvent &event : all) {
                if (const auto *delta = std::get_if<event::Text>(&event.payload))
                    text += delta->text;
                if (const auto *call = std::get_if<event::ToolCall>(&event.payload))
                    arguments[call->index] += call->id + call->arguments;
            }
            return std::pair(text, arguments);
        };
        const auto whole = std::pair(
            u"One two"_s, QMap<int, QString>{{0, u"c1{\"a\":1}"_s}, {1, u"c2{\"input\":\"\\\"xy\"}"_s}});
        for (qsizetype cut = 3; cut < events.size(); ++cut) {
            Live before;
            before.read(events.first(cut));
            const auto token = before.dialect.resumeToken();
            QVERIFY(token);
            Live after;
            QVERIFY(after.dialect.resume(*token, server));
            after.read(events.sliced(cut));
            QCOMPARE(fold(before.events + after.events), whole);
            QCOMPARE(after.out.completeness(), Completeness::Complete);
            QCOMPARE(after.out.finishReason(), FinishReason::ToolCalls);
        }
    }

    void aToolThatHadRunBeforeTheCutIsNotWaitedFor()
    {
        const QList<QByteArray> events{
            created(",\"background\":true"),
            "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"web_search_"
            "call\",\"id\":\"ws_1\"},\"sequence_number\":1}",
            "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"web_search_"
            "call\",\"id\":\"ws_1\",\"status\":\"completed\",\"action\":{\"type\":\"search\"}},\"sequence_"
            "number\":2}",
            completed};
        for (const qsizetype cut : {2, 3}) {
            Live before;
            before.read(events.first(cut));
            Live after;
            QVERIFY(after.dialect.resume(*before.dialect.resumeToken(), server));
            after.read(events.sliced(cut));
            QCOMPARE(after.out.finishReason(), FinishReason::Stop);
        }
    }

    void aWholeResponseInsteadOfAStreamTakesThePlaceOfWhatWasToldBefore()
    {
        ResponseReader reader(makeDialect(DialectId::OpenAiResponses));
        QVERIFY(reader.dialect().resume({.stream = u"resp_1"_s, .cursor = u"3"_s}, server));
        StreamEvents events;
        reader.head(successfulHead("application/json"));
        reader.feed("{\"object\":\"response\",\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[{"
                    "\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"One two\"}]}]}",
                    events);
        reader.finish(ResponseReader::End::Clean, events);
        QCOMPARE(reader.completeness(), Completeness::Complete);
        const auto replaced = std::ranges::find_if(events, [](const StreamEvent &event) {
            return std::holds_alternative<event::Replace>(event.payload);
        });
        QVERIFY(replaced != events.end());
        QCOMPARE(std::get<event::Replace>(replaced->payload).text, u"One two"_s);
    }

    void aResponseThatStillRunsIsNotTheEnd()
    {
        const Answer answer =
            read({"{\"object\":\"response\",\"id\":\"resp_1\",\"status\":\"in_progress\",\"output\":[]}"},
                 successfulHead("application/json"), DialectId::OpenAiResponses);
        QCOMPARE(answer.completeness, Completeness::Open);
    }

    void anIdThatLeadsElsewhereIsNone_data()
    {
        QTest::addColumn<QString>("id");
        QTest::newRow("path") << u"../../admin"_s;
        QTest::newRow("query") << u"resp?x=1"_s;
        QTest::newRow("host") << u"//evil.example"_s;
        QTest::newRow("escaped") << u"resp%2F.."_s;
        QTest::newRow("empty") << QString();
    }

    void anIdThatLeadsElsewhereIsNone()
    {
        QFETCH(QString, id);
        QVERIFY(!OpenAiResponses().resume({.stream = id, .cursor = u"1"_s}, server));
        Live live;
        static_cast<void>(live.dialect.open(inBackground, server));
        live.read({"{\"type\":\"response.created\",\"response\":{\"id\":\"" + id.toUtf8()
                   + "\"},\"sequence_number\":0}"});
        QVERIFY(!live.dialect.cancel(server));
    }

    void aTokenThatIsNoneIsRefused()
    {
        QVERIFY(!OpenAiResponses().resume({.stream = u"resp_1"_s, .cursor = u"x"_s}, server));
        QVERIFY(!OpenAiResponses().resume({.stream = u"resp_1"_s, .cursor = {}}, server));
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void eventsComeInTheOrderOfTheStream()
    {
        const Answer answer = read(
            {readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/openai-responses-reasoning-summary.sse"))},
            successfulHead(), DialectId::OpenAiResponses);
        QCOMPARE(
            answer.lines(),
            (QStringList{
                u"{\"event\":\"started\",\"id\":\"resp_1\",\"model\":\"model-1\"}"_s,
                u"{\"event\":\"reasoning\",\"text\":\"**Plan**\\n\\nAdd them.\\n\\n**Check**\"}"_s,
                u"{\"event\":\"reasoning_opaque\",\"index\":0,\"data\":\"{\\\"type\\\":\\\"reasoning\\\",\\\"id\\\":\\\"rs_0\\\",\\\"encrypted_content\\\":\\\"ZW5jcnlwdGVk\\\",\\\"summary\\\":[{\\\"type\\\":\\\"summary_text\\\",\\\"text\\\":\\\"**Plan**\\\\n\\\\nAdd them.\\\"},{\\\"type\\\":\\\"summary_text\\\",\\\"text\\\":\\\"**Check**\\\"}]}\"}"_s,
                u"{\"event\":\"text\",\"text\":\"Four.\"}"_s,
                u"{\"event\":\"usage\",\"input_tokens\":12,\"output_tokens\":9,\"reasoning_tokens\":3,\"cached_tokens\":4}"_s,
                u"{\"event\":\"finished\",\"reason\":\"stop\"}"_s}));
    }

    void codeIsShownAsItIsWritten()
    {
        const Answer answer = read(
            {readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/openai-responses-code-interpreter.sse"))},
            successfulHead(), DialectId::OpenAiResponses);
        QByteArrayList pieces;
        for (const StreamEvent &event : answer.events) {
            const auto *artifact = std::get_if<event::Artifact>(&event.payload);
            if (artifact && artifact->kind == event::Artifact::Kind::Code) {
                QVERIFY(artifact->append);
                pieces.append(artifact->data);
            }
        }
        QCOMPARE(pieces, (QByteArrayList{"\"print(\"", "\"\\\"\U0001F600\\\")\"", "\"\\n\""}));
    }

    void onlyTheLastEventMakesItComplete()
    {
        const QByteArray stream =
            streamOf({created(), messageAdded, textDelta("Hi", 2), textDone("Hi", 3), completed});
        const qsizetype end = stream.lastIndexOf('}') + 1;
        for (qsizetype size = 0; size < end; ++size)
            QVERIFY2(read({QByteArrayView(stream).first(size)}, successfulHead(), DialectId::OpenAiResponses)
                             .completeness
                         != Completeness::Complete,
                     qPrintable(QString::number(size)));
        QCOMPARE(read({QByteArrayView(stream).first(end)}, successfulHead(), DialectId::OpenAiResponses)
                     .completeness,
                 Completeness::Complete);
    }

    void anErrorAndTheFailureThatFollowsAreOne()
    {
        const Answer answer =
            read({readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/openai-responses-error-flat.sse"))},
                 successfulHead(), DialectId::OpenAiResponses);
        QCOMPARE(std::ranges::count_if(answer.events,
                                       [](const StreamEvent &event) {
                                           return std::holds_alternative<event::Failed>(event.payload);
                                       }),
                 1);
        QCOMPARE(answer.last<event::Failed>().error.kind, NetError::Kind::RateLimited);
        QCOMPARE(answer.last<event::UsageReported>().usage.outputTokens, 9);
    }

    void theEventLineNamesAnEventThatDoesNot()
    {
        const Answer answer = read({"event: response.output_text.delta\ndata: {\"delta\":\"Hi\"}\n\n"},
                                   successfulHead(), DialectId::OpenAiResponses);
        QCOMPARE(answer.joined<event::Text>(), u"Hi"_s);
    }

    void aFailingStatusIsTheProvidersError()
    {
        const Answer answer = read({"{\"error\":{\"code\":\"model_not_found\",\"message\":\"No such "
                                    "model.\",\"param\":\"model\",\"type\":\"invalid_request_error\"}}"},
                                   {.status = 400, .contentType = "application/json", .headers = {}},
                                   DialectId::OpenAiResponses);
        const NetError error = answer.last<event::Failed>().error;
        QCOMPARE(error.kind, NetError::Kind::InvalidRequest);
        QCOMPARE(error.code, u"model_not_found"_s);
        QCOMPARE(error.message, u"No such model."_s);
    }

    void endlessItemsCostNoMoreThanTheBound()
    {
        Live live;
        live.read({created()});
        for (size_t i = 0; i < limits::outputItems + 100; ++i)
            live.read({"{\"type\":\"response.output_text.delta\",\"output_index\":"
                       + QByteArray::number(quint64(i)) + ",\"delta\":\"x\"}"});
        QCOMPARE(live.answer().joined<event::Text>().size(), qsizetype(limits::outputItems) + 100);
    }

    void modelsAreListedFromBesideTheResponses()
    {
        const auto request = OpenAiResponses().modelsRequest(
            {.baseUrl = QUrl(u"wss://api.example.com/v1/responses"_s), .apiKey = "key-1"});
        QCOMPARE(request->url, QUrl(u"https://api.example.com/v1/models"_s));
        QCOMPARE(
            OpenAiResponses().models("{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"owned_by\":\"b\"}]}"),
            (QList<ListedModel>{{.id = u"a"_s, .ownedBy = u"b"_s}}));
    }
};

QTEST_APPLESS_MAIN(tst_OpenAiResponses)
#include "tst_openairesponses.moc"
