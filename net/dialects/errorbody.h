// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: what providers' errors mean, in the forms that most of them share.

#include "net/dialects/json.h"
#include "net/wire/httpmessage.h"
#include "net/wire/neterror.h"

#include <QtCore/qbytearrayview.h>
#include <QtCore/qdatetime.h>

#include <chrono>
#include <optional>

namespace rivulet {

/// The error that a response with a failing status means. The body is tried as JSON whatever its type says,
/// because some servers mislabel it; `now` turns a date in Retry-After into a time to wait.
[[nodiscard]] NetError errorFromResponse(const ResponseHead &head, QByteArrayView body, const QDateTime &now);

/// The error that a JSON value means: an error object, a document that holds one, or a bare string.
/// `status` is the HTTP status, or 0 inside a stream, where one is then taken from the value.
[[nodiscard]] NetError errorFromJson(const json::Value &value, int status);

/// How long the server asks to wait, from "retry-after-ms" or "retry-after" in seconds or as a date. A date
/// counts from the response's own "date" where it has one: the two clocks may differ.
[[nodiscard]] std::optional<std::chrono::milliseconds> retryAfter(const HttpHeaders &headers,
                                                                  const QDateTime &now);

/// What a body says that is not what was expected, for the details: the title of a web page, else the
/// beginning of the text, as much as fits into NetError::message after a few words.
[[nodiscard]] QString excerpt(QByteArrayView body);

} // namespace rivulet
