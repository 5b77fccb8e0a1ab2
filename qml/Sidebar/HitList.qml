// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// What was found, the newest first; more comes while one scrolls.
FocusScope {
    id: root

    required property SearchModel search

    signal openRequested(var conversation, var message, string words)
    /// Up from the first hit, or Esc.
    signal upRequested

    /// Gives the keyboard to the first hit. False where there is none.
    function enter(): bool {
        if (list.count === 0)
            return false;
        list.currentIndex = Math.max(0, list.currentIndex);
        list.forceActiveFocus(Qt.TabFocusReason);
        return true;
    }

    function openFirst() {
        list.currentIndex = list.count > 0 ? 0 : -1;
        const row = list.currentItem as HitRow;
        if (row)
            row.openRequested();
    }

    Keys.onEscapePressed: upRequested()

    ListView {
        id: list

        objectName: "hits"
        anchors.fill: parent
        visible: count > 0
        clip: true
        focus: true
        activeFocusOnTab: true
        keyNavigationEnabled: true
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: 0
        reuseItems: true
        model: root.search
        delegate: HitRow {
            width: ListView.view.width
            onOpenRequested: {
                list.currentIndex = index;
                root.openRequested(conversationId, messageId, words);
            }
        }
        footer: Label {
            width: ListView.view.width
            height: visible ? implicitHeight : 0
            visible: root.search.indexing
            padding: Theme.gap12
            secondary: true
            text: qsTr("Older messages are still being made searchable.")
        }
        Keys.onPressed: event => {
            event.accepted = event.key === Qt.Key_Up && currentIndex <= 0;
            if (event.accepted)
                root.upRequested();
        }
        onActiveFocusChanged: {
            if (activeFocus && currentIndex < 0)
                currentIndex = 0;
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Messages found")
        // In the margin, so that it covers nothing.
        Basic.ScrollBar.vertical: ScrollBar {
            parent: root
            anchors.top: list.top
            anchors.bottom: list.bottom
            anchors.left: list.right
        }
    }
    HitState {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.gap12
        y: Theme.gap12
        search: root.search
    }
    Connections {
        target: root.search

        function onModelReset() {
            list.currentIndex = -1;
            list.positionViewAtBeginning();
        }
    }
}
