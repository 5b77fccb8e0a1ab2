// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Theme

/// Where the message is typed: it grows with its text up to `maximumHeight` and scrolls from there on.
/// Enter accepts, Shift+Enter breaks the line; while an input method composes, Enter belongs to it.
Flickable {
    id: root

    property alias text: area.text
    property alias placeholderText: area.placeholderText
    readonly property alias area: area
    property real maximumHeight: Infinity
    /// Text longer than this is not laid out here: it comes as longTextPasted(). Qt lays out a whole
    /// paragraph per keystroke: 64 kB of it take 20 ms, a megabyte 400 ms (measured).
    property int longText: 32000

    signal accepted
    /// Enter with Ctrl.
    signal insisted
    signal escaped
    signal longTextPasted(string text)

    function paste(source: int) {
        const text = clipboard.text(source);
        if (text.length > root.longText)
            root.longTextPasted(text);
        else if (source === Clipboard.Source.Copied)
            area.paste();
        else
            area.insert(area.cursorPosition, text);
    }

    implicitHeight: Math.min(area.implicitHeight, maximumHeight)
    boundsBehavior: Flickable.StopAtBounds
    clip: true
    interactive: contentHeight > height
    Basic.ScrollBar.vertical: ScrollBar {}
    Basic.TextArea.flickable: Basic.TextArea {
        id: area

        padding: 0
        topPadding: Theme.gap4
        bottomPadding: Theme.gap4
        rightPadding: Theme.gap8
        background: null
        font: Theme.bodyFont
        color: Theme.text
        placeholderTextColor: Theme.textSecondary
        selectionColor: Theme.selection
        selectedTextColor: Theme.text
        textFormat: TextEdit.PlainText
        wrapMode: TextEdit.Wrap
        horizontalAlignment: TextEdit.AlignLeft
        focus: true
        Accessible.role: Accessible.EditableText
        Accessible.name: qsTr("Message")
        Accessible.multiLine: true

        Keys.onPressed: event => {
            if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter) {
                event.accepted = !(event.modifiers & Qt.ShiftModifier);
                if (!event.accepted)
                    return;
                if (inputMethodComposing)
                    InputMethod.commit();
                else if (event.modifiers & Qt.ControlModifier)
                    root.insisted();
                else
                    root.accepted();
            } else if (event.key === Qt.Key_Escape && !inputMethodComposing) {
                event.accepted = true;
                root.escaped();
            } else if (event.matches(StandardKey.Paste)) {
                event.accepted = true;
                root.paste(Clipboard.Source.Copied);
            } else if (event.key === Qt.Key_Tab && event.modifiers === Qt.NoModifier) {
                event.accepted = true;
                nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason);
            } else if (event.key === Qt.Key_Backtab) {
                event.accepted = true;
                nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason);
            }
        }

        Clipboard {
            id: clipboard
        }
        MouseArea {
            anchors.fill: parent
            acceptedButtons: Qt.MiddleButton
            cursorShape: Qt.IBeamCursor
            onClicked: mouse => {
                area.forceActiveFocus(Qt.MouseFocusReason);
                area.cursorPosition = area.positionAt(mouse.x, mouse.y);
                root.paste(Clipboard.Source.Selected);
            }
        }
    }
}
