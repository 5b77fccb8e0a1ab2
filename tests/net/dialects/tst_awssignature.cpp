// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/awssignature.h"
#include "tests/support/fixtures.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray headerOf(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[header, value] : request.headers) {
        if (header == name)
            return value;
    }
    return {};
}

// A request as text, as the published vectors hold it. Its Host belongs to the address.
HttpRequest parsed(const QByteArray &text)
{
    const qsizetype headersEnd = text.indexOf("\n\n");
    QByteArrayList lines = text.first(headersEnd < 0 ? text.size() : headersEnd).split('\n');
    const QByteArray first = lines.takeFirst();
    HttpRequest request;
    request.method = first.first(first.indexOf(' '));
    const QByteArray target = first.sliced(first.indexOf(' ') + 1).chopped(qstrlen(" HTTP/1.1"));
    QByteArray host;
    for (const QByteArray &line : std::as_const(lines)) {
        const qsizetype colon = line.indexOf(':');
        if (line.startsWith(' ') && !request.headers.isEmpty())
            request.headers.last().second += line;
        else if (line.startsWith("Host:"))
            host = line.sliced(5);
        else if (colon > 0)
            request.headers.append({line.first(colon), line.sliced(colon + 1)});
    }
    request.url = QUrl::fromEncoded(QByteArray("https://" + host + target));
    if (headersEnd >= 0)
        request.body = text.sliced(headersEnd + 2);
    return request;
}

AwsScope scopeAt(const QString &time, const QByteArray &service)
{
    return {
        .region = "us-east-1", .service = service, .time = QDateTime::fromString(time, Qt::ISODate).toUTC()};
}

const AwsCredentials example{
    .accessKey = "AKIDEXAMPLE", .secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", .sessionToken = {}};

} // namespace

