// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/retrypolicy.h"

#include "net/transport/requestrules.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

NetError network(QLatin1StringView code)
{
    return {.kind = NetError::Kind::Network, .code = code};
}

NetError status(int status, NetError::Kind kind)
{
    return {.kind = kind, .status = status};
}

} // namespace

class RetryPolicyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void what_may_pass_is_told_from_what_will_not_data()
    {
        using Kind = NetError::Kind;
        QTest::addColumn<NetError>("error");
        QTest::addColumn<bool>("passes");
        for (const int code : {408, 425})
            QTest::addRow("%d", code) << status(code, Kind::Http) << true;
        QTest::addRow("409") << status(409, Kind::InvalidRequest) << true;
        QTest::addRow("429") << status(429, Kind::RateLimited) << true;
        for (const int code : {500, 502, 504})
            QTest::addRow("%d", code) << status(code, Kind::Server) << true;
        for (const int code : {498, 503, 529})
            QTest::addRow("%d", code) << status(code, Kind::Overloaded) << true;
        for (const int code : {401, 403})
            QTest::addRow("%d", code) << status(code, Kind::Auth) << false;
        for (const int code : {400, 404, 413, 422})
            QTest::addRow("%d", code) << status(code, Kind::InvalidRequest) << false;
        QTest::addRow("402") << status(402, Kind::Quota) << false;
        QTest::addRow("501") << status(501, Kind::Server) << false;
        QTest::addRow("429, credit used up") << status(429, Kind::Quota) << false;
        QTest::addRow("overloaded in the stream") << NetError{.kind = Kind::Overloaded} << true;
        QTest::addRow("server error in the stream") << NetError{.kind = Kind::Server} << true;
        QTest::addRow("refused") << network(transportcode::ConnectionRefused) << true;
        QTest::addRow("no such host") << network(transportcode::HostNotFound) << true;
        QTest::addRow("certificate") << network(transportcode::Tls) << false;
        QTest::addRow("a program crashed")
            << NetError{.kind = Kind::Server, .code = transportcode::ProgramCrashed} << false;
        QTest::addRow("not the protocol") << NetError{.kind = Kind::Protocol} << false;
        QTest::addRow("too large") << NetError{.kind = Kind::TooLarge} << false;
        QTest::addRow("silence") << NetError{.kind = Kind::Timeout} << true;
    }

    void what_may_pass_is_told_from_what_will_not()
    {
        QFETCH(const NetError, error);
        QTEST(isPassing(error), "passes");
    }

    void a_request_that_may_be_at_work_is_not_repeated()
    {
        const NetError lost = network(transportcode::ConnectionLost);
        QVERIFY(mayRepeat(lost, Reached::Nowhere));
        QVERIFY(!mayRepeat(lost, Reached::Sent));
        QVERIFY(mayRepeat(lost, Reached::Accepted));
        QVERIFY(!mayRepeat(lost, Reached::Delivered));
        QVERIFY2(mayRepeat(network(transportcode::ConnectionRefused), Reached::Sent), "it never arrived");
        QVERIFY2(mayRepeat(status(503, NetError::Kind::Overloaded), Reached::Sent), "it was turned away");
        QVERIFY(
            !mayRepeat({.kind = NetError::Kind::Timeout, .code = transportcode::NoAnswer}, Reached::Sent));
    }

    void a_server_that_is_only_silent_may_be_at_work()
    {
        QVERIFY(
            !mayRepeat({.kind = NetError::Kind::Timeout, .code = transportcode::Silent}, Reached::Accepted));
    }

    void waits_grow_and_are_spread_over_their_whole_length()
    {
        const RetryPolicy policy{.attempts = 100, .total = 24h};
        const NetError error = network(transportcode::ConnectionRefused);
        const auto wait = [&](int failures, double random) {
            return policy.waitAfter(failures, 0ms, error, random).value();
        };
        QCOMPARE(wait(1, 0.0), 0ms);
        QCOMPARE(wait(1, 0.5), 250ms);
        QCOMPARE(wait(2, 0.5), 500ms);
        QCOMPARE(wait(5, 0.5), 4s);
        QCOMPARE(wait(50, 0.5), 15s);
    }

    void a_servers_wish_is_the_least_wait_and_a_long_one_is_for_people()
    {
        const RetryPolicy policy;
        NetError error = status(429, NetError::Kind::RateLimited);
        error.retryAfter = 20s;
        QCOMPARE(policy.waitAfter(1, 0ms, error, 0.9), 20s);
        error.retryAfter = 120s;
        QCOMPARE(policy.waitAfter(1, 0ms, error, 0.9), 120s);
        error.retryAfter = 121s;
        QVERIFY(!policy.waitAfter(1, 0ms, error, 0.0));
    }

    void it_ends()
    {
        const RetryPolicy policy;
        const NetError error = network(transportcode::ConnectionRefused);
        QVERIFY(policy.waitAfter(4, 0ms, error, 0.0));
        QVERIFY(!policy.waitAfter(5, 0ms, error, 0.0));
        QVERIFY(!policy.waitAfter(2, 119'900ms, error, 0.5));
    }
};

QTEST_GUILESS_MAIN(RetryPolicyTest)
#include "tst_retrypolicy.moc"
