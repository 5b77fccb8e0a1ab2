// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// What an agent is doing, or who says what follows, on one line.
RowFrame {
    id: root

    required property string title
    required property int activity

    contentHeight: Math.max(Theme.px(20), words.implicitHeight)

    Accessible.role: Accessible.StaticText
    Accessible.name: mark.word === "" ? title : qsTr("%1, %2", "what, how far it is").arg(title).arg(mark.word)

    ActivityMark {
        id: mark

        x: root.fromStart(width, 0)
        y: root.gapAbove + Math.round((Theme.px(20) - height) / 2)
        activity: root.activity
    }
    Text {
        id: words

        readonly property real indent: mark.visible ? mark.width + Theme.gap8 : 0

        x: root.fromStart(width, indent)
        y: root.gapAbove
        width: Math.min(implicitWidth, root.columnWidth - indent)
        height: root.contentHeight
        text: root.title
        textFormat: Text.PlainText
        font: Theme.labelFont
        color: Theme.textSecondary
        verticalAlignment: Text.AlignVCenter
        wrapMode: Text.Wrap
        maximumLineCount: 4
        elide: Text.ElideRight
    }
}
