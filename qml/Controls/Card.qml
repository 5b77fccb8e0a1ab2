// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// A framed group of things that belong together, one below the other.
Rectangle {
    id: root

    default property alias content: column.data
    property alias spacing: column.spacing
    property int padding: Theme.gap16

    implicitWidth: column.implicitWidth + 2 * padding
    implicitHeight: column.implicitHeight + 2 * padding
    radius: Theme.radiusCard
    color: Theme.raised
    border.width: 1
    border.color: Theme.hairline

    Column {
        id: column

        x: root.padding
        y: root.padding
        width: parent.width - 2 * root.padding
        spacing: Theme.gap12
    }
}
