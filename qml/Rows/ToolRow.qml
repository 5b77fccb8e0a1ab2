// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Theme

/// A tool call as one line that opens and closes its arguments and its result.
RowFrame {
    id: root

    required property string title
    required property string detail
    required property int activity
    required property bool expanded

    /// The user wants it opened, or closed.
    signal expandRequested(bool expanded)

    contentHeight: line.height

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

        text: root.title

        Accessible.name: mark.word === "" ? qsTr("Tool %1").arg(root.title)
                                          : qsTr("Tool %1, %2", "name, how far it is").arg(root.title).arg(mark.word)
        Accessible.description: root.expanded ? qsTr("Open. Closes the arguments and the result.")
                                              : qsTr("Closed. Opens the arguments and the result.")

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
                width: Math.min(implicitWidth, root.columnWidth - chevron.width - mark.width - 2 * Theme.gap8)
                text: line.text
                textFormat: Text.PlainText
                font: Theme.labelFont
                color: Theme.textSecondary
                elide: Text.ElideRight
                maximumLineCount: 1
            }
            ActivityMark {
                id: mark

                anchors.verticalCenter: parent.verticalCenter
                activity: root.activity
            }
            Text {
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, root.columnWidth - words.width - chevron.width - mark.width
                                               - 4 * Theme.gap8)
                visible: !root.expanded && text !== "" && width > 0
                text: root.detail
                textFormat: Text.PlainText
                font: Theme.secondaryFont
                color: Theme.textDisabled
                elide: Text.ElideRight
                maximumLineCount: 1
            }
        }
    }
}
