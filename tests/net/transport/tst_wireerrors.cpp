// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// Bad input from the socket to the event: what a real connection and the real reader make of a server that
// is wrong, down, foreign or gone. Each must end in an error of the right kind, and keep what was received.

#include "net/demo/demoserver.h"
#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"
#include "net/transport/httptransport.h"
#include "net/transport/requestrules.h"
#include "tests/support/mockserver.h"

#include <QtTest/qtest.h>

#include <memory>
#include <optional>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

QByteArray delta(const QByteArray &text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}\n\n";
}

// One question to a server, read as the application reads it.
struct Answer
{
    Answer(Transport &transport, const QUrl &base, const QString &prompt = u"hi"_s,
           const QByteArray &key = {})
        : reader(makeDialect(DialectId::OpenAiChat))
    {
        ChatRequest chat;
        chat.model = u"demo"_s;
        chat.messages.append({ChatRole::User, prompt});
        const ExchangeRequest request =
            makeDialect(DialectId::OpenAiChat)->open(chat, {.baseUrl = base, .apiKey = key});
        call.reset(transport.open(request, {.head = 5s, .idle = 5s}, nullptr));
        QObject::connect(call.get(), &TransportCall::head, call.get(),
                         [this](const ResponseHead &head) { reader.head(head); });
        QObject::connect(call.get(), &TransportCall::bytes, call.get(), [this](const QByteArray &bytes) {
            StreamEvents events;
            reader.feed(bytes, events);
            take(events);
        });
        QObject::connect(call.get(), &TransportCall::finished, call.get(), [this] {
            StreamEvents events;
            reader.finish(ResponseReader::End::Clean, events);
            take(events);
            isOver = true;
        });
        QObject::connect(call.get(), &TransportCall::failed, call.get(), [this](const NetError &failure) {
            error = failure;
            isOver = true;
        });
    }

    void take(const StreamEvents &events)
    {
        for (const StreamEvent &event : events) {
            if (const auto *delta = std::get_if<event::Text>(&event.payload))
                text += delta->text;
            else if (const auto *failed = std::get_if<event::Failed>(&event.payload))
                error = failed->error;
        }
    }

    ResponseReader reader;
    std::unique_ptr<TransportCall> call;
    QString text;
    std::optional<NetError> error;
    bool isOver = false;
};

} // namespace

class TestWireErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWholeAnswerIsComplete();
    void namesTheKindOfFailure_data();
    void namesTheKindOfFailure();
    void keepsWhatCameBeforeTheCut_data();
    void keepsWhatCameBeforeTheCut();
    void refusesAWrongAddress_data();
    void refusesAWrongAddress();
    void reportsARefusedConnection();
    void boundsTenMegabytesWithoutALineEnd_data();
    void boundsTenMegabytesWithoutALineEnd();
    void readsTheDemosFailures_data();
    void readsTheDemosFailures();
};

void TestWireErrors::aWholeAnswerIsComplete()
{
    MockServer server;
    server.queue(MockAnswer::stream({delta("one "), delta("two"), "data: [DONE]\n\n"}));
    HttpTransport transport;
    Answer answer(transport, server.url(u"/v1"_s));
    QTRY_VERIFY(answer.isOver);
    QVERIFY(!answer.error);
    QCOMPARE(answer.text, u"one two"_s);
    QCOMPARE(answer.reader.completeness(), Completeness::Complete);
}

