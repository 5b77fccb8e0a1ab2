// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// Below an answer: who gave it, and what can be done with it, in a strip that is always there, so that
/// nothing moves when it shows.
RowFrame {
    id: root

    required property string providerName
    required property string modelName
    /// The pointer is on the message, or it is the last one.
    property bool active: false
    /// Asking again is possible now.
    property bool retryable: false

    signal copyRequested
    signal retryRequested

    readonly property bool shown: active || copy.activeFocus || retry.activeFocus

    contentHeight: Theme.px(28)

    Row {
        id: strip

        x: root.fromStart(width, -Theme.gap8)
        y: root.gapAbove
        height: Theme.px(28)
        // Invisible, and still reached by the keyboard.
        opacity: root.shown ? 1 : 0
        spacing: Theme.gap4

        CopyAction {
            id: copy

            anchors.verticalCenter: parent.verticalCenter
            Accessible.name: qsTr("Copy this answer")
            onClicked: root.copyRequested()
        }
        RowAction {
            id: retry

            anchors.verticalCenter: parent.verticalCenter
            visible: root.retryable
            iconName: "retry"
            text: qsTr("Try again")
            onClicked: root.retryRequested()
        }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, root.columnWidth + Theme.gap8 - copy.width - strip.spacing
                                           - (retry.visible ? retry.width + strip.spacing : 0))
            leftPadding: Theme.gap8
            text: root.modelName === "" ? root.providerName
                : root.providerName === "" ? root.modelName
                : qsTr("%1 · %2", "provider, model").arg(root.providerName).arg(root.modelName)
            textFormat: Text.PlainText
            font: Theme.captionFont
            color: Theme.textDisabled
            elide: Text.ElideMiddle
        }
    }
}
