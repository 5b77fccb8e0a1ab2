// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/turnmetrics.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

TurnMeter::Time at(std::chrono::milliseconds time)
{
    return TurnMeter::Time(1h + time);
}

StreamEvents text(const QString &text)
{
    return {{.payload = event::Text{text}, .agent = {}}};
}

} // namespace

class TurnMetricsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void what_never_happened_is_empty() { QCOMPARE(TurnMeter().metrics(at(5ms)), TurnMetrics()); }

    void times_count_from_the_first_request()
    {
        TurnMeter meter;
        meter.sent(at(10ms));
        meter.sent(at(20ms));
        meter.accepted(at(30ms));
        meter.accepted(at(40ms));
        meter.events(text(u"one"_s), at(110ms));
        const TurnMetrics metrics = meter.metrics(at(210ms));
        QCOMPARE(metrics.firstByte, 20ms);
        QCOMPARE(metrics.firstToken, 100ms);
        QCOMPARE(metrics.total, 200ms);
    }

    void gaps_are_between_arrivals_of_text()
    {
        TurnMeter meter;
        meter.sent(at(0ms));
        for (int i = 0; i <= 100; ++i)
            meter.events(text(u"abcd"_s), at(std::chrono::milliseconds(10 * i)));
        meter.events({{.payload = event::Started{}, .agent = {}}}, at(1'500ms));
        meter.events(text(u"abcd"_s), at(2'000ms));
        const TurnMetrics metrics = meter.metrics(at(3'000ms));
        QCOMPARE(metrics.gaps, 101);
        QCOMPARE(metrics.gapP50, 10ms);
        QCOMPARE(metrics.gapP95, 10ms);
        QCOMPARE(metrics.gapMax, 1'000ms);
    }

    void a_long_answer_is_sampled_from_end_to_end()
    {
        TurnMeter meter;
        meter.sent(at(0ms));
        std::chrono::milliseconds now{0};
        // The second half comes half as fast: the percentiles are those of the whole.
        for (int i = 0; i < 400'000; ++i) {
            now += i < 200'000 ? 10ms : 20ms;
            meter.events(text(u"x"_s), at(now));
        }
        const TurnMetrics metrics = meter.metrics(at(now));
        QCOMPARE(metrics.gaps, 399'999);
        QCOMPARE(metrics.gapP95, 20ms);
        QVERIFY(metrics.gapP50 == 10ms || metrics.gapP50 == 20ms);
    }

    void the_rate_is_the_servers_count_where_it_counts()
    {
        TurnMeter meter;
        meter.sent(at(0ms));
        meter.events(text(u"abcdefgh"_s), at(1'000ms));
        meter.events(text(u"abcdefgh"_s), at(3'000ms));
        QCOMPARE(meter.metrics(at(3'000ms)).tokensPerSecond, 2.0);
        meter.events({{.payload = event::UsageReported{{.outputTokens = 100}}, .agent = {}}}, at(3'000ms));
        QCOMPARE(meter.metrics(at(3'000ms)).tokensPerSecond, 50.0);
    }

    void reasoning_counts_as_tokens()
    {
        TurnMeter meter;
        meter.sent(at(0ms));
        meter.events({{.payload = event::Reasoning{u"hm"_s}, .agent = {}}}, at(5ms));
        QCOMPARE(meter.metrics(at(5ms)).firstToken, 5ms);
    }

    void what_happened_is_counted()
    {
        TurnMeter meter;
        meter.bytes(10, 30);
        meter.bytes(5, 10);
        meter.stalled();
        meter.retried();
        meter.resumed();
        const TurnMetrics metrics = meter.metrics(at(0ms));
        QCOMPARE(metrics.wireBytes, 15);
        QCOMPARE(metrics.decodedBytes, 40);
        QCOMPARE(metrics.stalls, 1);
        QCOMPARE(metrics.retries, 1);
        QCOMPARE(metrics.resumes, 1);
    }
};

QTEST_GUILESS_MAIN(TurnMetricsTest)
#include "tst_turnmetrics.moc"
