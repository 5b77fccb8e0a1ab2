// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/modellist.h"
#include "tests/support/faketransport.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

namespace {

const Provider Someone{
    .id = u"x"_s, .name = u"X"_s, .baseUrl = QUrl(u"https://x.example/v1"_s), .model = {}, .needsKey = true};

} // namespace

class TestModelList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksWithTheKeyAndKeepsTheOrder();
    void saysWhyThereIsNone_data();
    void saysWhyThereIsNone();
    void dropsAnAnswerThatDoesNotEnd();
    void startingAgainDropsTheRequestBefore();
    void signalsNothingAfterCancel();
    void mayBeStartedAgainInsideItsSignal();
};

void TestModelList::asksWithTheKeyAndKeepsTheOrder()
{
    FakeTransport transport;
    ModelList list(transport);
    QSignalSpy finished(&list, &ModelList::finished);
    list.start(Someone, "k");
    QCOMPARE(transport.last().request().method, "GET");
    QCOMPARE(transport.last().request().url, QUrl(u"https://x.example/v1/models"_s));
    QVERIFY(transport.last().request().headers.contains({"Authorization", "Bearer k"}));
    transport.last().head(200, "application/json");
    transport.last().bytes(R"({"data":[{"id":"b"},)");
    transport.last().bytes(R"({"id":"a"}]})");
    transport.last().finish();
    QCOMPARE(finished.size(), 1);
    QCOMPARE(finished.first().first().toStringList(), QStringList({u"b"_s, u"a"_s}));
}

void TestModelList::saysWhyThereIsNone_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<NetError::Kind>("kind");
    using Kind = NetError::Kind;
    const QByteArray json = "application/json";
    const QByteArray html = "text/html";
    QTest::newRow("wrong key") << 401 << json << QByteArray(R"({"error":{"message":"no"}})") << Kind::Auth;
    QTest::newRow("no such endpoint") << 404 << html << QByteArray("<h1>404</h1>") << Kind::InvalidRequest;
    QTest::newRow("a web page") << 200 << html << QByteArray("<!doctype html>") << Kind::Protocol;
    QTest::newRow("another document") << 200 << json << QByteArray(R"({"ok":true})") << Kind::Protocol;
    QTest::newRow("nothing") << 200 << json << QByteArray() << Kind::Protocol;
    QTest::newRow("broken server") << 500 << json << QByteArray("{}") << Kind::Server;
}

void TestModelList::saysWhyThereIsNone()
{
    QFETCH(int, status);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(NetError::Kind, kind);
    FakeTransport transport;
    ModelList list(transport);
    QSignalSpy failed(&list, &ModelList::failed);
    list.start(Someone, "k");
    transport.last().head(status, type);
    transport.last().bytes(body);
    transport.last().finish();
    QCOMPARE(failed.size(), 1);
    const auto error = failed.first().first().value<NetError>();
    QCOMPARE(error.kind, kind);
    QCOMPARE(error.status, status);
}

void TestModelList::dropsAnAnswerThatDoesNotEnd()
{
    FakeTransport transport;
    ModelList list(transport);
    QSignalSpy failed(&list, &ModelList::failed);
    list.start(Someone, {});
    transport.last().head(200, "application/json");
    for (int piece = 0; piece < 6; ++piece)
        transport.last().bytes(QByteArray(1024 * 1024, ' '));
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed.first().first().value<NetError>().kind, NetError::Kind::TooLarge);
    QVERIFY(transport.last().isAborted());
}

void TestModelList::startingAgainDropsTheRequestBefore()
{
    FakeTransport transport;
    ModelList list(transport);
    QSignalSpy finished(&list, &ModelList::finished);
    list.start(Someone, {});
    list.start(Someone, {});
    QVERIFY(transport.exchange(0).isAborted());
    transport.exchange(0).head(200, "application/json");
    transport.exchange(0).bytes("[]");
    transport.exchange(0).finish();
    QCOMPARE(finished.size(), 0);
    transport.exchange(1).head(200, "application/json");
    transport.exchange(1).bytes("[]");
    transport.exchange(1).finish();
    QCOMPARE(finished.size(), 1);
}

void TestModelList::signalsNothingAfterCancel()
{
    FakeTransport transport;
    ModelList list(transport);
    QSignalSpy failed(&list, &ModelList::failed);
    list.cancel();
    list.start(Someone, {});
    list.cancel();
    QVERIFY(transport.last().isAborted());
    transport.last().fail({});
    QCOMPARE(failed.size(), 0);
}

void TestModelList::mayBeStartedAgainInsideItsSignal()
{
    FakeTransport transport;
    ModelList list(transport);
    connect(&list, &ModelList::failed, this, [&] {
        if (transport.count() == 1)
            list.start(Someone, {});
    });
    list.start(Someone, {});
    transport.last().fail({});
    QCOMPARE(transport.count(), 2);
    QVERIFY(!transport.last().isClosed());
}

QTEST_GUILESS_MAIN(TestModelList)
#include "tst_modellist.moc"
