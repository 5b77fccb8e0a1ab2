// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "qml/Rows/rowitem.h"

#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

class QTextLayout;

namespace rivulet {

/// The cells of a table row: columns as wide as their widest cell, up to a share of `room`, where cells
/// wrap. implicitWidth is that of the whole table. Columns only ever get wider while the table grows, in
/// steps, so that what is read keeps its place.
class TableText : public RowItem
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(qreal room READ room WRITE setRoom NOTIFY roomChanged FINAL)
    Q_PROPERTY(bool mirrored READ isMirrored NOTIFY mirroredChanged FINAL)
    Q_PROPERTY(QString text READ text NOTIFY textChanged FINAL)

public:
    explicit TableText(QQuickItem *parent = nullptr);
    ~TableText() override;

    /// The width that the table has without being scrolled.
    [[nodiscard]] qreal room() const { return m_room; }
    void setRoom(qreal room);
    /// The columns go from right to left, as the words of the first line do.
    [[nodiscard]] bool isMirrored() const { return m_mirrored; }
    /// The cells as tab-separated values, for assistive technology.
    [[nodiscard]] QString text() const;

    /// How many cells were laid out since the item was made. For tests.
    [[nodiscard]] quint64 laidOutCells() const { return m_laidOut; }

Q_SIGNALS:
    void roomChanged();
    void mirroredChanged();
    void textChanged();

protected:
    void takeRow(bool another) override;
    void takeStyle() override;
    void componentComplete() override;
    void updatePolish() override;
    QSGNode *updatePaintNode(QSGNode *node, UpdatePaintNodeData *data) override;

private:
    struct Cell;
    struct Line;

    void noteDirection(const Row &content);
    void relayout();
    void clear();
    [[nodiscard]] std::unique_ptr<QTextLayout> layOutCell(const TableCell &cell, bool header,
                                                          qreal width) const;

    std::vector<Line> m_lines;
    std::vector<qreal> m_columns; ///< widths, without the space around the cells
    QList<ColumnAlignment> m_alignments;
    quint64 m_laidOut = 0;
    qreal m_room = 0;
    bool m_mirrored = false;
};

} // namespace rivulet
