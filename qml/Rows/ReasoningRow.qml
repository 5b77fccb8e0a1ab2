// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Theme

/// What the model thought, as one line that opens and closes it; while it runs, with its newest sentence.
RowFrame {
    id: root

    required property bool expanded
    required property bool running
    required property date since
    required property int seconds
    required property string newest

    /// The user wants it opened, or closed.
    signal expandRequested(bool expanded)

    property int elapsed: 0

    contentHeight: line.height

    Timer {
        interval: 1000
        repeat: true
        running: root.running
        triggeredOnStart: true
        onTriggered: root.elapsed = Math.max(0, Math.round((Date.now() - root.since.getTime()) / 1000))
    }

    Basic.AbstractButton {
        id: line

        x: root.fromStart(width, -Theme.gap8)
        y: root.gapAbove
        width: Math.min(implicitWidth, root.columnWidth + 2 * Theme.gap8)
        height: Theme.px(28)
        leftPadding: Theme.gap8
        rightPadding: Theme.gap8
        hoverEnabled: true
        focusPolicy: Qt.StrongFocus
        onClicked: root.expandRequested(!root.expanded)
        Keys.onReturnPressed: click()
        Keys.onEnterPressed: click()

        text: {
            if (root.running)
                return root.elapsed > 0 ? qsTr("Thinking, %n s", "", root.elapsed) : qsTr("Thinking");
            return root.seconds > 0 ? qsTr("Thought for %n s", "", root.seconds) : qsTr("Thought");
        }

        Accessible.name: text
        Accessible.description: root.expanded ? qsTr("Open. Closes what the model thought.")
                                              : qsTr("Closed. Opens what the model thought.")

        background: Rectangle {
            radius: Theme.radiusControl
            color: line.hovered || line.down ? Theme.hover : "transparent"

            FocusRing {
                shown: line.visualFocus
            }
        }
        contentItem: Row {
            spacing: Theme.gap8

            Icon {
                id: chevron

                anchors.verticalCenter: parent.verticalCenter
                width: Theme.px(14)
                height: width
                name: "chevron-forward"
                color: Theme.textSecondary
                mirrored: Application.layoutDirection === Qt.RightToLeft
                rotation: !root.expanded ? 0 : mirrored ? -90 : 90

                Behavior on rotation {
                    NumberAnimation {
                        duration: Theme.quick
                        easing.type: Easing.OutCubic
                    }
                }
            }
            Text {
                id: words

                anchors.verticalCenter: parent.verticalCenter
                text: line.text
                textFormat: Text.PlainText
                font: Theme.labelFont
                color: Theme.textSecondary
            }
            Text {
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, root.columnWidth - words.width - chevron.width - 3 * Theme.gap8)
                visible: root.running && !root.expanded && text !== ""
                text: root.newest
                textFormat: Text.PlainText
                font: Theme.secondaryFont
                color: Theme.textDisabled
                elide: Text.ElideRight
                maximumLineCount: 1
            }
        }
    }
}
