// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects.

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsonvalue.h>

#include <optional>

namespace rivulet {

/// `document` after the operations of a JSON Patch (RFC 6902), all of them or none: empty where one of them
/// cannot be applied, is none, leads deeper than jsonPatchDepth or copies to more than jsonPatchSize.
[[nodiscard]] std::optional<QJsonValue> patched(const QJsonValue &document, const QJsonArray &operations);

/// How deep a path may lead.
inline constexpr int jsonPatchDepth = 64;

/// Values and UTF-16 units of a document that was copied within itself: each copy may double it.
inline constexpr qsizetype jsonPatchSize = qsizetype{4} * 1024 * 1024;

} // namespace rivulet
