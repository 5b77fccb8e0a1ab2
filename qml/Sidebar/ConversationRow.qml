// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Theme

/// One conversation of the sidebar. A press opens it; its menu and the keys named there do the rest.
Basic.ItemDelegate {
    id: root

    required property int index
    required property var conversationId
    required property string title
    required property bool running
    required property bool current
    required property bool pinned
    required property bool archived
    required property bool unread
    /// The menu is open for this row.
    property bool menuShown: false

    readonly property string shownTitle: title.length > 0 ? title : qsTr("New conversation")
    property bool renaming: false

    signal openRequested
    signal renameRequested(string title)
    signal pinRequested
    signal unreadRequested
    signal duplicateRequested
    signal archiveRequested
    signal removeRequested
    /// The menu is wanted, at that place of the row.
    signal menuRequested(real x, real y)

    function rename() {
        renaming = true;
    }

    function requestMenuBelow() {
        menuRequested(mirrored ? 0 : width, height);
    }

    /// What that key does here; null where it does nothing. What the title's field leaves is for nobody.
    function actionOf(key: int, modifiers: int): var {
        if (renaming)
            return null;
        const control = modifiers === Qt.ControlModifier;
        switch (key) {
        case Qt.Key_Return:
        case Qt.Key_Enter:
            return () => openRequested();
        case Qt.Key_F2:
            return () => rename();
        case Qt.Key_Delete:
            return () => removeRequested();
        case Qt.Key_Menu:
            return () => requestMenuBelow();
        case Qt.Key_F10:
            return modifiers & Qt.ShiftModifier ? () => requestMenuBelow() : null;
        case Qt.Key_P:
            return control ? () => pinRequested() : null;
        case Qt.Key_U:
            return control ? () => unreadRequested() : null;
        case Qt.Key_D:
            return control ? () => duplicateRequested() : null;
        case Qt.Key_E:
            return control ? () => archiveRequested() : null;
        default:
            return null;
        }
    }

    objectName: `conversation ${conversationId}`
    implicitHeight: Theme.px(36)
    leftPadding: mirrored ? Theme.gap4 : Theme.gap12
    rightPadding: mirrored ? Theme.gap12 : Theme.gap4
    topPadding: 0
    bottomPadding: 0
    hoverEnabled: true
    Accessible.role: Accessible.ListItem
    Accessible.name: {
        const name = running ? qsTr("%1, answering") : unread ? qsTr("%1, unread") : "%1";
        return name.replace("%1", () => shownTitle);
    }
    Accessible.selected: current
    onClicked: openRequested()
    ListView.onPooled: renaming = false

    // A key that means something here is not the window's: Ctrl+P pins, even while an answer could be paused.
    Keys.onShortcutOverride: event => event.accepted = root.actionOf(event.key, event.modifiers) !== null
    Keys.onPressed: event => {
        const act = root.actionOf(event.key, event.modifiers);
        event.accepted = act !== null;
        if (act)
            act();
    }

    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: point => root.menuRequested(point.position.x, point.position.y)
    }

    contentItem: Item {
        Text {
            anchors.left: parent.left
            anchors.right: marks.left
            anchors.rightMargin: Theme.gap4
            anchors.verticalCenter: parent.verticalCenter
            visible: !root.renaming
            text: root.shownTitle
            font.family: Theme.bodyFont.family
            font.pixelSize: Theme.px(14)
            font.weight: root.current || root.unread ? Font.DemiBold : Font.Normal
            color: Theme.text
            textFormat: Text.PlainText
            elide: Text.ElideRight
            horizontalAlignment: Text.AlignLeft
        }
        Row {
            id: marks

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            visible: !root.renaming

            Item {
                width: Theme.px(28)
                height: width
                visible: (root.running || root.unread) && !more.visible

                Icon {
                    anchors.centerIn: parent
                    width: Theme.px(16)
                    height: width
                    name: "wave"
                    color: Theme.accent
                    visible: root.running
                }
                Rectangle {
                    objectName: "unreadDot"
                    anchors.centerIn: parent
                    width: Theme.gap8
                    height: width
                    radius: width / 2
                    color: Theme.accent
                    visible: root.unread && !root.running
                }
            }
            IconButton {
                id: more

                width: Theme.px(28)
                height: width
                iconName: "more"
                text: qsTr("What can be done with \"%1\"").arg(root.shownTitle)
                visible: root.hovered || root.activeFocus || root.menuShown
                focusPolicy: Qt.NoFocus
                onClicked: root.requestMenuBelow()
            }
        }
        Loader {
            anchors.fill: parent
            anchors.leftMargin: -Theme.gap8
            anchors.topMargin: Theme.gap2
            anchors.bottomMargin: Theme.gap2
            active: root.renaming
            sourceComponent: TextField {
                id: field

                function finish(keep: bool) {
                    if (!root.renaming)
                        return;
                    root.renaming = false;
                    if (keep && text.trim().length > 0 && text.trim() !== root.title)
                        root.renameRequested(text.trim());
                }
                function leave(keep: bool) {
                    finish(keep);
                    root.forceActiveFocus();
                }

                text: root.title
                maximumLength: 200
                font: Theme.secondaryFont
                Accessible.name: qsTr("Title of the conversation")
                onAccepted: leave(true)
                onActiveFocusChanged: {
                    if (!activeFocus)
                        finish(true);
                }
                Keys.onEscapePressed: leave(false)
                Component.onCompleted: {
                    forceActiveFocus();
                    selectAll();
                }
            }
        }
    }
    background: Rectangle {
        anchors.fill: parent
        anchors.topMargin: 1
        anchors.bottomMargin: 1
        radius: Theme.radiusControl
        color: root.current ? Theme.raised : root.hovered ? Theme.hover : "transparent"
        border.width: root.activeFocus ? Theme.focusWidth : root.current ? 1 : 0
        border.color: root.activeFocus ? Theme.focus : Theme.hairline
    }
}
