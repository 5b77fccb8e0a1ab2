// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demoserver.h"
#include "net/providers/connectiontest.h"
#include "net/transport/httptransport.h"
#include "net/transport/requestrules.h"
#include "tests/support/faketransport.h"
#include "tests/support/mockserver.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <optional>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using Kind = ConnectionStep::Kind;

namespace {

Provider provider(const QUrl &base, const QString &model = {})
{
    return {.id = u"x"_s, .name = u"X"_s, .baseUrl = base, .model = model, .needsKey = true};
}

const QUrl Base(u"https://x.example/v1"_s);

// The steps as letters: passed, failed, skipped, waiting, running.
QString lettersOf(const ConnectionReport &report)
{
    QString letters;
    for (const ConnectionStep &step : report.steps)
        letters += u"wrpfs"_s.at(std::to_underlying(step.state));
    return letters;
}

// What a server says to one of the two requests of a test.
struct Reply
{
    int status = 0; ///< 0: the exchange breaks with `error`
    QByteArray type;
    QByteArray body;
    NetError error{};
};

void play(FakeExchange &exchange, const Reply &reply)
{
    if (reply.status == 0) {
        exchange.fail(reply.error);
        return;
    }
    exchange.head(reply.status, reply.type);
    exchange.bytes(reply.body);
    exchange.finish();
}

} // namespace

Q_DECLARE_METATYPE(Reply)

class TestConnectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesWithTheDemo();
    void showsEachStepAsItHappens();
    void stopsTheAnswerAtItsFirstWord();
    void failsAtTheStepThatIsToBlame_data();
    void failsAtTheStepThatIsToBlame();
    void refusesABadAddressWithoutARequest_data();
    void refusesABadAddressWithoutARequest();
    void asksTheFirstModelWhereNoneIsChosen();
    void saysNothingAboutAKeyThatIsNotThere();
    void finishesOverARealSocket_data();
    void finishesOverARealSocket();
    void signalsNothingAfterCancel();
    void mayBeStartedAgainInsideItsSignals();
};

void TestConnectionTest::passesWithTheDemo()
{
    DemoServer demo;
    QVERIFY(demo.start());
    HttpTransport transport;
    ConnectionTest test(transport);
    QSignalSpy finished(&test, &ConnectionTest::finished);
    test.start(provider(demo.baseUrl(), u"demo"_s), "k");
    QVERIFY(test.isRunning());
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(!test.isRunning());
    QVERIFY(test.report().ok());
    QVERIFY(!test.report().error());
    QCOMPARE(lettersOf(test.report()), u"ppspppp"_s);
    QCOMPARE(test.report().models, QStringList({u"demo"_s, u"demo-slow"_s}));
    QVERIFY(test.report().firstToken);
    QTRY_COMPARE(demo.activeStreams(), 0);
}

void TestConnectionTest::showsEachStepAsItHappens()
{
    FakeTransport transport;
    ConnectionTest test(transport);
    QStringList seen;
    connect(&test, &ConnectionTest::changed, this,
            [&](const ConnectionReport &report) { seen.append(lettersOf(report)); });
    test.start(provider(Base, u"m"_s), "k");
    QVERIFY(seen.isEmpty());
    QCOMPARE(lettersOf(test.report()), u"wwwwwww"_s);
    QTRY_COMPARE(transport.count(), 1);
    play(transport.last(), {200, "application/json", R"({"data":[{"id":"m"}]})"});
    QCOMPARE(transport.count(), 2);
    transport.last().head();
    transport.last().bytes("data: {\"choices\":[{\"delta\":{\"content\":\"yes\"}}]}\n\n");
    QCOMPARE(seen, QStringList({u"prwwwww"_s, u"ppppwpr"_s, u"ppppppp"_s}));
}

void TestConnectionTest::stopsTheAnswerAtItsFirstWord()
{
    for (const QByteArray field : {"content", "reasoning_content"}) {
        FakeTransport transport;
        ConnectionTest test(transport);
        QSignalSpy finished(&test, &ConnectionTest::finished);
        test.start(provider(Base, u"m"_s), "k");
        QTRY_COMPARE(transport.count(), 1);
        play(transport.last(), {200, "application/json", "[]"});
        QVERIFY(transport.last().request().headers.contains({"Authorization", "Bearer k"}));
        QCOMPARE(transport.last().request().url, QUrl(u"https://x.example/v1/chat/completions"_s));
        transport.last().head();
        transport.last().bytes("data: {\"choices\":[{\"delta\":{\"" + field + "\":\"yes\"}}]}\n\n");
        QCOMPARE(finished.size(), 1);
        QVERIFY(transport.last().isAborted());
        QVERIFY(test.report().ok());
    }
}

