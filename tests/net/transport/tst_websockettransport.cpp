// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/websockettransport.h"

#include "net/demo/httpresponder.h"
#include "net/demo/websocketframes.h"
#include "net/transport/requestrules.h"
#include "tests/support/calllog.h"
#include "tests/support/mockserver.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

constexpr TransportTimeouts patient{.head = 20s, .idle = 20s};

QByteArray frame(quint8 first, const QByteArray &payload)
{
    return webSocketFrame(first, payload);
}

QByteArray text(const QByteArray &payload)
{
    return webSocketFrame(WebSocketOpcode::Text, payload);
}

QByteArray closing(int code, const QByteArray &reason = {})
{
    return webSocketClose(code, reason);
}

/// One connection's other end, byte by byte.
class RawPeer : public QObject
{
    Q_OBJECT

public:
    RawPeer()
    {
        connect(&m_responder, &HttpResponder::arrived, this,
                [this](HttpConnection *, const QByteArray &bytes) {
                    if (!m_connection)
                        request += bytes;
                });
        if (!m_responder.listen())
            qFatal("The peer can not listen");
        connect(&m_responder, &HttpResponder::requested, this, &RawPeer::open);
    }

    [[nodiscard]] QUrl url(const QString &path = u"/"_s) const
    {
        return QUrl(u"ws://127.0.0.1:%1"_s.arg(m_responder.port()) + path);
    }

    /// Answers the opening handshake with these bytes instead.
    void answerWith(const QByteArray &bytes) { m_answer = bytes; }
    /// Takes the connection and says nothing.
    void stayMute() { m_mute = true; }

    void send(const QByteArray &bytes) { m_connection->send(bytes); }
    void finish() { m_connection->close(); }
    void reset() { m_connection->reset(); }

    /// The messages that came; control frames are in `opcodes` alone.
    QByteArrayList messages;
    QList<WebSocketOpcode> opcodes;
    QByteArray request; ///< the opening handshake, as it came
    bool answersPings = true;
    bool isClosed = false;
    HttpHeaders extraHeaders; ///< of the acceptance
    [[nodiscard]] qint64 unsent() const { return m_connection->unsent(); }

private:
    void open(HttpConnection *connection)
    {
        m_connection = connection;
        connect(connection, &HttpConnection::closed, this, [this] { isClosed = true; });
        connect(connection, &HttpConnection::received, this, &RawPeer::take);
        connection->upgrade();
        if (!m_mute)
            send(m_answer.isEmpty() ? webSocketAcceptance(connection->request(), extraHeaders) : m_answer);
    }

    void take(const QByteArray &bytes)
    {
        m_reader.feed(bytes);
        while (const auto message = m_reader.next()) {
            opcodes.append(message->opcode);
            if (message->opcode == WebSocketOpcode::Text)
                messages.append(message->payload);
            else if (message->opcode == WebSocketOpcode::Ping && answersPings)
                send(webSocketFrame(WebSocketOpcode::Pong, message->payload));
        }
    }

    HttpResponder m_responder;
    QPointer<HttpConnection> m_connection;
    WebSocketReader m_reader;
    QByteArray m_answer;
    bool m_mute = false;
};

/// A connection under way and what came of it.
struct Exchange
{
    Exchange(Transport &transport, const WebSocketRequest &request,
             const TransportTimeouts &timeouts = patient)
        : call(transport.open(request, timeouts, nullptr)), log(call.get())
    {}

    std::unique_ptr<TransportCall> call;
    CallLog log;
};

} // namespace

class TestWebSocketTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void opensSpeaksAndListens();
    void sendsTheHeadersOfTheRequestAndNoneOfABrowser();
    void offersItsSubprotocols();
    void binaryMessagesAreTextWhereTheyAreUtf8();
    void binaryMessagesOfAnotherKindAreAFailure();
    void deliversTheSameMessagesForEverySlice();
    void deliversAMessageOfTheWholeSize();
    void answersPings();

    void anEndIsCleanOnlyWithAHandshake_data();
    void anEndIsCleanOnlyWithAHandshake();
    void closingCodesHaveTheirMeaning_data();
    void closingCodesHaveTheirMeaning();
    void anOpeningThatFailsSaysWhy_data();
    void anOpeningThatFailsSaysWhy();
    void saysWhenNothingListens();
    void acceptsNoExtension();
    void endsAFrameThatIsTooLarge();
    void endsAMessageThatIsTooLarge();

    void findsAPeerThatIsGone();
    void aLongFrameIsASignOfLife();
    void givesUpWhenTheHandshakeIsNotAnswered();
    void givesUpOnSilence();

    void holdsMessagesAndTheEndBackWhilePaused();
    void holdsTheServerBackWhilePaused();

    void refusesWhatTheRulesForbid();
    void carriesNothingElse();
    void signalsNothingInsideOpenOrAfterAbort();
    void abortSaysGoodbyeAndCloses();
    void deletingACallCloses();
    void aCallMayBeDeletedInsideItsSignals_data();
    void aCallMayBeDeletedInsideItsSignals();
    void aCallOutlivesItsTransport();
};

// A proxy of the machine that runs the tests must not answer for hosts that do not exist.
void TestWebSocketTransport::initTestCase()
{
    for (const char *name :
         {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
        qunsetenv(name);
}

void TestWebSocketTransport::opensSpeaksAndListens()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url(), .messages = {"one", "zwei ä"}});
    exchange.call->send({"three"});
    QTRY_COMPARE(peer.messages, (QByteArrayList{"one", "zwei ä", "three"}));
    QVERIFY(exchange.log.opened);

    exchange.call->send({"four"});
    QTRY_COMPARE(peer.messages.last(), "four");
    peer.send(text("a") + text("") + text("ß"));
    QTRY_COMPARE(exchange.log.messages, (QByteArrayList{"a", "", "ß"}));
    peer.send(closing(1000));
    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestWebSocketTransport::sendsTheHeadersOfTheRequestAndNoneOfABrowser()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport,
                      {.url = peer.url(u"/a/b?question=x%2By%20z"_s),
                       .headers = {{"Authorization", "Bearer k"},
                                   {"X-Own", "1"},
                                   {"Origin", "http://evil.example"},
                                   {"Sec-WebSocket-Extensions", "permessage-deflate"},
                                   {"Cookie", "a=b"}}});
    QTRY_VERIFY(exchange.log.opened);
    const QByteArray sent = peer.request.toLower();
    QVERIFY(peer.request.startsWith("GET /a/b?question=x%2By%20z HTTP/1.1\r\n"));
    QVERIFY(sent.contains("\r\nauthorization: bearer k\r\n"));
    QVERIFY(sent.contains("\r\nx-own: 1\r\n"));
    QVERIFY(sent.contains("\r\nuser-agent: rivulet/"));
    QVERIFY(!sent.contains("\r\norigin:"));
    QVERIFY(!sent.contains("sec-websocket-extensions"));
}

void TestWebSocketTransport::offersItsSubprotocols()
{
    RawPeer peer;
    peer.extraHeaders = {{"Sec-WebSocket-Protocol", "chat.v1"}};
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url(), .subprotocols = {"chat.v2", "chat.v1"}});
    QTRY_VERIFY(exchange.log.opened);
    QVERIFY(peer.request.toLower().contains("sec-websocket-protocol: chat.v2, chat.v1\r\n"));

    RawPeer other;
    other.extraHeaders = {{"Sec-WebSocket-Protocol", "other"}};
    Exchange refused(transport, {.url = other.url(), .subprotocols = {"chat.v1"}});
    QTRY_VERIFY(refused.log.error);
    QCOMPARE(refused.log.error->code, transportcode::NotWebSocket);
}

void TestWebSocketTransport::binaryMessagesAreTextWhereTheyAreUtf8()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(frame(0x82, "{\"text\":\"ä\"}"));
    QTRY_COMPARE(exchange.log.messages, QByteArrayList{"{\"text\":\"ä\"}"});
}

void TestWebSocketTransport::binaryMessagesOfAnotherKindAreAFailure()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(frame(0x82, "\x1f\x8b\x08"));
    QTRY_VERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Protocol);
    QCOMPARE(exchange.log.error->code, transportcode::Encoding);
}

