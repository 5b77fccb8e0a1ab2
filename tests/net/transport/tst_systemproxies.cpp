// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/systemproxies.h"
#include "tests/support/proxysystem.h"

#include <QtTest/qtest.h>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString nameOf(const QList<QNetworkProxy> &proxies)
{
    return proxies.isEmpty() ? u"nobody"_s : proxies.constFirst().hostName();
}

// The proxies of a server, found out and waited for.
QString find(SystemProxies &proxies, const QString &url)
{
    QObject context;
    std::optional<QString> name;
    proxies.find(QUrl(url), &context, [&](const auto &found) { name = nameOf(found); });
    return QTest::qWaitFor([&] { return name.has_value(); }, 10s) ? *name : u"no answer"_s;
}

} // namespace

class tst_SystemProxies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thisComputerHasNoProxyAndTheSystemIsNotAsked_data()
    {
        QTest::addColumn<QString>("url");
        QTest::newRow("by address") << u"http://127.0.0.1:8080/v1"_s;
        QTest::newRow("by an address of version 6") << u"http://[::1]:8080/v1"_s;
        QTest::newRow("by name") << u"https://localhost/v1"_s;
        QTest::newRow("a WebSocket") << u"ws://127.0.0.1:8080/v1"_s;
    }

    void thisComputerHasNoProxyAndTheSystemIsNotAsked()
    {
        QFETCH(const QString, url);
        ProxySystem system;
        const SystemProxies proxies(system.lookup());
        const auto known = proxies.known(QUrl(url));
        QVERIFY(known);
        QCOMPARE(known->size(), 1);
        QCOMPARE(known->constFirst().type(), QNetworkProxy::NoProxy);
        QCOMPARE(system.asked(), 0);
    }

    void theSystemIsAskedOnAnotherThreadWhileThisOneGoesOn()
    {
        ProxySystem system;
        system.block();
        SystemProxies proxies(system.lookup());
        QObject context;
        std::optional<QString> name;
        proxies.find(QUrl(u"https://api.example/v1"_s), &context,
                     [&](const auto &found) { name = nameOf(found); });
        QVERIFY(!name);
        // The script stands still, and the event loop of this thread turns.
        QTRY_COMPARE(system.asked(), 1);
        QVERIFY(!name);
        QVERIFY(!system.askedHere());
        system.unblock();
        QTRY_VERIFY(name);
        QCOMPARE(*name, u"proxy.of.api.example"_s);
    }

    void theSystemLearnsTheServerAndNothingElse()
    {
        ProxySystem system;
        SystemProxies proxies(system.lookup());
        find(proxies, u"https://api.example/v1/secret?token=x#y"_s);
        find(proxies, u"wss://api.example:8443/live/secret"_s);
        QCOMPARE(system.urls(), QStringList({u"https://api.example:443/"_s, u"https://api.example:8443/"_s}));
    }

    void whoAsksForTheSameServerMeanwhileGetsTheSameAnswer()
    {
        ProxySystem system;
        system.block();
        SystemProxies proxies(system.lookup());
        QObject context;
        int answers = 0;
        for (const QString &path : {u"/a"_s, u"/b"_s, u"/c"_s})
            proxies.find(QUrl(u"https://api.example"_s + path), &context, [&](const auto &) { ++answers; });
        system.unblock();
        QTRY_COMPARE(answers, 3);
        QCOMPARE(system.asked(), 1);
    }

    void anAnswerHoldsForAMinute()
    {
        ProxySystem system;
        std::chrono::steady_clock::time_point now{};
        SystemProxies proxies(system.lookup(), [&now] { return now; });
        const QUrl url(u"https://api.example/v1"_s);
        QVERIFY(!proxies.known(url));
        QCOMPARE(find(proxies, url.toString()), u"proxy.of.api.example"_s);
        QVERIFY(proxies.known(QUrl(u"wss://api.example/live"_s)));
        QVERIFY(!proxies.known(QUrl(u"http://api.example/"_s)));
        now += 59s;
        QVERIFY(proxies.known(url));
        now += 1s;
        QVERIFY(!proxies.known(url));
        QCOMPARE(find(proxies, url.toString()), u"proxy.of.api.example"_s);
        QCOMPARE(system.asked(), 2);
    }

    void onlySoManyAnswersAreKept()
    {
        ProxySystem system;
        std::chrono::steady_clock::time_point now{};
        SystemProxies proxies(system.lookup(), [&now] { return now; });
        const auto url = [](int i) { return u"https://host%1.example/"_s.arg(i); };
        for (int i = 0; i < 129; ++i) {
            find(proxies, url(i));
            now += 1ms;
        }
        QVERIFY(!proxies.known(QUrl(url(0))));
        for (int i = 1; i < 129; ++i)
            QVERIFY(proxies.known(QUrl(url(i))));
    }

    void whereTheSystemNamesNoProxyThereIsNone()
    {
        SystemProxies proxies([](const QNetworkProxyQuery &) { return QList<QNetworkProxy>(); });
        find(proxies, u"https://api.example/"_s);
        const auto known = proxies.known(QUrl(u"https://api.example/"_s));
        QVERIFY(known);
        QCOMPARE(known->constFirst().type(), QNetworkProxy::NoProxy);
    }

    void nobodyIsToldOnceTheContextIsGone()
    {
        ProxySystem system;
        system.block();
        SystemProxies proxies(system.lookup());
        QObject other;
        bool isTold = false;
        bool isOtherTold = false;
        auto context = std::make_unique<QObject>();
        const QUrl url(u"https://api.example/"_s);
        proxies.find(url, context.get(), [&](const auto &) { isTold = true; });
        proxies.find(url, &other, [&](const auto &) { isOtherTold = true; });
        context.reset();
        system.unblock();
        QTRY_VERIFY(isOtherTold);
        QVERIFY(!isTold);
    }

    void itMayGoWhileTheSystemIsAsked()
    {
        ProxySystem system;
        system.block();
        QObject context;
        bool isTold = false;
        {
            SystemProxies proxies(system.lookup());
            proxies.find(QUrl(u"https://api.example/"_s), &context, [&](const auto &) { isTold = true; });
            QTRY_COMPARE(system.asked(), 1);
        }
        system.unblock();
        QTRY_COMPARE(system.answered(), 1);
        QCoreApplication::processEvents();
        QVERIFY(!isTold);
    }
};

QTEST_GUILESS_MAIN(tst_SystemProxies)
#include "tst_systemproxies.moc"
