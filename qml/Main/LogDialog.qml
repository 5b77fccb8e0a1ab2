// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Theme

/// The newest lines of the log, to be read or copied.
Dialog {
    id: root

    signal folderRequested

    function show(lines: string) {
        log.text = lines;
        open();
        view.contentY = Math.max(0, view.contentHeight - view.height);
        log.forceActiveFocus();
    }

    title: qsTr("Log")
    width: Math.min(Theme.px(860), (parent?.width ?? 0) - 2 * Theme.gap16)
    onClosed: log.clear()

    Rectangle {
        width: parent.width
        height: Math.max(Theme.px(120), (root.parent?.height ?? 0) - Theme.px(240))
        radius: Theme.radiusControl
        color: Theme.codeBackground

        Flickable {
            id: view

            anchors.fill: parent
            anchors.margins: Theme.gap8
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            Basic.ScrollBar.vertical: ScrollBar {}
            Basic.TextArea.flickable: Basic.TextArea {
                id: log

                padding: 0
                background: null
                readOnly: true
                selectByMouse: true
                font.family: Theme.codeFamily
                font.pixelSize: Theme.captionSize
                color: Theme.text
                selectionColor: Theme.selection
                selectedTextColor: Theme.text
                textFormat: TextEdit.PlainText
                wrapMode: TextEdit.Wrap
                // A log reads from left to right in every language.
                LayoutMirroring.enabled: false
                horizontalAlignment: TextEdit.AlignLeft
                KeyNavigation.tab: folder
                KeyNavigation.priority: KeyNavigation.BeforeItem
                Accessible.name: root.title
                Accessible.readOnly: true
                Accessible.multiLine: true
            }
        }
    }
    Row {
        anchors.right: parent.right
        spacing: Theme.gap8

        Button {
            id: folder

            text: qsTr("Open its folder")
            onClicked: root.folderRequested()
        }
        Button {
            kind: Button.Kind.Primary
            text: qsTr("Close")
            onClicked: root.close()
        }
    }
}
