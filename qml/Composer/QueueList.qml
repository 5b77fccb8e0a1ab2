// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// What was said ahead, above the field, the next one first. Where it is held, why, and what lets it go.
Column {
    id: root

    required property MessageQueue queue
    /// An answer is being written; the queue goes on when it ends.
    required property bool busy
    /// More than these are only counted.
    property int mostShown: 4

    /// The words were taken out of the queue, to be written on.
    signal takenBack(string text)
    signal sendRequested

    visible: root.queue.count > 0
    spacing: Theme.gap4

    Item {
        width: parent.width
        height: Math.max(reason.implicitHeight, release.implicitHeight)
        visible: root.queue.held && !root.busy

        Text {
            id: reason

            anchors.left: parent.left
            anchors.right: release.left
            anchors.leftMargin: Theme.gap8
            anchors.rightMargin: Theme.gap8
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Held back, as an answer did not come to its end.")
            font: Theme.secondaryFont
            color: Theme.textSecondary
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignLeft
        }
        Button {
            id: release

            objectName: "sendQueued"
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            iconName: "send"
            text: qsTr("Send now")
            hint: qsTr("Send the first message that waits")
            onClicked: root.sendRequested()
        }
    }
    Repeater {
        model: root.queue

        QueuedMessage {
            width: root.width
            visible: index < root.mostShown
            onMoveUpRequested: root.queue.reorder(index, index - 1)
            onEditRequested: root.takenBack(root.queue.take(index))
            onRemoveRequested: root.queue.take(index)
        }
    }
    Text {
        leftPadding: Theme.gap8
        visible: root.queue.count > root.mostShown
        text: qsTr("and %n more", "", root.queue.count - root.mostShown)
        font: Theme.captionFont
        color: Theme.textSecondary
        textFormat: Text.PlainText
    }
}
