// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestrules.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace rivulet;

class TestRequestRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsOrRefusesByAddressAndKey_data();
    void acceptsOrRefusesByAddressAndKey();
    void refusesEveryHeaderThatCarriesAKeyInClear_data();
    void refusesEveryHeaderThatCarriesAKeyInClear();
    void aSocketsKeyGoesOverASecureConnectionOnly_data();
    void aSocketsKeyGoesOverASecureConnectionOnly();
    void subprotocolsAreTokens();
    void headerNamesAreTokens();
    void asksTheRuleOfWhateverItIs();
    void neverRepeatsAKeyInItsWords();
};

void TestRequestRules::acceptsOrRefusesByAddressAndKey_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("code");

    const QString accepted;
    const QByteArray key = "Bearer secret-1234";
    QTest::newRow("https with a key") << u"https://api.example.com/v1"_s << key << accepted;
    QTest::newRow("http without a key") << u"http://example.com/v1"_s << QByteArray() << accepted;
    QTest::newRow("http to 127.0.0.1") << u"http://127.0.0.1:8080/v1"_s << key << accepted;
    QTest::newRow("http to 127.8.9.10") << u"http://127.8.9.10/v1"_s << key << accepted;
    QTest::newRow("http to ::1") << u"http://[::1]:8080/v1"_s << key << accepted;
    QTest::newRow("http to localhost") << u"http://LOCALHOST:8080/v1"_s << key << accepted;
    QTest::newRow("http with a key") << u"http://api.example.com/v1"_s << key << u"key_in_clear"_s;
    QTest::newRow("http to the local network") << u"http://192.168.1.2/v1"_s << key << u"key_in_clear"_s;
    QTest::newRow("a name that begins like localhost")
        << u"http://localhost.example.com/"_s << key << u"key_in_clear"_s;
    QTest::newRow("a name that begins like an address")
        << u"http://127.0.0.1.example.com/"_s << key << u"key_in_clear"_s;
    QTest::newRow("a key with a line end") << u"https://api.example.com/v1"_s << key + "\n"
                                           << u"bad_header"_s;
    QTest::newRow("a key that smuggles a header")
        << u"https://api.example.com/v1"_s << key + "\r\nX-Evil: 1" << u"bad_header"_s;
    QTest::newRow("user and password") << u"https://me:pw@example.com/"_s << QByteArray() << u"user_info"_s;
    QTest::newRow("user") << u"https://me@example.com/"_s << QByteArray() << u"user_info"_s;
    QTest::newRow("no scheme") << u"api.example.com/v1"_s << QByteArray() << u"scheme"_s;
    QTest::newRow("file") << u"file:///etc/passwd"_s << QByteArray() << u"scheme"_s;
    QTest::newRow("ftp") << u"ftp://example.com/"_s << QByteArray() << u"scheme"_s;
    QTest::newRow("web socket") << u"wss://example.com/"_s << QByteArray() << u"scheme"_s;
    QTest::newRow("data") << u"data:text/plain,hi"_s << QByteArray() << u"scheme"_s;
    QTest::newRow("no host") << u"https:///v1"_s << QByteArray() << u"bad_url"_s;
    QTest::newRow("empty") << QString() << QByteArray() << u"bad_url"_s;
    QTest::newRow("bad port") << u"https://example.com:99999/"_s << QByteArray() << u"bad_url"_s;
    QTest::newRow("a blank in the host") << u"https://exam ple.com/"_s << QByteArray() << u"bad_url"_s;
}

void TestRequestRules::acceptsOrRefusesByAddressAndKey()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, key);
    QFETCH(QString, code);
    HttpRequest request{.url = QUrl(url), .headers = {}, .body = {}};
    if (!key.isEmpty())
        request.headers.append({"Authorization", key});

    const auto refusal = refusalOf(request);

    QCOMPARE(refusal ? refusal->code : QString(), code);
    if (refusal) {
        QCOMPARE(refusal->kind, NetError::Kind::Refused);
        QVERIFY(!refusal->message.isEmpty());
    }
}

