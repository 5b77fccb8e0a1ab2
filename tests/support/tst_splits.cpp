// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/splits.h"

#include <QtCore/QSet>
#include <QtTest/QTest>

using namespace rivulet::test;

class tst_Splits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySplitIsTheWholeInputInOrder()
    {
        const QByteArray input("data: a\r\n\r\ndata: b\n\n");
        everySplit(input, [&](const Split &split) {
            QByteArray joined;
            for (const QByteArrayView piece : split.pieces) {
                QVERIFY2(!piece.isEmpty(), split.name.constData());
                joined += piece;
            }
            QVERIFY2(joined == input, split.name.constData());
        });
    }

    void everySingleCutOfAShortInputIsTried()
    {
        QSet<qsizetype> cuts;
        everySplit(QByteArrayView("abcdef"), [&](const Split &split) {
            if (split.pieces.size() == 2)
                cuts.insert(split.pieces.first().size());
        });
        QCOMPARE(cuts, (QSet<qsizetype>{1, 2, 3, 4, 5}));
    }

    void anEmptyInputIsTriedToo()
    {
        int calls = 0;
        everySplit(QByteArrayView(), [&](const Split &split) {
            QVERIFY(split.pieces.isEmpty());
            ++calls;
        });
        QCOMPARE(calls, 2);
    }
};

QTEST_APPLESS_MAIN(tst_Splits)
#include "tst_splits.moc"