void TestWebSocketTransport::deliversTheSameMessagesForEverySlice()
{
    // A message in two fragments with a ping between them, and two others.
    const QByteArray stream =
        text("one") + frame(0x01, "zw") + frame(0x89, "p") + frame(0x80, "ei €") + text(QByteArray(300, 'x'));
    for (qsizetype cut = 1; cut < stream.size(); cut += 7) {
        RawPeer peer;
        WebSocketTransport transport;
        Exchange exchange(transport, {.url = peer.url()});
        QTRY_VERIFY(exchange.log.opened);
        peer.send(stream.first(cut));
        // The pong or the first message shows that the first piece was read, where it held a whole frame.
        if (cut > 5)
            QTRY_VERIFY(!exchange.log.messages.isEmpty());
        peer.send(stream.sliced(cut));
        QTRY_COMPARE(exchange.log.messages, (QByteArrayList{"one", "zwei €", QByteArray(300, 'x')}));
    }
}

void TestWebSocketTransport::deliversAMessageOfTheWholeSize()
{
    RawPeer peer;
    WebSocketTransport transport({.maxMessage = 1024 * 1024});
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(text(QByteArray(1024 * 1024, 'x')));
    QTRY_COMPARE(exchange.log.messages.size(), 1);
    QCOMPARE(exchange.log.messages.first().size(), 1024 * 1024);
}

void TestWebSocketTransport::answersPings()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(frame(0x89, "are you there"));
    QTRY_VERIFY(peer.opcodes.contains(WebSocketOpcode::Pong));
}

void TestWebSocketTransport::anEndIsCleanOnlyWithAHandshake_data()
{
    QTest::addColumn<QByteArray>("last");
    QTest::addColumn<QByteArray>("cut");
    QTest::addColumn<bool>("clean");
    QTest::newRow("1000 and FIN") << closing(1000) << QByteArray("fin") << true;
    QTest::newRow("1000 and nothing") << closing(1000) << QByteArray() << true;
    QTest::newRow("no code and FIN") << frame(0x88, {}) << QByteArray("fin") << true;
    QTest::newRow("FIN alone") << QByteArray() << QByteArray("fin") << false;
    QTest::newRow("RST alone") << QByteArray() << QByteArray("rst") << false;
    QTest::newRow("FIN in a frame") << text("cut").chopped(1) << QByteArray("fin") << false;
    QTest::newRow("FIN in a closing frame") << closing(1000).chopped(1) << QByteArray("fin") << false;
}

void TestWebSocketTransport::anEndIsCleanOnlyWithAHandshake()
{
    QFETCH(QByteArray, last);
    QFETCH(QByteArray, cut);
    QFETCH(bool, clean);
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(text("delivered"));
    QTRY_COMPARE(exchange.log.messages.size(), 1);
    peer.send(last);
    if (cut == "fin")
        peer.finish();
    else if (cut == "rst")
        peer.reset();

    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.finished, clean);
    if (!clean) {
        QCOMPARE(exchange.log.error->kind, NetError::Kind::Network);
        QCOMPARE(exchange.log.error->code, transportcode::ConnectionLost);
    }
    QCOMPARE(exchange.log.messages, QByteArrayList{"delivered"});
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestWebSocketTransport::closingCodesHaveTheirMeaning_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<NetError::Kind>("kind");
    QTest::addColumn<QString>("name");
    using enum NetError::Kind;
    QTest::newRow("going away") << 1001 << Network << u"connection_lost"_s;
    QTest::newRow("protocol") << 1002 << Protocol << u"1002"_s;
    QTest::newRow("policy") << 1008 << Auth << u"1008"_s;
    QTest::newRow("too large") << 1009 << TooLarge << u"1009"_s;
    QTest::newRow("internal") << 1011 << Server << u"1011"_s;
    QTest::newRow("restart") << 1012 << Network << u"connection_lost"_s;
    QTest::newRow("try again later") << 1013 << Network << u"connection_lost"_s;
    QTest::newRow("unauthorized") << 3000 << Auth << u"3000"_s;
    QTest::newRow("private") << 4000 << Server << u"4000"_s;
    QTest::newRow("private, no key") << 4401 << Auth << u"4401"_s;
    QTest::newRow("private, too many") << 4429 << RateLimited << u"4429"_s;
}