void TestWireErrors::namesTheKindOfFailure_data()
{
    QTest::addColumn<MockAnswer>("reply");
    QTest::addColumn<NetError::Kind>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("message");

    using Kind = NetError::Kind;
    const QString any;
    QTest::newRow("401 with JSON") << MockAnswer::json(R"({"error":{"message":"Incorrect API key"}})", 401)
                                   << Kind::Auth << 401 << u"Incorrect API key"_s;
    QTest::newRow("404 with a page") << MockAnswer::whole(404, "text/html", "<title>Lost</title><h1>404</h1>")
                                     << Kind::InvalidRequest << 404 << any;
    QTest::newRow("429 with a wish") << MockAnswer::whole(
        429, "application/json", R"({"error":{"message":"slow"}})", {{"Retry-After", "7"}})
                                     << Kind::RateLimited << 429 << u"slow"_s;
    QTest::newRow("500 with nothing")
        << MockAnswer::whole(500, "text/plain", {}) << Kind::Server << 500 << any;
    QTest::newRow("503 with a page") << MockAnswer::whole(503, "text/html", "<h1>Busy</h1>")
                                     << Kind::Overloaded << 503 << any;
    QTest::newRow("a page instead of a stream")
        << MockAnswer::whole(200, "text/html", "<!doctype html><title>Log in to the hotel</title>")
        << Kind::Protocol << 200 << u"Log in to the hotel"_s;
    QTest::newRow("a page that says it is a stream")
        << MockAnswer::whole(200, "text/event-stream", "<!doctype html><title>Log in</title>")
        << Kind::Protocol << 200 << u"Log in"_s;
    QTest::newRow("an error in the stream")
        << MockAnswer::stream({"data: {\"error\":{\"message\":\"boom\",\"code\":502}}\n\n"}) << Kind::Server
        << 502 << u"boom"_s;
    QTest::newRow("a redirect to a page that asks to log in")
        << MockAnswer::redirect(302, QUrl(u"https://login.example/"_s)) << Kind::Refused << 302
        << u"https://login.example"_s;
    QTest::newRow("compressed in a way that nobody asked for")
        << MockAnswer::whole(200, "text/event-stream", "\x28\xb5\x2f\xfd", {{"Content-Encoding", "zstd"}})
        << Kind::Protocol << 200 << u"zstd"_s;
}

void TestWireErrors::namesTheKindOfFailure()
{
    QFETCH(MockAnswer, reply);
    QFETCH(NetError::Kind, kind);
    QFETCH(int, status);
    QFETCH(QString, message);
    MockServer server;
    server.queue(reply);
    HttpTransport transport;
    Answer answer(transport, server.url(u"/v1"_s), u"hi"_s, "key-1234");
    QTRY_VERIFY(answer.isOver);
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, kind);
    QCOMPARE(answer.error->status, status);
    QVERIFY2(answer.error->message.contains(message), qPrintable(answer.error->message));
    QVERIFY(!answer.error->message.contains("key-1234"_L1));
    QVERIFY(answer.reader.completeness() != Completeness::Complete);
    QCOMPARE(answer.text, QString());
    QCOMPARE(server.count(), 1);
    if (status == 429)
        QCOMPARE(answer.error->retryAfter, 7s);
}

void TestWireErrors::keepsWhatCameBeforeTheCut_data()
{
    QTest::addColumn<MockAnswer>("reply");
    QTest::addColumn<bool>("fails"); // else the connection ended as if all were well
    MockAnswer chunked = MockAnswer::stream().chunk(delta("one ")).chunk(delta("two"));
    MockAnswer half = chunked;
    MockAnswer byReset = chunked;
    MockAnswer polite = chunked;
    MockAnswer untilClose = MockAnswer::streamUntilClose().raw(delta("one ")).raw(delta("two"));
    MockAnswer inUtf8 = untilClose;
    QTest::newRow("between chunks") << chunked.wait().close() << true;
    QTest::newRow("in a chunk") << half.raw("64\r\ndata: {\"choi").wait().close() << true;
    QTest::newRow("by a reset") << byReset.wait().reset() << true;
    QTest::newRow("with a clean last chunk") << polite.wait().end() << false;
    QTest::newRow("without a length") << untilClose.wait().close() << false;
    QTest::newRow("in a character")
        << inUtf8.raw("data: {\"choices\":[{\"delta\":{\"content\":\"\xe6\x97").wait().close() << false;
}

