// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to models/transcript: what a line says of reasoning that still arrives.

#include <QtCore/qstring.h>
#include <QtCore/qstringview.h>

namespace rivulet::transcript {

/// The last whole sentence of `text`, or what there is of the first one; without marks of markup, on one line
/// and of at most 160 UTF-16 units. Only the end of `text` is looked at.
[[nodiscard]] QString newestSentence(QStringView text);

} // namespace rivulet::transcript
