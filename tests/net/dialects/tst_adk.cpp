// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/fixtures.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrlQuery>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const Endpoint server{.baseUrl = QUrl(u"http://localhost:8000/api"_s),
                      .options = {{u"appName"_s, u"my app"_s}, {u"userId"_s, u"me"_s}}};

ChatRequest question()
{
    ChatRequest chat;
    chat.messages = {{ChatRole::User, u"Hi"_s}};
    chat.exchange = u"exchange-1"_s;
    return chat;
}

HttpRequest requestFor(const ChatRequest &chat, const Endpoint &endpoint = server)
{
    return std::get<HttpRequest>(makeDialect(DialectId::Adk)->open(chat, endpoint));
}

QJsonObject bodyOf(const HttpRequest &request)
{
    return QJsonDocument::fromJson(request.body).object();
}

Answer readAdk(const QByteArray &stream)
{
    return read({stream}, successfulHead(), DialectId::Adk);
}

const QByteArray finalEvent = "data: "
                              "{\"author\":\"a\",\"invocationId\":\"e\",\"content\":{\"role\":\"model\","
                              "\"parts\":[{\"text\":\"Hi\"}]}}\n\n";

// The request that runs the agent, after the session request was answered by `head` and `body`.
std::optional<HttpRequest> runAfter(const ChatRequest &chat, const ResponseHead &head, const QByteArray &body)
{
    ResponseReader reader(makeDialect(DialectId::Adk));
    static_cast<void>(reader.dialect().open(chat, server));
    StreamEvents events;
    reader.head(head);
    reader.feed(body, events);
    reader.finish(ResponseReader::End::Clean, events);
    if (!events.isEmpty() || !reader.dialect().hasNext())
        return std::nullopt;
    return reader.dialect().next(server);
}

} // namespace