void TestWireErrors::keepsWhatCameBeforeTheCut()
{
    QFETCH(MockAnswer, reply);
    QFETCH(bool, fails);
    MockServer server;
    server.queue(reply);
    HttpTransport transport;
    Answer answer(transport, server.url(u"/v1"_s));
    QTRY_COMPARE(answer.text, u"one two"_s);
    QTRY_COMPARE(server.waiting(), 1);
    server.advance();
    QTRY_VERIFY(answer.isOver);
    const NetError why = answer.error.value_or(NetError{});
    QVERIFY2(answer.error.has_value() == fails, qPrintable(why.code + u": "_s + why.message));
    if (fails)
        QCOMPARE(answer.error->code, transportcode::ConnectionLost);
    QCOMPARE(answer.text, u"one two"_s);
    QCOMPARE(answer.reader.completeness(), Completeness::Open);
}

void TestWireErrors::refusesAWrongAddress_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("code");
    QTest::newRow("nonsense") << u"not an address"_s << u"scheme"_s;
    QTest::newRow("without a scheme") << u"localhost:1234/v1"_s << u"scheme"_s;
    QTest::newRow("a key in clear") << u"http://api.example.com/v1"_s << u"key_in_clear"_s;
    QTest::newRow("a password inside") << u"https://me:secret@api.example.com/v1"_s << u"user_info"_s;
}

void TestWireErrors::refusesAWrongAddress()
{
    QFETCH(QString, base);
    QFETCH(QString, code);
    HttpTransport transport;
    Answer answer(transport, QUrl(base), u"hi"_s, "key-1234");
    QTRY_VERIFY(answer.isOver);
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, NetError::Kind::Refused);
    QCOMPARE(answer.error->code, code);
}

void TestWireErrors::reportsARefusedConnection()
{
    HttpTransport transport;
    Answer answer(transport, QUrl(u"http://127.0.0.1:%1/v1"_s.arg(MockServer::closedPort())));
    QTRY_VERIFY(answer.isOver);
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, NetError::Kind::Network);
    QCOMPARE(answer.error->code, transportcode::ConnectionRefused);
}

void TestWireErrors::boundsTenMegabytesWithoutALineEnd_data()
{
    QTest::addColumn<QByteArrayList>("events");
    const QByteArray piece(1024, 'x');
    QByteArrayList many(10 * 1024, delta(piece));
    QTest::newRow("as one delta") << QByteArrayList{delta(QByteArray(10 * 1024 * 1024, 'x'))};
    QTest::newRow("as many") << many;
}

void TestWireErrors::boundsTenMegabytesWithoutALineEnd()
{
    QFETCH(QByteArrayList, events);
    MockServer server;
    MockAnswer reply = MockAnswer::stream();
    reply.chunk(events.join()).chunk("data: [DONE]\n\n").end();
    server.queue(reply);
    HttpTransport transport;
    Answer answer(transport, server.url(u"/v1"_s));
    QTRY_VERIFY_WITH_TIMEOUT(answer.isOver, 20'000);
    QVERIFY(!answer.error);
    QCOMPARE(answer.text.size(), 10 * 1024 * 1024);
    QCOMPARE(answer.reader.completeness(), Completeness::Complete);
}

void TestWireErrors::readsTheDemosFailures_data()
{
    QTest::addColumn<QString>("prompt");
    QTest::addColumn<NetError::Kind>("kind");
    QTest::newRow("error") << u"error"_s << NetError::Kind::RateLimited;
    QTest::newRow("server error") << u"server error"_s << NetError::Kind::Server;
    QTest::newRow("drop") << u"drop"_s << NetError::Kind::Network;
}

void TestWireErrors::readsTheDemosFailures()
{
    QFETCH(QString, prompt);
    QFETCH(NetError::Kind, kind);
    DemoServer demo;
    demo.setTokensPerSecond(0);
    QVERIFY(demo.start());
    HttpTransport transport;
    Answer answer(transport, demo.baseUrl(), prompt);
    QTRY_VERIFY(answer.isOver);
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, kind);
    if (kind == NetError::Kind::RateLimited)
        QCOMPARE(answer.error->retryAfter, 20s);
}

QTEST_GUILESS_MAIN(TestWireErrors)
#include "tst_wireerrors.moc"
