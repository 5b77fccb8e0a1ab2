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
using namespace Qt::StringLiterals;

namespace {

const QString local = u"http://localhost:11434"_s;

HttpRequest requestFor(const ChatRequest &chat, const QString &baseUrl = local, const QByteArray &key = {})
{
    return std::get<HttpRequest>(
        makeDialect(DialectId::Ollama)->open(chat, {.baseUrl = QUrl(baseUrl), .apiKey = key}));
}

QJsonObject bodyOf(const ChatRequest &chat)
{
    return QJsonDocument::fromJson(requestFor(chat).body).object();
}

QString messagesOf(const QList<ChatMessage> &messages)
{
    const QJsonObject body = bodyOf({.model = u"m"_s, .messages = messages});
    return QString::fromUtf8(QJsonDocument(body["messages"_L1].toArray()).toJson(QJsonDocument::Compact));
}

Answer readOllama(const QByteArray &lines)
{
    return read({lines}, successfulHead("application/x-ndjson"), DialectId::Ollama);
}

} // namespace

class tst_Ollama : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resultsFollowTheMessageThatMadeTheirCalls()
    {
        const QJsonArray sent =
            bodyOf({.messages = {{ChatRole::User, u"q"_s},
                                 {ChatRole::Assistant,
                                  {content::ToolCall{.id = u"1"_s, .name = u"f"_s, .arguments = u"{}"_s},
                                   content::ToolResult{.id = u"1"_s, .name = u"f"_s, .content = u"r"_s},
                                   content::Text{u"Done."_s}}}}})["messages"_L1]
                .toArray();
        QCOMPARE(sent.size(), 4);
        QCOMPARE(sent[1]["tool_calls"_L1].toArray().size(), 1);
        QCOMPARE(sent[2]["role"_L1].toString(), u"tool"_s);
        QCOMPARE(sent[2]["tool_name"_L1].toString(), u"f"_s);
        QCOMPARE(sent[3]["content"_L1].toString(), u"Done."_s);
    }

    void aRequestAsksForLines()
    {
        const HttpRequest request = requestFor(
            {.model = u"m"_s, .system = u"S"_s, .messages = {{ChatRole::User, u"Q"_s}}}, local, "key-1");
        QCOMPARE(request.url, QUrl(u"http://localhost:11434/api/chat"_s));
        QVERIFY(request.headers.contains({"Authorization", "Bearer key-1"}));
        QCOMPARE(QString::fromUtf8(request.body),
                 uR"({"messages":[{"content":"S","role":"system"},{"content":"Q","role":"user"}],)"
                 uR"("model":"m","stream":true})"_s);
        QCOMPARE(requestFor({.model = u"m"_s}).headers.size(), 2);
    }

    void theBaseMayBeWrittenInSeveralWays_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("asked");
        for (const auto *base : {u"http://h:1", u"http://h:1/", u"http://h:1/api", u"http://h:1/api/",
                                 u"http://h:1/api/chat", u"http://h:1/api/generate"})
            QTest::newRow(qPrintable(QString(base))) << QString(base) << u"http://h:1/api/chat"_s;
        QTest::newRow("below a path") << u"https://h/apis/ollama"_s << u"https://h/apis/ollama/api/chat"_s;
    }

    void theBaseMayBeWrittenInSeveralWays()
    {
        QFETCH(QString, base);
        QFETCH(QString, asked);
        QCOMPARE(requestFor({.model = u"m"_s}, base).url, QUrl(asked));
    }

    void whatTheUserSetGoesIntoOptions()
    {
        const ChatRequest chat{.model = u"m"_s,
                               .reasoningEffort = ReasoningEffort::High,
                               .temperature = 0.5,
                               .topP = 0.25,
                               .maxOutputTokens = 100,
                               .stop = {u"x"_s},
                               .seed = 7};
        const QJsonObject body = bodyOf(chat);
        QCOMPARE(body["think"_L1], u"high"_s);
        QCOMPARE(QJsonDocument(body["options"_L1].toObject()).toJson(QJsonDocument::Compact),
                 R"({"num_predict":100,"seed":7,"stop":["x"],"temperature":0.5,"top_p":0.25})");
        QVERIFY(!bodyOf({.model = u"m"_s}).contains("options"_L1));
        QVERIFY(!bodyOf({.model = u"m"_s}).contains("think"_L1));
        QCOMPARE(bodyOf({.model = u"m"_s, .reasoningEffort = ReasoningEffort::None})["think"_L1], false);
    }

    void imagesGoBesideTheWordsAndFilesInThem()
    {
        const content::Attachment image{u"a.png"_s, "image/png", "\x89PNG"};
        const content::Attachment code{u"a.txt"_s, "text/plain", "words"};
        const content::Attachment other{u"a.pdf"_s, "application/pdf", "%PDF"};
        QCOMPARE(
            messagesOf({{ChatRole::User, {content::Text{u"Q"_s}, image, code, other}}}),
            uR"([{"content":"Q\n\na.txt:\n```\nwords\n```\n[a.pdf]","images":["iVBORw=="],"role":"user"}])"_s);
    }

    void toolsAreDeclaredAsFunctions()
    {
        const ChatRequest chat{.model = u"m"_s, .tools = {{u"f"_s, u"d"_s, R"({"type":"object"})"}}};
        QCOMPARE(
            QJsonDocument(bodyOf(chat)["tools"_L1].toArray()).toJson(QJsonDocument::Compact),
            R"([{"function":{"description":"d","name":"f","parameters":{"type":"object"}},"type":"function"}])");
    }

    void callsGoBackWithTheThoughtsThatLedToThem()
    {
        // The id of the first call was given here, since the server gave none.
        const Answer answer = readOllama(
            R"({"message":{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":true})");
        const QString ownId = answer.last<event::ToolCall>().id;
        const QList<ChatMessage> messages{
            {ChatRole::Assistant,
             {content::Reasoning{.text = u"hm"_s, .opaque = {}},
              content::ToolCall{ownId, u"f"_s, uR"({"a":1})"_s},
              content::ToolCall{u"c2"_s, u"g"_s, u"{}"_s}}},
            {ChatRole::User,
             {content::ToolResult{ownId, {}, u"R"_s}, content::ToolResult{u"c2"_s, {}, u"S"_s}}}};
        QCOMPARE(
            messagesOf(messages),
            uR"([{"content":"","role":"assistant","thinking":"hm","tool_calls":[)"
            uR"({"function":{"arguments":{"a":1},"name":"f"}},{"function":{"arguments":{},"name":"g"},"id":"c2"}]},)"
            uR"({"content":"R","role":"tool","tool_name":"f"},)"
            uR"({"content":"S","role":"tool","tool_call_id":"c2","tool_name":"g"}])"_s);
    }

    void theNextRequestIsValidWhereverTheAnswerWasStopped()
    {
        QCOMPARE(messagesOf({{ChatRole::User, u"Q"_s},
                             {ChatRole::Assistant,
                              {content::Reasoning{.text = u"hm"_s, .opaque = {}}, content::Text{u"So "_s},
                               content::ToolCall{u"c"_s, u"f"_s, uR"({"a":)"_s}}},
                             {ChatRole::User, u"Go on"_s}}),
                 uR"([{"content":"Q","role":"user"},{"content":"So ","role":"assistant"},)"
                 uR"({"content":"Go on","role":"user"}])"_s);
    }

    void onlyTheLineThatSaysDoneMakesItComplete()
    {
        const QByteArray lines = R"({"model":"m","message":{"content":"a"},"done":false})"
                                 "\n"
                                 R"({"model":"m","message":{"content":""},"done":true,"done_reason":"stop"})";
        for (qsizetype end = 1; end < lines.size(); ++end)
            QVERIFY2(readOllama(lines.first(end)).completeness != Completeness::Complete,
                     qPrintable(QString::number(end)));
        QCOMPARE(readOllama(lines).completeness, Completeness::Complete);
    }

    void anErrorComesAfterWhatWasHeldBack()
    {
        const Answer answer = readOllama("{\"message\":{\"content\":\"<thi\"}}\n{\"error\":\"no\"}\n");
        QCOMPARE(answer.joined<event::Text>(), u"<thi"_s);
        QCOMPARE(answer.last<event::Failed>().error.message, u"no"_s);
    }

    void modelsAreListedByTheirTags()
    {
        const auto dialect = makeDialect(DialectId::Ollama);
        QCOMPARE(dialect->modelsRequest({.baseUrl = QUrl(u"http://h:1/api"_s)})->url,
                 QUrl(u"http://h:1/api/tags"_s));
        QCOMPARE(
            dialect->models(R"({"models":[{"name":"a:latest","model":"a:latest"},{"name":"b:1b"}]})"),
            (QList<ListedModel>{{.id = u"a:latest"_s, .ownedBy = {}}, {.id = u"b:1b"_s, .ownedBy = {}}}));
        QCOMPARE(dialect->models(R"({"models":[]})"), QList<ListedModel>());
        QVERIFY(!dialect->models(R"({"error":"no"})"));
        QVERIFY(!dialect->models(R"({"models":[{"size":1}]})"));
    }
};

QTEST_APPLESS_MAIN(tst_Ollama)
#include "tst_ollama.moc"
