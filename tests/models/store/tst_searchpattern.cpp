// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/searchpattern.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

SearchPattern patternOf(const QString &typed)
{
    return SearchPattern(parseSearch(typed).terms);
}

/// The snippet with its matches in brackets.
QString marked(const Snippet &snippet)
{
    QString text = snippet.text;
    for (auto match = snippet.matches.crbegin(); match != snippet.matches.crend(); ++match) {
        text.insert(match->end, u']');
        text.insert(match->begin, u'[');
    }
    return text;
}

} // namespace

class tst_SearchPattern : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theExpressionSays_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("expected");
        const QString all = u"{marks} : \"message\""_s;
        QTest::newRow("nothing") << QString() << all;
        QTest::newRow("a word") << u"Tide "_s << all + u" AND {words} : (\"tide\")"_s;
        QTest::newRow("a beginning") << u"ti"_s << all + u" AND {words} : (\"ti\"*)"_s;
        QTest::newRow("a phrase") << u"\"a b\" c-d"_s << all + u" AND {words} : (\"a b\" AND \"c d\"*)"_s;
        QTest::newRow("an exclusion")
            << u"a -b -c "_s << u"("_s + all + u" AND {words} : (\"a\")) NOT {words} : (\"b\" OR \"c\")"_s;
        QTest::newRow("only an exclusion") << u"-b "_s << u"("_s + all + u") NOT {words} : (\"b\")"_s;
        QTest::newRow("signs") << u"? ( * ' ) OR- "_s << all + u" AND {words} : (\"or\")"_s;
        QTest::newRow("one character") << u"潮 "_s << all + u" AND {words} : (\"潮\"*)"_s;
        QTest::newRow("a pair") << u"潮汐 "_s << all + u" AND {words} : (\"潮汐\"*)"_s;
        QTest::newRow("a run") << u"潮汐表 "_s << all + u" AND {words} : (\"潮汐 汐表\"*)"_s;
        QTest::newRow("a run before a word") << u"潮汐x "_s << all + u" AND {words} : (\"潮汐 汐 x\")"_s;
    }

    void theExpressionSays()
    {
        QFETCH(QString, typed);
        QFETCH(QString, expected);
        QCOMPARE(patternOf(typed).expression(false), expected);
    }

    void codeHasAMarkOfItsOwn() { QCOMPARE(patternOf({}).expression(true), u"{marks} : \"code\""_s); }

    void theSnippetShowsWhatWasFound_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("a word") << u"tide "_s << u"The Tide turns."_s << u"The [Tide] turns."_s;
        QTest::newRow("no other word") << u"tide "_s << u"Tides, tide."_s << u"Tides, [tide]."_s;
        QTest::newRow("a beginning") << u"ti"_s << u"The tides turn."_s << u"The [tides] turn."_s;
        QTest::newRow("a phrase") << u"\"the tide\""_s << u"Tide. The\ntide."_s << u"Tide. [The tide]."_s;
        QTest::newRow("several") << u"turn tide "_s << u"tide: turn, turn"_s << u"[tide]: [turn], [turn]"_s;
        QTest::newRow("without accents") << u"ete "_s << u"l'été"_s << u"l'[été]"_s;
        QTest::newRow("in decomposed letters") << u"été "_s << u"l'e\u0301te\u0301"_s << u"l'[été]"_s;
        QTest::newRow("inside a run") << u"汐表"_s << u"今日の潮汐表です"_s << u"今日の潮[汐表]です"_s;
        QTest::newRow("one character of a run") << u"表"_s << u"潮汐表"_s << u"潮汐[表]"_s;
        QTest::newRow("nothing that is excluded") << u"tide -ebb "_s << u"ebb tide"_s << u"ebb [tide]"_s;
        QTest::newRow("on one line") << u"b "_s << u"\n# a\n\n\tb\r\n"_s << u"# a [b]"_s;
        QTest::newRow("nothing, for filters alone") << QString() << u"As it begins."_s << u"As it begins."_s;
    }

    void theSnippetShowsWhatWasFound()
    {
        QFETCH(QString, typed);
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(marked(snippetOf({text}, patternOf(typed))), expected);
    }

    void theSnippetIsOfTheFirstTextThatMatches()
    {
        const QStringList texts{u"ebb"_s, u"the tide"_s, u"a tide"_s};
        QCOMPARE(snippetOf(texts, patternOf(u"tide "_s)).text, u"the tide"_s);
        QCOMPARE(snippetOf(texts, patternOf(u"nowhere "_s)).text, u"ebb"_s);
        QCOMPARE(snippetOf({}, patternOf(u"tide "_s)), Snippet{});
    }

    void theSnippetOfALongTextIsAroundTheMatch()
    {
        const QString filler = u"so many words "_s.repeated(1'000);
        const Snippet middle = snippetOf({filler + u"tide "_s + filler}, patternOf(u"tide "_s));
        QVERIFY(middle.text.startsWith(u"…"_s) && middle.text.endsWith(u"…"_s));
        QVERIFY(marked(middle).contains(u"words [tide] so many"_s));
        QCOMPARE_LE(middle.text.size(), 165);
        QCOMPARE(middle.matches.size(), 1);
        const Snippet start = snippetOf({u"tide "_s + filler}, patternOf(u"tide "_s));
        QVERIFY(marked(start).startsWith(u"[tide] so"_s));
        const Snippet end = snippetOf({filler + u"tide"_s}, patternOf(u"tide "_s));
        QVERIFY(marked(end).endsWith(u"words [tide]"_s));
    }

    void noSnippetCutsACharacterInTwo()
    {
        const QString smile = u"\U0001F600"_s;
        for (int before = 0; before < 8; ++before) {
            const QString text = QString(before, u'x') + smile.repeated(200) + u" tide "_s
                + QString(before, u'x') + smile.repeated(200);
            const Snippet snippet = snippetOf({text}, patternOf(u"tide "_s));
            QVERIFY2(snippet.text.isValidUtf16(), qPrintable(snippet.text));
            QVERIFY(marked(snippet).contains(u"[tide]"_s));
        }
    }

    void aTitleHasAllWordsOfAQuery()
    {
        QVERIFY(patternOf(u"moon ti"_s).isWhollyIn(u"Tides of the Moon"_s));
        QVERIFY(!patternOf(u"moon ebb"_s).isWhollyIn(u"Tides of the Moon"_s));
    }
};

QTEST_GUILESS_MAIN(tst_SearchPattern)
#include "tst_searchpattern.moc"
