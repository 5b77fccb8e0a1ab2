// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "qml/Rows/textitem.h"

#include <QtCore/qurl.h>

namespace rivulet {

/// The text of a paragraph, a heading, a list item or the user's words: wrapped at the item's width, in the
/// direction of its first strong character, with links that can be clicked. implicitHeight is right for any
/// width; implicitWidth is that of the widest line.
class TextRow : public TextItem
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(bool quiet READ isQuiet WRITE setQuiet NOTIFY quietChanged FINAL)
    Q_PROPERTY(bool mirrored READ isMirrored NOTIFY mirroredChanged FINAL)
    Q_PROPERTY(QUrl hoveredLink READ hoveredLink NOTIFY hoveredLinkChanged FINAL)

public:
    explicit TextRow(QQuickItem *parent = nullptr);

    /// In the colour of secondary text.
    [[nodiscard]] bool isQuiet() const { return m_quiet; }
    void setQuiet(bool quiet);
    /// The text runs from right to left.
    [[nodiscard]] bool isMirrored() const { return m_mirrored; }
    /// The link under the pointer; empty where there is none.
    [[nodiscard]] QUrl hoveredLink() const { return m_hoveredLink; }

Q_SIGNALS:
    void quietChanged();
    void mirroredChanged();
    void hoveredLinkChanged();
    /// The user clicked a link. Only http, https and mailto are ever offered; whether it is opened is asked
    /// elsewhere.
    void linkActivated(const QUrl &url);

protected:
    [[nodiscard]] TextPieces::Options options() const override;
    void layOut(TextPieces &pieces, const Row &content) override;
    [[nodiscard]] QList<Patch> patches() const override;
    [[nodiscard]] QColor textColor() const override;

    void hoverMoveEvent(QHoverEvent *event) override;
    void hoverLeaveEvent(QHoverEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    [[nodiscard]] QList<QTextLayout::FormatRange> formats(qsizetype begin, qsizetype length) const;
    [[nodiscard]] QUrl linkAt(QPointF point) const;
    void setHoveredLink(const QUrl &url);

    QList<InlineRun> m_runs; ///< as laid out
    QUrl m_hoveredLink;
    QUrl m_pressedLink;
    bool m_quiet = false;
    bool m_mirrored = false;
};

} // namespace rivulet
