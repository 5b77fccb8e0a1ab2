// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mockfaults.h"

#include "net/transport/httptransport.h"
#include "net/transport/requestrules.h"
#include "net/transport/websockettransport.h"
#include "tests/support/calllog.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qlocale.h>
#include <QtCore/qtemporaryfile.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

const QByteArray body = "data: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: {\"n\":3}\n\ndata: [DONE]\n\n";

/// A server that plays `body` with one fault, and what a transport made of it.
struct Client
{
    explicit Client(Fault fault, const QByteArray &lastEventId = {},
                    const PlayedStream &stream = {.body = body})
    {
        server.setHandler([=](const ReceivedRequest &request) { return faulty(stream, fault, request); });
        HttpRequest request{.method = "GET", .url = server.url(u"/"_s)};
        if (!lastEventId.isEmpty())
            request.headers.append({"Last-Event-ID", lastEventId});
        open(http, request);
    }

    // The same over a WebSocket.
    struct OnWebSocket
    {};
    Client(OnWebSocket, Fault fault)
    {
        server.setHandler(
            [=](const ReceivedRequest &request) { return faulty({.body = body}, fault, request); });
        open(webSocket, WebSocketRequest{.url = server.webSocketUrl(u"/"_s)});
    }

    explicit Client(const MockAnswer &answer)
    {
        server.queue(answer);
        open(http, HttpRequest{.method = "GET", .url = server.url(u"/"_s)});
    }

    void open(Transport &transport, const ExchangeRequest &request)
    {
        call.reset(transport.open(request, {.head = 20s, .idle = 20s}, nullptr));
        log = std::make_unique<CallLog>(call.get());
    }

    MockServer server;
    HttpTransport http;
    WebSocketTransport webSocket{{.ping = 20ms}};
    std::unique_ptr<TransportCall> call;
    std::unique_ptr<CallLog> log;
};

QByteArray headerOf(const CallLog &log, const QByteArray &name)
{
    for (const auto &[known, value] : log.head ? log.head->headers : HttpHeaders()) {
        if (known == name)
            return value;
    }
    return {};
}

} // namespace

class TestMockFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyFaultHasAName();
    void slicesAStream_data();
    void slicesAStream();
    void playsARecording();
    void playsSlowly();
    void stalls();
    void cutsTheConnection_data();
    void cutsTheConnection();
    void losesTheEndMarker();
    void resumes_data();
    void resumes();
    void refuses_data();
    void refuses();
    void saysWhenToComeAgain();
    void answersWithAPage();
    void failsInsideTheStream();
    void liesAboutTheType();
    void sendsElsewhere();
    void compresses_data();
    void compresses();
    void holdsBackWhatIsNotFlushed_data();
    void holdsBackWhatIsNotFlushed();
    void storesInZstd();
    void neverEndsALine();
    void sendsTinyEvents();
    void isHeldBack();
    void failsOnAWebSocket_data();
    void failsOnAWebSocket();
};

// A proxy of the machine that runs the tests must not answer for this server.
void TestMockFaults::initTestCase()
{
    for (const char *name :
         {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
        qunsetenv(name);
}

void TestMockFaults::everyFaultHasAName()
{
    QCOMPARE(allFaults().size(), std::to_underlying(Fault::NoPong) + 1);
    for (const Fault fault : allFaults()) {
        QVERIFY(!toName(fault).isEmpty());
        QVERIFY(faultFromName(QString(toName(fault))) == fault);
    }
    QVERIFY(!faultFromName(u"other"));
}

void TestMockFaults::slicesAStream_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<QByteArrayList>("pieces");
    QTest::addColumn<QByteArrayList>("messages");
    const QByteArray events = "text/event-stream; charset=utf-8";
    QTest::newRow("events") << QByteArray("data: 1\n\ndata:2\r\n\r\n: x") << events << qsizetype(0)
                            << QByteArrayList{"data: 1\n\n", "data:2\r\n\r\n", ": x"}
                            << QByteArrayList{"1", "2"};
    QTest::newRow("lines") << QByteArray("{}\n[]\r\n1") << QByteArray("application/x-ndjson") << qsizetype(0)
                           << QByteArrayList{"{}\n", "[]\r\n", "1"} << QByteArrayList{"{}", "[]", "1"};
    QTest::newRow("bytes") << QByteArray("data: 1") << events << qsizetype(3)
                           << QByteArrayList{"dat", "a: ", "1"} << QByteArrayList{"1"};
    QTest::newRow("frames") << QByteArray("a\nb") << QByteArray("application/vnd.amazon.eventstream")
                            << qsizetype(0) << QByteArrayList{"a\nb"} << QByteArrayList{"a", "b"};
}

void TestMockFaults::slicesAStream()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, type);
    QFETCH(qsizetype, size);
    QFETCH(QByteArrayList, pieces);
    QFETCH(QByteArrayList, messages);
    const PlayedStream stream{.body = text, .contentType = type, .pieceSize = size};
    QCOMPARE(stream.pieces(), pieces);
    QCOMPARE(stream.messages(), messages);
}

