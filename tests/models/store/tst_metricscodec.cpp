// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/metricscodec.h"

#include <QtTest/QTest>

#include <chrono>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_MetricsCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyNumberComesBack()
    {
        const TurnMetrics metrics{.firstByte = 1us,
                                  .firstToken = 0us,
                                  .total = std::chrono::hours(30),
                                  .tokensPerSecond = 41.5,
                                  .gaps = 5,
                                  .gapP50 = 6us,
                                  .gapP95 = 7us,
                                  .gapP99 = 8us,
                                  .gapMax = 9us,
                                  .stalls = 10,
                                  .retries = 11,
                                  .resumes = 12,
                                  .wireBytes = qint64{1} << 40,
                                  .decodedBytes = qint64{1} << 41};
        QCOMPARE_EQ(decodeMetrics(encodeMetrics(metrics)), metrics);
    }

    void whatNeverHappenedTakesNoRoom()
    {
        QVERIFY(encodeMetrics({}).isEmpty());
        const TurnMetrics retried{.retries = 1};
        QCOMPARE_LE(encodeMetrics(retried).size(), 12);
        QCOMPARE_EQ(decodeMetrics(encodeMetrics(retried)), retried);
    }

    void theNamesOnDiskStayWhatTheyAre()
    {
        // {"first_byte_us": 250, "tokens_per_s": 2.5, "gap_max_us": 3, "later": 1}
        const QByteArray blob =
            QByteArray::fromHex("a46d66697273745f627974655f757318fa6c746f6b656e735f7065725f73"
                                "fb40040000000000006a6761705f6d61785f757303656c6174657201");
        const TurnMetrics expected{.firstByte = 250us, .tokensPerSecond = 2.5, .gapMax = 3us};
        QCOMPARE_EQ(decodeMetrics(blob), expected);
    }

    void whatCanNotBeReadIsNothing()
    {
        QCOMPARE_EQ(decodeMetrics("no CBOR"_ba), TurnMetrics{});
        // {"stalls": 7, "retries": what is missing
        QCOMPARE_EQ(decodeMetrics(QByteArray::fromHex("a2667374616c6c73076772657472696573")), TurnMetrics{});
        // {"stalls": "x"}
        QCOMPARE_EQ(decodeMetrics(QByteArray::fromHex("a1667374616c6c736178")), TurnMetrics{});
    }
};

QTEST_GUILESS_MAIN(tst_MetricsCodec)
#include "tst_metricscodec.moc"
