// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/oauth.h"

#include "net/framing/limits.h"
#include "net/transport/requestrules.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlist.h>
#include <QtCore/qrandom.h>
#include <QtCore/qurlquery.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;
using Kind = NetError::Kind;
using Fields = QList<std::pair<QByteArray, QByteArray>>;

namespace {

constexpr qsizetype wordBytes = 32;
constexpr qsizetype longestToken = 64 * 1024;

// A lifetime beyond this is nonsense or for ever, and both are well served by asking again in a year.
constexpr double longestLife = 365.0 * 24 * 60 * 60;

NetError refused(QLatin1StringView code, const QString &message)
{
    return {.kind = Kind::Refused, .code = code, .message = message};
}

std::optional<NetError> refusalOfAddress(const QUrl &url)
{
    if (!url.isValid() || url.host().isEmpty())
        return refused(transportcode::BadUrl, u"An address of the sign-in can not be read"_s);
    if (!url.userInfo().isEmpty())
        return refused(transportcode::UserInfo,
                       u"An address of the sign-in holds a user name or a password"_s);
    if (url.hasFragment())
        return refused(transportcode::BadUrl, u"An address of the sign-in holds a fragment"_s);
    if (url.scheme() != "https"_L1 && !(url.scheme() == "http"_L1 && isLoopback(url))) {
        return refused(transportcode::KeyInClear,
                       u"Signing in goes over a secure connection only, or to this computer"_s);
    }
    return std::nullopt;
}

QByteArray formEncoded(const Fields &fields)
{
    QByteArray form;
    for (const auto &[name, value] : fields) {
        if (!form.isEmpty())
            form += '&';
        form += name + '=' + value.toPercentEncoding();
    }
    return form;
}

struct GrantFields
{
    Fields operator()(const AuthorizationCode &grant) const
    {
        return {{"grant_type", "authorization_code"},
                {"code", grant.code},
                {"redirect_uri", grant.redirect.toEncoded()},
                {"code_verifier", grant.verifier}};
    }

    Fields operator()(const RefreshToken &grant) const
    {
        return {{"grant_type", "refresh_token"}, {"refresh_token", grant.token}};
    }

    Fields operator()(const ClientGrant &) const
    {
        Fields fields{{"grant_type", "client_credentials"}};
        if (!settings.scopes.isEmpty())
            fields.emplaceBack("scope", settings.scopes.join(u' ').toUtf8());
        if (!settings.audience.isEmpty())
            fields.emplaceBack("audience", settings.audience.toUtf8());
        return fields;
    }

    const credential::OAuth &settings;
};

// A form from the client, which says who it is.
HttpRequest formOf(const QUrl &url, const credential::OAuth &settings, const QByteArray &clientSecret,
                   Fields fields)
{
    HttpRequest request{
        .method = "POST",
        .url = url,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}}};
    const QByteArray id = settings.clientId.toUtf8();
    if (clientSecret.isEmpty()) {
        fields.emplaceBack("client_id", id);
    } else {
        const QByteArray pair = id.toPercentEncoding() + ':' + clientSecret.toPercentEncoding();
        request.headers.append({"Authorization", "Basic " + pair.toBase64()});
    }
    request.body = formEncoded(fields);
    return request;
}

// Tokens are printable ASCII (RFC 6749 A.12 and A.17), and end in a header.
bool isToken(const QByteArray &token)
{
    return token.size() <= longestToken
        && std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; });
}

NetError badAnswer(int status, const QString &message)
{
    return {.kind = Kind::Protocol, .status = status, .code = oauthcode::BadTokenAnswer, .message = message};
}

// Some servers write the number as a text.
std::optional<std::chrono::seconds> lifeOf(const QJsonValue &value)
{
    bool isNumber = value.isDouble();
    const double seconds = isNumber ? value.toDouble() : value.toString().toDouble(&isNumber);
    if (!isNumber || !(seconds > 0))
        return std::nullopt;
    return std::chrono::seconds(static_cast<qint64>(std::min(seconds, longestLife)));
}

Kind kindOfStatus(int status)
{
    if (status == 401 || status == 403)
        return Kind::Auth;
    if (status == 429)
        return Kind::RateLimited;
    if (status == 503)
        return Kind::Overloaded;
    if (status >= 500)
        return Kind::Server;
    return Kind::Http;
}

std::optional<std::chrono::milliseconds> retryAfterOf(const ResponseHead &head)
{
    for (const auto &[name, value] : head.headers) {
        bool isNumber = false;
        const uint seconds = value.trimmed().toUInt(&isNumber);
        if (name == "retry-after" && isNumber)
            return std::chrono::seconds(seconds);
    }
    return std::nullopt;
}

} // namespace

QByteArray systemRandomBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype at = 0; at < size; at += qsizetype(sizeof(quint32))) {
        const quint32 word = QRandomGenerator::system()->generate();
        std::memcpy(bytes.data() + at, &word, std::min(sizeof word, size_t(size - at)));
    }
    return bytes;
}

