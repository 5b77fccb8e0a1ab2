// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/limits.h"
#include "net/transport/requestqueue.h"
#include "tests/support/faketransport.h"

#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

HttpRequest numbered(int number)
{
    return {.url = QUrl(u"http://127.0.0.1:9/%1"_s.arg(number)), .headers = {}, .body = "x"};
}

/// A queue, and what was told of its requests.
struct Stage
{
    FakeTransport transport;
    QObject owner;
    int refusal = 0;
    QByteArray refusalBody;
    QString breakage;
    QPointer<RequestQueue> queue = new RequestQueue(
        transport, &owner,
        [this](const ResponseHead &head, const QByteArray &body) {
            refusal = head.status;
            refusalBody = body;
        },
        [this](const NetError &error) { breakage = error.code; });
};

} // namespace

class tst_RequestQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRequestWaitsUntilTheOneBeforeItWasTaken()
    {
        Stage stage;
        stage.queue->send(numbered(1), 5s);
        stage.queue->send(numbered(2), 7s);
        QCOMPARE(stage.transport.count(), 1);
        QCOMPARE(stage.transport.last().timeouts().head, 5s);
        stage.transport.last().head(202, {});
        QCOMPARE(stage.transport.count(), 2);
        QCOMPARE(stage.transport.last().request(), numbered(2));
        QCOMPARE(stage.transport.last().timeouts().head, 7s);
        // The end of the first one's body is nothing to wait for, and no harm.
        QVERIFY(!stage.transport.exchange(0).isAborted());
        stage.transport.exchange(0).finish();
        QCOMPARE(stage.refusal, 0);
    }

    void aRefusalIsToldAndTheNextOneGoesOut()
    {
        Stage stage;
        stage.queue->send(numbered(1), 5s);
        stage.queue->send(numbered(2), 5s);
        stage.transport.last().head(409, "text/plain");
        stage.transport.last().bytes("no, ");
        stage.transport.last().bytes(QByteArray(qsizetype(limits::errorBody), 'x'));
        QCOMPARE(stage.transport.count(), 1);
        stage.transport.last().finish();
        QCOMPARE(stage.refusal, 409);
        QVERIFY(stage.refusalBody.startsWith("no, x"));
        QCOMPARE(stage.refusalBody.size(), qsizetype(limits::errorBody));
        QCOMPARE(stage.transport.count(), 2);
        stage.transport.last().fail({.kind = NetError::Kind::Network, .code = u"lost"_s});
        QCOMPARE(stage.breakage, u"lost"_s);
    }

    void noMoreWaitThanTheBound()
    {
        Stage stage;
        for (int i = 0; i < 2 * limits::waitingRequests; ++i)
            stage.queue->send(numbered(i), 5s);
        qsizetype sent = 0;
        while (sent != stage.transport.count()) {
            sent = stage.transport.count();
            stage.transport.last().head(202, {});
        }
        QCOMPARE(sent, limits::waitingRequests + 1);
    }

    void itIsDeletedOnceAllWasAnswered()
    {
        Stage stage;
        stage.queue->send(numbered(1), 5s);
        stage.queue->send(numbered(2), 5s);
        stage.queue->deleteWhenDone();
        stage.transport.last().head(200, {});
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(stage.queue);
        stage.transport.last().head(200, {});
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(!stage.queue);
        QVERIFY(!stage.transport.last().isAborted());
    }

    void deletedItSendsNothingMore()
    {
        Stage stage;
        stage.queue->send(numbered(1), 5s);
        stage.queue->send(numbered(2), 5s);
        delete stage.queue;
        QVERIFY(stage.transport.last().isClosed());
        QCOMPARE(stage.transport.count(), 1);
    }

    void whoeverHearsOfARefusalMayDeleteIt()
    {
        FakeTransport transport;
        RequestQueue *queue = nullptr;
        queue = new RequestQueue(transport, nullptr,
                                 [&queue](const ResponseHead &, const QByteArray &) { delete queue; });
        queue->send(numbered(1), 5s);
        queue->send(numbered(2), 5s);
        transport.last().head(500, {});
        transport.last().finish();
        QCOMPARE(transport.count(), 1);
    }
};

QTEST_GUILESS_MAIN(tst_RequestQueue)
#include "tst_requestqueue.moc"
