// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
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

const Endpoint server{.baseUrl = QUrl(u"https://graphs.example.com/api"_s), .apiKey = "key-1"};

ChatRequest question()
{
    ChatRequest chat;
    chat.messages = {{ChatRole::User, u"Hi"_s}};
    chat.conversation = u"conversation-1"_s;
    chat.exchange = u"exchange-1"_s;
    return chat;
}

// A history with all that servers refuse: a call without a result, unsigned reasoning, a space at the end.
ChatRequest unfinished()
{
    ChatRequest chat = question();
    chat.messages.append(
        ChatMessage(ChatRole::Assistant,
                    {content::Reasoning{.text = u"hm"_s, .opaque = {}}, content::Text{u"Half "_s},
                     content::ToolCall{.id = u"c1"_s, .name = u"f"_s, .arguments = u"{\"a\":"_s}}));
    return chat;
}

HttpRequest requestFor(const ChatRequest &chat, const Endpoint &endpoint = server)
{
    return std::get<HttpRequest>(makeDialect(DialectId::LangGraph)->open(chat, endpoint));
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

Answer readGraph(const QByteArray &stream)
{
    return read({stream}, successfulHead(), DialectId::LangGraph);
}

QByteArray framed(const QByteArray &name, const QByteArray &data, const QByteArray &id = {})
{
    return (id.isEmpty() ? QByteArray() : "id: " + id + '\n') + "event: " + name + "\ndata: " + data + "\n\n";
}

QByteArray delta(const QByteArray &text)
{
    return R"([{"type":"AIMessageChunk","id":"m","content":")" + text + R"(","tool_call_chunks":[]},{}])";
}

// A translator that has begun a run and read the given stream.
struct Exchange
{
    explicit Exchange(const ChatRequest &chat, const QByteArray &stream, const HttpHeaders &headers = {})
        : reader(makeDialect(DialectId::LangGraph))
    {
        static_cast<void>(reader.dialect().open(chat, server));
        ResponseHead head = successfulHead();
        head.headers = headers;
        reader.head(head);
        reader.feed(stream, answer.events);
    }

    ResponseReader reader;
    Answer answer;
};

} // namespace

