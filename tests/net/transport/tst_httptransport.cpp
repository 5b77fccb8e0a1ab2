// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/httptransport.h"
#include "net/transport/requestrules.h"
#include "tests/support/calllog.h"
#include "tests/support/compressor.h"
#include "tests/support/mockserver.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

constexpr TransportTimeouts Patient{.head = 20s, .idle = 20s};

// A request under way and what came of it.
struct Exchange
{
    Exchange(Transport &transport, const HttpRequest &request, const TransportTimeouts &timeouts = Patient)
        : call(transport.open(request, timeouts, nullptr)), log(call.get())
    {}

    std::unique_ptr<TransportCall> call;
    CallLog log;
};

HttpRequest post(const QUrl &url, const QByteArray &body = R"({"stream":true})")
{
    return {.method = "POST", .url = url, .headers = {{"Content-Type", "application/json"}}, .body = body};
}

HttpRequest get(const QUrl &url)
{
    return {.method = "GET", .url = url, .headers = {}, .body = {}};
}

} // namespace

class TestHttpTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void deliversHeadBodyAndEnd();
    void sendsTheRequestAsGiven();
    void sendsItsOwnHeadersAndNoCookies();
    void deliversEachPieceWhenItComes();
    void deliversTheSameBytesForEverySlice_data();
    void deliversTheSameBytesForEverySlice();
    void deliversTenMegabytesWithoutALineEnd();

    void sendsAPostOnceWhenTheServerClosesBeforeItAnswers_data();
    void sendsAPostOnceWhenTheServerClosesBeforeItAnswers();
    void sendsAPostOnceWhenTheHeadIsCut();
    void neverFollowsARedirect_data();
    void neverFollowsARedirect();
    void holdsTheServerBackWhilePaused();
    void streamsToOneHostDoNotWaitForEachOther();
    void moreStreamsThanQtCarriesAreOpenAtATime();

    void deliversAFailingStatusWithItsBody_data();
    void deliversAFailingStatusWithItsBody();
    void failsWhenAChunkedBodyIsCut_data();
    void failsWhenAChunkedBodyIsCut();
    void failsWhenABodyIsShorterThanAnnounced();
    void finishesWhenABodyWithoutLengthIsCut();
    void namesWhatBrokeBelowHttp_data();
    void namesWhatBrokeBelowHttp();
    void deliversCompressedPiecesWhenTheyAreFlushed();
    void readsEveryCompressionThatItKnows_data();
    void readsEveryCompressionThatItKnows();
    void saysWhatIsWrongWithACompressedBody_data();
    void saysWhatIsWrongWithACompressedBody();
    void refusesWhatTheRulesForbidWithoutSendingIt();
    void anEndlessHeadRunsIntoTheHeadLimit_data();
    void anEndlessHeadRunsIntoTheHeadLimit();

    void givesUpWhenNoHeadComes();
    void givesUpWhenTheBodyStopsComing();
    void noiseWithoutDataDoesNotKeepACallAlive();
    void aPausedCallDoesNotRunIntoItsIdleLimit();
    void dataRestartsTheIdleLimit();

    void signalsNothingInsideOpenOrAbort();
    void signalsNothingAfterAbort_data();
    void signalsNothingAfterAbort();
    void abortClosesTheSocket();
    void deletingACallClosesTheSocket();
    void aCallMayBeDeletedInsideItsSignals_data();
    void aCallMayBeDeletedInsideItsSignals();
    void aCallOutlivesItsTransport();
    void holdsTheEndBackWhilePaused();
};

