// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demoreply.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace rivulet;

class TestDemoReply : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choosesByTheWordsOfThePrompt_data();
    void choosesByTheWordsOfThePrompt();
    void repliesTheSameToTheSamePrompt();
    void everythingTheWelcomeOffersExists();
    void quotesTheUserWithoutTheirMarkdown_data();
    void quotesTheUserWithoutTheirMarkdown();
    void shortensALongQuoteAtACharacter();
    void writesAsManyWordsAsAskedFor_data();
    void writesAsManyWordsAsAskedFor();
    void noEssayEndsWithAHeading();
    void thinksBeforeItReasons();
    void tokensJoinToTheTextAndSplitNoCodePoint_data();
    void tokensJoinToTheTextAndSplitNoCodePoint();
    void tokensCutThroughMarkdown();
    void wordsJoinToTheText();
};

void TestDemoReply::choosesByTheWordsOfThePrompt_data()
{
    QTest::addColumn<QString>("prompt");
    QTest::addColumn<QString>("holds");
    QTest::newRow("tour") << u"Take the tour"_s << u"# Welcome to Rivulet"_s;
    QTest::newRow("help, in capitals") << u"HELP!"_s << u"# Welcome to Rivulet"_s;
    QTest::newRow("code") << u"Show me some code."_s << u"```rust"_s;
    QTest::newRow("table") << u"a table, please"_s << u"|:--|:-:|--:|:--|"_s;
    QTest::newRow("math") << u"math"_s << u"$$\n\\int"_s;
    QTest::newRow("long") << u"Write a long essay about rivers"_s << u"# The habit of the place"_s;
    QTest::newRow("reasoning") << u"Show your reasoning"_s << u"10 080 minutes"_s;
    QTest::newRow("slow") << u"slow"_s << u"one word a second"_s;
    QTest::newRow("drop") << u"drop the connection"_s << u"## The connection will drop"_s;
    QTest::newRow("by name of a language") << u"Answer in Arabic"_s << u"## النهر الصغير"_s;
    QTest::newRow("by its letters") << u"مرحبا"_s << u"## النهر الصغير"_s;
    QTest::newRow("Japanese") << u"in Japanese"_s << u"## 小さな流れ"_s;
    QTest::newRow("by kana") << u"こんにちは"_s << u"## 小さな流れ"_s;
    QTest::newRow("anything else") << u"Hello there"_s << u"> Hello there\n"_s;
    QTest::newRow("a word inside a word") << u"constable"_s << u"> constable\n"_s;
    QTest::newRow("nothing") << QString() << u"built-in demo"_s;
}

void TestDemoReply::choosesByTheWordsOfThePrompt()
{
    QFETCH(QString, prompt);
    QFETCH(QString, holds);
    const DemoReply reply = demoReply(prompt);
    QVERIFY2(reply.text.contains(holds), qPrintable(reply.text.left(200)));
    QCOMPARE(reply.slow, prompt == "slow"_L1);
    QCOMPARE(reply.ending,
             prompt.startsWith("drop"_L1) ? DemoReply::Ending::Drop : DemoReply::Ending::Complete);
}

void TestDemoReply::repliesTheSameToTheSamePrompt()
{
    for (const QString &prompt : {u"long"_s, u"tour"_s, u"what?"_s})
        QCOMPARE(demoReply(prompt), demoReply(prompt));
}

void TestDemoReply::everythingTheWelcomeOffersExists()
{
    const DemoReply welcome = demoReply(u"hi"_s);
    static const QRegularExpression offer(u"\\*\\*([a-zA-Z ]+)\\*\\*"_s);
    int offers = 0;
    for (const auto &match : offer.globalMatch(welcome.text)) {
        const QString prompt = match.captured(1);
        if (prompt == "Esc"_L1 || prompt == "Settings"_L1)
            continue;
        ++offers;
        QVERIFY2(!demoReply(prompt).text.contains("> "_L1 + prompt), qPrintable(prompt));
    }
    QCOMPARE(offers, 12);
    QCOMPARE(demoReply(u"error"_s).ending, DemoReply::Ending::RateLimited);
    QCOMPARE(demoReply(u"server error"_s).ending, DemoReply::Ending::ServerError);
}