void TestConnectionTest::failsAtTheStepThatIsToBlame_data()
{
    QTest::addColumn<Reply>("list");
    QTest::addColumn<std::optional<Reply>>("answer");
    QTest::addColumn<QString>("letters");
    QTest::addColumn<NetError::Kind>("kind");

    using Error = NetError::Kind;
    const std::optional<Reply> none;
    const auto broken = [](Error kind, QLatin1StringView code) {
        return Reply{.error = {.kind = kind, .code = code, .message = u"m"_s}};
    };
    const QByteArray json = "application/json";
    const QByteArray html = "text/html";
    const QByteArray sse = "text/event-stream";
    const Reply models{200, json, R"({"data":[{"id":"m"}]})"};
    const Reply page{200, html, "<!doctype html><title>Hi</title>"};
    const Reply noList{404, json, R"({"error":{"message":"no"}})"};
    const Reply noPage{404, html, "<h1>404</h1>"};
    const Reply unknownKey{401, json, R"({"error":{"message":"bad key"}})"};

    QTest::newRow("nothing listens") << broken(Error::Network, transportcode::ConnectionRefused) << none
                                     << u"pfsssss"_s << Error::Network;
    QTest::newRow("no such host") << broken(Error::Network, transportcode::HostNotFound) << none
                                  << u"pfsssss"_s << Error::Network;
    QTest::newRow("no answer") << broken(Error::Timeout, transportcode::NoAnswer) << none << u"pfsssss"_s
                               << Error::Timeout;
    QTest::newRow("TLS") << broken(Error::Network, transportcode::Tls) << none << u"ppfssss"_s
                         << Error::Network;
    QTest::newRow("a redirect") << broken(Error::Refused, transportcode::Redirect) << none << u"pppfsss"_s
                                << Error::Refused;
    QTest::newRow("not HTTP") << broken(Error::Protocol, transportcode::NotHttp) << none << u"pppfsss"_s
                              << Error::Protocol;
    QTest::newRow("wrong key") << unknownKey << none << u"ppppfss"_s << Error::Auth;
    QTest::newRow("wrong key, known only by the answer")
        << models << std::optional(unknownKey) << u"ppppfps"_s << Error::Auth;
    QTest::newRow("too many requests") << Reply{429, json, R"({"error":{"message":"slow down"}})"} << none
                                       << u"ppppsfs"_s << Error::RateLimited;
    QTest::newRow("a broken server") << Reply{500, json, "{}"} << none << u"ppppsfs"_s << Error::Server;
    QTest::newRow("web pages everywhere") << page << std::optional(page) << u"pppfsss"_s << Error::Protocol;
    QTest::newRow("404 pages everywhere")
        << noPage << std::optional(noPage) << u"pppfsss"_s << Error::InvalidRequest;
    QTest::newRow("no list, and no such model")
        << noList << std::optional(Reply{400, json, R"({"error":{"message":"no model"}})"}) << u"ppppssf"_s
        << Error::InvalidRequest;
    QTest::newRow("a list, but no such model")
        << models << std::optional(noList) << u"ppppspf"_s << Error::InvalidRequest;
    QTest::newRow("an answer that breaks")
        << models << std::optional(broken(Error::Network, transportcode::ConnectionLost)) << u"ppppspf"_s
        << Error::Network;
    QTest::newRow("an empty answer") << models << std::optional(Reply{200, sse, ": ping\n\n"}) << u"ppppspf"_s
                                     << Error::Protocol;
    QTest::newRow("an error in the stream")
        << models << std::optional(Reply{200, sse, "data: {\"error\":{\"message\":\"boom\"}}\n\n"})
        << u"ppppspf"_s << Error::Server;
}

void TestConnectionTest::failsAtTheStepThatIsToBlame()
{
    QFETCH(Reply, list);
    QFETCH(std::optional<Reply>, answer);
    QFETCH(QString, letters);
    QFETCH(NetError::Kind, kind);
    FakeTransport transport;
    ConnectionTest test(transport);
    QSignalSpy finished(&test, &ConnectionTest::finished);
    test.start(provider(Base, u"m"_s), "k");
    QTRY_COMPARE(transport.count(), 1);
    play(transport.exchange(0), list);
    QCOMPARE(transport.count(), answer ? 2 : 1);
    if (answer)
        play(transport.exchange(1), *answer);

    QCOMPARE(finished.size(), 1);
    QCOMPARE(lettersOf(test.report()), letters);
    QVERIFY(!test.report().ok());
    QVERIFY(test.report().error());
    QCOMPARE(test.report().error()->kind, kind);
}

