// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/tabletext.h"

#include "models/transcript/transcriptmodel.h"
#include "qml/Rows/textformats.h"

#include <QtGui/qaccessible.h>
#include <QtGui/qtextlayout.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgnode.h>
#include <QtQuick/qsgrectanglenode.h>
#include <QtQuick/qsgtextnode.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rivulet {

namespace {

constexpr qreal cellPadding = 12; ///< left and right of a cell
constexpr qreal linePadding = 7;  ///< above and below a cell
constexpr qreal columnStep = 16;
constexpr qreal widestColumn = 0.4; ///< of the room

Qt::Alignment alignmentOf(ColumnAlignment alignment, bool rightToLeft)
{
    switch (alignment) {
    case ColumnAlignment::Left:
        return Qt::AlignLeft;
    case ColumnAlignment::Center:
        return Qt::AlignHCenter;
    case ColumnAlignment::Right:
        return Qt::AlignRight;
    case ColumnAlignment::None:
        break;
    }
    return rightToLeft ? Qt::AlignRight : Qt::AlignLeft;
}

} // namespace

struct TableText::Cell
{
    TableCell content;
    std::unique_ptr<QTextLayout> layout;
    qreal natural = 0; ///< the width without a break
    qreal height = 0;
};

struct TableText::Line
{
    std::vector<Cell> cells;
    qreal y = 0;
    qreal height = 0;
    bool fresh = true; ///< not yet in the scene graph
};

TableText::TableText(QQuickItem *parent) : RowItem(parent)
{
    setFlag(ItemHasContents);
}

TableText::~TableText() = default;

void TableText::takeRow(bool another)
{
    if (!another) {
        polish();
        return;
    }
    clear();
    relayout();
    Q_EMIT textChanged();
}

void TableText::takeStyle()
{
    clear();
    polish();
}

void TableText::setRoom(qreal room)
{
    if (room == m_room)
        return;
    m_room = room;
    clear();
    relayout();
    Q_EMIT roomChanged();
}

QString TableText::text() const
{
    const Row *content = row().content();
    QString text;
    if (!content)
        return text;
    for (const QList<TableCell> &line : content->cells) {
        for (const TableCell &cell : line) {
            text += cell.text;
            text += u'\t';
        }
        text += u'\n';
    }
    return text;
}

void TableText::clear()
{
    m_lines.clear();
    m_columns.clear();
}

void TableText::componentComplete()
{
    QQuickItem::componentComplete();
    relayout();
}

void TableText::updatePolish()
{
    relayout();
}

std::unique_ptr<QTextLayout> TableText::layOutCell(const TableCell &cell, bool header, qreal width) const
{
    QFont font = style()->font;
    font.setPixelSize(std::max(1, font.pixelSize() - 1));
    font.setFeature("tnum", 1);
    if (header)
        font.setWeight(QFont::DemiBold);
    auto layout =
        std::make_unique<QTextLayout>(QString(cell.text).replace(u'\n', QChar::LineSeparator), font);
    layout->setCacheEnabled(true);
    layout->setFormats(formatsOf(cell.runs, 0, cell.text.size(), *style(), font));
    const bool rightToLeft = readsRightToLeft(cell.text);
    QTextOption option;
    option.setTextDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setUseDesignMetrics(QQuickWindow::textRenderType() != QQuickWindow::NativeTextRendering);
    layout->setTextOption(option);
    const qreal lineHeight = std::round(style()->lineHeight() * 0.93);
    qreal y = 0;
    layout->beginLayout();
    for (QTextLine line = layout->createLine(); line.isValid(); line = layout->createLine()) {
        line.setLineWidth(width);
        const qreal height = std::max(lineHeight, std::ceil(line.height()));
        line.setPosition({0, y + std::floor((height - line.height()) / 2)});
        y += height;
    }
    layout->endLayout();
    return layout;
}

/// Takes the direction of the columns from the first line.
void TableText::noteDirection(const Row &content)
{
    QString words;
    for (const TableCell &cell : content.cells.value(0))
        words += cell.text;
    const bool mirrored = readsRightToLeft(words);
    if (mirrored == m_mirrored)
        return;
    m_mirrored = mirrored;
    for (Line &line : m_lines)
        line.fresh = true;
    Q_EMIT mirroredChanged();
}

