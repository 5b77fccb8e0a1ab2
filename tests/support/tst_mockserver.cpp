// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mockserver.h"

#include "net/transport/httptransport.h"
#include "net/transport/requestrules.h"
#include "net/transport/websockettransport.h"
#include "tests/support/calllog.h"

#include <QtCore/qelapsedtimer.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

constexpr TransportTimeouts patient{.head = 20s, .idle = 20s};

/// A client that reads what really came.
struct RawClient
{
    RawClient(const MockServer &server, const QByteArray &request)
    {
        QObject::connect(&socket, &QTcpSocket::readyRead, &socket, [this] { bytes += socket.readAll(); });
        QObject::connect(&socket, &QTcpSocket::disconnected, &socket, [this] { isClosed = true; });
        socket.connectToHost(QHostAddress::LocalHost, server.port());
        socket.write(request);
    }

    QTcpSocket socket;
    QByteArray bytes;
    bool isClosed = false;
};

const QByteArray opening =
    "GET /chat?x=1 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// An exchange through the application's own transport.
struct Exchange
{
    Exchange(Transport &transport, const ExchangeRequest &request)
        : call(transport.open(request, patient, nullptr)), log(call.get())
    {}

    std::unique_ptr<TransportCall> call;
    CallLog log;
};

struct WebSocketExchange
{
    explicit WebSocketExchange(const MockServer &server, const WebSocketOptions &limits = {})
        : transport(limits), exchange(transport, WebSocketRequest{.url = server.webSocketUrl(u"/chat"_s)})
    {}

    [[nodiscard]] CallLog &log() { return exchange.log; }
    void send(const QByteArray &message) { exchange.call->send({message}); }

    WebSocketTransport transport;
    Exchange exchange;
};

} // namespace

class TestMockServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void recordsWhatItReceivesByteForByte();
    void goesOnAfterADelay();

    void refusesAWebSocket();
    void saysItsMessagesOnAWebSocket();
    void waitsForMessages();
    void repliesToEachMessage();
    void waitsToGoOnOnAWebSocket();
    void sendsHalfAFrame();
    void closesAWebSocketWithItsCode();
    void answersAClosingHandshake();
    void endsAWebSocketWithoutAHandshake_data();
    void endsAWebSocketWithoutAHandshake();
    void isDeaf();
    void announcesAFrameThatIsTooLarge();
    void floodsAWebSocket();
    void closesOnAClientThatBreaksTheProtocol();
};

