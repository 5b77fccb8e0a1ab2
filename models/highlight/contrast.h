// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/highlight/codehighlighter.h"

#include <QtGui/qcolor.h>

namespace rivulet {

/// The least contrast that text has on the background of code: WCAG 2.2, 1.4.3, level AA.
inline constexpr double leastContrast = 4.5;

/// The colour that code is shown on, near enough to judge contrast by it.
[[nodiscard]] QColor codeBackground(CodeHighlighter::Theme theme);

/// The contrast ratio of two opaque colours, 1 to 21.
[[nodiscard]] double contrast(const QColor &a, const QColor &b);

/// `color`, or where that is hard to read on `background` the nearest darker or lighter one that is not.
[[nodiscard]] QColor readableOn(const QColor &background, QColor color);

} // namespace rivulet
