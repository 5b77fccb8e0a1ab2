// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Models
import Rivulet.Rows
import Rivulet.Theme

/// The place of one row in the view: centred column, distance to the row above, and what stands beside it.
/// The row itself lies within [columnX + start, columnX + columnWidth - end] and below gapAbove.
Item {
    id: root

    required property transcriptRow content
    required property int gap
    required property var messageId
    required property RowStyle look

    /// The row reads from right to left.
    property bool mirrored: false
    property real contentHeight: 0

    readonly property real columnWidth: Math.max(0, Math.min(Theme.columnWidth, width - 2 * Theme.gap24))
    readonly property real columnX: Math.round((width - columnWidth) / 2)
    /// How much wider than the column code and tables may be, at their right edge.
    readonly property real overhang: Math.max(0, Math.min(Theme.wideColumnWidth - columnWidth,
                                                          width - columnX - columnWidth - Theme.gap24))
    readonly property real start: mirrored ? 0 : margin.indent
    readonly property real end: mirrored ? margin.indent : 0
    readonly property real gapAbove: {
        switch (gap) {
        case TranscriptModel.Gap.Tight:
            return Theme.gap4;
        case TranscriptModel.Gap.Paragraph:
            return Theme.paragraphGap;
        case TranscriptModel.Gap.Section:
            return 2 * Theme.paragraphGap;
        case TranscriptModel.Gap.Message:
            return Theme.messageGap;
        default:
            return 0;
        }
    }

    implicitHeight: gapAbove + contentHeight

    /// The x of something of that width whose edge stands `distance` from where lines of the user interface
    /// start. What the text itself says about its direction does not matter here.
    function fromStart(itemWidth: real, distance: real): real {
        return Application.layoutDirection === Qt.RightToLeft
            ? columnX + columnWidth - distance - itemWidth : columnX + distance;
    }

    Loader {
        x: root.columnX - Theme.gap16
        y: root.gap === TranscriptModel.Gap.Message ? root.gapAbove - Theme.gap8 : 0
        width: root.columnWidth + 2 * Theme.gap16
        height: root.height - y
        active: root.look.markedMessage !== 0 && root.look.markedMessage === Number(root.messageId)
        sourceComponent: MarkBand {}
    }
    RowMargin {
        id: margin

        x: root.columnX
        width: root.columnWidth
        height: root.height
        row: root.content
        style: root.look
        gap: root.gapAbove
        mirrored: root.mirrored
    }
}