// A proxy of the machine that runs the tests must not answer for hosts that do not exist.
void TestHttpTransport::initTestCase()
{
    for (const char *name :
         {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
        qunsetenv(name);
}

void TestHttpTransport::deliversHeadBodyAndEnd()
{
    MockServer server;
    server.route("/v1/chat",
                 MockAnswer::whole(200, "text/plain; charset=utf-8", "hello", {{"X-Request-Id", "7"}}));
    HttpTransport transport;
    Exchange exchange(transport, post(server.url(u"/v1/chat"_s)));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.head->status, 200);
    QCOMPARE(exchange.log.head->contentType, "text/plain; charset=utf-8");
    QVERIFY(exchange.log.head->headers.contains({"x-request-id", "7"}));
    QCOMPARE(exchange.log.body, "hello");
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestHttpTransport::sendsTheRequestAsGiven()
{
    MockServer server;
    server.setHandler([](const ReceivedRequest &) { return MockAnswer::json("{}"); });
    HttpTransport transport;
    HttpRequest request = post(server.url(u"/v1/a%20b?x=1"_s), QByteArray(300'000, 'q'));
    request.headers.emplaceBack("Authorization", "Bearer k");
    Exchange exchange(transport, request);

    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(server.count(), 1);
    const ReceivedRequest &received = server.received().front().request;
    QCOMPARE(received.method, "POST");
    QCOMPARE(received.target, "/v1/a%20b?x=1");
    QCOMPARE(received.header("authorization"), "Bearer k");
    QCOMPARE(received.header("content-type"), "application/json");
    QCOMPARE(received.header("content-length"), "300000");
    QCOMPARE(received.body, request.body);
}

void TestHttpTransport::sendsItsOwnHeadersAndNoCookies()
{
    MockServer server;
    server.setHandler([](const ReceivedRequest &) {
        return MockAnswer::whole(200, "text/plain", "x", {{"Set-Cookie", "id=1; Path=/"}});
    });
    HttpTransport transport;
    for (int round = 0; round < 2; ++round) {
        Exchange exchange(transport, get(server.url(u"/v1/models"_s)));
        QTRY_VERIFY(exchange.log.finished);
        const ReceivedRequest &received = server.received().back().request;
        QCOMPARE(received.header("user-agent"), "Rivulet/" RIVULET_VERSION);
        QCOMPARE(received.header("accept-language"), "en");
        QCOMPARE(received.header("accept-encoding"), "gzip");
        QVERIFY(received.header("cookie").isNull());
    }
}

void TestHttpTransport::deliversEachPieceWhenItComes()
{
    MockServer server;
    server.queue(MockAnswer::stream().chunk("one").wait().chunk("two").wait().end());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));

    QTRY_COMPARE(exchange.log.body, "one");
    server.advance();
    QTRY_COMPARE(exchange.log.body, "onetwo");
    QVERIFY(!exchange.log.isOver());
    QTRY_COMPARE(server.waiting(), 1);
    server.advance();
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestHttpTransport::deliversTheSameBytesForEverySlice_data()
{
    QTest::addColumn<qsizetype>("size");
    for (const qsizetype size : {1, 2, 3, 7, 64, 4096})
        QTest::addRow("%lld bytes", static_cast<long long>(size)) << size;
}

void TestHttpTransport::deliversTheSameBytesForEverySlice()
{
    QFETCH(qsizetype, size);
    const QByteArray text = u"data: {\"a\":\"héllo 👋🏽 日本 مرحبا\"}\n\n"_s.toUtf8().repeated(5);
    MockServer server;
    server.queue(MockAnswer::stream().sliced(text, size).end());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));

    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, text);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestHttpTransport::deliversTenMegabytesWithoutALineEnd()
{
    constexpr qint64 Size = 10 * 1024 * 1024;
    MockServer server;
    server.queue(MockAnswer::streamUntilClose().flood(Size).close());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));

    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body.size(), Size);
}

void TestHttpTransport::sendsAPostOnceWhenTheServerClosesBeforeItAnswers_data()
{
    QTest::addColumn<bool>("reset");
    QTest::addColumn<bool>("warm");
    QTest::newRow("FIN, new connection") << false << false;
    QTest::newRow("RST, new connection") << true << false;
    QTest::newRow("FIN, used connection") << false << true;
    QTest::newRow("RST, used connection") << true << true;
}

