// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// A small round button that floats over text, such as "New text below".
Basic.AbstractButton {
    id: root

    property string iconName

    implicitHeight: Theme.controlHeight
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    leftPadding: Theme.gap16
    rightPadding: Theme.gap16
    font: Theme.labelFont
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Button
    Accessible.name: text

    contentItem: Item {
        implicitWidth: row.implicitWidth

        Row {
            id: row

            anchors.centerIn: parent
            spacing: Theme.gap8

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: root.iconName
                color: Theme.text
                width: Theme.px(14)
                height: width
                visible: root.iconName.length > 0
            }
            Text {
                anchors.verticalCenter: parent.verticalCenter
                text: root.text
                font: root.font
                color: Theme.text
                textFormat: Text.PlainText
            }
        }
    }
    background: Floating {
        radius: height / 2

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: Theme.hover
            visible: root.hovered
        }
        FocusRing {
            radius: height / 2
            shown: root.visualFocus
        }
    }
}
