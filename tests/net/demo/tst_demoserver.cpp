// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demoreply.h"
#include "net/demo/demoserver.h"
#include "net/transport/httptransport.h"
#include "net/transport/requestrules.h"
#include "tests/support/calllog.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

QJsonObject message(const QString &role, const QString &text)
{
    return {{u"role"_s, role}, {u"content"_s, text}};
}

// A demo server, a client, and what an answer to one request amounted to.
struct Demo
{
    Demo()
    {
        server.setTokensPerSecond(0);
        if (!server.start())
            qFatal("The demo can not listen");
    }

    HttpRequest request(const QJsonArray &messages, bool stream = true,
                        const QString &model = u"demo"_s) const
    {
        const QJsonObject body{{u"model"_s, model},
                               {u"messages"_s, messages},
                               {u"stream"_s, stream},
                               {u"stream_options"_s, QJsonObject{{u"include_usage"_s, true}}}};
        return {.method = "POST",
                .url = QUrl(server.baseUrl().toString() + u"/chat/completions"_s),
                .headers = {{"Content-Type", "application/json"}},
                .body = QJsonDocument(body).toJson(QJsonDocument::Compact)};
    }

    HttpRequest request(const QString &prompt, bool stream = true, const QString &model = u"demo"_s) const
    {
        return request(QJsonArray{message(u"user"_s, prompt)}, stream, model);
    }

    DemoServer server;
    HttpTransport transport;
};

struct Exchange
{
    Exchange(Demo &demo, const HttpRequest &request)
        : call(demo.transport.open(request, {.head = 20s, .idle = 20s}, nullptr)), log(call.get())
    {}

    // What the events of the stream say, in order.
    QList<QJsonObject> chunks() const
    {
        QList<QJsonObject> chunks;
        for (const QByteArray &event : log.body.split('\n')) {
            if (event.startsWith("data: {"))
                chunks.append(QJsonDocument::fromJson(event.sliced(6)).object());
        }
        return chunks;
    }

    QString joined(QLatin1StringView field) const
    {
        QString text;
        for (const QJsonObject &chunk : chunks())
            text += chunk["choices"_L1][0]["delta"_L1][field].toString();
        return text;
    }

    std::unique_ptr<TransportCall> call;
    CallLog log;
};

} // namespace

class TestDemoServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsItsModels();
    void streamsAReplyWithUsageAndEndMark();
    void sendsNoUsageThatWasNotAskedFor();
    void answersAtOnceWhereNoStreamIsAskedFor();
    void streamsReasoningBeforeText();
    void answersTheLastUserMessage();
    void readsContentInParts();
    void goesOnFromWhatIsThere();
    void dropsTheConnectionMidway();
    void failsAsAsked_data();
    void failsAsAsked();
    void keepsItsPace();
    void streamsManyAnswersAtOnce();
    void stopsWhenTheClientGoesAway();
    void servesOneConnectionAgainAndAgain();
    void refusesStrangers_data();
    void refusesStrangers();
    void rejectsBadRequests_data();
    void rejectsBadRequests();
    void mayBeDeletedWhileItStreams();
};

void TestDemoServer::listsItsModels()
{
    Demo demo;
    Exchange exchange(demo, {.method = "GET", .url = QUrl(demo.server.baseUrl().toString() + u"/models"_s)});
    QTRY_VERIFY(exchange.log.finished);
    const QJsonObject list = QJsonDocument::fromJson(exchange.log.body).object();
    QCOMPARE(list["object"_L1], u"list"_s);
    QCOMPARE(list["data"_L1][0]["id"_L1], u"demo"_s);
    QCOMPARE(list["data"_L1][1]["id"_L1], u"demo-slow"_s);
}

void TestDemoServer::streamsAReplyWithUsageAndEndMark()
{
    Demo demo;
    Exchange exchange(demo, demo.request(u"tour"_s));
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.head->status, 200);
    QVERIFY(exchange.log.head->contentType.startsWith("text/event-stream"));
    QCOMPARE(exchange.joined("content"_L1), demoReply(u"tour"_s).text);
    QVERIFY(exchange.log.body.endsWith("data: [DONE]\n\n"));

    const QList<QJsonObject> chunks = exchange.chunks();
    QCOMPARE(chunks.first()["choices"_L1][0]["delta"_L1]["role"_L1], u"assistant"_s);
    QCOMPARE(chunks.at(chunks.size() - 2)["choices"_L1][0]["finish_reason"_L1], u"stop"_s);
    QCOMPARE(chunks.last()["choices"_L1], QJsonArray());
    QVERIFY(chunks.last()["usage"_L1]["completion_tokens"_L1].toInt() > 100);
    QVERIFY(std::ranges::all_of(
        chunks, [&](const QJsonObject &chunk) { return chunk["id"_L1] == chunks.first()["id"_L1]; }));
}