class tst_AwsSignature : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeyOfTwoOrThreePartsIsCredentials()
    {
        QCOMPARE(awsCredentialsFrom("AKIA1:s/e+c=ret"), (AwsCredentials{"AKIA1", "s/e+c=ret", {}}));
        QCOMPARE(awsCredentialsFrom("ASIA1:secret:tok/en=="),
                 (AwsCredentials{"ASIA1", "secret", "tok/en=="}));
        QVERIFY(!awsCredentialsFrom("bedrock-api-key-YmVk"));
        QVERIFY(!awsCredentialsFrom("ABSKQm:x"));
        QVERIFY(!awsCredentialsFrom("AKIA1"));
        QVERIFY(!awsCredentialsFrom("AKIA1:"));
        QVERIFY(!awsCredentialsFrom(""));
    }

    void whatIsEncodedOnTheWireIsEncodedOnceMore()
    {
        HttpRequest request;
        request.url =
            QUrl::fromEncoded("https://h.example/model/a.b-v1%3A0%2Fx/converse-stream", QUrl::StrictMode);
        const QByteArray canonical = awsCanonicalRequest(request);
        QCOMPARE(canonical.split('\n').value(1), "/model/a.b-v1%253A0%252Fx/converse-stream");
    }

    void theHostIsSignedWithItsPortWhereThatIsUnusual()
    {
        const auto hostLine = [](const QString &url) {
            HttpRequest request;
            request.url = QUrl(url);
            return awsCanonicalRequest(request).split('\n').value(3);
        };
        QCOMPARE(hostLine(u"https://h.example/"_s), "host:h.example");
        QCOMPARE(hostLine(u"https://h.example:443/"_s), "host:h.example");
        QCOMPARE(hostLine(u"http://h.example:8080/"_s), "host:h.example:8080");
    }

    void theWholeFormIsThatOfTheSpecification()
    {
        HttpRequest request;
        request.url = QUrl(u"https://h.example/p?b=2&a=x%20y&a="_s);
        request.headers = {{"Content-Type", "application/json"}, {"X-Amz-B", "  two   words "}};
        request.body = "{}";
        QCOMPARE(
            awsCanonicalRequest(request),
            "POST\n/p\na=&a=x%20y&b=2\ncontent-type:application/json\nhost:h.example\nx-amz-b:two words\n\n"
            "content-type;host;x-amz-b\n"
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        QCOMPARE(awsStringToSign("", scopeAt(u"2026-11-21T16:00:05Z"_s, "bedrock")),
                 "AWS4-HMAC-SHA256\n20261121T160005Z\n20261121/us-east-1/bedrock/aws4_request\n"
                 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    void theTimeIsThatOfGreenwich()
    {
        HttpRequest request;
        request.url = QUrl(u"https://h.example/"_s);
        AwsScope scope = scopeAt(u"2026-01-01T00:30:00+02:00"_s, "bedrock");
        scope.time = scope.time.toOffsetFromUtc(7200);
        signForAws(request, example, scope);
        QCOMPARE(headerOf(request, "X-Amz-Date"), "20251231T223000Z");
        QVERIFY(headerOf(request, "Authorization")
                    .contains("AKIDEXAMPLE/20251231/us-east-1/bedrock/aws4_request"));
    }

    // Computed with an implementation of its own from the specification's steps.
    void aSignedRequestHoldsTimeTokenAndSignature()
    {
        HttpRequest request;
        request.url = QUrl::fromEncoded(
            "https://bedrock-runtime.us-east-1.amazonaws.com/model/m-v1%3A0/converse-stream",
            QUrl::StrictMode);
        request.headers = {{"Content-Type", "application/json"}};
        request.body = R"({"messages":[]})";
        AwsCredentials credentials = example;
        credentials.sessionToken = "token==";
        signForAws(request, credentials, scopeAt(u"2026-11-21T16:00:05Z"_s, "bedrock"));
        QCOMPARE(headerOf(request, "X-Amz-Date"), "20261121T160005Z");
        QCOMPARE(headerOf(request, "X-Amz-Security-Token"), "token==");
        QCOMPARE(headerOf(request, "Authorization"),
                 "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/bedrock/aws4_request, "
                 "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
                 "Signature=8bd254d6411f7faf2507e7697fefdb8ef5bad8af85749f127c2ada76900d2720");
        for (const auto &[name, value] : request.headers)
            QVERIFY(!value.contains(credentials.secretKey));
    }

    void publishedVectorsAreSignedAlike_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QJsonObject>("vector");
        const QJsonObject vectors =
            QJsonDocument::fromJson(fixture(u"sigv4/awslabs_aws-c-auth--signing-test-suite-v4.json"_s))
                .object();
        for (auto vector = vectors.begin(); vector != vectors.end(); ++vector) {
            const QJsonObject files = vector->toObject();
            const QByteArray path = files["request.txt"_L1].toString().toUtf8().split(' ').value(1);
            // Paths are signed here as they are sent; vectors that first clean theirs are of no use.
            const bool cleans = files["context.json"_L1]["normalize"_L1].toBool()
                && (path.contains("//") || path.contains("/."));
            // Nor are those whose path is not yet encoded as it goes over the wire.
            const QUrl url = parsed(files["request.txt"_L1].toString().toUtf8()).url;
            if (!cleans && !url.path(QUrl::FullyEncoded).contains(u'%'))
                QTest::newRow(qPrintable(vector.key())) << files;
        }
    }

    void publishedVectorsAreSignedAlike()
    {
        QFETCH(QJsonObject, vector);
        const QJsonValue context = vector["context.json"_L1];
        const QJsonValue given = context["credentials"_L1];
        const AwsCredentials credentials{.accessKey = given["access_key_id"_L1].toString().toLatin1(),
                                         .secretKey = given["secret_access_key"_L1].toString().toLatin1(),
                                         .sessionToken = context["omit_session_token"_L1].toBool()
                                             ? QByteArray()
                                             : given["token"_L1].toString().toLatin1()};
        const AwsScope scope = scopeAt(context["timestamp"_L1].toString(), "service");
        HttpRequest request = parsed(vector["request.txt"_L1].toString().toUtf8());
        if (context["sign_body"_L1].toBool())
            request.headers.append(
                {"X-Amz-Content-Sha256",
                 QCryptographicHash::hash(request.body, QCryptographicHash::Sha256).toHex()});
        HttpRequest signedRequest = request;
        signForAws(signedRequest, credentials, scope);

        request.headers = signedRequest.headers;
        request.headers.removeLast();
        QCOMPARE(QString::fromUtf8(awsCanonicalRequest(request)),
                 vector["header-canonical-request.txt"_L1].toString().trimmed());
        QCOMPARE(QString::fromUtf8(awsStringToSign(awsCanonicalRequest(request), scope)),
                 vector["header-string-to-sign.txt"_L1].toString().trimmed());
        QCOMPARE(QString::fromUtf8(headerOf(signedRequest, "Authorization").split('=').last()),
                 vector["header-signature.txt"_L1].toString().trimmed());
    }
};

QTEST_APPLESS_MAIN(tst_AwsSignature)
#include "tst_awssignature.moc"
