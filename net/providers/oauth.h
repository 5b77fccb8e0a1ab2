// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The words of OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), as values. Pure functions, any thread.

#include "net/export.h"
#include "net/providers/credential.h"
#include "net/wire/httpmessage.h"

#include <chrono>
#include <expected>
#include <functional>
#include <optional>

namespace rivulet {

/// The stable words in NetError::code for what fails before or beside the server. What a server says keeps
/// its own word, such as "invalid_grant" (RFC 6749 4.1.2.1 and 5.2).
namespace oauthcode {
inline constexpr auto SignInNeeded = QLatin1StringView("sign_in_needed"); ///< and there is no browser for it
inline constexpr auto SignInTimedOut = QLatin1StringView("sign_in_timed_out");
inline constexpr auto SignedOut = QLatin1StringView("signed_out");   ///< while a token was being fetched
inline constexpr auto NoRedirect = QLatin1StringView("no_redirect"); ///< nothing can listen on 127.0.0.1
inline constexpr auto NoClientSecret = QLatin1StringView("no_client_secret"); ///< and the grant needs one
inline constexpr auto BadSettings = QLatin1StringView("bad_settings");
inline constexpr auto BadTokenAnswer = QLatin1StringView("bad_token_answer");
inline constexpr auto AccessDenied = QLatin1StringView("access_denied"); ///< by the user, at the server
inline constexpr auto InvalidGrant = QLatin1StringView("invalid_grant"); ///< the refresh token is spent
} // namespace oauthcode

/// Gives that many bytes that nobody can guess.
using RandomBytes = std::function<QByteArray(qsizetype size)>;

/// The system's own source of randomness.
[[nodiscard]] RIVULET_NET_EXPORT QByteArray systemRandomBytes(qsizetype size);

/// 32 random bytes as 43 unreserved characters: a code verifier (RFC 7636 4.1) or a `state` (RFC 6749 10.12).
[[nodiscard]] RIVULET_NET_EXPORT QByteArray randomWord(const RandomBytes &random);

/// The S256 challenge of a verifier (RFC 7636 4.2).
[[nodiscard]] RIVULET_NET_EXPORT QByteArray pkceChallenge(QByteArrayView verifier);

/// Why tokens are not asked for with such settings, as an error of kind Refused; empty where they are. The
/// addresses are https or this computer's, and hold no user info and no fragment.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError> refusalOf(const credential::OAuth &settings);

/// Where the browser is sent to (RFC 6749 4.1.1, RFC 7636 4.3). `redirect` is the loopback address that
/// waits.
[[nodiscard]] RIVULET_NET_EXPORT QUrl authorizationUrl(const credential::OAuth &settings,
                                                       const QUrl &redirect, QByteArrayView state,
                                                       QByteArrayView challenge);

/// What the browser brought back (RFC 6749 4.1.2).
struct AuthorizationCode
{
    QByteArray code;
    QUrl redirect;       ///< as it was in the authorization URL
    QByteArray verifier; ///< whose challenge was there
};

/// A refresh token to be spent (RFC 6749 6).
struct RefreshToken
{
    QByteArray token;
};

/// The client signs in for itself (RFC 6749 4.4.2).
struct ClientGrant
{};

/// What a token is asked for with.
using TokenGrant = std::variant<AuthorizationCode, RefreshToken, ClientGrant>;

/// The request to the token endpoint. A client with a secret identifies itself by HTTP Basic, one without by
/// its id in the body (RFC 6749 2.3.1 and 3.2.1).
[[nodiscard]] RIVULET_NET_EXPORT HttpRequest tokenRequest(const credential::OAuth &settings,
                                                          const QByteArray &clientSecret,
                                                          const TokenGrant &grant);

/// The request to withdraw a refresh token, and with it what was got for it (RFC 7009 2.1); empty where the
/// settings name no place for that.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<HttpRequest>
revocationRequest(const credential::OAuth &settings, const QByteArray &clientSecret,
                  const QByteArray &refreshToken);

/// What a token endpoint gave out (RFC 6749 5.1).
struct OAuthTokens
{
    QByteArray accessToken;
    QByteArray refreshToken{};                       ///< empty where the one before goes on to be good
    std::optional<std::chrono::seconds> expiresIn{}; ///< empty where the server did not say
    QStringList scopes{};                            ///< empty where they are those that were asked for

    friend bool operator==(const OAuthTokens &, const OAuthTokens &) = default;
};

/// Reads the answer of a token endpoint. An error never holds anything of a body that is not one: it may hold
/// tokens. What is no bearer token (RFC 6750) is a Protocol error.
[[nodiscard]] RIVULET_NET_EXPORT std::expected<OAuthTokens, NetError> readTokens(const ResponseHead &head,
                                                                                 const QByteArray &body);

/// Why a server did not withdraw a token; empty where it did, or knew none like it (RFC 7009 2.2).
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError> revocationRefusal(const ResponseHead &head,
                                                                           const QByteArray &body);

/// The error that a server told by its word (RFC 6749 4.1.2.1 and 5.2), with its HTTP status, if any.
[[nodiscard]] RIVULET_NET_EXPORT NetError oauthError(const QString &word, const QString &description,
                                                     int status = 0);

} // namespace rivulet
