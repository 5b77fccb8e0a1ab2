// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// One line of a Menu.
Basic.MenuItem {
    id: root

    property string iconName
    property string keys
    /// Takes something away.
    property bool dangerous: false

    readonly property color ink: !enabled ? Theme.textDisabled : dangerous ? Theme.danger : Theme.text

    implicitHeight: Theme.controlHeight
    implicitWidth: Math.max(Theme.px(180), implicitContentWidth + leftPadding + rightPadding)
    leftPadding: Theme.gap12
    rightPadding: Theme.gap12
    font: Theme.bodyFont
    Accessible.name: text

    contentItem: Item {
        implicitWidth: (icon.visible ? icon.width + Theme.gap8 : 0) + words.implicitWidth + shortcut.implicitWidth
                       + Theme.gap24

        Icon {
            id: icon

            anchors.left: parent.left
            anchors.verticalCenter: parent.verticalCenter
            name: root.iconName
            width: Theme.px(16)
            height: width
            color: root.ink
            visible: root.iconName.length > 0
        }
        Text {
            id: words

            anchors.left: icon.visible ? icon.right : parent.left
            anchors.leftMargin: icon.visible ? Theme.gap8 : 0
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            font: root.font
            color: root.ink
            textFormat: Text.PlainText
        }
        Text {
            id: shortcut

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            text: root.keys
            font: Theme.secondaryFont
            color: Theme.textSecondary
            textFormat: Text.PlainText
        }
    }
    background: Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.gap2
        anchors.leftMargin: Theme.gap4
        anchors.rightMargin: Theme.gap4
        radius: Theme.radiusControl
        color: root.highlighted ? Theme.hover : "transparent"
        border.width: root.visualFocus ? Theme.focusWidth : 0
        border.color: Theme.focus
    }
}
