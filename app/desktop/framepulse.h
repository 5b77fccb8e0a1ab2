// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQuick/qquickitem.h>

namespace rivulet {

/// Says when the window prepares its next frame, in the polish phase: rows that change then are laid out in
/// the same frame. Draws nothing. GUI thread.
class FramePulse : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT

public:
    using QQuickItem::QQuickItem;

    /// Asks for one frame() with the next frame. Where the window draws none, it does not come.
    Q_INVOKABLE void request();

Q_SIGNALS:
    void frame();

protected:
    void updatePolish() override;
};

} // namespace rivulet
