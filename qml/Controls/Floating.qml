// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// The sheet of what floats: menus, dialogs, lists that drop down. The shadow is three frames, because
/// effects need a graphics card.
Rectangle {
    radius: Theme.radiusCard
    color: Theme.raised
    border.width: 1
    border.color: Theme.hairline

    Repeater {
        model: 3

        Rectangle {
            required property int index

            z: -1
            anchors.fill: parent
            anchors.margins: -(index + 1) * 2
            anchors.topMargin: -index
            radius: Theme.radiusCard + (index + 1) * 2
            color: Theme.shadow
            opacity: 0.28 / (index + 1)
        }
    }
}