void TestRequestRules::refusesEveryHeaderThatCarriesAKeyInClear_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"authorization", "Authorization", "X-API-Key", "api-key", "x-goog-api-key",
                             "Cookie", "Proxy-Authorization"})
        QTest::newRow(name) << QByteArray(name);
}

void TestRequestRules::refusesEveryHeaderThatCarriesAKeyInClear()
{
    QFETCH(QByteArray, name);
    const HttpRequest request{.url = QUrl(u"http://example.com/"_s), .headers = {{name, "x"}}, .body = {}};
    const auto refusal = refusalOf(request);
    QVERIFY(refusal);
    QCOMPARE(refusal->code, transportcode::KeyInClear);
}

void TestRequestRules::aSocketsKeyGoesOverASecureConnectionOnly_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("code");
    QTest::newRow("wss") << u"wss://example.com/x"_s << QString();
    QTest::newRow("ws to this computer") << u"ws://127.0.0.1:8000/x"_s << QString();
    QTest::newRow("ws to a name of this computer") << u"ws://localhost:8000/x"_s << QString();
    QTest::newRow("ws to another") << u"ws://llm-agent:8080/stream"_s << u"key_in_clear"_s;
    QTest::newRow("https") << u"https://example.com/x"_s << u"scheme"_s;
    QTest::newRow("no host") << u"wss:///x"_s << u"bad_url"_s;
    QTest::newRow("user") << u"wss://me@example.com/"_s << u"user_info"_s;
}

void TestRequestRules::aSocketsKeyGoesOverASecureConnectionOnly()
{
    QFETCH(QString, url);
    QFETCH(QString, code);
    const WebSocketRequest request{.url = QUrl(url), .headers = {{"Authorization", "Bearer x"}}};
    const auto refusal = refusalOf(request);
    QCOMPARE(refusal ? refusal->code : QString(), code);
}

void TestRequestRules::subprotocolsAreTokens()
{
    WebSocketRequest request{.url = QUrl(u"wss://example.com/"_s), .subprotocols = {"chat.v1", "v1+json"}};
    QVERIFY(!refusalOf(request));
    for (const char *bad : {"", "a,b", "a b", "a\r\nX-Evil: 1"}) {
        request.subprotocols = {"chat", bad};
        const auto refusal = refusalOf(request);
        QVERIFY2(refusal, bad);
        QCOMPARE(refusal->code, transportcode::BadHeader);
    }
}

void TestRequestRules::headerNamesAreTokens()
{
    for (const char *bad : {"", "X-A: 1\r\nX-B", "X A"}) {
        const auto refusal =
            refusalOf(HttpRequest{.url = QUrl(u"https://example.com/"_s), .headers = {{bad, "x"}}});
        QVERIFY2(refusal, bad);
        QCOMPARE(refusal->code, transportcode::BadHeader);
    }
}

void TestRequestRules::asksTheRuleOfWhateverItIs()
{
    const QUrl url(u"ftp://example.com/"_s);
    QCOMPARE(refusalOf(ExchangeRequest(HttpRequest{.url = url}))->code, transportcode::Scheme);
    QCOMPARE(refusalOf(ExchangeRequest(WebSocketRequest{.url = url}))->code, transportcode::Scheme);
    QCOMPARE(refusalOf(ExchangeRequest(ProcessRequest{.program = u"sh"_s}))->code, transportcode::BadProgram);
}

void TestRequestRules::neverRepeatsAKeyInItsWords()
{
    for (const QString &url : {u"http://example.com/"_s, u"https://me:secret-1234@example.com:99999/"_s,
                               u"https://me:secret-1234@example.com/"_s}) {
        const HttpRequest request{
            .url = QUrl(url), .headers = {{"Authorization", "Bearer secret-1234\n"}}, .body = {}};
        const auto refusal = refusalOf(request);
        QVERIFY(refusal);
        QVERIFY2(!refusal->message.contains("secret"_L1), qPrintable(refusal->message));
    }
}

QTEST_GUILESS_MAIN(TestRequestRules)
#include "tst_requestrules.moc"