QByteArray randomWord(const RandomBytes &random)
{
    return random(wordBytes).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray pkceChallenge(QByteArrayView verifier)
{
    return QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

std::optional<NetError> refusalOf(const credential::OAuth &settings)
{
    if (settings.clientId.isEmpty())
        return refused(oauthcode::BadSettings, u"The sign-in has no client id"_s);
    if (settings.grant == credential::OAuth::Grant::AuthorizationCodePkce) {
        if (auto refusal = refusalOfAddress(settings.authorizationUrl))
            return refusal;
    }
    if (!settings.revocationUrl.isEmpty()) {
        if (auto refusal = refusalOfAddress(settings.revocationUrl))
            return refusal;
    }
    return refusalOfAddress(settings.tokenUrl);
}

QUrl authorizationUrl(const credential::OAuth &settings, const QUrl &redirect, QByteArrayView state,
                      QByteArrayView challenge)
{
    Fields fields{{"response_type", "code"},
                  {"client_id", settings.clientId.toUtf8()},
                  {"redirect_uri", redirect.toEncoded()}};
    if (!settings.scopes.isEmpty())
        fields.emplaceBack("scope", settings.scopes.join(u' ').toUtf8());
    if (!settings.audience.isEmpty())
        fields.emplaceBack("audience", settings.audience.toUtf8());
    fields.emplaceBack("state", state.toByteArray());
    fields.emplaceBack("code_challenge", challenge.toByteArray());
    fields.emplaceBack("code_challenge_method", "S256");

    // A query that the address has already is kept (RFC 6749 3.1).
    QByteArray query = settings.authorizationUrl.query(QUrl::FullyEncoded).toLatin1();
    if (!query.isEmpty())
        query += '&';
    query += formEncoded(fields);
    QUrl url = settings.authorizationUrl;
    url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
    return url;
}

HttpRequest tokenRequest(const credential::OAuth &settings, const QByteArray &clientSecret,
                         const TokenGrant &grant)
{
    return formOf(settings.tokenUrl, settings, clientSecret, std::visit(GrantFields{settings}, grant));
}

std::optional<HttpRequest> revocationRequest(const credential::OAuth &settings,
                                             const QByteArray &clientSecret, const QByteArray &refreshToken)
{
    if (settings.revocationUrl.isEmpty())
        return std::nullopt;
    return formOf(settings.revocationUrl, settings, clientSecret,
                  {{"token", refreshToken}, {"token_type_hint", "refresh_token"}});
}

std::expected<OAuthTokens, NetError> readTokens(const ResponseHead &head, const QByteArray &body)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    const bool isGood = head.status >= 200 && head.status < 300;
    // Some servers tell their errors with a status that says all is well.
    if (const QString word = object.value("error"_L1).toString(); !word.isEmpty()) {
        NetError error = oauthError(word, object.value("error_description"_L1).toString(), head.status);
        error.retryAfter = retryAfterOf(head);
        return std::unexpected(error);
    }
    if (!isGood) {
        return std::unexpected(NetError{.kind = kindOfStatus(head.status),
                                        .status = head.status,
                                        .message = u"The token server refused without a reason"_s,
                                        .retryAfter = retryAfterOf(head)});
    }

    const QByteArray accessToken = object.value("access_token"_L1).toString().toUtf8();
    if (accessToken.isEmpty())
        return std::unexpected(badAnswer(head.status, u"The token server's answer holds no token"_s));
    const QString type = object.value("token_type"_L1).toString(u"Bearer"_s);
    if (type.compare("bearer"_L1, Qt::CaseInsensitive) != 0)
        return std::unexpected(
            badAnswer(head.status, u"The token server gave another token than a bearer's"_s));
    const QByteArray refreshToken = object.value("refresh_token"_L1).toString().toUtf8();
    if (!isToken(accessToken) || !isToken(refreshToken))
        return std::unexpected(
            badAnswer(head.status, u"The token server gave a token that can not be sent"_s));
    return OAuthTokens{.accessToken = accessToken,
                       .refreshToken = refreshToken,
                       .expiresIn = lifeOf(object.value("expires_in"_L1)),
                       .scopes = object.value("scope"_L1).toString().split(u' ', Qt::SkipEmptyParts)};
}

std::optional<NetError> revocationRefusal(const ResponseHead &head, const QByteArray &body)
{
    if (head.status >= 200 && head.status < 300)
        return std::nullopt;
    return readTokens(head, body).error();
}

NetError oauthError(const QString &word, const QString &description, int status)
{
    static constexpr auto kinds = std::to_array<std::pair<QLatin1StringView, Kind>>({
        {"invalid_request"_L1, Kind::InvalidRequest},
        {"invalid_client"_L1, Kind::Auth},
        {oauthcode::InvalidGrant, Kind::Auth},
        {"unauthorized_client"_L1, Kind::Auth},
        {oauthcode::AccessDenied, Kind::Auth},
        {"unsupported_grant_type"_L1, Kind::InvalidRequest},
        {"unsupported_response_type"_L1, Kind::InvalidRequest},
        {"invalid_scope"_L1, Kind::InvalidRequest},
        {"server_error"_L1, Kind::Server},
        {"temporarily_unavailable"_L1, Kind::Overloaded},
    });
    const auto *const known =
        std::ranges::find(kinds, word, [](const auto &row) { return QString(row.first); });
    const Kind unknown = status == 0 ? Kind::Server : kindOfStatus(status);
    return {.kind = known == kinds.end() ? unknown : known->second,
            .status = status,
            .code = word.left(100),
            .message = description.left(qsizetype(limits::errorMessage))};
}

} // namespace rivulet
