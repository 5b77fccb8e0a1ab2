// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// On or off, at once. The knob's place tells the state, not the colour alone.
Basic.Switch {
    id: root

    implicitHeight: Math.max(Theme.controlHeight, implicitContentHeight)
    padding: 0
    spacing: Theme.gap12
    font: Theme.bodyFont
    focusPolicy: Qt.StrongFocus
    Accessible.name: text

    indicator: Rectangle {
        x: root.mirrored ? root.width - width : 0
        y: (root.height - height) / 2
        width: Theme.px(36)
        height: Theme.px(20)
        radius: height / 2
        color: root.checked ? Theme.accent : Theme.raised
        border.width: root.checked ? 0 : 1
        border.color: Theme.outline

        Rectangle {
            readonly property int inset: Theme.px(3)
            readonly property bool atEnd: root.checked !== root.mirrored

            x: atEnd ? parent.width - width - inset : inset
            anchors.verticalCenter: parent.verticalCenter
            width: parent.height - 2 * inset
            height: width
            radius: width / 2
            color: root.checked ? Theme.textOnAccent : Theme.outline

            Behavior on x {
                NumberAnimation {
                    duration: Theme.quick
                    easing.type: Easing.OutCubic
                }
            }
        }
        FocusRing {
            radius: height / 2
            shown: root.visualFocus
        }
    }
    contentItem: Text {
        leftPadding: root.mirrored ? 0 : root.indicator.width + root.spacing
        rightPadding: root.mirrored ? root.indicator.width + root.spacing : 0
        text: root.text
        font: root.font
        color: root.enabled ? Theme.text : Theme.textDisabled
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: Text.AlignLeft
    }
}
