// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// The key of a server. What is typed goes to the editor and is cleared at once; a stored key is never shown.
FormRow {
    id: root

    required property ProviderEditor editor

    signal linkActivated(url link)

    readonly property string report: {
        switch (editor.keyState) {
        case ProviderEditor.KeyState.Looking:
            return qsTr("Asking the system keychain");
        case ProviderEditor.KeyState.Kept:
            return qsTr("A key is stored in the system keychain.");
        case ProviderEditor.KeyState.SessionOnly:
            return qsTr("The key is kept for this session only.") + " " + editor.keyNotice;
        default:
            return qsTr("No key is stored.");
        }
    }
    readonly property bool stored: editor.keyState === ProviderEditor.KeyState.Kept
        || editor.keyState === ProviderEditor.KeyState.SessionOnly

    label: qsTr("Key")

    Column {
        width: parent.width
        spacing: Theme.gap8

        Item {
            width: parent.width
            implicitHeight: field.implicitHeight

            TextField {
                id: field

                function handOver() {
                    const typed = text.trim();
                    clear();
                    if (typed.length > 0)
                        root.editor.setKey(typed);
                }

                objectName: "key"
                anchors.left: parent.left
                anchors.right: store.left
                anchors.rightMargin: Theme.gap8
                echoMode: TextInput.Password
                inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
                maximumLength: 4096
                placeholderText: root.stored ? qsTr("Paste another key to replace it") : qsTr("Paste the key here")
                Accessible.name: qsTr("Key")
                Accessible.description: root.report
                onAccepted: handOver()
            }
            Button {
                id: store

                anchors.right: parent.right
                text: qsTr("Store")
                enabled: field.text.length > 0
                onClicked: field.handOver()
            }
        }
        Label {
            width: parent.width
            secondary: true
            text: root.report
            color: root.editor.keyState === ProviderEditor.KeyState.SessionOnly ? Theme.warning : Theme.textSecondary
        }
        Flow {
            width: parent.width
            spacing: Theme.gap8
            visible: root.stored || getKey.visible

            Button {
                visible: root.stored
                iconName: "trash"
                text: qsTr("Remove the key")
                onClicked: root.editor.removeKey()
            }
            Button {
                id: getKey

                visible: root.editor.keyPage.toString().length > 0
                iconName: "link"
                text: qsTr("Get a key")
                hint: root.editor.keyPage.toString()
                onClicked: root.linkActivated(root.editor.keyPage)
            }
        }
    }
}
