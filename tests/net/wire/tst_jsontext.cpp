// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/jsontext.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_JsonText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dataGoesOn_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<QByteArray>("joined");
        QTest::newRow("strings") << "\"a\\n\""_ba << "\"\\\"b\""_ba << "\"a\\n\\\"b\""_ba;
        QTest::newRow("an empty string") << R"("")"_ba << R"("a")"_ba << R"("a")"_ba;
        QTest::newRow("halves of a character")
            << "\"\\ud83d\""_ba << "\"\\ude00\""_ba << "\"\\ud83d\\ude00\""_ba;
        QTest::newRow("arrays") << "[1,[2]]"_ba << "[3]"_ba << "[1,[2],3]"_ba;
        QTest::newRow("an empty array first") << "[]"_ba << "[1]"_ba << "[1]"_ba;
        QTest::newRow("an empty array last") << "[1]"_ba << "[]"_ba << "[1]"_ba;
        QTest::newRow("members") << R"({"a":1,"b":2})"_ba << R"({"b":3,"c":4})"_ba
                                 << R"({"a":1,"b":3,"c":4})"_ba;
        QTest::newRow("what does not fit") << R"("a")"_ba << "[1]"_ba << "[1]"_ba;
        QTest::newRow("numbers") << "1"_ba << "2"_ba << "2"_ba;
        QTest::newRow("nothing before") << ""_ba << R"("a")"_ba << R"("a")"_ba;
        QTest::newRow("a lone quote") << "\""_ba << R"("a")"_ba << R"("a")"_ba;
    }

    void dataGoesOn()
    {
        QFETCH(QByteArray, data);
        QFETCH(QByteArray, more);
        QTEST(joinedJson(data, more), "joined");
    }

    void largeNumbersAreJoinedAsTheyAre()
    {
        QCOMPARE(joinedJson("[12345678901234567890]"_ba, "[1.0]"_ba), "[12345678901234567890,1.0]"_ba);
    }

    void onlyAWholeObjectIsAnObject_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("whole");
        QTest::newRow("object") << u"{\"a\":\"}\"}"_s << true;
        QTest::newRow("empty object") << u"{}"_s << true;
        QTest::newRow("cut off") << u"{\"a\":\"b"_s << false;
        QTest::newRow("nothing") << QString() << false;
        QTest::newRow("an array") << u"[]"_s << false;
        QTest::newRow("more behind it") << u"{}{}"_s << false;
    }

    void onlyAWholeObjectIsAnObject()
    {
        QFETCH(QString, text);
        QTEST(isJsonObject(text), "whole");
    }

    void aStringIsReadWithItsEscapes()
    {
        QCOMPARE(stringOfJson("\"a\\tb\\u00e4\\ud83d\\ude00\""_ba), u"a\tb\u00e4\U0001F600"_s);
        QVERIFY(!stringOfJson("1"_ba));
        QVERIFY(!stringOfJson("\"a"_ba));
        QVERIFY(!stringOfJson(R"("a","b")"_ba));
    }

    void aMemberIsFoundByItsName()
    {
        QCOMPARE(jsonMember("{\"url\":\"https://a.example/\\u00e4\"}"_ba, "url"_L1),
                 u"https://a.example/\u00e4"_s);
        QVERIFY(!jsonMember(R"({"url":1})"_ba, "url"_L1));
        QVERIFY(!jsonMember(R"("url")"_ba, "url"_L1));
    }

    void rowsMakeATable_data()
    {
        using Lines = QList<QStringList>;
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QList<QStringList>>("lines");
        const Lines people{{u"age"_s, u"name"_s}, {u"36"_s, u"Ada"_s}, {QString(), u"Alan"_s}};
        QTest::newRow("of objects") << R"([{"name":"Ada","age":36},{"name":"Alan"}])"_ba << people;
        QTest::newRow("of arrays") << R"([["a","b"],[1.5,true],[null]])"_ba
                                   << Lines{{u"a"_s, u"b"_s}, {u"1.5"_s, u"true"_s}, {QString(), QString()}};
        QTest::newRow("with columns")
            << R"({"columns":["n","m"],"rows":[[1,2]]})"_ba << Lines{{u"n"_s, u"m"_s}, {u"1"_s, u"2"_s}};
        QTest::newRow("columns choose members")
            << R"({"columns":["name"],"rows":[{"age":36,"name":"Ada"}]})"_ba
            << Lines{{u"name"_s}, {u"Ada"_s}};
        QTest::newRow("values in cells")
            << R"([["a"],[{"b":[1]}]])"_ba << Lines{{u"a"_s}, {u"{\"b\":[1]}"_s}};
    }

    void rowsMakeATable()
    {
        QFETCH(QByteArray, json);
        QFETCH(QList<QStringList>, lines);
        QCOMPARE_EQ(tableOfJson(json), lines);
    }

    void whatIsNoRowsIsNoTable()
    {
        for (const QByteArray &json : {"[]"_ba, "1"_ba, R"("a")"_ba, "[1,2]"_ba, R"([{"a":1},[2]])"_ba,
                                       "[[]]"_ba, R"({"rows":[]})"_ba, R"([["a"])"_ba, ""_ba})
            QVERIFY2(!tableOfJson(json), json.constData());
    }

    void jsonIsIndentedForPeople()
    {
        QCOMPARE(indentedJson(R"({"a":[1]})"_ba), u"{\n    \"a\": [\n        1\n    ]\n}"_s);
        QCOMPARE(indentedJson(R"({"a":)"_ba), u"{\"a\":"_s);
        QCOMPARE(indentedJson(R"("a")"_ba), u"\"a\""_s);
    }

    void noTextDoesHarm()
    {
        const QByteArray whole = "{\"columns\":[\"a\"],\"rows\":[[\"\\\"[{\",1,null]]}"_ba;
        for (qsizetype cut = 0; cut < whole.size(); ++cut) {
            const QByteArray text = whole.first(cut);
            QVERIFY(!tableOfJson(text));
            QVERIFY(!isJsonObject(QString::fromUtf8(text)));
            QCOMPARE(indentedJson(text), QString::fromUtf8(text));
            QVERIFY(joinedJson(text, text).size() <= 2 * text.size() + 1);
        }
    }
};

QTEST_APPLESS_MAIN(tst_JsonText)
#include "tst_jsontext.moc"