void TestDemoServer::sendsNoUsageThatWasNotAskedFor()
{
    Demo demo;
    HttpRequest request = demo.request(u"hi"_s);
    request.body.replace("include_usage", "something_else");
    Exchange exchange(demo, request);
    QTRY_VERIFY(exchange.log.finished);
    QVERIFY(!exchange.log.body.contains("usage"));
    QVERIFY(exchange.log.body.endsWith("data: [DONE]\n\n"));
}

void TestDemoServer::answersAtOnceWhereNoStreamIsAskedFor()
{
    Demo demo;
    Exchange exchange(demo, demo.request(u"reasoning"_s, false));
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.head->contentType, "application/json");
    const QJsonObject whole = QJsonDocument::fromJson(exchange.log.body).object();
    const DemoReply reply = demoReply(u"reasoning"_s);
    QCOMPARE(whole["choices"_L1][0]["message"_L1]["content"_L1], reply.text);
    QCOMPARE(whole["choices"_L1][0]["message"_L1]["reasoning_content"_L1], reply.reasoning);
    QVERIFY(whole["usage"_L1]["total_tokens"_L1].toInt() > 0);
}

void TestDemoServer::streamsReasoningBeforeText()
{
    Demo demo;
    Exchange exchange(demo, demo.request(u"think"_s));
    QTRY_VERIFY(exchange.log.finished);
    const DemoReply reply = demoReply(u"think"_s);
    QCOMPARE(exchange.joined("reasoning_content"_L1), reply.reasoning);
    QCOMPARE(exchange.joined("content"_L1), reply.text);
    QVERIFY(exchange.log.body.lastIndexOf("reasoning_content\":\"")
            < exchange.log.body.indexOf("content\":\"A we"));
}

void TestDemoServer::answersTheLastUserMessage()
{
    Demo demo;
    Exchange exchange(
        demo,
        demo.request(QJsonArray{message(u"system"_s, u"Show a table"_s), message(u"user"_s, u"tour"_s),
                                message(u"assistant"_s, u"…"_s), message(u"user"_s, u"math"_s)}));
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.joined("content"_L1), demoReply(u"math"_s).text);
}

void TestDemoServer::readsContentInParts()
{
    Demo demo;
    const QJsonArray parts{QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, u"ta"_s}},
                           QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, u"ble"_s}}};
    Exchange exchange(demo,
                      demo.request(QJsonArray{QJsonObject{{u"role"_s, u"user"_s}, {u"content"_s, parts}}}));
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.joined("content"_L1), demoReply(u"table"_s).text);
}

void TestDemoServer::goesOnFromWhatIsThere()
{
    Demo demo;
    const QString whole = demoReply(u"drop"_s).text;
    const QString begun = whole.first(100);
    Exchange exchange(
        demo, demo.request(QJsonArray{message(u"user"_s, u"drop"_s), message(u"assistant"_s, begun)}));
    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.finished);
    QCOMPARE(begun + exchange.joined("content"_L1), whole);
}

void TestDemoServer::dropsTheConnectionMidway()
{
    Demo demo;
    Exchange exchange(demo, demo.request(u"drop"_s));
    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->code, transportcode::ConnectionLost);
    QVERIFY(!exchange.log.body.contains("[DONE]"));
    QVERIFY(demoReply(u"drop"_s).text.startsWith(exchange.joined("content"_L1)));
}

void TestDemoServer::failsAsAsked_data()
{
    QTest::addColumn<QString>("prompt");
    QTest::addColumn<int>("status");
    QTest::newRow("error") << u"show an error"_s << 429;
    QTest::newRow("server error") << u"a server error"_s << 500;
}

void TestDemoServer::failsAsAsked()
{
    QFETCH(QString, prompt);
    QFETCH(int, status);
    Demo demo;
    Exchange exchange(demo, demo.request(prompt));
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.head->status, status);
    QCOMPARE(exchange.log.head->headers.contains({"retry-after", "20"}), status == 429);
    const QJsonObject body = QJsonDocument::fromJson(exchange.log.body).object();
    QVERIFY(!body["error"_L1]["message"_L1].toString().isEmpty());
}

void TestDemoServer::keepsItsPace()
{
    Demo demo;
    demo.server.setTokensPerSecond(400);
    const qsizetype tokens = demoTokens(demoReply(u"hi"_s).text).size();
    QElapsedTimer clock;
    clock.start();
    Exchange exchange(demo, demo.request(u"hi"_s));
    QTRY_VERIFY(exchange.log.finished);
    const double expected = static_cast<double>(tokens) / 400.0;
    QCOMPARE_GT(static_cast<double>(clock.elapsed()) / 1000.0, expected * 0.9);
    QVERIFY(exchange.log.pieces > tokens / 20);
}

