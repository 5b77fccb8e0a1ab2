// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/networkoptions.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_NetworkOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aProxyIsReadAndWrittenAsText_data()
    {
        using Kind = proxy::Server::Kind;
        QTest::addColumn<QString>("text");
        QTest::addColumn<ProxyChoice>("choice");
        QTest::newRow("the system's") << u"system"_s << ProxyChoice(proxy::System());
        QTest::newRow("none") << u"none"_s << ProxyChoice(proxy::None());
        QTest::newRow("http") << u"http://proxy.example:3128"_s
                              << ProxyChoice(proxy::Server{Kind::Http, u"proxy.example"_s, 3128});
        QTest::newRow("socks5") << u"socks5://10.0.0.1:1080"_s
                                << ProxyChoice(proxy::Server{Kind::Socks5, u"10.0.0.1"_s, 1080});
        QTest::newRow("an address of version 6")
            << u"http://[2001:db8::1]:8080"_s
            << ProxyChoice(proxy::Server{Kind::Http, u"2001:db8::1"_s, 8080});
        QTest::newRow("a user") << u"http://me@proxy.example:3128"_s
                                << ProxyChoice(proxy::Server{Kind::Http, u"proxy.example"_s, 3128, u"me"_s});
        QTest::newRow("a user with marks in the name")
            << u"http://corp%5Cme%40home@proxy.example:3128"_s
            << ProxyChoice(proxy::Server{Kind::Http, u"proxy.example"_s, 3128, u"corp\\me@home"_s});
    }

    void aProxyIsReadAndWrittenAsText()
    {
        QFETCH(const QString, text);
        QFETCH(const ProxyChoice, choice);
        const auto read = proxyFrom(text);
        QVERIFY(read);
        QVERIFY(*read == choice);
        QCOMPARE(toText(choice), text);
    }

    void whatIsTypedCarelesslyIsReadAsWell()
    {
        const ProxyChoice meant = proxy::Server{.host = u"proxy.example"_s, .port = 3128};
        QVERIFY(proxyFrom(u" HTTP://Proxy.Example:3128/ "_s) == meant);
    }

    void whatNamesNoProxyIsToldApart_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("error");
        const auto row = [](const char *name, const QString &text, ProxyTextError error) {
            QTest::newRow(name) << text << int(error);
        };
        row("nothing", u""_s, ProxyTextError::Scheme);
        row("no scheme", u"proxy.example:3128"_s, ProxyTextError::Scheme);
        row("another scheme", u"ftp://proxy.example:3128"_s, ProxyTextError::Scheme);
        row("a script", u"https://proxy.example:443/proxy.pac"_s, ProxyTextError::Scheme);
        row("no port", u"http://proxy.example"_s, ProxyTextError::Port);
        row("port 0", u"http://proxy.example:0"_s, ProxyTextError::Port);
        row("a port that there is not", u"http://proxy.example:65536"_s, ProxyTextError::Port);
        row("a word for a port", u"http://proxy.example:http"_s, ProxyTextError::Port);
        row("no host", u"http://:3128"_s, ProxyTextError::Malformed);
        row("a blank", u"http://proxy example:3128"_s, ProxyTextError::Malformed);
        row("a path", u"http://proxy.example:3128/x"_s, ProxyTextError::Malformed);
        row("a query", u"http://proxy.example:3128?x"_s, ProxyTextError::Malformed);
        row("a password", u"http://me:secret@proxy.example:3128"_s, ProxyTextError::Password);
    }

    void whatNamesNoProxyIsToldApart()
    {
        QFETCH(const QString, text);
        QFETCH(const int, error);
        const auto read = proxyFrom(text);
        QVERIFY(!read);
        QCOMPARE(int(read.error()), error);
    }
};

QTEST_GUILESS_MAIN(tst_NetworkOptions)
#include "tst_networkoptions.moc"
