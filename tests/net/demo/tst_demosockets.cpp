// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demoreply.h"
#include "net/demo/demoserver.h"
#include "net/dialects/dialectregistry.h"
#include "net/transport/httptransport.h"
#include "net/transport/websockettransport.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/calllog.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qurlquery.h>
#include <QtTest/qtest.h>
#include <QtWebSockets/qwebsocket.h>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

struct Demo
{
    explicit Demo(double rate = 0)
    {
        server.setTokensPerSecond(rate);
        if (!server.start())
            qFatal("The demo can not listen");
    }

    QUrl agent(const QString &path, const QString &question = {}) const
    {
        QUrl url(QString(server.agentUrl().toString() + path));
        if (!question.isEmpty())
            url.setQuery(QUrlQuery({{u"question"_s, question}}));
        return url;
    }
    QUrl duplex() const { return QUrl(QString(server.duplexUrl().toString() + u"/stream"_s)); }

    DemoServer server;
};

/// A client that knows nothing of ours.
struct Browser
{
    explicit Browser(const QUrl &url, const QString &origin = {}) : socket(origin)
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket, [this](const QString &text) {
            messages.append(QJsonDocument::fromJson(text.toUtf8()).object());
        });
        QObject::connect(&socket, &QWebSocket::disconnected, &socket, [this] { isClosed = true; });
        socket.open(url);
    }

    [[nodiscard]] qsizetype countOf(const QString &type) const
    {
        return std::ranges::count_if(messages,
                                     [&](const QJsonObject &message) { return message["type"_L1] == type; });
    }
    [[nodiscard]] QString lastType() const
    {
        return messages.isEmpty() ? QString() : messages.last()["type"_L1].toString();
    }
    [[nodiscard]] QString joined(const QString &type, const QString &member) const
    {
        QString text;
        for (const QJsonObject &message : messages) {
            if (message["type"_L1] == type)
                text += message[member].toString();
        }
        return text;
    }

    QWebSocket socket;
    QList<QJsonObject> messages;
    bool isClosed = false;
};

/// One exchange as the application has it: dialect, transport, reader.
struct Talk
{
    Talk(DialectId id, const QUrl &baseUrl, const QString &prompt, const QMap<QString, QString> &options = {})
        : reader(makeDialect(id))
    {
        ChatRequest chat;
        chat.messages.append(ChatMessage(ChatRole::User, prompt));
        Transport &transport = webSocket;
        call.reset(transport.open(reader.dialect().open(chat, {.baseUrl = baseUrl, .options = options}),
                                  {.head = 20s, .idle = 20s}, nullptr));
        QObject::connect(call.get(), &TransportCall::message, call.get(), [this](const QByteArray &text) {
            reader.message(text, answer.events);
            for (const Command &reply : reader.dialect().takeReplies())
                call->send(std::get<ConnectionMessage>(reply));
        });
        log = std::make_unique<CallLog>(call.get());
    }

    void send(const std::optional<Command> &command)
    {
        if (command)
            call->send(std::get<ConnectionMessage>(*command));
    }
    [[nodiscard]] bool isComplete() const { return reader.completeness() == Completeness::Complete; }
    [[nodiscard]] QList<event::Artifact::Kind> artifacts() const
    {
        QList<event::Artifact::Kind> kinds;
        for (const StreamEvent &event : answer.events) {
            const auto *artifact = std::get_if<event::Artifact>(&event.payload);
            if (artifact && (kinds.isEmpty() || kinds.last() != artifact->kind))
                kinds.append(artifact->kind);
        }
        return kinds;
    }

    ResponseReader reader;
    WebSocketTransport webSocket;
    std::unique_ptr<TransportCall> call;
    std::unique_ptr<CallLog> log;
    Answer answer;
};

} // namespace

class TestDemoSockets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void anAgentShowsItsWork();
    void anAgentIsUnderstoodByItsDialect_data();
    void anAgentIsUnderstoodByItsDialect();
    void anAgentStopsWhenItIsTold_data();
    void anAgentStopsWhenItIsTold();
    void aSessionTakesOneQueryAfterTheOther();
    void anAgentAnswersOverServerSentEvents();
    void anAgentMayDrop();
    void tokensAreUnderstoodByTheirDialect();
    void anInterruptChangesTheCourse();
    void anInterruptWithoutWordsStops();
    void aDropIsForgottenWithItsAnswer();
    void tokensHaveAPlainForm();
    void pretendedErrorsAreErrors();
    void stopsWhenTheClientGoesAway();
    void refusesStrangers();
    void refusesWhatIsNoWebSocket();
    void closesOnWhatItDoesNotTake();
};

