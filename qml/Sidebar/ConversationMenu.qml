// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import Rivulet.Controls

/// What can be done with a conversation of the list. One menu serves all rows.
Menu {
    id: root

    property bool pinned: false
    property bool archived: false
    property bool unread: false

    signal renameRequested
    signal pinRequested
    signal unreadRequested
    signal duplicateRequested
    signal archiveRequested
    signal removeRequested

    MenuItem {
        text: qsTr("Rename")
        iconName: "pencil"
        keys: qsTr("F2")
        onTriggered: root.renameRequested()
    }
    MenuItem {
        text: root.pinned ? qsTr("Unpin") : qsTr("Pin")
        iconName: "pin"
        keys: qsTr("Ctrl+P")
        enabled: !root.archived
        onTriggered: root.pinRequested()
    }
    MenuItem {
        text: root.unread ? qsTr("Mark as read") : qsTr("Mark as unread")
        iconName: "circle"
        keys: qsTr("Ctrl+U")
        onTriggered: root.unreadRequested()
    }
    MenuItem {
        text: qsTr("Duplicate")
        iconName: "copy"
        keys: qsTr("Ctrl+D")
        onTriggered: root.duplicateRequested()
    }
    MenuItem {
        text: root.archived ? qsTr("Take out of the archive") : qsTr("Archive")
        iconName: "archive"
        keys: qsTr("Ctrl+E")
        onTriggered: root.archiveRequested()
    }
    MenuItem {
        text: qsTr("Delete")
        iconName: "trash"
        keys: qsTr("Del")
        dangerous: true
        onTriggered: root.removeRequested()
    }
}
