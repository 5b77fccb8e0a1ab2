// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// A long text that was pasted: it goes with the message, and only its first words are shown.
Rectangle {
    id: root

    required property string text

    readonly property string size: text.length < 1e6 ? qsTr("%1 kB").arg(Math.round(text.length / 1000))
                                                     : qsTr("%1 MB").arg((text.length / 1e6).toFixed(1))

    signal removeRequested

    implicitHeight: Theme.controlHeight + Theme.gap8
    radius: Theme.radiusControl
    color: Theme.surface
    border.width: 1
    border.color: Theme.hairline
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("Pasted text, %1").arg(size)

    Text {
        anchors.left: parent.left
        anchors.right: removal.left
        anchors.leftMargin: Theme.gap12
        anchors.rightMargin: Theme.gap8
        anchors.verticalCenter: parent.verticalCenter
        text: qsTr("Pasted text, %1:  %2").arg(root.size).arg(root.text.slice(0, 160).replace(/\s+/g, " "))
        font: Theme.secondaryFont
        color: Theme.textSecondary
        textFormat: Text.PlainText
        elide: Text.ElideRight
        horizontalAlignment: Text.AlignLeft
    }
    IconButton {
        id: removal

        anchors.right: parent.right
        anchors.rightMargin: Theme.gap4
        anchors.verticalCenter: parent.verticalCenter
        iconName: "close"
        text: qsTr("Remove the pasted text")
        onClicked: root.removeRequested()
    }
}
