// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// The settings: who answers, how the window looks, and where to look when something is wrong. A server
/// that is changed has a page of its own.
FocusScope {
    id: root

    required property ProviderSettings providers
    required property Preferences preferences
    required property string version

    property bool editing: false

    signal closeRequested
    signal logRequested
    signal linkActivated(url link)

    function edit(providerId: string) {
        providers.edit(providerId);
        showEditor();
    }

    function enter() {
        if (!visible)
            return;
        editing = false;
        overview.toStart();
        if (!providers.looked && !providers.looking)
            providers.look();
    }

    function showEditor() {
        editing = true;
        editor.toStart();
    }

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Settings")
    onVisibleChanged: enter()
    Component.onCompleted: enter()

    ScrollPage {
        id: overview

        anchors.fill: parent
        visible: !root.editing
        focus: visible
        title: qsTr("Settings")
        onBackRequested: root.closeRequested()

        Heading {
            width: parent.width
            topPadding: Theme.gap8
            level: 3
            text: qsTr("Who answers")
        }
        ServersCard {
            width: parent.width
            settings: root.providers
            onEditRequested: providerId => root.edit(providerId)
            onAddRequested: presetId => {
                root.providers.addPreset(presetId);
                root.showEditor();
            }
        }
        Heading {
            width: parent.width
            topPadding: Theme.gap8
            level: 3
            text: qsTr("Found on this computer")
        }
        FoundCard {
            width: parent.width
            settings: root.providers
        }
        Heading {
            width: parent.width
            topPadding: Theme.gap8
            level: 3
            text: qsTr("Appearance")
        }
        AppearanceCard {
            width: parent.width
            preferences: root.preferences
        }
        Heading {
            width: parent.width
            topPadding: Theme.gap8
            level: 3
            text: qsTr("When something is wrong")
        }
        Card {
            width: parent.width

            FormRow {
                label: qsTr("Rivulet %1").arg(root.version)
                explanation: qsTr("The log holds no keys and nothing of what you write.")

                Button {
                    anchors.left: parent.left
                    text: qsTr("Show log")
                    onClicked: root.logRequested()
                }
            }
        }
    }
    ServerPage {
        id: editor

        anchors.fill: parent
        visible: root.editing
        focus: visible
        settings: root.providers
        onBackRequested: {
            root.editing = false;
            overview.toStart();
        }
        onLinkActivated: link => root.linkActivated(link)
    }
}