void TestHttpTransport::sendsAPostOnceWhenTheServerClosesBeforeItAnswers()
{
    QFETCH(bool, reset);
    QFETCH(bool, warm);
    for (int round = 0; round < 25; ++round) {
        MockServer server;
        HttpTransport transport;
        if (warm) {
            server.queue(MockAnswer::json("{}"));
            Exchange first(transport, post(server.url()));
            QTRY_VERIFY(first.log.finished);
        }
        const qsizetype before = server.count();
        server.setHandler(
            [reset](const ReceivedRequest &) { return reset ? MockAnswer().reset() : MockAnswer().close(); });
        Exchange exchange(transport, post(server.url()));

        QTRY_VERIFY(exchange.log.isOver());
        QCOMPARE(server.count() - before, 1);
        if (warm)
            QCOMPARE(server.received().back().connection, server.received().front().connection);
        QVERIFY(exchange.log.error);
        QCOMPARE(exchange.log.error->kind, NetError::Kind::Network);
        QCOMPARE(exchange.log.error->code, transportcode::ConnectionLost);
        QCOMPARE(exchange.log.faults, QStringList());
    }
}

void TestHttpTransport::sendsAPostOnceWhenTheHeadIsCut()
{
    MockServer server;
    server.setHandler(
        [](const ReceivedRequest &) { return MockAnswer().raw("HTTP/1.1 200 OK\r\nContent-Ty").close(); });
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Network);
    QCOMPARE(server.count(), 1);
}

void TestHttpTransport::neverFollowsARedirect_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 302, 303, 307, 308})
        QTest::addRow("%d", status) << status;
}

void TestHttpTransport::neverFollowsARedirect()
{
    QFETCH(int, status);
    MockServer other;
    other.setHandler([](const ReceivedRequest &) { return MockAnswer::json("{}"); });
    MockServer server;
    server.queue(MockAnswer::redirect(status, other.url(u"/v1/chat?token=secret"_s)));
    HttpTransport transport;
    HttpRequest request = post(server.url());
    request.headers.emplaceBack("Authorization", "Bearer k");
    Exchange exchange(transport, request);

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Refused);
    QCOMPARE(exchange.log.error->code, transportcode::Redirect);
    QCOMPARE(exchange.log.error->status, status);
    QVERIFY(exchange.log.error->message.contains(other.url(u"/v1/chat"_s).toString()));
    QVERIFY(!exchange.log.error->message.contains("secret"_L1));
    QVERIFY(!exchange.log.head);
    QCOMPARE(other.count(), 0);
    QCOMPARE(server.count(), 1);
}

void TestHttpTransport::holdsTheServerBackWhilePaused()
{
    constexpr qint64 Size = 64 * 1024 * 1024;
    MockServer server;
    server.queue(MockAnswer::streamUntilClose().flood(Size).close());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));
    QTRY_VERIFY(exchange.log.pieces > 0);
    exchange.call->pause();

    // It has stopped once it sent nothing for a while.
    qint64 sent = -1;
    QElapsedTimer quiet;
    quiet.start();
    QTRY_VERIFY([&] {
        if (std::exchange(sent, server.floodSent()) != server.floodSent())
            quiet.restart();
        return quiet.hasExpired(300);
    }());
    QCOMPARE_LT(server.floodSent(), Size / 3);
    const qsizetype taken = exchange.log.body.size();
    QVERIFY(!exchange.log.isOver());

    exchange.call->resume();
    QCOMPARE(exchange.log.body.size(), taken);
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body.size(), Size);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestHttpTransport::streamsToOneHostDoNotWaitForEachOther()
{
    MockServer server;
    HttpTransport transport;
    std::vector<std::unique_ptr<Exchange>> streams;
    for (int number = 0; number < 100; ++number) {
        server.queue(MockAnswer::stream().chunk("x"));
        streams.push_back(std::make_unique<Exchange>(transport, post(server.url())));
    }
    QTRY_COMPARE(std::ranges::count_if(streams, [](const auto &s) { return s->log.pieces == 1; }), 100);

    server.queue(MockAnswer::json("{}"));
    Exchange stop(transport, post(server.url(u"/cancel"_s)), {.head = 1s, .idle = 1s});
    QTRY_VERIFY(stop.log.finished);
}

