// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Rows
import Rivulet.Theme

/// A table, or a chunk of one, in a frame of hairlines. A wide one scrolls sideways.
RowFrame {
    id: root

    required property bool lastChunk

    readonly property bool firstChunk: !content.continuesAbove
    readonly property real room: columnWidth - start - end

    mirrored: table.mirrored
    contentHeight: box.height
    onMirroredChanged: sideways.toStart()
    ListView.onReused: sideways.toStart()

    ChunkFrame {
        id: box

        x: root.mirrored ? root.columnX + root.columnWidth - root.end - width : root.columnX + root.start
        y: root.gapAbove
        width: Math.min(table.implicitWidth + 2, root.room + root.overhang)
        // The bar has a place of its own, not over the last line.
        height: table.implicitHeight + 2 + (sideways.interactive ? bar.implicitHeight : 0)
        color: "transparent"
        border.width: 1
        border.color: Theme.hairline
        radius: Theme.radiusCard
        firstChunk: root.firstChunk
        lastChunk: root.lastChunk

        Flickable {
            id: sideways

            readonly property real hiddenWidth: Math.max(0, contentWidth - width)
            /// How far the user went from the right end.
            property real passed: 0

            x: 1
            y: 1
            width: box.width - 2
            height: box.height - 2
            contentWidth: table.implicitWidth
            contentHeight: height
            flickableDirection: Flickable.HorizontalFlick
            boundsBehavior: Flickable.StopAtBounds
            interactive: contentWidth > width
            clip: interactive
            // What is in sight keeps its place while columns get wider.
            onHiddenWidthChanged: {
                if (root.mirrored)
                    contentX = Math.max(0, hiddenWidth - passed);
            }
            onContentXChanged: {
                if (moving || bar.pressed)
                    passed = hiddenWidth - contentX;
            }

            /// Shows the column where reading starts.
            function toStart(): void {
                passed = 0;
                contentX = root.mirrored ? hiddenWidth : 0;
            }

            Basic.ScrollBar.horizontal: ScrollBar {
                id: bar

                policy: sideways.interactive ? Basic.ScrollBar.AsNeeded : Basic.ScrollBar.AlwaysOff
            }

            TableText {
                id: table

                width: implicitWidth
                height: implicitHeight
                row: root.content
                style: root.look
                room: root.room

                Accessible.role: Accessible.Table
                Accessible.name: table.text
            }
        }
    }
}
