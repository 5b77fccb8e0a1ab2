// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// A few words about the control under the pointer, with its keys.
Basic.ToolTip {
    id: root

    /// How the keys are written, such as "Ctrl+N"; empty where there are none.
    property string keys

    delay: 600
    padding: Theme.gap8
    topPadding: Theme.gap4
    bottomPadding: Theme.gap4
    font: Theme.secondaryFont

    contentItem: Row {
        spacing: Theme.gap8

        Text {
            text: root.text
            font: root.font
            color: Theme.background
            textFormat: Text.PlainText
        }
        Text {
            text: root.keys
            visible: text.length > 0
            font: root.font
            color: Theme.background
            opacity: 0.75
            textFormat: Text.PlainText
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: Theme.text
    }
}
