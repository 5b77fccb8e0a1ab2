// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Rows/textitem.h"

#include <QtCore/qtextboundaryfinder.h>
#include <QtGui/qaccessible.h>
#include <QtGui/qclipboard.h>
#include <QtGui/qevent.h>
#include <QtGui/qguiapplication.h>
#include <QtGui/qstylehints.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgnode.h>
#include <QtQuick/qsgrectanglenode.h>
#include <QtQuick/qsgtextnode.h>

#include <algorithm>
#include <memory>

namespace rivulet {

namespace {

constexpr qreal caretWidth = 2;

/// The nodes of one item: what stands behind the glyphs, one text node per piece, the caret. Groups that
/// get children later are transform nodes: of a plain one the software renderer keeps no place, and paints
/// a child that comes after the first frame at the window's corner (Qt 6.8).
class TextItemNode : public QSGNode
{
public:
    explicit TextItemNode(QQuickWindow *window)
        : m_window(window), m_back(new QSGTransformNode), m_glyphs(new QSGTransformNode),
          m_front(new QSGTransformNode)
    {
        appendChildNode(m_back);
        appendChildNode(m_glyphs);
        appendChildNode(m_front);
    }

    void clearRectangles()
    {
        m_nextBack = m_back->firstChild();
        m_nextFront = m_front->firstChild();
    }
    void addBehind(const QRectF &area, const QColor &color) { add(m_back, m_nextBack, area, color); }
    void addInFront(const QRectF &area, const QColor &color) { add(m_front, m_nextFront, area, color); }
    void dropUnusedRectangles()
    {
        drop(m_back, m_nextBack);
        drop(m_front, m_nextFront);
    }

    /// Makes nodes for the pieces that have none yet; the number of them.
    quint64 setPieces(const std::vector<TextPieces::Piece> &pieces, const QColor &color, bool redraw)
    {
        quint64 built = 0;
        size_t same = 0;
        while (!redraw && same < std::min(pieces.size(), m_nodes.size())
               && m_nodes[same].first == pieces[same].serial)
            ++same;
        for (size_t i = same; i < m_nodes.size(); ++i) {
            m_glyphs->removeChildNode(m_nodes[i].second);
            delete m_nodes[i].second;
        }
        m_nodes.resize(same);
        for (size_t i = same; i < pieces.size(); ++i) {
            const TextPieces::Piece &piece = pieces[i];
            QSGTextNode *node = m_window->createTextNode();
            node->setColor(color);
            node->setRenderType(renderType());
            node->addTextLayout(QPointF(0, piece.y), piece.layout.get(), -1, -1, 0, piece.lines);
            m_glyphs->appendChildNode(node);
            m_nodes.emplace_back(piece.serial, node);
            ++built;
        }
        return built;
    }

private:
    static QSGTextNode::RenderType renderType()
    {
        switch (QQuickWindow::textRenderType()) {
        case QQuickWindow::NativeTextRendering:
            return QSGTextNode::NativeRendering;
        case QQuickWindow::CurveTextRendering:
            return QSGTextNode::CurveRendering;
        case QQuickWindow::QtTextRendering:
            break;
        }
        return QSGTextNode::QtRendering;
    }

    void add(QSGNode *parent, QSGNode *&next, const QRectF &area, const QColor &color)
    {
        auto *node = static_cast<QSGRectangleNode *>(next);
        if (node) {
            next = next->nextSibling();
        } else {
            node = m_window->createRectangleNode();
            parent->appendChildNode(node);
        }
        if (node->rect() != area)
            node->setRect(area);
        if (node->color() != color)
            node->setColor(color);
    }

    static void drop(QSGNode *parent, QSGNode *next)
    {
        while (next) {
            QSGNode *unused = std::exchange(next, next->nextSibling());
            parent->removeChildNode(unused);
            delete unused;
        }
    }

