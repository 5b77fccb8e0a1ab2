// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qurl.h>

#include <expected>

namespace rivulet {

/// The base URL that people mean by what they typed, or what is wrong with it, in words.
[[nodiscard]] std::expected<QUrl, QString> baseUrlFrom(const QString &typed);

} // namespace rivulet
