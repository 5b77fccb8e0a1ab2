// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/httprequestparser.h"

#include <QtTest/qtest.h>

using namespace rivulet;
using State = HttpRequestParser::State;

class TestHttpRequestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheSameRequestAtEverySplit_data();
    void readsTheSameRequestAtEverySplit();
    void readsPipelinedRequestsOneByOne();
    void asksForTheBodyOnlyOnce();
    void rejectsWhatIsNotARequest_data();
    void rejectsWhatIsNotARequest();
};

void TestHttpRequestParser::readsTheSameRequestAtEverySplit_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("without a body") << QByteArray("GET /v1/models?a=b HTTP/1.1\r\nHost: x\r\n\r\n")
                                    << QByteArray("/v1/models?a=b") << QByteArray();
    QTest::newRow("with a length") << QByteArray("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello")
                                   << QByteArray("/") << QByteArray("hello");
    QTest::newRow("with a length of zero")
        << QByteArray("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n") << QByteArray("/") << QByteArray();
    QTest::newRow("chunked") << QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                           "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n")
                             << QByteArray("/") << QByteArray("hello");
    QTest::newRow("with an empty line in its body")
        << QByteArray("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n\r\n") << QByteArray("/")
        << QByteArray("\r\n\r\n");
}

void TestHttpRequestParser::readsTheSameRequestAtEverySplit()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    for (qsizetype split = 0; split <= bytes.size(); ++split) {
        HttpRequestParser parser;
        const State half = parser.feed(QByteArrayView(bytes).first(split));
        QCOMPARE(half, split == bytes.size() ? State::Complete : State::Incomplete);
        QCOMPARE(parser.feed(QByteArrayView(bytes).sliced(split)), State::Complete);
        QCOMPARE(parser.request().target, target);
        QCOMPARE(parser.request().path(), target.split('?').first());
        QCOMPARE(parser.request().body, body);
    }
    HttpRequestParser parser;
    for (const char byte : bytes)
        parser.feed(QByteArrayView(&byte, 1));
    QCOMPARE(parser.state(), State::Complete);
    QCOMPARE(parser.request().body, body);
}

void TestHttpRequestParser::readsPipelinedRequestsOneByOne()
{
    HttpRequestParser parser;
    QCOMPARE(parser.feed("POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\n1GET /b HTTP/1.1\r\n\r\n"
                         "GET /c HT"),
             State::Complete);
    QCOMPARE(parser.request().target, "/a");
    QCOMPARE(parser.next(), State::Complete);
    QCOMPARE(parser.request().target, "/b");
    QVERIFY(parser.request().body.isEmpty());
    QCOMPARE(parser.next(), State::Incomplete);
    QCOMPARE(parser.feed("TP/1.1\r\n\r\n"), State::Complete);
    QCOMPARE(parser.request().target, "/c");
}

void TestHttpRequestParser::asksForTheBodyOnlyOnce()
{
    HttpRequestParser parser;
    parser.feed("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    QVERIFY(parser.takeExpectsContinue());
    QVERIFY(!parser.takeExpectsContinue());
    QCOMPARE(parser.feed("ok"), State::Complete);
}

void TestHttpRequestParser::rejectsWhatIsNotARequest_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const QByteArray start = "POST / HTTP/1.1\r\n";
    QTest::newRow("a TLS greeting") << QByteArray("\x16\x03\x01\x02", 4) << 400;
    QTest::newRow("two words") << QByteArray("GET /\r\n\r\n") << 400;
    QTest::newRow("another protocol") << QByteArray("GET / SMTP\r\n\r\n") << 400;
    QTest::newRow("a header without a colon") << start + "Nonsense\r\n\r\n" << 400;
    QTest::newRow("a header with a blank in its name") << start + "A B: c\r\n\r\n" << 400;
    QTest::newRow("a length that is no number") << start + "Content-Length: ten\r\n\r\n" << 400;
    QTest::newRow("a negative length") << start + "Content-Length: -1\r\n\r\n" << 400;
    QTest::newRow("a huge length") << start + "Content-Length: 99999999999\r\n\r\n" << 413;
    QTest::newRow("a length and chunks") << start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                                         << 400;
    QTest::newRow("an unknown coding") << start + "Transfer-Encoding: gzip\r\n\r\n" << 501;
    QTest::newRow("a chunk size that is no number") << start + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"
                                                    << 400;
    QTest::newRow("a huge chunk") << start + "Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n" << 413;
    QTest::newRow("an endless chunk size")
        << start + "Transfer-Encoding: chunked\r\n\r\n" + QByteArray(2000, '0') << 400;
    QTest::newRow("a chunk that does not end") << start + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc" << 400;
    QTest::newRow("an endless line") << QByteArray(70'000, 'G') << 431;
    QTest::newRow("a huge head") << start + "A: " + QByteArray(70'000, 'x') + "\r\n\r\n" << 431;
    QTest::newRow("too many headers") << start + QByteArray("A: b\r\n").repeated(101) + "\r\n" << 431;
}

void TestHttpRequestParser::rejectsWhatIsNotARequest()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    HttpRequestParser parser;
    QCOMPARE(parser.feed(bytes), State::Invalid);
    QCOMPARE(parser.errorStatus(), status);
    QCOMPARE(parser.feed("GET / HTTP/1.1\r\n\r\n"), State::Invalid);
}

QTEST_GUILESS_MAIN(TestHttpRequestParser)
#include "tst_httprequestparser.moc"
