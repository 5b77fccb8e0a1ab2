// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// Shows where a link of an answer really leads, before anybody follows it.
Dialog {
    id: root

    property link target
    property string written

    signal openRequested(link target)

    function ask(judged: link, asWritten: string) {
        target = judged;
        written = asWritten;
        open();
        (judged.allowed ? follow : cancel).forceActiveFocus(Qt.TabFocusReason);
    }

    title: target.allowed ? qsTr("Open %1?").arg(target.host) : qsTr("This link can not be opened")

    Label {
        width: parent.width
        text: root.target.allowed
            ? qsTr("The link leads out of Rivulet, to another program.")
            : qsTr("Rivulet follows only plain web and mail addresses. This is what the answer says:")
    }
    Rectangle {
        width: parent.width
        implicitHeight: address.implicitHeight + 2 * Theme.gap8
        radius: Theme.radiusControl
        color: Theme.codeBackground

        Text {
            id: address

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Theme.gap12
            anchors.verticalCenter: parent.verticalCenter
            text: root.target.allowed ? root.target.address : root.written
            font: Theme.codeFont
            color: Theme.text
            textFormat: Text.PlainText
            wrapMode: Text.WrapAnywhere
            maximumLineCount: 8
            elide: Text.ElideRight
            // An address reads from left to right in every language.
            LayoutMirroring.enabled: false
            horizontalAlignment: Text.AlignLeft
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }
    Row {
        anchors.right: parent.right
        spacing: Theme.gap8

        Button {
            id: cancel

            text: root.target.allowed ? qsTr("Cancel") : qsTr("Close")
            onClicked: root.close()
        }
        Button {
            id: follow

            kind: Button.Kind.Primary
            visible: root.target.allowed
            text: qsTr("Open")
            onClicked: {
                root.openRequested(root.target);
                root.close();
            }
        }
    }
}
