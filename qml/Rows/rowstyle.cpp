// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/rowstyle.h"

#include <QtGui/qfontinfo.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace rivulet {

namespace {

qreal pixels(const QFont &font)
{
    return font.pixelSize() > 0 ? font.pixelSize() : QFontInfo(font).pixelSize();
}

} // namespace

qreal RowStyle::lineHeight() const
{
    return std::round(pixels(font) * 1.55);
}

qreal RowStyle::codeLineHeight() const
{
    return std::round(pixels(codeFont) * 1.5);
}

QFont RowStyle::headingFont(int level) const
{
    static constexpr std::array scales{1.5, 1.3, 1.15, 1.0, 1.0, 1.0};
    const double scale = scales.at(size_t(std::clamp(level, 1, 6) - 1));
    QFont heading = font;
    heading.setPixelSize(int(std::lround(pixels(font) * scale)));
    heading.setWeight(QFont::DemiBold);
    return heading;
}

qreal RowStyle::headingLineHeight(int level) const
{
    return std::round(pixels(headingFont(level)) * 1.35);
}

} // namespace rivulet
