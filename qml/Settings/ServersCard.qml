// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// The servers that can be talked to; one of them answers. More can be added from the presets.
Card {
    id: root

    required property ProviderSettings settings

    signal editRequested(string providerId)
    signal addRequested(string presetId)

    Repeater {
        model: root.settings.providers

        ServerRow {
            id: row

            required property string providerId
            required property bool current

            Button {
                visible: !row.current
                text: qsTr("Use")
                hint: qsTr("%1 answers from the next message on").arg(row.name)
                Accessible.name: qsTr("Use %1").arg(row.name)
                onClicked: root.settings.select(row.providerId)
            }
            Row {
                anchors.verticalCenter: parent.verticalCenter
                visible: row.current
                spacing: Theme.gap4
                rightPadding: Theme.gap8

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    width: Theme.px(16)
                    height: width
                    name: "check"
                    color: Theme.accent
                }
                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    secondary: true
                    text: qsTr("Answers")
                }
            }
            IconButton {
                iconName: "pencil"
                text: row.place === ProviderList.Place.BuiltIn ? qsTr("Look at %1").arg(row.name)
                                                               : qsTr("Change %1").arg(row.name)
                onClicked: root.editRequested(row.providerId)
            }
        }
    }
    Button {
        id: add

        anchors.left: parent.left
        iconName: "plus"
        text: qsTr("Add a server")
        onClicked: presets.popup(add, 0, add.height + Theme.gap4)

        Menu {
            id: presets

            Repeater {
                model: root.settings.presets

                MenuItem {
                    required property string name
                    required property string providerId

                    text: name
                    onTriggered: root.addRequested(providerId)
                }
            }
        }
    }
}
