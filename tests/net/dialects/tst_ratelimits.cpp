// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/ratelimits.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QDateTime now(QDate(2026, 11, 22), QTime(12, 0), QTimeZone::UTC);

RateLimits read(const HttpHeaders &headers)
{
    return readRateLimits({.status = 200, .contentType = {}, .headers = headers}, now);
}

} // namespace

class RateLimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_server_that_says_nothing_grants_what_it_grants()
    {
        QCOMPARE(read({{"content-type", "text/event-stream"}}), RateLimits());
    }

    void openai_and_its_kin_count_requests_and_tokens()
    {
        QCOMPARE(read({{"x-ratelimit-limit-requests", "60"},
                       {"x-ratelimit-remaining-requests", "59"},
                       {"x-ratelimit-reset-requests", "1s"},
                       {"x-ratelimit-limit-tokens", "150000"},
                       {"x-ratelimit-remaining-tokens", "149984"},
                       {"x-ratelimit-reset-tokens", "6m0s"}}),
                 (RateLimits{.requests = {.limit = 60, .remaining = 59, .resetsIn = 1s},
                             .tokens = {.limit = 150'000, .remaining = 149'984, .resetsIn = 6min}}));
    }

    void anthropic_names_the_tightest_of_its_limits_on_tokens()
    {
        QCOMPARE(read({{"anthropic-ratelimit-requests-limit", "50"},
                       {"anthropic-ratelimit-requests-remaining", "0"},
                       {"anthropic-ratelimit-requests-reset", "2026-11-22T12:00:12Z"},
                       {"anthropic-ratelimit-input-tokens-remaining", "7"},
                       {"anthropic-ratelimit-tokens-limit", "48000"},
                       {"anthropic-ratelimit-tokens-remaining", "6000"},
                       {"anthropic-ratelimit-tokens-reset", "2026-11-22T12:01:00.500Z"}}),
                 (RateLimits{.requests = {.limit = 50, .remaining = 0, .resetsIn = 12s},
                             .tokens = {.limit = 48'000, .remaining = 6'000, .resetsIn = 60'500ms}}));
        QCOMPARE(read({{"anthropic-ratelimit-input-tokens-remaining", "7"}}).tokens.remaining, 7);
    }

    void a_reset_is_written_in_many_ways_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<std::optional<std::chrono::milliseconds>>("span");
        const auto row = [](const char *text, std::optional<std::chrono::milliseconds> span) {
            QTest::newRow(text) << QByteArray(text) << span;
        };
        row("12", 12s);
        row("0.25", 250ms);
        row("120ms", 120ms);
        row("1m30.5s", 90'500ms);
        row("1h2m3s", 1h + 2min + 3s);
        row("1d", 24h);
        row("1795348830", 30s);
        row("1795348830500", 30'500ms);
        row("2026-11-22T12:00:30Z", 30s);
        row("2026-11-22T13:00:30+01:00", 30s);
        row("2026-11-22T11:00:00Z", 0s);
        row("999d", 24h);
        row("1e300", 24h);
        row("-5", std::nullopt);
        row("nan", std::nullopt);
        row("inf", std::nullopt);
        row("soon", std::nullopt);
        row("5 apples", std::nullopt);
        row("5x", std::nullopt);
        row("s", std::nullopt);
        row("", std::nullopt);
    }

    void a_reset_is_written_in_many_ways()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const std::optional<std::chrono::milliseconds>, span);
        QCOMPARE(read({{"x-ratelimit-remaining", "1"}, {"x-ratelimit-reset", text}}).requests.resetsIn, span);
        QCOMPARE(read({{"ratelimit-remaining", "1"}, {"ratelimit-reset", text}}).requests.resetsIn, span);
    }

    void points_in_time_count_from_the_servers_own_clock()
    {
        const RateLimits limits = read({{"date", "Sun, 22 Nov 2026 10:00:00 GMT"},
                                        {"anthropic-ratelimit-requests-remaining", "1"},
                                        {"anthropic-ratelimit-requests-reset", "2026-11-22T10:00:05Z"},
                                        {"retry-after", "Sun, 22 Nov 2026 10:00:07 GMT"}});
        QCOMPARE(limits.requests.resetsIn, 5s);
        QCOMPARE(limits.retryAfter, 7s);
    }

    void what_is_no_count_is_none_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"", "-1", "many", "1.5", "99999999999999999999"})
            QTest::newRow(text) << QByteArray(text);
    }

    void what_is_no_count_is_none()
    {
        QFETCH(const QByteArray, text);
        QCOMPARE(read({{"x-ratelimit-remaining-tokens", text}, {"x-ratelimit-limit-tokens", "5"}}),
                 RateLimits());
    }
};

QTEST_GUILESS_MAIN(RateLimitsTest)

#include "tst_ratelimits.moc"
