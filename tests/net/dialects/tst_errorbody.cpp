// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "net/dialects/errorbody.h"
#include "net/framing/limits.h"
#include "tests/support/fixtures.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

const QDateTime now(QDate(2026, 11, 21), QTime(12, 0), QTimeZone::UTC);

NetError errorOf(int status, const QByteArray &body, const HttpHeaders &headers = {})
{
    return errorFromResponse({.status = status, .contentType = {}, .headers = headers}, body, now);
}

} // namespace

class tst_ErrorBody : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStatusHasItsKind_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("kind");
        const auto row = [](int status, const char *kind) {
            QTest::addRow("%d", status) << status << QString::fromLatin1(kind);
        };
        row(301, "http");
        row(400, "invalid_request");
        row(401, "auth");
        row(402, "quota");
        row(403, "auth");
        row(404, "invalid_request");
        row(408, "http");
        row(409, "invalid_request");
        row(413, "invalid_request");
        row(418, "http");
        row(422, "invalid_request");
        row(429, "rate_limited");
        row(498, "overloaded");
        row(500, "server");
        row(502, "server");
        row(503, "overloaded");
        row(529, "overloaded");
    }

    void aStatusHasItsKind()
    {
        QFETCH(int, status);
        QFETCH(QString, kind);
        const NetError error = errorOf(status, {});
        QCOMPARE(toName(error.kind), kind);
        QCOMPARE(error.status, status);
    }

    void aCodeRefinesAStatusThatCoversSeveralCases_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QString>("kind");
        QTest::newRow("no credit") << 429 << "insufficient_quota"_ba << u"quota"_s;
        QTest::newRow("wrong key as a bad request") << 400 << "invalid_api_key"_ba << u"auth"_s;
        QTest::newRow("overload as a server error") << 500 << "overloaded_error"_ba << u"overloaded"_s;
        QTest::newRow("rate limit as forbidden") << 403 << "rate_limit_exceeded"_ba << u"rate_limited"_s;
        QTest::newRow("a clear status stays") << 401 << "insufficient_quota"_ba << u"auth"_s;
        QTest::newRow("a wrong key is not a wrong request") << 401 << "invalid_request_error"_ba << u"auth"_s;
    }

    void aCodeRefinesAStatusThatCoversSeveralCases()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        QFETCH(QString, kind);
        const NetError error =
            errorOf(status, QByteArray(R"({"error":{"message":"m","code":"%1"}})").replace("%1", code));
        QCOMPARE(toName(error.kind), kind);
        QCOMPARE(error.code, QString::fromLatin1(code));
    }

    void theMessageIsFoundInEveryForm_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("OpenAI") << R"({"error":{"message":"why","type":"t","code":null}})"_ba;
        QTest::newRow("a string") << R"({"error":"why"})"_ba;
        QTest::newRow("a string with a code") << R"({"code":"x","error":"why"})"_ba;
        QTest::newRow("Anthropic") << R"({"type":"error","error":{"type":"t","message":"why"}})"_ba;
        QTest::newRow("bare") << R"({"message":"why"})"_ba;
        QTest::newRow("detail") << R"({"detail":"why"})"_ba;
        QTest::newRow("validation") << R"({"detail":[{"loc":["body"],"msg":"why","type":"missing"}]})"_ba;
        QTest::newRow("list of errors") << R"({"errors":[{"message":"why"}]})"_ba;
        QTest::newRow("list of details") << R"({"errors":[{"detail":"why"}]})"_ba;
        QTest::newRow("OAuth") << R"({"error":{},"error_description":"why"})"_ba;
        QTest::newRow("in a list") << R"([{"error":{"code":404,"message":"why","status":"NOT_FOUND"}}])"_ba;
        QTest::newRow("plain text") << "why"_ba;
        QTest::newRow("a page") << "<html><head><title> why </title></head><body>long</body></html>"_ba;
    }

    void theMessageIsFoundInEveryForm()
    {
        QFETCH(QByteArray, body);
        QCOMPARE(errorOf(500, body).message, u"why"_s);
    }

    void theUpstreamsOwnWordsAreAdded()
    {
        QCOMPARE(
            errorOf(429,
                    R"({"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"busy"}}})")
                .message,
            u"Provider returned error: busy"_s);
    }

    void aMessageIsBounded()
    {
        const QByteArray longMessage(100'000, 'x');
        QCOMPARE(errorOf(500, QByteArray("{\"error\":\"" + longMessage + "\"}")).message.size(),
                 qsizetype(limits::errorMessage));
        QCOMPARE_LE(errorOf(500, longMessage).message.size(), qsizetype(limits::errorMessage));
    }

    void theWaitIsFoundInEveryForm_data()
    {
        QTest::addColumn<HttpHeaders>("headers");
        QTest::addColumn<qint64>("wait"); // -1: none
        const auto row = [](const char *name, const HttpHeaders &headers, qint64 wait) {
            QTest::newRow(name) << headers << wait;
        };
        row("none", {}, -1);
        row("seconds", {{"retry-after", "7"}}, 7000);
        row("a fraction", {{"retry-after", " 0.5 "}}, 500);
        row("milliseconds", {{"retry-after-ms", "250"}}, 250);
        row("milliseconds are exact", {{"retry-after", "1"}, {"retry-after-ms", "250"}}, 250);
        row("a date", {{"retry-after", "Sat, 21 Nov 2026 12:00:30 GMT"}}, 30'000);
        row("a date from the server's clock",
            {{"date", "Sat, 21 Nov 2026 11:59:00 GMT"}, {"retry-after", "Sat, 21 Nov 2026 12:00:30 GMT"}},
            90'000);
        row("a date in the older form", {{"retry-after", "Saturday, 21-Nov-26 12:00:30 GMT"}}, 30'000);
        row("a date in the oldest form", {{"retry-after", "Sat Nov 21 12:00:30 2026"}}, 30'000);
        row("a date that has passed", {{"retry-after", "Sat, 21 Nov 2026 11:00:00 GMT"}}, 0);
        row("nonsense", {{"retry-after", "soon"}}, -1);
        row("less than nothing", {{"retry-after", "-5"}}, -1);
        row("for ever", {{"retry-after", "1e300"}}, 24 * 60 * 60 * 1000);
        row("not a number", {{"retry-after", "nan"}}, -1);
    }

    void theWaitIsFoundInEveryForm()
    {
        QFETCH(HttpHeaders, headers);
        QFETCH(qint64, wait);
        const auto found = retryAfter(headers, now);
        QCOMPARE(found ? found->count() : -1, wait);
        QVERIFY(errorOf(429, {}, headers).retryAfter == found);
    }

    void recordedErrorsAreUnderstood_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        const QJsonArray recordings =
            QJsonDocument::fromJson(fixture(u"http-errors/mixed--provider-error-bodies.json"_s)).array();
        for (const auto &recording : recordings)
            QTest::addRow("%d %s", recording["status"_L1].toInt(),
                          qPrintable(recording["url"_L1].toString().left(60)))
                << recording["status"_L1].toInt() << recording["body"_L1].toString().toUtf8();
    }

    void recordedErrorsAreUnderstood()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const ResponseHead head{.status = status, .contentType = "application/octet-stream", .headers = {}};
        const NetError error = makeDialect(DialectId::OpenAiChat)->errorFor(head, body);
        const auto expected = status == 401 || status == 403 ? NetError::Kind::Auth
            : status == 429                                  ? NetError::Kind::RateLimited
                                                             : NetError::Kind::InvalidRequest;
        QCOMPARE(toName(error.kind), toName(expected));
        QVERIFY(!error.message.isEmpty());
        QVERIFY2(!error.message.startsWith(u'{'), qPrintable(error.message));
    }
};

QTEST_APPLESS_MAIN(tst_ErrorBody)
#include "tst_errorbody.moc"