void TestHttpTransport::moreStreamsThanQtCarriesAreOpenAtATime()
{
    constexpr qsizetype streams = 300; // Qt's own limit for a host is 255
    MockServer server;
    server.setHandler(
        [](const ReceivedRequest &) { return MockAnswer::stream().chunk("one ").wait().chunk("two").end(); });
    HttpTransport transport;
    std::vector<std::unique_ptr<Exchange>> exchanges;
    exchanges.reserve(streams);
    for (qsizetype i = 0; i < streams; ++i)
        exchanges.push_back(std::make_unique<Exchange>(transport, post(server.url())));
    QTRY_COMPARE_WITH_TIMEOUT(server.waiting(), streams, 20s);
    // What a rush has left behind serves as well as what was there before it.
    for (auto each = exchanges.begin(); each != exchanges.begin() + 270; ++each)
        (*each)->call->abort();
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), streams - 270, 20s);
    server.advance();
    for (auto each = exchanges.begin() + 270; each != exchanges.end(); ++each) {
        QTRY_VERIFY((*each)->log.isOver());
        QCOMPARE((*each)->log.body, "one two");
    }
    server.queue(MockAnswer::whole(200, "text/plain", "again"));
    const Exchange after(transport, post(server.url()));
    QTRY_VERIFY(after.log.finished);
    QCOMPARE(after.log.body, "again");
}

void TestHttpTransport::deliversAFailingStatusWithItsBody_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<HttpHeaders>("headers");
    QTest::newRow("400") << 400 << HttpHeaders();
    QTest::newRow("401") << 401 << HttpHeaders();
    QTest::newRow("401 with a challenge") << 401 << HttpHeaders{{"WWW-Authenticate", "Basic realm=\"x\""}};
    QTest::newRow("401 with a bearer challenge") << 401 << HttpHeaders{{"WWW-Authenticate", "Bearer"}};
    for (const int status : {402, 403, 404, 405, 408, 409, 410, 413, 422, 451, 500, 501, 502, 503, 504, 529})
        QTest::addRow("%d", status) << status << HttpHeaders();
    QTest::newRow("429") << 429 << HttpHeaders{{"Retry-After", "7"}};
}

void TestHttpTransport::deliversAFailingStatusWithItsBody()
{
    QFETCH(int, status);
    QFETCH(HttpHeaders, headers);
    const QByteArray body = R"({"error":{"message":"no"}})";
    MockServer server;
    server.setHandler([&](const ReceivedRequest &) {
        return MockAnswer::whole(status, "application/json", body, headers);
    });
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY2(exchange.log.finished, exchange.log.error ? qPrintable(exchange.log.error->message) : "");
    QCOMPARE(exchange.log.head->status, status);
    QCOMPARE(exchange.log.head->contentType, "application/json");
    for (const auto &[name, value] : headers)
        QVERIFY(exchange.log.head->headers.contains({name.toLower(), value}));
    QCOMPARE(exchange.log.body, body);
    QCOMPARE(server.count(), 1);
}

void TestHttpTransport::failsWhenAChunkedBodyIsCut_data()
{
    QTest::addColumn<QByteArray>("cut");
    QTest::addColumn<bool>("reset");
    QTest::newRow("between chunks") << QByteArray() << false;
    QTest::newRow("in a chunk") << QByteArray("64\r\nhalf") << false;
    QTest::newRow("in a chunk's size") << QByteArray("6") << false;
    QTest::newRow("by a reset") << QByteArray() << true;
}