// A proxy of the machine that runs the tests must not answer for this server.
void TestMockServer::initTestCase()
{
    for (const char *name :
         {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
        qunsetenv(name);
}

void TestMockServer::recordsWhatItReceivesByteForByte()
{
    MockServer server;
    server.queue(MockAnswer::json("{}"));
    const QByteArray request =
        "POST /a?b HTTP/1.1\r\nhOsT:  x \r\nTransfer-Encoding: chunked\r\n\r\n2;q=1\r\nab\r\n0\r\n\r\n";
    RawClient client(server, request);
    QTRY_VERIFY(client.bytes.endsWith("{}"));
    QCOMPARE(server.bytesFrom(1), request);
    QCOMPARE(server.received().front().request.body, "ab");

    server.queue(MockAnswer::webSocket().text("hi"));
    RawClient socket(server, opening);
    QTRY_VERIFY(socket.bytes.endsWith("\x81\x02hi"));
    const QByteArray frame = "\x81\x82\x01\x01\x01\x01" + QByteArray("nj");
    socket.socket.write(frame);
    QTRY_COMPARE(server.texts(), QByteArrayList{"ok"});
    QCOMPARE(server.bytesFrom(2), QByteArray(opening + frame));
    QCOMPARE(server.messages().front().connection, 2);
    QCOMPARE(server.received().back().request.target, "/chat?x=1");
}

void TestMockServer::goesOnAfterADelay()
{
    MockServer server;
    server.queue(MockAnswer::stream().chunk("a").delay(60ms).chunk("b").end());
    QElapsedTimer clock;
    clock.start();
    RawClient client(server, "GET / HTTP/1.1\r\n\r\n");
    QTRY_VERIFY(client.bytes.endsWith("0\r\n\r\n"));
    QCOMPARE_GE(clock.elapsed(), 55);
}

void TestMockServer::refusesAWebSocket()
{
    MockServer server;
    server.queue(MockAnswer::json("{\"error\":\"busy\"}", 503));
    WebSocketExchange client(server);
    QTRY_VERIFY(client.log().error);
    QCOMPARE(client.log().error->status, 503);
    QVERIFY(asksForWebSocket(server.received().front().request));
}

void TestMockServer::saysItsMessagesOnAWebSocket()
{
    MockServer server;
    server.queue(MockAnswer::webSocket({"one", ""}).binary("zwei").fragments("in ten pieces", 2));
    WebSocketExchange client(server);
    QTRY_COMPARE(client.log().messages, (QByteArrayList{"one", "", "zwei", "in ten pieces"}));
    QCOMPARE(client.log().faults, QStringList());
}

void TestMockServer::waitsForMessages()
{
    MockServer server;
    server.queue(MockAnswer::webSocket().expect(2).text("both").expect().text("one more"));
    WebSocketExchange client(server);
    QTRY_VERIFY(client.log().opened);
    client.send("a");
    QTRY_COMPARE(server.texts().size(), 1);
    QVERIFY(client.log().messages.isEmpty());
    client.send("b");
    client.send("c");
    QTRY_COMPARE(client.log().messages, (QByteArrayList{"both", "one more"}));
    QCOMPARE(server.texts(), (QByteArrayList{"a", "b", "c"}));
}

void TestMockServer::repliesToEachMessage()
{
    MockServer server;
    server.queue(MockAnswer::webSocket().expect().text("hello").reply([](const QByteArray &message) {
        return message == "quiet" ? QByteArrayList() : QByteArrayList{message.toUpper(), "and"};
    }));
    WebSocketExchange client(server);
    QTRY_VERIFY(client.log().opened);
    client.send("hi");
    client.send("a");
    client.send("quiet");
    client.send("b");
    QTRY_COMPARE(client.log().messages, (QByteArrayList{"hello", "A", "and", "B", "and"}));
}

void TestMockServer::waitsToGoOnOnAWebSocket()
{
    MockServer server;
    server.queue(MockAnswer::webSocket({"one"}).wait().text("two"));
    WebSocketExchange client(server);
    QTRY_COMPARE(server.waiting(), 1);
    QTRY_COMPARE(client.log().messages, QByteArrayList{"one"});
    server.advance();
    QTRY_COMPARE(client.log().messages, (QByteArrayList{"one", "two"}));
}

void TestMockServer::sendsHalfAFrame()
{
    MockServer server;
    const QByteArray frame = webSocketFrame(WebSocketOpcode::Text, "whole");
    server.queue(MockAnswer::webSocket().raw(frame.first(4)).wait().raw(frame.sliced(4)));
    WebSocketExchange client(server);
    QTRY_COMPARE(server.waiting(), 1);
    QTRY_VERIFY(client.log().opened);
    QVERIFY(client.log().messages.isEmpty());
    server.advance();
    QTRY_COMPARE(client.log().messages, QByteArrayList{"whole"});
}

void TestMockServer::closesAWebSocketWithItsCode()
{
    MockServer server;
    server.queue(MockAnswer::webSocket({"one"}).closeWith(4429, "too often"));
    WebSocketExchange client(server);
    QTRY_VERIFY(client.log().error);
    QCOMPARE(client.log().error->code, u"4429"_s);
    QCOMPARE(client.log().error->message, u"too often"_s);
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestMockServer::answersAClosingHandshake()
{
    MockServer server;
    server.queue(MockAnswer::webSocket());
    WebSocketExchange client(server);
    QTRY_VERIFY(client.log().opened);
    client.exchange.call->abort();
    QTRY_COMPARE(server.openConnections(), 0);
    QCOMPARE(server.countOf(WebSocketOpcode::Close), 1);
}

void TestMockServer::endsAWebSocketWithoutAHandshake_data()
{
    QTest::addColumn<bool>("reset");
    QTest::newRow("fin") << false;
    QTest::newRow("rst") << true;
}

void TestMockServer::endsAWebSocketWithoutAHandshake()
{
    QFETCH(bool, reset);
    MockServer server;
    MockAnswer answer = MockAnswer::webSocket({"one"}).wait();
    server.queue(reset ? answer.reset() : answer.close());
    WebSocketExchange client(server);
    QTRY_COMPARE(client.log().messages.size(), 1);
    server.advance();
    QTRY_VERIFY(client.log().error);
    QCOMPARE(client.log().error->code, transportcode::ConnectionLost);
}

void TestMockServer::isDeaf()
{
    MockServer server;
    server.queue(MockAnswer::webSocket());
    WebSocketExchange heard(server, {.ping = 20ms});
    QTRY_COMPARE_GE(server.countOf(WebSocketOpcode::Ping), 3);
    QVERIFY(!heard.log().isOver());
    heard.exchange.call->abort();

    server.queue(MockAnswer::webSocket().deaf());
    WebSocketExchange ignored(server, {.ping = 20ms});
    QTRY_VERIFY(ignored.log().error);
    QCOMPARE(ignored.log().error->code, transportcode::ConnectionLost);
}

void TestMockServer::announcesAFrameThatIsTooLarge()
{
    MockServer server;
    server.queue(MockAnswer::webSocket().oversizeFrame(quint64(1) << 40));
    WebSocketExchange client(server);
    QTRY_VERIFY(client.log().error);
    QCOMPARE(client.log().error->kind, NetError::Kind::TooLarge);
}

void TestMockServer::floodsAWebSocket()
{
    MockServer server;
    constexpr qint64 size = 3 * 1024 * 1024;
    server.queue(MockAnswer::webSocket().oversizeFrame(size).flood(size).text("after"));
    WebSocketExchange client(server);
    QTRY_COMPARE(client.log().messages.size(), 2);
    QCOMPARE(client.log().messages.first().size(), size);
    QCOMPARE(server.floodSent(), size);
}

void TestMockServer::closesOnAClientThatBreaksTheProtocol()
{
    MockServer server;
    server.queue(MockAnswer::webSocket());
    RawClient client(server, opening + "\x81\x01x");
    QTRY_VERIFY(client.isClosed);
    QVERIFY(client.bytes.endsWith("\x88\x02\x03\xea"));
    QCOMPARE(server.texts(), QByteArrayList());
}

QTEST_GUILESS_MAIN(TestMockServer)
#include "tst_mockserver.moc"
