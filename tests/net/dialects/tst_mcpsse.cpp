// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/fixtures.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const Endpoint server{.baseUrl = QUrl(u"https://tools.example.com/mcp"_s),
                      .apiKey = "key-1",
                      .options = {{u"tool"_s, u"ask_question"_s},
                                  {u"argument"_s, u"question"_s},
                                  {u"arguments"_s, uR"({"repo":"a/b"})"_s}}};

const QByteArray handshake =
    R"({"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"Library"}}})";
const QByteArray answer =
    R"({"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"The answer."}]}})";

ChatRequest question()
{
    ChatRequest chat;
    chat.messages = {{ChatRole::User, u"a"_s}, {ChatRole::Assistant, u"b"_s}, {ChatRole::User, u"Why? "_s}};
    return chat;
}

QByteArray headerOf(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[header, value] : request.headers) {
        if (header == name)
            return value;
    }
    return {};
}

QJsonObject bodyOf(const HttpRequest &request)
{
    return QJsonDocument::fromJson(request.body).object();
}

Answer readMcp(const QByteArray &stream)
{
    return read({stream}, successfulHead(), DialectId::McpSse);
}

QByteArray framed(const QByteArray &data, const QByteArray &id = {})
{
    return (id.isEmpty() ? QByteArray() : "id: " + id + '\n') + "event: message\ndata: " + data + "\n\n";
}

// An exchange whose handshake is over.
struct Exchange
{
    explicit Exchange(const QByteArray &session = "session-1") : reader(makeDialect(DialectId::McpSse))
    {
        first = std::get<HttpRequest>(reader.dialect().open(question(), server));
        respond(successfulHead("application/json"), handshake, session);
        if (!reader.dialect().hasNext())
            return;
        second = reader.dialect().next(server);
        respond({.status = 202, .contentType = {}, .headers = {}}, {});
        if (reader.dialect().hasNext())
            third = reader.dialect().next(server);
    }

    void respond(ResponseHead head, const QByteArray &body, const QByteArray &session = {})
    {
        if (!session.isEmpty())
            head.headers = {{"mcp-session-id", session}};
        reader.head(head);
        reader.feed(body, events);
        reader.finish(ResponseReader::End::Clean, events);
    }

    ResponseReader reader;
    HttpRequest first;
    HttpRequest second;
    HttpRequest third;
    StreamEvents events;
};

// An exchange with a server that knows the transport of 2024 alone, up to its stream.
struct OldExchange
{
    explicit OldExchange(int status = 405, const QByteArray &body = {})
    {
        static_cast<void>(reader.dialect().open(question(), server));
        reader.head({.status = status, .contentType = "application/json", .headers = {}});
        reader.feed(body, events);
        reader.finish(ResponseReader::End::Clean, events);
        static_cast<void>(reader.dialect().next(server));
    }

    // The methods of what is said to a piece of the stream.
    QStringList say(const QByteArray &stream)
    {
        if (!std::exchange(hasHead, true))
            reader.head(successfulHead());
        reader.feed(stream, events);
        said.clear();
        QStringList methods;
        for (const Command &reply : reader.dialect().takeReplies()) {
            said.append(std::get<HttpRequest>(reply));
            methods.append(bodyOf(said.last())["method"_L1].toString());
        }
        return methods;
    }

    ResponseReader reader{makeDialect(DialectId::McpSse)};
    StreamEvents events;
    QList<HttpRequest> said;
    bool hasHead = false;
};

} // namespace

