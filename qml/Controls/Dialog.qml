// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// A question that has to be answered before anything else. Its buttons are what the owner puts in, at the
/// end, in a Row of its own; Esc closes it.
Basic.Popup {
    id: root

    required property string title
    default property alias body: column.data

    parent: Basic.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(Theme.px(460), (parent?.width ?? 0) - 2 * Theme.gap16)
    modal: true
    focus: true
    padding: Theme.gap24
    closePolicy: Basic.Popup.CloseOnEscape

    contentItem: FocusScope {
        implicitHeight: column.implicitHeight
        focus: true
        Accessible.role: Accessible.Dialog
        Accessible.name: root.title

        Column {
            id: column

            width: parent.width
            spacing: Theme.gap16

            Heading {
                width: parent.width
                level: 2
                text: root.title
            }
        }
    }
    background: Floating {}
    Basic.Overlay.modal: Rectangle {
        color: Theme.scrim
    }
}
