// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/highlight/contrast.h"

#include <algorithm>
#include <cmath>

namespace rivulet {

namespace {

double linear(float channel)
{
    return channel <= 0.04045F ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

QColor mixed(const QColor &color, const QColor &with, double share)
{
    const auto channel = [share](int a, int b) { return int(std::lround(a + (b - a) * share)); };
    return {channel(color.red(), with.red()), channel(color.green(), with.green()),
            channel(color.blue(), with.blue())};
}

} // namespace

QColor codeBackground(CodeHighlighter::Theme theme)
{
    return theme == CodeHighlighter::Theme::Dark ? QColor(0x1b, 0x1d, 0x1f) : QColor(0xf3, 0xf1, 0xec);
}

double contrast(const QColor &a, const QColor &b)
{
    const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)});
    return (lighter + 0.05) / (darker + 0.05);
}

QColor readableOn(const QColor &background, QColor color)
{
    constexpr int steps = 32;
    const QColor end = luminance(background) > 0.2 ? QColor(Qt::black) : QColor(Qt::white);
    const QColor original = color;
    for (int step = 1; step <= steps && contrast(color, background) < leastContrast; ++step)
        color = mixed(original, end, double(step) / steps);
    return color;
}

} // namespace rivulet