void TestWebSocketTransport::closingCodesHaveTheirMeaning()
{
    QFETCH(int, code);
    QFETCH(NetError::Kind, kind);
    QFETCH(QString, name);
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(closing(code, "the reason"));
    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QVERIFY2(exchange.log.error->kind == kind, qPrintable(exchange.log.error->message));
    QCOMPARE(exchange.log.error->code, name);
    // Qt tells no reason for the codes that were registered later than its own.
    if (code < 1012 || code > 1014)
        QCOMPARE(exchange.log.error->message, u"the reason"_s);
}

void TestWebSocketTransport::anOpeningThatFailsSaysWhy_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<NetError::Kind>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    using enum NetError::Kind;
    const auto status = [](const char *line) {
        return QByteArray(QByteArray("HTTP/1.1 ") + line + "\r\nContent-Length: 2\r\n\r\nno");
    };
    QTest::newRow("200") << status("200 OK") << Protocol << 200 << u"not_web_socket"_s;
    QTest::newRow("302") << status("302 Found\r\nLocation: http://evil.example/") << Refused << 302
                         << u"redirect"_s;
    QTest::newRow("403") << status("403 Forbidden") << Auth << 403 << QString();
    QTest::newRow("404") << status("404 Not Found") << InvalidRequest << 404 << QString();
    QTest::newRow("429") << status("429 Too Many Requests") << RateLimited << 429 << QString();
    QTest::newRow("500") << status("500 Oh") << Server << 500 << QString();
    QTest::newRow("503") << status("503 Busy") << Overloaded << 503 << QString();
    QTest::newRow("not HTTP") << QByteArray("220 mail.example.com ESMTP\r\n\r\n") << Protocol << 0
                              << u"not_web_socket"_s;
    QTest::newRow("a wrong proof") << QByteArray(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: AAAA\r\n\r\n")
                                   << Protocol << 0 << u"not_web_socket"_s;
}

void TestWebSocketTransport::anOpeningThatFailsSaysWhy()
{
    QFETCH(QByteArray, answer);
    QFETCH(NetError::Kind, kind);
    QFETCH(int, status);
    QFETCH(QString, code);
    RawPeer peer;
    peer.answerWith(answer);
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.error);
    QCOMPARE(exchange.log.error->kind, kind);
    QCOMPARE(exchange.log.error->status, status);
    QCOMPARE(exchange.log.error->code, code);
    QVERIFY(!exchange.log.error->message.isEmpty());
    QVERIFY(!exchange.log.opened);
    QTRY_VERIFY(peer.isClosed);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestWebSocketTransport::saysWhenNothingListens()
{
    WebSocketTransport transport;
    Exchange refused(transport, {.url = QUrl(u"ws://127.0.0.1:%1/"_s.arg(MockServer::closedPort()))});
    QTRY_VERIFY(refused.log.isOver());
    QCOMPARE(refused.log.error->code, transportcode::ConnectionRefused);

    RawPeer plain;
    plain.answerWith("no TLS here");
    QUrl url = plain.url();
    url.setScheme(u"wss"_s);
    Exchange tls(transport, {.url = url});
    plain.stayMute();
    QTRY_VERIFY_WITH_TIMEOUT(tls.log.opened || tls.log.isOver() || plain.request.isEmpty(), 1000);
    QVERIFY(!tls.log.opened);
}

void TestWebSocketTransport::acceptsNoExtension()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(frame(0xc1, "x"));
    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Protocol);
    QVERIFY(exchange.log.messages.isEmpty());
}

void TestWebSocketTransport::endsAFrameThatIsTooLarge()
{
    RawPeer peer;
    WebSocketTransport transport({.maxMessage = 1000});
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(text(QByteArray(1000, 'x')));
    peer.send(text(QByteArray(1001, 'x')).first(10));
    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::TooLarge);
    QCOMPARE(exchange.log.messages.size(), 1);
}

