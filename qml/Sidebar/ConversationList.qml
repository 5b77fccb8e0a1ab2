// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// The conversations by time, the pinned ones first; or those of the archive.
FocusScope {
    id: root

    required property ConversationListModel conversations

    signal openRequested(var conversation)
    signal renameRequested(var conversation, string title)
    signal pinRequested(var conversation, bool pinned)
    signal unreadRequested(var conversation, bool unread)
    signal duplicateRequested(var conversation)
    signal archiveRequested(var conversation, bool archived)
    signal removeRequested(var conversation)

    /// Puts the keyboard into the list.
    function enter() {
        list.forceActiveFocus(Qt.TabFocusReason);
    }

    function sectionTitle(section: string): string {
        switch (section) {
        case "Pinned":
            return qsTr("Pinned");
        case "Today":
            return qsTr("Today");
        case "Yesterday":
            return qsTr("Yesterday");
        case "Week":
            return qsTr("Last seven days");
        case "Month":
            return qsTr("Last thirty days");
        default:
            const [year, month] = section.split("-");
            return new Date(Number(year), Number(month) - 1).toLocaleDateString(Qt.locale(),
                qsTr("MMMM yyyy", "a month, as of QDate::toString()"));
        }
    }

    ListView {
        id: list

        objectName: "list"
        anchors.fill: parent
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
            menuShown: menu.visible && menu.conversation === conversationId
            onOpenRequested: {
                list.currentIndex = index;
                root.openRequested(conversationId);
            }
            onRenameRequested: title => root.renameRequested(conversationId, title)
            onPinRequested: {
                if (!archived)
                    root.pinRequested(conversationId, !pinned);
            }
            onUnreadRequested: root.unreadRequested(conversationId, !unread)
            onDuplicateRequested: root.duplicateRequested(conversationId)
            onArchiveRequested: root.archiveRequested(conversationId, !archived)
            onRemoveRequested: root.removeRequested(conversationId)
            onMenuRequested: (x, y) => menu.openFor(this, x, y)
        }
        Keys.onPressed: event => {
            const page = Math.max(1, Math.floor(height / Theme.px(36)) - 1);
            const steps = {
                [Qt.Key_Home]: -count,
                [Qt.Key_End]: count,
                [Qt.Key_PageUp]: -page,
                [Qt.Key_PageDown]: page
            }[event.key];
            event.accepted = steps !== undefined;
            if (event.accepted)
                currentIndex = Math.max(0, Math.min(count - 1, currentIndex + steps));
        }
        Accessible.role: Accessible.List
        Accessible.name: root.conversations.showsArchived ? qsTr("Archived conversations") : qsTr("Conversations")
        // In the margin, so that it covers nothing.
        Basic.ScrollBar.vertical: ScrollBar {
            parent: root
            anchors.top: list.top
            anchors.bottom: list.bottom
            anchors.left: list.right
        }
    }

    ConversationMenu {
        id: menu

        // Not the row alone, which may show another one by the time something is chosen.
        property var conversation: 0
        property ConversationRow row: null

        function openFor(which: ConversationRow, x: real, y: real) {
            conversation = which.conversationId;
            row = which;
            list.currentIndex = which.index;
            pinned = which.pinned;
            archived = which.archived;
            unread = which.unread;
            popup(which, Math.max(0, Math.min(x, which.width - width)), y);
        }

        onRenameRequested: {
            if (row?.conversationId === conversation)
                row.rename();
        }
        onPinRequested: root.pinRequested(conversation, !pinned)
        onUnreadRequested: root.unreadRequested(conversation, !unread)
        onDuplicateRequested: root.duplicateRequested(conversation)
        onArchiveRequested: root.archiveRequested(conversation, !archived)
        onRemoveRequested: root.removeRequested(conversation)
    }

    Label {
        objectName: "empty"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.gap12
        anchors.topMargin: Theme.gap24
        visible: list.count === 0
        secondary: true
        text: root.conversations.showsArchived
            ? qsTr("The archive is empty.")
            : qsTr("No conversations yet. What you write is kept here, on this computer.")
    }
}
