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

// The stream of the given payloads.
QByteArray streamOf(const QList<QByteArray> &payloads)
{
    QByteArray stream;
    for (const QByteArray &payload : payloads)
        stream += "data: " + payload + "\n\n";
    return stream;
}

QByteArray contentDelta(const QByteArray &json)
{
    return R"({"choices":[{"index":0,"delta":{"content":)" + json + "}}]}";
}

HttpRequest requestFor(const ChatRequest &chat, const QString &baseUrl, const QByteArray &key = {})
{
    return std::get<HttpRequest>(
        makeDialect(DialectId::OpenAiChat)->open(chat, {.baseUrl = QUrl(baseUrl), .apiKey = key}));
}

QJsonObject bodyOf(const HttpRequest &request)
{
    return QJsonDocument::fromJson(request.body).object();
}

QByteArray headerOf(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[header, value] : request.headers) {
        if (header == name)
            return value;
    }
    return {};
}

const ChatRequest question{.model = u"model-1"_s, .system = {}, .messages = {{ChatRole::User, u"Hi"_s}}};

// A recorded stream; payloads that were stored one a line get their framing back.
QByteArray recorded(const QString &path)
{
    QByteArray bytes = fixture(path);
    if (!path.endsWith(".txt"_L1))
        return bytes;
    QList<QByteArray> payloads = bytes.split('\n');
    payloads.removeIf([](const QByteArray &line) { return line.trimmed().isEmpty(); });
    return streamOf(payloads);
}

} // namespace