void TestDemoServer::streamsManyAnswersAtOnce()
{
    Demo demo;
    std::vector<std::unique_ptr<Exchange>> exchanges;
    for (int number = 0; number < 40; ++number)
        exchanges.push_back(std::make_unique<Exchange>(demo, demo.request(u"code"_s)));
    QTRY_VERIFY(std::ranges::all_of(exchanges, [](const auto &exchange) { return exchange->log.finished; }));
    for (const auto &exchange : exchanges)
        QCOMPARE(exchange->joined("content"_L1), demoReply(u"code"_s).text);
    QTRY_COMPARE(demo.server.activeStreams(), 0);
}

void TestDemoServer::stopsWhenTheClientGoesAway()
{
    Demo demo;
    demo.server.setTokensPerSecond(50);
    Exchange exchange(demo, demo.request(u"long"_s));
    QTRY_VERIFY(exchange.log.pieces > 3);
    QCOMPARE(demo.server.activeStreams(), 1);
    exchange.call->abort();
    QTRY_COMPARE_WITH_TIMEOUT(demo.server.activeStreams(), 0, 500);
}

void TestDemoServer::servesOneConnectionAgainAndAgain()
{
    Demo demo;
    for (int round = 0; round < 3; ++round) {
        Exchange exchange(demo, demo.request(u"hi"_s));
        QTRY_VERIFY(exchange.log.finished);
        QVERIFY(exchange.log.body.endsWith("data: [DONE]\n\n"));
    }
}

void TestDemoServer::refusesStrangers_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("status");
    const QByteArray origin = "Origin";
    const QByteArray host = "Host";
    QTest::newRow("a page of the web") << origin << QByteArray("https://evil.example") << 403;
    QTest::newRow("a page without an origin") << origin << QByteArray("null") << 403;
    QTest::newRow("a page at another port") << origin << QByteArray("http://127.0.0.1:1") << 403;
    QTest::newRow("a page over https") << origin << QByteArray("https://127.0.0.1:PORT") << 403;
    QTest::newRow("a page at an address that begins alike")
        << origin << QByteArray("http://127.0.0.1:PORT.evil.example") << 403;
    QTest::newRow("its own page") << origin << QByteArray("http://127.0.0.1:PORT") << 200;
    QTest::newRow("a name that was made to resolve here") << host << QByteArray("evil.example:PORT") << 403;
    QTest::newRow("another port's name") << host << QByteArray("127.0.0.1:1") << 403;
    QTest::newRow("a name without a port") << host << QByteArray("127.0.0.1") << 403;
    QTest::newRow("localhost") << host << QByteArray("localhost:PORT") << 200;
}

void TestDemoServer::refusesStrangers()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    QFETCH(int, status);
    Demo demo;
    HttpRequest request = demo.request(u"hi"_s);
    request.headers.emplaceBack(header,
                                value.replace("PORT", QByteArray::number(demo.server.baseUrl().port())));
    Exchange exchange(demo, request);
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.head->status, status);
}

void TestDemoServer::rejectsBadRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("not JSON") << QByteArray("POST") << u"/chat/completions"_s << QByteArray("hi") << 400;
    QTest::newRow("no messages") << QByteArray("POST") << u"/chat/completions"_s << QByteArray("{}") << 400;
    QTest::newRow("a list") << QByteArray("POST") << u"/chat/completions"_s << QByteArray("[]") << 400;
    QTest::newRow("another path") << QByteArray("POST") << u"/other"_s << QByteArray("{}") << 404;
    QTest::newRow("another method") << QByteArray("DELETE") << u"/models"_s << QByteArray() << 405;
    QTest::newRow("GET of a completion")
        << QByteArray("GET") << u"/chat/completions"_s << QByteArray() << 405;
}

void TestDemoServer::rejectsBadRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    Demo demo;
    Exchange exchange(demo,
                      {.method = method, .url = QUrl(demo.server.baseUrl().toString() + path), .body = body});
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.head->status, status);
    QVERIFY(QJsonDocument::fromJson(exchange.log.body).object().contains("error"_L1));
}

void TestDemoServer::mayBeDeletedWhileItStreams()
{
    auto demo = std::make_unique<Demo>();
    demo->server.setTokensPerSecond(50);
    Exchange exchange(*demo, demo->request(u"long"_s));
    QTRY_VERIFY(exchange.log.pieces > 0);
    demo.reset();
    exchange.call->abort();
}

QTEST_GUILESS_MAIN(TestDemoServer)
#include "tst_demoserver.moc"
