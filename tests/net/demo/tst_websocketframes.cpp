// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/websocketframes.h"

#include <QtCore/qlist.h>
#include <QtTest/qtest.h>

using namespace rivulet;

namespace {

// A client's frame, masked.
QByteArray masked(quint8 first, QByteArray payload)
{
    const QByteArray mask = "\x11\x22\x33\x44";
    QByteArray frame = webSocketFrameHead(first, quint64(payload.size()));
    frame[1] = char(frame.at(1) | 0x80);
    frame += mask;
    for (qsizetype i = 0; i < payload.size(); ++i)
        payload[i] = char(payload.at(i) ^ mask.at(i % 4));
    return frame + payload;
}

QList<WebSocketMessage> all(WebSocketReader &reader)
{
    QList<WebSocketMessage> messages;
    while (const auto message = reader.next())
        messages.append(*message);
    return messages;
}

} // namespace

class TestWebSocketFrames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsWithTheProofOfTheSpecification();
    void writesEverySize();
    void readsTheSameForEverySlice();
    void closesOnABrokenProtocol_data();
    void closesOnABrokenProtocol();
};

void TestWebSocketFrames::acceptsWithTheProofOfTheSpecification()
{
    ReceivedRequest request{.method = "GET",
                            .target = "/",
                            .headers = {{"upgrade", "WebSocket"},
                                        {"connection", "keep-alive, Upgrade"},
                                        {"sec-websocket-version", "13"},
                                        {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}}};
    QVERIFY(asksForWebSocket(request));
    const QByteArray head = webSocketAcceptance(request, {{"X-Own", "1"}});
    QVERIFY(head.startsWith("HTTP/1.1 101 "));
    QVERIFY(head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    QVERIFY(head.endsWith("\r\nX-Own: 1\r\n\r\n"));

    request.method = "POST";
    QVERIFY(!asksForWebSocket(request));
    QVERIFY(!asksForWebSocket({.method = "GET", .target = "/"}));
}

void TestWebSocketFrames::writesEverySize()
{
    QCOMPARE(webSocketFrame(WebSocketOpcode::Text, "abc"),
             QByteArray("\x81\x03"
                        "abc"));
    QCOMPARE(webSocketFrameHead(0x82, 125), QByteArray("\x82\x7d"));
    QCOMPARE(webSocketFrameHead(0x82, 126), QByteArray("\x82\x7e\x00\x7e", 4));
    QCOMPARE(webSocketFrameHead(0x82, 65'535), QByteArray("\x82\x7e\xff\xff"));
    QCOMPARE(webSocketFrameHead(0x82, 65'536), QByteArray("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
    QCOMPARE(webSocketClose(1000, "bye"),
             QByteArray("\x88\x05\x03\xe8"
                        "bye"));
}

void TestWebSocketFrames::readsTheSameForEverySlice()
{
    const QByteArray longText(70'000, 'x');
    const QByteArray stream = masked(0x81, "one") + masked(0x01, "zw") + masked(0x89, "p")
        + masked(0x80, "ei") + masked(0x82, longText.first(300)) + masked(0x88, "");
    const QList<WebSocketMessage> expected{
        {.opcode = WebSocketOpcode::Text, .payload = "one"},
        {.opcode = WebSocketOpcode::Ping, .payload = "p"},
        {.opcode = WebSocketOpcode::Text, .payload = "zwei"},
        {.opcode = WebSocketOpcode::Binary, .payload = longText.first(300)},
        {.opcode = WebSocketOpcode::Close, .payload = ""},
    };
    for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
        WebSocketReader reader;
        reader.feed(stream.first(cut));
        QList<WebSocketMessage> messages = all(reader);
        reader.feed(stream.sliced(cut));
        messages += all(reader);
        QCOMPARE(messages, expected);
    }
    WebSocketReader reader;
    reader.feed(masked(0x81, longText));
    QCOMPARE(all(reader).value(0).payload, longText);
    QCOMPARE(reader.closeCode(), 0);
}

void TestWebSocketFrames::closesOnABrokenProtocol_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    QTest::newRow("no mask") << webSocketFrame(WebSocketOpcode::Text, "a") << 1002;
    QTest::newRow("a reserved bit") << masked(0xc1, "a") << 1002;
    QTest::newRow("an unknown opcode") << masked(0x83, "a") << 1002;
    QTest::newRow("a long ping") << masked(0x89, QByteArray(126, 'p')) << 1002;
    QTest::newRow("a ping in fragments") << masked(0x09, "p") << 1002;
    QTest::newRow("a fragment of nothing") << masked(0x80, "a") << 1002;
    QTest::newRow("a message inside another") << QByteArray(masked(0x01, "a") + masked(0x81, "b")) << 1002;
    QTest::newRow("a large frame") << masked(0x81, QByteArray(11, 'x')).first(6) << 1009;
    QTest::newRow("a large message") << QByteArray(masked(0x01, "123456") + masked(0x80, "78901")) << 1009;
    QTest::newRow("more than can be") << QByteArray("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                                                    "mask")
                                      << 1009;
}

void TestWebSocketFrames::closesOnABrokenProtocol()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    WebSocketReader reader(code == 1009 ? 10 : 1000);
    reader.feed(bytes);
    QVERIFY(all(reader).isEmpty());
    QCOMPARE(reader.closeCode(), code);
    reader.feed(masked(0x81, "late"));
    QVERIFY(all(reader).isEmpty());
}

QTEST_APPLESS_MAIN(TestWebSocketFrames)
#include "tst_websocketframes.moc"