void TestHttpTransport::failsWhenAChunkedBodyIsCut()
{
    QFETCH(QByteArray, cut);
    QFETCH(bool, reset);
    MockServer server;
    MockAnswer answer = MockAnswer::stream().chunk("delivered ");
    if (!cut.isEmpty())
        answer.raw(cut);
    answer.wait();
    server.queue(reset ? answer.reset() : answer.close());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));
    QTRY_VERIFY(exchange.log.body.startsWith("delivered "));
    server.advance();

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Network);
    QCOMPARE(exchange.log.error->code, transportcode::ConnectionLost);
    QCOMPARE(exchange.log.body, cut.contains("half") ? "delivered half" : "delivered ");
    QCOMPARE(server.count(), 1);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestHttpTransport::failsWhenABodyIsShorterThanAnnounced()
{
    MockServer server;
    server.queue(MockAnswer()
                     .head(200, {{"Content-Type", "text/event-stream"}, {"Content-Length", "100"}})
                     .raw("delivered")
                     .close());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Network);
    QCOMPARE(exchange.log.body, "delivered");
}

void TestHttpTransport::finishesWhenABodyWithoutLengthIsCut()
{
    MockServer server;
    server.queue(MockAnswer::streamUntilClose().raw("data: half").close());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "data: half");
}

void TestHttpTransport::namesWhatBrokeBelowHttp_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QByteArray>("greeting");
    QTest::addColumn<NetError::Kind>("kind");
    QTest::addColumn<QString>("code");

    using Kind = NetError::Kind;
    QTest::newRow("nothing listens") << QUrl(u"http://127.0.0.1:%1/"_s.arg(MockServer::closedPort()))
                                     << QByteArray() << Kind::Network << u"connection_refused"_s;
    QTest::newRow("no such host") << QUrl(u"http://nowhere.invalid/"_s) << QByteArray() << Kind::Network
                                  << u"host_not_found"_s;
    QTest::newRow("plain where TLS is expected")
        << QUrl(u"https://127.0.0.1/"_s) << QByteArray() << Kind::Network << u"tls"_s;
    QTest::newRow("not HTTP") << QUrl() << QByteArray("220 mail.example.com ESMTP\r\n\r\n") << Kind::Network
                              << u"connection_lost"_s;
}

void TestHttpTransport::namesWhatBrokeBelowHttp()
{
    QFETCH(QUrl, url);
    QFETCH(QByteArray, greeting);
    QFETCH(NetError::Kind, kind);
    QFETCH(QString, code);
    MockServer server;
    server.setHandler([&](const ReceivedRequest &) { return MockAnswer().raw(greeting).close(); });
    if (url.isEmpty())
        url = server.url();
    if (url.scheme() == "https"_L1)
        url.setPort(server.port());
    HttpTransport transport;
    Exchange exchange(transport, post(url));

    QTRY_VERIFY_WITH_TIMEOUT(exchange.log.isOver(), 15'000);
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->code, code);
    QCOMPARE(exchange.log.error->kind, kind);
    QVERIFY(!exchange.log.error->message.isEmpty());
    QVERIFY(!exchange.log.head);
}

