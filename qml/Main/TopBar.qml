// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// What the open conversation is called, and the way to the sidebar while it is hidden.
Item {
    id: root

    required property string title
    required property bool sidebarOpen

    signal sidebarRequested
    signal newRequested

    implicitHeight: Theme.px(52)

    Row {
        id: buttons

        anchors.left: parent.left
        anchors.leftMargin: Theme.gap12
        anchors.verticalCenter: parent.verticalCenter
        visible: !root.sidebarOpen
        spacing: Theme.gap4

        IconButton {
            iconName: "sidebar"
            directional: true
            text: qsTr("Show the conversations")
            keys: qsTr("Ctrl+B")
            onClicked: root.sidebarRequested()
        }
        IconButton {
            iconName: "compose"
            text: qsTr("New conversation")
            keys: qsTr("Ctrl+N")
            onClicked: root.newRequested()
        }
    }
    Text {
        readonly property real side: root.sidebarOpen ? Theme.gap24 : buttons.width + 2 * Theme.gap12

        anchors.centerIn: parent
        width: Math.min(implicitWidth, parent.width - 2 * side)
        text: root.title
        font.family: Theme.bodyFont.family
        font.pixelSize: Theme.px(14)
        font.weight: Font.Medium
        color: Theme.textSecondary
        textFormat: Text.PlainText
        elide: Text.ElideRight
        maximumLineCount: 1
        Accessible.role: Accessible.Heading
        Accessible.name: text
        Accessible.ignored: text.length === 0
    }
}