void TestMockFaults::playsARecording()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(body);
    file.close();
    for (const qsizetype size : {0, 1, 7}) {
        PlayedStream stream = recordedStream(file.fileName());
        stream.pieceSize = size;
        Client client(played(stream));
        QTRY_VERIFY(client.log->finished);
        QCOMPARE(client.log->body, body);
        QCOMPARE(client.log->head->contentType, "text/event-stream");
    }
}

void TestMockFaults::playsSlowly()
{
    QElapsedTimer clock;
    clock.start();
    Client client(Fault::Slow);
    QTRY_VERIFY(client.log->finished);
    QCOMPARE_GE(clock.elapsed(), 150);
    QCOMPARE(client.log->body, body);
    QCOMPARE_GE(client.log->pieces, 4);
}

void TestMockFaults::stalls()
{
    Client client(Fault::Stalled);
    QTRY_COMPARE(client.log->body,
                 body.first(body.size() - body.sliced(body.indexOf("data: {\"n\":3")).size()));
    QTRY_COMPARE(client.server.waiting(), 1);
    QVERIFY(!client.log->isOver());
    QCOMPARE(client.server.openConnections(), 1);
}

void TestMockFaults::cutsTheConnection_data()
{
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<QByteArray>("arrived");
    const QByteArray half = body.first(body.indexOf("data: {\"n\":3"));
    QTest::newRow("before the head") << Fault::CutBeforeHead << QByteArray();
    QTest::newRow("in the head") << Fault::CutInHead << QByteArray();
    QTest::newRow("in a chunk") << Fault::CutInChunk << QByteArray(half + "data: {\"n\":3}");
    QTest::newRow("in a character") << Fault::CutInCharacter
                                    << QByteArray(half + "data: {\"text\":\"\xe2\x82");
    QTest::newRow("by a reset") << Fault::ResetInBody << half;
    QTest::newRow("by leaving") << Fault::GoingAway << half;
}

void TestMockFaults::cutsTheConnection()
{
    QFETCH(Fault, fault);
    QFETCH(QByteArray, arrived);
    Client client(fault);
    QTRY_VERIFY(client.log->isOver());
    QVERIFY(client.log->error);
    QVERIFY(client.log->error->kind == NetError::Kind::Network);
    QVERIFY2(client.log->body.startsWith(arrived), client.log->body.constData());
    QCOMPARE_LT(client.log->body.size(), body.size());
    QCOMPARE(client.log->faults, QStringList());
}

void TestMockFaults::losesTheEndMarker()
{
    Client client(Fault::NoEndMarker);
    QTRY_VERIFY(client.log->finished);
    QCOMPARE(client.log->body, body.first(body.indexOf("data: [DONE]")));
}

void TestMockFaults::resumes_data()
{
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<QByteArray>("lastId");
    QTest::addColumn<QByteArray>("ids");
    QTest::newRow("first") << Fault::ResumeExact << QByteArray() << QByteArray("12");
    QTest::newRow("exact") << Fault::ResumeExact << QByteArray("2") << QByteArray("34");
    QTest::newRow("duplicate") << Fault::ResumeDuplicate << QByteArray("2") << QByteArray("234");
    QTest::newRow("missing") << Fault::ResumeMissing << QByteArray("2") << QByteArray("4");
    QTest::newRow("duplicate of nothing") << Fault::ResumeDuplicate << QByteArray("0") << QByteArray("1234");
    QTest::newRow("nothing is left") << Fault::ResumeExact << QByteArray("4") << QByteArray();
}

void TestMockFaults::resumes()
{
    QFETCH(Fault, fault);
    QFETCH(QByteArray, lastId);
    QFETCH(QByteArray, ids);
    Client client(fault, lastId);
    QTRY_VERIFY(client.log->isOver());
    QCOMPARE(client.log->finished, !lastId.isEmpty());
    QByteArray sent;
    for (const QByteArray &line : client.log->body.split('\n')) {
        if (line.startsWith("id: "))
            sent += line.sliced(4);
    }
    QCOMPARE(sent, ids);
    QCOMPARE(client.log->body.contains("data: {\"n\":1}"), ids.contains('1'));
    QCOMPARE(client.log->body.contains("data: [DONE]"), ids.contains('4'));
}

