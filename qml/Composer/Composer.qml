// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// Where the user writes. It keeps what is typed until the owner clears it, whatever happens to the answer:
/// Enter asks to send, or to send it when the running answer is done; Ctrl+Enter asks to redirect that answer; Esc
/// asks to stop it.
FocusScope {
    id: root

    /// An answer is being written; it can be stopped, and what is sent waits for its end.
    required property bool busy
    /// What waits to be sent; null for none.
    property MessageQueue queue: null
    /// The running answer is held back.
    property bool paused: false
    /// The running answer waits until it is tried again.
    property bool waiting: false
    /// The last answer broke off and can be gone on with.
    property bool continuable: false
    /// What is typed takes the place of an earlier message.
    property bool editing: false
    /// How far the field may grow.
    property real maximumHeight: Theme.px(240)
    /// All that would be sent: what is typed, then what was pasted at length.
    readonly property string draft: [field.text, ...pastes].filter(part => part.length > 0).join("\n\n")
    /// There is something to send.
    readonly property bool filled: pastes.length > 0 || /\S/.test(field.text)

    property list<string> pastes

    /// Something to send is there, and more of it comes: with each change of what is typed.
    signal typed
    signal sendRequested(string text)
    signal redirectRequested(string text)
    signal stopRequested
    signal pauseRequested(bool pause)
    signal tryNowRequested
    signal continueRequested
    signal sendQueuedRequested
    signal editCancelled

    /// Shows `text` as the draft, with the cursor at its end.
    function restore(text: string) {
        pastes = text.length > field.longText ? [text] : [];
        field.text = text.length > field.longText ? "" : text;
        field.area.cursorPosition = field.area.length;
    }

    /// Puts the keyboard where the message is typed.
    function focusField() {
        field.area.forceActiveFocus();
    }

    function clear() {
        restore("");
    }

    implicitHeight: column.implicitHeight + 2 * Theme.gap8
    onBusyChanged: {
        // The button that was pressed is gone.
        if (activeFocus)
            focusField();
    }

    QtObject {
        id: internal

        /// There is room for words beside the icons.
        readonly property bool roomy: root.width >= Theme.px(560)

        function send() {
            if (root.filled)
                root.sendRequested(root.draft);
        }
        function redirect() {
            if (root.filled && root.busy && !root.editing)
                root.redirectRequested(root.draft);
            else
                send();
        }
        function leave() {
            if (root.editing)
                root.editCancelled();
            else
                root.stopRequested();
        }
    }

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusCard + Theme.gap2
        color: Theme.raised
        border.width: field.area.activeFocus ? Theme.focusWidth : 1
        border.color: field.area.activeFocus ? Theme.focus : Theme.outline
    }

    Column {
        id: column

        x: Theme.gap8
        y: Theme.gap8
        width: parent.width - 2 * Theme.gap8
        spacing: Theme.gap8

        Item {
            width: parent.width
            height: Math.max(notice.implicitHeight, cancel.implicitHeight)
            visible: root.editing

            Text {
                id: notice

                anchors.left: parent.left
                anchors.right: cancel.left
                anchors.leftMargin: Theme.gap8
                anchors.verticalCenter: parent.verticalCenter
                text: qsTr("You are editing an earlier message. What was said then is kept beside it.")
                font: Theme.secondaryFont
                color: Theme.textSecondary
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
                horizontalAlignment: Text.AlignLeft
            }
            Button {
                id: cancel

                objectName: "cancelEdit"
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                kind: Button.Kind.Quiet
                text: qsTr("Cancel")
                hint: qsTr("Leave the message as it was")
                keys: qsTr("Esc")
                onClicked: root.editCancelled()
            }
        }
        Loader {
            width: parent.width
            active: root.queue !== null
            visible: root.queue !== null && root.queue.count > 0
            sourceComponent: QueueList {
                queue: root.queue
                busy: root.busy
                onTakenBack: text => {
                    if (root.editing)
                        root.editCancelled();
                    root.restore(root.filled ? root.draft + "\n\n" + text : text);
                    root.focusField();
                }
                onSendRequested: root.sendQueuedRequested()
            }
        }
        Repeater {
            model: root.pastes

            PasteChip {
                required property string modelData
                required property int index

                width: column.width
                text: modelData
                onRemoveRequested: {
                    root.pastes = root.pastes.filter((paste, place) => place !== index);
                    root.focusField();
                }
            }
        }

        Item {
            id: entry

            /// The buttons stand below the field where they would leave it too little room.
            readonly property bool stacked: width - buttons.implicitWidth < Theme.px(200)

            width: column.width
            implicitHeight: stacked ? field.implicitHeight + Theme.gap8 + buttons.implicitHeight
                                    : Math.max(field.implicitHeight, buttons.implicitHeight)

            MessageField {
                id: field

                objectName: "message"
                anchors.left: parent.left
                anchors.leftMargin: Theme.gap8
                anchors.right: entry.stacked ? parent.right : buttons.left
                anchors.rightMargin: Theme.gap8
                y: entry.stacked ? 0 : (parent.height - height) / 2
                height: implicitHeight
                maximumHeight: root.maximumHeight
                placeholderText: root.busy ? qsTr("Write ahead while it answers") : qsTr("Ask anything")
                onAccepted: internal.send()
                onInsisted: internal.redirect()
                onEscaped: internal.leave()
                onTextChanged: {
                    // By the text itself: what is bound to it may not know yet.
                    if (/\S/.test(text) && field.area.activeFocus)
                        root.typed();
                }
                onLongTextPasted: text => root.pastes = [...root.pastes, text]
            }
            Row {
                id: buttons

                anchors.right: parent.right
                anchors.bottom: parent.bottom
                spacing: Theme.gap8

                Button {
                    objectName: "tryNow"
                    focusPolicy: Qt.TabFocus
                    visible: root.waiting
                    iconName: "retry"
                    text: qsTr("Try now")
                    labelled: internal.roomy
                    hint: qsTr("Try again now instead of waiting")
                    onClicked: root.tryNowRequested()
                }
                Button {
                    objectName: "pause"
                    kind: Button.Kind.Quiet
                    focusPolicy: Qt.TabFocus
                    visible: root.busy && !root.waiting && (!root.filled || root.paused)
                    iconName: root.paused ? "play" : "pause"
                    text: root.paused ? qsTr("Resume") : qsTr("Pause")
                    labelled: internal.roomy
                    hint: root.paused ? qsTr("Let the answer come again")
                                      : qsTr("Hold the answer back; the server may go on writing it")
                    keys: qsTr("Ctrl+P")
                    onClicked: root.pauseRequested(!root.paused)
                }
                Button {
                    objectName: "redirect"
                    focusPolicy: Qt.TabFocus
                    visible: root.busy && root.filled && !root.editing
                    iconName: "redirect"
                    text: qsTr("Redirect")
                    labelled: internal.roomy
                    hint: qsTr("Stop this answer and follow the new instruction now")
                    keys: qsTr("Ctrl+Enter")
                    onClicked: internal.redirect()
                }
                Button {
                    objectName: "queue"
                    focusPolicy: Qt.TabFocus
                    // At the largest text in the smallest window there is room for two buttons, and Enter is left.
                    visible: root.busy && root.filled && !root.editing && root.width >= Theme.px(140)
                    iconName: "queue"
                    text: qsTr("Queue")
                    labelled: internal.roomy
                    hint: qsTr("Send this when the answer is done")
                    keys: qsTr("Enter")
                    onClicked: internal.send()
                }
                Button {
                    objectName: "stop"
                    kind: Button.Kind.Strong
                    focusPolicy: Qt.TabFocus
                    visible: root.busy
                    iconName: "stop"
                    text: qsTr("Stop")
                    // The buttons stay in sight at the largest text in the smallest window.
                    labelled: root.width >= Theme.px(root.filled ? 400 : 180)
                    hint: qsTr("Stop the answer and keep what has arrived")
                    keys: qsTr("Esc")
                    onClicked: root.stopRequested()
                }
                Button {
                    objectName: "continue"
                    focusPolicy: Qt.TabFocus
                    visible: root.continuable && !root.filled
                    iconName: "play"
                    text: qsTr("Continue")
                    labelled: internal.roomy
                    hint: qsTr("Ask the model to go on where the answer ends")
                    onClicked: root.continueRequested()
                }
                Button {
                    objectName: "send"
                    kind: Button.Kind.Primary
                    focusPolicy: Qt.TabFocus
                    visible: !root.busy || root.editing
                    enabled: root.filled
                    iconName: "send"
                    text: qsTr("Send")
                    labelled: root.width >= Theme.px(320)
                    hint: root.editing ? qsTr("Say this instead, and ask again") : qsTr("Send the message")
                    keys: qsTr("Enter")
                    onClicked: internal.send()
                }
            }
        }
    }
}
