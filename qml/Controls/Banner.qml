// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// Something the user should know, in words, above what it is about: what happened, and what can be done.
Rectangle {
    id: root

    enum Tone {
        Info,
        Warning,
        Danger
    }

    required property string text
    property int tone: Banner.Tone.Info
    /// The label of its one button, empty for none.
    property string action
    /// Codes and other people's words, folded away until they are asked for.
    property string details
    property bool dismissable: true

    readonly property color ink: tone === Banner.Tone.Danger ? Theme.danger
        : tone === Banner.Tone.Warning ? Theme.warning : Theme.accent

    signal actionRequested
    signal dismissed

    implicitWidth: Theme.px(480)
    property bool unfolded: false

    implicitHeight: Math.max(words.implicitHeight, Theme.controlHeight) + 2 * Theme.gap8
    radius: Theme.radiusCard
    color: Theme.raised
    border.width: 1
    border.color: ink
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    Icon {
        id: mark

        anchors.left: parent.left
        anchors.leftMargin: Theme.gap12
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.iconSize
        height: width
        name: root.tone === Banner.Tone.Info ? "info" : "warning"
        color: root.ink
    }
    Column {
        id: words

        anchors.left: mark.right
        anchors.right: buttons.left
        anchors.leftMargin: Theme.gap12
        anchors.rightMargin: Theme.gap12
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gap4

        Label {
            width: parent.width
            text: root.text
            font: Theme.secondaryFont
        }
        Label {
            width: parent.width
            visible: root.unfolded
            text: root.details
            font.family: Theme.codeFamily
            font.pixelSize: Theme.captionSize
            color: Theme.textSecondary
        }
    }
    Row {
        id: buttons

        anchors.right: parent.right
        anchors.rightMargin: Theme.gap8
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gap4

        IconButton {
            iconName: root.unfolded ? "minus" : "info"
            text: root.unfolded ? qsTr("Hide the details") : qsTr("Show the details")
            visible: root.details.length > 0
            onClicked: root.unfolded = !root.unfolded
        }
        Button {
            text: root.action
            visible: root.action.length > 0
            onClicked: root.actionRequested()
        }
        IconButton {
            iconName: "close"
            text: qsTr("Dismiss")
            visible: root.dismissable
            onClicked: root.dismissed()
        }
    }
}
