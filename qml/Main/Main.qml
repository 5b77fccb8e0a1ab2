// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.App
import Rivulet.Composer
import Rivulet.Settings
import Rivulet.Sidebar
import Rivulet.Theme
import Rivulet.Transcript

/// The window: the conversations beside the open one, or beside the settings.
Basic.ApplicationWindow {
    id: root

    required property AppContext app
    property bool settingsShown: false

    /// Too narrow for the sidebar to stand beside the text: it lies over it, and only while it is wanted.
    readonly property bool narrow: width < Theme.px(900)
    readonly property bool sidebarOpen: narrow ? overlayWanted : app.preferences.sidebarVisible
    property bool overlayWanted: false

    function newConversation() {
        app.actions.startNew();
        toChat();
    }

    function openConversation(conversation: var) {
        app.actions.open(conversation);
        toChat();
    }

    function openMessage(conversation: var, message: var, words: string) {
        settingsShown = false;
        overlayWanted = false;
        chat.focusTranscript();
        chat.seek(words);
        app.actions.openAt(conversation, message);
    }

    function search() {
        if (!sidebarOpen)
            toggleSidebar();
        sidebar.focusSearch();
    }

    function toChat() {
        settingsShown = false;
        overlayWanted = false;
        chat.focusComposer();
    }

    function toggleSidebar() {
        if (narrow)
            overlayWanted = !overlayWanted;
        else
            app.preferences.sidebarVisible = !app.preferences.sidebarVisible;
        if (sidebarOpen)
            sidebar.focusList();
        else
            chat.focusComposer();
    }

    function showSettings() {
        overlayWanted = false;
        settingsShown = true;
    }

    function askToOpen(target: url) {
        linkDialog.ask(app.link(target), target.toString());
    }

    function zoomBy(steps: int) {
        app.preferences.zoom = Math.round(app.preferences.zoom * 10 + steps) / 10;
    }

    title: app.session.title.length > 0 ? app.session.title : qsTr("New conversation")
    width: 1120
    height: 760
    minimumWidth: 420
    minimumHeight: 480
    color: Theme.background
    font: Theme.bodyFont
    LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    onNarrowChanged: overlayWanted = false
    onActiveChanged: {
        if (active)
            app.conversations.followTheCalendar();
    }
    onClosing: close => {
        if (app.unsaved && !closeQuestion.agreed) {
            close.accepted = false;
            closeQuestion.open();
        }
    }
    Component.onCompleted: {
        if (!settingsShown)
            chat.focusComposer();
    }

    Binding {
        target: Theme
        property: "mode"
        value: root.app.preferences.colorMode
    }
    Binding {
        target: Theme
        property: "zoom"
        value: root.app.preferences.zoom
    }

    // What has come from the engine is taken once a frame, just before the frame is laid out.
    FramePulse {
        id: pulse

        onFrame: root.app.deliver()
    }
    Connections {
        target: root.app

        function onPending() {
            pulse.request();
        }
    }

    Shortcut {
        sequences: ["Ctrl+N"]
        onActivated: root.newConversation()
    }
    Shortcut {
        sequences: ["Ctrl+B"]
        onActivated: root.toggleSidebar()
    }
    Shortcut {
        sequences: ["Ctrl+Shift+F"]
        onActivated: root.search()
    }
    Shortcut {
        sequences: ["Ctrl+,"]
        onActivated: root.showSettings()
    }
    Shortcut {
        sequences: ["Ctrl+L"]
        onActivated: root.toChat()
    }
    Shortcut {
        sequences: ["Ctrl+Q"]
        onActivated: root.close()
    }
    Shortcut {
        sequences: ["Ctrl++", "Ctrl+="]
        onActivated: root.zoomBy(1)
    }
    Shortcut {
        sequences: ["Ctrl+-"]
        onActivated: root.zoomBy(-1)
    }
    Shortcut {
        sequences: ["Ctrl+0"]
        onActivated: root.app.preferences.zoom = 1
    }

    FocusScope {
        anchors.fill: parent
        focus: true
        Keys.onEscapePressed: {
            if (root.narrow && root.overlayWanted)
                root.toggleSidebar();
            else
                root.app.session.stop();
        }

        FocusScope {
            id: content

            anchors.fill: parent
            anchors.leftMargin: root.sidebarOpen && !root.narrow ? sidebar.width : 0
            focus: true

            TopBar {
                id: bar

                anchors.left: parent.left
                anchors.right: parent.right
                // Settings have a title of their own.
                height: root.settingsShown && sidebarOpen ? Theme.gap12 : implicitHeight
                title: root.settingsShown ? "" : root.app.session.title
                sidebarOpen: root.sidebarOpen && !root.narrow
                onSidebarRequested: root.toggleSidebar()
                onNewRequested: root.newConversation()
            }
            NoticeBanners {
                id: banners

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: bar.bottom
                notices: root.app.notices
                onSettingsRequested: root.showSettings()
            }
            ChatPage {
                id: chat

                objectName: "chat"
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: banners.bottom
                anchors.bottom: parent.bottom
                visible: !root.settingsShown
                focus: visible
                session: root.app.session
                transcript: root.app.transcript
                onLinkActivated: link => root.askToOpen(link)
                onSettingsRequested: root.showSettings()
                onForkRequested: message => root.app.actions.fork(root.app.session.conversation, message)
            }
            SettingsPage {
                objectName: "settings"
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: banners.bottom
                anchors.bottom: parent.bottom
                visible: root.settingsShown
                focus: visible
                providers: root.app.providers
                preferences: root.app.preferences
                version: root.app.version
                onCloseRequested: root.toChat()
                onLogRequested: logDialog.show(root.app.recentLog())
                onLinkActivated: link => root.askToOpen(link)
            }
            UndoNotice {
                anchors.horizontalCenter: parent.horizontalCenter
                anchors.bottom: parent.bottom
                anchors.bottomMargin: root.settingsShown ? Theme.gap24 : chat.composerHeight + Theme.gap24
                width: Math.min(implicitWidth, parent.width - 2 * Theme.gap24)
                undoable: root.app.actions.undoable
                title: root.app.actions.undoTitle
                onUndoRequested: root.app.actions.undo()
            }
        }

        Rectangle {
            anchors.fill: parent
            visible: root.narrow && root.overlayWanted
            color: Theme.scrim

            MouseArea {
                anchors.fill: parent
                onClicked: root.toggleSidebar()
            }
        }
        Sidebar {
            id: sidebar

            objectName: "sidebar"
            anchors.left: parent.left
            anchors.top: parent.top
            anchors.bottom: parent.bottom
            width: Math.min(implicitWidth, parent.width - Theme.px(80))
            visible: root.sidebarOpen
            conversations: root.app.conversations
            search: root.app.search
            settingsOpen: root.settingsShown
            onNewRequested: root.newConversation()
            onOpenRequested: conversation => root.openConversation(conversation)
            onHitRequested: (conversation, message, words) => root.openMessage(conversation, message, words)
            onRenameRequested: (conversation, title) => root.app.actions.rename(conversation, title)
            onPinRequested: (conversation, pinned) => root.app.actions.setPinned(conversation, pinned)
            onUnreadRequested: (conversation, unread) => root.app.actions.setUnread(conversation, unread)
            onArchiveRequested: (conversation, archived) => root.app.actions.setArchived(conversation, archived)
            onDuplicateRequested: conversation => root.app.actions.duplicate(conversation)
            onRemoveRequested: conversation => root.app.actions.remove(conversation)
            onSettingsRequested: root.showSettings()
            onCollapseRequested: root.toggleSidebar()
        }
    }

    LinkDialog {
        id: linkDialog

        objectName: "linkDialog"
        onOpenRequested: link => root.app.openLink(link)
    }
    ProgramDialog {
        objectName: "programDialog"
        gate: root.app.programs
    }
    CloseDialog {
        id: closeQuestion

        onCloseRequested: root.close()
    }
    LogDialog {
        id: logDialog

        onFolderRequested: root.app.openLogFolder()
    }
}
