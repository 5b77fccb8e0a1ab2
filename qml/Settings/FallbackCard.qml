// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// Who is asked where the server does not answer.
Card {
    id: root

    required property FallbackSettings rule

    spacing: Theme.gap16

    FormRow {
        label: qsTr("If it does not answer")
        explanation: qsTr("Another of your servers is asked instead")

        ComboBox {
            objectName: "fallback"
            width: parent.width
            model: root.rule.choices
            currentIndex: root.rule.choice
            Accessible.name: qsTr("If it does not answer")
            onActivated: index => root.rule.choice = index
        }
    }
    FormRow {
        visible: root.rule.choice > 0
        label: qsTr("After so many seconds")
        explanation: qsTr("Without a word of the answer")

        TypedField {
            objectName: "fallbackAfter"
            name: qsTr("After so many seconds")
            value: root.rule.seconds
            problem: root.rule.secondsProblem
            onEdited: text => root.rule.seconds = text
        }
    }
    Label {
        width: parent.width
        visible: root.rule.choice > 0
        secondary: true
        text: qsTr("It gets the whole conversation. The answer says who gave it.")
    }
}