class tst_LangGraph : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void aFirstRequestMakesItsThreadAndBringsTheWholeHistory()
    {
        ChatRequest chat = question();
        chat.system = u"Be brief."_s;
        chat.messages = {{ChatRole::User, u"a"_s}, {ChatRole::Assistant, u"b"_s}, {ChatRole::User, u"c"_s}};
        const HttpRequest request = requestFor(chat);
        const QString path = request.url.path();
        QVERIFY2(path.startsWith("/api/threads/"_L1) && path.endsWith("/runs/stream"_L1), qPrintable(path));
        QVERIFY(!QUuid::fromString(path.section(u'/', 3, 3)).isNull());
        QCOMPARE(headerOf(request, "X-Api-Key"), "key-1");
        const QJsonObject body = bodyOf(request);
        QCOMPARE(body["if_not_exists"_L1].toString(), u"create"_s);
        QCOMPARE(body["assistant_id"_L1].toString(), u"agent"_s);
        QCOMPARE(body["on_disconnect"_L1].toString(), u"continue"_s);
        QVERIFY(body["stream_resumable"_L1].toBool() && body["stream_subgraphs"_L1].toBool());
        QCOMPARE(body["stream_mode"_L1].toArray(),
                 (QJsonArray{u"messages-tuple"_s, u"updates"_s, u"custom"_s, u"checkpoints"_s}));
        QStringList said;
        const QJsonArray messages = body["input"_L1]["messages"_L1].toArray();
        for (const auto &message : messages)
            said.append(message["type"_L1].toString() + u':' + message["content"_L1].toString());
        QCOMPARE(said, (QStringList{u"system:Be brief."_s, u"human:a"_s, u"ai:b"_s, u"human:c"_s}));
    }

    void aRepeatedRequestIsTheSameAndAnotherExchangeHasAnotherThread()
    {
        QCOMPARE(requestFor(question()), requestFor(question()));
        ChatRequest other = question();
        other.exchange = u"exchange-2"_s;
        QVERIFY(requestFor(question()).url != requestFor(other).url);
    }

    void aThreadIsSentOnlyWhatItDoesNotKnow()
    {
        ChatRequest chat = question();
        chat.session = u"thread/1"_s;
        chat.system = u"Be brief."_s;
        chat.messages = {{ChatRole::User, u"a"_s}, {ChatRole::Assistant, u"b"_s}, {ChatRole::User, u"c"_s}};
        const HttpRequest request = requestFor(chat);
        QCOMPARE(request.url.toEncoded(), "https://graphs.example.com/api/threads/thread%2F1/runs/stream");
        const QJsonArray messages = bodyOf(request)["input"_L1]["messages"_L1].toArray();
        QCOMPARE(messages.size(), 1);
        QCOMPARE(messages[0]["content"_L1].toString(), u"c"_s);
        // A lost thread is an error, not an answer that has forgotten everything.
        QVERIFY(!bodyOf(request).contains("if_not_exists"_L1));
    }

    void aRequestGoesOnFromWhereItsNewestAnswerEnded()
    {
        const QByteArray inner =
            R"({"checkpoint":{"thread_id":"t","checkpoint_ns":"n:1","checkpoint_id":"inner"}})";
        ChatRequest chat = question();
        chat.session = u"thread-1"_s;
        Exchange exchange(
            chat,
            framed("checkpoints", R"({"checkpoint":{"checkpoint_ns":"","checkpoint_id":"c-1"}})")
                + framed("checkpoints|n:1", inner) + framed("checkpoints", inner)
                + framed("messages", delta("Hi"))
                + framed("checkpoints", R"({"config":{"configurable":{"checkpoint_id":"c-2"}}})"));
        // A run that goes on has no last checkpoint.
        QCOMPARE(exchange.answer.last<event::Started>().session, u"thread-1"_s);
        exchange.reader.feed(framed("end", "null"), exchange.answer.events);
        const QString session = exchange.answer.last<event::Started>().session;
        QCOMPARE(session, u"thread-1@c-2"_s);

        // Whether it is the thread's newest or one that was gone back to.
        chat.session = session;
        chat.messages = {{ChatRole::User, u"a"_s}, {ChatRole::Assistant, u"b"_s}, {ChatRole::User, u"c"_s}};
        const HttpRequest request = requestFor(chat);
        QCOMPARE(request.url.path(), u"/api/threads/thread-1/runs/stream"_s);
        const QJsonObject body = bodyOf(request);
        QCOMPARE(body["checkpoint"_L1].toObject(),
                 (QJsonObject{{u"checkpoint_id"_s, u"c-2"_s}, {u"checkpoint_ns"_s, QString()}}));
        QCOMPARE(body["input"_L1]["messages"_L1].toArray().size(), 1);

        // What waits for a decision is resumed where it waits.
        chat.messages = {{ChatRole::User, u"a"_s},
                         {ChatRole::Assistant, {content::Approval{.id = u"i"_s, .allowed = true}}}};
        QVERIFY(!bodyOf(requestFor(chat)).contains("checkpoint"_L1));
        QVERIFY(bodyOf(requestFor(chat)).contains("command"_L1));
    }

    void aThreadFrameTellsACheckpointToo()
    {
        const auto frame = [](int number, const QByteArray &method, const QByteArray &place,
                              const QByteArray &data) {
            return framed(method,
                          R"({"type":"event","seq":)" + QByteArray::number(number) + R"(,"method":")" + method
                              + R"(","params":{"namespace":)" + place + R"(,"data":)" + data + "}}");
        };
        ChatRequest chat = question();
        chat.session = u"thread-1"_s;
        Exchange exchange(chat,
                          frame(1, "checkpoints", "[]", R"({"id":"c-1","parent_id":"c-0","step":0})")
                              + frame(2, "checkpoints", R"(["n:1"])", R"({"id":"inner"})")
                              + frame(3, "lifecycle", "[]", R"({"event":"completed","graph_name":"g"})"));
        QCOMPARE(exchange.answer.last<event::Started>().session, u"thread-1@c-1"_s);
        QCOMPARE(exchange.reader.completeness(), Completeness::Complete);
    }

    void aCheckpointThatIsNoNameIsNotKept()
    {
        ChatRequest chat = question();
        chat.session = u"thread-1"_s;
        Exchange exchange(chat,
                          framed("checkpoints", R"({"checkpoint":{"checkpoint_id":"a b/../c"}})")
                              + framed("end", "null"));
        QCOMPARE(exchange.answer.last<event::Started>().session, u"thread-1"_s);
    }

    void aServerThatKnowsNoCheckpointsIsAskedWithoutThem()
    {
        const auto dialect = makeDialect(DialectId::LangGraph);
        const auto first = std::get<HttpRequest>(dialect->open(question(), server));
        const ResponseHead refusal{.status = 422, .contentType = "application/json", .headers = {}};
        QVERIFY(!dialect->hasNext());
        QVERIFY(dialect->goesOnAfter(refusal, R"({"detail":"no such mode"})"));
        QVERIFY(dialect->hasNext());
        const HttpRequest second = dialect->next(server);
        QCOMPARE(second.url, first.url);
        QCOMPARE(second.headers, first.headers);
        QJsonObject expected = bodyOf(first);
        expected["stream_mode"_L1] = QJsonArray{u"messages-tuple"_s, u"updates"_s, u"custom"_s};
        QCOMPARE(bodyOf(second), expected);
        // Once: then it is the request that is wrong.
        QVERIFY(!dialect->goesOnAfter(refusal, {}));

        Endpoint without = server;
        without.options.insert(u"checkpoints"_s, u"false"_s);
        QCOMPARE(bodyOf(requestFor(question(), without))["stream_mode"_L1].toArray().size(), 3);
    }

    void severalQuestionsAreAnsweredEachUnderItsName()
    {
        ChatRequest chat = question();
        chat.session = u"thread-1"_s;
        const content::Approval first{.id = u"i1"_s, .allowed = true};
        const content::Approval second{.id = u"i2"_s, .allowed = false};
        chat.messages.append(ChatMessage(ChatRole::Assistant, {first, second}));
        QCOMPARE(bodyOf(requestFor(chat))["command"_L1]["resume"_L1].toObject(),
                 (QJsonObject{{u"i1"_s, true}, {u"i2"_s, false}}));
        // The name is needed as long as another one is open.
        chat.messages.last() = ChatMessage(ChatRole::Assistant, {first, content::Approval{.id = u"i2"_s}});
        QCOMPARE(bodyOf(requestFor(chat))["command"_L1]["resume"_L1].toObject(),
                 (QJsonObject{{u"i1"_s, true}}));
    }

    void withoutThreadsTheHistoryGoesWithEachRequest()
    {
        Endpoint stateless = server;
        stateless.options = {{u"stateless"_s, u"true"_s}, {u"assistant_id"_s, u"writer"_s}};
        ChatRequest chat = unfinished();
        chat.session = u"thread-1"_s;
        const HttpRequest request = requestFor(chat, stateless);
        QCOMPARE(request.url.path(), u"/api/runs/stream"_s);
        QCOMPARE(bodyOf(request)["assistant_id"_L1].toString(), u"writer"_s);
        QCOMPARE(QJsonDocument(bodyOf(request)["input"_L1].toObject()).toJson(QJsonDocument::Compact),
                 R"({"messages":[{"content":"Hi","type":"human"},{"content":"Half","type":"ai"}]})");
    }

    void theModelNamesTheAssistantWhereNoneIsSet()
    {
        ChatRequest chat = question();
        chat.model = u"researcher"_s;
        QCOMPARE(bodyOf(requestFor(chat))["assistant_id"_L1].toString(), u"researcher"_s);
    }

    void filesGoWithTheQuestion()
    {
        ChatRequest chat = question();
        chat.messages = {
            ChatMessage(ChatRole::User,
                        {content::Text{u"What is it?"_s},
                         content::Attachment{.name = u"a.png"_s, .mediaType = "image/png", .data = "png"}})};
        const QJsonArray content =
            bodyOf(requestFor(chat))["input"_L1]["messages"_L1][0]["content"_L1].toArray();
        QCOMPARE(content[0]["text"_L1].toString(), u"What is it?"_s);
        QCOMPARE(content[1]["image_url"_L1]["url"_L1].toString(), u"data:image/png;base64,cG5n"_s);
    }

    void anInterruptIsAnsweredInTheFormInWhichItAsked_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("allowed");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QByteArray>("resume");
        const QByteArray two = R"({"action_requests":[{"name":"a","args":{}},{"name":"b","args":{}}]})";
        const QByteArray one = R"([{"action_request":{"action":"mail","args":{"to":"x"}}}])";
        QTest::newRow("actions, allowed")
            << two << true << QString()
            << QByteArray(R"({"decisions":[{"type":"approve"},{"type":"approve"}]})");
        QTest::newRow("actions, refused")
            << two << false << u"no"_s
            << QByteArray(
                   R"({"decisions":[{"message":"no","type":"reject"},{"message":"no","type":"reject"}]})");
        QTest::newRow("one action, allowed")
            << one << true << QString() << QByteArray(R"([{"args":null,"type":"accept"}])");
        QTest::newRow("one action, refused")
            << one << false << u"no"_s << QByteArray(R"([{"args":"no","type":"response"}])");
        QTest::newRow("a question") << QByteArray(R"("Which?")") << true << u"the red one"_s
                                    << QByteArray(R"("the red one")");
        QTest::newRow("a bare question")
            << QByteArray(R"("Sure?")") << false << QString() << QByteArray("false");
    }

    void anInterruptIsAnsweredInTheFormInWhichItAsked()
    {
        QFETCH(QByteArray, value);
        QFETCH(bool, allowed);
        QFETCH(QString, reason);
        QFETCH(QByteArray, resume);
        const Answer asked =
            readGraph(framed("updates", R"({"__interrupt__":[{"id":"i1","value":)" + value + "}]}")
                      + framed("end", "null"));
        const auto approval = asked.last<event::Approval>();
        QCOMPARE(asked.last<event::Finished>().reason, FinishReason::Pause);

        ChatRequest chat = question();
        chat.session = u"thread-1"_s;
        chat.messages.append(ChatMessage(
            ChatRole::Assistant,
            {content::Approval{
                .id = approval.id, .context = approval.context, .allowed = allowed, .reason = reason}}));
        const QJsonObject body = bodyOf(requestFor(chat));
        const QByteArray sent =
            QJsonDocument(QJsonArray{body["command"_L1]["resume"_L1]}).toJson(QJsonDocument::Compact);
        QCOMPARE(sent, QByteArray('[' + resume + ']'));
        QVERIFY(!body.contains("input"_L1));
    }

    void theAssistantsAreTheModels()
    {
        const auto dialect = makeDialect(DialectId::LangGraph);
        const HttpRequest request = dialect->modelsRequest(server).value();
        QCOMPARE(request.url, QUrl(u"https://graphs.example.com/api/assistants/search"_s));
        const auto models = dialect->models(R"([{"assistant_id":"a-1","graph_id":"g","name":"Writer"}])");
        QCOMPARE(models.value(), (QList<ListedModel>{{.id = u"a-1"_s, .ownedBy = u"Writer"_s}}));
        QVERIFY(!dialect->models(R"({"detail":"no"})"));
    }

    void aChainIsAskedAtItsOwnAddress_data()
    {
        QTest::addColumn<QString>("form");
        QTest::addColumn<QByteArray>("input");
        QTest::newRow("messages") << QString()
                                  << QByteArray(R"({"messages":[{"content":"Hi","type":"human"}]})");
        QTest::newRow("list") << u"list"_s << QByteArray(R"([{"content":"Hi","type":"human"}])");
        QTest::newRow("text") << u"text"_s << QByteArray(R"("Hi")");
        QTest::newRow("a member") << u"topic"_s << QByteArray(R"({"topic":"Hi"})");
    }

    void aChainIsAskedAtItsOwnAddress()
    {
        QFETCH(QString, form);
        QFETCH(QByteArray, input);
        const Endpoint chain{.baseUrl = QUrl(u"http://localhost:8000/joke/stream"_s),
                             .options = {{u"input"_s, form}}};
        const HttpRequest request = requestFor(question(), chain);
        QCOMPARE(request.url, chain.baseUrl);
        QCOMPARE(request.body, QByteArray("{\"config\":{},\"input\":" + input + ",\"kwargs\":{}}"));
        const auto dialect = makeDialect(DialectId::LangGraph);
        static_cast<void>(dialect->open(question(), chain));
        QVERIFY(!dialect->cancel(chain) && !dialect->resumeToken() && !dialect->modelsRequest(chain));
    }

    // The run that is under way

    void theThreadIsTheSession()
    {
        ChatRequest chat = question();
        chat.session = u"thread-1"_s;
        Exchange exchange(chat, framed("metadata", R"({"run_id":"run-1"})"));
        QCOMPARE(exchange.answer.lines(),
                 (QStringList{uR"({"event":"started","session":"thread-1"})"_s,
                              uR"({"event":"started","id":"run-1"})"_s}));
    }

    void theHeadNamesTheRunBeforeAnyEvent()
    {
        Exchange exchange(question(), {}, {{"content-location", "/threads/t-1/runs/r-1"}});
        const auto command = exchange.reader.dialect().cancel(server).value();
        QCOMPARE(
            std::get<HttpRequest>(command).url,
            QUrl(
                u"https://graphs.example.com/api/threads/t-1/runs/r-1/cancel?wait=false&action=interrupt"_s));
        QCOMPARE(headerOf(std::get<HttpRequest>(command), "X-Api-Key"), "key-1");
    }

    void aRunIsJoinedAgainAfterWhatWasRead()
    {
        Exchange exchange(question(),
                          framed("metadata", R"({"run_id":"r-1"})", "1")
                              + framed("messages", delta("One "), "2"),
                          {{"location", "/threads/t-1/runs/r-1/stream"}});
        const ResumeToken token = exchange.reader.dialect().resumeToken().value();
        QCOMPARE(token, (ResumeToken{.stream = u"/threads/t-1/runs/r-1"_s, .cursor = u"2"_s}));

        // In a new process, and with a server that begins too early.
        ResponseReader rest(makeDialect(DialectId::LangGraph));
        const auto request = std::get<HttpRequest>(rest.dialect().resume(token, server).value());
        QCOMPARE(request.method, "GET");
        QCOMPARE(
            request.url,
            QUrl(u"https://graphs.example.com/api/threads/t-1/runs/r-1/stream?cancel_on_disconnect=0"_s));
        QCOMPARE(headerOf(request, "Last-Event-ID"), "2");
        rest.head(successfulHead());
        StreamEvents events;
        const QByteArray stream = framed("messages", delta("One "), "2")
            + framed("messages", delta("two."), "3")
            + framed("updates", R"({"agent":{"messages":[{"type":"ai","id":"m","content":"One two."}]}})",
                     "4")
            + framed("end", "null", "5");
        rest.feed(stream, events);
        Answer answer{.events = events, .completeness = rest.completeness()};
        QCOMPARE(answer.joined<event::Text>(), u"two."_s);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void aRunThatWasNotReadYetIsJoinedFromItsBeginning()
    {
        const auto dialect = makeDialect(DialectId::LangGraph);
        const auto request = std::get<HttpRequest>(
            dialect->resume({.stream = u"/threads/t-1/runs/r-1"_s, .cursor = {}}, server).value());
        QCOMPARE(headerOf(request, "Last-Event-ID"), "-1");
    }

    void anotherOriginNamesNoRun_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::newRow("host") << QByteArray("https://evil.example.org/threads/t/runs/r/stream");
        QTest::newRow("scheme") << QByteArray("http://graphs.example.com/threads/t/runs/r/stream");
        QTest::newRow("port") << QByteArray("https://graphs.example.com:444/threads/t/runs/r/stream");
        QTest::newRow("a path that is none") << QByteArray("/threads/../../secrets");
        QTest::newRow("nonsense") << QByteArray("\xff\xfe");
    }

    void anotherOriginNamesNoRun()
    {
        QFETCH(QByteArray, location);
        Exchange exchange(question(), {}, {{"location", location}});
        QVERIFY(!exchange.reader.dialect().resumeToken());
        QVERIFY(!exchange.reader.dialect().cancel(server));
    }

    void aTokenLeadsNowhereElse_data()
    {
        QTest::addColumn<QString>("stream");
        QTest::newRow("another origin") << u"https://evil.example.org/threads/t/runs/r"_s;
        QTest::newRow("another path") << u"/threads/t/runs/r/../../secrets"_s;
        QTest::newRow("a query") << u"/threads/t/runs/r?x=1"_s;
        QTest::newRow("nothing") << QString();
    }

    void aTokenLeadsNowhereElse()
    {
        QFETCH(QString, stream);
        QVERIFY(!makeDialect(DialectId::LangGraph)->resume({.stream = stream, .cursor = {}}, server));
        QVERIFY(!makeDialect(DialectId::LangGraph)
                     ->resume({.stream = u"/threads/t/runs/r"_s, .cursor = u"1\r\nX-Evil: 1"_s}, server));
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void onlyTheEndMakesItComplete()
    {
        const QByteArray stream = framed("metadata", R"({"run_id":"r"})") + framed("messages", delta("Hi"))
            + "event: end\ndata: null\n\n";
        const qsizetype marker = stream.lastIndexOf("event: end") + 10;
        for (qsizetype cut = 0; cut < marker; ++cut)
            QVERIFY2(readGraph(stream.first(cut)).completeness != Completeness::Complete,
                     qPrintable(QString::number(cut)));
        QCOMPARE(readGraph(stream).completeness, Completeness::Complete);
        QCOMPARE(readGraph("event: end\n\n").completeness, Completeness::Complete);
    }

    void headersThatTheServerEchoesAreNotTold()
    {
        const Answer answer = readGraph(
            framed("debug", R"({"payload":{"config":{"configurable":{"authorization":"Bearer secret"}}}})")
            + framed("end", "null"));
        for (const QString &line : answer.lines())
            QVERIFY2(!line.contains("secret"_L1), qPrintable(line));
    }

    void framesOfTheThreadProtocolThatComeTwiceCountOnce()
    {
        const QByteArray frame =
            framed("messages",
                   R"({"type":"event","seq":7,"method":"messages","params":{"namespace":["n:1"],"data":)"
                   R"({"event":"message-start","id":"m"}}})");
        const QByteArray text =
            framed("messages",
                   R"({"type":"event","seq":8,"method":"messages","params":{"namespace":["n:1"],"data":)"
                   R"({"event":"content-block-delta","index":0,"delta":{"type":"text-delta","text":"a"}}}})");
        QCOMPARE(readGraph(frame + text + frame + text).joined<event::Text>(), u"a"_s);
    }

    void aRefusalIsToldInTheServersWords()
    {
        const Answer answer =
            read({R"({"detail":"Thread not found"})"},
                 {.status = 404, .contentType = "application/json", .headers = {}}, DialectId::LangGraph);
        QCOMPARE(answer.last<event::Failed>().error.kind, NetError::Kind::InvalidRequest);
        QCOMPARE(answer.last<event::Failed>().error.message, u"Thread not found"_s);
    }

    void endlessMessagesAndLanesAreBounded()
    {
        QByteArray messages;
        for (int i = 0; i < 6000; ++i)
            messages += framed("messages",
                               R"([{"type":"AIMessageChunk","id":"m)" + QByteArray::number(i)
                                   + R"(","content":"x"},{}])");
        QCOMPARE(readGraph(messages).joined<event::Text>().size(), 6000);

        QByteArray lanes;
        for (int i = 0; i < 400; ++i)
            lanes += framed("messages|n" + QByteArray::number(i) + ":1", delta("x"));
        QCOMPARE(readGraph(lanes).last<event::Failed>().error.kind, NetError::Kind::TooLarge);
    }

    // Recorded streams

    void recordedStreamsHaveTheirKnownTraps()
    {
        RIVULET_REQUIRE_FIXTURES();
        const Answer classic =
            readGraph(fixture(u"langgraph/langchain-ai_langgraph--classic-messages-partial.sse"_s));
        // What came so far is repeated in each frame; it is told once. The recording lacks its end.
        QCOMPARE(classic.joined<event::Text>().count(u"Hello!"_s), 1);
        QCOMPARE(classic.last<event::Finished>().reason, FinishReason::Stop);
        QCOMPARE(classic.completeness, Completeness::Open);

        const Answer agent =
            readGraph(fixture(u"langgraph/langchain-ai_langgraphjs--v3-react-agent-tool-result.sse"_s));
        QVERIFY(agent.joined<event::Text>().startsWith(u"The result is **80,235**."_s));
        QVERIFY(agent.joined<event::Text>().endsWith(u"databases, or APIs."_s));
        QCOMPARE(agent.completeness, Completeness::Complete);
        QString arguments;
        for (const StreamEvent &told : agent.events) {
            if (const auto *call = std::get_if<event::ToolCall>(&told.payload))
                arguments += call->arguments;
        }
        QCOMPARE(arguments, uR"({"expression": "12345 + 67890"})"_s);
    }
};

QTEST_APPLESS_MAIN(tst_LangGraph)
#include "tst_langgraph.moc"
