// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/pricetable.h"

#include "net/providers/presets.h"

#include <QtTest/QTest>

#include <limits>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 million = 1'000'000;

Provider preset(QStringView id)
{
    return presetById(id)->provider;
}

/// A table with these prices.
std::expected<PriceTable, QString> tableOf(const QByteArray &prices)
{
    return PriceTable::read("{\"date\":\"2026-01-31\",\"prices\":[" + prices + "]}");
}

const QByteArray smallModel =
    R"({"provider":"openai","models":["small","tiny"],"input":0.15,"output":0.6,"cached":0.075})";

std::optional<Cost> costOf(const QString &model, const Usage &usage)
{
    return tableOf(smallModel)->cost(preset(u"openai"), model, usage);
}

} // namespace

class PriceTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tokens_cost_what_is_listed()
    {
        const Usage usage{.inputTokens = million, .outputTokens = 2 * million};
        QCOMPARE(toDecimal(*costOf(u"small"_s, usage)), u"1.350000"_s);
        const Usage few{.inputTokens = 17, .outputTokens = 5, .reasoningTokens = 3};
        QCOMPARE(costOf(u"small"_s, few), Cost{17 * 150'000 + 5 * 600'000});
        QCOMPARE(toDecimal(*costOf(u"small"_s, few)), u"0.000006"_s);
        QCOMPARE(toDecimal(*costOf(u"tiny"_s, {.inputTokens = 0, .outputTokens = 0})), u"0.000000"_s);
    }

    void what_the_server_had_read_before_is_cheaper()
    {
        const Usage usage{.inputTokens = million, .outputTokens = 0, .cachedTokens = million / 2};
        QCOMPARE(toDecimal(*costOf(u"small"_s, usage)), u"0.112500"_s);
        const auto table = tableOf(R"({"provider":"openai","models":["small"],"input":2,"output":3})");
        QVERIFY2(toDecimal(*table->cost(preset(u"openai"), u"small"_s, usage)) == u"2.000000"_s,
                 "where the list knows of no cache, nothing is");
    }

    void a_long_prompt_may_have_a_price_of_its_own()
    {
        const auto table =
            tableOf(R"({"provider":"openai","models":["small"],"beyond":1000,"input":4,"output":2},)"
                    R"({"provider":"openai","models":["small"],"input":2,"output":1})");
        const auto inMicro = [&table](qint64 tokens) {
            return table->cost(preset(u"openai"), u"small"_s, {.inputTokens = tokens, .outputTokens = 10})
                       ->picodollars
                / million;
        };
        QCOMPARE(inMicro(1000), 2010);
        QCOMPARE(inMicro(1001), 4024);
    }

    void a_version_of_a_model_costs_what_the_model_costs_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<bool>("isKnown");
        QTest::newRow("itself") << u"small"_s << true;
        QTest::newRow("a day") << u"small-20260131"_s << true;
        QTest::newRow("a day with dashes") << u"small-2026-01-31"_s << true;
        QTest::newRow("the newest") << u"small-latest"_s << true;
        QTest::newRow("a number") << u"small-001"_s << true;
        QTest::newRow("in a folder") << u"models/small"_s << true;
        QTest::newRow("a sibling") << u"small-audio"_s << false;
        QTest::newRow("a larger one") << u"small-2"_s << false;
        QTest::newRow("another one") << u"large"_s << false;
        QTest::newRow("none") << QString() << false;
    }

    void a_version_of_a_model_costs_what_the_model_costs()
    {
        QFETCH(const QString, model);
        QFETCH(const bool, isKnown);
        QCOMPARE(costOf(model, {.inputTokens = 1, .outputTokens = 1}).has_value(), isKnown);
    }

    void a_service_goes_by_its_address()
    {
        const auto table = tableOf(smallModel);
        const Usage usage{.inputTokens = 1, .outputTokens = 1};
        Provider renamed = preset(u"openai");
        renamed.id = u"openai-2"_s;
        renamed.name = u"At work"_s;
        QVERIFY(table->cost(renamed, u"small"_s, usage));
        Provider elsewhere = preset(u"openai");
        elsewhere.baseUrl = QUrl(u"https://gateway.example/v1"_s);
        QVERIFY(!table->cost(elsewhere, u"small"_s, usage));
        QVERIFY(!table->cost(preset(u"groq"), u"small"_s, usage));
        // One that has no address yet is no service at all.
        QVERIFY(!table->cost(preset(u"custom"), u"small"_s, usage));
    }

    void this_computer_charges_nothing_and_nothing_is_shown()
    {
        const auto table = tableOf(R"({"provider":"ollama","models":["small"],"input":1,"output":1})");
        const Usage usage{.inputTokens = 1, .outputTokens = 1};
        QVERIFY(!table->cost(preset(u"ollama"), u"small"_s, usage));
        Provider program = preset(u"openai");
        program.program = u"/usr/bin/agent"_s;
        QVERIFY(!tableOf(smallModel)->cost(program, u"small"_s, usage));
    }

    void half_a_count_is_no_cost()
    {
        QVERIFY(!costOf(u"small"_s, {.inputTokens = 1}));
        QVERIFY(!costOf(u"small"_s, {.outputTokens = 1}));
        QVERIFY(!costOf(u"small"_s, {}));
    }

    void counts_that_make_no_sense_break_nothing()
    {
        constexpr qint64 most = std::numeric_limits<qint64>::max();
        QVERIFY(costOf(u"small"_s, {.inputTokens = most, .outputTokens = most, .cachedTokens = most})
                > Cost{});
        QCOMPARE(costOf(u"small"_s, {.inputTokens = -most, .outputTokens = -5, .cachedTokens = 7}), Cost{});
    }

    void a_file_that_is_none_is_refused_data()
    {
        QTest::addColumn<QByteArray>("json");
        const auto with = [](const QByteArray &price) {
            return R"({"date":"2026-01-31","prices":[)" + price + "]}";
        };
        QTest::newRow("not JSON") << "prices"_ba;
        QTest::newRow("no date") << R"({"prices":[]})"_ba;
        QTest::newRow("no day") << R"({"date":"2026-02-30","prices":[]})"_ba;
        QTest::newRow("another member")
            << with(R"({"provider":"openai","models":["a"],"input":1,"output":1,"per":"k"})");
        QTest::newRow("no preset") << with(R"({"provider":"nobody","models":["a"],"input":1,"output":1})");
        QTest::newRow("no model") << with(R"({"provider":"openai","models":[],"input":1,"output":1})");
        QTest::newRow("a nameless model")
            << with(R"({"provider":"openai","models":[5],"input":1,"output":1})");
        QTest::newRow("no output") << with(R"({"provider":"openai","models":["a"],"input":1})");
        QTest::newRow("a gift") << with(R"({"provider":"openai","models":["a"],"input":-1,"output":1})");
        QTest::newRow("a text") << with(R"({"provider":"openai","models":["a"],"input":"1","output":1})");
        QTest::newRow("a fortune") << with(R"({"provider":"openai","models":["a"],"input":1e9,"output":1})");
    }

    void a_file_that_is_none_is_refused()
    {
        QFETCH(const QByteArray, json);
        const auto table = PriceTable::read(json);
        QVERIFY(!table);
        QVERIFY(!table.error().isEmpty());
    }

    void the_built_in_table_is_whole()
    {
        const PriceTable &table = priceTable();
        QVERIFY(table.date().isValid());
        QVERIFY(!table.prices().isEmpty());
        for (const PriceTable::Price &price : table.prices()) {
            const auto service = presetById(price.provider);
            QVERIFY2(service->place == ProviderPreset::Place::Cloud, qPrintable(price.provider));
            // A cached token never costs more, nor a token of the answer less.
            QVERIFY2(price.cached <= price.input && price.input <= price.output, qPrintable(price.models[0]));
            for (const QString &model : price.models) {
                const Usage usage{.inputTokens = price.beyond + 1, .outputTokens = 1};
                const Cost expected{(price.beyond + 1) * price.input + price.output};
                QVERIFY2(table.cost(service->provider, model, usage) == expected, qPrintable(model));
            }
        }
    }

    void money_is_rounded_where_it_is_shown_and_not_before()
    {
        QCOMPARE(toDecimal({499'999}), u"0.000000"_s);
        QCOMPARE(toDecimal({500'000}), u"0.000001"_s);
        QCOMPARE(toDecimal({-1'500'000'000'000}), u"-1.500000"_s);
        QCOMPARE(toDecimal({-1}), u"0.000000"_s);
        QCOMPARE(toDecimal(Cost{499'999} + Cost{1}), u"0.000001"_s);
    }
};

QTEST_GUILESS_MAIN(PriceTableTest)

#include "tst_pricetable.moc"
