// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/rowmargin.h"

#include <QtGui/qtextlayout.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgnode.h>
#include <QtQuick/qsgrectanglenode.h>
#include <QtQuick/qsgtextnode.h>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace rivulet {

namespace {

constexpr qreal quoteIndent = 18;
constexpr qreal quoteBarWidth = 3;
constexpr qreal itemIndent = 28;
constexpr qreal markerGap = 9; ///< between a marker and the content
constexpr qreal taskBox = 14;

qreal indentOf(const RowContainer &container)
{
    const bool isItem = container.list != 0 || container.kind == RowContainer::Kind::Footnote;
    return isItem ? itemIndent : quoteIndent;
}

QString markerOf(const RowContainer &container, int bulletDepth)
{
    static const std::array bullets{u"•"_s, u"◦"_s, u"▪"_s};
    if (container.task == RowContainer::Task::Done)
        return u"✓"_s;
    if (container.kind == RowContainer::Kind::Footnote)
        return container.label;
    if (container.kind == RowContainer::Kind::OrderedItem)
        return QString::number(container.number) + u'.';
    return bullets.at(size_t(bulletDepth) % bullets.size());
}

} // namespace

RowMargin::RowMargin(QQuickItem *parent) : RowItem(parent)
{
    setFlag(ItemHasContents);
}

RowMargin::~RowMargin() = default;

void RowMargin::takeRow(bool)
{
    refresh();
}

void RowMargin::takeStyle()
{
    m_lineHeight = 0;
    refresh();
}

void RowMargin::setGap(qreal gap)
{
    if (gap == m_gap)
        return;
    m_gap = gap;
    update();
    Q_EMIT gapChanged();
}

void RowMargin::setMirrored(bool mirrored)
{
    if (mirrored == m_mirrored)
        return;
    m_mirrored = mirrored;
    update();
    Q_EMIT mirroredChanged();
}

void RowMargin::geometryChange(const QRectF &geometry, const QRectF &oldGeometry)
{
    QQuickItem::geometryChange(geometry, oldGeometry);
    if (!m_containers.isEmpty() && geometry.size() != oldGeometry.size())
        update();
}

void RowMargin::refresh()
{
    const Row *content = row().content();
    if (!content || !style())
        return;
    qreal lineHeight = style()->lineHeight();
    if (content->kind == RowKind::Heading)
        lineHeight = style()->headingLineHeight(content->level);
    if (content->containers == m_containers && lineHeight == m_lineHeight)
        return;
    m_containers = content->containers;
    m_lineHeight = lineHeight;
    qreal indent = 0;
    for (const RowContainer &container : std::as_const(m_containers))
        indent += indentOf(container);
    if (std::exchange(m_indent, indent) != indent)
        Q_EMIT indentChanged();
    update();
}

QSGNode *RowMargin::updatePaintNode(QSGNode *old, UpdatePaintNodeData * /*data*/)
{
    // Seldom and little: it is made anew.
    delete old;
    m_markers.clear();
    if (m_containers.isEmpty() || !style() || !window())
        return nullptr;
    auto *node = new QSGNode;
    const auto addRectangle = [&](QRectF area, const QColor &color) {
        if (m_mirrored)
            area.moveLeft(width() - area.right());
        QSGRectangleNode *rectangle = window()->createRectangleNode();
        rectangle->setRect(area);
        rectangle->setColor(color);
        node->appendChildNode(rectangle);
    };

    qreal x = 0;
    int bulletDepth = -1;
    for (const RowContainer &container : std::as_const(m_containers)) {
        const qreal end = x + indentOf(container);
        if (container.kind == RowContainer::Kind::Quote) {
            const qreal top = container.first ? m_gap : 0;
            addRectangle(QRectF(x, top, quoteBarWidth, height() - top), style()->quoteBar);
            x = end;
            continue;
        }
        bulletDepth += container.kind == RowContainer::Kind::BulletItem ? 1 : 0;
        if (!container.first || container.kind == RowContainer::Kind::Details) {
            x = end;
            continue;
        }
        QFont font = style()->font;
        const bool task = container.task != RowContainer::Task::None;
        if (task) {
            font.setPixelSize(int(taskBox) - 2);
            font.setWeight(QFont::Bold);
            const QRectF box(end - markerGap - taskBox, m_gap + std::round((m_lineHeight - taskBox) / 2),
                             taskBox, taskBox);
            const bool done = container.task == RowContainer::Task::Done;
            addRectangle(box.adjusted(1, 0, -1, 0), done ? style()->link : style()->quietText);
            addRectangle(box.adjusted(0, 1, 0, -1), done ? style()->link : style()->quietText);
            addRectangle(box.adjusted(1, 1, -1, -1), style()->background);
        }
        if (container.task != RowContainer::Task::Open) {
            auto &marker = *m_markers.emplace_back(
                std::make_unique<QTextLayout>(markerOf(container, std::max(bulletDepth, 0)), font));
            marker.beginLayout();
            QTextLine line = marker.createLine();
            line.setLineWidth(1e6);
            marker.endLayout();
            const qreal markerWidth = line.naturalTextWidth();
            qreal left = task ? end - markerGap - (taskBox + markerWidth) / 2 : end - markerGap - markerWidth;
            if (m_mirrored)
                left = width() - left - markerWidth;
            QSGTextNode *text = window()->createTextNode();
            text->setColor(task ? style()->link : style()->quietText);
            text->addTextLayout(
                QPointF(std::round(left), m_gap + std::floor((m_lineHeight - line.height()) / 2)), &marker);
            node->appendChildNode(text);
        }
        x = end;
    }
    return node;
}

} // namespace rivulet
