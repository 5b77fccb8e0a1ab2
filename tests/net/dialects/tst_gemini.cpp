// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "tests/net/dialects/answer.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const QString google = u"https://generativelanguage.googleapis.com/v1beta"_s;

HttpRequest requestFor(const ChatRequest &chat, const QString &baseUrl = google, const QByteArray &key = {})
{
    return std::get<HttpRequest>(
        makeDialect(DialectId::Gemini)->open(chat, {.baseUrl = QUrl(baseUrl), .apiKey = key}));
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

QString contentsOf(const QList<ChatMessage> &messages, const QString &model = u"gemini-2.5-flash"_s)
{
    return compact(bodyOf({.model = model, .messages = messages})["contents"_L1]);
}

QJsonObject configFor(const QString &model, ReasoningEffort effort)
{
    const ChatRequest chat{
        .model = model, .messages = {{ChatRole::User, u"Hi"_s}}, .reasoningEffort = effort};
    return bodyOf(chat)["generationConfig"_L1]["thinkingConfig"_L1].toObject();
}

QByteArray streamOf(const QList<QByteArray> &payloads)
{
    QByteArray stream;
    for (const QByteArray &payload : payloads)
        stream += "data: " + payload + "\r\n\r\n";
    return stream;
}

QByteArray chunkOf(const QByteArray &parts, const QByteArray &reason = {})
{
    return "{\"candidates\":[{\"content\":{\"parts\":[" + parts + "]},\"index\":0"
        + (reason.isEmpty() ? QByteArray() : ",\"finishReason\":\"" + reason + '"')
        + "}],\"responseId\":\"r\"}";
}

Answer readGemini(const QByteArray &stream, ResponseReader::End end = ResponseReader::End::Clean)
{
    ResponseReader reader(makeDialect(DialectId::Gemini));
    Answer answer;
    reader.head(successfulHead());
    reader.feed(stream, answer.events);
    reader.finish(end, answer.events);
    answer.completeness = reader.completeness();
    coalesce(answer.events);
    return answer;
}

// The arguments that pieces {"jsonPath", …} amount to.
QString argumentsOf(const QByteArray &pieces)
{
    const QByteArray call = R"({"functionCall":{"name":"f","partialArgs":[)" + pieces + "]}}";
    return readGemini(streamOf({chunkOf(call, "STOP")})).last<event::ToolCall>().arguments;
}

// A conversation as it goes on after `stream`: what was delivered, and the results of the calls in it.
QList<ChatMessage> historyAfter(const QByteArray &stream)
{
    ChatMessage answer{ChatRole::Assistant, QList<ContentPart>{}};
    ChatMessage results{ChatRole::User, QList<ContentPart>{}};
    const Answer read = readGemini(stream);
    for (const StreamEvent &event : read.events) {
        if (const auto *text = std::get_if<event::Text>(&event.payload)) {
            answer.parts.append(content::Text{text->text});
        } else if (const auto *thought = std::get_if<event::Reasoning>(&event.payload)) {
            answer.parts.append(content::Reasoning{.text = thought->text, .opaque = {}});
        } else if (const auto *opaque = std::get_if<event::ReasoningOpaque>(&event.payload)) {
            if (answer.parts.isEmpty() || !std::holds_alternative<content::Reasoning>(answer.parts.last()))
                answer.parts.append(content::Reasoning());
            std::get<content::Reasoning>(answer.parts.last()).opaque.append(opaque->data);
        } else if (const auto *call = std::get_if<event::ToolCall>(&event.payload)) {
            answer.parts.append(content::ToolCall{call->id, call->name, call->arguments});
            results.parts.append(content::ToolResult{call->id, call->name, u"done"_s, false});
        }
    }
    return {{ChatRole::User, u"Q"_s}, answer, results};
}

// Pieces of arguments, and the text that they amount to.
void piecesOfArguments()
{
    QTest::addColumn<QByteArray>("pieces");
    QTest::addColumn<QString>("arguments");
    const auto row = [](const char *name, const QByteArray &pieces, const QString &arguments) {
        QTest::newRow(name) << pieces << arguments;
    };
    row("none", "", u"{}"_s);
    row("a string in pieces",
        R"({"jsonPath":"$.a","stringValue":"x","willContinue":true},{"jsonPath":"$.a","stringValue":"y"})",
        uR"({"a":"xy"})"_s);
    row("a string that goes on without an end",
        R"({"jsonPath":"$.a","stringValue":"x","willContinue":true},{"jsonPath":"$.b","numberValue":1})",
        uR"({"a":"x","b":1})"_s);
    row("numbers",
        R"({"jsonPath":"$.a","numberValue":0.1},{"jsonPath":"$.b","numberValue":-3},{"jsonPath":"$.c","numberValue":1e300})",
        uR"({"a":0.1,"b":-3,"c":1e+300})"_s);
    row("nesting and back",
        R"({"jsonPath":"$.a[0].b","boolValue":true},{"jsonPath":"$.a[0].c[0]","stringValue":""},)"
        R"({"jsonPath":"$.a[1]","nullValue":"NULL_VALUE"},{"jsonPath":"$.d","boolValue":false})",
        uR"({"a":[{"b":true,"c":[""]},null],"d":false})"_s);
    row("names in quotes", R"({"jsonPath":"$['a.b']['c]']","numberValue":1})", uR"({"a.b":{"c]":1}})"_s);
    row("characters that JSON escapes",
        "{\"jsonPath\":\"$.a\",\"stringValue\":\"\\\"\\\\\\n\\u0001\\ud83d\\ude00\"}",
        u"{\"a\":\"\\\"\\\\\\n\\u0001\U0001F600\"}"_s);
    row("back to what is closed",
        R"({"jsonPath":"$.a.b","numberValue":1},{"jsonPath":"$.c","numberValue":2},{"jsonPath":"$.c","numberValue":3})",
        uR"({"a":{"b":1},"c":2})"_s);
    row("an item that was passed",
        R"({"jsonPath":"$.a[1]","numberValue":1},{"jsonPath":"$.a[0]","numberValue":2})", uR"({"a":[1]})"_s);
    row("an item far away", R"({"jsonPath":"$.a[4000000000]","numberValue":1})", uR"({"a":[1]})"_s);
    row("of the wrong kind", R"({"jsonPath":"$.a[0]","numberValue":1},{"jsonPath":"$.a.b","numberValue":2})",
        uR"({"a":[1]})"_s);
    row("no path",
        R"({"stringValue":"x"},{"jsonPath":"a","numberValue":1},{"jsonPath":"$","numberValue":1},)"
        R"({"jsonPath":"$..a","numberValue":1},{"jsonPath":"$[0]","numberValue":1},{"jsonPath":"$.a[-1]","numberValue":1},)"
        R"({"jsonPath":"$.a[","numberValue":1},{"jsonPath":"$.a x]","boolValue":true})",
        uR"({"a x]":true})"_s);
    row("deeper than any tool needs",
        "{\"jsonPath\":\"$.a" + QByteArray("[0]").repeated(1000) + "\",\"numberValue\":1}", u"{}"_s);
}

} // namespace

