// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// One of several. The owner gives it a name with Accessible.name.
Basic.ComboBox {
    id: root

    implicitHeight: Theme.controlHeight
    implicitWidth: Theme.px(200)
    leftPadding: mirrored ? Theme.gap32 : Theme.gap8
    rightPadding: mirrored ? Theme.gap8 : Theme.gap32
    font: Theme.bodyFont
    focusPolicy: Qt.StrongFocus

    indicator: Icon {
        x: root.mirrored ? Theme.gap8 : root.width - width - Theme.gap8
        y: (root.height - height) / 2
        width: Theme.px(16)
        height: width
        name: "chevron-down"
        color: root.enabled ? Theme.textSecondary : Theme.textDisabled
    }
    contentItem: TextInput {
        text: root.editable ? root.editText : root.displayText
        font: root.font
        color: root.enabled ? Theme.text : Theme.textDisabled
        enabled: root.editable
        readOnly: !root.editable
        selectByMouse: true
        selectionColor: Theme.selection
        selectedTextColor: Theme.text
        clip: true
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: Text.AlignLeft
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: root.enabled ? Theme.raised : Theme.surface
        border.width: root.activeFocus && root.editable ? Theme.focusWidth : 1
        border.color: root.activeFocus && root.editable ? Theme.focus : Theme.outline

        FocusRing {
            shown: root.visualFocus && !root.editable
        }
    }
    delegate: Basic.ItemDelegate {
        id: entry

        required property int index

        width: ListView.view?.width ?? 0
        implicitHeight: Theme.controlHeight
        leftPadding: Theme.gap8
        rightPadding: Theme.gap8
        text: root.textAt(index)
        font.family: root.font.family
        font.pixelSize: root.font.pixelSize
        font.weight: root.currentIndex === index ? Font.DemiBold : Font.Normal
        highlighted: root.highlightedIndex === index
        contentItem: Text {
            text: entry.text
            font: entry.font
            color: Theme.text
            textFormat: Text.PlainText
            elide: Text.ElideRight
            verticalAlignment: Text.AlignVCenter
            horizontalAlignment: Text.AlignLeft
        }
        background: Rectangle {
            anchors.fill: parent
            anchors.leftMargin: Theme.gap4
            anchors.rightMargin: Theme.gap4
            radius: Theme.radiusControl
            color: entry.highlighted || entry.hovered ? Theme.hover : "transparent"
        }
    }
    popup: Basic.Popup {
        y: root.height + Theme.gap4
        width: root.width
        height: Math.min(contentItem.implicitHeight + topPadding + bottomPadding, Theme.px(320))
        padding: 0
        topPadding: Theme.gap4
        bottomPadding: Theme.gap4
        contentItem: ListView {
            clip: true
            implicitHeight: contentHeight
            model: root.delegateModel
            currentIndex: root.highlightedIndex
            Basic.ScrollBar.vertical: ScrollBar {}
        }
        background: Floating {}
    }
}
