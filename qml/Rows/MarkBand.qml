// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// Behind a row of a message that is pointed out: a tint, and a bar for those who do not see it.
Item {
    objectName: "markBand"

    Rectangle {
        anchors.fill: parent
        color: Theme.selection
        opacity: Theme.dark ? 0.25 : 0.35
    }
    Rectangle {
        x: Application.layoutDirection === Qt.RightToLeft ? parent.width - width : 0
        width: 3
        height: parent.height
        color: Theme.accent
    }
}
