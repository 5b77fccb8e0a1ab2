// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// Where one types what to look for. Esc empties it, then leaves it.
FocusScope {
    id: root

    property alias text: field.text

    /// Esc in an empty field.
    signal leaveRequested
    /// The hits are to have the keyboard.
    signal downRequested
    /// The first hit is to be opened.
    signal accepted

    /// Takes the keyboard; what stands there is typed over.
    function enter() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
        field.selectAll();
    }

    implicitHeight: field.implicitHeight

    TextField {
        id: field

        objectName: "words"
        anchors.fill: parent
        focus: true
        leftPadding: Theme.px(34)
        rightPadding: Theme.px(34)
        // Turned with the window, as the icon is.
        horizontalAlignment: TextInput.AlignLeft
        font: Theme.secondaryFont
        placeholderText: qsTr("Search")
        maximumLength: 500
        inputMethodHints: Qt.ImhNoPredictiveText
        Accessible.name: qsTr("Search in all conversations")
        Accessible.description: qsTr("Filters: from:user, from:assistant, in:title, after:, before:, has:code, model:")
        Accessible.searchEdit: true
        Keys.onEscapePressed: {
            if (text.length > 0)
                clear();
            else
                root.leaveRequested();
        }
        Keys.onDownPressed: root.downRequested()
        onAccepted: root.accepted()
    }
    Icon {
        anchors.left: parent.left
        anchors.leftMargin: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(16)
        height: width
        name: "search"
        color: Theme.textSecondary
    }
    Text {
        anchors.right: parent.right
        anchors.rightMargin: Theme.gap12
        anchors.verticalCenter: parent.verticalCenter
        visible: field.text.length === 0 && field.preeditText.length === 0 && !field.activeFocus
        text: qsTr("Ctrl+Shift+F")
        font: Theme.captionFont
        color: Theme.textSecondary
        textFormat: Text.PlainText
    }
    IconButton {
        anchors.right: parent.right
        anchors.rightMargin: Theme.gap2
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(28)
        height: width
        iconSize: Theme.px(16)
        iconName: "close"
        text: qsTr("Empty the search")
        keys: qsTr("Esc")
        visible: field.text.length > 0
        onClicked: {
            field.clear();
            field.forceActiveFocus();
        }
    }
}
