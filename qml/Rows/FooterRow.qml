// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Models
import Rivulet.Theme

/// Below an answer: who gave it, and what can be done with it, in a strip that is always there, so that
/// nothing moves when it shows.
RowFrame {
    id: root

    required property string providerName
    required property string modelName
    /// How the answer ended; what it offers is not offered twice.
    required property notice notice
    required property int sibling
    required property int siblingCount
    /// The pointer is on the message, or it is the last one.
    property bool active: false
    /// Asking again is possible now.
    property bool retryable: false

    /// Another version can be shown now.
    property bool switchable: true

    signal copyRequested
    signal retryRequested
    /// The conversation up to here is to go on as one of its own.
    signal forkRequested
    signal siblingRequested(int step)

    readonly property bool shown: active || siblingCount > 1 || copy.activeFocus || retry.activeFocus
                                   || fork.activeFocus

    contentHeight: Theme.px(28)

    Row {
        id: strip

        x: root.fromStart(width, -Theme.gap8)
        y: root.gapAbove
        height: Theme.px(28)
        // Invisible, and still reached by the keyboard.
        opacity: root.shown ? 1 : 0
        spacing: Theme.gap4

        BranchSwitch {
            id: versions

            anchors.verticalCenter: parent.verticalCenter
            sibling: root.sibling
            siblingCount: root.siblingCount
            switchable: root.switchable
            onSiblingRequested: step => root.siblingRequested(step)
        }
        CopyAction {
            id: copy

            anchors.verticalCenter: parent.verticalCenter
            Accessible.name: qsTr("Copy this answer")
            onClicked: root.copyRequested()
        }
        RowAction {
            id: retry

            anchors.verticalCenter: parent.verticalCenter
            visible: root.retryable && !root.notice.offersRetry
            iconName: "retry"
            text: qsTr("Try again")
            onClicked: root.retryRequested()
        }
        RowAction {
            id: fork

            anchors.verticalCenter: parent.verticalCenter
            iconName: "fork"
            text: qsTr("Fork", "go on from here in a conversation of its own")
            Accessible.name: qsTr("Go on from here in another conversation")
            onClicked: root.forkRequested()
        }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, root.columnWidth + Theme.gap8 - copy.width - fork.width - 2 * strip.spacing
                                           - (retry.visible ? retry.width + strip.spacing : 0)
                                           - (versions.visible ? versions.width + strip.spacing : 0))
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
