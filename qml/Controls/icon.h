// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGui/qcolor.h>
#include <QtQuick/qquickpainteditem.h>
#include <QtSvg/qsvgrenderer.h>

namespace rivulet {

/// A line drawing of resources/icons in one colour. It says nothing to a screen reader: the control around
/// it has the name.
class Icon : public QQuickPaintedItem
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged REQUIRED FINAL)
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged FINAL)
    Q_PROPERTY(bool mirrored READ isMirrored WRITE setMirrored NOTIFY mirroredChanged FINAL)

public:
    explicit Icon(QQuickItem *parent = nullptr);

    /// The file's name without its ending, such as "chevron-forward".
    [[nodiscard]] QString name() const;
    void setName(const QString &name);

    [[nodiscard]] QColor color() const;
    void setColor(const QColor &color);

    /// Drawn the other way round, for icons that point along the line of reading.
    [[nodiscard]] bool isMirrored() const;
    void setMirrored(bool mirrored);

    void paint(QPainter *painter) override;

Q_SIGNALS:
    void nameChanged();
    void colorChanged();
    void mirroredChanged();

private:
    void load();

    QString m_name;
    QColor m_color = Qt::black;
    bool m_mirrored = false;
    QSvgRenderer m_drawing;
};

} // namespace rivulet
