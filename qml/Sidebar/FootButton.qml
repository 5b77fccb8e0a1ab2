// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Theme

/// A line at the foot of the sidebar that leads somewhere.
Basic.AbstractButton {
    id: root

    required property string iconName
    /// What stands at its end, quietly: a key, or how many there are.
    property string aside

    implicitHeight: Theme.px(36)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    leftPadding: Theme.gap12
    rightPadding: Theme.gap12
    Accessible.role: Accessible.Button
    Accessible.name: text

    contentItem: Item {
        Icon {
            id: mark

            anchors.left: parent.left
            anchors.verticalCenter: parent.verticalCenter
            width: Theme.iconSize
            height: width
            name: root.iconName
            color: Theme.textSecondary
        }
        Text {
            anchors.left: mark.right
            anchors.leftMargin: Theme.gap12
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            font.family: Theme.bodyFont.family
            font.pixelSize: Theme.px(14)
            color: Theme.text
            textFormat: Text.PlainText
        }
        Text {
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            text: root.aside
            font: Theme.captionFont
            color: Theme.textSecondary
            textFormat: Text.PlainText
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: root.checked ? Theme.raised : root.hovered ? Theme.hover : "transparent"

        FocusRing {
            anchors.margins: 0
            shown: root.visualFocus
        }
    }
}
