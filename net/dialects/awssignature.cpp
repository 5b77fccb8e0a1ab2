// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/awssignature.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qlist.h>
#include <QtCore/qmap.h>
#include <QtCore/qmessageauthenticationcode.h>
#include <QtCore/qurl.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView algorithm = "AWS4-HMAC-SHA256";

QByteArray hash(QByteArrayView bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray authenticated(QByteArrayView key, QByteArrayView bytes)
{
    return QMessageAuthenticationCode::hash(bytes, key, QCryptographicHash::Sha256);
}

// Exactly the characters that the algorithm calls unreserved stay, which are QByteArray's own, too.
QByteArray encoded(const QByteArray &bytes, const QByteArray &kept = {})
{
    return bytes.toPercentEncoding(kept);
}

QByteArray hostOf(const QUrl &url)
{
    const QByteArray host = url.host(QUrl::FullyEncoded).toLatin1();
    const int usual = url.scheme() == "https"_L1 ? 443 : 80;
    const int port = url.port(usual);
    return port == usual ? host : QByteArray(host + ':' + QByteArray::number(port));
}

QByteArray canonicalQuery(const QUrl &url)
{
    QList<std::pair<QByteArray, QByteArray>> items;
    for (const QByteArray &item : url.query(QUrl::FullyEncoded).toLatin1().split('&')) {
        if (item.isEmpty())
            continue;
        const qsizetype equals = item.indexOf('=');
        const QByteArray name = equals < 0 ? item : item.first(equals);
        const QByteArray value = equals < 0 ? QByteArray() : item.sliced(equals + 1);
        items.append({encoded(QByteArray::fromPercentEncoding(name)),
                      encoded(QByteArray::fromPercentEncoding(value))});
    }
    std::ranges::sort(items);
    QByteArray query;
    for (const auto &[name, value] : std::as_const(items))
        query += (query.isEmpty() ? "" : "&") + name + '=' + value;
    return query;
}

// Values by names in lower case, sorted; those of the same name are one list.
QMap<QByteArray, QByteArray> canonicalHeaders(const HttpRequest &request)
{
    QMap<QByteArray, QByteArray> headers{{"host", hostOf(request.url)}};
    for (const auto &[name, value] : request.headers) {
        const auto known = headers.constFind(name.toLower());
        const QByteArray before = known == headers.constEnd() ? QByteArray() : QByteArray(*known + ',');
        headers.insert(name.toLower(), before + value.simplified());
    }
    return headers;
}

QByteArray credentialScope(const AwsScope &scope)
{
    return scope.time.toUTC().toString(u"yyyyMMdd"_s).toLatin1() + '/' + scope.region + '/' + scope.service
        + "/aws4_request";
}

QByteArray timestamp(const QDateTime &time)
{
    return time.toUTC().toString(u"yyyyMMdd'T'HHmmss'Z'"_s).toLatin1();
}

} // namespace

std::optional<AwsCredentials> awsCredentialsFrom(QByteArrayView key)
{
    // A lasting key begins with the one, a session's with the other.
    if (!key.startsWith("AKIA") && !key.startsWith("ASIA"))
        return std::nullopt;
    // Neither of the first two holds a colon.
    const QByteArrayList parts = key.toByteArray().split(':');
    if (parts.size() < 2 || parts[1].isEmpty())
        return std::nullopt;
    return AwsCredentials{
        .accessKey = parts[0], .secretKey = parts[1], .sessionToken = QByteArrayList(parts.mid(2)).join(':')};
}

QByteArray awsCanonicalRequest(const HttpRequest &request)
{
    const QMap<QByteArray, QByteArray> headers = canonicalHeaders(request);
    // What is encoded on the wire is encoded once more, for all services but the storage.
    const QByteArray path = encoded(request.url.path(QUrl::FullyEncoded).toLatin1(), "/");
    QByteArray canonical =
        request.method + '\n' + (path.isEmpty() ? "/"_ba : path) + '\n' + canonicalQuery(request.url) + '\n';
    for (auto header = headers.begin(); header != headers.end(); ++header)
        canonical += header.key() + ':' + header.value() + '\n';
    return canonical + '\n' + headers.keys().join(';') + '\n' + hash(request.body);
}

QByteArray awsStringToSign(QByteArrayView canonicalRequest, const AwsScope &scope)
{
    return algorithm.toByteArray() + '\n' + timestamp(scope.time) + '\n' + credentialScope(scope) + '\n'
        + hash(canonicalRequest);
}

void signForAws(HttpRequest &request, const AwsCredentials &credentials, const AwsScope &scope)
{
    request.headers.append({"X-Amz-Date", timestamp(scope.time)});
    if (!credentials.sessionToken.isEmpty())
        request.headers.append({"X-Amz-Security-Token", credentials.sessionToken});

    const QByteArray date = scope.time.toUTC().toString(u"yyyyMMdd"_s).toLatin1();
    QByteArray key = "AWS4" + credentials.secretKey;
    key = authenticated(key, date);
    key = authenticated(key, scope.region);
    key = authenticated(key, scope.service);
    key = authenticated(key, "aws4_request");
    const QByteArray toSign = awsStringToSign(awsCanonicalRequest(request), scope);
    const QByteArray value = algorithm.toByteArray() + " Credential=" + credentials.accessKey + '/'
        + credentialScope(scope) + ", SignedHeaders=" + canonicalHeaders(request).keys().join(';')
        + ", Signature=" + authenticated(key, toSign).toHex();
    request.headers.append({"Authorization", value});
}

} // namespace rivulet
