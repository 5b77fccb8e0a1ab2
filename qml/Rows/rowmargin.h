// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "qml/Rows/rowitem.h"

#include <QtQml/qqmlregistration.h>

#include <memory>

class QTextLayout;

namespace rivulet {

/// What stands beside a row because of the containers around it: a bar for each quote, and the marker of the
/// list item that the row begins. It covers the whole row; `indent` is how much of it, on the side where
/// reading starts, the content has to leave free.
class RowMargin : public RowItem
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(qreal gap READ gap WRITE setGap NOTIFY gapChanged FINAL)
    Q_PROPERTY(bool mirrored READ isMirrored WRITE setMirrored NOTIFY mirroredChanged FINAL)
    Q_PROPERTY(qreal indent READ indent NOTIFY indentChanged FINAL)

public:
    explicit RowMargin(QQuickItem *parent = nullptr);
    ~RowMargin() override;

    /// The space above the content, which the bar of a quote that goes on has to bridge.
    [[nodiscard]] qreal gap() const { return m_gap; }
    void setGap(qreal gap);
    /// The row reads from right to left.
    [[nodiscard]] bool isMirrored() const { return m_mirrored; }
    void setMirrored(bool mirrored);
    [[nodiscard]] qreal indent() const { return m_indent; }

Q_SIGNALS:
    void gapChanged();
    void mirroredChanged();
    void indentChanged();

protected:
    void takeRow(bool another) override;
    void takeStyle() override;
    void geometryChange(const QRectF &geometry, const QRectF &oldGeometry) override;
    QSGNode *updatePaintNode(QSGNode *node, UpdatePaintNodeData *data) override;

private:
    void refresh();

    QList<RowContainer> m_containers;
    std::vector<std::unique_ptr<QTextLayout>> m_markers; ///< as painted
    qreal m_lineHeight = 0;                              ///< of the content's first line
    qreal m_gap = 0;
    qreal m_indent = 0;
    bool m_mirrored = false;
};

} // namespace rivulet
