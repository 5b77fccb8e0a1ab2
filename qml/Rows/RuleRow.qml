// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// A thematic break.
RowFrame {
    id: root

    contentHeight: Theme.px(25)

    Rectangle {
        x: root.columnX + root.start
        y: root.gapAbove + Theme.gap12
        width: root.columnWidth - root.start
        height: 1
        color: Theme.hairline

        Accessible.role: Accessible.Separator
        Accessible.name: qsTr("Separator")
    }
}
