// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// How much the server may be asked. Most people have no limit but the server's own: it is folded until one is set.
Card {
    id: root

    required property ProviderEditor editor

    readonly property LimitSettings limits: editor.limits
    property bool unfolded: hasLimits()

    function hasLimits(): bool {
        return limits.requests.length > 0 || limits.tokens.length > 0;
    }

    spacing: Theme.gap16

    Connections {
        target: root.editor

        function onOpened() {
            root.unfolded = root.hasLimits();
        }
    }

    Button {
        objectName: "unfoldLimits"
        text: root.unfolded ? qsTr("Hide the limits") : qsTr("Limits")
        hint: qsTr("How many requests and tokens a minute")
        onClicked: root.unfolded = !root.unfolded
    }
    FormRow {
        visible: root.unfolded
        label: qsTr("Requests a minute")
        explanation: qsTr("Empty: as many as it takes")

        TypedField {
            objectName: "requestsPerMinute"
            name: qsTr("Requests a minute")
            value: root.limits.requests
            problem: root.limits.requestsProblem
            onEdited: text => root.limits.requests = text
        }
    }
    FormRow {
        visible: root.unfolded
        label: qsTr("Tokens a minute")
        explanation: qsTr("Of questions and answers")

        TypedField {
            objectName: "tokensPerMinute"
            name: qsTr("Tokens a minute")
            value: root.limits.tokens
            problem: root.limits.tokensProblem
            onEdited: text => root.limits.tokens = text
        }
    }
    Label {
        width: parent.width
        visible: root.unfolded
        secondary: true
        text: qsTr("What goes beyond a limit waits. What the server says of its own limits is kept to as well.")
    }
}
