// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// The frame around a control that the keyboard brought the focus to.
Rectangle {
    required property bool shown

    anchors.fill: parent
    anchors.margins: -(Theme.focusWidth + 1)
    radius: Theme.radiusControl + Theme.focusWidth + 1
    color: "transparent"
    border.width: Theme.focusWidth
    border.color: Theme.focus
    visible: shown
}
