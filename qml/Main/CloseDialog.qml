// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Theme

/// Asks before the window closes while the disk does not take what was said: it would be lost.
Dialog {
    id: root

    /// The user wants to close whatever is lost.
    property bool agreed: false

    signal closeRequested

    title: qsTr("Close without saving?")
    onOpened: stay.forceActiveFocus(Qt.TabFocusReason)

    Label {
        width: parent.width
        text: qsTr("The disk does not take what was said lately. It is in memory only, and goes with the window.")
    }
    Row {
        anchors.right: parent.right
        spacing: Theme.gap8

        Button {
            text: qsTr("Close and lose it")
            kind: Button.Kind.Danger
            onClicked: {
                root.agreed = true;
                root.closeRequested();
            }
        }
        Button {
            id: stay

            text: qsTr("Stay")
            kind: Button.Kind.Primary
            onClicked: root.close()
        }
    }
}
