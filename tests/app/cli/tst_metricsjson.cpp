// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/metricsjson.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_MetricsJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatNeverHappenedIsLeftOut()
    {
        QCOMPARE(cli::toJson({}),
                 R"({"stalls":0,"retries":0,"resumes":0,"wire_bytes":0,"decoded_bytes":0})"_ba);
    }

    void aCostIsAnAmountOfDollars()
    {
        QVERIFY(cli::toJson({}, Cost{1'234'000'000}).endsWith(R"("cost_usd":0.001234})"));
    }

    void everythingIsNamedWithItsUnit()
    {
        const TurnMetrics metrics{.firstByte = 20'500us,
                                  .firstToken = 100ms,
                                  .total = 2s,
                                  .tokensPerSecond = 12.34,
                                  .gaps = 3,
                                  .gapP50 = 10ms,
                                  .gapP95 = 20ms,
                                  .gapP99 = 30ms,
                                  .gapMax = 40ms,
                                  .stalls = 1,
                                  .retries = 2,
                                  .resumes = 3,
                                  .wireBytes = 4,
                                  .decodedBytes = 5};
        QCOMPARE(
            cli::toJson(metrics),
            R"({"first_byte_ms":20.500,"first_token_ms":100.000,"total_ms":2000.000,"tokens_per_s":12.3,)"
            R"("gaps":{"count":3,"p50_ms":10.000,"p95_ms":20.000,"p99_ms":30.000,"max_ms":40.000},)"
            R"("stalls":1,"retries":2,"resumes":3,"wire_bytes":4,"decoded_bytes":5})"_ba);
    }
};

QTEST_GUILESS_MAIN(tst_MetricsJson)
#include "tst_metricsjson.moc"
