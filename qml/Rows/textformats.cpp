// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/textformats.h"

#include "models/transcript/link.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace rivulet {

namespace {

/// Inline code is a little smaller than the text around it, because monospaced letters look larger.
constexpr double codeScale = 0.9;

} // namespace

QList<QTextLayout::FormatRange> formatsOf(const QList<InlineRun> &runs, qsizetype begin, qsizetype length,
                                          const RowStyle &style, const QFont &base)
{
    QList<QTextLayout::FormatRange> formats;
    for (const InlineRun &run : runs) {
        const qsizetype from = std::max(run.begin, begin);
        const qsizetype to = std::min(run.begin + run.length, begin + length);
        if (from >= to)
            continue;
        QTextCharFormat format;
        if (run.style & InlineRun::Emphasis)
            format.setFontItalic(true);
        if (run.style & InlineRun::Strong)
            format.setFontWeight(std::max(int(QFont::DemiBold), base.weight() + 100));
        if (run.style & InlineRun::Strike)
            format.setFontStrikeOut(true);
        if (run.style & (InlineRun::Code | InlineRun::Math | InlineRun::Keyboard)) {
            format.setFontFamilies(style.codeFont.families());
            format.setFontStyleHint(QFont::Monospace);
            format.setFontFixedPitch(true);
            format.setProperty(QTextFormat::FontPixelSize, int(std::lround(base.pixelSize() * codeScale)));
        }
        if (run.style & (InlineRun::Link | InlineRun::Image) && !safeLink(run).isEmpty()) {
            format.setForeground(style.link);
            format.setFontUnderline(true);
        }
        formats.append({int(from - begin), int(to - from), format});
    }
    return formats;
}

bool readsRightToLeft(QStringView text)
{
    return text.isRightToLeft();
}

QUrl safeLink(const InlineRun &run)
{
    return run.style & (InlineRun::Link | InlineRun::Image) ? Link(run.target).url() : QUrl();
}

} // namespace rivulet