void TestMockFaults::refuses_data()
{
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<int>("status");
    QTest::newRow("400") << Fault::BadRequest << 400;
    QTest::newRow("401") << Fault::Unauthorized << 401;
    QTest::newRow("429") << Fault::RateLimited << 429;
    QTest::newRow("429, date") << Fault::RateLimitedDate << 429;
    QTest::newRow("429, ms") << Fault::RateLimitedMilliseconds << 429;
    QTest::newRow("429, nonsense") << Fault::RateLimitedNonsense << 429;
    QTest::newRow("500") << Fault::ServerError << 500;
    QTest::newRow("503") << Fault::Unavailable << 503;
}

void TestMockFaults::refuses()
{
    QFETCH(Fault, fault);
    QFETCH(int, status);
    Client client(fault);
    QTRY_VERIFY(client.log->finished);
    QCOMPARE(client.log->head->status, status);
    QCOMPARE(client.log->head->contentType, "application/json");
    QVERIFY(client.log->body.contains("mock_error"));
    const bool says =
        !headerOf(*client.log, "retry-after").isEmpty() || !headerOf(*client.log, "retry-after-ms").isEmpty();
    QCOMPARE(says, status == 429 || status == 503);
}

void TestMockFaults::saysWhenToComeAgain()
{
    QCOMPARE(retryAfter(RetryAfter::Seconds, 20s), (HttpHeaders{{"Retry-After", "20"}}));
    QCOMPARE(retryAfter(RetryAfter::Milliseconds, 20s), (HttpHeaders{{"retry-after-ms", "20000"}}));
    QCOMPARE(retryAfter(RetryAfter::Nonsense), (HttpHeaders{{"Retry-After", "soon"}}));
    const auto secondsTo = [](const HttpHeaders &headers) {
        const QString date = QString::fromLatin1(headers.first().second);
        QDateTime when = QLocale::c().toDateTime(date, u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
        when.setTimeZone(QTimeZone::UTC);
        return QDateTime::currentDateTimeUtc().secsTo(when);
    };
    QCOMPARE_GE(secondsTo(retryAfter(RetryAfter::Date, 60s)), 55);
    QCOMPARE_LE(secondsTo(retryAfter(RetryAfter::Date, 60s)), 60);
    QCOMPARE_LE(secondsTo(retryAfter(RetryAfter::PastDate, 60s)), -59);
}

void TestMockFaults::answersWithAPage()
{
    Client client(Fault::HtmlPage);
    QTRY_VERIFY(client.log->finished);
    QCOMPARE(client.log->head->status, 200);
    QVERIFY(client.log->head->contentType.startsWith("text/html"));
    QVERIFY(client.log->body.startsWith("<!doctype html>"));
}

void TestMockFaults::failsInsideTheStream()
{
    Client client(Fault::ErrorInStream);
    QTRY_VERIFY(client.log->finished);
    QCOMPARE(client.log->head->status, 200);
    QVERIFY(client.log->body.startsWith("data: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: {\"type\":\"error\""));
    QVERIFY(client.log->body.endsWith("}\n\n"));
}

void TestMockFaults::liesAboutTheType()
{
    Client client(Fault::WrongContentType);
    QTRY_VERIFY(client.log->finished);
    QCOMPARE(client.log->head->contentType, "application/octet-stream");
    QCOMPARE(client.log->body, body);
}

void TestMockFaults::sendsElsewhere()
{
    Client client(Fault::Redirect);
    QTRY_VERIFY(client.log->isOver());
    QVERIFY(client.log->error);
    QCOMPARE(client.log->error->kind, NetError::Kind::Refused);
    QCOMPARE(client.server.count(), 1);
}

void TestMockFaults::compresses_data()
{
    QTest::addColumn<Fault>("fault");
    QTest::newRow("flushed") << Fault::Gzip;
    QTest::newRow("at the end") << Fault::GzipUnflushed;
}

void TestMockFaults::compresses()
{
    QFETCH(Fault, fault);
    Client client(fault);
    QTRY_VERIFY(client.log->isOver());
    QVERIFY(client.log->finished);
    QCOMPARE(client.log->body, body);
    QCOMPARE(headerOf(*client.log, "content-encoding"), "gzip");
}

void TestMockFaults::holdsBackWhatIsNotFlushed_data()
{
    QTest::addColumn<Flushed>("flushed");
    QTest::newRow("flushed") << Flushed::AfterEach;
    QTest::newRow("at the end") << Flushed::AtTheEnd;
}

void TestMockFaults::holdsBackWhatIsNotFlushed()
{
    QFETCH(Flushed, flushed);
    const QByteArrayList pieces = coded(Coding::Gzip, {"data: 1\n\n", "data: 2\n\n"}, flushed);
    MockAnswer answer = codedHead(Coding::Gzip);
    for (const QByteArray &piece : pieces.first(2)) {
        if (!piece.isEmpty())
            answer.chunk(piece);
    }
    Client client(answer.wait().chunk(pieces.last()).end());
    QTRY_COMPARE(client.server.waiting(), 1);
    QTRY_VERIFY(client.log->head);
    if (flushed == Flushed::AfterEach)
        QTRY_COMPARE(client.log->body, "data: 1\n\ndata: 2\n\n");
    else
        QCOMPARE(client.log->body, "");
    client.server.advance();
    QTRY_VERIFY(client.log->finished);
    QCOMPARE(client.log->body, "data: 1\n\ndata: 2\n\n");
}

void TestMockFaults::storesInZstd()
{
    const QByteArray head = QByteArray::fromHex("28b52ffd0038");
    QCOMPARE(coded(Coding::Zstd, {"abc", "de"}, Flushed::AfterEach),
             (QByteArrayList{QByteArray(head + QByteArray::fromHex("180000616263")),
                             QByteArray::fromHex("1000006465"), QByteArray::fromHex("010000")}));
    QCOMPARE(coded(Coding::Zstd, {"abc", "de"}, Flushed::AtTheEnd),
             (QByteArrayList{QByteArray(), QByteArray(),
                             QByteArray(head + QByteArray::fromHex("2900006162636465"))}));
    // Two blocks, since one holds 128 KiB.
    const QByteArray large = coded(Coding::Zstd, {QByteArray(200'000, 'x')}, Flushed::AtTheEnd).last();
    QCOMPARE(large.size(), head.size() + 2 * 3 + 200'000);

    Client client(Fault::Zstd);
    QTRY_VERIFY(client.log->isOver());
    QCOMPARE(headerOf(*client.log, "content-encoding"), client.log->head ? QByteArray("zstd") : QByteArray());
}

void TestMockFaults::neverEndsALine()
{
    constexpr qint64 size = 300'000;
    Client client(oversizedLine(size));
    QTRY_VERIFY(client.log->isOver());
    QCOMPARE(client.log->body.size(), size + 6);
    QVERIFY(!client.log->body.contains('\n'));
}

void TestMockFaults::sendsTinyEvents()
{
    Client client(Fault::TinyEvents);
    QTRY_VERIFY_WITH_TIMEOUT(client.log->finished, 30'000);
    QCOMPARE(client.log->body.count("\n\n"), 100'000);
    QVERIFY(client.log->body.endsWith("data: 99999\n\n"));
}

void TestMockFaults::isHeldBack()
{
    Client client(Fault::BackPressure);
    QTRY_VERIFY(client.log->head);
    client.call->pause();
    qint64 sent = -1;
    QElapsedTimer quiet;
    quiet.start();
    QTRY_VERIFY([&] {
        if (std::exchange(sent, client.server.floodSent()) != client.server.floodSent())
            quiet.restart();
        return quiet.hasExpired(200);
    }());
    QCOMPARE_LT(sent, qint64(512) * 1024 * 1024);
    client.call->abort();
    QTRY_COMPARE(client.server.openConnections(), 0);
}

void TestMockFaults::failsOnAWebSocket_data()
{
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<qsizetype>("messages");
    QTest::addColumn<QString>("code"); // empty: a good end
    QTest::newRow("none") << Fault::None << qsizetype(4) << QString();
    QTest::newRow("slow") << Fault::Slow << qsizetype(4) << QString();
    QTest::newRow("cut before the head") << Fault::CutBeforeHead << qsizetype(0) << u"connection_lost"_s;
    QTest::newRow("half a frame") << Fault::CutInChunk << qsizetype(2) << u"connection_lost"_s;
    QTest::newRow("in a character") << Fault::CutInCharacter << qsizetype(2) << u"connection_lost"_s;
    QTest::newRow("no end marker") << Fault::NoEndMarker << qsizetype(3) << QString();
    QTest::newRow("reset") << Fault::ResetInBody << qsizetype(2) << u"connection_lost"_s;
    QTest::newRow("error") << Fault::ErrorInStream << qsizetype(3) << QString();
    QTest::newRow("going away") << Fault::GoingAway << qsizetype(2) << u"connection_lost"_s;
    QTest::newRow("internal error") << Fault::InternalError << qsizetype(2) << u"1011"_s;
    QTest::newRow("no pong") << Fault::NoPong << qsizetype(2) << u"connection_lost"_s;
    QTest::newRow("gzip is nothing here") << Fault::Gzip << qsizetype(4) << QString();
}

void TestMockFaults::failsOnAWebSocket()
{
    QFETCH(Fault, fault);
    QFETCH(qsizetype, messages);
    QFETCH(QString, code);
    Client client(Client::OnWebSocket(), fault);
    QTRY_VERIFY(client.log->isOver());
    QCOMPARE(client.log->messages.size(), messages);
    QCOMPARE(client.log->finished, code.isEmpty());
    if (client.log->error)
        QCOMPARE(client.log->error->code, code);
}

QTEST_GUILESS_MAIN(TestMockFaults)
#include "tst_mockfaults.moc"
