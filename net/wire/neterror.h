// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <QtCore/qstring.h>
#include <QtCore/qstringview.h>

#include <chrono>
#include <optional>

namespace rivulet {

/// Why a request or a stream failed, as a value. It never holds a secret, and its `message` is the
/// server's or the system's own wording, for the details; what people read first is worded in app/.
struct RIVULET_NET_EXPORT NetError
{
    enum class Kind {
        Network,        ///< no connection, or it broke: refused, DNS, TLS, reset
        Timeout,        ///< a limit of ours ran out: connect, first byte, idle
        Http,           ///< a status that none of the kinds below explains
        Auth,           ///< 401 or 403: the key is missing, wrong or not allowed
        RateLimited,    ///< 429: too many requests or tokens
        Quota,          ///< 402 or the account's credit is used up
        Overloaded,     ///< 503, 529: the server is too busy
        InvalidRequest, ///< 400, 404, 409, 413, 422: the request itself is wrong
        Protocol,       ///< what came is not the protocol that was expected
        TooLarge,       ///< a bound of net/framing/limits.h was passed
        Refused,        ///< we would not do it: unsafe URL, redirect with a key
        Server,         ///< 5xx, or an error event inside the stream
    };

    Kind kind = Kind::Network;
    int status = 0;    ///< HTTP status, 0 where there was none
    QString code{};    ///< the provider's own error code, or a word of net/transport/requestrules.h
    QString message{}; ///< for the details view and the log; at most 4096 characters
    std::optional<std::chrono::milliseconds> retryAfter{}; ///< the server's wish, a floor for a retry

    friend bool operator==(const NetError &, const NetError &) = default;
};

/// The kind's stable name in the command line's JSON and in the log, such as "rate_limited".
[[nodiscard]] RIVULET_NET_EXPORT QLatin1StringView toName(NetError::Kind kind);

/// The kind with that stable name; empty where there is none.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<NetError::Kind> errorKindFromName(QStringView name);

} // namespace rivulet
