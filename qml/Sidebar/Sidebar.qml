// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// All conversations, or what was found in them; above that a new one and the search, below it the archive and
/// the settings.
FocusScope {
    id: root

    required property ConversationListModel conversations
    required property SearchModel search
    /// The settings page is open.
    property bool settingsOpen: false

    readonly property bool searching: search.state !== SearchModel.State.Idle

    signal newRequested
    signal openRequested(var conversation)
    /// A message that was found is to be shown, where it says `words`.
    signal hitRequested(var conversation, var message, string words)
    signal renameRequested(var conversation, string title)
    signal pinRequested(var conversation, bool pinned)
    signal unreadRequested(var conversation, bool unread)
    signal duplicateRequested(var conversation)
    signal archiveRequested(var conversation, bool archived)
    signal removeRequested(var conversation)
    signal settingsRequested
    signal collapseRequested

    /// Puts the keyboard into the list.
    function focusList() {
        if (!searching || !hits.enter())
            list.enter();
    }

    /// Puts the keyboard into the search, whose words can be typed over.
    function focusSearch() {
        field.enter();
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

    SearchField {
        id: field

        objectName: "search"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.margins: Theme.gap12
        anchors.topMargin: Theme.gap8
        onTextChanged: root.search.text = text
        onLeaveRequested: list.enter()
        onDownRequested: root.focusList()
        onAccepted: hits.openFirst()
    }

    Item {
        id: archiveHead

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: field.bottom
        anchors.margins: Theme.gap12
        anchors.topMargin: Theme.gap8
        height: visible ? Theme.controlHeight : 0
        visible: root.conversations.showsArchived && !root.searching

        IconButton {
            id: back

            anchors.left: parent.left
            anchors.verticalCenter: parent.verticalCenter
            iconName: "back"
            directional: true
            text: qsTr("Leave the archive")
            onClicked: {
                root.conversations.showsArchived = false;
                list.enter();
            }
        }
        Text {
            anchors.left: back.right
            anchors.leftMargin: Theme.gap4
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Archive")
            font: Theme.labelFont
            color: Theme.text
            textFormat: Text.PlainText
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
    }

    ConversationList {
        id: list

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: archiveHead.bottom
        anchors.bottom: foot.top
        anchors.margins: Theme.gap8
        anchors.topMargin: Theme.gap4
        anchors.rightMargin: Theme.gap8 + 1
        visible: !root.searching
        focus: true
        conversations: root.conversations
        onOpenRequested: conversation => root.openRequested(conversation)
        onRenameRequested: (conversation, title) => root.renameRequested(conversation, title)
        onPinRequested: (conversation, pinned) => root.pinRequested(conversation, pinned)
        onUnreadRequested: (conversation, unread) => root.unreadRequested(conversation, unread)
        onDuplicateRequested: conversation => root.duplicateRequested(conversation)
        onArchiveRequested: (conversation, archived) => root.archiveRequested(conversation, archived)
        onRemoveRequested: conversation => root.removeRequested(conversation)
    }
    HitList {
        id: hits

        anchors.fill: list
        visible: root.searching
        search: root.search
        onOpenRequested: (conversation, message, words) => root.hitRequested(conversation, message, words)
        onUpRequested: root.focusSearch()
    }

    Column {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.gap8

        FootButton {
            objectName: "archive"
            width: parent.width
            visible: root.conversations.archivedCount > 0 || root.conversations.showsArchived
            iconName: "archive"
            text: qsTr("Archive")
            aside: root.conversations.archivedCount.toLocaleString(Qt.locale(), "f", 0)
            checked: root.conversations.showsArchived
            Accessible.name: qsTr("Archive, %n conversation(s)", "", root.conversations.archivedCount)
            onClicked: {
                field.text = "";
                root.conversations.showsArchived = !root.conversations.showsArchived;
                list.enter();
            }
        }
        FootButton {
            width: parent.width
            iconName: "settings"
            text: qsTr("Settings")
            aside: qsTr("Ctrl+,")
            checked: root.settingsOpen
            onClicked: root.settingsRequested()
        }
    }
}
