// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: what the two protocols of the AI SDK share.

#include "net/dialects/dialect.h"
#include "net/dialects/eventwriter.h"
#include "net/dialects/json.h"
#include "net/wire/usage.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qlatin1stringview.h>

namespace rivulet::aisdk {

/// The option that holds members for every request's body, as the text of a JSON object: these servers are
/// applications, and many want something of their own.
inline constexpr QLatin1StringView extraBody{"body"};

/// The reason by the SDK's name for it; Other for one that is unknown.
[[nodiscard]] FinishReason finishReason(const json::Value &name);

/// The token counts in any of the SDK's forms; what `counts` does not hold stays empty.
[[nodiscard]] Usage usageIn(const json::Value &counts);

/// Where the chat is: the base itself, or the SDK's default place where the base names only a server.
[[nodiscard]] QUrl chatUrl(const QUrl &base);

/// The chat's request with that body, the provider's own members added where the body has none of the name.
[[nodiscard]] HttpRequest chatRequest(QJsonObject body, const Endpoint &endpoint, const QByteArray &accept);

/// The header that lets us in, where there is a key.
void authorize(HttpRequest &request, const Endpoint &endpoint);

/// A message's part that is text.
[[nodiscard]] QJsonObject textPart(const QString &text);

/// A value that a tool gave, as it goes back: JSON where the text is an object or an array, else the text.
[[nodiscard]] QJsonValue toolOutput(const QString &content);

/// A piece of data of the application's own as an artifact: its kind where its name is one, else code.
[[nodiscard]] event::Artifact::Kind artifactKind(const QString &name);

} // namespace rivulet::aisdk
