// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Models
import Rivulet.Theme

/// How a message ended where it did not end well: a card in words with what to do next, its details folded;
/// one quiet line where the user wanted it so.
RowFrame {
    id: root

    required property notice notice
    /// Asking again is possible now.
    property bool retryable: false
    /// Going on with the message is possible now.
    property bool continuable: false

    signal retryRequested
    signal continueRequested
    signal settingsRequested

    property bool detailed: false

    readonly property bool quiet: notice.severity === Notice.Quiet
    readonly property color tint: notice.severity === Notice.Danger ? Theme.danger
        : notice.severity === Notice.Warning ? Theme.warning : Theme.textSecondary

    contentHeight: card.height
    onContentChanged: detailed = false

    Rectangle {
        id: card

        x: root.columnX
        y: root.gapAbove
        width: root.columnWidth
        height: words.height + (root.quiet ? 0 : 2 * Theme.gap12)
        radius: Theme.radiusCard
        color: root.quiet ? "transparent" : Theme.raised
        border.width: root.quiet ? 0 : 1
        border.color: Theme.hairline

        Accessible.role: Accessible.AlertMessage
        Accessible.name: root.notice.title
        Accessible.description: root.notice.advice

        Rectangle {
            visible: !root.quiet
            anchors.left: parent.left
            anchors.leftMargin: Theme.gap12
            y: Theme.gap12
            width: Theme.px(3)
            height: parent.height - 2 * Theme.gap12
            radius: width / 2
            color: root.tint
        }

        Column {
            id: words

            anchors.left: parent.left
            anchors.leftMargin: root.quiet ? 0 : Theme.gap24 + Theme.gap2
            anchors.right: parent.right
            anchors.rightMargin: Theme.gap16
            y: root.quiet ? 0 : Theme.gap12
            spacing: Theme.gap4

            Text {
                width: parent.width
                text: root.notice.title
                textFormat: Text.PlainText
                font.family: Theme.bodyFont.family
                font.pixelSize: Theme.secondarySize
                font.weight: root.quiet ? Font.Normal : Font.DemiBold
                color: root.tint
                horizontalAlignment: Text.AlignLeft
                wrapMode: Text.Wrap
            }
            Text {
                width: parent.width
                visible: text !== ""
                text: root.notice.advice
                textFormat: Text.PlainText
                font: Theme.secondaryFont
                color: root.quiet ? Theme.textSecondary : Theme.text
                lineHeight: 1.35
                horizontalAlignment: Text.AlignLeft
                wrapMode: Text.Wrap
            }
            Row {
                anchors.left: parent.left
                anchors.leftMargin: -Theme.gap8
                visible: retry.visible || goOn.visible || settings.visible || details.visible
                spacing: Theme.gap4

                RowAction {
                    id: retry

                    visible: root.retryable && root.notice.offersRetry
                    iconName: "retry"
                    text: qsTr("Try again")
                    font: Theme.labelFont
                    onClicked: root.retryRequested()
                }
                RowAction {
                    id: goOn

                    visible: root.continuable
                    iconName: "play"
                    text: qsTr("Continue")
                    font: Theme.labelFont
                    onClicked: root.continueRequested()
                }
                RowAction {
                    id: settings

                    visible: root.notice.offersSettings
                    iconName: "settings"
                    text: qsTr("Settings")
                    font: Theme.labelFont
                    onClicked: root.settingsRequested()
                }
                RowAction {
                    id: details

                    visible: root.notice.details !== ""
                    text: root.detailed ? qsTr("Hide details") : qsTr("Details")
                    font: Theme.secondaryFont
                    onClicked: root.detailed = !root.detailed
                }
            }
            Text {
                width: parent.width
                visible: root.detailed
                text: root.notice.details
                textFormat: Text.PlainText
                font: Theme.codeFont
                color: Theme.textSecondary
                wrapMode: Text.Wrap
            }
        }
    }
}