void TableText::relayout()
{
    const Row *content = row().content();
    if (!isComponentComplete() || !style() || !content || m_room <= 0)
        return;
    noteDirection(*content);
    m_alignments = content->columns;
    const qsizetype columns =
        std::max(content->columns.size(), content->cells.isEmpty() ? 0 : content->cells.constFirst().size());
    const qreal widest =
        std::max(widestColumn * m_room, m_room / double(std::max(columns, qsizetype(1))) - 2 * cellPadding);

    // Natural widths of the cells that are new, and of columns that these widen.
    bool widened = m_columns.size() != size_t(columns);
    m_columns.resize(size_t(columns), 0);
    m_lines.resize(size_t(content->cells.size()));
    std::vector<std::pair<size_t, size_t>> changed;
    for (size_t i = 0; i < m_lines.size(); ++i) {
        const QList<TableCell> &source = content->cells[qsizetype(i)];
        std::vector<Cell> &cells = m_lines[i].cells;
        cells.resize(size_t(columns));
        for (size_t column = 0; column < cells.size(); ++column) {
            const TableCell cell = source.value(qsizetype(column));
            if (cells[column].layout && cells[column].content == cell)
                continue;
            const auto layout = layOutCell(cell, i == 0 && !content->continuesAbove, 1e6);
            cells[column].content = cell;
            cells[column].natural = std::ceil(layout->maximumWidth());
            const qreal wanted = std::min(widest, std::ceil(cells[column].natural / columnStep) * columnStep);
            if (wanted > m_columns[column]) {
                m_columns[column] = wanted;
                widened = true;
            }
            changed.emplace_back(i, column);
        }
    }
    if (widened) {
        changed.clear();
        for (size_t i = 0; i < m_lines.size(); ++i) {
            for (size_t column = 0; column < m_columns.size(); ++column)
                changed.emplace_back(i, column);
        }
    }
    const qreal lineHeight = std::round(style()->lineHeight() * 0.93);
    for (const auto &[i, column] : changed) {
        Cell &cell = m_lines[i].cells[column];
        cell.layout = layOutCell(cell.content, i == 0 && !content->continuesAbove, m_columns[column]);
        ++m_laidOut;
        const QTextLine last = cell.layout->lineAt(cell.layout->lineCount() - 1);
        cell.height =
            std::max(lineHeight, std::ceil((last.y() + last.height() + lineHeight) / 1) - lineHeight);
        m_lines[i].fresh = true;
    }
    qreal y = 0;
    for (Line &line : m_lines) {
        qreal height = lineHeight;
        for (const Cell &cell : line.cells)
            height = std::max(height, cell.height);
        height += 2 * linePadding;
        line.fresh = line.fresh || line.y != y || line.height != height;
        line.y = y;
        line.height = height;
        y += height;
    }
    qreal width = 0;
    for (const qreal column : m_columns)
        width += column + 2 * cellPadding;
    setImplicitSize(width, y);
    update();
    if (content->closed || QAccessible::isActive())
        Q_EMIT textChanged();
}

QSGNode *TableText::updatePaintNode(QSGNode *old, UpdatePaintNodeData * /*data*/)
{
    if (!style() || !window() || m_lines.empty()) {
        delete old;
        return nullptr;
    }
    // A transform node, as in TextItemNode: lines are added to it later.
    QSGNode *node = old ? old : new QSGTransformNode;
    while (size_t(node->childCount()) > m_lines.size()) {
        QSGNode *last = node->lastChild();
        node->removeChildNode(last);
        delete last;
    }
    QSGNode *next = node->firstChild();
    for (size_t i = 0; i < m_lines.size(); ++i) {
        Line &line = m_lines[i];
        QSGNode *lineNode = next;
        next = next ? next->nextSibling() : nullptr;
        if (lineNode && !line.fresh)
            continue;
        line.fresh = false;
        auto *made = new QSGNode;
        QSGTextNode *text = window()->createTextNode();
        text->setColor(style()->text);
        qreal before = 0; // the columns before this one, in reading order
        for (size_t column = 0; column < line.cells.size(); ++column) {
            QTextLayout *layout = line.cells[column].layout.get();
            // Each cell is aligned as a block of lines, by its own width where it is one line.
            const bool rightToLeft = layout->textOption().textDirection() == Qt::RightToLeft;
            const Qt::Alignment alignment = alignmentOf(
                m_alignments.value(qsizetype(column), ColumnAlignment::None), m_mirrored || rightToLeft);
            const qreal free = std::max(0.0, m_columns[column] - std::ceil(layout->maximumWidth()));
            const qreal outer = m_columns[column] + 2 * cellPadding;
            const qreal x = (m_mirrored ? implicitWidth() - before - outer : before) + cellPadding;
            const qreal shift = alignment & Qt::AlignRight ? free
                : alignment & Qt::AlignHCenter             ? std::floor(free / 2)
                                                           : 0;
            text->addTextLayout(QPointF(x + shift, line.y + linePadding), layout);
            before += outer;
        }
        made->appendChildNode(text);
        QSGRectangleNode *rule = window()->createRectangleNode();
        rule->setColor(style()->hairline);
        const Row *content = row().content();
        const bool first = i == 0 && !(content && content->continuesAbove);
        rule->setRect(QRectF(0, first ? line.y - 1 : line.y, before, first ? 0 : 1));
        made->appendChildNode(rule);
        if (lineNode) {
            node->insertChildNodeBefore(made, lineNode);
            node->removeChildNode(lineNode);
            delete lineNode;
        } else {
            node->appendChildNode(made);
        }
    }
    return node;
}

} // namespace rivulet