void TestHttpTransport::deliversCompressedPiecesWhenTheyAreFlushed()
{
    MockServer server;
    Compressor compressor;
    MockAnswer answer;
    answer.head(200,
                {{"Content-Type", "text/event-stream"},
                 {"Transfer-Encoding", "chunked"},
                 {"Content-Encoding", "gzip"}});
    QByteArray first = compressor.add("data: one\n\n");
    first += compressor.flush();
    QByteArray rest = compressor.add("data: two\n\n");
    rest += compressor.finish();
    server.queue(answer.chunk(first).wait().chunk(rest).end());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));

    QTRY_COMPARE(exchange.log.body, "data: one\n\n");
    QVERIFY(!exchange.log.isOver());
    server.advance();
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "data: one\n\ndata: two\n\n");
    QCOMPARE(exchange.log.received, first.size() + rest.size());
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestHttpTransport::readsEveryCompressionThatItKnows_data()
{
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("body");
    const QByteArray text = QByteArray("all of it ").repeated(10'000);
    QTest::newRow("gzip") << "gzip"_ba << compressed(text);
    QTest::newRow("gzip in capitals") << "GZIP"_ba << compressed(text);
    QTest::newRow("its old name") << "x-gzip"_ba << compressed(text);
    QTest::newRow("deflate") << "deflate"_ba << compressed(text, Format::Zlib);
    QTest::newRow("none") << "identity"_ba << text;
}

void TestHttpTransport::readsEveryCompressionThatItKnows()
{
    QFETCH(QByteArray, encoding);
    QFETCH(QByteArray, body);
    MockServer server;
    // Also of a failing status: the body is the provider's explanation.
    server.queue(MockAnswer::whole(429, "text/plain", body, {{"Content-Encoding", encoding}}));
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, QByteArray("all of it ").repeated(10'000));
    QCOMPARE(exchange.log.received, body.size());
}

void TestHttpTransport::saysWhatIsWrongWithACompressedBody_data()
{
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<NetError::Kind>("kind");
    QTest::addColumn<QString>("code");
    using enum NetError::Kind;
    const QString encoding = transportcode::Encoding;
    const QString lost = transportcode::ConnectionLost;
    const QByteArray bomb = compressed(QByteArray(64 * 1024 * 1024, '\0'), Format::Gzip, 9);
    QTest::newRow("not compressed") << "gzip"_ba << "data: one\n\n"_ba << Protocol << encoding;
    QTest::newRow("cut off") << "gzip"_ba << compressed("data: one\n\n").chopped(9) << Network << lost;
    QTest::newRow("a wrong checksum")
        << "gzip"_ba << compressed("x").chopped(8) + QByteArray(8, 'x') << Protocol << encoding;
    QTest::newRow("a bomb") << "gzip"_ba << bomb << TooLarge << encoding;
    QTest::newRow("another format") << "zstd"_ba << "\x28\xb5\x2f\xfd"_ba << Protocol << encoding;
    QTest::newRow("two formats") << "gzip, br"_ba << "x"_ba << Protocol << encoding;
}

void TestHttpTransport::saysWhatIsWrongWithACompressedBody()
{
    QFETCH(QByteArray, encoding);
    QFETCH(QByteArray, body);
    QFETCH(NetError::Kind, kind);
    QFETCH(QString, code);
    MockServer server;
    server.queue(MockAnswer::whole(200, "text/event-stream", body, {{"Content-Encoding", encoding}}));
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));
    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, kind);
    QCOMPARE(exchange.log.error->code, code);
    QVERIFY(exchange.log.body.size() <= 40 * 1024 * 1024);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestHttpTransport::refusesWhatTheRulesForbidWithoutSendingIt()
{
    MockServer server;
    HttpTransport transport;
    QUrl url = server.url();
    url.setUserName(u"me"_s);
    Exchange exchange(transport, post(url));
    QVERIFY(exchange.log.isEmpty());

    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Refused);
    QCOMPARE(exchange.log.error->code, transportcode::UserInfo);
    QCOMPARE(server.openConnections(), 0);
}

void TestHttpTransport::anEndlessHeadRunsIntoTheHeadLimit_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("one endless header") << QByteArray("0123456789");
    QTest::newRow("endless headers") << QByteArray("X-Filler: 0123456789\r\n");
}

void TestHttpTransport::anEndlessHeadRunsIntoTheHeadLimit()
{
    QFETCH(QByteArray, line);
    MockServer server;
    MockAnswer answer;
    answer.raw("HTTP/1.1 200 OK\r\nX: ");
    for (int piece = 0; piece < 100'000; ++piece)
        answer.raw(line);
    server.queue(answer);
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()), {.head = 300ms, .idle = 20s});

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QVERIFY(!exchange.log.head);
    QCOMPARE(server.count(), 1);
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestHttpTransport::givesUpWhenNoHeadComes()
{
    MockServer server;
    server.queue(MockAnswer().raw("HTTP/1.1 200 OK\r\n"));
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()), {.head = 150ms, .idle = 20s});

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Timeout);
    QCOMPARE(exchange.log.error->code, transportcode::NoAnswer);
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestHttpTransport::givesUpWhenTheBodyStopsComing()
{
    MockServer server;
    server.queue(MockAnswer::stream().chunk("delivered"));
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()), {.head = 20s, .idle = 150ms});

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Timeout);
    QCOMPARE(exchange.log.error->code, transportcode::Silent);
    QCOMPARE(exchange.log.body, "delivered");
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestHttpTransport::noiseWithoutDataDoesNotKeepACallAlive()
{
    MockServer server;
    // A chunk size of ever more zeros: bytes on the wire, none of them data.
    MockAnswer endless = MockAnswer::stream().chunk("delivered");
    for (int line = 0; line < 200'000; ++line)
        endless.raw("0000");
    server.queue(endless);
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()), {.head = 20s, .idle = 200ms});

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Timeout);
    QCOMPARE(exchange.log.body, "delivered");
}

