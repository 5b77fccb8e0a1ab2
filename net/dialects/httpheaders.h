// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: what the headers of a response say.

#include "net/wire/httpmessage.h"

#include <QtCore/qbytearrayview.h>
#include <QtCore/qdatetime.h>

namespace rivulet {

/// The first header of that name, trimmed; empty where there is none.
[[nodiscard]] QByteArray headerOf(const HttpHeaders &headers, QByteArrayView name);

/// Reads the three forms of a date in HTTP (RFC 9110, 5.6.7); not valid where it is none of them.
[[nodiscard]] QDateTime httpDate(const QByteArray &text);

/// When the response was sent by its server's clock, which may not be ours; `now` where it does not say.
[[nodiscard]] QDateTime sentAt(const HttpHeaders &headers, const QDateTime &now);

} // namespace rivulet
