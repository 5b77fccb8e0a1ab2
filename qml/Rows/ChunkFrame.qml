// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick

/// The frame around a block that is shown in chunks: the first one has its upper corners, the last one its
/// lower ones. It is cut out of a larger rectangle, because the software scene graph draws a rectangle with
/// different corners wrongly.
Item {
    id: root

    required property bool firstChunk
    required property bool lastChunk
    property alias radius: shape.radius
    property alias color: shape.color
    property alias border: shape.border

    clip: !firstChunk || !lastChunk

    Rectangle {
        id: shape

        y: root.firstChunk ? 0 : -radius
        width: root.width
        height: root.height - y + (root.lastChunk ? 0 : radius)
    }
}
