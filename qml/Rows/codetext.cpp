// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/codetext.h"

#include <QtQuick/qquickwindow.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace rivulet {

TextPieces::Options CodeText::options() const
{
    TextPieces::Options options;
    options.font = style()->codeFont;
    options.lineHeight = style()->codeLineHeight();
    options.designMetrics = QQuickWindow::textRenderType() != QQuickWindow::NativeTextRendering;
    return options;
}

void CodeText::layOut(TextPieces &pieces, const Row &content)
{
    const QStringView text = content.text;
    m_lines.assign(1, 0);
    for (qsizetype feed = text.indexOf(u'\n'); feed >= 0; feed = text.indexOf(u'\n', feed + 1))
        m_lines.push_back(feed + 1);

    m_highlighter =
        row().highlighter(style()->dark ? CodeHighlighter::Theme::Dark : CodeHighlighter::Theme::Light);
    // Finished lines keep their colours; the last one is in the last piece, which is laid out anyway.
    pieces.update(text, std::numeric_limits<qsizetype>::max(),
                  [this](qsizetype begin, qsizetype length) { return formats(begin, length); });

    QString language = m_highlighter ? m_highlighter->languageName() : QString();
    if (language.isEmpty())
        language = content.language;
    m_highlighter = nullptr;
    if (std::exchange(m_language, language) != language)
        Q_EMIT languageChanged();
}

QList<QTextLayout::FormatRange> CodeText::formats(qsizetype begin, qsizetype length) const
{
    QList<QTextLayout::FormatRange> formats;
    if (!m_highlighter)
        return formats;
    const auto first = std::prev(std::ranges::upper_bound(m_lines, begin));
    const auto lines = std::min(m_highlighter->lineCount(), qsizetype(m_lines.size()));
    for (qsizetype line = first - m_lines.begin(); line < lines; ++line) {
        const qsizetype start = m_lines[size_t(line)];
        if (start >= begin + length)
            break;
        for (const CodeSpan &span : m_highlighter->spans(line)) {
            const qsizetype from = std::max(start + span.begin, begin);
            const qsizetype to = std::min(start + span.begin + span.length, begin + length);
            if (from >= to || !span.color.isValid())
                continue;
            QTextCharFormat format;
            format.setForeground(span.color);
            formats.append({int(from - begin), int(to - from), format});
        }
    }
    return formats;
}

} // namespace rivulet
