// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// A text of the user's, with what is wrong with it.
Column {
    id: root

    required property string name
    required property string value
    required property string problem
    property alias hint: input.placeholderText

    signal edited(string text)

    width: parent?.width ?? 0
    spacing: Theme.gap4

    TextField {
        id: input

        objectName: root.objectName + "Field"
        width: parent.width
        text: root.value
        faulty: root.problem.length > 0
        inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
        Accessible.name: root.name
        Accessible.description: root.problem
        onTextEdited: root.edited(text)
    }
    Label {
        width: parent.width
        visible: text.length > 0
        text: root.problem
        font: Theme.secondaryFont
        color: Theme.danger
    }
}