void TestWebSocketTransport::endsAMessageThatIsTooLarge()
{
    RawPeer peer;
    WebSocketTransport transport({.maxMessage = 1000});
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    peer.send(frame(0x01, QByteArray(600, 'x')) + frame(0x80, QByteArray(600, 'x')));
    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::TooLarge);
    QVERIFY(exchange.log.messages.isEmpty());
}

void TestWebSocketTransport::findsAPeerThatIsGone()
{
    RawPeer peer;
    WebSocketTransport transport({.ping = 30ms});
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_COMPARE_GE(peer.opcodes.count(WebSocketOpcode::Ping), 5);
    QVERIFY(!exchange.log.isOver());

    peer.answersPings = false;
    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Network);
    QCOMPARE(exchange.log.error->code, transportcode::ConnectionLost);
}

void TestWebSocketTransport::aLongFrameIsASignOfLife()
{
    RawPeer peer;
    peer.answersPings = false;
    WebSocketTransport transport({.ping = 50ms});
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    const QByteArray bytes = text(QByteArray(100, 'x'));
    QTimer drip;
    qsizetype sent = 0;
    connect(&drip, &QTimer::timeout, &peer, [&] {
        if (sent < bytes.size())
            peer.send(bytes.sliced(sent++, 1));
    });
    drip.start(10ms);
    // So many pings without an answer would end it many times over.
    QTRY_COMPARE_GE(peer.opcodes.count(WebSocketOpcode::Ping), 10);
    QVERIFY(!exchange.log.isOver());
    QTRY_COMPARE(exchange.log.messages.size(), 1);
}

void TestWebSocketTransport::givesUpWhenTheHandshakeIsNotAnswered()
{
    RawPeer peer;
    peer.stayMute();
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()}, {.head = 150ms, .idle = 20s});
    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Timeout);
    QCOMPARE(exchange.log.error->code, transportcode::NoAnswer);
    QTRY_VERIFY(peer.isClosed);
}

void TestWebSocketTransport::givesUpOnSilence()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()}, {.head = 20s, .idle = 150ms});
    QTRY_VERIFY(exchange.log.isOver());
    QVERIFY(exchange.log.opened);
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Timeout);
    QCOMPARE(exchange.log.error->code, transportcode::Silent);
}

void TestWebSocketTransport::holdsMessagesAndTheEndBackWhilePaused()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    exchange.call->pause();
    peer.send(text("one") + text("two") + closing(1000));
    QTRY_VERIFY(peer.isClosed);
    QVERIFY(exchange.log.messages.isEmpty());
    QVERIFY(!exchange.log.isOver());

    exchange.call->resume();
    QVERIFY(exchange.log.messages.isEmpty());
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.messages, (QByteArrayList{"one", "two"}));
}

void TestWebSocketTransport::holdsTheServerBackWhilePaused()
{
    RawPeer peer;
    WebSocketTransport transport({.maxMessage = 64 * 1024, .maxHeld = 256 * 1024});
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    exchange.call->pause();
    constexpr int Count = 1024; // 64 MiB
    const QByteArray message(64 * 1024, 'x');
    for (int i = 0; i < Count; ++i)
        peer.send(text(message));

    // It has stopped once nothing left for a while.
    qint64 unsent = -1;
    QElapsedTimer quiet;
    quiet.start();
    QTRY_VERIFY([&] {
        if (std::exchange(unsent, peer.unsent()) != peer.unsent())
            quiet.restart();
        return quiet.hasExpired(300);
    }());
    QCOMPARE_GT(unsent, 32 * 1024 * 1024);
    QVERIFY(exchange.log.messages.isEmpty());

    exchange.call->resume();
    QTRY_COMPARE_WITH_TIMEOUT(exchange.log.messages.size(), Count, 20'000);
    peer.send(closing(1000));
    QTRY_VERIFY(exchange.log.finished);
    QCOMPARE(exchange.log.faults, QStringList());
}

void TestWebSocketTransport::refusesWhatTheRulesForbid()
{
    WebSocketTransport transport;
    Exchange exchange(transport,
                      {.url = QUrl(u"ws://example.com/"_s), .headers = {{"Authorization", "Bearer k"}}});
    QVERIFY(exchange.log.isEmpty());
    QTRY_VERIFY(exchange.log.isOver());
    QCOMPARE(exchange.log.error->kind, NetError::Kind::Refused);
    QCOMPARE(exchange.log.error->code, transportcode::KeyInClear);
}

void TestWebSocketTransport::carriesNothingElse()
{
    WebSocketTransport transport;
    const std::unique_ptr<TransportCall> call(
        transport.open(HttpRequest{.url = QUrl(u"https://example.com/"_s)}, patient, nullptr));
    CallLog log(call.get());
    QTRY_VERIFY(log.isOver());
    QCOMPARE(log.error->code, transportcode::NotCarried);
}

void TestWebSocketTransport::signalsNothingInsideOpenOrAfterAbort()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QVERIFY(exchange.log.isEmpty());
    QTRY_VERIFY(exchange.log.opened);
    exchange.call->abort();
    exchange.call->abort();
    exchange.call->send({"late"});
    exchange.call->resume();
    QTRY_VERIFY(peer.isClosed);
    QVERIFY(!exchange.log.isOver());
    QVERIFY(peer.messages.isEmpty());
}