class tst_OpenAiChat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void resultsFollowTheMessageThatMadeTheirCalls()
    {
        const auto call = [](const QString &id) {
            return content::ToolCall{.id = id, .name = u"f"_s, .arguments = u"{}"_s};
        };
        const auto result = [](const QString &id) {
            return content::ToolResult{.id = id, .name = u"f"_s, .content = u"r"_s + id};
        };
        const ChatRequest chat{
            .messages = {{ChatRole::User, u"q"_s},
                         {ChatRole::Assistant,
                          {content::Text{u"I look."_s}, call(u"1"_s), call(u"2"_s), result(u"2"_s),
                           result(u"1"_s), call(u"3"_s), result(u"3"_s), content::Text{u"Done."_s}}},
                         {ChatRole::User, u"thanks"_s}}};
        QStringList sent;
        for (const auto message : bodyOf(requestFor(chat, u"http://h/v1"_s))["messages"_L1].toArray()) {
            QString line = message["role"_L1].toString() + u' ' + message["content"_L1].toString()
                + message["tool_call_id"_L1].toString();
            for (const auto made : message["tool_calls"_L1].toArray())
                line += u" +"_s + made["id"_L1].toString();
            sent.append(line);
        }
        QCOMPARE(sent,
                 (QStringList{u"user q"_s, u"assistant I look. +1 +2"_s, u"tool r11"_s, u"tool r22"_s,
                              u"assistant  +3"_s, u"tool r33"_s, u"assistant Done."_s, u"user thanks"_s}));
    }

    void aRequestAsksForAStreamWithUsage()
    {
        const HttpRequest request = requestFor(question, u"https://api.example.com/v1"_s, "key-1");
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url, QUrl(u"https://api.example.com/v1/chat/completions"_s));
        QCOMPARE(headerOf(request, "Content-Type"), "application/json");
        QCOMPARE(headerOf(request, "Accept"), "text/event-stream");
        QCOMPARE(headerOf(request, "Authorization"), "Bearer key-1");
        QCOMPARE(QString::fromUtf8(request.body),
                 uR"({"messages":[{"content":"Hi","role":"user"}],"model":"model-1","stream":true,)"
                 uR"("stream_options":{"include_usage":true}})"_s);
    }

    void theHistoryGoesInOrderAfterTheSystemPrompt()
    {
        const ChatRequest chat{
            .model = u"m"_s,
            .system = u"Be brief."_s,
            .messages = {{ChatRole::User, u"a"_s}, {ChatRole::Assistant, u"b"_s}, {ChatRole::User, u"c"_s}}};
        const QJsonArray messages =
            bodyOf(requestFor(chat, u"http://localhost:1/v1"_s))["messages"_L1].toArray();
        QStringList said;
        for (const auto &message : messages)
            said.append(message["role"_L1].toString() + u':' + message["content"_L1].toString());
        QCOMPARE(said, (QStringList{u"system:Be brief."_s, u"user:a"_s, u"assistant:b"_s, u"user:c"_s}));
    }

    void anAnswerStoppedBeforeItsFirstWordIsNotSent()
    {
        const ChatRequest chat{.model = u"m"_s,
                               .messages = {{ChatRole::User, u"a"_s},
                                            {ChatRole::Assistant, QString()},
                                            {ChatRole::User, u"b"_s}}};
        QCOMPARE(bodyOf(requestFor(chat, u"http://localhost:1/v1"_s))["messages"_L1].toArray().size(), 2);
    }

    void whatTheUserDidNotSetIsNotSent()
    {
        const QJsonObject plain =
            bodyOf(requestFor({.messages = question.messages}, u"http://localhost:1/v1"_s));
        QCOMPARE(plain.keys(), (QStringList{u"messages"_s, u"stream"_s, u"stream_options"_s}));
        QVERIFY(headerOf(requestFor(question, u"http://localhost:1/v1"_s), "Authorization").isEmpty());

        ChatRequest tuned = question;
        tuned.temperature = 0.5;
        tuned.maxOutputTokens = 100;
        const QJsonObject body = bodyOf(requestFor(tuned, u"http://localhost:1/v1"_s));
        QCOMPARE(body["temperature"_L1].toDouble(), 0.5);
        QCOMPARE(body["max_tokens"_L1].toInt(), 100);
    }

    void theBoundOnTokensHasTheNameThatTheServerKnows()
    {
        ChatRequest chat = question;
        chat.maxOutputTokens = 100;
        const QJsonObject openAi = bodyOf(requestFor(chat, u"https://api.openai.com/v1"_s));
        QCOMPARE(openAi["max_completion_tokens"_L1].toInt(), 100);
        QVERIFY(!openAi.contains("max_tokens"_L1));
        // Only the host itself counts, not a name that contains it.
        QVERIFY(
            bodyOf(requestFor(chat, u"https://api.openai.com.example.org/v1"_s)).contains("max_tokens"_L1));
    }

    void azureTakesTheKeyInItsOwnHeader()
    {
        const HttpRequest request =
            requestFor(question, u"https://res.openai.azure.com/openai/v1/"_s, "key-1");
        QCOMPARE(headerOf(request, "api-key"), "key-1");
        QVERIFY(headerOf(request, "Authorization").isEmpty());
        QCOMPARE(request.url, QUrl(u"https://res.openai.azure.com/openai/v1/chat/completions"_s));
    }

    void mistralIsNotSentWhatItRefuses()
    {
        QVERIFY(!bodyOf(requestFor(question, u"https://api.mistral.ai/v1"_s)).contains("stream_options"_L1));
    }

    void theBaseMayBeWrittenInSeveralWays_data()
    {
        QTest::addColumn<QString>("base");
        QTest::newRow("base") << u"http://h:8080/v1"_s;
        QTest::newRow("trailing slash") << u"http://h:8080/v1/"_s;
        QTest::newRow("the resource itself") << u"http://h:8080/v1/chat/completions"_s;
        QTest::newRow("the resource with a slash") << u"http://h:8080/v1/chat/completions/"_s;
    }

    void theBaseMayBeWrittenInSeveralWays()
    {
        QFETCH(QString, base);
        QCOMPARE(requestFor(question, base).url, QUrl(u"http://h:8080/v1/chat/completions"_s));
    }

    void halfASurrogatePairIsNotSent()
    {
        const ChatRequest chat{.model = u"m"_s, .messages = {{ChatRole::User, QString(QChar(0xd83d))}}};
        QCOMPARE(bodyOf(requestFor(chat, u"http://h/v1"_s))["messages"_L1][0]["content"_L1].toString(),
                 u"\uFFFD"_s);
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void eventsComeInTheOrderOfTheStream()
    {
        const QByteArray stream =
            streamOf({R"({"id":"1","model":"m","choices":[{"delta":{"role":"assistant"}}]})",
                      R"({"choices":[{"delta":{"reasoning":"hm"}}]})", contentDelta("\"a\""),
                      contentDelta("\"b\""), R"({"choices":[{"delta":{},"finish_reason":"stop"}]})",
                      R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}})", "[DONE]"});
        QCOMPARE(read({stream}).lines(),
                 (QStringList{uR"({"event":"started","id":"1","model":"m"})"_s,
                              uR"({"event":"reasoning","text":"hm"})"_s, uR"({"event":"text","text":"ab"})"_s,
                              uR"({"event":"finished","reason":"stop"})"_s,
                              uR"({"event":"usage","input_tokens":1,"output_tokens":2})"_s}));
    }

    void theServersNamesForReasoningAreOne_data()
    {
        QTest::addColumn<QByteArray>("delta");
        QTest::newRow("reasoning_content") << R"({"reasoning_content":"hm"})"_ba;
        QTest::newRow("reasoning") << R"({"reasoning":"hm"})"_ba;
        QTest::newRow("both") << R"({"reasoning":"hm","reasoning_content":"hm"})"_ba;
        QTest::newRow("with details")
            << R"({"reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm"}]})"_ba;
        QTest::newRow("details only")
            << R"({"reasoning_details":[{"type":"reasoning.summary","summary":"hm"}]})"_ba;
        QTest::newRow("parts")
            << R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]})"_ba;
        QTest::newRow("a part with a string") << R"({"content":[{"type":"thinking","thinking":"hm"}]})"_ba;
    }

    void theServersNamesForReasoningAreOne()
    {
        QFETCH(QByteArray, delta);
        const Answer answer = read({streamOf({QByteArray("{\"choices\":[{\"delta\":" + delta + "}]}")})});
        QCOMPARE(answer.lines(), QStringList{uR"({"event":"reasoning","text":"hm"})"_s});
    }

    void signaturesAreKeptWithAllThatBelongsToThem()
    {
        const Answer answer =
            read({streamOf({R"({"choices":[{"delta":{"reasoning_details":[)"
                            R"({"type":"reasoning.encrypted","data":"ZW5j","id":"r1","index":3}]}}]})"})});
        const auto opaque = answer.last<event::ReasoningOpaque>();
        QCOMPARE(opaque.index, 3);
        QCOMPARE(opaque.data, uR"({"type":"reasoning.encrypted","data":"ZW5j","id":"r1","index":3})"_s);
    }

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QString>("named");
        QTest::addColumn<QString>("meant");
        const auto row = [](const char *named, const char *meant) {
            QTest::newRow(named) << QString::fromLatin1(named) << QString::fromLatin1(meant);
        };
        row("stop", "stop");
        row("eos", "stop");
        row("end_turn", "stop");
        row("length", "length");
        row("model_length", "length");
        row("tool_calls", "tool_calls");
        row("function_call", "tool_calls");
        row("content_filter", "content_filter");
        row("something new", "other");
    }

    void finishReasonsHaveOneMeaning()
    {
        QFETCH(QString, named);
        QFETCH(QString, meant);
        const QByteArray chunk =
            QByteArray(R"({"choices":[{"delta":{},"finish_reason":"%1"}]})").replace("%1", named.toUtf8());
        QCOMPARE(toName(read({streamOf({chunk})}).last<event::Finished>().reason), meant);
    }

    void aFinishReasonIsToldOnce()
    {
        const QByteArray chunk = R"({"choices":[{"delta":{},"finish_reason":"stop"}]})";
        QCOMPARE(read({streamOf({chunk, chunk, "[DONE]"})}).events.size(), 1);
    }

    void onlyTheEndMarkerMakesItComplete()
    {
        const QByteArray stream =
            streamOf({contentDelta("\"Hi\""), R"({"choices":[{"delta":{},"finish_reason":"stop"}]})",
                      R"({"choices":[],"usage":{"prompt_tokens":1}})", "[DONE]"});
        const qsizetype marker = stream.indexOf("[DONE]") + 6;
        for (qsizetype end = 0; end < marker; ++end)
            QVERIFY2(read({QByteArrayView(stream).first(end)}).completeness != Completeness::Complete,
                     qPrintable(QString::number(end)));
        QCOMPARE(read({QByteArrayView(stream).first(marker)}).completeness, Completeness::Complete);
    }

    void aStreamCutAnywhereGivesTheBeginningOfItsText()
    {
        const QByteArray stream =
            readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/openai-chat-reasoning-content.sse"));
        const Answer whole = read({stream});
        for (qsizetype end = 1; end < stream.size(); ++end) {
            const Answer cut = read({QByteArrayView(stream).first(end)});
            QVERIFY(whole.joined<event::Reasoning>().startsWith(cut.joined<event::Reasoning>()));
            QVERIFY(whole.joined<event::Text>().startsWith(cut.joined<event::Text>()));
            QVERIFY2(cut.completeness != Completeness::Failed, qPrintable(QString::number(end)));
        }
    }

    void nothingIsReadAfterTheEndMarker()
    {
        const Answer answer = read({streamOf(
            {contentDelta("\"a\""), "[DONE]", contentDelta("\"b\""), R"({"error":{"message":"late"}})"})});
        QCOMPARE(answer.joined<event::Text>(), u"a"_s);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void afterAnErrorOnlyUsageIsRead()
    {
        const Answer answer = read({streamOf({R"({"error":{"message":"no"}})", contentDelta("\"b\""),
                                              R"({"choices":[],"usage":{"prompt_tokens":1}})",
                                              R"({"error":{"message":"again"}})", "[DONE]"})});
        QCOMPARE(answer.completeness, Completeness::Failed);
        QCOMPARE(answer.lines(),
                 (QStringList{uR"({"event":"failed","kind":"server","message":"no"})"_s,
                              uR"({"event":"usage","input_tokens":1})"_s}));
    }

    void whatWasHeldBackComesBeforeTheError()
    {
        const Answer answer = read({streamOf({contentDelta("\"<thi\""), R"({"error":{"message":"no"}})"})});
        QCOMPARE(answer.joined<event::Text>(), u"<thi"_s);
        QVERIFY(std::holds_alternative<event::Failed>(answer.events.last().payload));
    }

    void anAnswerOfTenMegabytesIsWholeInOneDeltaAndInMany()
    {
        const QByteArray megabytes(10'000'000, 'x');
        QByteArray many;
        for (const QByteArrayView piece : piecesOf(megabytes, 1000))
            many += streamOf({contentDelta('"' + piece.toByteArray() + '"')});
        const QByteArray one = streamOf({contentDelta('"' + megabytes + '"')});
        for (const QByteArray &stream : {one, many}) {
            const Answer answer = read(piecesOf(stream, 16 * 1024));
            QCOMPARE(answer.joined<event::Text>().size(), megabytes.size());
            QCOMPARE(answer.completeness, Completeness::Open);
        }
    }

    void anEndlessAnswerIsCutAtTheBound()
    {
        const auto dialect = makeDialect(DialectId::OpenAiChat);
        const QByteArray payload = contentDelta('"' + QByteArray(1024 * 1024, 'x') + '"');
        const Frame frame{.type = "message", .data = {payload.data(), static_cast<size_t>(payload.size())}};
        size_t text = 0;
        StreamEvents events;
        EventWriter out;
        out.writeTo(events);
        for (int i = 0; i < 40; ++i) {
            dialect->frame(frame, out);
            for (const StreamEvent &event : std::as_const(events)) {
                if (const auto *delta = std::get_if<event::Text>(&event.payload))
                    text += static_cast<size_t>(delta->text.size());
                else
                    QCOMPARE(std::get<event::Failed>(event.payload).error.kind, NetError::Kind::TooLarge);
            }
            events.clear();
        }
        QCOMPARE(text, limits::messageText);
        QCOMPARE(out.completeness(), Completeness::Failed);
    }

    void endlessToolArgumentsAreCutAtTheBound()
    {
        const QByteArray chunk =
            QByteArray(
                R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"%1"}}]}}]})")
                .replace("%1", QByteArray(1024 * 1024, '1'));
        const Answer answer = read({streamOf(QList<QByteArray>(20, chunk))});
        QCOMPARE(answer.last<event::Failed>().error.kind, NetError::Kind::TooLarge);
        QVERIFY(answer.last<event::ToolCall>().arguments.size() <= qsizetype(limits::toolArguments));
    }

    void endlessToolCallsAreCutAtTheBound()
    {
        QByteArray stream;
        for (int i = 0; i < 1100; ++i)
            stream += streamOf({QByteArray(R"({"choices":[{"delta":{"tool_calls":[{"index":)"
                                           + QByteArray::number(i) + R"(,"function":{"name":"f"}}]}}]})")});
        const Answer answer = read({stream});
        QCOMPARE(answer.last<event::Failed>().error.kind, NetError::Kind::TooLarge);
        QCOMPARE(answer.last<event::ToolCall>().index, int(limits::toolCalls) - 1);
    }

    void deeplyNestedJsonIsNotRead()
    {
        const Answer answer =
            read({streamOf({contentDelta(QByteArray(100'000, '[')), contentDelta("\"ok\""), "[DONE]"})});
        QCOMPARE(answer.joined<event::Text>(), u"ok"_s);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    // Recorded streams

    void recordedStreamsMeanTheSameHoweverTheyAreCut_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        for (const QString &path : fixtureFiles(u"openai-chat"_s, {u"*.sse"_s, u"*.txt"_s}))
            QTest::newRow(qPrintable(path)) << path;
        for (const QString &path : fixtureFiles(u"truncated"_s, {u"*openai-chat*"_s}))
            QTest::newRow(qPrintable(path)) << path;
    }

    void recordedStreamsMeanTheSameHoweverTheyAreCut()
    {
        QFETCH(QString, path);
        const QByteArray stream = recorded(path);
        const Answer whole = read({stream});
        QVERIFY(!whole.events.isEmpty());
        everySplit(stream,
                   [&](const Split &split) { QVERIFY2(read(split.pieces) == whole, split.name.constData()); },
                   {.singleCuts = 30, .randomSplits = 5});
    }

    void recordedStreamsCutBeforeTheirEndAreNeverComplete_data()
    {
        recordedStreamsMeanTheSameHoweverTheyAreCut_data();
    }

    void recordedStreamsCutBeforeTheirEndAreNeverComplete()
    {
        QFETCH(QString, path);
        const QByteArray stream = recorded(path);
        const qsizetype marker = stream.indexOf("[DONE]");
        const qsizetype end = marker < 0 ? stream.size() : marker + 5;
        // Every place around the last events, and a hundred in what comes before.
        for (qsizetype at = 0; at <= end; at += at < end - 200 ? std::max<qsizetype>(1, end / 100) : 1)
            QVERIFY2(read({QByteArrayView(stream).first(at)}).completeness != Completeness::Complete,
                     qPrintable(QString::number(at)));
    }

    void recordedStreamsHaveTheirKnownTraps_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<bool>("complete");
        const auto row = [](const char *file, const char *expected, bool complete) {
            QTest::newRow(file) << QString::fromLatin1(file) << QString::fromUtf8(expected) << complete;
        };
        row("vercel_ai--anthropic-fallback-tool-call.sse",
            "{\"event\":\"tool_call\",\"index\":0,\"id\":\"toolu_sanitized\",\"name\":\"read_file\","
            "\"arguments\":\"{\\\"path\\\": \\\"a.txt\\\"}\"}",
            true);
        row("simonw_llm--toolcall-variant-b.sse",
            R"({"event":"tool_call","index":0,"id":"0","name":"llm_version","arguments":"{}"})", true);
        row("simonw_llm--toolcall-variant-d.sse",
            R"({"event":"tool_call","index":0,"id":"0","name":"llm_version","arguments":"{}"})", true);
        row("pydantic_pydantic-ai--snowflake-cortex.sse", R"({"event":"finished","reason":"stop"})", true);
        row("pydantic_pydantic-ai--groq-error-after-reasoning.sse",
            R"({"event":"failed","kind":"invalid_request","status":400,"code":"tool_use_failed",)"
            R"("message":"Tool choice is required, but model did not call a tool"})",
            false);
        row("vercel_ai--provider-error-first.sse",
            R"({"event":"failed","kind":"invalid_request","status":400,"code":"provider_error","message":"bad request"})",
            false);
        row("DataDog_dd-trace-py--deepseek-cumulative-usage.sse",
            R"({"event":"usage","input_tokens":12,"output_tokens":8})", true);
        row("pydantic_pydantic-ai--openai-moderation-chunk.sse", R"({"event":"text","text":"Paris."})", true);
        row("traceloop_openllmetry--writer-no-done.sse", R"({"event":"finished","reason":"stop"})", false);
        row("vercel_ai--azure-model-router.chunks.txt",
            R"({"event":"started","id":"chatcmpl-CYPS1lijGoK8gd9lYzY3r9Sx50nbt","model":"gpt-5-nano-2025-08-07"})",
            false);
        row("traceloop_openllmetry--vllm-legacy-completions.sse", R"({"event":"finished","reason":"length"})",
            true);
    }

    void recordedStreamsHaveTheirKnownTraps()
    {
        QFETCH(QString, file);
        QFETCH(QString, expected);
        QFETCH(bool, complete);
        const Answer answer = read({recorded(u"openai-chat/"_s + file)});
        QVERIFY2(answer.lines().contains(expected), qPrintable(answer.lines().join(u'\n')));
        QCOMPARE(answer.completeness == Completeness::Complete, complete);
    }

    void idsThatRotateNameOneAnswer()
    {
        const Answer answer =
            read({streamOf({R"({"id":"a","model":"m","choices":[{"delta":{"content":"x"}}]})",
                            R"({"id":"b","model":"m","choices":[{"delta":{"content":"y"}}]})"})});
        QCOMPARE(answer.lines(),
                 (QStringList{uR"({"event":"started","id":"a","model":"m"})"_s,
                              uR"({"event":"text","text":"xy"})"_s}));
    }

    void aRecordedSplitInsideACharacterMakesNoDifference()
    {
        RIVULET_REQUIRE_FIXTURES();
        const QJsonObject recording =
            QJsonDocument::fromJson(fixture(u"chunk-splits/traceloop_openllmetry--utf8-azure-emoji.json"_s))
                .object();
        QByteArrayList chunks;
        for (const auto &chunk : recording["chunks_base64"_L1].toArray())
            chunks.append(QByteArray::fromBase64(chunk.toString().toLatin1()));
        const QByteArray whole = chunks.join();
        const Answer answer = read(QList<QByteArrayView>(chunks.cbegin(), chunks.cend()));
        QCOMPARE(answer, read({whole}));
        QCOMPARE(answer.completeness, Completeness::Complete);
        QVERIFY(!answer.joined<event::Text>().contains(QChar::ReplacementCharacter));
    }
};

QTEST_APPLESS_MAIN(tst_OpenAiChat)
#include "tst_openaichat.moc"
