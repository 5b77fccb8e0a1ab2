// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Rows

/// A paragraph, a heading, a list item or a quote in the view.
RowFrame {
    id: root

    required property bool quiet
    required property bool tail

    /// The user clicked a link.
    signal linkActivated(url link)

    mirrored: text.mirrored
    contentHeight: text.implicitHeight

    TextRow {
        id: text

        x: root.columnX + root.start
        y: root.gapAbove
        width: root.columnWidth - root.start - root.end
        height: implicitHeight
        row: root.content
        style: root.look
        quiet: root.quiet
        caret: root.tail
        onLinkActivated: link => root.linkActivated(link)

        Accessible.role: root.content.headingLevel > 0 ? Accessible.Heading : Accessible.StaticText
        Accessible.name: text.text
    }
}
