// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/link.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class LinkTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void web_and_mail_addresses_are_allowed_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("host");
        QTest::newRow("https") << u"https://example.org/a?b=c#d"_s << u"example.org"_s;
        QTest::newRow("http with port") << u"http://example.org:8080/"_s << u"example.org"_s;
        QTest::newRow("upper-case scheme") << u"HTTPS://Example.ORG"_s << u"example.org"_s;
        QTest::newRow("mail") << u"mailto:someone@example.org"_s << u"someone@example.org"_s;
    }
    void web_and_mail_addresses_are_allowed()
    {
        QFETCH(QString, target);
        const Link link(target);
        QVERIFY(link.isAllowed());
        QTEST(link.host(), "host");
    }

    void everything_else_is_not_data()
    {
        QTest::addColumn<QString>("target");
        QTest::newRow("empty") << QString();
        QTest::newRow("relative") << u"docs/readme.md"_s;
        QTest::newRow("file") << u"file:///etc/passwd"_s;
        QTest::newRow("network share") << u"\\\\server\\share"_s;
        QTest::newRow("scheme-relative") << u"//example.org/a"_s;
        QTest::newRow("javascript") << u"javascript:alert(1)"_s;
        QTest::newRow("data") << u"data:text/html,<b>x</b>"_s;
        QTest::newRow("a program's own scheme") << u"ms-msdt:/id"_s;
        QTest::newRow("smb") << u"smb://host/share"_s;
        QTest::newRow("no host") << u"https:///path"_s;
        QTest::newRow("mail without an address") << u"mailto:"_s;
        QTest::newRow("user name that looks like a host") << u"https://bank.example@evil.example/"_s;
        QTest::newRow("user name and password") << u"https://a:b@evil.example/"_s;
        QTest::newRow("control character") << u"https://exam\nple.org/"_s;
        QTest::newRow("space") << u"https://exam ple.org/"_s;
    }
    void everything_else_is_not()
    {
        QFETCH(QString, target);
        const Link link(target);
        QVERIFY(!link.isAllowed());
        QVERIFY(link.url().isEmpty());
    }

    void a_host_in_another_script_is_shown_in_ascii()
    {
        // The first letter is the Cyrillic "а".
        const Link link(u"https://\u0430pple.com/"_s);
        QVERIFY(link.isAllowed());
        QCOMPARE(link.host(), u"xn--pple-43d.com"_s);
        QVERIFY(link.address().startsWith(u"https://xn--pple-43d.com/"_s));
    }
};

QTEST_GUILESS_MAIN(LinkTest)
#include "tst_link.moc"
