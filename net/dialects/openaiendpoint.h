// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: where the resources of OpenAI's API are, and how it and the servers that are
// compatible with it let us in.

#include "net/dialects/dialect.h"

#include <QtCore/qbytearrayview.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qurl.h>

#include <optional>

namespace rivulet::openai {

/// Whether the host is that domain or below it.
[[nodiscard]] bool hostIs(const QUrl &url, QLatin1StringView domain);
[[nodiscard]] bool isOpenAi(const QUrl &url);
[[nodiscard]] bool isAzure(const QUrl &url);

/// The address of one resource, such as "/responses", below the base. The address of another resource that
/// starts an exchange may be given as the base, too.
[[nodiscard]] QUrl resourceUrl(QUrl base, QLatin1StringView resource);

/// The same address for HTTP, where it is one for a WebSocket, and the other way round.
[[nodiscard]] QUrl httpUrl(QUrl url);
[[nodiscard]] QUrl webSocketUrl(QUrl url);
[[nodiscard]] bool isWebSocket(const QUrl &url);

/// Adds the header with the key, under the name that the server wants; none without a key.
void authorize(HttpHeaders &headers, const Endpoint &endpoint);

/// The request for the list of models, which the base may also be a WebSocket's for.
[[nodiscard]] HttpRequest modelsRequest(const Endpoint &endpoint);

/// The models of such a list; empty where the body is none.
[[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body);

} // namespace rivulet::openai