    QQuickWindow *m_window;
    QSGNode *m_back;
    QSGNode *m_glyphs;
    QSGNode *m_front;
    QSGNode *m_nextBack = nullptr;
    QSGNode *m_nextFront = nullptr;
    std::vector<std::pair<quint64, QSGTextNode *>> m_nodes; ///< with the serial of the piece that they show
};

} // namespace

TextItem::TextItem(QQuickItem *parent) : RowItem(parent)
{
    setFlag(ItemHasContents);
    setFlag(ItemIsFocusScope, false);
    setAcceptedMouseButtons(Qt::LeftButton);
    setCursor(Qt::IBeamCursor);
}

TextItem::~TextItem() = default;

void TextItem::takeRow(bool another)
{
    if (!another) {
        polish();
        return;
    }
    deselect();
    m_pieces.clear();
    relayout();
    Q_EMIT textChanged();
}

void TextItem::takeStyle()
{
    invalidateLayout();
}

void TextItem::setCaret(bool caret)
{
    if (caret == m_caret)
        return;
    m_caret = caret;
    update();
    Q_EMIT caretChanged();
}

QString TextItem::text() const
{
    const Row *content = row().content();
    return content ? QString(content->text).replace(QChar::LineSeparator, u'\n') : QString();
}

QString TextItem::selectedText() const
{
    const Row *content = row().content();
    if (!content || m_anchor == m_head)
        return {};
    const qsizetype begin = std::min(std::min(m_anchor, m_head), content->text.size());
    const qsizetype end = std::min(std::max(m_anchor, m_head), content->text.size());
    return content->text.sliced(begin, end - begin).replace(QChar::LineSeparator, u'\n');
}

void TextItem::selectAll()
{
    select(0, m_pieces.length());
}

void TextItem::deselect()
{
    select(0, 0);
}

void TextItem::copy() const
{
    const QString selected = selectedText();
    if (!selected.isEmpty())
        QGuiApplication::clipboard()->setText(selected);
}

QList<QRectF> TextItem::areas(qsizetype begin, qsizetype end) const
{
    return m_pieces.areas(begin, end);
}

void TextItem::invalidateLayout()
{
    m_pieces.clear();
    polish();
}

void TextItem::componentComplete()
{
    QQuickItem::componentComplete();
    relayout();
}

void TextItem::geometryChange(const QRectF &geometry, const QRectF &oldGeometry)
{
    QQuickItem::geometryChange(geometry, oldGeometry);
    if (geometry.width() != oldGeometry.width() && isComponentComplete())
        relayout();
}

void TextItem::relayout()
{
    const Row *content = row().content();
    if (!isComponentComplete() || !style() || !content || width() <= 0)
        return;
    m_pieces.setOptions(options());
    layOut(m_pieces, *content);
    setImplicitSize(m_pieces.width(), m_pieces.height());
    update();
    if (content->closed || QAccessible::isActive())
        Q_EMIT textChanged();
}

void TextItem::updatePolish()
{
    relayout();
}

QSGNode *TextItem::updatePaintNode(QSGNode *old, UpdatePaintNodeData * /*data*/)
{
    if (!style() || !window()) {
        delete old;
        return nullptr;
    }
    auto *node = static_cast<TextItemNode *>(old);
    if (!node)
        node = new TextItemNode(window());

    node->clearRectangles();
    for (const Patch &patch : patches()) {
        // Cut corners pass for round ones at this size.
        node->addBehind(patch.area.adjusted(1, 0, -1, 0), patch.color);
        node->addBehind(patch.area.adjusted(0, 1, 0, -1), patch.color);
    }
    if (m_anchor != m_head) {
        for (const QRectF &area : m_pieces.areas(std::min(m_anchor, m_head), std::max(m_anchor, m_head)))
            node->addBehind(area, style()->selection);
    }
    if (m_caret) {
        const QRectF cursor = m_pieces.cursorAt(m_pieces.length());
        const qreal x = m_pieces.options().rightToLeft ? cursor.x() - caretWidth - 1 : cursor.x() + 1;
        node->addInFront(QRectF(x, cursor.y() + 1, caretWidth, cursor.height() - 2), style()->caret);
    }
    node->dropUnusedRectangles();
    m_builtNodes += node->setPieces(m_pieces.pieces(), textColor(), false);
    return node;
}

void TextItem::select(qsizetype anchor, qsizetype head)
{
    if (anchor == m_anchor && head == m_head)
        return;
    m_anchor = anchor;
    m_head = head;
    update();
    Q_EMIT selectionChanged();
}

void TextItem::mousePressEvent(QMouseEvent *event)
{
    // A finger scrolls.
    if (event->pointingDevice()->type() == QInputDevice::DeviceType::TouchScreen) {
        event->ignore();
        return;
    }
    forceActiveFocus(Qt::MouseFocusReason);
    setKeepMouseGrab(true);
    const qsizetype at = m_pieces.positionAt(event->position());
    select(event->modifiers().testFlag(Qt::ShiftModifier) ? m_anchor : at, at);
}

void TextItem::mouseMoveEvent(QMouseEvent *event)
{
    select(m_anchor, m_pieces.positionAt(event->position()));
}

void TextItem::mouseReleaseEvent(QMouseEvent * /*event*/)
{
    setKeepMouseGrab(false);
    QClipboard *clipboard = QGuiApplication::clipboard();
    if (clipboard->supportsSelection() && m_anchor != m_head)
        clipboard->setText(selectedText(), QClipboard::Selection);
}

void TextItem::mouseDoubleClickEvent(QMouseEvent *event)
{
    const Row *content = row().content();
    if (!content)
        return;
    const qsizetype at = m_pieces.positionAt(event->position());
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, content->text);
    finder.setPosition(at);
    const qsizetype begin =
        finder.isAtBoundary() && at < content->text.size() ? at : finder.toPreviousBoundary();
    finder.setPosition(at);
    const qsizetype end = finder.toNextBoundary();
    select(std::max(begin, qsizetype(0)), end < 0 ? content->text.size() : end);
}

void TextItem::keyPressEvent(QKeyEvent *event)
{
    if (event == QKeySequence::Copy && m_anchor != m_head)
        copy();
    else if (event == QKeySequence::SelectAll)
        selectAll();
    else
        event->ignore();
}

void TextItem::focusOutEvent(QFocusEvent *event)
{
    QQuickItem::focusOutEvent(event);
    if (event->reason() != Qt::ActiveWindowFocusReason && event->reason() != Qt::PopupFocusReason)
        deselect();
}

} // namespace rivulet
