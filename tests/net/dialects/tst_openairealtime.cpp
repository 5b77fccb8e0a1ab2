// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/openairealtime.h"
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

const Endpoint server{.baseUrl = QUrl(u"https://api.example.com/v1"_s), .apiKey = "key-1"};

WebSocketRequest requestFor(const ChatRequest &chat, const Endpoint &endpoint = server)
{
    return std::get<WebSocketRequest>(OpenAiRealtime().open(chat, endpoint));
}

QStringList messagesOf(const WebSocketRequest &request)
{
    QStringList messages;
    for (const QByteArray &message : request.messages)
        messages.append(QString::fromUtf8(message));
    return messages;
}

QJsonObject objectOf(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

Answer answerIn(const char *stream)
{
    return read({readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/openai-realtime-")
                          + QString::fromLatin1(stream) + u".ndjson"_s)},
                successfulHead("application/x-ndjson"), DialectId::OpenAiRealtime);
}

} // namespace

class tst_OpenAiRealtime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSessionIsToldTheHistoryAndAskedForOneResponse()
    {
        const WebSocketRequest request =
            requestFor({.model = u"M"_s,
                        .system = u"S"_s,
                        .messages = {{ChatRole::User, u"Q"_s},
                                     {ChatRole::Assistant,
                                      {content::Text{u"A "_s}, content::ToolCall{u"c1"_s, u"f"_s, u"{}"_s}}},
                                     {ChatRole::User, {content::ToolResult{u"c1"_s, u"f"_s, u"R"_s}}}},
                        .tools = {{.name = u"f"_s, .description = u"d"_s, .parameters = "{}"}},
                        .maxOutputTokens = 9});
        QCOMPARE(request.url, QUrl(u"wss://api.example.com/v1/realtime?model=M"_s));
        QCOMPARE(request.headers, (HttpHeaders{{"Authorization", "Bearer key-1"}}));
        QVERIFY(!request.fallback);
        QCOMPARE(
            messagesOf(request),
            (QStringList{
                uR"({"event_id":"message-0","session":{"instructions":"S","max_output_tokens":9,"output_modalities":["text"],"tools":[{"description":"d","name":"f","parameters":{},"type":"function"}],"type":"realtime"},"type":"session.update"})"_s,
                uR"({"event_id":"message-1","item":{"content":[{"text":"Q","type":"input_text"}],"role":"user","type":"message"},"type":"conversation.item.create"})"_s,
                uR"({"event_id":"message-2","item":{"content":[{"text":"A ","type":"output_text"}],"role":"assistant","type":"message"},"type":"conversation.item.create"})"_s,
                uR"({"event_id":"message-3","item":{"arguments":"{}","call_id":"c1","name":"f","type":"function_call"},"type":"conversation.item.create"})"_s,
                uR"({"event_id":"message-4","item":{"call_id":"c1","output":"R","type":"function_call_output"},"type":"conversation.item.create"})"_s,
                uR"({"event_id":"message-5","type":"response.create"})"_s}));
    }

    void theModelsNameIsOneValueOfTheQuery()
    {
        const WebSocketRequest request =
            requestFor({.model = u"a+b&c=d"_s}, {.baseUrl = QUrl(u"ws://localhost:1/v1/realtime/"_s)});
        QCOMPARE(request.url.toString(QUrl::FullyEncoded),
                 u"ws://localhost:1/v1/realtime?model=a%2Bb%26c%3Dd"_s);
        QVERIFY(request.headers.isEmpty());
    }

    void azureTakesTheKeyInItsOwnHeader()
    {
        const WebSocketRequest request =
            requestFor({.model = u"D"_s},
                       {.baseUrl = QUrl(u"https://res.openai.azure.com/openai/v1"_s), .apiKey = "key-1"});
        QCOMPARE(request.url, QUrl(u"wss://res.openai.azure.com/openai/v1/realtime?model=D"_s));
        QCOMPARE(request.headers, (HttpHeaders{{"api-key", "key-1"}}));
    }

    void aPreviewIsSpokenToInItsOwnWords()
    {
        const ChatRequest chat{.model = u"M"_s,
                               .messages = {{ChatRole::User, u"Q"_s}, {ChatRole::Assistant, u"A"_s}}};
        const Endpoint preview{.baseUrl = QUrl(u"https://res.services.ai.azure.com/voice-live"_s),
                               .options = {{u"api-version"_s, u"2025-10-01"_s}}};
        const WebSocketRequest request = requestFor(chat, preview);
        QCOMPARE(
            request.url,
            QUrl(u"wss://res.services.ai.azure.com/voice-live/realtime?api-version=2025-10-01&model=M"_s));
        QCOMPARE(objectOf(request.messages.at(0))["session"_L1],
                 (QJsonObject{{u"modalities"_s, QJsonArray{u"text"_s}}}));
        QCOMPARE(objectOf(request.messages.at(2))["item"_L1]["content"_L1][0]["type"_L1].toString(),
                 u"text"_s);
    }

    void whatTheProtocolDoesNotTakeIsLeftOut()
    {
        const QString reasoning =
            uR"({"encrypted_content":"ZW5j","id":"rs_1","summary":[],"type":"reasoning"})"_s;
        const QStringList messages = messagesOf(
            requestFor({.model = u"M"_s,
                        .messages = {{ChatRole::User,
                                      {content::Attachment{u"a.png"_s, "image/png", "png"},
                                       content::Attachment{u"a.pdf"_s, "application/pdf", "pdf"}}},
                                     {ChatRole::Assistant,
                                      {content::Reasoning{u"Hm."_s, {reasoning}}, content::Text{u"A"_s},
                                       content::ToolCall{u"c1"_s, u"f"_s, u"{\"a"_s}}},
                                     {ChatRole::User, u"And?"_s}}}));
        QCOMPARE(messages.size(), 5);
        QVERIFY(messages.at(1).contains(
            uR"([{"image_url":"data:image/png;base64,cG5n","type":"input_image"},{"text":"[a.pdf (application/pdf)]","type":"input_text"}])"_s));
        QVERIFY(!messages.join(u' ').contains("ZW5j"_L1));
        QVERIFY(!messages.join(u' ').contains("function_call"_L1));
    }

    void cancellingNamesTheResponseOnceItIsKnown()
    {
        OpenAiRealtime dialect;
        const auto first = std::get<ConnectionMessage>(*dialect.cancel(server));
        QCOMPARE(objectOf(first.text),
                 (QJsonObject{{u"type"_s, u"response.cancel"_s}, {u"event_id"_s, u"cancel"_s}}));
        StreamEvents events;
        EventWriter out;
        out.writeTo(events);
        dialect.frame(Frame{.data = R"({"type":"response.created","response":{"id":"resp_1"}})"}, out);
        const auto later = std::get<ConnectionMessage>(*dialect.cancel(server));
        QCOMPARE(objectOf(later.text)["response_id"_L1].toString(), u"resp_1"_s);
        QVERIFY(!dialect.redirect(u"Shorter"_s));
        QVERIFY(!dialect.resumeToken());
    }

    void eventsComeInTheOrderOfTheStream()
    {
        QCOMPARE(
            answerIn("function-call").lines(),
            (QStringList{
                uR"({"event":"started","model":"realtime-1"})"_s, uR"({"event":"started","id":"resp_1"})"_s,
                uR"({"event":"text","text":"One moment."})"_s,
                u"{\"event\":\"tool_call\",\"index\":0,\"id\":\"call_1\",\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Ulm\\\"}\"}"_s,
                uR"({"event":"usage","input_tokens":6,"output_tokens":3,"cached_tokens":2})"_s,
                uR"({"event":"finished","reason":"tool_calls"})"_s}));
    }

    void onlyTheLastEventMakesItComplete()
    {
        const QByteArray stream =
            readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/openai-realtime-text.ndjson"));
        const qsizetype done = stream.indexOf("\n", stream.indexOf("response.done"));
        for (qsizetype size = 0; size < done; ++size)
            QVERIFY2(read({QByteArrayView(stream).first(size)}, successfulHead("application/x-ndjson"),
                          DialectId::OpenAiRealtime)
                             .completeness
                         != Completeness::Complete,
                     qPrintable(QString::number(size)));
    }

    void anErrorEndsTheExchangeButForOneAboutOurCancel()
    {
        const Answer failed = answerIn("error");
        QCOMPARE(failed.completeness, Completeness::Failed);
        QCOMPARE(failed.last<event::Failed>().error.message, u"No such tool."_s);
        QCOMPARE(answerIn("error-about-cancel").completeness, Completeness::Complete);
    }

    void messagesOfTheSocketAreReadOneByOne()
    {
        ResponseReader reader(makeDialect(DialectId::OpenAiRealtime));
        StreamEvents events;
        for (const char *message :
             {R"({"type":"response.output_text.delta","output_index":0,"delta":"Hi"})",
              R"({"type":"response.done","response":{"id":"resp_1","status":"completed","output":[]}})"})
            reader.message(message, events);
        QCOMPARE(reader.completeness(), Completeness::Complete);
        QCOMPARE(std::get<event::Text>(events.first().payload).text, u"Hi"_s);
    }

    void modelsAreListedOverHttp()
    {
        const auto request =
            OpenAiRealtime().modelsRequest({.baseUrl = QUrl(u"wss://api.example.com/v1/realtime"_s)});
        QCOMPARE(request->url, QUrl(u"https://api.example.com/v1/models"_s));
    }
};

QTEST_APPLESS_MAIN(tst_OpenAiRealtime)
#include "tst_openairealtime.moc"
