// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/textrow.h"

#include "qml/Rows/textformats.h"

#include <QtGui/qevent.h>
#include <QtQuick/qquickwindow.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace rivulet {

namespace {

QFont fontOf(const Row &content, const RowStyle &style)
{
    switch (content.kind) {
    case RowKind::Heading:
        return style.headingFont(content.level);
    case RowKind::Html:
        return style.codeFont;
    default:
        return style.font;
    }
}

/// Up to where the runs, and with them the formats, are the same.
qsizetype sameUpTo(const QList<InlineRun> &before, const QList<InlineRun> &now)
{
    qsizetype same = std::numeric_limits<qsizetype>::max();
    const qsizetype count = std::max(before.size(), now.size());
    for (qsizetype i = 0; i < count; ++i) {
        if (i >= before.size() || i >= now.size())
            return std::min(same, i < now.size() ? now[i].begin : before[i].begin);
        const InlineRun &a = before[i];
        const InlineRun &b = now[i];
        if (a == b)
            continue;
        // Most often a run at the end that has become longer.
        const bool longer = a.begin == b.begin && a.style == b.style && a.target == b.target;
        same = std::min(same, longer ? a.begin + std::min(a.length, b.length) : std::min(a.begin, b.begin));
        if (!longer)
            break;
    }
    return same;
}

} // namespace

TextRow::TextRow(QQuickItem *parent) : TextItem(parent)
{
    setAcceptHoverEvents(true);
}

void TextRow::setQuiet(bool quiet)
{
    if (quiet == m_quiet)
        return;
    m_quiet = quiet;
    invalidateLayout();
    Q_EMIT quietChanged();
}

TextPieces::Options TextRow::options() const
{
    TextPieces::Options options;
    options.width = width();
    options.rightToLeft = m_mirrored;
    options.designMetrics = QQuickWindow::textRenderType() != QQuickWindow::NativeTextRendering;
    const Row *content = row().content();
    if (!content)
        return options;
    options.font = fontOf(*content, *style());
    options.lineHeight = style()->lineHeight();
    if (content->kind == RowKind::Heading)
        options.lineHeight = style()->headingLineHeight(content->level);
    else if (content->kind == RowKind::Html)
        options.lineHeight = style()->codeLineHeight();
    return options;
}

void TextRow::layOut(TextPieces &pieces, const Row &content)
{
    const bool mirrored = readsRightToLeft(content.text);
    if (mirrored != m_mirrored) {
        m_mirrored = mirrored;
        pieces.setOptions(options());
        Q_EMIT mirroredChanged();
    }
    const qsizetype same = sameUpTo(m_runs, content.runs);
    m_runs = content.runs;
    pieces.update(content.text, same,
                  [this](qsizetype begin, qsizetype length) { return formats(begin, length); });
}

QList<QTextLayout::FormatRange> TextRow::formats(qsizetype begin, qsizetype length) const
{
    return formatsOf(m_runs, begin, length, *style(), pieces().options().font);
}

QList<TextItem::Patch> TextRow::patches() const
{
    QList<Patch> patches;
    for (const InlineRun &run : m_runs) {
        if (run.kind != InlineRun::Kind::Code)
            continue;
        for (const QRectF &area : pieces().areas(run.begin, run.begin + run.length, true))
            patches.append({area.adjusted(-2, 0, 2, 0), style()->codeBackground});
    }
    return patches;
}

QColor TextRow::textColor() const
{
    return m_quiet ? style()->quietText : style()->text;
}

QUrl TextRow::linkAt(QPointF point) const
{
    const qsizetype at = pieces().characterAt(point);
    if (at < 0)
        return {};
    const InlineRun *run = runAt(m_runs, at);
    return run ? safeLink(*run) : QUrl();
}

void TextRow::setHoveredLink(const QUrl &url)
{
    if (url == m_hoveredLink)
        return;
    m_hoveredLink = url;
    setCursor(url.isEmpty() ? Qt::IBeamCursor : Qt::PointingHandCursor);
    Q_EMIT hoveredLinkChanged();
}

void TextRow::hoverMoveEvent(QHoverEvent *event)
{
    setHoveredLink(linkAt(event->position()));
}

void TextRow::hoverLeaveEvent(QHoverEvent * /*event*/)
{
    setHoveredLink({});
}

void TextRow::mousePressEvent(QMouseEvent *event)
{
    m_pressedLink = linkAt(event->position());
    TextItem::mousePressEvent(event);
}

void TextRow::mouseReleaseEvent(QMouseEvent *event)
{
    TextItem::mouseReleaseEvent(event);
    const QUrl pressed = std::exchange(m_pressedLink, {});
    if (!pressed.isEmpty() && selectedText().isEmpty() && linkAt(event->position()) == pressed)
        Q_EMIT linkActivated(pressed);
}

} // namespace rivulet