class tst_McpSse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void theToolIsCalledAfterTheHandshake()
    {
        Exchange exchange;
        QCOMPARE(bodyOf(exchange.first)["method"_L1].toString(), u"initialize"_s);
        QCOMPARE(headerOf(exchange.first, "Accept"), "application/json, text/event-stream");
        QVERIFY(headerOf(exchange.first, "Mcp-Session-Id").isEmpty());
        QCOMPARE(QString::fromUtf8(exchange.second.body),
                 uR"({"jsonrpc":"2.0","method":"notifications/initialized"})"_s);
        QCOMPARE(bodyOf(exchange.third)["method"_L1].toString(), u"tools/call"_s);
        const QJsonObject call = bodyOf(exchange.third)["params"_L1].toObject();
        QCOMPARE(call["name"_L1].toString(), u"ask_question"_s);
        QCOMPARE(call["arguments"_L1].toObject(),
                 (QJsonObject{{u"question"_s, u"Why? "_s}, {u"repo"_s, u"a/b"_s}}));
        for (const HttpRequest &request : {exchange.second, exchange.third}) {
            QCOMPARE(request.url, server.baseUrl);
            QCOMPARE(headerOf(request, "Mcp-Session-Id"), "session-1");
            QCOMPARE(headerOf(request, "MCP-Protocol-Version"), "2025-06-18");
            QCOMPARE(headerOf(request, "Authorization"), "Bearer key-1");
        }
    }

    void theArgumentIsThePromptWhereNoneIsNamed()
    {
        const auto dialect = makeDialect(DialectId::McpSse);
        QCOMPARE(dialect->options().first(),
                 (DialectOption{.name = "tool"_L1,
                                .scope = DialectOption::Scope::Provider,
                                .fallback = {},
                                .required = true}));
        QCOMPARE(dialect->options().at(1).fallback, "prompt"_L1);
    }

    void theHandshakeIsNoPartOfTheAnswer()
    {
        Exchange exchange;
        exchange.respond(successfulHead(), framed(answer));
        const Answer told{.events = exchange.events, .completeness = exchange.reader.completeness()};
        QCOMPARE(told.lines(),
                 (QStringList{uR"({"event":"started","model":"Library"})"_s,
                              uR"({"event":"text","text":"The answer."})"_s,
                              uR"({"event":"finished","reason":"stop"})"_s}));
        QCOMPARE(told.completeness, Completeness::Complete);
    }

    void aSessionThatIsNoTokenIsNotSentBack()
    {
        QVERIFY(headerOf(Exchange("a b").third, "Mcp-Session-Id").isEmpty());
        QVERIFY(headerOf(Exchange("a\r\nX-Evil: 1").third, "Mcp-Session-Id").isEmpty());
    }

    void aRefusedHandshakeEndsTheExchange()
    {
        ResponseReader reader(makeDialect(DialectId::McpSse));
        static_cast<void>(reader.dialect().open(question(), server));
        StreamEvents events;
        reader.head(successfulHead("application/json"));
        reader.feed(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unsupported"}})", events);
        reader.finish(ResponseReader::End::Clean, events);
        QVERIFY(!reader.dialect().hasNext());
        QCOMPARE((Answer{.events = events}.last<event::Failed>().error.kind), NetError::Kind::InvalidRequest);
    }

    // The transport of 2024

    void aServerThatRefusesTheHandshakeIsAskedForItsStream_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("goesOn");
        const QByteArray own = R"({"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"No"}})";
        QTest::newRow("bad request") << 400 << "Bad Request"_ba << true;
        QTest::newRow("not found") << 404 << R"({"detail":"Not Found"})"_ba << true;
        QTest::newRow("not allowed") << 405 << ""_ba << true;
        QTest::newRow("media type") << 415 << ""_ba << true;
        QTest::newRow("no key") << 401 << ""_ba << false;
        QTest::newRow("a wrong key") << 403 << ""_ba << false;
        QTest::newRow("too many") << 429 << ""_ba << false;
        QTest::newRow("broken") << 500 << ""_ba << false;
        QTest::newRow("the protocol's own refusal") << 400 << own << false;
    }

    void aServerThatRefusesTheHandshakeIsAskedForItsStream()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(bool, goesOn);
        ResponseReader reader(makeDialect(DialectId::McpSse));
        static_cast<void>(reader.dialect().open(question(), server));
        StreamEvents events;
        reader.head({.status = status, .contentType = "text/plain", .headers = {}});
        reader.feed(body, events);
        reader.finish(ResponseReader::End::Clean, events);
        QCOMPARE(reader.dialect().hasNext(), goesOn);
        QCOMPARE(events.isEmpty(), goesOn);
        if (!goesOn)
            return;
        const HttpRequest request = reader.dialect().next(server);
        QCOMPARE(request.method, "GET");
        QCOMPARE(request.url, server.baseUrl);
        QCOMPARE(headerOf(request, "Accept"), "text/event-stream");
        QCOMPARE(headerOf(request, "Authorization"), "Bearer key-1");
        QVERIFY(!reader.dialect().hasNext());
    }

    void theStreamNamesTheAddressAndBringsEveryAnswer()
    {
        OldExchange exchange;
        QCOMPARE(exchange.say("event: endpoint\ndata: /messages?session_id=5\n\n"),
                 QStringList{u"initialize"_s});
        const HttpRequest first = exchange.said.first();
        QCOMPARE(first.method, "POST");
        QCOMPARE(first.url, QUrl(u"https://tools.example.com/messages?session_id=5"_s));
        QCOMPARE(headerOf(first, "Authorization"), "Bearer key-1");
        QCOMPARE(bodyOf(first)["params"_L1]["protocolVersion"_L1].toString(), u"2024-11-05"_s);
        QVERIFY(exchange.reader.dialect().dependsOnReplies());

        QCOMPARE(exchange.say(framed(handshake)),
                 (QStringList{u"notifications/initialized"_s, u"tools/call"_s}));
        for (const HttpRequest &request : std::as_const(exchange.said)) {
            QCOMPARE(request.url, first.url);
            QVERIFY(headerOf(request, "MCP-Protocol-Version").isEmpty());
        }
        QVERIFY(!exchange.reader.dialect().hasNext());
        QVERIFY(!exchange.reader.dialect().resumeToken());
        const auto stop = std::get<HttpRequest>(exchange.reader.dialect().cancel(server).value());
        QCOMPARE(stop.url, first.url);

        QCOMPARE(exchange.say(framed(answer)), QStringList());
        QCOMPARE(exchange.reader.completeness(), Completeness::Complete);
        QCOMPARE((Answer{.events = exchange.events}.joined<event::Text>()), u"The answer."_s);
        // Its session ends with the stream.
        QVERIFY(!exchange.reader.dialect().farewell(server));
    }

    void theKeyGoesToNoOtherAddressThanTheServersOwn_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("another host") << "https://evil.example/messages"_ba;
        QTest::newRow("without a scheme") << "//evil.example/messages"_ba;
        QTest::newRow("another port") << "https://tools.example.com:8443/messages"_ba;
        QTest::newRow("another scheme") << "http://tools.example.com/messages"_ba;
        QTest::newRow("a user") << "https://a@tools.example.com/messages"_ba;
        QTest::newRow("a file") << "file:///etc/passwd"_ba;
        QTest::newRow("none") << ""_ba;
        QTest::newRow("no address") << "http://["_ba;
    }

    void theKeyGoesToNoOtherAddressThanTheServersOwn()
    {
        QFETCH(QByteArray, address);
        OldExchange exchange;
        QCOMPARE(exchange.say("event: endpoint\ndata: " + address + "\n\n"), QStringList());
        QCOMPARE(exchange.reader.completeness(), Completeness::Failed);
        QCOMPARE((Answer{.events = exchange.events}.last<event::Failed>().error.kind),
                 NetError::Kind::Refused);
    }

    void anAddressIsTakenOnce()
    {
        OldExchange exchange;
        QCOMPARE(exchange.say("event: endpoint\ndata: /one\n\nevent: endpoint\ndata: /two\n\n").size(), 1);
        QCOMPARE(exchange.say(framed(handshake)).size(), 2);
        QCOMPARE(exchange.said.last().url.path(), u"/one"_s);
    }

    void aServerWithoutAStreamEitherIsJudgedByItsFirstWord()
    {
        OldExchange exchange(404, R"({"detail":"nothing here"})");
        exchange.reader.head({.status = 405, .contentType = {}, .headers = {}});
        exchange.reader.finish(ResponseReader::End::Clean, exchange.events);
        const auto error = Answer{.events = exchange.events}.last<event::Failed>().error;
        QCOMPARE(error.status, 404);
        QCOMPARE(error.message, u"nothing here"_s);
    }

    void aStreamThatNamesNoAddressIsNoOldServersEither()
    {
        OldExchange exchange(404, R"({"detail":"nothing here"})");
        QCOMPARE(exchange.say(": hello\n\n"), QStringList());
        exchange.reader.finish(ResponseReader::End::Clean, exchange.events);
        QCOMPARE((Answer{.events = exchange.events}.last<event::Failed>().error.status), 404);
    }

    // What the server asks, and the end

    void aPingIsAnsweredOnARequestOfItsOwn()
    {
        Exchange exchange;
        exchange.respond(successfulHead(), framed(R"({"jsonrpc":"2.0","id":"p-1","method":"ping"})"));
        const QList<Command> replies = exchange.reader.dialect().takeReplies();
        QCOMPARE(replies.size(), 1);
        const auto pong = std::get<HttpRequest>(replies.first());
        QCOMPARE(QString::fromUtf8(pong.body), uR"({"id":"p-1","jsonrpc":"2.0","result":{}})"_s);
        QCOMPARE(pong.url, server.baseUrl);
        QCOMPARE(headerOf(pong, "Mcp-Session-Id"), "session-1");
        QVERIFY(exchange.reader.dialect().takeReplies().isEmpty());
        QVERIFY(!exchange.reader.dialect().dependsOnReplies());
    }

    void whatWeCanNotDoIsRefusedSoThatTheServerDoesNotWait()
    {
        Exchange exchange;
        exchange.respond(successfulHead(),
                         framed(R"({"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}})"));
        const QList<Command> replies = exchange.reader.dialect().takeReplies();
        QCOMPARE(replies.size(), 1);
        const QJsonObject body = bodyOf(std::get<HttpRequest>(replies.first()));
        QCOMPARE(body["id"_L1].toInt(), 7);
        QCOMPARE(body["error"_L1]["code"_L1].toInt(), -32601);
    }

    void pingsWithoutEndAreNotAllAnswered()
    {
        Exchange exchange;
        QByteArray stream;
        for (int i = 0; i < 1000; ++i)
            stream += framed(R"({"jsonrpc":"2.0","id":7,"method":"ping"})");
        exchange.respond(successfulHead(), stream);
        QCOMPARE_LT(exchange.reader.dialect().takeReplies().size(), 100);
    }

    void theSessionIsEndedWithTheExchange()
    {
        Exchange exchange;
        const HttpRequest farewell = exchange.reader.dialect().farewell(server).value();
        QCOMPARE(farewell.method, "DELETE");
        QCOMPARE(farewell.url, server.baseUrl);
        QCOMPARE(headerOf(farewell, "Mcp-Session-Id"), "session-1");
        QCOMPARE(headerOf(farewell, "MCP-Protocol-Version"), "2025-06-18");
        QCOMPARE(headerOf(farewell, "Authorization"), "Bearer key-1");
        QVERIFY(farewell.body.isEmpty());
        QVERIFY(!Exchange(QByteArray()).reader.dialect().farewell(server));
    }

    // The call that is under way

    void stopTellsTheServerBecauseClosingDoesNot()
    {
        Exchange exchange;
        const auto command = std::get<HttpRequest>(exchange.reader.dialect().cancel(server).value());
        QCOMPARE(bodyOf(command)["method"_L1].toString(), u"notifications/cancelled"_s);
        QCOMPARE(bodyOf(command)["params"_L1]["requestId"_L1].toInt(),
                 bodyOf(exchange.third)["id"_L1].toInt());
    }

    void aStreamIsJoinedAgainAfterItsLastEvent()
    {
        Exchange exchange;
        QVERIFY(!exchange.reader.dialect().resumeToken());
        exchange.respond(successfulHead(), "id: place-1\nretry: 10\ndata:\n\n");
        QCOMPARE(exchange.reader.completeness(), Completeness::Open);
        const ResumeToken token = exchange.reader.dialect().resumeToken().value();

        ResponseReader rest(makeDialect(DialectId::McpSse));
        const auto request = std::get<HttpRequest>(rest.dialect().resume(token, server).value());
        QCOMPARE(request.method, "GET");
        QCOMPARE(headerOf(request, "Last-Event-ID"), "place-1");
        QCOMPARE(headerOf(request, "Mcp-Session-Id"), "session-1");
        QCOMPARE(headerOf(request, "MCP-Protocol-Version"), "2025-06-18");
        QVERIFY(request.body.isEmpty());
        StreamEvents events;
        rest.head(successfulHead());
        rest.feed(framed(answer, "place-2"), events);
        QCOMPARE(rest.completeness(), Completeness::Complete);
        QCOMPARE((Answer{.events = events}.joined<event::Text>()), u"The answer."_s);
    }

    void aTokenBringsNothingIntoAHeader()
    {
        const auto dialect = makeDialect(DialectId::McpSse);
        QVERIFY(!dialect->resume({.stream = u"v s"_s, .cursor = u"1\r\nX-Evil: 1"_s}, server));
        QVERIFY(!dialect->resume({.stream = u"v s\r\nX-Evil: 1"_s, .cursor = u"1"_s}, server));
        QVERIFY(!dialect->resume({.stream = u"v s"_s, .cursor = {}}, server));
    }

    void aQuestionOfTheServerIsAnsweredOnARequestOfItsOwn()
    {
        Exchange exchange;
        exchange.respond(
            successfulHead(),
            framed(
                R"({"jsonrpc":"2.0","id":"q-1","method":"elicitation/create","params":{"message":"Sure?"}})"));
        const auto approval = Answer{.events = exchange.events}.last<event::Approval>();
        QCOMPARE(approval.arguments, uR"({"message":"Sure?"})"_s);
        const auto yes = exchange.reader.dialect().decide(
            {.id = approval.id, .verdict = ApprovalDecision::Verdict::AllowOnce});
        QCOMPARE(QString::fromUtf8(std::get<HttpRequest>(yes.value()).body),
                 uR"({"id":"q-1","jsonrpc":"2.0","result":{"action":"accept","content":{}}})"_s);
        const auto no = exchange.reader.dialect().decide({.id = approval.id});
        QCOMPARE(QString::fromUtf8(std::get<HttpRequest>(no.value()).body),
                 uR"({"id":"q-1","jsonrpc":"2.0","result":{"action":"decline"}})"_s);
    }

    void anAnswerToAnotherRequestIsNotOurs()
    {
        Exchange exchange;
        exchange.respond(
            successfulHead(),
            framed(R"({"jsonrpc":"2.0","id":99,"result":{"content":[{"type":"text","text":"Not ours"}]}})")
                + framed(answer));
        QCOMPARE((Answer{.events = exchange.events}.joined<event::Text>()), u"The answer."_s);
    }

    // Recorded streams

    void recordedStreamsMeanWhatTheySay()
    {
        RIVULET_REQUIRE_FIXTURES();
        const Answer call = readMcp(fixture(u"mcp/pydantic_pydantic-ai--tools-call-ping-comments.sse"_s));
        QVERIFY(call.joined<event::Text>().startsWith(u"Pydantic AI is a Python framework"_s));
        QVERIFY(call.last<event::Status>().message.startsWith(u"Processing query"_s));
        QCOMPARE(call.completeness, Completeness::Complete);

        const Answer list = readMcp(fixture(u"mcp/pydantic_pydantic-ai--tools-list-crlf.sse"_s));
        QVERIFY(list.last<event::Artifact>().data.contains("read_wiki_structure"));
        QCOMPARE(list.completeness, Completeness::Complete);

        const Answer hello = readMcp(fixture(u"mcp/pydantic_pydantic-ai--initialize-crlf.sse"_s));
        QCOMPARE(hello.last<event::Started>().model, u"DeepWiki"_s);
        QCOMPARE(hello.completeness, Completeness::Complete);

        const Answer priming =
            readMcp(fixture(u"mcp/modelcontextprotocol_typescript-sdk--retry-id-priming.sse"_s));
        QCOMPARE(priming.events, StreamEvents());
        QCOMPARE(priming.completeness, Completeness::Open);
    }
};

QTEST_APPLESS_MAIN(tst_McpSse)
#include "tst_mcpsse.moc"
