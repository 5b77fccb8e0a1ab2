// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/searchtokens.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_SearchTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theIndexHoldsOfAText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << QString() << QString();
        QTest::newRow("signs only") << u"?! -- *"_s << QString();
        QTest::newRow("words in lower case") << u"High TIDE, 12 m."_s << u"high tide 12 m"_s;
        QTest::newRow("the words of a name")
            << u"snake_case camelCase a.b::c"_s << u"snake case camelcase a b c"_s;
        QTest::newRow("letters without their accents")
            << u"Ebbe-Stände à l’été naïve Łódź Ελλάδα"_s << u"ebbe stande a l ete naive łodz ελλαδα"_s;
        QTest::newRow("the same of decomposed letters") << u"e\u0301te\u0301"_s << u"ete"_s;
        QTest::newRow("wide forms as narrow ones") << u"ＡＢ１"_s << u"ab1"_s;
        QTest::newRow("vowel signs as letters") << u"हिन्दी भाषा"_s << u"हिन्दी भाषा"_s;
        QTest::newRow("pairs of Chinese") << u"潮汐表"_s << u"潮汐 汐表 表"_s;
        QTest::newRow("one Chinese character") << u"潮"_s << u"潮"_s;
        QTest::newRow("a pair and its end") << u"潮汐"_s << u"潮汐 汐"_s;
        QTest::newRow("characters beyond 16 bits")
            << u"\U00020000\U00020001"_s << u"\U00020000\U00020001 \U00020001"_s;
        QTest::newRow("pairs of Japanese") << u"データ"_s << u"デー ータ タ"_s;
        QTest::newRow("half-width kana") << u"ﾃﾞｰﾀ"_s << u"デー ータ タ"_s;
        QTest::newRow("pairs of Korean") << u"조수가 있다"_s << u"조수 수가 가 있다 다"_s;
        QTest::newRow("pairs of Thai") << u"น้ำ"_s << u"น\u0e49\u0e4d\u0e32 \u0e4d\u0e32"_s;
        QTest::newRow("a mixture") << u"Qt6の設定file"_s << u"qt6 の設 設定 定 file"_s;
        QTest::newRow("no mark without a letter") << u"❤\uFE0F \u0301"_s << QString();
        QTest::newRow("half a pair of surrogates") << QString(QChar(0xd83d)) + u"a"_s << u"a"_s;
        QTest::newRow("the beginning of a very long word") << QString(1'000, u'x') << QString(64, u'x');
    }

    void theIndexHoldsOfAText()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(indexedText(text), expected);
    }

    void aTokenKnowsItsPlace()
    {
        const QList<SearchToken> expected{{.word = u"ete"_s, .begin = 1, .end = 4},
                                          {.word = u"潮汐"_s, .begin = 5, .end = 7},
                                          {.word = u"汐"_s, .begin = 6, .end = 7, .endsRun = true}};
        QCOMPARE_EQ(searchTokens(u"(Été 潮汐"_s), expected);
    }

    void aMillionCharactersAreCutInOnePass()
    {
        const QString text = u"so many words, 潮汐 and Été; "_s.repeated(40'000);
        QCOMPARE(searchTokens(text).size(), 40'000 * 7);
    }
};

QTEST_GUILESS_MAIN(tst_SearchTokens)
#include "tst_searchtokens.moc"
