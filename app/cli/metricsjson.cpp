// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/metricsjson.h"

#include "app/cli/jsonwriter.h"

namespace rivulet::cli {

namespace {

QByteArray millis(std::chrono::microseconds time)
{
    return QByteArray::number(std::chrono::duration<double, std::milli>(time).count(), 'f', 3);
}

QByteArray gapsJson(const TurnMetrics &metrics)
{
    JsonObjectWriter out;
    out.number("count", metrics.gaps);
    out.json("p50_ms", millis(metrics.gapP50)).json("p95_ms", millis(metrics.gapP95));
    out.json("p99_ms", millis(metrics.gapP99)).json("max_ms", millis(metrics.gapMax));
    return out.text();
}

} // namespace

QByteArray toJson(const TurnMetrics &metrics, const std::optional<Cost> &cost)
{
    JsonObjectWriter out;
    const auto time = [&out](QByteArrayView name, const std::optional<std::chrono::microseconds> &value) {
        if (value)
            out.json(name, millis(*value));
    };
    time("first_byte_ms", metrics.firstByte);
    time("first_token_ms", metrics.firstToken);
    time("total_ms", metrics.total);
    if (metrics.gaps > 0) {
        out.json("tokens_per_s", QByteArray::number(metrics.tokensPerSecond, 'f', 1));
        out.json("gaps", gapsJson(metrics));
    }
    out.number("stalls", metrics.stalls)
        .number("retries", metrics.retries)
        .number("resumes", metrics.resumes);
    out.number("wire_bytes", metrics.wireBytes).number("decoded_bytes", metrics.decodedBytes);
    if (cost)
        out.json("cost_usd", toDecimal(*cost).toLatin1());
    return out.text();
}

} // namespace rivulet::cli