void TestHttpTransport::aPausedCallDoesNotRunIntoItsIdleLimit()
{
    MockServer server;
    server.queue(MockAnswer::stream().chunk("one").wait().chunk("two").end());
    HttpTransport transport;
    Exchange paused(transport, post(server.url()), {.head = 20s, .idle = 100ms});
    QTRY_COMPARE(paused.log.body, "one");
    paused.call->pause();

    // Another call's limit, twice as long, measures the time.
    server.queue(MockAnswer::stream().chunk("x"));
    Exchange clock(transport, post(server.url()), {.head = 20s, .idle = 300ms});
    QTRY_VERIFY(clock.log.error);

    QVERIFY(!paused.log.isOver());
    paused.call->resume();
    server.advance();
    QTRY_VERIFY(paused.log.finished);
    QCOMPARE(paused.log.body, "onetwo");
}

void TestHttpTransport::dataRestartsTheIdleLimit()
{
    MockServer server;
    MockAnswer answer = MockAnswer::stream();
    for (int piece = 0; piece < 8; ++piece)
        answer.chunk("x").wait();
    server.queue(answer.end());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()), {.head = 20s, .idle = 800ms});
    QTimer pace;
    connect(&pace, &QTimer::timeout, &server, &MockServer::advance);
    pace.start(150ms);

    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "xxxxxxxx");
}

void TestHttpTransport::signalsNothingInsideOpenOrAbort()
{
    MockServer server;
    server.setHandler([](const ReceivedRequest &) { return MockAnswer::stream().chunk("x"); });
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));
    QVERIFY(exchange.log.isEmpty());
    QTRY_COMPARE(exchange.log.body, "x");
    exchange.call->abort();
    QVERIFY(!exchange.log.isOver());

    Exchange hopeless(transport, post(QUrl(u"http://127.0.0.1:%1/"_s.arg(MockServer::closedPort()))));
    Exchange refused(transport, post(QUrl(u"gopher://x/"_s)));
    QVERIFY(hopeless.log.isEmpty());
    QVERIFY(refused.log.isEmpty());
}

void TestHttpTransport::signalsNothingAfterAbort_data()
{
    QTest::addColumn<QString>("moment");
    for (const char *moment : {"at once", "in head", "in bytes", "between", "twice", "at the end", "refused"})
        QTest::newRow(moment) << QString::fromLatin1(moment);
}

void TestHttpTransport::signalsNothingAfterAbort()
{
    QFETCH(QString, moment);
    MockServer server;
    server.queue(MockAnswer::stream().chunk("one").chunk("two").wait().chunk("three").end());
    server.queue(MockAnswer::json("{}"));
    HttpTransport transport;
    Exchange exchange(transport, post(moment == "refused"_L1 ? QUrl() : server.url()));
    bool aborted = false;
    QString after;
    const auto abort = [&] {
        exchange.call->abort();
        aborted = true;
    };
    connect(exchange.call.get(), &TransportCall::head, this, [&] {
        after += aborted ? u"head "_s : QString();
        if (moment == "in head"_L1)
            abort();
    });
    connect(exchange.call.get(), &TransportCall::bytes, this, [&] {
        after += aborted ? u"bytes "_s : QString();
        if (moment == "in bytes"_L1)
            abort();
    });
    connect(exchange.call.get(), &TransportCall::finished, this, [&] { after += u"finished "_s; });
    connect(exchange.call.get(), &TransportCall::failed, this, [&] { after += u"failed "_s; });

    if (moment == "at once"_L1 || moment == "refused"_L1) {
        abort();
    } else if (moment == "between"_L1 || moment == "twice"_L1) {
        QTRY_COMPARE(exchange.log.body, "onetwo");
        abort();
        if (moment == "twice"_L1)
            abort();
    } else if (moment == "at the end"_L1) {
        QTRY_COMPARE(server.waiting(), 1);
        server.advance();
        QTRY_VERIFY(exchange.log.finished);
        after.clear();
        abort();
    }
    QTRY_VERIFY(aborted);
    // Everything that could still come has come once another call is through.
    server.advance();
    Exchange other(transport, post(server.url()));
    QTRY_VERIFY(other.log.isOver() || server.count() == 1);
    QCOMPARE(after, QString());
}

