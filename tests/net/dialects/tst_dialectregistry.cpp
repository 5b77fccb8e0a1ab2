// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_DialectRegistry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyDialectIsFoundByItsNameAndCanBeMade()
    {
        QVERIFY(!allDialects().isEmpty());
        for (const DialectId id : allDialects()) {
            QCOMPARE(dialectFromName(QString(toName(id))), std::optional(id));
            const auto dialect = makeDialect(id);
            QVERIFY(dialect);
            QVERIFY(dialect->clone());
        }
    }

    void namesAreStable() { QCOMPARE(toName(DialectId::OpenAiChat), "openai-chat"_L1); }

    void anUnknownNameIsNoDialect()
    {
        QVERIFY(!dialectFromName(u"OpenAI-Chat"));
        QVERIFY(!dialectFromName(u""));
    }

    void eachTranslatorIsAFreshOne()
    {
        QVERIFY(makeDialect(DialectId::OpenAiChat) != makeDialect(DialectId::OpenAiChat));
    }
};

QTEST_APPLESS_MAIN(tst_DialectRegistry)
#include "tst_dialectregistry.moc"