void TestWebSocketTransport::abortSaysGoodbyeAndCloses()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    exchange.call->send({"cancel"});
    exchange.call->abort();
    QTRY_VERIFY(peer.isClosed);
    QCOMPARE(peer.messages, QByteArrayList{"cancel"});
    QCOMPARE(peer.opcodes.last(), WebSocketOpcode::Close);
}

void TestWebSocketTransport::deletingACallCloses()
{
    RawPeer peer;
    WebSocketTransport transport;
    Exchange exchange(transport, {.url = peer.url()});
    QTRY_VERIFY(exchange.log.opened);
    exchange.call.reset();
    QTRY_VERIFY(peer.isClosed);
}

void TestWebSocketTransport::aCallMayBeDeletedInsideItsSignals_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("opened") << QByteArray(SIGNAL(opened())) << QByteArray();
    QTest::newRow("message") << QByteArray(SIGNAL(message(QByteArray))) << text("a") + text("b");
    QTest::newRow("finished") << QByteArray(SIGNAL(finished())) << closing(1000);
    QTest::newRow("failed") << QByteArray(SIGNAL(failed(rivulet::NetError))) << closing(1011);
}

/// Deletes a call when one of its signals comes.
class Deleter : public QObject
{
    Q_OBJECT

public:
    explicit Deleter(TransportCall *call) : m_call(call) {}
    [[nodiscard]] bool isDone() const { return !m_call; }

public Q_SLOTS:
    void now() { m_call.reset(); }

private:
    std::unique_ptr<TransportCall> m_call;
};

void TestWebSocketTransport::aCallMayBeDeletedInsideItsSignals()
{
    QFETCH(QByteArray, signal);
    QFETCH(QByteArray, bytes);
    RawPeer peer;
    WebSocketTransport transport;
    TransportCall *call = transport.open(WebSocketRequest{.url = peer.url()}, patient, nullptr);
    connect(call, &TransportCall::opened, &peer, [&] { peer.send(bytes); });
    Deleter deleter(call);
    QVERIFY(connect(call, signal.constData(), &deleter, SLOT(now())));
    QTRY_VERIFY(deleter.isDone());
    QTRY_VERIFY(peer.isClosed);
}

void TestWebSocketTransport::aCallOutlivesItsTransport()
{
    RawPeer peer;
    RawPeer mute;
    mute.stayMute();
    auto transport = std::make_unique<WebSocketTransport>();
    Exchange open(*transport, {.url = peer.url()});
    Exchange opening(*transport, {.url = mute.url()});
    QTRY_VERIFY(open.log.opened);
    transport.reset();
    open.call->send({"nobody"});
    open.call->pause();
    open.call->resume();
    opening.call->abort();
    QTRY_VERIFY(peer.isClosed);
    open.call->abort();
}

QTEST_GUILESS_MAIN(TestWebSocketTransport)
#include "tst_websockettransport.moc"
