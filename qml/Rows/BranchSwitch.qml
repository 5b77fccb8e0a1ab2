// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// Which of several messages in the same place is shown, and the way to the others.
Row {
    id: root

    required property int sibling
    required property int siblingCount
    /// Another one can be shown now.
    property bool switchable: true
    readonly property bool focused: earlier.activeFocus || later.activeFocus

    signal siblingRequested(int step)

    visible: siblingCount > 1

    IconButton {
        id: earlier

        implicitWidth: Theme.px(26)
        implicitHeight: Theme.px(26)
        iconName: "back"
        directional: true
        iconSize: Theme.px(14)
        enabled: root.switchable && root.sibling > 0
        text: qsTr("Show the version before")
        onClicked: root.siblingRequested(-1)
    }
    Text {
        height: Theme.px(26)
        verticalAlignment: Text.AlignVCenter
        text: qsTr("%1 / %2", "version 2 of 3").arg(root.sibling + 1).arg(root.siblingCount)
        textFormat: Text.PlainText
        font.family: Theme.captionFont.family
        font.pixelSize: Theme.captionFont.pixelSize
        font.features: ({ tnum: 1 })
        color: Theme.textSecondary
        Accessible.role: Accessible.StaticText
        Accessible.name: qsTr("Version %1 of %2").arg(root.sibling + 1).arg(root.siblingCount)
    }
    IconButton {
        id: later

        implicitWidth: Theme.px(26)
        implicitHeight: Theme.px(26)
        iconName: "chevron-forward"
        directional: true
        iconSize: Theme.px(14)
        enabled: root.switchable && root.sibling < root.siblingCount - 1
        text: qsTr("Show the version after")
        onClicked: root.siblingRequested(1)
    }
}
