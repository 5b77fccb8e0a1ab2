// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// A secret as it is typed: it is handed over and cleared at once, and never shown again.
Item {
    id: root

    required property string name
    required property bool stored

    signal handedOver(string secret)

    function handOver() {
        const typed = field.text;
        field.clear();
        if (typed.length > 0)
            handedOver(typed);
    }

    width: parent?.width ?? 0
    implicitHeight: Math.max(field.implicitHeight, store.implicitHeight)

    TextField {
        id: field

        objectName: root.objectName + "Field"
        anchors.left: parent.left
        anchors.right: store.left
        anchors.rightMargin: Theme.gap8
        echoMode: TextInput.Password
        inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
        maximumLength: 4096
        placeholderText: root.stored ? qsTr("Stored; type another to replace it") : ""
        Accessible.name: root.name
        Accessible.description: root.stored ? qsTr("One is stored.") : qsTr("None is stored.")
        onAccepted: root.handOver()
    }
    Button {
        id: store

        anchors.right: parent.right
        text: qsTr("Store")
        hint: qsTr("Store: %1").arg(root.name)
        enabled: field.text.length > 0
        onClicked: root.handOver()
    }
}
