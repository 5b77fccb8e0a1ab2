// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// A message that waits for its turn: it can be moved up, taken back into the field, and removed.
Rectangle {
    id: root

    required property string words
    required property int index

    signal moveUpRequested
    signal editRequested
    signal removeRequested

    implicitHeight: Theme.controlHeight + Theme.gap8
    radius: Theme.radiusControl
    color: Theme.surface
    border.width: 1
    border.color: Theme.hairline
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("Waits to be sent: %1").arg(summary.text)

    Icon {
        id: mark

        anchors.left: parent.left
        anchors.leftMargin: Theme.gap12
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.iconSize
        height: width
        name: "queue"
        color: Theme.textSecondary
    }
    Text {
        id: summary

        anchors.left: mark.right
        anchors.right: actions.left
        anchors.leftMargin: Theme.gap8
        anchors.rightMargin: Theme.gap8
        anchors.verticalCenter: parent.verticalCenter
        text: root.words.slice(0, 160).replace(/\s+/g, " ")
        font: Theme.secondaryFont
        color: Theme.text
        textFormat: Text.PlainText
        elide: Text.ElideRight
        horizontalAlignment: Text.AlignLeft
        Accessible.ignored: true
    }
    Row {
        id: actions

        anchors.right: parent.right
        anchors.rightMargin: Theme.gap4
        anchors.verticalCenter: parent.verticalCenter

        IconButton {
            visible: root.index > 0
            iconName: "arrow-up"
            text: qsTr("Send this one earlier")
            onClicked: root.moveUpRequested()
        }
        IconButton {
            iconName: "pencil"
            text: qsTr("Edit the message that waits")
            onClicked: root.editRequested()
        }
        IconButton {
            iconName: "close"
            text: qsTr("Remove the message that waits")
            onClicked: root.removeRequested()
        }
    }
}
