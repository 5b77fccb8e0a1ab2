// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/eventstreambytes.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

HttpRequest requestFor(const ChatRequest &chat, const Endpoint &endpoint = {})
{
    return std::get<HttpRequest>(makeDialect(DialectId::Bedrock)->open(chat, endpoint));
}

QJsonObject bodyOf(const ChatRequest &chat)
{
    return QJsonDocument::fromJson(requestFor(chat).body).object();
}

QString compact(const QJsonValue &value)
{
    const QByteArray array = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(array.sliced(1, array.size() - 2));
}

QString messagesOf(const QList<ChatMessage> &messages)
{
    return compact(bodyOf({.model = u"m"_s, .messages = messages})["messages"_L1]);
}

QByteArray headerOf(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[header, value] : request.headers) {
        if (header == name)
            return value;
    }
    return {};
}

QByteArray eventFrame(const QByteArray &name, const QByteArray &payload)
{
    return eventStreamFrame(
        eventStreamHeader(":message-type", "event") + eventStreamHeader(":event-type", name), payload);
}

// What a model's maker sends, wrapped.
QByteArray invoked(const QByteArray &json)
{
    return eventFrame("chunk", R"({"bytes":")" + json.toBase64() + R"(","p":"abc"})");
}

const Endpoint invoking{.options = {{u"operation"_s, u"InvokeModelWithResponseStream"_s}}};

QByteArray delta(const QByteArray &json)
{
    return eventFrame("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":" + json + '}');
}

const QByteArray blockStop = eventFrame("contentBlockStop", "{\"contentBlockIndex\":0}");

QByteArray stopped(const QByteArray &reason)
{
    return eventFrame("messageStop", "{\"stopReason\":\"" + reason + "\"}");
}

const QByteArray counts = eventFrame("metadata", "{\"usage\":{\"inputTokens\":1,\"outputTokens\":2}}");

Answer readBedrock(const QByteArray &stream, ResponseReader::End end = ResponseReader::End::Clean)
{
    ResponseReader reader(makeDialect(DialectId::Bedrock));
    Answer answer;
    reader.head(successfulHead("application/vnd.amazon.eventstream"));
    reader.feed(stream, answer.events);
    reader.finish(end, answer.events);
    answer.completeness = reader.completeness();
    coalesce(answer.events);
    return answer;
}

} // namespace

