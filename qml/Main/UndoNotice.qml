// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// Says what was deleted or archived, for as long as it can be taken back.
Floating {
    id: root

    required property int undoable
    /// Of the conversation that this is about.
    required property string title

    readonly property string shownTitle: title.length > 0 ? title : qsTr("New conversation")

    signal undoRequested

    implicitWidth: words.implicitWidth + undo.width + 2 * Theme.gap12 + Theme.gap16
    implicitHeight: undo.height + 2 * Theme.gap8
    visible: undoable !== ConversationActions.Undoable.Nothing
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words.text
    onVisibleChanged: tell()
    onTitleChanged: tell()

    function tell() {
        if (visible)
            Accessible.announce(words.text);
    }

    Text {
        id: words

        anchors.left: parent.left
        anchors.right: undo.left
        anchors.leftMargin: Theme.gap16
        anchors.rightMargin: Theme.gap12
        anchors.verticalCenter: parent.verticalCenter
        text: (root.undoable === ConversationActions.Undoable.Archived ? qsTr("Archived \"%1\"")
                                                                       : qsTr("Deleted \"%1\"")).arg(root.shownTitle)
        font: Theme.secondaryFont
        color: Theme.text
        textFormat: Text.PlainText
        elide: Text.ElideMiddle
        horizontalAlignment: Text.AlignLeft
    }
    Button {
        id: undo

        anchors.right: parent.right
        anchors.rightMargin: Theme.gap8
        anchors.verticalCenter: parent.verticalCenter
        text: qsTr("Undo")
        onClicked: root.undoRequested()
    }
}
