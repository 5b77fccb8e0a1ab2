// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Rows
import Rivulet.Theme

/// What the user said, or a chunk of it: a soft bubble at the end of the column.
RowFrame {
    id: root

    required property bool lastChunk
    required property int sibling
    required property int siblingCount
    /// The pointer is on the message.
    property bool active: false
    /// Another version can be shown now.
    property bool switchable: true

    signal editRequested
    signal siblingRequested(int step)

    readonly property bool firstChunk: !content.continuesAbove
    readonly property real widest: Math.round(columnWidth * 0.8) - 2 * Theme.gap16
    /// The chunks of long words make one bubble.
    readonly property real textWidth: firstChunk && lastChunk ? Math.min(widest, words.implicitWidth) : widest

    contentHeight: bubble.height

    ChunkFrame {
        id: bubble

        x: root.fromStart(width, root.columnWidth - width)
        y: root.gapAbove
        width: root.textWidth + 2 * Theme.gap16
        height: words.implicitHeight + (root.firstChunk ? Theme.gap8 + Theme.gap2 : 0)
                + (root.lastChunk ? Theme.gap8 + Theme.gap2 : 0)
        color: Theme.surface
        radius: Theme.px(18)
        firstChunk: root.firstChunk
        lastChunk: root.lastChunk

        TextRow {
            id: words

            x: Theme.gap16 - (mirrored ? width - root.textWidth : 0)
            y: root.firstChunk ? Theme.gap8 + Theme.gap2 : 0
            width: root.widest
            height: implicitHeight
            row: root.content
            style: root.look

            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("You said: %1").arg(words.text)
        }
    }

    // Beside the bubble, so that nothing moves when they show.
    Row {
        x: root.fromStart(width, Math.max(0, root.columnWidth - bubble.width - width - Theme.gap8))
        y: root.gapAbove + Math.min(Theme.gap8, (bubble.height - height) / 2)
        visible: root.firstChunk

        IconButton {
            id: pencil

            implicitWidth: Theme.px(26)
            implicitHeight: Theme.px(26)
            iconSize: Theme.px(14)
            iconName: "pencil"
            text: qsTr("Edit what you said")
            // Invisible, and still reached by the keyboard.
            opacity: root.active || activeFocus ? 1 : 0
            onClicked: root.editRequested()
        }
        BranchSwitch {
            sibling: root.sibling
            siblingCount: root.siblingCount
            switchable: root.switchable
            onSiblingRequested: step => root.siblingRequested(step)
        }
    }
}
