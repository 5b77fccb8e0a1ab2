// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// Thin until the pointer is on it, and away where there is nothing to scroll.
Basic.ScrollBar {
    id: root

    implicitWidth: vertical ? Theme.px(10) : 0
    implicitHeight: horizontal ? Theme.px(10) : 0
    padding: Theme.gap2
    minimumSize: 0.06
    visible: size < 1
    focusPolicy: Qt.NoFocus

    contentItem: Rectangle {
        radius: Math.min(width, height) / 2
        color: root.pressed || root.hovered ? Theme.outline : Theme.quoteBar
    }
    background: null
}
