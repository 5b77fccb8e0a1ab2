// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/ratelimiter.h"

#include "net/wire/chatrequest.h"

#include <QtTest/QTest>

#include <memory>
#include <optional>
#include <utility>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Provider provider(const ProviderLimits &limits = {})
{
    return {.id = u"team"_s, .limits = limits, .replicas = {{.id = u"west"_s}}};
}

/// A limiter whose time is told to it.
struct Stage
{
    explicit Stage(const ProviderLimits &own = {}) : limits(own) {}

    [[nodiscard]] RateLimiter::Ticket enter(qint64 tokens = 0)
    {
        return limiter.enter(provider(limits), tokens);
    }

    /// A request that leaves at once, and whose answer begins with that.
    [[nodiscard]] RateLimiter::Ticket ask(qint64 tokens = 0, const RateLimits &answer = {}, int status = 200)
    {
        RateLimiter::Ticket ticket = enter(tokens);
        ticket.noteSent();
        ticket.noteHead(status, answer);
        return ticket;
    }

    ProviderLimits limits;
    RateLimiter::Clock::time_point now{};
    RateLimiter limiter{[this] { return now; }};
};

} // namespace

class RateLimiterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobody_waits_where_nobody_has_set_a_limit()
    {
        Stage stage;
        for (int i = 0; i < 1000; ++i) {
            auto ticket = stage.enter(1'000'000);
            QCOMPARE(ticket.wait(), 0ms);
            ticket.noteSent();
        }
    }

    void requests_beyond_the_users_limit_are_spread_over_the_minute()
    {
        Stage stage({.requestsPerMinute = 6});
        for (int i = 0; i < 6; ++i)
            QCOMPARE(stage.ask().wait(), 0ms);
        auto seventh = stage.enter();
        QCOMPARE(seventh.wait(), 10s);
        stage.now += 4s;
        QCOMPARE(seventh.wait(), 6s);
        stage.now += 6s;
        QCOMPARE(seventh.wait(), 0ms);
        seventh.noteSent();
        QCOMPARE(stage.enter().wait(), 10s);
        stage.now += 1h;
        for (int i = 0; i < 6; ++i)
            (void)stage.ask();
        QVERIFY2(stage.enter().wait() == 10s, "what was not used does not pile up");
    }

    void tokens_beyond_the_users_limit_wait_as_well()
    {
        Stage stage({.tokensPerMinute = 6000});
        (void)stage.ask(5000);
        QCOMPARE(stage.enter(1000).wait(), 0ms);
        QCOMPARE(stage.enter(3000).wait(), 20s);
    }

    void a_request_that_is_larger_than_the_limit_waits_until_all_of_it_is_there()
    {
        Stage stage({.tokensPerMinute = 6000});
        QCOMPARE(stage.enter(1'000'000).wait(), 0ms);
        (void)stage.ask(3000);
        QCOMPARE(stage.enter(1'000'000).wait(), 30s);
        (void)stage.ask(1'000'000);
        QVERIFY2(stage.enter(1).wait() <= 61s, "and what is owed has a bound");
    }

    void what_the_server_counted_takes_the_place_of_the_estimate()
    {
        Stage stage({.tokensPerMinute = 6000});
        auto first = stage.ask(3000);
        first.noteUsage({.inputTokens = 2000, .outputTokens = 10});
        first.noteUsage({.inputTokens = 2000, .outputTokens = 3000});
        QCOMPARE(stage.enter(2000).wait(), 10s);
        auto second = stage.ask(1000);
        second.noteUsage({.inputTokens = 500, .outputTokens = 0});
        QCOMPARE(stage.enter(2000).wait(), 15s);
        second.noteUsage({});
        QCOMPARE(stage.enter(2000).wait(), 15s);
    }

    void first_come_first_served()
    {
        Stage stage({.requestsPerMinute = 6});
        for (int i = 0; i < 6; ++i)
            (void)stage.ask();
        auto first = stage.enter();
        auto second = stage.enter();
        auto third = stage.enter();
        QCOMPARE(first.wait(), 10s);
        QCOMPARE(second.wait(), 20s);
        QCOMPARE(third.wait(), 30s);
        stage.now += 10s;
        QCOMPARE(first.wait(), 0ms);
        QVERIFY2(second.wait() == 10s, "it is the first one's turn, though that has not gone yet");
        first.noteSent();
        QCOMPARE(second.wait(), 10s);
        QCOMPARE(third.wait(), 20s);
    }

    void a_small_request_does_not_overtake_a_large_one()
    {
        Stage stage({.tokensPerMinute = 6000});
        (void)stage.ask(5900);
        const auto large = stage.enter(3000);
        const auto small = stage.enter(10);
        QCOMPARE(large.wait(), 29s);
        QVERIFY(small.wait() >= large.wait());
    }

    void who_leaves_the_line_lets_the_others_move_up()
    {
        Stage stage({.requestsPerMinute = 6});
        for (int i = 0; i < 6; ++i)
            (void)stage.ask();
        std::optional first = stage.enter();
        auto second = stage.enter();
        first.reset();
        QCOMPARE(second.wait(), 10s);
    }

    void every_place_has_limits_and_a_line_of_its_own()
    {
        RateLimiter limiter;
        const QList<Provider> places = placesOf(provider({.requestsPerMinute = 1}));
        auto first = limiter.enter(places[0], 0);
        first.noteSent();
        QVERIFY(limiter.enter(places[0], 0).wait() > 0ms);
        QCOMPARE(limiter.enter(places[1], 0).wait(), 0ms);
    }

    void a_limit_that_the_user_changes_holds_at_once()
    {
        Stage stage({.requestsPerMinute = 2});
        (void)stage.ask();
        (void)stage.ask();
        QCOMPARE(stage.enter().wait(), 30s);
        stage.limits.requestsPerMinute = 60;
        QCOMPARE(stage.enter().wait(), 1s);
        stage.limits.requestsPerMinute.reset();
        QCOMPARE(stage.enter().wait(), 0ms);
    }

    void what_the_server_grants_is_not_exceeded()
    {
        Stage stage;
        (void)stage.ask(0, {.requests = {.limit = 61, .remaining = 1, .resetsIn = 60s}});
        auto last = stage.enter();
        auto next = stage.enter();
        QCOMPARE(last.wait(), 0ms);
        // Sixty come in a minute.
        QCOMPARE(next.wait(), 1s);
        stage.now += 60s;
        for (int i = 0; i < 1000; ++i)
            QVERIFY2(stage.ask().wait() == 0ms, "what it said was for that minute");
    }

    void without_a_size_nothing_is_expected_before_the_reset()
    {
        Stage stage;
        (void)stage.ask(0, {.tokens = {.remaining = 500, .resetsIn = 42s}});
        QCOMPARE(stage.enter(500).wait(), 0ms);
        QCOMPARE(stage.enter(501).wait(), 42s);
        (void)stage.ask(0, {.tokens = {.remaining = 0}});
        QCOMPARE(stage.enter(1).wait(), 60s);
    }

    void what_is_on_its_way_counts_though_the_server_has_not_seen_it()
    {
        Stage stage;
        auto slow = stage.enter(300);
        slow.noteSent();
        (void)stage.ask(
            0,
            {.requests = {.remaining = 1, .resetsIn = 10s}, .tokens = {.remaining = 400, .resetsIn = 20s}});
        QCOMPARE(stage.enter(50).wait(), 10s);
        slow.noteHead(
            200,
            {.requests = {.remaining = 5, .resetsIn = 10s}, .tokens = {.remaining = 400, .resetsIn = 20s}});
        QCOMPARE(stage.enter(50).wait(), 0ms);
        QCOMPARE(stage.enter(401).wait(), 20s);
    }

    void a_server_that_asks_for_a_pause_is_left_alone_by_all()
    {
        Stage stage;
        auto waiting = stage.enter();
        (void)stage.ask(0, {.retryAfter = 20s}, 429);
        QCOMPARE(waiting.wait(), 20s);
        QCOMPARE(stage.enter().wait(), 20s);
        stage.now += 20s;
        QCOMPARE(waiting.wait(), 0ms);
    }

    void a_wish_beside_a_good_answer_is_none()
    {
        Stage stage;
        (void)stage.ask(0, {.retryAfter = 20s});
        QCOMPARE(stage.enter().wait(), 0ms);
    }

    void no_server_makes_everybody_wait_for_ever()
    {
        Stage stage;
        (void)stage.ask(0, {.retryAfter = 24h}, 503);
        QCOMPARE(stage.enter().wait(), 1h);
    }

    void the_strictest_of_all_counts()
    {
        Stage stage({.requestsPerMinute = 6, .tokensPerMinute = 6000});
        for (int i = 0; i < 5; ++i)
            (void)stage.ask(1000);
        (void)stage.ask(1000, {.requests = {.remaining = 0, .resetsIn = 5s}});
        QCOMPARE(stage.enter(100).wait(), 10s);
        QCOMPARE(stage.enter(2000).wait(), 20s);
        (void)stage.ask(0, {.requests = {.remaining = 0, .resetsIn = 50s}});
        QCOMPARE(stage.enter(100).wait(), 50s);
    }

    void a_ticket_can_be_handed_on_and_may_outlive_its_limiter()
    {
        auto limiter = std::make_unique<RateLimiter>();
        auto first =
            std::make_unique<RateLimiter::Ticket>(limiter->enter(provider({.requestsPerMinute = 1}), 0));
        auto second = limiter->enter(provider({.requestsPerMinute = 1}), 0);
        limiter.reset();
        RateLimiter::Ticket moved = std::move(*first);
        first.reset();
        QCOMPARE(moved.wait(), 0ms);
        QVERIFY2(second.wait() > 0ms, "the first one is still in line");
        second = std::move(moved);
        QCOMPARE(second.wait(), 0ms);
    }

    void the_estimate_grows_with_all_that_is_sent()
    {
        ChatRequest request{.system = u"abcd"_s, .messages = {{ChatRole::User, u"12345678"_s}}};
        QCOMPARE(estimatedTokens(request), 3);
        request.messages.append(
            ChatMessage(ChatRole::Assistant,
                        {content::Reasoning{.text = u"1234"_s, .opaque = {}},
                         content::ToolCall{.id = {}, .name = {}, .arguments = u"{\"a\":1}"_s}}));
        QCOMPARE(estimatedTokens(request), 6);
        const content::Attachment picture{
            .name = {}, .mediaType = "image/png", .data = QByteArray(1 << 20, 'x')};
        request.messages.append(ChatMessage(ChatRole::User, {picture}));
        QCOMPARE(estimatedTokens(request), 1006);
    }
};

QTEST_GUILESS_MAIN(RateLimiterTest)

#include "tst_ratelimiter.moc"
