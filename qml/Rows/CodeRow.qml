// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Rows
import Rivulet.Theme

/// A code block, or a chunk of one: the first chunk carries the language and "Copy", the last one the lower
/// corners. Long lines scroll sideways.
RowFrame {
    id: root

    required property var rowId
    required property bool tail
    required property bool lastChunk

    /// Puts the whole block on the clipboard.
    signal copyRequested

    readonly property bool firstChunk: !content.continuesAbove
    readonly property real headerHeight: firstChunk ? Theme.px(34) : 0

    contentHeight: box.height

    ChunkFrame {
        id: box

        readonly property real room: root.columnWidth - root.start

        x: root.columnX + root.start
        y: root.gapAbove
        width: Math.max(room, Math.min(room + root.overhang, code.implicitWidth + 2 * Theme.gap16))
        height: root.headerHeight + code.implicitHeight + (root.firstChunk ? 0 : Theme.gap2)
                + (root.lastChunk ? Theme.gap16 : 0)
        color: Theme.codeBackground
        radius: Theme.radiusCard
        firstChunk: root.firstChunk
        lastChunk: root.lastChunk

        Text {
            id: language

            visible: root.firstChunk
            x: Theme.gap16
            height: root.headerHeight
            text: code.language
            textFormat: Text.PlainText
            font: Theme.captionFont
            color: Theme.textSecondary
            verticalAlignment: Text.AlignVCenter
        }

        CopyAction {
            visible: root.firstChunk
            // At the column's edge, so that it keeps its place while the block gets wider.
            x: box.room - width - Theme.gap8
            y: Math.round((root.headerHeight - height) / 2)
            Accessible.name: qsTr("Copy this code")
            onClicked: root.copyRequested()
        }

        Flickable {
            id: sideways

            y: root.headerHeight
            width: box.width
            height: code.implicitHeight + (root.lastChunk ? Theme.gap16 : 0)
            contentWidth: code.width + 2 * Theme.gap16
            contentHeight: height
            flickableDirection: Flickable.HorizontalFlick
            boundsBehavior: Flickable.StopAtBounds
            interactive: contentWidth > width
            clip: interactive

            Basic.ScrollBar.horizontal: ScrollBar {
                policy: sideways.interactive && root.lastChunk ? Basic.ScrollBar.AsNeeded : Basic.ScrollBar.AlwaysOff
            }

            CodeText {
                id: code

                x: Theme.gap16
                width: Math.max(implicitWidth, box.width - 2 * Theme.gap16)
                height: implicitHeight
                row: root.content
                style: root.look
                caret: root.tail

                Accessible.role: Accessible.StaticText
                Accessible.name: code.text
                Accessible.description: language.text
            }
        }
    }
}
