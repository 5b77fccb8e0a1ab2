// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// A label and what is set under it, beside each other where there is room.
Item {
    id: root

    required property string label
    /// Said more quietly below the label.
    property string explanation
    default property alias control: slot.data

    readonly property bool wide: width >= Theme.px(460)

    width: parent?.width ?? 0
    implicitHeight: wide ? Math.max(words.implicitHeight, slot.childrenRect.height)
                         : words.implicitHeight + Theme.gap4 + slot.childrenRect.height

    Column {
        id: words

        anchors.left: parent.left
        width: root.wide ? Theme.px(190) : root.width
        topPadding: root.wide ? Theme.gap4 : 0
        spacing: Theme.gap2

        Label {
            width: parent.width
            text: root.label
        }
        Label {
            width: parent.width
            visible: text.length > 0
            secondary: true
            text: root.explanation
        }
    }
    Item {
        id: slot

        anchors.right: parent.right
        y: root.wide ? 0 : words.implicitHeight + Theme.gap4
        width: root.wide ? root.width - words.width - Theme.gap16 : root.width
        height: childrenRect.height
    }
}
