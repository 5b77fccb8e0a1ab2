// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/streammetrics.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

cli::StreamMetrics::Time at(std::chrono::milliseconds time)
{
    return cli::StreamMetrics::Time(1h + time);
}

StreamEvents text(const char16_t *text)
{
    return {{.payload = event::Text{QString::fromUtf16(text)}, .agent = {}}};
}

QJsonObject json(const cli::StreamMetrics &metrics)
{
    return QJsonDocument::fromJson(metrics.toJson()).object();
}

} // namespace

class tst_StreamMetrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatNeverHappenedIsLeftOut()
    {
        QCOMPARE(cli::StreamMetrics().toJson(), R"({"retries":0,"wire_bytes":0,"decoded_bytes":0})"_ba);
    }

    void timesCountFromTheRequest()
    {
        cli::StreamMetrics metrics;
        metrics.sent(at(10ms));
        metrics.head(at(30ms));
        metrics.events(text(u"one"), at(110ms));
        metrics.ended(at(210ms));
        QCOMPARE(json(metrics)["first_byte_ms"_L1].toDouble(), 20);
        QCOMPARE(json(metrics)["first_token_ms"_L1].toDouble(), 100);
        QCOMPARE(json(metrics)["total_ms"_L1].toDouble(), 200);
    }

    void gapsAreBetweenArrivalsOfText()
    {
        cli::StreamMetrics metrics;
        metrics.sent(at(0ms));
        for (int i = 0; i <= 100; ++i)
            metrics.events(text(u"abcd"), at(std::chrono::milliseconds(10 * i)));
        metrics.events({{.payload = event::Started{}, .agent = {}}}, at(1'500ms));
        metrics.events(text(u"abcd"), at(2'000ms));
        const QJsonObject gaps = json(metrics)["gaps"_L1].toObject();
        QCOMPARE(gaps["count"_L1].toInt(), 101);
        QCOMPARE(gaps["p50_ms"_L1].toDouble(), 10);
        QCOMPARE(gaps["p99_ms"_L1].toDouble(), 10);
        QCOMPARE(gaps["max_ms"_L1].toDouble(), 1'000);
    }

    void theRateIsTheServersCountWhereItCounts()
    {
        cli::StreamMetrics metrics;
        metrics.sent(at(0ms));
        metrics.events(text(u"abcdefgh"), at(1'000ms));
        metrics.events(text(u"abcdefgh"), at(3'000ms));
        QCOMPARE(json(metrics)["tokens_per_s"_L1].toDouble(), 2);
        metrics.events({{.payload = event::UsageReported{{.outputTokens = 100}}, .agent = {}}}, at(3'000ms));
        QCOMPARE(json(metrics)["tokens_per_s"_L1].toDouble(), 50);
    }

    void reasoningCountsAsTokens()
    {
        cli::StreamMetrics metrics;
        metrics.sent(at(0ms));
        metrics.events({{.payload = event::Reasoning{u"hm"_s}, .agent = {}}}, at(5ms));
        QCOMPARE(json(metrics)["first_token_ms"_L1].toDouble(), 5);
    }

    void anotherRequestIsARetryAndTheClockGoesOn()
    {
        cli::StreamMetrics metrics;
        metrics.sent(at(0ms));
        metrics.sent(at(50ms));
        metrics.head(at(70ms));
        QCOMPARE(json(metrics)["retries"_L1].toInt(), 1);
        QCOMPARE(json(metrics)["first_byte_ms"_L1].toDouble(), 70);
    }

    void bytesAddUp()
    {
        cli::StreamMetrics metrics;
        metrics.bytes(10, 30);
        metrics.bytes(5, 10);
        QCOMPARE(json(metrics)["wire_bytes"_L1].toInt(), 15);
        QCOMPARE(json(metrics)["decoded_bytes"_L1].toInt(), 40);
    }
};

QTEST_GUILESS_MAIN(tst_StreamMetrics)
#include "tst_streammetrics.moc"
