// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/markdown/row.h"
#include "qml/Rows/rowstyle.h"

#include <QtCore/qurl.h>
#include <QtGui/qtextlayout.h>

namespace rivulet {

/// The formats that show `runs` within [begin, begin + length), with offsets from `begin` on.
[[nodiscard]] QList<QTextLayout::FormatRange> formatsOf(const QList<InlineRun> &runs, qsizetype begin,
                                                        qsizetype length, const RowStyle &style,
                                                        const QFont &base);

/// Whether the text reads from right to left: its first strong character decides.
[[nodiscard]] bool readsRightToLeft(QStringView text);

/// The URL behind a run that may be offered as a link, as `Link` judges it. Else empty.
[[nodiscard]] QUrl safeLink(const InlineRun &run);

} // namespace rivulet
