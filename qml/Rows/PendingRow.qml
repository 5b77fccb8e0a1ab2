// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// Where the answer will begin: the caret alone.
RowFrame {
    id: root

    contentHeight: Math.round(Theme.bodySize * Theme.bodyLineHeight)

    Rectangle {
        x: root.fromStart(width, 1)
        y: root.gapAbove + Math.round((root.contentHeight - height) / 2)
        width: Theme.gap2
        height: Theme.px(18)
        color: Theme.accent

        Accessible.role: Accessible.Indicator
        Accessible.name: qsTr("Waiting for the answer")
    }
}