class tst_Gemini : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void resultsFollowTheContentThatMadeTheirCalls()
    {
        const QJsonArray sent =
            QJsonDocument::fromJson(
                requestFor(
                    {.model = u"gemini-x"_s,
                     .messages = {{ChatRole::User, u"q"_s},
                                  {ChatRole::Assistant,
                                   {content::ToolCall{.id = u"1"_s, .name = u"f"_s, .arguments = u"{}"_s},
                                    content::ToolResult{.id = u"1"_s, .name = u"f"_s, .content = u"r"_s},
                                    content::Text{u"Done."_s}}}}})
                    .body)
                .object()["contents"_L1]
                .toArray();
        QCOMPARE(sent.size(), 4);
        QVERIFY(sent[1]["parts"_L1][0].toObject().contains("functionCall"_L1));
        QCOMPARE(sent[2]["role"_L1].toString(), u"user"_s);
        QCOMPARE(sent[2]["parts"_L1][0]["functionResponse"_L1]["name"_L1].toString(), u"f"_s);
        QCOMPARE(sent[3]["parts"_L1][0]["text"_L1].toString(), u"Done."_s);
    }

    void aRequestAsksForAStreamOfEvents()
    {
        const HttpRequest request =
            requestFor({.model = u"gemini-x"_s, .system = u"S"_s, .messages = {{ChatRole::User, u"Q"_s}}},
                       google, "AIza-key");
        QCOMPARE(request.method, "POST");
        QCOMPARE(
            request.url.toEncoded(),
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:streamGenerateContent?alt=sse");
        QVERIFY(request.headers.contains({"x-goog-api-key", "AIza-key"}));
        QVERIFY(request.headers.contains({"Content-Type", "application/json"}));
        QVERIFY(request.headers.contains({"Accept", "text/event-stream"}));
        QCOMPARE(QString::fromUtf8(request.body),
                 uR"({"contents":[{"parts":[{"text":"Q"}],"role":"user"}],)"
                 uR"("systemInstruction":{"parts":[{"text":"S"}]}})"_s);
    }

    void theKeyIsNeverPartOfTheAddress()
    {
        const auto dialect = makeDialect(DialectId::Gemini);
        const Endpoint endpoint{.baseUrl = QUrl(google), .apiKey = "AIza-key"};
        QVERIFY(!requestFor({.model = u"m"_s}, google, "AIza-key").url.toEncoded().contains("AIza"));
        QVERIFY(!dialect->modelsRequest(endpoint)->url.toEncoded().contains("AIza"));
        QVERIFY(dialect->modelsRequest(endpoint)->headers.contains({"x-goog-api-key", "AIza-key"}));
    }

    void theTokenOfALoginGoesWhereVertexWantsIt()
    {
        const HttpRequest request = requestFor({.model = u"m"_s}, u"https://h.example/v1"_s, "ya29.token");
        QVERIFY(request.headers.contains({"Authorization", "Bearer ya29.token"}));
        QVERIFY(std::ranges::none_of(request.headers,
                                     [](const auto &header) { return header.first == "x-goog-api-key"; }));
    }

    void theBaseMayBeWrittenInSeveralWays_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("model");
        QTest::addColumn<QByteArray>("asked");
        const auto row = [](const char *name, const QString &base, const QString &model,
                            const QByteArray &asked) { QTest::newRow(name) << base << model << asked; };
        row("base", u"https://x.example/v1"_s, u"m"_s, "https://x.example/v1/models/m");
        row("with a slash", u"https://x.example/v1/"_s, u"m"_s, "https://x.example/v1/models/m");
        row("a model's own address", u"https://x.example/v1/models/other:streamGenerateContent"_s, u"m"_s,
            "https://x.example/v1/models/m");
        row("only the host", u"https://generativelanguage.googleapis.com"_s, u"m"_s,
            "https://generativelanguage.googleapis.com/v1beta/models/m");
        row("Vertex", u"https://eu.example/v1/projects/p/locations/l/publishers/google"_s, u"m"_s,
            "https://eu.example/v1/projects/p/locations/l/publishers/google/models/m");
        row("a model with its place", u"https://x.example/v1"_s, u"tunedModels/mine"_s,
            "https://x.example/v1/tunedModels/mine");
        row("a model with odd characters", u"https://x.example/v1"_s, u"a?b#c d"_s,
            "https://x.example/v1/models/a%3Fb%23c%20d");
    }

    void theBaseMayBeWrittenInSeveralWays()
    {
        QFETCH(QString, base);
        QFETCH(QString, model);
        QFETCH(QByteArray, asked);
        QCOMPARE(requestFor({.model = model}, base).url.toEncoded(),
                 QByteArray(asked + ":streamGenerateContent?alt=sse"));
    }

    void whatTheUserDidNotSetIsNotSent()
    {
        QCOMPARE(bodyOf({.model = u"m"_s, .messages = {{ChatRole::User, u"Hi"_s}}}).keys(),
                 QStringList{u"contents"_s});
        const ChatRequest tuned{.model = u"m"_s,
                                .messages = {{ChatRole::User, u"Hi"_s}},
                                .temperature = 0.5,
                                .topP = 0.25,
                                .maxOutputTokens = 100,
                                .stop = {u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s, u"6"_s},
                                .seed = 7};
        QCOMPARE(compact(bodyOf(tuned)["generationConfig"_L1]),
                 uR"({"maxOutputTokens":100,"seed":7,"stopSequences":["1","2","3","4","5"],)"
                 uR"("temperature":0.5,"topP":0.25})"_s);
    }

    void filesGoWhereTheyWereSaid()
    {
        const content::Attachment image{u"a.png"_s, "image/png", "\x89PNG"};
        const content::Attachment code{u"a.txt"_s, "text/plain", "words"};
        QCOMPARE(contentsOf({{ChatRole::User, {content::Text{u"Q"_s}, image, code}}}),
                 uR"([{"parts":[{"text":"Q"},{"inlineData":{"data":"iVBORw==","mimeType":"image/png"}},)"
                 uR"({"text":"a.txt:\n```\nwords\n```\n"}],"role":"user"}])"_s);
    }

    void toolsAreDeclaredByTheirSchemas()
    {
        const ChatRequest chat{
            .model = u"m"_s,
            .messages = {{ChatRole::User, u"Q"_s}},
            .tools = {{u"f"_s, u"d"_s, R"({"type":"object","properties":{"a":{"type":"string"}}})"},
                      {u"g"_s, u"e"_s, "{}"}},
            .options = {{u"tools"_s, u"googleSearch codeExecution"_s}}};
        QCOMPARE(
            compact(bodyOf(chat)["tools"_L1]),
            uR"([{"functionDeclarations":[{"description":"d","name":"f","parametersJsonSchema":)"
            uR"({"properties":{"a":{"type":"string"}},"type":"object"}},{"description":"e","name":"g"}]},)"
            uR"({"googleSearch":{}},{"codeExecution":{}}])"_s);
    }

    void effortIsABudgetBeforeGemini3AndALevelFromThenOn_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<ReasoningEffort>("effort");
        QTest::addColumn<QString>("config");
        const auto row = [](const QString &model, ReasoningEffort effort, const QString &config) {
            QTest::addRow("%s %s", qPrintable(model), toName(effort).data()) << model << effort << config;
        };
        using enum ReasoningEffort;
        row(u"gemini-2.5-flash"_s, None, uR"({"includeThoughts":false,"thinkingBudget":0})"_s);
        row(u"gemini-2.5-pro"_s, None, uR"({"includeThoughts":false,"thinkingBudget":128})"_s);
        row(u"gemini-2.5-flash"_s, Low, uR"({"includeThoughts":true,"thinkingBudget":1024})"_s);
        row(u"gemini-2.5-flash"_s, Max, uR"({"includeThoughts":true,"thinkingBudget":24576})"_s);
        row(u"gemini-2.5-pro"_s, Max, uR"({"includeThoughts":true,"thinkingBudget":32768})"_s);
        row(u"gemini-3-flash"_s, None, uR"({"includeThoughts":false,"thinkingLevel":"minimal"})"_s);
        row(u"gemini-3-pro-preview"_s, Minimal, uR"({"includeThoughts":true,"thinkingLevel":"low"})"_s);
        row(u"gemini-3-flash"_s, Medium, uR"({"includeThoughts":true,"thinkingLevel":"medium"})"_s);
        row(u"gemini-3-pro-preview"_s, Max, uR"({"includeThoughts":true,"thinkingLevel":"high"})"_s);
        row(u"gemini-2.0-flash"_s, High, u"{}"_s);
    }

    void effortIsABudgetBeforeGemini3AndALevelFromThenOn()
    {
        QFETCH(QString, model);
        QFETCH(ReasoningEffort, effort);
        QFETCH(QString, config);
        QCOMPARE(compact(configFor(model, effort)), config);
    }

    // What goes back

    void signaturesGoBackOnTheirOwnParts()
    {
        const QByteArray stream =
            streamOf({chunkOf(R"({"text":"hm","thought":true},{"text":"x"})"),
                      chunkOf(R"({"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"S1"})"),
                      chunkOf(R"({"functionCall":{"id":"i2","name":"g","args":{}}})"),
                      chunkOf(R"({"text":"","thoughtSignature":"S2"})", "STOP")});
        QCOMPARE(
            contentsOf(historyAfter(stream), u"gemini-3-pro"_s),
            uR"([{"parts":[{"text":"Q"}],"role":"user"},)"
            uR"({"parts":[{"text":"x"},{"functionCall":{"args":{"a":1},"name":"f"},"thoughtSignature":"S1"},)"
            uR"({"functionCall":{"args":{},"id":"i2","name":"g"}},{"text":"","thoughtSignature":"S2"}],"role":"model"},)"
            uR"({"parts":[{"functionResponse":{"name":"f","response":{"result":"done"}}},)"
            uR"({"functionResponse":{"id":"i2","name":"g","response":{"result":"done"}}}],"role":"user"}])"_s);
    }

    void aSignatureAfterTextGoesBackOnThatText()
    {
        const QByteArray stream =
            streamOf({chunkOf(R"({"text":"a"})"), chunkOf(R"({"text":"b","thoughtSignature":"S"})", "STOP")});
        QList<ChatMessage> history = historyAfter(stream);
        history.last() = {ChatRole::User, u"Go on"_s};
        QVERIFY(contentsOf(history).contains(uR"({"text":"ab","thoughtSignature":"S"})"_s));
    }

    void aSignedThoughtGoesBackAndAnUnsignedOneDoesNot()
    {
        const QByteArray part = R"({"text":"hm","thought":true%1})";
        for (const auto &[more, expected] :
             {std::pair{QByteArray(R"(,"thoughtSignature":"S")"),
                        uR"([{"text":"hm","thought":true,"thoughtSignature":"S"},{"text":"x"}])"_s},
              std::pair{QByteArray(), uR"([{"text":"x"}])"_s}}) {
            QByteArray thought = part;
            const QByteArray stream =
                streamOf({chunkOf(thought.replace("%1", more)), chunkOf(R"({"text":"x"})", "STOP")});
            QList<ChatMessage> history = historyAfter(stream);
            history.last() = {ChatRole::User, u"Go on"_s};
            QVERIFY2(contentsOf(history).contains(u"\"parts\":"_s + expected),
                     qPrintable(contentsOf(history)));
        }
    }

    void codeThatTheServerRanGoesBackAsItCame()
    {
        const QByteArray code =
            R"({"executableCode":{"code":"1","language":"PYTHON"},"thoughtSignature":"S"})";
        const QByteArray result = R"({"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}})";
        QList<ChatMessage> history =
            historyAfter(streamOf({chunkOf(code), chunkOf(result), chunkOf(R"({"text":"One."})", "STOP")}));
        history.last() = {ChatRole::User, u"Go on"_s};
        QVERIFY(contentsOf(history).contains(
            QString::fromUtf8('[' + code + ',' + result + ",{\"text\":\"One.\"}]")));
    }

    void theSignatureOfAnImageGoesBackOnlyWithTheImage()
    {
        const QString opaque = uR"({"part":"inlineData","thoughtSignature":"S"})"_s;
        const content::Reasoning signature{.text = {}, .opaque = {opaque}};
        const content::Attachment image{u"a.png"_s, "image/png", "x"};
        QVERIFY(contentsOf({{ChatRole::Assistant, {image, signature}}})
                    .contains(uR"("mimeType":"image/png"},"thoughtSignature":"S"})"_s));
        QCOMPARE(contentsOf({{ChatRole::Assistant, {content::Text{u"x"_s}, signature}}}),
                 uR"([{"parts":[{"text":"x"}],"role":"model"}])"_s);
    }

    void aCallThatLostItsSignatureIsAcceptedByGemini3()
    {
        const QList<ChatMessage> messages{
            {ChatRole::Assistant,
             {content::ToolCall{u"1"_s, u"f"_s, u"{}"_s}, content::ToolCall{u"2"_s, u"f"_s, u"{}"_s}}},
            {ChatRole::User,
             {content::ToolResult{u"1"_s, u"f"_s, u"R"_s}, content::ToolResult{u"2"_s, u"f"_s, u"R"_s}}}};
        QCOMPARE(contentsOf(messages, u"gemini-3-flash"_s).count(u"skip_thought_signature_validator"_s), 1);
        QCOMPARE(contentsOf(messages, u"gemini-2.5-flash"_s).count(u"thoughtSignature"_s), 0);
    }

    void theNextRequestIsValidWhereverTheAnswerWasStopped()
    {
        const QList<ChatMessage> messages{
            {ChatRole::User, u"Q"_s},
            {ChatRole::Assistant,
             {content::Reasoning{.text = u"hm"_s, .opaque = {}}, content::Text{u"So "_s},
              content::Reasoning{.text = {},
                                 .opaque = {uR"({"part":"functionCall","id":"c","thoughtSignature":"S"})"_s}},
              content::ToolCall{u"c"_s, u"f"_s, uR"({"a":)"_s}}},
            {ChatRole::User, u"Go on"_s}};
        QCOMPARE(contentsOf(messages),
                 uR"([{"parts":[{"text":"Q"}],"role":"user"},{"parts":[{"text":"So "}],"role":"model"},)"
                 uR"({"parts":[{"text":"Go on"}],"role":"user"}])"_s);
    }

    void theResultsOfOneAnswerAreOneContent()
    {
        const QList<ChatMessage> messages{
            {ChatRole::Assistant,
             {content::ToolCall{u"1"_s, u"f"_s, u"{}"_s}, content::ToolCall{u"2"_s, u"g"_s, u"{}"_s}}},
            {ChatRole::User, {content::ToolResult{u"1"_s, {}, u"R"_s}}},
            {ChatRole::User, {content::ToolResult{u"2"_s, {}, u"no"_s, true}}},
            {ChatRole::User, u"Now?"_s}};
        QCOMPARE(
            compact(QJsonDocument::fromJson(contentsOf(messages).toUtf8()).array()[1]),
            uR"({"parts":[{"functionResponse":{"id":"1","name":"f","response":{"result":"R"}}},)"
            uR"({"functionResponse":{"id":"2","name":"g","response":{"error":"no"}}},{"text":"Now?"}],"role":"user"})"_s);
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<QString>("meant");
        const auto row = [](const char *named, const char *meant) {
            QTest::newRow(named) << QByteArray(named) << QString::fromLatin1(meant);
        };
        row("STOP", "stop");
        row("MAX_TOKENS", "length");
        row("SAFETY", "content_filter");
        row("RECITATION", "content_filter");
        row("PROHIBITED_CONTENT", "content_filter");
        row("IMAGE_SAFETY", "content_filter");
        row("LANGUAGE", "other");
        row("OTHER", "other");
        row("SOMETHING_NEW", "other");
    }

    void finishReasonsHaveOneMeaning()
    {
        QFETCH(QByteArray, named);
        QFETCH(QString, meant);
        const Answer answer = readGemini(streamOf({chunkOf({}, named)}));
        QCOMPARE(toName(answer.last<event::Finished>().reason), meant);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void reasonsThatMeanABrokenAnswerAreFailures_data()
    {
        QTest::addColumn<QByteArray>("reason");
        for (const char *reason : {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE",
                                   "MISSING_THOUGHT_SIGNATURE", "TOO_MANY_TOOL_CALLS"})
            QTest::newRow(reason) << QByteArray(reason);
    }

    void reasonsThatMeanABrokenAnswerAreFailures()
    {
        QFETCH(QByteArray, reason);
        const Answer answer = readGemini(streamOf({chunkOf(R"({"text":"a"})", reason)}));
        QCOMPARE(answer.completeness, Completeness::Failed);
        QCOMPARE(answer.last<event::Failed>().error.code, QString::fromLatin1(reason));
        QCOMPARE(answer.joined<event::Text>(), u"a"_s);
    }

    void onlyACleanEndAfterAReasonIsComplete()
    {
        const QByteArray open = streamOf({chunkOf(R"({"text":"a"})")});
        const QByteArray ended = streamOf({chunkOf(R"({"text":"a"})", "STOP")});
        QCOMPARE(readGemini(open).completeness, Completeness::Open);
        QCOMPARE(readGemini(ended, ResponseReader::End::Broken).completeness, Completeness::Open);
        QCOMPARE(readGemini(ended).completeness, Completeness::Complete);
    }

    void aBlockedPromptSaysWhy()
    {
        const Answer answer = readGemini(
            streamOf({R"({"promptFeedback":{"blockReason":"BLOCKLIST","blockReasonMessage":"Not this."}})"}));
        QCOMPARE(answer.last<event::Status>(),
                 (event::Status{u"BLOCKLIST"_s, u"Not this."_s, event::Status::State::Failed}));
        QCOMPARE(answer.last<event::Finished>().reason, FinishReason::ContentFilter);
    }

    void callsWithoutIdsGetOnesThatDifferBetweenAnswers()
    {
        const QByteArray call = chunkOf(R"({"functionCall":{"name":"f","args":{}}})", "STOP");
        QByteArray other = call;
        other.replace("\"r\"", "\"q\"");
        const QString id = readGemini(streamOf({call})).last<event::ToolCall>().id;
        QVERIFY(!id.isEmpty());
        QCOMPARE(readGemini(streamOf({call})).last<event::ToolCall>().id, id);
        QVERIFY(readGemini(streamOf({other})).last<event::ToolCall>().id != id);
    }

    void piecesOfArgumentsAreTheirText_data() { piecesOfArguments(); }

    void piecesOfArgumentsAreTheirText()
    {
        QFETCH(QByteArray, pieces);
        QFETCH(QString, arguments);
        const QString text = argumentsOf(pieces);
        QCOMPARE(text, arguments);
        QVERIFY(QJsonDocument::fromJson(text.toUtf8()).isObject());
    }

    void googlesErrorsHaveTheirKinds_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<NetError::Kind>("kind");
        QTest::addColumn<QString>("code");
        const auto row = [](const char *name, int status, const QByteArray &body, NetError::Kind kind,
                            const char *code) {
            QTest::newRow(name) << status << body << kind << QString::fromLatin1(code);
        };
        const auto error = [](const QByteArray &word, const QByteArray &details = {}) {
            return QByteArray(R"({"error":{"code":400,"message":"no","status":")" + word + R"(","details":[)"
                              + details + "]}}");
        };
        using enum NetError::Kind;
        row("a wrong key", 400, error("INVALID_ARGUMENT", R"({"reason":"API_KEY_INVALID"})"), Auth,
            "INVALID_ARGUMENT");
        row("no right", 403, error("PERMISSION_DENIED"), Auth, "PERMISSION_DENIED");
        row("no such model", 404, error("NOT_FOUND"), InvalidRequest, "NOT_FOUND");
        row("too fast", 429, error("RESOURCE_EXHAUSTED"), RateLimited, "RESOURCE_EXHAUSTED");
        row("too much for a day", 429,
            error("RESOURCE_EXHAUSTED", R"({"violations":[{"quotaId":"RequestsPerDayPerModel"}]})"), Quota,
            "RESOURCE_EXHAUSTED");
        row("too busy", 503, error("UNAVAILABLE"), Overloaded, "UNAVAILABLE");
        row("in an array", 503, '[' + error("UNAVAILABLE") + ']', Overloaded, "UNAVAILABLE");
        row("broken", 500, error("INTERNAL"), Server, "INTERNAL");
        row("not Google's", 502, "<title>Bad gateway</title>", Server, "");
    }

    void googlesErrorsHaveTheirKinds()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(NetError::Kind, kind);
        QFETCH(QString, code);
        const NetError error = makeDialect(DialectId::Gemini)
                                   ->errorFor({.status = status, .contentType = {}, .headers = {}}, body);
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.code, code);
        QCOMPARE(error.status, status);
        QVERIFY(!error.message.isEmpty());
    }

    void theServersWishToWaitIsTaken()
    {
        const QByteArray body =
            R"({"error":{"code":429,"message":"no","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"%1"}]}})";
        const auto waitFor = [&](const QByteArray &delay, const HttpHeaders &headers = {}) {
            return makeDialect(DialectId::Gemini)
                ->errorFor({.status = 429, .contentType = {}, .headers = headers},
                           QByteArray(body).replace("%1", delay))
                .retryAfter;
        };
        QVERIFY(waitFor("23s") == 23s);
        QVERIFY(waitFor("1.5s") == 1500ms);
        QVERIFY(!waitFor("soon"));
        QVERIFY(!waitFor("-1s"));
        QVERIFY(waitFor("soon", {{"retry-after", "3"}}) == 3s);
    }

    // Models

    void modelsThatAnswerAreListed()
    {
        const auto dialect = makeDialect(DialectId::Gemini);
        QCOMPARE(dialect->modelsRequest({.baseUrl = QUrl(google)})->url.toEncoded(),
                 "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000");
        const auto models = dialect->models(
            R"({"models":[{"name":"models/a","supportedGenerationMethods":["generateContent","countTokens"]},)"
            R"({"name":"models/e","supportedGenerationMethods":["embedContent"]},{"name":"tunedModels/t"}]})");
        QCOMPARE(
            models,
            (QList<ListedModel>{{.id = u"a"_s, .ownedBy = {}}, {.id = u"tunedModels/t"_s, .ownedBy = {}}}));
        QVERIFY(!dialect->models(R"({"error":{"message":"no"}})"));
        QVERIFY(!dialect->models(R"({"models":[{"id":"a"}]})"));
        QVERIFY(!dialect->models("<html>"));
    }
};

QTEST_APPLESS_MAIN(tst_Gemini)
#include "tst_gemini.moc"