void TestConnectionTest::refusesABadAddressWithoutARequest_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("code");
    QTest::newRow("empty") << QString() << u"scheme"_s;
    QTest::newRow("no scheme") << u"api.example.com/v1"_s << u"scheme"_s;
    QTest::newRow("key in clear") << u"http://api.example.com/v1"_s << u"key_in_clear"_s;
    QTest::newRow("user info") << u"https://a:b@api.example.com/v1"_s << u"user_info"_s;
}

void TestConnectionTest::refusesABadAddressWithoutARequest()
{
    QFETCH(QString, base);
    QFETCH(QString, code);
    FakeTransport transport;
    ConnectionTest test(transport);
    QSignalSpy finished(&test, &ConnectionTest::finished);
    test.start(provider(QUrl(base)), "k");
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(transport.count(), 0);
    QCOMPARE(lettersOf(test.report()), u"fssssss"_s);
    QCOMPARE(test.report().error()->code, code);
}

void TestConnectionTest::asksTheFirstModelWhereNoneIsChosen()
{
    FakeTransport transport;
    ConnectionTest test(transport);
    test.start(provider(Base), "k");
    QTRY_COMPARE(transport.count(), 1);
    play(transport.last(), {200, "application/json", R"({"data":[{"id":"first"},{"id":"second"}]})"});
    QVERIFY(transport.last().request().body.contains("\"model\":\"first\""));
}

void TestConnectionTest::saysNothingAboutAKeyThatIsNotThere()
{
    FakeTransport transport;
    ConnectionTest test(transport);
    QSignalSpy finished(&test, &ConnectionTest::finished);
    test.start(provider(QUrl(u"http://127.0.0.1:11434/v1"_s)), {});
    QTRY_COMPARE(transport.count(), 1);
    play(transport.last(), {200, "application/json", R"({"object":"list","data":null})"});
    QCOMPARE(finished.size(), 1);
    QVERIFY(test.report().ok());
    QCOMPARE(lettersOf(test.report()), u"ppspsps"_s);
}

void TestConnectionTest::finishesOverARealSocket_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<bool>("listens");
    QTest::addColumn<QString>("letters");
    QTest::newRow("nothing listens") << u"http"_s << false << u"pfsssss"_s;
    QTest::newRow("plain where TLS is expected") << u"https"_s << true << u"ppfssss"_s;
    QTest::newRow("a web server") << u"http"_s << true << u"ppsfsss"_s;
}

void TestConnectionTest::finishesOverARealSocket()
{
    QFETCH(QString, scheme);
    QFETCH(bool, listens);
    QFETCH(QString, letters);
    MockServer mock;
    QUrl base = mock.url(u"/v1"_s);
    base.setScheme(scheme);
    if (!listens)
        base.setPort(MockServer::closedPort());
    HttpTransport transport;
    ConnectionTest test(transport);
    QSignalSpy finished(&test, &ConnectionTest::finished);
    test.start(provider(base, u"m"_s), "k");
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(lettersOf(test.report()), letters);
}

void TestConnectionTest::signalsNothingAfterCancel()
{
    FakeTransport transport;
    ConnectionTest test(transport);
    QSignalSpy changed(&test, &ConnectionTest::changed);
    QSignalSpy finished(&test, &ConnectionTest::finished);
    test.start(provider(Base), "k");
    test.cancel();
    test.start(provider(Base), "k");
    QTRY_COMPARE(transport.count(), 1);
    changed.clear();
    test.cancel();
    QVERIFY(!test.isRunning());
    QVERIFY(transport.last().isAborted());
    play(transport.last(), {500, "text/plain", "x"});
    QCOMPARE(changed.size(), 0);
    QCOMPARE(finished.size(), 0);
}

void TestConnectionTest::mayBeStartedAgainInsideItsSignals()
{
    FakeTransport transport([](FakeExchange &exchange) { exchange.fail({}); });
    ConnectionTest test(transport);
    int rounds = 0;
    const auto again = [&] {
        if (++rounds < 6)
            test.start(provider(Base), "k");
    };
    connect(&test, &ConnectionTest::changed, this, again);
    connect(&test, &ConnectionTest::finished, this, again);
    test.start(provider(Base), "k");
    QTRY_VERIFY(!test.isRunning());
    QVERIFY(rounds >= 6);
}

QTEST_GUILESS_MAIN(TestConnectionTest)
#include "tst_connectiontest.moc"
