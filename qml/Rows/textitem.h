// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "qml/Rows/rowitem.h"
#include "qml/Rows/textpieces.h"

#include <QtQml/qqmlregistration.h>

#include <utility>

namespace rivulet {

/// What TextRow and CodeText share: a row's text in pieces, drawn with one scene graph node for each, and
/// selected with mouse and keyboard. It lays out at once where it gets another row or becomes complete,
/// because views place the rows below it by its height; while the row grows, once a frame.
class TextItem : public RowItem
{
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(bool caret READ hasCaret WRITE setCaret NOTIFY caretChanged FINAL)
    Q_PROPERTY(QString text READ text NOTIFY textChanged FINAL)
    Q_PROPERTY(QString selectedText READ selectedText NOTIFY selectionChanged FINAL)

public:
    explicit TextItem(QQuickItem *parent = nullptr);
    ~TextItem() override;

    /// Whether a caret stands at the end of the text.
    [[nodiscard]] bool hasCaret() const { return m_caret; }
    void setCaret(bool caret);

    /// The row's text, for assistive technology. It is told as changed when another row is shown and when the
    /// row is closed; in between only while something listens, because bindings on it copy the text.
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString selectedText() const;

    Q_INVOKABLE void selectAll();
    Q_INVOKABLE void deselect();
    /// Puts the selected text on the clipboard, if there is any.
    Q_INVOKABLE void copy() const;

    /// How many pieces were laid out, and how many nodes were made, since the item was made. For tests and
    /// benchmarks.
    [[nodiscard]] quint64 laidOutPieces() const { return m_pieces.laidOut(); }
    [[nodiscard]] quint64 builtNodes() const { return m_builtNodes; }
    /// The areas of `[begin, end)` of the row's text, in the item's coordinates.
    [[nodiscard]] QList<QRectF> areas(qsizetype begin, qsizetype end) const;

Q_SIGNALS:
    void caretChanged();
    void textChanged();
    void selectionChanged();

protected:
    void takeRow(bool another) override;
    void takeStyle() override;
    /// What stands behind glyphs.
    struct Patch
    {
        QRectF area;
        QColor color;
    };

    /// The options for the present row and width.
    [[nodiscard]] virtual TextPieces::Options options() const = 0;
    /// Brings `pieces` up to date with `content`.
    virtual void layOut(TextPieces &pieces, const Row &content) = 0;
    /// What is painted behind the text, apart from the selection.
    [[nodiscard]] virtual QList<Patch> patches() const { return {}; }
    [[nodiscard]] virtual QColor textColor() const { return style()->text; }
    /// Lays out everything anew in the next frame.
    void invalidateLayout();
    [[nodiscard]] const TextPieces &pieces() const { return m_pieces; }

    void componentComplete() override;
    void geometryChange(const QRectF &geometry, const QRectF &oldGeometry) override;
    void updatePolish() override;
    QSGNode *updatePaintNode(QSGNode *node, UpdatePaintNodeData *data) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void relayout();
    void select(qsizetype anchor, qsizetype head);

    TextPieces m_pieces;
    qsizetype m_anchor = 0; ///< of the selection
    qsizetype m_head = 0;
    quint64 m_builtNodes = 0;
    bool m_caret = false;
};

} // namespace rivulet
