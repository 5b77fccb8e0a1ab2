// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/httpmessage.h"
#include "net/wire/neterror.h"

#include <optional>

namespace rivulet {

/// The stable words in NetError::code for what breaks below HTTP, and for what we refuse. Whoever words
/// an error for people tells them apart by these, never by its message.
namespace transportcode {
inline constexpr auto HostNotFound = QLatin1StringView("host_not_found");
inline constexpr auto ConnectionRefused = QLatin1StringView("connection_refused");
inline constexpr auto ConnectionLost = QLatin1StringView("connection_lost"); ///< closed or reset
inline constexpr auto Unreachable = QLatin1StringView("unreachable");        ///< no route, no network
inline constexpr auto Tls = QLatin1StringView("tls");
inline constexpr auto Proxy = QLatin1StringView("proxy");
inline constexpr auto NoAnswer = QLatin1StringView("no_answer"); ///< the head did not come in time
inline constexpr auto Silent = QLatin1StringView("silent");      ///< the body stopped coming
inline constexpr auto NotHttp = QLatin1StringView("not_http");
inline constexpr auto Encoding = QLatin1StringView("content_encoding");
inline constexpr auto Redirect = QLatin1StringView("redirect");
inline constexpr auto BadUrl = QLatin1StringView("bad_url"); ///< malformed, or no host
inline constexpr auto Scheme = QLatin1StringView("scheme");  ///< neither http nor https
inline constexpr auto UserInfo = QLatin1StringView("user_info");
inline constexpr auto KeyInClear = QLatin1StringView("key_in_clear");
inline constexpr auto NotCarried = QLatin1StringView("not_carried"); ///< no transport for this exchange
inline constexpr auto BadHeader = QLatin1StringView("bad_header");
} // namespace transportcode

/// Whether the URL's host is this computer by its literal address or by the name "localhost".
[[nodiscard]] RIVULET_NET_EXPORT bool isLoopback(const QUrl &url);

/// Whether a header of that name (any case) carries a credential.
[[nodiscard]] RIVULET_NET_EXPORT bool carriesKey(QByteArrayView headerName);

/// Why a transport will not send `request`, as an error of kind Refused; empty where it will. It must be
/// http or https, have a host and no user info; a key goes only over https or to this computer; and a
/// header value holds no control character (a key pasted with its line end, for instance).
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError> refusalOf(const HttpRequest &request);

} // namespace rivulet
