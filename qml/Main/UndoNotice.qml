// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// Says what was deleted, for as long as it can be taken back.
Floating {
    id: root

    required property string removedTitle

    signal undoRequested

    implicitWidth: words.implicitWidth + undo.width + 2 * Theme.gap12 + Theme.gap16
    implicitHeight: undo.height + 2 * Theme.gap8
    visible: removedTitle.length > 0
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words.text
    onVisibleChanged: {
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
        text: qsTr("Deleted \"%1\"").arg(root.removedTitle)
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
