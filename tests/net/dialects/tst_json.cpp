// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/json.h"

#include "net/framing/limits.h"

#include <QtCore/qstringlist.h>
#include <QtTest/qtest.h>

#include <limits>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

const QString high(QChar(0xd83d));
const QString low(QChar(0xde00));

QByteArray quoted(const QByteArray &text)
{
    return '"' + text + '"';
}

QByteArray nested(int levels)
{
    return QByteArray(levels, '[') + QByteArray(levels, ']');
}

} // namespace

class tst_Json : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void membersAreFoundByName()
    {
        const json::Value value = read(R"({"a":1,"b":{"c":"x"},"d":[],"e":null})");
        QVERIFY(value.isObject());
        QCOMPARE(value["a"_L1].integer(), 1);
        QCOMPARE(value["b"_L1]["c"_L1].string(), u"x"_s);
        QVERIFY(value["d"_L1].isArray());
        QCOMPARE(value["e"_L1].compact(), "null");
    }

    void severalMembersAreFoundInOnePass()
    {
        const json::Value value = read(R"({"a":{"b":0},"b":2,"other":[{"a":0}],"c":"x"})");
        const auto [c, missing, a, b] = value.members("c"_L1, "missing"_L1, "a"_L1, "b"_L1);
        QCOMPARE(c.string(), u"x"_s);
        QVERIFY(missing.compact().isEmpty());
        QVERIFY(a.isObject());
        QCOMPARE(b.integer(), 2);
    }

    void ofMembersOfOneNameTheLastCounts() { QCOMPARE(read(R"({"a":1,"b":0,"a":2})")["a"_L1].integer(), 2); }

    void aNameMayBeWrittenWithEscapes()
    {
        const json::Value value = read("{\"text\\/plain\":1,\"\\u0063ontent\":2,\"a\\\"b\":3,\"a\\\\\":4}");
        QCOMPARE(value["text/plain"_L1].integer(), 1);
        QCOMPARE(value["content"_L1].integer(), 2);
        QCOMPARE(value["a\"b"_L1].integer(), 3);
        QCOMPARE(value["a\\"_L1].integer(), 4);
    }

    void membersWhoseNamesAreDataComeInTheOrderOfTheText()
    {
        QStringList found;
        read(R"({"z":1,"a":{"inner":0},"\u00e4":3,"ö":4})")
            .forEachMember([&](const QString &name, auto value) {
                found.append(name + u'=' + QString::fromUtf8(value.compact()));
            });
        QCOMPARE(found, (QStringList{u"z=1"_s, u"a={\"inner\":0}"_s, u"ä=3"_s, u"ö=4"_s}));
    }

    void itemsComeInOrder()
    {
        const json::Value value = read(R"([[1,[2]],{"a":3},4])");
        QByteArrayList items;
        value.forEach([&](const json::Value &item) { items.append(item.compact()); });
        QCOMPARE(items, (QByteArrayList{"[1,[2]]", R"({"a":3})", "4"}));
        QCOMPARE(value.first().first().integer(), 1);
    }

    void whatIsNotThereIsEmpty()
    {
        const json::Value value = read(R"({"null":null,"empty":[],"number":1})");
        for (const json::Value &nothing : {json::Value(), value["a"_L1], value["a"_L1]["b"_L1].first(),
                                           value["empty"_L1].first(), value["number"_L1]["a"_L1]}) {
            QVERIFY(!nothing.isString() && !nothing.isObject() && !nothing.isArray());
            QVERIFY(!nothing.isTruthy());
            QVERIFY(nothing.string().isNull());
            QCOMPARE(nothing.integer(), std::nullopt);
            QCOMPARE(nothing.number(), std::nullopt);
            QCOMPARE(nothing.boolean(), std::nullopt);
            QVERIFY(nothing.compact().isEmpty());
            nothing.forEach([](const json::Value &) { QFAIL("an item of nothing"); });
            nothing.forEachMember([](const QString &, const json::Value &) { QFAIL("a member of nothing"); });
        }
        QVERIFY(value["null"_L1].string().isNull());
        QCOMPARE(value["null"_L1].integer(), std::nullopt);
    }

    void truthIsAsInScripts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("truthy");
        for (const char *text : {"true", "1", "-0.5", R"("a")", "[0]", R"({"a":0})"})
            QTest::newRow(text) << QByteArray(text) << true;
        for (const char *text : {"null", "false", "0", "-0.0", "0e5", R"("")", "[]", "{}", "[ ]", "{ }"})
            QTest::newRow(text) << QByteArray(text) << false;
    }

    void truthIsAsInScripts()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, truthy);
        QCOMPARE(item(text).isTruthy(), truthy);
    }

    void stringsAreRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("string");
        const auto row = [](const char *name, const QByteArray &text, const QString &string) {
            QTest::newRow(name) << quoted(text) << string;
        };
        row("nothing", "", u""_s);
        row("words", "some words", u"some words"_s);
        row("UTF-8", "ä€😀", u"ä€😀"_s);
        row("escapes", R"(a\"\\\/\b\f\n\r\tz)", u"a\"\\/\b\f\n\r\tz"_s);
        row("a code", R"(\u20ac\u0000!)", u"€\0!"_s);
        row("brackets and commas", R"(}],:{[\")", u"}],:{[\""_s);
        row("a surrogate pair", R"(a\ud83d\ude00z)", u"a😀z"_s);
        row("a first half", R"(ä\ud83d)", QString(u"ä"_s + high));
        row("a second half", R"(\ude00€)", QString(low + u"€"_s));
        row("two first halves", R"(\ud83d\ud83d\ude00)", QString(high + u"😀"_s));
        row("a first half before another escape", R"(\ud83d\n\u0041)", QString(high + u"\nA"_s));
        row("halves the wrong way round", R"(\ude00\ud83d)", QString(low + high));
        row("what only looks like a half", R"(\ud7ff퟿\u0041)", u"\uD7FF\uD7FFA"_s);
        row("an unknown escape", R"(a\xb)", uR"(a\xb)"_s);
        row("a cut code", R"(a\u12)", uR"(a\u12)"_s);
    }

    void stringsAreRead()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, string);
        const json::Value value = item(text);
        QVERIFY(value.isString());
        QCOMPARE(value.string(), string);
        // The same again: reading leaves no trace.
        QCOMPARE(value.string(), string);
        QCOMPARE(value.compact(), text);
    }

    void aStringOfAnyLengthIsRead()
    {
        for (int length = 0; length < 300; ++length) {
            const QByteArray plain(length, 'x');
            const QString text = QString::fromLatin1(plain);
            QCOMPARE(item(quoted(plain)).string(), text);
            QCOMPARE(item(quoted(plain + "\\n")).string(), QString(text + u'\n'));
        }
    }

    void aStringIsComparedAsItReads()
    {
        QVERIFY(item(R"("stop")") == "stop"_L1);
        QVERIFY(item(R"("st\u006fp")") == "stop"_L1);
        QVERIFY(item(R"("stop ")") != "stop"_L1);
        QVERIFY(item("1") != "1"_L1);
        // NOLINTNEXTLINE(readability-container-size-empty): the comparison is what is tested
        QVERIFY(json::Value() != ""_L1);
    }

    void integersAreExact_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<std::optional<qint64>>("integer");
        const auto row = [](const char *text, std::optional<qint64> integer) {
            QTest::newRow(text) << QByteArray(text) << integer;
        };
        row("0", 0);
        row("-7", -7);
        row("9007199254740993", 9007199254740993);
        row("9223372036854775807", std::numeric_limits<qint64>::max());
        row("-9223372036854775808", std::numeric_limits<qint64>::min());
        row("9223372036854775808", {});
        row("123456789012345678901234567890", {});
        row("1e3", 1000);
        row("1.9", 1);
        row("-1.9", -1);
        row("1e300", {});
        row("1e999", {});
        row(R"("12")", 12);
        row(R"("9007199254740993")", 9007199254740993);
        row(R"("12 apples")", {});
        row(R"("")", {});
        row("true", {});
        row("[1]", {});
        row("-", {});
        row("1x", {});
    }

    void integersAreExact()
    {
        QFETCH(QByteArray, text);
        using Integer = std::optional<qint64>;
        QFETCH(Integer, integer);
        QCOMPARE(item(text).integer(), integer);
    }

    void numbersAndTruthValuesAreRead()
    {
        QCOMPARE(item("0.25").number(), 0.25);
        QCOMPARE(item("-1e-3").number(), -0.001);
        QCOMPARE(item(R"("0.5")").number(), 0.5);
        QCOMPARE(item("1e999").number(), std::nullopt);
        QCOMPARE(item(R"("nan")").number(), std::nullopt);
        QCOMPARE(item("true").boolean(), true);
        QCOMPARE(item("false").boolean(), false);
        QCOMPARE(item("0").boolean(), std::nullopt);
    }

    void compactTextIsAsItWasSent()
    {
        const json::Value value = read("{ \"b\" : [ 1.50 , { \"a b\" : \"x\\u20AC\\/ \\\" y\" } ] ,\n"
                                       "  \"a\" : 9007199254740993.0 } \r\n");
        QCOMPARE(value["b"_L1].compact(), "[1.50,{\"a b\":\"x\\u20AC\\/ \\\" y\"}]");
        QCOMPARE(value["a"_L1].compact(), "9007199254740993.0");
        QCOMPARE(value.compact(), "{\"b\":[1.50,{\"a b\":\"x\\u20AC\\/ \\\" y\"}],\"a\":9007199254740993.0}");
    }

    void whatIsNoJsonIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"",
                                 " ",
                                 "1",
                                 "\"a\"",
                                 "null",
                                 "true",
                                 "hello",
                                 "[DONE]",
                                 "{a:1}",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "[1,]",
                                 "[,1]",
                                 "[1 2]",
                                 "{\"a\":1 \"b\":2}",
                                 "[1]]",
                                 "{}{}",
                                 "{} x",
                                 "[1}",
                                 "{\"a\":1]",
                                 "{\"a\":[1}",
                                 "{\"a\":{\"b\":1}",
                                 "[[1]",
                                 "{\"a\":1,\"b}",
                                 "{1:2}",
                                 "[tru]",
                                 "[truex]",
                                 "[nul]",
                                 "[x]",
                                 "[\"a\"b]",
                                 "]",
                                 "}",
                                 "{\"a\":\"b}",
                                 "<html>",
                                 "[1][2]",
                                 "[NaNa]",
                                 "[+1]",
                                 "\xEF\xBB\xBF"})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("a control character for a value") << "[\x01 ]"_ba;
        QTest::newRow("a null byte for a value") << "{\"a\":\0 ,\"b\":1}"_ba;
    }

    void whatIsNoJsonIsRefused()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!m_reader.read(text));
    }

    void aDocumentCutAnywhereIsRefused()
    {
        const QByteArray whole =
            R"({"id":"ä\n","choices":[{"index":0,"delta":{"content":"😀\ud83d"},"x":[[],{},-1.5e3,true]}]})";
        QVERIFY(m_reader.read(whole));
        for (qsizetype end = 0; end < whole.size(); ++end)
            QVERIFY2(!m_reader.read(QByteArrayView(whole).first(end)), qPrintable(QString::number(end)));
    }

    void aDocumentMayHaveAByteOrderMarkAndWhiteSpace()
    {
        QCOMPARE(read("\xEF\xBB\xBF{\"a\":1}")["a"_L1].integer(), 1);
        QCOMPARE(read(" \r\n\t{\"a\":1}\n ")["a"_L1].integer(), 1);
    }

    void invalidUtf8CostsNoMoreThanItsCharacters_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("a byte that is none") << "\xFF"_ba;
        QTest::newRow("a continuation alone") << "\x80"_ba;
        QTest::newRow("a cut character") << "\xE2\x82"_ba;
        QTest::newRow("a cut character of four") << "\xF0\x9F\x98"_ba;
        QTest::newRow("an overlong form") << "\xC0\xAF"_ba;
        QTest::newRow("half a pair as UTF-8") << "\xED\xA0\xBD"_ba;
        QTest::newRow("beyond Unicode") << "\xF4\x90\x80\x80"_ba;
    }

    void invalidUtf8CostsNoMoreThanItsCharacters()
    {
        QFETCH(QByteArray, bytes);
        const json::Value value = read("{\"a\":\"<" + bytes + "\\ud83d>\",\"b\":\"ä\\n\"}");
        const QString string = value["a"_L1].string();
        QVERIFY(string.startsWith(u"<\uFFFD"));
        QCOMPARE(string.last(2), QString(high + u'>'));
        QVERIFY(QStringView(string).sliced(1).chopped(2).toString().remove(u'\uFFFD').isEmpty());
        QCOMPARE(value["b"_L1].string(), u"ä\n"_s);
    }

    void controlCharactersInStringsAreRead()
    {
        const json::Value value = read("{\n\t\"a\":\"x\ty\\\"\nz\",\"b\\\\\":\"\x01\xFF\"}"_ba);
        QCOMPARE(value["a"_L1].string(), u"x\ty\"\nz"_s);
        QCOMPARE(value["b\\"_L1].string(), u"\u0001\uFFFD"_s);
    }

    void numbersThatAreNoneReadAsNull()
    {
        const json::Value value = read(R"({"a":NaN,"b":[Infinity,-Infinity],"c":1})");
        QVERIFY(!value["a"_L1].isTruthy());
        QCOMPARE(value["a"_L1].integer(), std::nullopt);
        value["b"_L1].forEach([](const json::Value &item) { QCOMPARE(item.number(), std::nullopt); });
        QCOMPARE(value["c"_L1].integer(), 1);
    }

    void nestingIsBounded()
    {
        QVERIFY(m_reader.read(nested(json::Reader::deepest)));
        QVERIFY(!m_reader.read(nested(json::Reader::deepest + 1)));
        QVERIFY(!m_reader.read(nested(1'000'000)));
        QVERIFY(!m_reader.read(QByteArray(1'000'000, '[')));
        QVERIFY(!m_reader.read(QByteArray("{\"a\":").repeated(100'000)));
        QCOMPARE(item("1").integer(), 1);
    }

    void theNumberOfValuesIsBounded()
    {
        const auto zeros = [](size_t count) -> QByteArray {
            return '[' + QByteArray("0,").repeated(static_cast<qsizetype>(count) - 1) + "0]";
        };
        // The array itself is one.
        QVERIFY(m_reader.read(zeros(limits::jsonValues - 1)));
        QVERIFY(!m_reader.read(zeros(limits::jsonValues)));
    }

    void aReaderReadsDocumentsOfAnySizeOneAfterTheOther()
    {
        for (const qsizetype size : {10, 100'000, 20, 5'000'000, 30, 16'384, 1'048'576, 40}) {
            const QByteArray text(size, 'x');
            QCOMPARE(item(quoted(text)).string().size(), size);
            QVERIFY(!m_reader.read("{"));
        }
    }

    void theTextNeedNotOutliveTheReading()
    {
        QByteArray text = R"({"a":"b\n"})";
        const json::Value value = read(text);
        text.fill('x');
        QCOMPARE(value["a"_L1].string(), u"b\n"_s);
    }

    void aCopyOfAReaderStartsAfresh()
    {
        const json::Value value = item("1");
        json::Reader copy(m_reader);
        QVERIFY(copy.read("[2]"));
        QCOMPARE(value.integer(), 1);
    }

private:
    // The document, which must be one; it lives until the next call.
    json::Value read(const QByteArray &text)
    {
        // Without a byte behind it: sanitizers see who reads too far.
        const std::vector<char> exact(text.cbegin(), text.cend());
        const auto value = m_reader.read({exact.data(), static_cast<qsizetype>(exact.size())});
        if (!value)
            qWarning("not read: %s", text.left(200).constData());
        return value.value_or(json::Value());
    }

    json::Value item(const QByteArray &text) { return read('[' + text + ']').first(); }

    json::Reader m_reader;
};

QTEST_APPLESS_MAIN(tst_Json)
#include "tst_json.moc"
