// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls

/// How the window looks.
Card {
    id: root

    required property Preferences preferences

    /// In percent.
    readonly property list<int> zoomSteps: [80, 90, 100, 110, 125, 150, 175, 200].filter(
        percent => percent >= preferences.minimumZoom * 100 && percent <= preferences.maximumZoom * 100)

    FormRow {
        label: qsTr("Colours")

        ComboBox {
            objectName: "colours"
            anchors.left: parent.left
            // In the order of Preferences.ColorMode.
            model: [qsTr("As the system"), qsTr("Light"), qsTr("Dark")]
            currentIndex: root.preferences.colorMode
            Accessible.name: qsTr("Colours")
            onActivated: index => root.preferences.colorMode = index
        }
    }
    FormRow {
        label: qsTr("Zoom")
        explanation: qsTr("Ctrl++ and Ctrl+-")

        ComboBox {
            objectName: "zoom"
            anchors.left: parent.left
            model: root.zoomSteps.map(percent => qsTr("%1 %").arg(percent))
            currentIndex: root.zoomSteps.findIndex(percent => percent === Math.round(root.preferences.zoom * 100))
            displayText: qsTr("%1 %").arg(Math.round(root.preferences.zoom * 100))
            Accessible.name: qsTr("Zoom")
            onActivated: index => root.preferences.zoom = root.zoomSteps[index] / 100
        }
    }
}
