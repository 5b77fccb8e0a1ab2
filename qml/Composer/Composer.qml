// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// Where the user writes. It keeps what is typed until the owner clears it, whatever happens to the answer:
/// Enter asks to send, Esc and the Stop button ask to stop.
FocusScope {
    id: root

    /// An answer is being written; it can be stopped, and nothing can be sent.
    required property bool busy
    /// How far the field may grow.
    property real maximumHeight: Theme.px(240)
    /// All that would be sent: what is typed, then what was pasted at length.
    readonly property string draft: [field.text, ...pastes].filter(part => part.length > 0).join("\n\n")
    /// There is something to send.
    readonly property bool filled: pastes.length > 0 || /\S/.test(field.text)
    /// Enter was pressed in vain: say why until something changes.
    readonly property alias heldBack: internal.heldBack

    property list<string> pastes

    /// Something to send is there, and more of it comes: with each change of what is typed.
    signal typed
    signal sendRequested(string text)
    signal stopRequested

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
        internal.heldBack = false;
        // The button that was pressed is gone.
        if (activeFocus)
            focusField();
    }

    QtObject {
        id: internal

        property bool heldBack: false

        function trySending() {
            if (root.busy)
                heldBack = root.filled;
            else if (root.filled)
                root.sendRequested(root.draft);
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
                onAccepted: internal.trySending()
                onEscaped: root.stopRequested()
                onTextChanged: {
                    internal.heldBack = false;
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
                    objectName: "stop"
                    kind: Button.Kind.Strong
                    focusPolicy: Qt.TabFocus
                    visible: root.busy
                    iconName: "stop"
                    text: qsTr("Stop")
                    // Both buttons stay in sight at the largest text in the smallest window.
                    labelled: root.width >= Theme.px(180)
                    hint: qsTr("Stop the answer and keep what has arrived")
                    keys: qsTr("Esc")
                    onClicked: root.stopRequested()
                }
                Button {
                    objectName: "send"
                    kind: Button.Kind.Primary
                    focusPolicy: Qt.TabFocus
                    visible: !root.busy || root.filled
                    enabled: !root.busy && root.filled
                    iconName: "send"
                    text: qsTr("Send")
                    labelled: root.width >= Theme.px(320)
                    hint: qsTr("Send the message")
                    keys: qsTr("Enter")
                    onClicked: internal.trySending()
                }
            }
        }
    }
}
