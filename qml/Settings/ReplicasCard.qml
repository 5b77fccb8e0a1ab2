// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// Where else the server is to be had: other addresses, or other keys for the same one. Most people have none.
Card {
    id: root

    required property ProviderEditor editor

    readonly property ReplicaList replicas: editor.replicas

    spacing: Theme.gap16

    Label {
        width: parent.width
        secondary: true
        text: root.replicas.count === 0
            ? qsTr("A server with several addresses or keys? Conversations are spread over them.")
            : qsTr("Conversations are spread over these, to where an answer begins soonest, and stay there.")
    }
    Repeater {
        model: root.replicas

        Column {
            id: place

            required property int index
            required property string address
            required property string problem
            required property bool stored
            required property bool ownKey

            width: parent.width
            spacing: Theme.gap8

            FormRow {
                label: qsTr("Address %L1").arg(place.index + 2)
                explanation: qsTr("Empty: the same, with another key")

                Column {
                    width: parent.width
                    spacing: Theme.gap4

                    Item {
                        width: parent.width
                        implicitHeight: input.implicitHeight
                        height: implicitHeight

                        TextField {
                            id: input

                            objectName: "replicaAddress" + place.index
                            anchors.left: parent.left
                            anchors.right: remove.left
                            anchors.rightMargin: Theme.gap8
                            text: place.address
                            faulty: place.problem.length > 0
                            placeholderText: root.editor.address
                            inputMethodHints: Qt.ImhUrlCharactersOnly | Qt.ImhNoPredictiveText
                            Accessible.name: qsTr("Address %L1").arg(place.index + 2)
                            Accessible.description: place.problem
                            onTextEdited: root.replicas.setAddress(place.index, text)
                        }
                        IconButton {
                            id: remove

                            objectName: "removeReplica" + place.index
                            anchors.right: parent.right
                            anchors.verticalCenter: parent.verticalCenter
                            iconName: "trash"
                            text: qsTr("Remove address %L1 and its key").arg(place.index + 2)
                            onClicked: root.replicas.remove(place.index)
                        }
                    }
                    Label {
                        width: parent.width
                        visible: text.length > 0
                        text: place.problem
                        font: Theme.secondaryFont
                        color: Theme.danger
                    }
                }
            }
            FormRow {
                visible: place.ownKey
                label: qsTr("Key %L1").arg(place.index + 2)

                SecretField {
                    objectName: "replicaKey" + place.index
                    name: qsTr("Key %L1").arg(place.index + 2)
                    stored: place.stored
                    onHandedOver: secret => root.replicas.setKey(place.index, secret)
                }
            }
        }
    }
    Button {
        objectName: "addReplica"
        iconName: "plus"
        text: qsTr("Add an address or a key")
        onClicked: root.replicas.append()
    }
}