void TestDemoReply::quotesTheUserWithoutTheirMarkdown_data()
{
    QTest::addColumn<QString>("prompt");
    QTest::addColumn<QString>("quote");
    QTest::newRow("plain") << u"Hello there"_s << u"> Hello there\n"_s;
    QTest::newRow("a fence") << u"```"_s << u"> \\`\\`\\`\n"_s;
    QTest::newRow("a heading") << u"# hi"_s << u"> \\# hi\n"_s;
    QTest::newRow("HTML") << u"<b>"_s << u"> \\<b\\>\n"_s;
    QTest::newRow("two lines") << u"one\ntwo"_s << u"> one\\\n> two\n"_s;
    QTest::newRow("a placeholder") << u"%1"_s << u"> %1\n"_s;
}

void TestDemoReply::quotesTheUserWithoutTheirMarkdown()
{
    QFETCH(QString, prompt);
    QFETCH(QString, quote);
    const DemoReply reply = demoReply(prompt);
    QVERIFY2(reply.text.contains(quote), qPrintable(reply.text.left(60)));
}

void TestDemoReply::shortensALongQuoteAtACharacter()
{
    const QString face = u"😀"_s;
    const DemoReply reply = demoReply(u'x' + face.repeated(1000));
    QVERIFY(reply.text.size() < 2000);
    QVERIFY(reply.text.contains(u'…'));
    QVERIFY(reply.text.isValidUtf16());
}

void TestDemoReply::writesAsManyWordsAsAskedFor_data()
{
    QTest::addColumn<QString>("prompt");
    QTest::addColumn<qsizetype>("words");
    QTest::newRow("without a number") << u"long"_s << qsizetype(4000);
    QTest::newRow("few") << u"a long text of 100 words"_s << qsizetype(100);
    QTest::newRow("many") << u"long 20000"_s << qsizetype(20'000);
    QTest::newRow("too many") << u"long 999999999"_s << qsizetype(100'000);
}

void TestDemoReply::writesAsManyWordsAsAskedFor()
{
    QFETCH(QString, prompt);
    QFETCH(qsizetype, words);
    const qsizetype written = demoReply(prompt).text.simplified().count(u' ') + 1;
    QCOMPARE_GE(written, words - 20);
    QCOMPARE_LT(written, words + 120);
}

void TestDemoReply::noEssayEndsWithAHeading()
{
    for (int words = 1; words <= 2500; ++words) {
        const QString text = demoReply(u"long %1"_s.arg(words)).text.trimmed();
        const QString last = text.sliced(text.lastIndexOf(u'\n') + 1);
        QVERIFY2(!last.startsWith(u'#'), qPrintable(u"%1 words: %2"_s.arg(QString::number(words), last)));
    }
}

void TestDemoReply::thinksBeforeItReasons()
{
    QVERIFY(demoReply(u"reasoning"_s).reasoning.contains(u"1440 × 7"_s));
    QVERIFY(demoReply(u"tour"_s).reasoning.isEmpty());
}

void TestDemoReply::tokensJoinToTheTextAndSplitNoCodePoint_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("one letter") << u"a"_s;
    QTest::newRow("faces") << u"😀👋🏽👩‍👩‍👧"_s.repeated(30);
    QTest::newRow("faces and letters") << u"a😀bc😀def😀"_s.repeated(30);
    for (const char *prompt : {"tour", "code", "table", "math", "arabic", "japanese", "reasoning"})
        QTest::newRow(prompt) << demoReply(QString::fromLatin1(prompt)).text;
}

void TestDemoReply::tokensJoinToTheTextAndSplitNoCodePoint()
{
    QFETCH(QString, text);
    const QStringList tokens = demoTokens(text);
    QCOMPARE(tokens.join(QString()), text);
    for (const QString &token : tokens) {
        QVERIFY(!token.isEmpty());
        QVERIFY(token.size() <= 7);
        QVERIFY2(token.isValidUtf16(), qPrintable(token));
    }
}

void TestDemoReply::tokensCutThroughMarkdown()
{
    const QStringList tokens = demoTokens(demoReply(u"code"_s).text);
    const auto isPartOfFence = [](const QString &token) {
        return token.endsWith(u'`') && !token.contains("```"_L1);
    };
    QVERIFY(std::ranges::any_of(tokens, isPartOfFence));
}

void TestDemoReply::wordsJoinToTheText()
{
    QCOMPARE(demoWords(u" a  bc\n\nd"_s), QStringList({u" "_s, u"a  "_s, u"bc\n\n"_s, u"d"_s}));
    QCOMPARE(demoWords(QString()), QStringList());
}

QTEST_GUILESS_MAIN(TestDemoReply)
#include "tst_demoreply.moc"
