// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/ratelimits.h"

#include "net/dialects/errorbody.h"
#include "net/dialects/httpheaders.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rivulet {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

// The names of one allowance's three headers.
struct Names
{
    QByteArrayView limit;
    QByteArrayView remaining;
    QByteArrayView reset;
};

// Those that say more come first.
constexpr std::array requestNames{
    Names{"anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining",
          "anthropic-ratelimit-requests-reset"},
    Names{"x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
    Names{"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"},
    Names{"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"},
};
constexpr std::array tokenNames{
    Names{"anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining",
          "anthropic-ratelimit-tokens-reset"},
    Names{"anthropic-ratelimit-input-tokens-limit", "anthropic-ratelimit-input-tokens-remaining",
          "anthropic-ratelimit-input-tokens-reset"},
    Names{"x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
};

constexpr double longestReset = 24.0 * 60 * 60 * 1000; // ms

// Numbers beyond these are no spans but points in time, in seconds and in milliseconds since 1970.
constexpr double firstPoint = 1e9;
constexpr double firstPointInMs = 1e12;

std::optional<qint64> count(const QByteArray &value)
{
    bool ok = false;
    const qint64 number = value.toLongLong(&ok);
    return ok && number >= 0 ? std::optional(number) : std::nullopt;
}

milliseconds bounded(double span)
{
    return milliseconds(static_cast<qint64>(std::ceil(std::clamp(span, 0.0, longestReset))));
}

// Spans such as "1m30.5s" and "250ms".
std::optional<double> span(QByteArrayView text)
{
    static constexpr auto units = std::to_array<std::pair<QByteArrayView, double>>(
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}});
    double sum = 0;
    while (!text.isEmpty()) {
        const auto isOfNumber = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
        const auto unitBegin = std::ranges::find_if_not(text, isOfNumber);
        const auto unitEnd = std::find_if(unitBegin, text.end(), isOfNumber);
        bool ok = false;
        const double number = QByteArrayView(text.begin(), unitBegin).toDouble(&ok);
        const auto *const unit = std::ranges::find(units, QByteArrayView(unitBegin, unitEnd),
                                                   &std::pair<QByteArrayView, double>::first);
        if (!ok || unit == units.end())
            return std::nullopt;
        sum += number * unit->second;
        text = QByteArrayView(unitEnd, text.end());
    }
    return sum;
}

// When an allowance is whole again: as a span, as a point in time, or as a date.
std::optional<milliseconds> reset(const QByteArray &value, const QDateTime &sent)
{
    if (value.isEmpty())
        return std::nullopt;
    bool ok = false;
    if (const double number = value.toDouble(&ok); ok) {
        const auto since = static_cast<double>(sent.toMSecsSinceEpoch());
        if (!std::isfinite(number) || number < 0)
            return std::nullopt;
        if (number >= firstPointInMs)
            return bounded(number - since);
        return bounded(number >= firstPoint ? number * 1000 - since : number * 1000);
    }
    if (const QDateTime date = QDateTime::fromString(QString::fromLatin1(value), Qt::ISODateWithMs);
        date.isValid())
        return bounded(static_cast<double>(sent.msecsTo(date)));
    if (const auto length = span(value))
        return bounded(*length);
    return std::nullopt;
}

template<size_t Count>
RateAllowance allowance(const HttpHeaders &headers, const std::array<Names, Count> &forms,
                        const QDateTime &sent)
{
    for (const Names &names : forms) {
        const RateAllowance read{.limit = count(headerOf(headers, names.limit)),
                                 .remaining = count(headerOf(headers, names.remaining)),
                                 .resetsIn = reset(headerOf(headers, names.reset), sent)};
        if (read.remaining)
            return read;
    }
    return {};
}

} // namespace

RateLimits readRateLimits(const ResponseHead &head, const QDateTime &now)
{
    const QDateTime sent = sentAt(head.headers, now);
    return {.requests = allowance(head.headers, requestNames, sent),
            .tokens = allowance(head.headers, tokenNames, sent),
            .retryAfter = retryAfter(head.headers, now)};
}

} // namespace rivulet
