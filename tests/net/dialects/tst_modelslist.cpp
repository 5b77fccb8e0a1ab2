// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace rivulet;

class TestModelsList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksBelowTheBaseUrl_data();
    void asksBelowTheBaseUrl();
    void sendsTheKeyAsTheServerWantsIt();
    void readsEveryFormOfList_data();
    void readsEveryFormOfList();
    void readsNothingElseAsAList_data();
    void readsNothingElseAsAList();
};

void TestModelsList::asksBelowTheBaseUrl_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("asked");
    QTest::newRow("a base") << u"https://x.example/v1"_s << u"https://x.example/v1/models"_s;
    QTest::newRow("with a slash") << u"https://x.example/v1/"_s << u"https://x.example/v1/models"_s;
    QTest::newRow("no path") << u"https://x.example"_s << u"https://x.example/models"_s;
    QTest::newRow("the completions' own address")
        << u"https://x.example/v1/chat/completions"_s << u"https://x.example/v1/models"_s;
}

void TestModelsList::asksBelowTheBaseUrl()
{
    QFETCH(QString, base);
    QFETCH(QString, asked);
    const auto dialect = makeDialect(DialectId::OpenAiChat);
    const HttpRequest request = dialect->modelsRequest({.baseUrl = QUrl(base), .apiKey = {}}).value();
    QCOMPARE(request.method, "GET");
    QCOMPARE(request.url, QUrl(asked));
    QVERIFY(request.body.isEmpty());
    QVERIFY(!request.headers.contains({"Authorization", "Bearer "}));
}

void TestModelsList::sendsTheKeyAsTheServerWantsIt()
{
    const auto dialect = makeDialect(DialectId::OpenAiChat);
    const auto headersFor = [&](const QString &base) {
        return dialect->modelsRequest({.baseUrl = QUrl(base), .apiKey = "k"})->headers;
    };
    QVERIFY(headersFor(u"https://x.example/v1"_s).contains({"Authorization", "Bearer k"}));
    QVERIFY(headersFor(u"https://me.openai.azure.com/openai/v1"_s).contains({"api-key", "k"}));
}

void TestModelsList::readsEveryFormOfList_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QList<ListedModel>>("models");
    const QList<ListedModel> two{{.id = u"b"_s, .ownedBy = u"me"_s}, {.id = u"a"_s, .ownedBy = {}}};
    QTest::newRow("in data") << QByteArray(
        R"({"object":"list","data":[{"id":"b","owned_by":"me"},{"id":"a"}]})")
                             << two;
    QTest::newRow("in data, unnamed")
        << QByteArray(R"({"data":[{"id":"b","owned_by":"me"},{"id":"a"}]})") << two;
    QTest::newRow("bare") << QByteArray(R"([{"id":"b","owned_by":"me"},{"id":"a"}])") << two;
    QTest::newRow("empty") << QByteArray(R"({"object":"list","data":[]})") << QList<ListedModel>();
    QTest::newRow("null") << QByteArray(R"({"object":"list","data":null})") << QList<ListedModel>();
}

void TestModelsList::readsEveryFormOfList()
{
    QFETCH(QByteArray, body);
    QFETCH(QList<ListedModel>, models);
    QCOMPARE(makeDialect(DialectId::OpenAiChat)->models(body), std::optional(models));
}

void TestModelsList::readsNothingElseAsAList_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a page") << QByteArray("<!doctype html><title>dev</title>");
    QTest::newRow("an error") << QByteArray(R"({"error":{"message":"no"}})");
    QTest::newRow("another object") << QByteArray(R"({"status":"ok"})");
    QTest::newRow("a list of something else") << QByteArray(R"([{"name":"x"}])");
    QTest::newRow("a list of words") << QByteArray(R"({"data":["x"]})");
    QTest::newRow("cut") << QByteArray(R"({"data":[{"id":"b")");
}

void TestModelsList::readsNothingElseAsAList()
{
    QFETCH(QByteArray, body);
    QCOMPARE(makeDialect(DialectId::OpenAiChat)->models(body), std::nullopt);
}

QTEST_GUILESS_MAIN(TestModelsList)
#include "tst_modelslist.moc"