class tst_Bedrock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void theModelIsEncodedInTheAddressAndStaysSo_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QByteArray>("asked");
        QTest::newRow("a version") << u"amazon.nova-lite-v1:0"_s << QByteArray("amazon.nova-lite-v1%3A0");
        QTest::newRow("an address of its own")
            << u"arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x-v1:0"_s
            << QByteArray("arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x-v1%3A0");
        QTest::newRow("odd characters") << u"a?b#c d%3A"_s << QByteArray("a%3Fb%23c%20d%253A");
        QTest::newRow("dots") << u"../x"_s << QByteArray("..%2Fx");
    }

    void theModelIsEncodedInTheAddressAndStaysSo()
    {
        QFETCH(QString, model);
        QFETCH(QByteArray, asked);
        QCOMPARE(requestFor({.model = model}).url.toEncoded(),
                 QByteArray("https://bedrock-runtime.us-east-1.amazonaws.com/model/" + asked
                            + "/converse-stream"));
    }

    void theHostIsThatOfTheRegionOrTheOneGiven()
    {
        const auto hostFor = [](const Endpoint &endpoint) {
            return requestFor({.model = u"m"_s}, endpoint).url.toEncoded();
        };
        QCOMPARE(hostFor({.options = {{u"region"_s, u"eu-west-3"_s}}}),
                 "https://bedrock-runtime.eu-west-3.amazonaws.com/model/m/converse-stream");
        QCOMPARE(hostFor({.baseUrl = QUrl(u"https://gateway.example/bedrock/"_s)}),
                 "https://gateway.example/bedrock/model/m/converse-stream");
        // What is no region's name cannot lead the key elsewhere.
        for (const QString &region : {u"x.evil.example/"_s, u"evil.example#"_s, u""_s, u"a@b"_s})
            QCOMPARE(QUrl(QString::fromLatin1(hostFor({.options = {{u"region"_s, region}}}))).host(),
                     u"bedrock-runtime.us-east-1.amazonaws.com"_s);
    }

    void aTokenIsBorneAndAnAccessKeySigns()
    {
        const QDateTime now = QDateTime::fromString(u"2026-11-21T16:00:05Z"_s, Qt::ISODate);
        QCOMPARE(headerOf(requestFor({.model = u"m"_s}, {.apiKey = "bedrock-api-key"}), "Authorization"),
                 "Bearer bedrock-api-key");
        const HttpRequest request =
            requestFor({.model = u"m:0"_s},
                       {.baseUrl = QUrl(u"https://bedrock-runtime.eu-north-1.amazonaws.com"_s),
                        .apiKey = "ASIAKEY:SECRET:TOKEN",
                        .now = now});
        QCOMPARE(headerOf(request, "X-Amz-Date"), "20261121T160005Z");
        QCOMPARE(headerOf(request, "X-Amz-Security-Token"), "TOKEN");
        QVERIFY(
            headerOf(request, "Authorization")
                .startsWith("AWS4-HMAC-SHA256 Credential=ASIAKEY/20261121/eu-north-1/bedrock/aws4_request, "
                            "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature="));
        for (const auto &[name, value] : request.headers)
            QVERIFY(!value.contains("SECRET"));
        QVERIFY(headerOf(requestFor({.model = u"m"_s}), "Authorization").isEmpty());
    }

    void aRequestSaysWhatWasAskedFor()
    {
        const ChatRequest chat{.model = u"m"_s,
                               .system = u"S"_s,
                               .messages = {{ChatRole::User, u"Q"_s}},
                               .tools = {{u"f"_s, u"d"_s, "{\"type\":\"object\"}"}},
                               .temperature = 0.5,
                               .topP = 0.25,
                               .maxOutputTokens = 100,
                               .stop = {u"x"_s}};
        const HttpRequest request = requestFor(chat);
        QCOMPARE(headerOf(request, "Accept"), "application/vnd.amazon.eventstream");
        QCOMPARE(
            QString::fromUtf8(request.body),
            u"{\"inferenceConfig\":{\"maxTokens\":100,\"stopSequences\":[\"x\"],\"temperature\":0.5,\"topP\":"
            u"0.25},"
            u"\"messages\":[{\"content\":[{\"text\":\"Q\"}],\"role\":\"user\"}],\"system\":[{\"text\":\"S\"}]"
            u","
            u"\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"description\":\"d\",\"inputSchema\":{\"json\":{\"type\":\"object\"}},\"name\":\"f\"}}]}}"_s);
        QCOMPARE(bodyOf({.model = u"m"_s, .messages = {{ChatRole::User, u"Q"_s}}}).keys(),
                 QStringList{u"messages"_s});
    }

    void filesAreImagesDocumentsOrText()
    {
        const content::Attachment image{u"a.png"_s, "image/png", "\x89PNG"};
        const content::Attachment pdf{u"My_file (1).pdf"_s, "application/pdf", "%PDF"};
        const content::Attachment code{u"a.txt"_s, "text/plain", "words"};
        QCOMPARE(
            messagesOf({{ChatRole::User, {image, code}}, {ChatRole::User, {pdf}}}),
            u"[{\"content\":[{\"image\":{\"format\":\"png\",\"source\":{\"bytes\":\"iVBORw==\"}}},"
            u"{\"text\":\"a.txt:\\n```\\nwords\\n```\\n\"},"
            u"{\"document\":{\"format\":\"pdf\",\"name\":\"My file (1) pdf\",\"source\":{\"bytes\":\"JVBERg==\"}}},{\"text\":\"…\"}],\"role\":\"user\"}]"_s);
    }

    void effortIsWhatTheModelsMakerCallsIt_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<ReasoningEffort>("effort");
        QTest::addColumn<QString>("fields");
        const auto row = [](const QString &model, ReasoningEffort effort, const QString &fields) {
            QTest::addRow("%s %s", qPrintable(model), toName(effort).data()) << model << effort << fields;
        };
        using enum ReasoningEffort;
        row(u"us.anthropic.claude-sonnet-4-20250514-v1:0"_s, Medium,
            u"{\"thinking\":{\"budget_tokens\":8192,\"type\":\"enabled\"}}"_s);
        row(u"anthropic.claude-opus-4-7"_s, Max,
            u"{\"output_config\":{\"effort\":\"max\"},\"thinking\":{\"type\":\"adaptive\"}}"_s);
        row(u"anthropic.claude-opus-4-7"_s, None, u"null"_s);
        row(u"openai.gpt-oss-120b-1:0"_s, Max, u"{\"reasoning_effort\":\"high\"}"_s);
        row(u"amazon.nova-2-lite-v1:0"_s, Low,
            u"{\"reasoningConfig\":{\"maxReasoningEffort\":\"low\",\"type\":\"enabled\"}}"_s);
        row(u"meta.llama3-8b"_s, High, u"null"_s);
    }

    void effortIsWhatTheModelsMakerCallsIt()
    {
        QFETCH(QString, model);
        QFETCH(ReasoningEffort, effort);
        QFETCH(QString, fields);
        const ChatRequest chat{
            .model = model, .messages = {{ChatRole::User, u"Q"_s}}, .reasoningEffort = effort};
        const QJsonValue sent = bodyOf(chat)["additionalModelRequestFields"_L1];
        QCOMPARE(sent.isUndefined() ? u"null"_s : compact(sent), fields);
    }

    void claudeThinksWithinTheBoundAndAtItsOwnTemperature()
    {
        ChatRequest chat{.model = u"anthropic.claude-sonnet-4"_s,
                         .messages = {{ChatRole::User, u"Q"_s}},
                         .reasoningEffort = ReasoningEffort::High,
                         .temperature = 0.5,
                         .maxOutputTokens = 4096};
        QCOMPARE(bodyOf(chat)["additionalModelRequestFields"_L1]["thinking"_L1]["budget_tokens"_L1].toInt(),
                 2048);
        QCOMPARE(compact(bodyOf(chat)["inferenceConfig"_L1]), u"{\"maxTokens\":4096}"_s);
        chat.maxOutputTokens = 1000;
        QVERIFY(!bodyOf(chat).contains("additionalModelRequestFields"_L1));
    }

    // What goes back

    void reasoningGoesBackAsItCame()
    {
        const QByteArray stream = delta("{\"reasoningContent\":{\"text\":\"Let me \"}}")
            + delta("{\"reasoningContent\":{\"text\":\"see.\"}}")
            + delta("{\"reasoningContent\":{\"signature\":\"U0lH\"}}") + blockStop
            + delta("{\"reasoningContent\":{\"redactedContent\":\"QUJD\"}}") + blockStop;
        QStringList opaque;
        const Answer answer = readBedrock(stream);
        for (const StreamEvent &event : answer.events) {
            if (const auto *found = std::get_if<event::ReasoningOpaque>(&event.payload))
                opaque.append(found->data);
        }
        const content::Reasoning reasoning{.text = answer.joined<event::Reasoning>(), .opaque = opaque};
        QCOMPARE(
            messagesOf({{ChatRole::User, u"Q"_s},
                        {ChatRole::Assistant, {reasoning, content::Text{u"Yes."_s}}},
                        {ChatRole::User, u"Go on"_s}}),
            u"[{\"content\":[{\"text\":\"Q\"}],\"role\":\"user\"},{\"content\":["
            u"{\"reasoningContent\":{\"reasoningText\":{\"signature\":\"U0lH\",\"text\":\"Let me see.\"}}},"
            u"{\"reasoningContent\":{\"redactedContent\":\"QUJD\"}},{\"text\":\"Yes.\"}],\"role\":"
            u"\"assistant\"},"
            u"{\"content\":[{\"text\":\"Go on\"}],\"role\":\"user\"}]"_s);
    }

    void thoughtsCutOffBeforeTheirSignatureDoNotGoBack()
    {
        const Answer answer = readBedrock(delta("{\"reasoningContent\":{\"text\":\"Let me \"}}"));
        QCOMPARE(answer.joined<event::Reasoning>(), u"Let me "_s);
        QVERIFY(answer.last<event::ReasoningOpaque>().data.isEmpty());
    }

    void theNextRequestIsValidWhereverTheAnswerWasStopped()
    {
        QCOMPARE(
            messagesOf({{ChatRole::User, u"Q"_s},
                        {ChatRole::Assistant,
                         {content::Reasoning{.text = u"hm"_s, .opaque = {}}, content::Text{u" \n"_s},
                          content::Text{u"So "_s}, content::ToolCall{u"c"_s, u"f"_s, u"{\"a\":"_s}}}}),
            u"[{\"content\":[{\"text\":\"Q\"}],\"role\":\"user\"},{\"content\":[{\"text\":\"So\"}],\"role\":\"assistant\"}]"_s);
        QCOMPARE(messagesOf({{ChatRole::Assistant, u"Welcome"_s},
                             {ChatRole::User, u"Q"_s},
                             {ChatRole::Assistant, u"  "_s},
                             {ChatRole::User, u"R"_s}}),
                 u"[{\"content\":[{\"text\":\"Q\"},{\"text\":\"R\"}],\"role\":\"user\"}]"_s);
    }

    void callsAndResultsGoBackWithIdsThatTheServiceTakes()
    {
        const QString odd = u"functions.f:0"_s;
        const QJsonObject body = bodyOf({.model = u"m"_s,
                                         .messages = {{ChatRole::User, u"Q"_s},
                                                      {ChatRole::Assistant,
                                                       {content::ToolCall{u"t1"_s, u"f"_s, u"{\"a\":1}"_s},
                                                        content::ToolCall{odd, u"g"_s, u"{}"_s}}},
                                                      {ChatRole::User,
                                                       {content::ToolResult{u"t1"_s, {}, u"R"_s},
                                                        content::ToolResult{odd, {}, u" "_s, true}}}}});
        const QJsonValue calls = body["messages"_L1][1]["content"_L1];
        const QJsonValue results = body["messages"_L1][2]["content"_L1];
        QCOMPARE(compact(calls[0]),
                 u"{\"toolUse\":{\"input\":{\"a\":1},\"name\":\"f\",\"toolUseId\":\"t1\"}}"_s);
        QCOMPARE(
            compact(results[0]),
            u"{\"toolResult\":{\"content\":[{\"text\":\"R\"}],\"status\":\"success\",\"toolUseId\":\"t1\"}}"_s);
        const QString id = calls[1]["toolUse"_L1]["toolUseId"_L1].toString();
        QVERIFY(QRegularExpression(u"^[a-zA-Z0-9_-]{1,64}$"_s).match(id).hasMatch());
        QCOMPARE(results[1]["toolResult"_L1]["toolUseId"_L1].toString(), id);
        QCOMPARE(results[1]["toolResult"_L1]["status"_L1].toString(), u"error"_s);
        // A history with calls is refused where no tool is declared.
        QCOMPARE(compact(body["toolConfig"_L1]["tools"_L1][0]["toolSpec"_L1]["name"_L1]), u"\"f\""_s);
        QCOMPARE(compact(body["toolConfig"_L1]["tools"_L1][1]["toolSpec"_L1]["name"_L1]), u"\"g\""_s);
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void resultsInsideAnAnswerGoToTheNextMessage()
    {
        QCOMPARE(
            messagesOf({{ChatRole::User, u"q"_s},
                        {ChatRole::Assistant,
                         {content::ToolCall{.id = u"c1"_s, .name = u"f"_s, .arguments = u"{}"_s},
                          content::ToolResult{.id = u"c1"_s, .name = u"f"_s, .content = u"r"_s},
                          content::Text{u"Done."_s}}},
                        {ChatRole::User, u"thanks"_s}}),
            uR"([{"content":[{"text":"q"}],"role":"user"},)"
            uR"({"content":[{"toolUse":{"input":{},"name":"f","toolUseId":"c1"}}],"role":"assistant"},)"
            uR"({"content":[{"toolResult":{"content":[{"text":"r"}],"status":"success","toolUseId":"c1"}}],)"
            uR"("role":"user"},{"content":[{"text":"Done."}],"role":"assistant"},)"
            uR"({"content":[{"text":"thanks"}],"role":"user"}])"_s);
    }

    // InvokeModelWithResponseStream

    void theOtherOperationIsTakenWhereItIsChosenAndTheModelsFormIsKnown_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("operation");
        QTest::addColumn<bool>("invokes");
        const QString invoke = u"InvokeModelWithResponseStream"_s;
        QTest::newRow("Claude") << u"eu.anthropic.claude-sonnet-4-5-v1:0"_s << invoke << true;
        QTest::newRow("Cohere") << u"cohere.command-r-plus-v1:0"_s << invoke << true;
        QTest::newRow("another maker") << u"amazon.nova-lite-v1:0"_s << invoke << false;
        QTest::newRow("not chosen") << u"anthropic.claude-sonnet-4-5-v1:0"_s << QString() << false;
        QTest::newRow("the usual one")
            << u"anthropic.claude-sonnet-4-5-v1:0"_s << u"ConverseStream"_s << false;
    }

    void theOtherOperationIsTakenWhereItIsChosenAndTheModelsFormIsKnown()
    {
        QFETCH(QString, model);
        QFETCH(QString, operation);
        QFETCH(bool, invokes);
        const HttpRequest request =
            requestFor({.model = model, .messages = {{ChatRole::User, u"Q"_s}}},
                       {.apiKey = "AKIAKEY:SECRET", .options = {{u"operation"_s, operation}}});
        QCOMPARE(request.url.toEncoded(),
                 "https://bedrock-runtime.us-east-1.amazonaws.com/model/" + QUrl::toPercentEncoding(model)
                     + (invokes ? "/invoke-with-response-stream" : "/converse-stream"));
        QCOMPARE(headerOf(request, "Accept"), "application/vnd.amazon.eventstream");
        QVERIFY(headerOf(request, "Authorization").startsWith("AWS4-HMAC-SHA256 "));
        QCOMPARE(QJsonDocument::fromJson(request.body).object().contains("inferenceConfig"_L1), false);
    }

    void claudeIsAskedInItsMakersForm()
    {
        const ChatRequest chat{.model = u"anthropic.claude-sonnet-4-5-20250929-v1:0"_s,
                               .system = u"S"_s,
                               .messages = {{ChatRole::User, u"Q"_s}},
                               .tools = {{.name = u"tide"_s, .description = u"d"_s, .parameters = "{}"}},
                               .maxOutputTokens = 100,
                               .stop = {u"END"_s}};
        const QJsonObject body = QJsonDocument::fromJson(requestFor(chat, invoking).body).object();
        QCOMPARE(
            compact(body),
            uR"({"anthropic_version":"bedrock-2023-05-31","max_tokens":100,)"
            uR"("messages":[{"content":"Q","role":"user"}],"stop_sequences":["END"],"system":"S",)"
            uR"("tools":[{"description":"d","input_schema":{"properties":{},"type":"object"},"name":"tide"}]})"_s);
    }

    void cohereIsAskedInItsMakersForm()
    {
        const ChatRequest chat{
            .model = u"cohere.command-r-v1:0"_s,
            .system = u"S"_s,
            .messages = {{ChatRole::User, u"a"_s},
                         {ChatRole::Assistant, u"b"_s},
                         {ChatRole::User,
                          {content::Text{u"c"_s},
                           content::Attachment{.name = u"n.txt"_s, .mediaType = "text/plain", .data = "d"},
                           content::Attachment{.name = u"p.png"_s, .mediaType = "image/png", .data = "e"}}}},
            .temperature = 0.5,
            .topP = 0.75,
            .maxOutputTokens = 100,
            .stop = {u"END"_s},
            .seed = 7};
        const QJsonObject body = QJsonDocument::fromJson(requestFor(chat, invoking).body).object();
        QCOMPARE(
            compact(body),
            uR"({"chat_history":[{"message":"a","role":"USER"},{"message":"b","role":"CHATBOT"}],)"
            uR"("max_tokens":100,"message":"c\n\nn.txt:\n```\nd\n```\n\n\n[p.png]","p":0.75,"preamble":"S",)"
            uR"("seed":7,"stop_sequences":["END"],"temperature":0.5})"_s);
    }

    void coheresFirstModelsGoOnWithAText()
    {
        const ChatRequest chat{
            .model = u"cohere.command-text-v14"_s,
            .system = u"S"_s,
            .messages = {{ChatRole::User, u"a"_s}, {ChatRole::Assistant, u"b"_s}, {ChatRole::User, u"c"_s}},
            .seed = 7};
        const QJsonObject body = QJsonDocument::fromJson(requestFor(chat, invoking).body).object();
        QCOMPARE(compact(body), uR"({"prompt":"S\n\na\n\nb\n\nc","stream":true})"_s);
    }

    void whatAModelsMakerSendsIsReadAsItsOwn()
    {
        const Answer claude = readBedrock(
            invoked(
                R"({"type":"message_start","message":{"id":"m","model":"claude","usage":{"input_tokens":3}}})")
            + invoked(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})")
            + invoked(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})")
            + invoked(R"({"type":"error","error":{"type":"overloaded_error","message":"Busy"}})"));
        QCOMPARE(claude.joined<event::Text>(), u"Hi"_s);
        QCOMPARE(claude.last<event::Failed>().error.kind, NetError::Kind::Overloaded);
        QCOMPARE(claude.last<event::Failed>().error.message, u"Busy"_s);

        // The reason alone is no end.
        const Answer open = readBedrock(invoked(
            R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":3}})"));
        QCOMPARE(open.last<event::Finished>().reason, FinishReason::Length);
        QCOMPARE(open.completeness, Completeness::Open);
    }

    void coheresReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<FinishReason>("meant");
        QTest::newRow("complete") << "COMPLETE"_ba << FinishReason::Stop;
        QTest::newRow("stop") << "STOP_SEQUENCE"_ba << FinishReason::Stop;
        QTest::newRow("length") << "MAX_TOKENS"_ba << FinishReason::Length;
        QTest::newRow("context") << "ERROR_LIMIT"_ba << FinishReason::Length;
        QTest::newRow("toxic") << "ERROR_TOXIC"_ba << FinishReason::ContentFilter;
        QTest::newRow("new") << "SOMETHING"_ba << FinishReason::Other;
    }

    void coheresReasonsHaveOneMeaning()
    {
        QFETCH(QByteArray, reason);
        QFETCH(FinishReason, meant);
        const Answer answer =
            readBedrock(invoked("{\"is_finished\":true,\"finish_reason\":\"" + reason + "\"}"));
        QCOMPARE(answer.last<event::Finished>().reason, meant);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void whatIsNoJsonInsideAnEventIsUnknown()
    {
        const Answer answer = readBedrock(eventFrame("chunk", R"({"bytes":"%%%"})")
                                          + eventFrame("chunk", "{}") + invoked("[") + stopped("end_turn"));
        QCOMPARE(answer.completeness, Completeness::Complete);
        QCOMPARE(answer.events.size(), 1);
    }

    void completeNeedsAReasonAndThenCountsOrACleanEnd()
    {
        const QByteArray text = delta("{\"text\":\"a\"}");
        using enum ResponseReader::End;
        QCOMPARE(readBedrock(text).completeness, Completeness::Open);
        QCOMPARE(readBedrock(text + counts).completeness, Completeness::Open);
        QCOMPARE(readBedrock(text + stopped("end_turn")).completeness, Completeness::Complete);
        QCOMPARE(readBedrock(text + stopped("end_turn"), Broken).completeness, Completeness::Open);
        QCOMPARE(readBedrock(text + stopped("end_turn") + counts, Broken).completeness,
                 Completeness::Complete);
    }

    void stopReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<QString>("meant");
        const auto row = [](const char *named, const char *meant) {
            QTest::newRow(named) << QByteArray(named) << QString::fromLatin1(meant);
        };
        row("end_turn", "stop");
        row("stop_sequence", "stop");
        row("tool_use", "stop"); // of the service's own tools, where no call is for us
        row("max_tokens", "length");
        row("model_context_window_exceeded", "length");
        row("guardrail_intervened", "content_filter");
        row("content_filtered", "content_filter");
        row("something_new", "other");
    }

    void stopReasonsHaveOneMeaning()
    {
        QFETCH(QByteArray, named);
        QFETCH(QString, meant);
        QCOMPARE(toName(readBedrock(stopped(named) + counts).last<event::Finished>().reason), meant);
    }

    void exceptionsHaveTheirKinds_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<NetError::Kind>("kind");
        using enum NetError::Kind;
        QTest::newRow("throttling") << QByteArray("throttlingException") << RateLimited;
        QTest::newRow("unavailable") << QByteArray("serviceUnavailableException") << Overloaded;
        QTest::newRow("internal") << QByteArray("internalServerException") << Server;
        QTest::newRow("model") << QByteArray("modelStreamErrorException") << Server;
        QTest::newRow("validation") << QByteArray("validationException") << InvalidRequest;
        QTest::newRow("new") << QByteArray("novelException") << Server;
    }

    void exceptionsHaveTheirKinds()
    {
        QFETCH(QByteArray, name);
        QFETCH(NetError::Kind, kind);
        const QByteArray frame = eventStreamFrame(eventStreamHeader(":message-type", "exception")
                                                      + eventStreamHeader(":exception-type", name),
                                                  "{\"message\":\"no\"}");
        const Answer answer = readBedrock(delta("{\"text\":\"a\"}") + frame + stopped("end_turn") + counts);
        QCOMPARE(answer.completeness, Completeness::Failed);
        const NetError error = answer.last<event::Failed>().error;
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.code, QString::fromLatin1(name));
        QCOMPARE(error.message, u"no"_s);
    }

    void aFailingStatusIsExplainedByItsType_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<NetError::Kind>("kind");
        QTest::addColumn<QString>("code");
        using enum NetError::Kind;
        QTest::newRow("an expired token")
            << 403 << QByteArray("ExpiredTokenException:http://internal.example/")
            << QByteArray("{\"message\":\"no\"}") << Auth << u"ExpiredTokenException"_s;
        QTest::newRow("a type in the body")
            << 400 << QByteArray()
            << QByteArray("{\"__type\":\"com.amazon.coral#ValidationException\",\"Message\":\"no\"}")
            << InvalidRequest << u"ValidationException"_s;
        QTest::newRow("a limit") << 400 << QByteArray("ThrottlingException")
                                 << QByteArray("{\"message\":\"no\"}") << RateLimited
                                 << u"ThrottlingException"_s;
        QTest::newRow("a quota") << 400 << QByteArray("ServiceQuotaExceededException")
                                 << QByteArray("{\"message\":\"no\"}") << Quota
                                 << u"ServiceQuotaExceededException"_s;
        QTest::newRow("no type") << 503 << QByteArray() << QByteArray("no") << Overloaded << QString();
    }

    void aFailingStatusIsExplainedByItsType()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(NetError::Kind, kind);
        QFETCH(QString, code);
        HttpHeaders headers;
        if (!type.isEmpty())
            headers.append({"x-amzn-errortype", type});
        const NetError error =
            makeDialect(DialectId::Bedrock)
                ->errorFor({.status = status, .contentType = {}, .headers = headers}, body);
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.code, code);
        QCOMPARE(error.message, u"no"_s);
        QCOMPARE(error.status, status);
    }

    void theRequestsIdNamesTheAnswer()
    {
        ResponseReader reader(makeDialect(DialectId::Bedrock));
        StreamEvents events;
        ResponseHead head = successfulHead("application/vnd.amazon.eventstream");
        head.headers = {{"x-amzn-requestid", "id-1"}};
        reader.head(head);
        reader.feed(eventFrame("messageStart", "{\"role\":\"assistant\"}"), events);
        QCOMPARE(std::get<event::Started>(events.value(0).payload).id, u"id-1"_s);
    }

    // Models

    void modelsThatStreamAreListed()
    {
        const auto dialect = makeDialect(DialectId::Bedrock);
        const auto request = dialect->modelsRequest(
            {.baseUrl = QUrl(u"https://bedrock-runtime.eu-west-1.amazonaws.com"_s), .apiKey = "k"});
        QCOMPARE(request->url.toEncoded(),
                 "https://bedrock.eu-west-1.amazonaws.com/foundation-models?byOutputModality=TEXT");
        QVERIFY(!dialect->modelsRequest({.baseUrl = QUrl(u"https://gateway.example"_s)}));
        QCOMPARE(dialect->models(
                     "{\"modelSummaries\":[{\"modelId\":\"a\",\"providerName\":\"A\","
                     "\"responseStreamingSupported\":true},"
                     "{\"modelId\":\"b\",\"providerName\":\"B\",\"responseStreamingSupported\":false}]}"),
                 (QList<ListedModel>{{.id = u"a"_s, .ownedBy = u"A"_s}}));
        QVERIFY(!dialect->models("{\"message\":\"no\"}"));
    }
};

QTEST_APPLESS_MAIN(tst_Bedrock)
#include "tst_bedrock.moc"
