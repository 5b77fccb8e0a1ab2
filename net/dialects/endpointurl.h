// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: addresses below a provider's own.

#include <QtCore/qbytearray.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qurl.h>

#include <initializer_list>
#include <utility>

namespace rivulet {

/// The same address for a WebSocket: http becomes ws, https wss.
[[nodiscard]] QUrl webSocketUrl(QUrl url);

/// The same address for HTTP: ws becomes http, wss https.
[[nodiscard]] QUrl httpUrl(QUrl url);

/// The path of `url`, still percent-encoded, without slashes at its end and without the first of `endings`
/// that it has: people give a protocol's own address for the base, too.
[[nodiscard]] QString basePath(const QUrl &url, std::initializer_list<QLatin1StringView> endings);

/// The query of those names and values, in that order, with everything but letters and digits encoded: a
/// plus sign would be read as a blank. Values that are empty are left out.
[[nodiscard]] QString queryOf(const QList<std::pair<QLatin1StringView, QString>> &items);

} // namespace rivulet
