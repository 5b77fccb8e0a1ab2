// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/transportswitch.h"

#include "net/transport/requestrules.h"
#include "tests/support/calllog.h"
#include "tests/support/faketransport.h"

#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

constexpr TransportTimeouts patient{.head = 20s, .idle = 21s};
const HttpRequest http{.url = QUrl(u"https://example.com/sse"_s)};
const WebSocketRequest plain{.url = QUrl(u"wss://example.com/ws"_s)};
const NetError broken{.kind = NetError::Kind::Network, .code = transportcode::ConnectionLost};

WebSocketRequest withFallback(const QString &query = {})
{
    QUrl url(u"wss://example.com/ws"_s);
    url.setQuery(query);
    return {.url = url, .fallback = http};
}

/// A switch over three fakes.
struct Stage
{
    FakeTransport *https = new FakeTransport;
    FakeTransport *sockets = new FakeTransport;
    FakeTransport *programs = new FakeTransport;
    std::unique_ptr<TransportSwitch> transport = std::make_unique<TransportSwitch>(
        std::unique_ptr<Transport>(https), std::unique_ptr<Transport>(sockets),
        std::unique_ptr<Transport>(programs), 5s);
};

struct Exchange
{
    Exchange(Stage &stage, const ExchangeRequest &request)
        : call(stage.transport->open(request, patient, nullptr)), log(call.get())
    {}

    std::unique_ptr<TransportCall> call;
    CallLog log;
};

} // namespace

class TestTransportSwitch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachKindGoesToItsTransport()
    {
        Stage stage;
        const Exchange first(stage, http);
        const Exchange second(stage, plain);
        const Exchange third(stage, ProcessRequest{.program = u"/bin/true"_s});
        QCOMPARE(stage.https->count(), 1);
        QCOMPARE(stage.sockets->count(), 1);
        QCOMPARE(stage.programs->count(), 1);
        QCOMPARE(stage.https->last().exchangeRequest(), ExchangeRequest(http));
        QCOMPARE(stage.sockets->last().exchangeRequest(), ExchangeRequest(plain));
        QCOMPARE(stage.https->last().timeouts(), patient);
    }

    void aSocketThatOpensStaysOne()
    {
        Stage stage;
        Exchange exchange(stage, withFallback());
        FakeExchange &socket = stage.sockets->last();
        QCOMPARE(socket.timeouts().head, 5s);
        QCOMPARE(socket.timeouts().idle, patient.idle);
        socket.opened();
        socket.message("hello");
        exchange.call->send({"answer"});
        QCOMPARE(socket.sent(), QByteArrayList{"answer"});
        exchange.call->pause();
        QVERIFY(socket.isPaused());
        exchange.call->resume();
        QVERIFY(!socket.isPaused());
        socket.fail(broken);
        QCOMPARE(exchange.log.messages, QByteArrayList{"hello"});
        QCOMPARE(exchange.log.error, broken);
        QCOMPARE(stage.https->count(), 0);
        QCOMPARE(exchange.log.faults, QStringList());
    }

    void aSocketThatDoesNotOpenIsTriedOverHttp()
    {
        Stage stage;
        Exchange exchange(stage, withFallback());
        stage.sockets->last().fail({.kind = NetError::Kind::Timeout});
        QCOMPARE(stage.https->count(), 1);
        QCOMPARE(stage.https->last().exchangeRequest(), ExchangeRequest(http));
        QCOMPARE(stage.https->last().timeouts(), patient);
        stage.https->last().head();
        stage.https->last().bytes("data: x");
        stage.https->last().finish();
        QCOMPARE(exchange.log.head->status, 200);
        QCOMPARE(exchange.log.body, "data: x");
        QVERIFY(exchange.log.finished);
        QVERIFY(!exchange.log.opened);
        QCOMPARE(exchange.log.faults, QStringList());
    }

    void whatWorkedIsRememberedForTheEndpoint()
    {
        Stage stage;
        const Exchange first(stage, withFallback(u"question=1"_s));
        stage.sockets->last().fail(broken);
        stage.https->last().head();
        const Exchange second(stage, withFallback(u"question=2"_s));
        QCOMPARE(stage.sockets->count(), 1);
        QCOMPARE(stage.https->count(), 2);

        WebSocketRequest elsewhere = withFallback();
        elsewhere.url.setPath(u"/other"_s);
        const Exchange third(stage, elsewhere);
        QCOMPARE(stage.sockets->count(), 2);
    }

    void whereHttpDidNotWorkEitherNothingIsRemembered()
    {
        Stage stage;
        const Exchange failed(stage, withFallback());
        stage.sockets->last().fail(broken);
        stage.https->last().fail(broken);
        QCOMPARE(failed.log.error, broken);
        const Exchange refused(stage, withFallback());
        QCOMPARE(stage.sockets->count(), 2);
        stage.sockets->last().fail(broken);
        stage.https->last().head(404);
        const Exchange third(stage, withFallback());
        QCOMPARE(stage.sockets->count(), 3);
    }

    void whatWeRefuseIsNotTriedInAnotherWay()
    {
        Stage stage;
        const Exchange exchange(stage, withFallback());
        const NetError refused{.kind = NetError::Kind::Refused, .code = transportcode::KeyInClear};
        stage.sockets->last().fail(refused);
        QCOMPARE(exchange.log.error, refused);
        QCOMPARE(stage.https->count(), 0);
    }

    void aRequestWithoutFallbackFails()
    {
        Stage stage;
        const Exchange exchange(stage, plain);
        QCOMPARE(stage.sockets->last().timeouts(), patient);
        stage.sockets->last().fail(broken);
        QCOMPARE(exchange.log.error, broken);
        QCOMPARE(stage.https->count(), 0);
    }

    void aPauseHoldsBackWhatFollowsToo()
    {
        Stage stage;
        Exchange exchange(stage, withFallback());
        exchange.call->pause();
        exchange.call->resume();
        exchange.call->pause();
        // A failure is held back as well while the socket's call is paused.
        stage.sockets->last().fail(broken);
        QCOMPARE(stage.https->count(), 0);
        exchange.call->resume();
        QTRY_COMPARE(stage.https->count(), 1);
    }

    void abortReachesWhatCarriesTheCall()
    {
        Stage stage;
        Exchange socket(stage, withFallback());
        socket.call->abort();
        QVERIFY(stage.sockets->last().isAborted());
        Exchange fallenBack(stage, withFallback());
        stage.sockets->last().fail(broken);
        fallenBack.call->abort();
        QVERIFY(stage.https->last().isAborted());
    }

    void deletingACallEndsWhatCarriesIt()
    {
        Stage stage;
        Exchange exchange(stage, withFallback());
        exchange.call.reset();
        QVERIFY(stage.sockets->last().isClosed());
        QVERIFY(!exchange.log.isOver());
    }

    void runsNoProgramWithoutConsent()
    {
        const std::unique_ptr<Transport> transport = makeTransport(nullptr);
        const std::unique_ptr<TransportCall> call(
            transport->open(ProcessRequest{.program = u"/bin/sh"_s}, patient, nullptr));
        const CallLog log(call.get());
        QTRY_VERIFY(log.isOver());
        QCOMPARE(log.error->code, transportcode::ProgramNotAllowed);
    }
};

QTEST_GUILESS_MAIN(TestTransportSwitch)
#include "tst_transportswitch.moc"
