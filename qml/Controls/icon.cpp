// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "qml/Controls/icon.h"

#include <QtCore/qfile.h>
#include <QtCore/qloggingcategory.h>
#include <QtGui/qpainter.h>

using namespace Qt::StringLiterals;

namespace rivulet {

namespace {
Q_LOGGING_CATEGORY(logIcon, "rivulet.icon")
}

Icon::Icon(QQuickItem *parent) : QQuickPaintedItem(parent)
{
    setImplicitSize(24, 24);
}

QString Icon::name() const
{
    return m_name;
}

void Icon::setName(const QString &name)
{
    if (m_name == name)
        return;
    m_name = name;
    load();
    Q_EMIT nameChanged();
}

QColor Icon::color() const
{
    return m_color;
}

void Icon::setColor(const QColor &color)
{
    if (m_color == color)
        return;
    m_color = color;
    load();
    Q_EMIT colorChanged();
}

bool Icon::isMirrored() const
{
    return m_mirrored;
}

void Icon::setMirrored(bool mirrored)
{
    if (m_mirrored == mirrored)
        return;
    m_mirrored = mirrored;
    update();
    Q_EMIT mirroredChanged();
}

void Icon::load()
{
    update();
    if (m_name.isEmpty()) {
        m_drawing.load(QByteArray());
        return;
    }
    QFile file(u":/rivulet/icons/"_s + m_name + u".svg"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        qCWarning(logIcon) << "no icon is named" << m_name;
        return;
    }
    // Qt's SVG knows currentColor only as a property of the drawing itself, so the colour is written in.
    m_drawing.load(file.readAll().replace("currentColor", m_color.name(QColor::HexRgb).toLatin1()));
}

void Icon::paint(QPainter *painter)
{
    if (!m_drawing.isValid())
        return;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setOpacity(m_color.alphaF());
    if (m_mirrored) {
        painter->translate(width(), 0);
        painter->scale(-1, 1);
    }
    const qreal side = qMin(width(), height());
    m_drawing.render(painter, {(width() - side) / 2, (height() - side) / 2, side, side});
}

} // namespace rivulet
