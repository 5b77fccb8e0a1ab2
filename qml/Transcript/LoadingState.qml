// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// Shown while a conversation is read, and only where that takes longer than a blink.
Item {
    id: root

    Timer {
        interval: 300
        running: root.visible
        onRunningChanged: {
            if (running)
                words.visible = false;
        }
        onTriggered: words.visible = true
    }

    Text {
        id: words

        anchors.centerIn: parent
        visible: false
        text: qsTr("Opening the conversation")
        textFormat: Text.PlainText
        font: Theme.secondaryFont
        color: Theme.textSecondary

        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
}