void TestHttpTransport::abortClosesTheSocket()
{
    MockServer server;
    server.queue(MockAnswer::stream().chunk("x"));
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));
    QTRY_COMPARE(exchange.log.body, "x");
    QCOMPARE(server.openConnections(), 1);

    exchange.call->abort();
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 0, 500);
}

void TestHttpTransport::deletingACallClosesTheSocket()
{
    MockServer server;
    server.queue(MockAnswer::stream().chunk("x"));
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));
    QTRY_COMPARE(exchange.log.body, "x");

    exchange.call.reset();
    QTRY_COMPARE_WITH_TIMEOUT(server.openConnections(), 0, 500);
}

void TestHttpTransport::aCallMayBeDeletedInsideItsSignals_data()
{
    QTest::addColumn<QString>("signal");
    for (const char *signal : {"head", "bytes", "finished", "failed"})
        QTest::newRow(signal) << QString::fromLatin1(signal);
}

void TestHttpTransport::aCallMayBeDeletedInsideItsSignals()
{
    QFETCH(QString, signal);
    MockServer server;
    server.queue(signal == "failed"_L1 ? MockAnswer::stream().chunk("x").close()
                                       : MockAnswer::stream({"x", "y"}));
    HttpTransport transport;
    QPointer<TransportCall> call = transport.open(post(server.url()), Patient, nullptr);
    const auto deleteAt = [&](const QString &name) {
        if (name == signal)
            delete call.data();
    };
    connect(call, &TransportCall::head, this, [&] { deleteAt(u"head"_s); });
    connect(call, &TransportCall::bytes, this, [&] { deleteAt(u"bytes"_s); });
    connect(call, &TransportCall::finished, this, [&] { deleteAt(u"finished"_s); });
    connect(call, &TransportCall::failed, this, [&] { deleteAt(u"failed"_s); });
    QTRY_VERIFY(!call);
}

void TestHttpTransport::aCallOutlivesItsTransport()
{
    MockServer server;
    server.queue(MockAnswer::stream().chunk("x"));
    auto transport = std::make_unique<HttpTransport>();
    Exchange exchange(*transport, post(server.url()), {.head = 20s, .idle = 100ms});
    QTRY_COMPARE(exchange.log.body, "x");
    transport.reset();
    exchange.call->pause();
    exchange.call->resume();
    QTRY_VERIFY(exchange.log.error);
    exchange.call->abort();
}

void TestHttpTransport::holdsTheEndBackWhilePaused()
{
    MockServer server;
    server.queue(MockAnswer::stream().chunk("one").wait().chunk("two").end());
    HttpTransport transport;
    Exchange exchange(transport, post(server.url()));
    QTRY_COMPARE(exchange.log.body, "one");
    exchange.call->pause();
    server.advance();
    server.queue(MockAnswer::json("{}"));
    Exchange other(transport, post(server.url()));
    QTRY_VERIFY(other.log.finished);
    QCOMPARE(exchange.log.body, "one");
    QVERIFY(!exchange.log.isOver());

    exchange.call->resume();
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.body, "onetwo");
}

QTEST_GUILESS_MAIN(TestHttpTransport)
#include "tst_httptransport.moc"
