// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// One server under the user's hands. What is valid is kept as it is typed; there is nothing to save.
ScrollPage {
    id: root

    required property ProviderSettings settings

    readonly property ProviderEditor editor: settings.editor
    readonly property bool current: settings.currentId === editor.providerId

    signal linkActivated(url link)

    title: editor.name.length > 0 ? editor.name : qsTr("Server")

    Label {
        width: parent.width
        visible: !root.editor.editable
        secondary: true
        text: qsTr("The demo is part of Rivulet. It needs no key and no network; there is nothing to set.")
    }
    Card {
        width: parent.width
        visible: root.editor.editable
        spacing: Theme.gap16

        FormRow {
            label: qsTr("Name")

            TextField {
                objectName: "name"
                width: parent.width
                text: root.editor.name
                maximumLength: 80
                Accessible.name: qsTr("Name")
                onTextEdited: root.editor.name = text
            }
        }
        FormRow {
            label: qsTr("Address")
            explanation: root.editor.runsPrograms ? qsTr("Or a command, below") : qsTr("Up to and with /v1")

            Column {
                width: parent.width
                spacing: Theme.gap4

                TextField {
                    objectName: "address"
                    width: parent.width
                    text: root.editor.address
                    faulty: root.editor.addressProblem.length > 0
                    placeholderText: "http://127.0.0.1:8080/v1"
                    inputMethodHints: Qt.ImhUrlCharactersOnly | Qt.ImhNoPredictiveText
                    Accessible.name: qsTr("Address")
                    Accessible.description: root.editor.addressProblem
                    onTextEdited: root.editor.address = text
                }
                Label {
                    width: parent.width
                    visible: text.length > 0
                    text: root.editor.addressProblem
                    font: Theme.secondaryFont
                    color: Theme.danger
                }
            }
        }
        FormRow {
            visible: root.editor.runsPrograms
            label: qsTr("Command")
            explanation: qsTr("A program on this computer")

            Column {
                width: parent.width
                spacing: Theme.gap4

                TextField {
                    objectName: "command"
                    width: parent.width
                    text: root.editor.command
                    faulty: root.editor.commandProblem.length > 0
                    inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
                    Accessible.name: qsTr("Command")
                    Accessible.description: root.editor.commandProblem
                    onTextEdited: root.editor.command = text
                }
                Label {
                    width: parent.width
                    visible: text.length > 0
                    text: root.editor.commandProblem
                    font: Theme.secondaryFont
                    color: Theme.danger
                }
            }
        }
        FormRow {
            label: qsTr("Model")

            Item {
                width: parent.width
                implicitHeight: model.implicitHeight + (modelsProblem.visible ? modelsProblem.height + Theme.gap4 : 0)
                height: implicitHeight

                Label {
                    id: modelsProblem

                    objectName: "modelsProblem"
                    anchors.top: model.bottom
                    anchors.topMargin: Theme.gap4
                    width: parent.width
                    visible: text.length > 0
                    text: root.editor.modelsProblem
                    font: Theme.secondaryFont
                    color: Theme.danger
                }
                TextField {
                    id: model

                    objectName: "model"
                    anchors.left: parent.left
                    anchors.right: list.left
                    anchors.rightMargin: Theme.gap8
                    text: root.editor.model
                    inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
                    Accessible.name: qsTr("Model")
                    onTextEdited: root.editor.model = text
                }
                Button {
                    id: list

                    readonly property bool known: root.editor.models.length > 0

                    objectName: "models"
                    anchors.right: parent.right
                    text: known ? qsTr("Choose") : qsTr("Get the list")
                    hint: known ? qsTr("Choose one of the server's models") : qsTr("Ask the server which models it has")
                    enabled: root.editor.addressProblem.length === 0 && root.editor.credential.complete
                    onClicked: {
                        if (known)
                            choices.popup(list, 0, list.height + Theme.gap4);
                        else
                            root.editor.loadModels();
                    }

                    Menu {
                        id: choices

                        height: Math.min(implicitHeight, Theme.px(360))

                        Repeater {
                            model: root.editor.models

                            MenuItem {
                                required property string modelData

                                text: modelData
                                onTriggered: root.editor.model = modelData
                            }
                        }
                    }
                }
            }
        }
        Repeater {
            model: root.editor.options

            FormRow {
                id: option

                required property string name
                required property string value
                required property string fallback
                required property bool required

                label: name
                explanation: required ? qsTr("Needed") : ""

                TextField {
                    objectName: option.name
                    width: parent.width
                    text: option.value
                    placeholderText: option.fallback
                    inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
                    Accessible.name: option.name
                    Accessible.description: option.explanation
                    onTextEdited: root.editor.options.set(option.name, text)
                }
            }
        }
    }
    CredentialCard {
        width: parent.width
        visible: root.editor.editable && (root.editor.command.length === 0 || root.editor.address.length > 0)
        editor: root.editor
        onLinkActivated: link => root.linkActivated(link)
    }
    NetworkCard {
        width: parent.width
        visible: root.editor.editable && root.editor.address.length > 0
        editor: root.editor
    }
    FallbackCard {
        width: parent.width
        visible: root.editor.editable && (root.editor.address.length > 0 || root.editor.command.length > 0)
        rule: root.editor.fallback
    }
    LimitsCard {
        width: parent.width
        visible: root.editor.editable && root.editor.address.length > 0
        editor: root.editor
    }
    ReplicasCard {
        width: parent.width
        visible: root.editor.editable && root.editor.address.length > 0
        editor: root.editor
    }
    TestCard {
        width: parent.width
        editor: root.editor
    }
    Flow {
        width: parent.width
        spacing: Theme.gap8

        Button {
            objectName: "use"
            kind: Button.Kind.Primary
            visible: !root.current
            text: qsTr("Use this server")
            onClicked: {
                root.settings.select(root.editor.providerId);
                root.backRequested();
            }
        }
        Button {
            visible: root.editor.editable
            iconName: "trash"
            text: qsTr("Remove this server")
            hint: qsTr("Removes the server and its key. Conversations stay.")
            onClicked: {
                root.settings.remove(root.editor.providerId);
                root.backRequested();
            }
        }
    }
}
