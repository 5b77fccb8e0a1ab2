// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// All conversations, by time; above them a new one, below them the settings.
FocusScope {
    id: root

    required property ConversationListModel conversations
    /// The settings page is open.
    property bool settingsOpen: false

    signal newRequested
    signal openRequested(var conversation)
    signal renameRequested(var conversation, string title)
    signal removeRequested(var conversation)
    signal settingsRequested
    signal collapseRequested

    /// Puts the keyboard into the list.
    function focusList() {
        list.forceActiveFocus(Qt.TabFocusReason);
    }

    function sectionTitle(section: string): string {
        switch (section) {
        case "Today":
            return qsTr("Today");
        case "Yesterday":
            return qsTr("Yesterday");
        case "Week":
            return qsTr("Last seven days");
        default:
            return qsTr("Older");
        }
    }

    implicitWidth: Theme.sidebarWidth
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Conversations")

    Rectangle {
        anchors.fill: parent
        color: Theme.surface

        Rectangle {
            anchors.right: parent.right
            width: 1
            height: parent.height
            color: Theme.hairline
        }
    }

    Item {
        id: head

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.gap12
        y: Theme.gap12
        height: Theme.controlHeight

        IconButton {
            id: collapse

            anchors.left: parent.left
            iconName: "sidebar"
            directional: true
            text: qsTr("Hide the sidebar")
            keys: qsTr("Ctrl+B")
            onClicked: root.collapseRequested()
        }
        Button {
            anchors.left: collapse.right
            anchors.right: parent.right
            anchors.leftMargin: Theme.gap8
            iconName: "compose"
            text: qsTr("New conversation")
            keys: qsTr("Ctrl+N")
            onClicked: root.newRequested()
        }
    }

    ListView {
        id: list

        objectName: "list"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.bottom: foot.top
        anchors.margins: Theme.gap8
        anchors.rightMargin: Theme.gap8 + 1
        clip: true
        activeFocusOnTab: true
        focus: true
        keyNavigationEnabled: true
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: 0
        reuseItems: true
        model: root.conversations
        section.property: "section"
        section.delegate: Text {
            required property string section

            width: ListView.view.width
            height: Theme.px(34)
            leftPadding: Theme.gap12
            rightPadding: Theme.gap12
            bottomPadding: Theme.gap4
            text: root.sectionTitle(section)
            font: Theme.captionFont
            color: Theme.textSecondary
            textFormat: Text.PlainText
            verticalAlignment: Text.AlignBottom
            horizontalAlignment: Text.AlignLeft
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        onActiveFocusChanged: {
            if (activeFocus && currentIndex < 0)
                currentIndex = 0;
        }
        delegate: ConversationRow {
            width: ListView.view.width
            onOpenRequested: {
                list.currentIndex = index;
                root.openRequested(conversationId);
            }
            onRenameRequested: title => root.renameRequested(conversationId, title)
            onRemoveRequested: root.removeRequested(conversationId)
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Conversations")
        Basic.ScrollBar.vertical: ScrollBar {}
    }

    Label {
        objectName: "empty"
        anchors.left: list.left
        anchors.right: list.right
        anchors.top: list.top
        anchors.margins: Theme.gap12
        anchors.topMargin: Theme.gap24
        visible: list.count === 0
        secondary: true
        text: qsTr("No conversations yet. What you write is kept here, on this computer.")
    }

    Item {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.gap8
        height: Theme.px(40)

        Basic.AbstractButton {
            id: settings

            anchors.fill: parent
            text: qsTr("Settings")
            checked: root.settingsOpen
            hoverEnabled: true
            focusPolicy: Qt.StrongFocus
            leftPadding: Theme.gap12
            rightPadding: Theme.gap12
            Accessible.role: Accessible.Button
            Accessible.name: text
            onClicked: root.settingsRequested()

            contentItem: Item {
                Icon {
                    id: mark

                    anchors.left: parent.left
                    anchors.verticalCenter: parent.verticalCenter
                    width: Theme.iconSize
                    height: width
                    name: "settings"
                    color: Theme.textSecondary
                }
                Text {
                    anchors.left: mark.right
                    anchors.leftMargin: Theme.gap12
                    anchors.verticalCenter: parent.verticalCenter
                    text: settings.text
                    font.family: Theme.bodyFont.family
                    font.pixelSize: Theme.px(14)
                    color: Theme.text
                    textFormat: Text.PlainText
                }
                Text {
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    text: qsTr("Ctrl+,")
                    font: Theme.captionFont
                    color: Theme.textSecondary
                    textFormat: Text.PlainText
                }
            }
            background: Rectangle {
                radius: Theme.radiusControl
                color: settings.checked ? Theme.raised : settings.hovered ? Theme.hover : "transparent"

                FocusRing {
                    anchors.margins: 0
                    shown: settings.visualFocus
                }
            }
        }
    }
}
