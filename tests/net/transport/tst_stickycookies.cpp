// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/limits.h"
#include "net/transport/stickycookies.h"

#include <QtNetwork/qnetworkcookie.h>
#include <QtTest/qtest.h>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

void set(StickyCookies &jar, const QByteArray &field, const QString &url)
{
    jar.setCookiesFromUrl(QNetworkCookie::parseCookies(field), QUrl(url));
}

} // namespace

class tst_StickyCookies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCookieGoesBackToItsHost()
    {
        StickyCookies jar;
        set(jar, "node=7; Path=/; HttpOnly", u"https://api.example/v1/chat"_s);
        set(jar, "zone=b; Path=/", u"https://api.example/v1/chat"_s);
        QCOMPARE(jar.headerFor(QUrl(u"https://api.example/v1/chat"_s)), "node=7; zone=b");
        QCOMPARE(jar.headerFor(QUrl(u"wss://api.example/v1/live"_s)), "node=7; zone=b");
    }

    void itGoesToNoOtherHost_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::newRow("a cookie of its host") << QByteArray("node=7; Path=/");
        QTest::newRow("a cookie for a whole domain") << QByteArray("node=7; Path=/; Domain=example");
        QTest::newRow("a cookie of another host") << QByteArray("node=7; Path=/; Domain=other.example");
    }

    void itGoesToNoOtherHost()
    {
        QFETCH(const QByteArray, field);
        StickyCookies jar;
        set(jar, field, u"https://api.example/"_s);
        QCOMPARE(jar.headerFor(QUrl(u"https://other.example/"_s)), QByteArray());
        QCOMPARE(jar.headerFor(QUrl(u"https://x.api.example/"_s)), QByteArray());
        QCOMPARE(jar.headerFor(QUrl(u"https://example/"_s)), QByteArray());
    }

    void aSecureCookieGoesOverTlsOnly()
    {
        StickyCookies jar;
        set(jar, "node=7; Path=/; Secure", u"https://api.example/"_s);
        QCOMPARE(jar.headerFor(QUrl(u"https://api.example/"_s)), "node=7");
        QCOMPARE(jar.headerFor(QUrl(u"http://api.example/"_s)), QByteArray());
        QCOMPARE(jar.headerFor(QUrl(u"ws://api.example/"_s)), QByteArray());
    }

    void oneThatIsTooLargeIsNotTaken()
    {
        StickyCookies jar;
        const auto sized = [](std::size_t size) { return "n=" + QByteArray(qsizetype(size - 1), 'x'); };
        set(jar, sized(limits::cookie + 1), u"https://api.example/"_s);
        QCOMPARE(jar.headerFor(QUrl(u"https://api.example/"_s)), QByteArray());
        set(jar, sized(limits::cookie), u"https://api.example/"_s);
        QCOMPARE(std::size_t(jar.headerFor(QUrl(u"https://api.example/"_s)).size()), limits::cookie + 1);
    }

    void theOldestMakesRoom()
    {
        StickyCookies jar;
        for (int i = 0; i <= limits::cookies; ++i)
            set(jar, "c" + QByteArray::number(i) + "=x; Path=/", u"https://api.example/"_s);
        const QByteArray header = jar.headerFor(QUrl(u"https://api.example/"_s));
        QCOMPARE(header.count("=x"), limits::cookies);
        QVERIFY(!header.contains("c0="));
        const QByteArray newest = "c" + QByteArray::number(limits::cookies) + '=';
        QVERIFY(header.contains(newest));
    }
};

QTEST_GUILESS_MAIN(tst_StickyCookies)
#include "tst_stickycookies.moc"