// A proxy of the machine that runs the tests must not answer for the demo.
void TestDemoSockets::initTestCase()
{
    for (const char *name :
         {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
        qunsetenv(name);
}

void TestDemoSockets::anAgentShowsItsWork()
{
    Demo demo;
    Browser browser(demo.agent(u"/ws/agent/stream"_s, u"two & two"_s));
    QTRY_VERIFY(browser.isClosed);
    QCOMPARE(browser.socket.closeCode(), QWebSocketProtocol::CloseCodeNormal);
    for (const char *type : {"start", "progress", "chain_of_thought", "code_chunk", "verification",
                             "data_ready", "analysis_chunk", "complete", "stream_end"})
        QVERIFY2(browser.countOf(QString::fromLatin1(type)) > 0, type);
    QCOMPARE(browser.joined(u"code_chunk"_s, u"chunk"_s), demoText(u"agent.code.txt"_s));
    QCOMPARE(browser.joined(u"analysis_chunk"_s, u"chunk"_s),
             QString(demoText(u"agent.md"_s) + demoReply(u"two & two"_s).text));
    QTRY_COMPARE(demo.server.activeStreams(), 0);
}

void TestDemoSockets::anAgentIsUnderstoodByItsDialect_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("query") << u"stream"_s;
    QTest::newRow("session") << u"interactive"_s;
}

void TestDemoSockets::anAgentIsUnderstoodByItsDialect()
{
    QFETCH(QString, way);
    Demo demo;
    Talk talk(DialectId::AgentWs, demo.server.agentUrl(), u"think about a + b"_s, {{u"endpoint"_s, way}});
    QTRY_VERIFY(talk.isComplete());
    QVERIFY(talk.answer.joined<event::Text>().endsWith(demoReply(u"think"_s).text));
    QVERIFY(talk.answer.joined<event::Reasoning>().contains(demoReply(u"think"_s).reasoning.trimmed()));
    using enum event::Artifact::Kind;
    QCOMPARE(talk.artifacts(), (QList{Code, Verification, Code, Table, Figure}));
    QCOMPARE(talk.reader.unknownFrames(), 0);
}

void TestDemoSockets::anAgentStopsWhenItIsTold_data()
{
    anAgentIsUnderstoodByItsDialect_data();
}

void TestDemoSockets::anAgentStopsWhenItIsTold()
{
    QFETCH(QString, way);
    Demo demo(100);
    Talk talk(DialectId::AgentWs, demo.server.agentUrl(), u"a long story"_s, {{u"endpoint"_s, way}});
    QTRY_VERIFY(talk.log->messages.size() > 5);
    talk.send(talk.reader.dialect().cancel({}));
    QTRY_VERIFY(talk.isComplete());
    QCOMPARE(talk.answer.last<event::Finished>().reason, FinishReason::Stopped);
    QTRY_COMPARE(demo.server.activeStreams(), 0);
    if (way == u"stream"_s)
        QTRY_VERIFY(talk.log->finished);
    else
        QVERIFY(!talk.log->isOver());
}

void TestDemoSockets::aSessionTakesOneQueryAfterTheOther()
{
    Demo demo(1000);
    Browser browser(demo.agent(u"/ws/agent/interactive"_s));
    QTRY_VERIFY(browser.socket.isValid());
    browser.socket.sendTextMessage(u"{\"action\":\"ping\",\"timestamp\":17}"_s);
    QTRY_COMPARE(browser.lastType(), u"pong"_s);
    QCOMPARE(browser.messages.last()["timestamp"_L1], 17);
    browser.socket.sendTextMessage(u"cancel"_s); // of nothing
    const QString query = u"{\"action\":\"query\",\"question\":\"drop\"}"_s;
    browser.socket.sendTextMessage(QString(query).replace("drop"_L1, "hi"_L1));
    browser.socket.sendTextMessage(query);
    QTRY_COMPARE(browser.countOf(u"error"_s), 1);
    QTRY_COMPARE(browser.countOf(u"query_complete"_s), 1);
    browser.socket.sendTextMessage(QString(query).replace("drop"_L1, "math"_L1));
    QTRY_COMPARE(browser.countOf(u"query_complete"_s), 2);
    browser.socket.sendTextMessage(u"{\"action\":\"dance\"}"_s);
    QTRY_COMPARE(browser.countOf(u"error"_s), 2);
    QCOMPARE(browser.countOf(u"cancelled"_s), 0);
    browser.socket.close();
    QTRY_VERIFY(browser.isClosed);
}

void TestDemoSockets::anAgentAnswersOverServerSentEvents()
{
    Demo demo;
    HttpTransport transport;
    QUrl url = demo.agent(u"/agent/stream"_s);
    url.setScheme(u"http"_s);
    url.setQuery(u"question=a+tour%2C+please"_s);
    const std::unique_ptr<TransportCall> call(
        transport.open(HttpRequest{.method = "GET", .url = url}, {.head = 20s, .idle = 20s}, nullptr));
    CallLog log(call.get());
    QTRY_VERIFY(log.finished);
    const Answer answer = read({log.body}, *log.head, DialectId::AgentWs);
    QCOMPARE(answer.completeness, Completeness::Complete);
    QVERIFY(answer.joined<event::Text>().endsWith(demoReply(u"tour"_s).text));
}

void TestDemoSockets::anAgentMayDrop()
{
    Demo demo;
    Talk talk(DialectId::AgentWs, demo.server.agentUrl(), u"drop"_s);
    QTRY_VERIFY(talk.log->isOver());
    QVERIFY(talk.log->error);
    QVERIFY(!talk.isComplete());
}

void TestDemoSockets::tokensAreUnderstoodByTheirDialect()
{
    Demo demo;
    Talk talk(DialectId::DuplexWs, demo.server.duplexUrl(), u"show a table"_s);
    QTRY_VERIFY(talk.isComplete());
    QCOMPARE(talk.answer.joined<event::Text>(), demoReply(u"table"_s).text);
    QVERIFY(!talk.answer.joined<event::Reasoning>().isEmpty());
    QVERIFY(!talk.answer.last<event::ToolResult>().id.isEmpty());
    QCOMPARE(talk.reader.unknownFrames(), 0);
}

void TestDemoSockets::anInterruptChangesTheCourse()
{
    Demo demo(200);
    Browser browser(demo.duplex());
    QTRY_VERIFY(browser.socket.isValid());
    browser.socket.sendTextMessage(u"{\"type\":\"user_message\",\"content\":\"long\",\"stream\":true}"_s);
    QTRY_VERIFY(browser.countOf(u"token"_s) > 3);
    demo.server.setTokensPerSecond(0);
    browser.socket.sendTextMessage(u"{\"type\":\"interrupt\",\"new_instruction\":\"show math\"}"_s);
    QTRY_COMPARE(browser.lastType(), u"done"_s);
    const auto echo = std::ranges::find_if(browser.messages, [](const QJsonObject &message) {
        return message["type"_L1] == u"user_interrupt"_s;
    });
    QVERIFY(echo != browser.messages.end());
    QCOMPARE((*echo)["message"_L1], u"show math"_s);
    browser.messages.erase(browser.messages.begin(), echo);
    QCOMPARE(browser.joined(u"token"_s, u"content"_s), demoReply(u"math"_s).text);
}

void TestDemoSockets::anInterruptWithoutWordsStops()
{
    Demo demo(200);
    Talk talk(DialectId::DuplexWs, demo.server.duplexUrl(), u"long"_s);
    QTRY_VERIFY(talk.log->messages.size() > 5);
    talk.send(talk.reader.dialect().cancel({}));
    QTRY_VERIFY(talk.isComplete());
    QCOMPARE(talk.answer.last<event::Finished>().reason, FinishReason::Stopped);
    QTRY_COMPARE(demo.server.activeStreams(), 0);
    QVERIFY(!talk.log->isOver());
}

void TestDemoSockets::aDropIsForgottenWithItsAnswer()
{
    Demo demo(50);
    Browser browser(demo.duplex());
    QTRY_VERIFY(browser.socket.isValid());
    browser.socket.sendTextMessage(u"{\"type\":\"user_message\",\"content\":\"drop\"}"_s);
    QTRY_VERIFY(!browser.messages.isEmpty());
    demo.server.setTokensPerSecond(0);
    browser.socket.sendTextMessage(u"{\"type\":\"interrupt\",\"new_instruction\":\"hi\"}"_s);
    QTRY_COMPARE(browser.lastType(), u"done"_s);
    browser.socket.sendTextMessage(u"{\"type\":\"ping\",\"timestamp\":3}"_s);
    QTRY_COMPARE(browser.lastType(), u"pong"_s);
    browser.socket.sendTextMessage(u"{\"type\":\"user_message\",\"content\":\"drop\"}"_s);
    QTRY_VERIFY(browser.isClosed);
    QCOMPARE(browser.countOf(u"done"_s), 1);
}

void TestDemoSockets::tokensHaveAPlainForm()
{
    Demo demo;
    HttpTransport transport;
    QUrl url = demo.server.duplexUrl();
    url.setScheme(u"http"_s);
    url.setPath(u"/duplex/api/chat"_s);
    const auto answerTo = [&](const QByteArray &body) {
        auto call = std::unique_ptr<TransportCall>(
            transport.open(HttpRequest{.url = url, .body = body}, {.head = 20s, .idle = 20s}, nullptr));
        auto log = std::make_unique<CallLog>(call.get());
        if (!QTest::qWaitFor([&] { return log->finished; }))
            QTest::qFail("no answer", __FILE__, __LINE__);
        call.release()->deleteLater();
        return log;
    };
    const auto whole = answerTo("{\"message\":\"think\"}");
    QCOMPARE(whole->head->status, 200);
    const Answer answer = read({whole->body}, *whole->head, DialectId::DuplexWs);
    QCOMPARE(answer.completeness, Completeness::Complete);
    QCOMPARE(answer.joined<event::Text>(), demoReply(u"think"_s).text);
    QCOMPARE(answerTo("{}")->head->status, 400);
    QCOMPARE(answerTo("{\"message\":\"error\"}")->head->status, 429);
}

void TestDemoSockets::pretendedErrorsAreErrors()
{
    Demo demo;
    Talk agent(DialectId::AgentWs, demo.server.agentUrl(), u"error"_s);
    QTRY_VERIFY(agent.log->isOver());
    QVERIFY(!agent.answer.last<event::Failed>().error.message.isEmpty());
    Talk duplex(DialectId::DuplexWs, demo.server.duplexUrl(), u"server error"_s);
    QTRY_VERIFY(!duplex.answer.last<event::Failed>().error.message.isEmpty());
}

void TestDemoSockets::stopsWhenTheClientGoesAway()
{
    Demo demo(50);
    auto talk = std::make_unique<Talk>(DialectId::AgentWs, demo.server.agentUrl(), u"long"_s);
    QTRY_COMPARE(demo.server.activeStreams(), 1);
    talk.reset();
    QTRY_COMPARE(demo.server.activeStreams(), 0);

    // And a server that goes away while it streams harms nobody.
    auto other = std::make_unique<Demo>(50);
    Browser browser(other->agent(u"/ws/agent/stream"_s, u"long"_s));
    QTRY_VERIFY(!browser.messages.isEmpty());
    other.reset();
    QTRY_VERIFY(browser.isClosed);
}

void TestDemoSockets::refusesStrangers()
{
    Demo demo;
    Browser page(demo.agent(u"/ws/agent/stream"_s, u"hi"_s), u"https://evil.example"_s);
    QTRY_VERIFY(page.socket.error() != QAbstractSocket::UnknownSocketError || page.isClosed);
    QVERIFY(page.messages.isEmpty());
    QVERIFY(!page.socket.isValid());
}

void TestDemoSockets::refusesWhatIsNoWebSocket()
{
    Demo demo;
    HttpTransport transport;
    for (const QString &path : {u"/agent/ws/agent/stream"_s, u"/duplex/stream"_s}) {
        QUrl url = demo.server.agentUrl();
        url.setScheme(u"http"_s);
        url.setPath(path);
        const std::unique_ptr<TransportCall> call(
            transport.open(HttpRequest{.method = "GET", .url = url}, {.head = 20s, .idle = 20s}, nullptr));
        CallLog log(call.get());
        QTRY_VERIFY(log.finished);
        QCOMPARE(log.head->status, 426);
    }
}

void TestDemoSockets::closesOnWhatItDoesNotTake()
{
    Demo demo;
    Browser binary(demo.duplex());
    QTRY_VERIFY(binary.socket.isValid());
    binary.socket.sendBinaryMessage("x");
    QTRY_VERIFY(binary.isClosed);
    QCOMPARE(binary.socket.closeCode(), QWebSocketProtocol::CloseCodeDatatypeNotSupported);
    Browser large(demo.duplex());
    QTRY_VERIFY(large.socket.isValid());
    large.socket.sendTextMessage(QString(2 * 1024 * 1024, u'x'));
    QTRY_VERIFY(large.isClosed);
}

QTEST_GUILESS_MAIN(TestDemoSockets)
#include "tst_demosockets.moc"
