// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/exchangerequest.h"
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
inline constexpr auto CaFile = QLatin1StringView("ca_file"); ///< of trusted authorities; can not be used
inline constexpr auto ClientCertificate = QLatin1StringView("client_certificate"); ///< nor can its file
inline constexpr auto ClientKey = QLatin1StringView("client_key");                 ///< nor can its file
inline constexpr auto ClientKeyLocked = QLatin1StringView("client_key_locked"); ///< no or a wrong passphrase
inline constexpr auto NoAnswer = QLatin1StringView("no_answer"); ///< the head did not come in time
inline constexpr auto Silent = QLatin1StringView("silent");      ///< the body stopped coming
inline constexpr auto NotHttp = QLatin1StringView("not_http");
inline constexpr auto NotWebSocket = QLatin1StringView("not_web_socket"); ///< it answers, but with no socket
inline constexpr auto Encoding = QLatin1StringView("content_encoding");
inline constexpr auto Redirect = QLatin1StringView("redirect");
inline constexpr auto BadUrl = QLatin1StringView("bad_url"); ///< malformed, or no host
inline constexpr auto Scheme = QLatin1StringView("scheme");  ///< not one of its kind of exchange
inline constexpr auto UserInfo = QLatin1StringView("user_info");
inline constexpr auto KeyInClear = QLatin1StringView("key_in_clear");
inline constexpr auto NotCarried = QLatin1StringView("not_carried"); ///< no transport for this exchange
inline constexpr auto BadHeader = QLatin1StringView("bad_header");
inline constexpr auto BadProgram = QLatin1StringView("bad_program"); ///< no absolute path of a program
inline constexpr auto ProgramNotAllowed = QLatin1StringView("program_not_allowed"); ///< by its user
inline constexpr auto ProgramNotStarted = QLatin1StringView("program_not_started");
inline constexpr auto ProgramFailed = QLatin1StringView("program_failed");   ///< left with a code but 0
inline constexpr auto ProgramCrashed = QLatin1StringView("program_crashed"); ///< ended by a signal
} // namespace transportcode

/// Whether the URL's host is this computer by its literal address or by the name "localhost".
[[nodiscard]] RIVULET_NET_EXPORT bool isLoopback(const QUrl &url);

/// Whether a header of that name (any case) carries a credential.
[[nodiscard]] RIVULET_NET_EXPORT bool carriesKey(QByteArrayView headerName);

/// Why a transport will not send `request`, as an error of kind Refused; empty where it will. It must be
/// http or https, have a host and no user info; a key goes only over https or to this computer; and a
/// header value holds no control character (a key pasted with its line end, for instance).
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError> refusalOf(const HttpRequest &request);

/// The same for a WebSocket: ws or wss, its key only over wss or to this computer, and subprotocols that
/// are HTTP tokens.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError> refusalOf(const WebSocketRequest &request);

/// The same for a local program: it and its folder have absolute paths, the program is a file that can be
/// executed, and nothing that is handed to it holds a NUL. Whether it may run is not asked here.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError> refusalOf(const ProcessRequest &request);

/// The same for whatever it is.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError> refusalOf(const ExchangeRequest &request);

} // namespace rivulet
