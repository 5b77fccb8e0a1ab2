// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/neterror.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_NetError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasItsStableName_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("name");
        const auto row = [](NetError::Kind kind, const char *name) {
            QTest::newRow(name) << static_cast<int>(kind) << QString::fromLatin1(name);
        };
        row(NetError::Kind::Network, "network");
        row(NetError::Kind::Timeout, "timeout");
        row(NetError::Kind::Http, "http");
        row(NetError::Kind::Auth, "auth");
        row(NetError::Kind::RateLimited, "rate_limited");
        row(NetError::Kind::Quota, "quota");
        row(NetError::Kind::Overloaded, "overloaded");
        row(NetError::Kind::InvalidRequest, "invalid_request");
        row(NetError::Kind::Protocol, "protocol");
        row(NetError::Kind::TooLarge, "too_large");
        row(NetError::Kind::Refused, "refused");
        row(NetError::Kind::Server, "server");
    }

    void everyKindHasItsStableName()
    {
        QFETCH(int, kind);
        QFETCH(QString, name);
        QCOMPARE(toName(static_cast<NetError::Kind>(kind)), name);
        const auto back = errorKindFromName(name);
        QVERIFY(back.has_value());
        QCOMPARE(static_cast<int>(*back), kind);
    }

    void anUnknownNameIsNoKind()
    {
        QVERIFY(!errorKindFromName(u"Network"_s));
        QVERIFY(!errorKindFromName(u""_s));
    }
};

QTEST_APPLESS_MAIN(tst_NetError)
#include "tst_neterror.moc"
