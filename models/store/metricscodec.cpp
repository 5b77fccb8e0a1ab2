// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/metricscodec.h"

#include <QtCore/qcbormap.h>
#include <QtCore/qcborvalue.h>

#include <chrono>
#include <concepts>
#include <optional>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

using std::chrono::microseconds;

/// Calls `visit` with the name and the number of each: one list for both directions. On disk: never rename.
void forEachNumber(auto &metrics, const auto &visit)
{
    visit("first_byte_us"_L1, metrics.firstByte);
    visit("first_token_us"_L1, metrics.firstToken);
    visit("total_us"_L1, metrics.total);
    visit("tokens_per_s"_L1, metrics.tokensPerSecond);
    visit("gaps"_L1, metrics.gaps);
    visit("gap_p50_us"_L1, metrics.gapP50);
    visit("gap_p95_us"_L1, metrics.gapP95);
    visit("gap_p99_us"_L1, metrics.gapP99);
    visit("gap_max_us"_L1, metrics.gapMax);
    visit("stalls"_L1, metrics.stalls);
    visit("retries"_L1, metrics.retries);
    visit("resumes"_L1, metrics.resumes);
    visit("wire_bytes"_L1, metrics.wireBytes);
    visit("decoded_bytes"_L1, metrics.decodedBytes);
}

QCborValue valueOf(std::integral auto number)
{
    return qint64{number};
}

QCborValue valueOf(double number)
{
    return number;
}

QCborValue valueOf(microseconds time)
{
    return qint64{time.count()};
}

void read(qint64 &number, const QCborValue &value)
{
    number = value.toInteger();
}

void read(int &number, const QCborValue &value)
{
    number = static_cast<int>(value.toInteger());
}

void read(double &number, const QCborValue &value)
{
    number = value.toDouble();
}

void read(microseconds &time, const QCborValue &value)
{
    time = microseconds(value.toInteger());
}

void read(std::optional<microseconds> &time, const QCborValue &value)
{
    time = microseconds(value.toInteger());
}

struct Encoder
{
    QCborMap &numbers;

    template<typename T>
    void operator()(QLatin1StringView name, const T &number) const
    {
        if (number != T{})
            numbers.insert(name, valueOf(number));
    }
    void operator()(QLatin1StringView name, const std::optional<microseconds> &time) const
    {
        if (time)
            numbers.insert(name, valueOf(*time));
    }
};

} // namespace

QByteArray encodeMetrics(const TurnMetrics &metrics)
{
    QCborMap numbers;
    forEachNumber(metrics, Encoder{numbers});
    return numbers.isEmpty() ? QByteArray() : numbers.toCborValue().toCbor();
}

TurnMetrics decodeMetrics(const QByteArray &blob)
{
    TurnMetrics metrics;
    if (blob.isEmpty())
        return metrics;
    QCborParserError error;
    const QCborMap numbers = QCborValue::fromCbor(blob, &error).toMap();
    if (error.error)
        return metrics;
    forEachNumber(metrics, [&numbers](QLatin1StringView name, auto &number) {
        if (const QCborValue value = numbers.value(name); value.isInteger() || value.isDouble())
            read(number, value);
    });
    return metrics;
}

} // namespace rivulet
