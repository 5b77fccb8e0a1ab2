// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// "Test connection": what is asked step by step, and what came of it.
Card {
    id: root

    required property ProviderEditor editor

    readonly property string verdict: editor.testing ? qsTr("Testing")
        : editor.testResult === ProviderEditor.TestResult.Passed ? qsTr("It works.")
        : editor.testResult === ProviderEditor.TestResult.Failed ? qsTr("It does not work yet.")
        : qsTr("Two small requests: the list of models, and a question whose answer is stopped at its first word.")

    onVerdictChanged: Accessible.announce(verdict)

    Item {
        width: parent.width
        implicitHeight: Math.max(words.implicitHeight, test.implicitHeight)

        Label {
            id: words

            anchors.left: parent.left
            anchors.right: test.left
            anchors.rightMargin: Theme.gap16
            anchors.verticalCenter: parent.verticalCenter
            secondary: root.editor.testing || root.editor.testResult === ProviderEditor.TestResult.Untested
            text: root.verdict
        }
        Button {
            id: test

            objectName: "test"
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            text: root.editor.testing ? qsTr("Stop the test") : qsTr("Test connection")
            enabled: root.editor.addressProblem.length === 0 && root.editor.credential.complete
            onClicked: {
                if (root.editor.testing)
                    root.editor.stopTest();
                else
                    root.editor.test();
            }
        }
    }
    Repeater {
        model: root.editor.steps

        TestStep {}
    }
}
