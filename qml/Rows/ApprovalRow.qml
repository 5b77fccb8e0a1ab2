// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// A question whether a tool may run. What it would be called with stands below, in rows of its own.
RowFrame {
    id: root

    required property string title
    /// It can be answered.
    property bool open: false

    signal allowOnceRequested
    signal allowAlwaysRequested
    signal denyRequested

    contentHeight: words.height + (open ? buttons.implicitHeight + Theme.gap8 : 0)

    Accessible.role: Accessible.Grouping
    Accessible.name: title

    Text {
        id: words

        x: root.fromStart(width, 0)
        y: root.gapAbove
        width: Math.min(implicitWidth, root.columnWidth)
        text: root.title
        textFormat: Text.PlainText
        font: root.open ? Theme.bodyFont : Theme.labelFont
        color: root.open ? Theme.text : Theme.textSecondary
        wrapMode: Text.Wrap
        maximumLineCount: 4
        elide: Text.ElideRight
    }
    Row {
        id: buttons

        x: root.fromStart(width, 0)
        y: words.y + words.height + Theme.gap8
        visible: root.open
        spacing: Theme.gap8

        Button {
            objectName: "allowOnce"
            kind: Button.Kind.Primary
            text: qsTr("Allow once")
            Accessible.description: root.title
            onClicked: root.allowOnceRequested()
        }
        Button {
            objectName: "allowAlways"
            text: qsTr("Always allow")
            Accessible.description: root.title
            onClicked: root.allowAlwaysRequested()
        }
        Button {
            objectName: "deny"
            text: qsTr("Deny")
            Accessible.description: root.title
            onClicked: root.denyRequested()
        }
    }
}
