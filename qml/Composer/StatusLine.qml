// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Models
import Rivulet.Theme

/// What the conversation is doing, in words, and where it goes. It ticks only while seconds are shown.
Item {
    id: root

    /// A ChatSession.Phase.
    required property int phase
    required property date since
    required property real tokensPerSecond
    required property string providerName
    required property string model
    /// The user tried to send while an answer is being written.
    property bool heldBack: false

    readonly property bool counting: phase === ChatSession.Phase.Waiting || phase === ChatSession.Phase.Working
        || phase === ChatSession.Phase.Thinking
    readonly property string words: heldBack ? qsTr("Stop first (Esc), or wait for the end. Your words stay here.")
                                             : phaseWords()
    readonly property string target: model.length > 0 ? qsTr("%1 · %2").arg(providerName).arg(model) : providerName
    readonly property color ink: {
        switch (phase) {
        case ChatSession.Phase.Failed:
            return Theme.danger;
        case ChatSession.Phase.Asking:
        case ChatSession.Phase.CutOff:
            return Theme.warning;
        default:
            return Theme.textSecondary;
        }
    }

    property int seconds: 0

    function phaseWords(): string {
        switch (phase) {
        case ChatSession.Phase.Connecting:
            return qsTr("Connecting");
        case ChatSession.Phase.Waiting:
            return qsTr("Waiting for the first token, %1 s").arg(seconds);
        case ChatSession.Phase.Working:
            return qsTr("At work, %1 s").arg(seconds);
        case ChatSession.Phase.Asking:
            return qsTr("Waiting for your answer");
        case ChatSession.Phase.Thinking:
            return qsTr("Thinking, %1 s").arg(seconds);
        case ChatSession.Phase.Writing:
            return tokensPerSecond >= 1 ? qsTr("Writing, %1 tokens/s").arg(Math.round(tokensPerSecond))
                                        : qsTr("Writing");
        case ChatSession.Phase.Stopped:
            return qsTr("Stopped");
        case ChatSession.Phase.CutOff:
            return qsTr("Cut off here");
        case ChatSession.Phase.Failed:
            return qsTr("Failed");
        default:
            return "";
        }
    }

    function count() {
        seconds = Math.max(0, Math.floor((Date.now() - since.getTime()) / 1000));
    }

    implicitHeight: Math.max(status.implicitHeight, destination.implicitHeight)
    Accessible.role: Accessible.StatusBar
    Accessible.name: words.length > 0 ? qsTr("%1. Goes to %2").arg(words).arg(target) : qsTr("Goes to %1").arg(target)
    onSinceChanged: count()
    onPhaseChanged: {
        count();
        if (words.length > 0)
            Accessible.announce(words);
    }
    onHeldBackChanged: {
        if (heldBack)
            Accessible.announce(words, Accessible.Assertive);
    }

    Timer {
        interval: 1000
        repeat: true
        running: root.counting && root.visible
        onTriggered: root.count()
    }

    Text {
        id: status

        anchors.left: parent.left
        anchors.right: destination.left
        anchors.rightMargin: Theme.gap16
        text: root.words.length > 0 ? root.words : qsTr("Enter sends, Shift+Enter breaks the line")
        font.family: Theme.captionFont.family
        font.pixelSize: Theme.captionFont.pixelSize
        font.features: ({ tnum: 1 })
        color: root.heldBack ? Theme.warning : root.ink
        textFormat: Text.PlainText
        elide: Text.ElideRight
        horizontalAlignment: Text.AlignLeft
        Accessible.ignored: true
    }
    Text {
        id: destination

        anchors.right: parent.right
        width: Math.min(implicitWidth, root.width / 2)
        text: root.target
        font: Theme.captionFont
        color: Theme.textSecondary
        textFormat: Text.PlainText
        elide: Text.ElideMiddle
        Accessible.ignored: true
    }
}
