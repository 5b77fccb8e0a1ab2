// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/captiveportal.h"

#include "net/dialects/responsereader.h"
#include "net/transport/requestrules.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class CaptivePortalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void it_is_behind_what_nobody_else_would_do_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("code");
        QTest::addColumn<bool>("isKnown");
        QTest::addColumn<bool>("isNamed");
        const auto row = [](const char *name, const char *url, QLatin1StringView code, bool known,
                            bool named) {
            QTest::newRow(name) << QString::fromLatin1(url) << QString(code) << known << named;
        };
        const auto *const open = "http://models.example/v1";
        const auto *const safe = "https://models.example/v1";
        const auto *const here = "http://127.0.0.1:11434";
        row("a page in the open", open, webPage, false, true);
        row("a page on an open socket", "ws://models.example/v1", webPage, false, true);
        row("a page from the server itself", safe, webPage, false, false);
        row("a page from this computer", here, webPage, false, false);
        row("a page from this computer behind a portal", here, webPage, true, false);
        row("a redirect in the open", open, transportcode::Redirect, false, false);
        row("a page behind a portal", safe, webPage, true, true);
        row("a redirect behind a portal", open, transportcode::Redirect, true, true);
        row("another certificate behind a portal", safe, transportcode::Tls, true, true);
        row("another certificate", safe, transportcode::Tls, false, false);
        row("no name behind a portal", safe, transportcode::HostNotFound, true, true);
        row("silence behind a portal", safe, transportcode::NoAnswer, true, true);
        row("a wrong proxy behind a portal", safe, transportcode::Proxy, true, false);
        row("a wrong key behind a portal", safe, "invalid_api_key"_L1, true, false);
    }

    void it_is_behind_what_nobody_else_would_do()
    {
        QFETCH(const QString, url);
        QFETCH(const QString, code);
        QFETCH(const bool, isKnown);
        QFETCH(const bool, isNamed);
        const NetError error{.kind = NetError::Kind::Protocol,
                             .status = 200,
                             .code = code,
                             .message = u"Welcome to the hotel"_s};
        NetError named = error;
        named.code = captivePortal;
        QCOMPARE(withPortalNamed(error, QUrl(url), isKnown), isNamed ? named : error);
    }
};

QTEST_GUILESS_MAIN(CaptivePortalTest)

#include "tst_captiveportal.moc"
