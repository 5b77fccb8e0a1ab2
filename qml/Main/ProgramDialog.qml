// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// Asks before a local program runs for the first time. Closing it without an answer is a refusal.
Dialog {
    id: root

    required property ProgramGate gate

    title: qsTr("Run this program?")
    onClosed: root.gate.refuse()

    Connections {
        target: root.gate

        function onQuestionChanged() {
            root.visible = root.gate.asking;
            if (root.visible)
                cancel.forceActiveFocus(Qt.TabFocusReason);
        }
    }
    Label {
        width: parent.width
        text: root.gate.purpose === ProgramGate.Purpose.Key
            ? qsTr("It prints the key of the server that you chose. It can read and change whatever you can.")
            : qsTr("The server that you chose is a program on this computer. It can read and change whatever you can.")
    }
    Rectangle {
        width: parent.width
        implicitHeight: Math.min(command.implicitHeight, Theme.px(240)) + 2 * Theme.gap8
        radius: Theme.radiusControl
        color: Theme.codeBackground

        // All of it can be read: what is cut off could be what matters.
        Flickable {
            id: view

            anchors.fill: parent
            anchors.margins: Theme.gap8
            anchors.leftMargin: Theme.gap12
            contentWidth: width
            contentHeight: command.implicitHeight
            clip: true
            activeFocusOnTab: contentHeight > height
            Basic.ScrollBar.vertical: ScrollBar {}
            Keys.onUpPressed: flick(0, Theme.px(400))
            Keys.onDownPressed: flick(0, -Theme.px(400))

            Text {
                id: command

                objectName: "command"
                width: view.width
                text: root.gate.command
                font: Theme.codeFont
                color: Theme.text
                textFormat: Text.PlainText
                wrapMode: Text.WrapAnywhere
                // A command reads from left to right in every language.
                LayoutMirroring.enabled: false
                horizontalAlignment: Text.AlignLeft
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
    }
    Label {
        width: parent.width
        visible: root.gate.folder.length > 0
        secondary: true
        text: qsTr("In the folder %1").arg(root.gate.folder)
    }
    Row {
        anchors.right: parent.right
        spacing: Theme.gap8

        Button {
            id: cancel

            objectName: "refuse"
            text: qsTr("Do not run")
            onClicked: root.gate.refuse()
        }
        Button {
            objectName: "allow"
            kind: Button.Kind.Primary
            text: qsTr("Run it")
            hint: qsTr("You will not be asked again for this command")
            onClicked: root.gate.allow()
        }
    }
}
