// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/searchquery.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

SearchQuery::Term word(const QString &text)
{
    return {.text = text};
}

SearchQuery::Term open(const QString &text)
{
    return {.text = text, .open = true};
}

SearchQuery::Term without(const QString &text)
{
    return {.text = text, .excluded = true};
}

} // namespace

class tst_SearchQuery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsTypedMeans_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<SearchQuery>("expected");
        const auto row = [](const char *name, const QString &typed, const SearchQuery &expected) {
            QTest::newRow(name) << typed << expected;
        };
        const QDate date(2026, 1, 31);

        row("nothing", {}, {});
        row("spaces", u" \t\n "_s, {});
        row("a word that may go on", u"tide"_s, {.terms = {open(u"tide"_s)}});
        row("a word that has ended", u"tide "_s, {.terms = {word(u"tide"_s)}});
        row("words", u"high  tide"_s, {.terms = {word(u"high"_s), open(u"tide"_s)}});
        row("a phrase", u"\"high tide\""_s, {.terms = {word(u"high tide"_s)}});
        row("a phrase that may go on", u"\"high ti"_s, {.terms = {open(u"high ti"_s)}});
        row("an empty phrase", u"\"\""_s, {});
        row("a lone quote", u"\""_s, {});
        row("a phrase and a word", u"\"high tide\"now"_s, {.terms = {word(u"high tide"_s), open(u"now"_s)}});
        row("a word and a phrase", u"now\"high tide\""_s, {.terms = {word(u"now"_s), word(u"high tide"_s)}});
        row("an excluded word", u"-ebb tide"_s, {.terms = {without(u"ebb"_s), open(u"tide"_s)}});
        row("an excluded phrase", u"-\"low tide\" "_s, {.terms = {without(u"low tide"_s)}});
        row("a lone hyphen", u"- tide "_s, {.terms = {word(u"-"_s), word(u"tide"_s)}});
        row("a hyphen inside", u"spring-tide "_s, {.terms = {word(u"spring-tide"_s)}});

        row("from the user", u"from:user"_s, {.from = ChatRole::User});
        row("from the assistant", u"From:Assistant"_s, {.from = ChatRole::Assistant});
        row("from, as it is typed", u"from:as"_s, {.from = ChatRole::Assistant});
        row("from nobody yet", u"from:"_s, {});
        row("from nobody known", u"from:bob "_s, {.terms = {word(u"from:bob"_s)}});
        row("in a title", u"in:tides"_s, {.titles = {u"tides"_s}});
        row("in a title of words", u"in:\"The  tides\" in:moon"_s,
            {.titles = {u"The"_s, u"tides"_s, u"moon"_s}});
        row("in a title, as it is typed", u"in:\"the ti"_s, {.titles = {u"the"_s, u"ti"_s}});
        row("before", u"before:2026-01-31"_s, {.before = date});
        row("after", u"after:2026-01-31 x "_s, {.terms = {word(u"x"_s)}, .after = date});
        row("a date, as it is typed", u"before:2026-0"_s, {});
        row("no date", u"before:lunch time "_s, {.terms = {word(u"before:lunch"_s), word(u"time"_s)}});
        row("no such day", u"after:2026-02-30 "_s, {.terms = {word(u"after:2026-02-30"_s)}});
        row("with code", u"has:code"_s, {.hasCode = true});
        row("with something else", u"has:wings "_s, {.terms = {word(u"has:wings"_s)}});
        row("by a model", u"model:\"GPT 5\" hi "_s, {.terms = {word(u"hi"_s)}, .model = u"GPT 5"_s});
        row("an excluded filter is words", u"-from:user "_s, {.terms = {without(u"from:user"_s)}});
        row("no filter", u"std::string "_s, {.terms = {word(u"std::string"_s)}});
        row("an address", u"https://a.b/c?d=e "_s, {.terms = {word(u"https://a.b/c?d=e"_s)}});
        row("a colon first", u":smile: "_s, {.terms = {word(u":smile:"_s)}});
        row("everything", u"from:user in:\"a b\" before:2026-01-31 has:code -x \"y z\" w"_s,
            {.terms = {without(u"x"_s), word(u"y z"_s), open(u"w"_s)},
             .from = ChatRole::User,
             .titles = {u"a"_s, u"b"_s},
             .before = date,
             .hasCode = true});
    }

    void whatIsTypedMeans()
    {
        QFETCH(QString, typed);
        QFETCH(SearchQuery, expected);
        const SearchQuery query = parseSearch(typed);
        QCOMPARE_EQ(query, expected);
        QCOMPARE(query.isEmpty(), expected == SearchQuery{});
    }

    void whateverIsTypedIsAQuery()
    {
        QRandomGenerator random(11);
        const QString alphabet = u"\"\"-:  ab*()^{}+\\'infrom\u00e4\u6771\U0001F600"_s;
        for (int i = 0; i < 20'000; ++i) {
            QString typed;
            for (int length = random.bounded(24); length > 0; --length)
                typed += alphabet.at(random.bounded(alphabet.size()));
            const SearchQuery query = parseSearch(typed);
            for (const SearchQuery::Term &term : query.terms)
                QVERIFY2(!term.text.isEmpty(), qPrintable(typed));
        }
    }
};

QTEST_GUILESS_MAIN(tst_SearchQuery)
#include "tst_searchquery.moc"
