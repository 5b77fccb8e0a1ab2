// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// One question of a connection test and its answer. The state is told by icon and words, not colour alone.
Item {
    id: root

    required property string label
    // "state" is taken by Item, so the role comes through the model.
    required property var model
    required property string problem
    required property string details

    readonly property int step: model.state
    readonly property string stepWords: {
        switch (step) {
        case ConnectionSteps.State.Running:
            return qsTr("running");
        case ConnectionSteps.State.Passed:
            return qsTr("passed");
        case ConnectionSteps.State.Failed:
            return qsTr("failed");
        case ConnectionSteps.State.Skipped:
            return qsTr("not needed");
        default:
            return qsTr("not yet");
        }
    }

    width: parent?.width ?? 0
    implicitHeight: words.implicitHeight
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1: %2").arg(label).arg(stepWords)
    Accessible.description: problem

    Icon {
        id: mark

        anchors.left: parent.left
        y: Theme.gap2
        width: Theme.iconSize
        height: width
        name: {
            switch (root.step) {
            case ConnectionSteps.State.Running:
                return "more";
            case ConnectionSteps.State.Passed:
                return "check";
            case ConnectionSteps.State.Failed:
                return "close";
            case ConnectionSteps.State.Skipped:
                return "minus";
            default:
                return "circle";
            }
        }
        color: {
            switch (root.step) {
            case ConnectionSteps.State.Passed:
                return Theme.success;
            case ConnectionSteps.State.Failed:
                return Theme.danger;
            case ConnectionSteps.State.Running:
                return Theme.accent;
            default:
                return Theme.textDisabled;
            }
        }
    }
    Column {
        id: words

        anchors.left: mark.right
        anchors.right: parent.right
        anchors.leftMargin: Theme.gap12
        spacing: Theme.gap2

        Label {
            width: parent.width
            text: root.label
            color: root.step === ConnectionSteps.State.Waiting || root.step === ConnectionSteps.State.Skipped
                ? Theme.textSecondary : Theme.text
        }
        Label {
            width: parent.width
            visible: text.length > 0
            secondary: true
            text: root.problem
        }
        Text {
            width: parent.width
            visible: text.length > 0
            text: root.details
            font.family: Theme.codeFamily
            font.pixelSize: Theme.captionSize
            color: Theme.textSecondary
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignLeft
        }
    }
}