class tst_Adk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void aSessionIsMadeBeforeTheAgentIsRun()
    {
        const HttpRequest session = requestFor(question());
        QCOMPARE(session.method, "POST");
        QCOMPARE(session.url.toEncoded(),
                 "http://localhost:8000/api/apps/my%20app/users/me/sessions/exchange-1");
        const auto run = runAfter(question(), successfulHead("application/json"), R"({"id":"exchange-1"})");
        QVERIFY(run);
        QCOMPARE(run->url, QUrl(u"http://localhost:8000/api/run_sse"_s));
        QCOMPARE(QString::fromUtf8(run->body),
                 uR"({"appName":"my app","newMessage":{"parts":[{"text":"Hi"}],"role":"user"},)"
                 uR"("sessionId":"exchange-1","streaming":true,"userId":"me"})"_s);
    }

    void aSessionThatIsThereIsGoodEnough_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("goesOn");
        QTest::newRow("409") << 409 << QByteArray(R"({"detail":"Session already exists: x"})") << true;
        QTest::newRow("400") << 400 << QByteArray(R"({"detail":"Session already exists: x"})") << true;
        QTest::newRow("a bad request") << 400 << QByteArray(R"({"detail":"bad app name"})") << false;
        QTest::newRow("no such app") << 404 << QByteArray(R"({"detail":"App not found"})") << false;
    }

    void aSessionThatIsThereIsGoodEnough()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(bool, goesOn);
        const ResponseHead head{.status = status, .contentType = "application/json", .headers = {}};
        QCOMPARE(runAfter(question(), head, body).has_value(), goesOn);
    }

    void theSessionHasTheNameThatTheServerGaveIt()
    {
        const auto run = runAfter(question(), successfulHead("application/json"), R"({"id":"server-1"})");
        QCOMPARE(bodyOf(run.value())["sessionId"_L1].toString(), u"server-1"_s);
    }

    void aHistoryMakesTheSessionWithoutWhatServersRefuse()
    {
        ChatRequest chat = question();
        chat.session = u"session-1"_s;
        chat.messages.append(
            ChatMessage(ChatRole::Assistant,
                        {content::Reasoning{.text = u"hm"_s, .opaque = {}}, content::Text{u"Half "_s},
                         content::ToolCall{.id = u"c1"_s, .name = u"f"_s, .arguments = u"{\"a\":"_s}}));
        chat.messages.append({ChatRole::User, u"Go on"_s});
        const HttpRequest session = requestFor(chat);
        QCOMPARE(session.url.toEncoded(), "http://localhost:8000/api/apps/my%20app/users/me/sessions");
        QCOMPARE(QString::fromUtf8(session.body),
                 uR"({"events":[{"author":"user","content":{"parts":[{"text":"Hi"}],"role":"user"}},)"
                 uR"({"author":"my app","content":{"parts":[{"text":"Half "}],"role":"model"}}],)"
                 uR"("sessionId":"session-1"})"_s);
        const auto run = runAfter(chat, {.status = 409, .contentType = {}, .headers = {}}, "{}");
        QCOMPARE(bodyOf(run.value())["newMessage"_L1]["parts"_L1].toArray(),
                 (QJsonArray{QJsonObject{{u"text"_s, u"Go on"_s}}}));
    }

    void filesGoWithTheQuestion()
    {
        ChatRequest chat = question();
        chat.messages = {
            ChatMessage(ChatRole::User,
                        {content::Attachment{.name = u"a.png"_s, .mediaType = "image/png", .data = "png"}})};
        const auto run = runAfter(chat, successfulHead("application/json"), "{}");
        const QJsonObject data =
            bodyOf(run.value())["newMessage"_L1]["parts"_L1][0]["inlineData"_L1].toObject();
        QCOMPARE(data["mimeType"_L1].toString(), u"image/png"_s);
        QCOMPARE(data["data"_L1].toString(), u"cG5n"_s);
    }

    void aDecisionGoesBackAsTheResponseToTheCallThatAsked()
    {
        const Answer asked = readAdk(
            R"(data: {"author":"a","invocationId":"e","longRunningToolIds":["q1"],"content":{"parts":[)"
            R"({"functionCall":{"id":"q1","name":"adk_request_confirmation","args":{"originalFunctionCall":)"
            R"({"id":"c1","name":"pay","args":{"sum":5}}}}}]}})"
            "\n\n");
        const auto approval = asked.last<event::Approval>();
        QCOMPARE(approval.name, u"pay"_s);
        QCOMPARE(approval.arguments, uR"({"sum":5})"_s);
        QCOMPARE(asked.last<event::Finished>().reason, FinishReason::Pause);

        ChatRequest chat = question();
        chat.session = u"session-1"_s;
        chat.messages.append(ChatMessage(
            ChatRole::Assistant,
            {content::Approval{.id = approval.id, .context = approval.context, .allowed = true}}));
        const auto run = runAfter(chat, {.status = 409, .contentType = {}, .headers = {}}, "{}");
        QCOMPARE(
            QJsonDocument(bodyOf(run.value())["newMessage"_L1].toObject()).toJson(QJsonDocument::Compact),
            R"({"parts":[{"functionResponse":{"id":"q1","name":"adk_request_confirmation",)"
            R"("response":{"confirmed":true}}}],"role":"user"})");

        // A refusal is an answer as well; what was not decided is none.
        const auto responseTo = [&](std::optional<bool> allowed) {
            chat.messages.last() = ChatMessage(
                ChatRole::Assistant,
                {content::Approval{.id = approval.id, .context = approval.context, .allowed = allowed}});
            const auto next = runAfter(chat, {.status = 409, .contentType = {}, .headers = {}}, "{}");
            return bodyOf(next.value())["newMessage"_L1]["parts"_L1][0]["functionResponse"_L1]["response"_L1];
        };
        QCOMPARE(responseTo(false), (QJsonObject{{u"confirmed"_s, false}}));
        QVERIFY(responseTo({}).isUndefined());
    }

    void theAppsAreTheModels()
    {
        const auto dialect = makeDialect(DialectId::Adk);
        QCOMPARE(dialect->modelsRequest(server)->url, QUrl(u"http://localhost:8000/api/list-apps"_s));
        QCOMPARE(dialect->models(R"(["a","b"])").value(),
                 (QList<ListedModel>{{.id = u"a"_s, .ownedBy = {}}, {.id = u"b"_s, .ownedBy = {}}}));
        QVERIFY(!dialect->models(R"({"detail":"no"})"));
    }

    void theModelNamesTheAppWhereNoneIsSet()
    {
        ChatRequest chat = question();
        chat.model = u"writer"_s;
        QCOMPARE(requestFor(chat, {.baseUrl = QUrl(u"http://h/run_sse"_s)}).url,
                 QUrl(u"http://h/apps/writer/users/user/sessions/exchange-1"_s));
    }

    // Live

    void aWebSocketIsAskedForTextAndFallsBackToHttp()
    {
        Endpoint live = server;
        live.baseUrl = QUrl(u"wss://agents.example.com"_s);
        const auto dialect = makeDialect(DialectId::Adk);
        const auto request = std::get<WebSocketRequest>(dialect->open(question(), live));
        QCOMPARE(request.url.scheme(), u"wss"_s);
        QCOMPARE(request.url.path(), u"/run_live"_s);
        const QUrlQuery query(request.url);
        QCOMPARE(query.queryItemValue(u"app_name"_s, QUrl::FullyDecoded), u"my app"_s);
        QCOMPARE(query.queryItemValue(u"session_id"_s), u"exchange-1"_s);
        QCOMPARE(query.queryItemValue(u"modalities"_s), u"TEXT"_s);
        QCOMPARE(request.messages, QByteArrayList{R"({"content":{"parts":[{"text":"Hi"}],"role":"user"}})"});
        QCOMPARE(request.fallback->url.scheme(), u"https"_s);
        QVERIFY(!dialect->hasNext());
        QCOMPARE(std::get<ConnectionMessage>(dialect->cancel(live).value()).text, R"({"close":true})");
    }

    void aLiveTurnEndsByItsOwnWordAndNotByTheOneThatWasBrokenOff()
    {
        Endpoint live = server;
        live.baseUrl = QUrl(u"ws://localhost:8000"_s);
        ResponseReader reader(makeDialect(DialectId::Adk));
        static_cast<void>(reader.dialect().open(question(), live));
        StreamEvents events;
        reader.message(R"({"author":"a","partial":true,"content":{"parts":[{"text":"One "}]}})", events);
        QVERIFY(reader.dialect().redirect(u"two, please"_s));
        reader.message(R"({"author":"a","partial":true,"content":{"parts":[{"text":"and one"}]}})", events);
        reader.message(R"({"author":"a","interrupted":true})", events);
        reader.message(R"({"author":"a","turnComplete":true})", events);
        QCOMPARE(reader.completeness(), Completeness::Open);
        reader.message(R"({"author":"a","partial":true,"content":{"parts":[{"text":"Two."}]}})", events);
        reader.message(R"({"author":"a","content":{"parts":[{"text":"Two."}]}})", events);
        reader.message(R"({"author":"a","turnComplete":true})", events);
        QCOMPARE(reader.completeness(), Completeness::Complete);
        QCOMPARE((Answer{.events = events}.joined<event::Text>()), u"One Two."_s);
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void theSessionGoesBackWithTheNextRequest()
    {
        ResponseReader reader(makeDialect(DialectId::Adk));
        ChatRequest chat = question();
        chat.session = u"session-1"_s;
        static_cast<void>(reader.dialect().open(chat, server));
        StreamEvents events;
        reader.head(successfulHead("application/json"));
        reader.feed("{}", events);
        reader.finish(ResponseReader::End::Clean, events);
        static_cast<void>(reader.dialect().next(server));
        reader.head(successfulHead());
        reader.feed(finalEvent, events);
        reader.finish(ResponseReader::End::Clean, events);
        QCOMPARE((Answer{.events = events}.last<event::Started>().session), u"session-1"_s);
        QCOMPARE(reader.completeness(), Completeness::Complete);
    }

    void onlyAFinalResponseBeforeACleanEndIsComplete()
    {
        QCOMPARE(readAdk(finalEvent).completeness, Completeness::Complete);
        ResponseReader broken(makeDialect(DialectId::Adk));
        StreamEvents events;
        broken.head(successfulHead());
        broken.feed(finalEvent, events);
        broken.finish(ResponseReader::End::Broken, events);
        QCOMPARE(broken.completeness(), Completeness::Open);
        const QByteArray call =
            R"(data: {"author":"a","content":{"parts":[{"functionCall":{"id":"c","name":"f","args":{}}}]}})"
            "\n\n";
        QCOMPARE(readAdk(call).completeness, Completeness::Open);
        QCOMPARE(readAdk(finalEvent + call).completeness, Completeness::Open);
    }

    void aRecordedRunMeansWhatItSays()
    {
        RIVULET_REQUIRE_FIXTURES();
        const Answer answer = readAdk(fixture(u"adk/google_adk-docs--run-sse-example.sse"_s));
        QCOMPARE(answer.joined<event::Text>(),
                 u"OK. The weather in New York is sunny with a temperature of 25 degrees Celsius (41 degrees "
                 "Fahrenheit).\n"_s);
        QCOMPARE(answer.last<event::ToolResult>().name, u"get_weather"_s);
        QCOMPARE(answer.last<event::Finished>().reason, FinishReason::Stop);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }
};

QTEST_APPLESS_MAIN(tst_Adk)
#include "tst_adk.moc"
