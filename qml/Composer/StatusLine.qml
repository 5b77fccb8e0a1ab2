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
    /// While it is being tried again: when, and why.
    property date retryAt
    property string trouble
    /// Another server answers in the place of one that did not.
    property bool standIn: false

    readonly property bool counting: phase === ChatSession.Phase.Waiting || phase === ChatSession.Phase.Working
        || phase === ChatSession.Phase.Thinking || phase === ChatSession.Phase.Stalled
        || phase === ChatSession.Phase.Retrying
    readonly property string words: phaseWords()
    readonly property string target: model.length > 0 ? qsTr("%1 · %2").arg(providerName).arg(model) : providerName
    readonly property color ink: {
        switch (phase) {
        case ChatSession.Phase.Failed:
            return Theme.danger;
        case ChatSession.Phase.Asking:
        case ChatSession.Phase.CutOff:
        case ChatSession.Phase.Stalled:
        case ChatSession.Phase.Retrying:
        case ChatSession.Phase.Offline:
        case ChatSession.Phase.Resuming:
            return Theme.warning;
        case ChatSession.Phase.Connecting:
            return standIn ? Theme.warning : Theme.textSecondary;
        default:
            return Theme.textSecondary;
        }
    }

    property int seconds: 0
    property int remaining: 0
    /// A silence is told of when it has lasted for so many seconds.
    readonly property int noticedAfter: 20

    function phaseWords(): string {
        switch (phase) {
        case ChatSession.Phase.Connecting:
            return standIn ? qsTr("%1 Asking %2 instead").arg(trouble).arg(providerName) : qsTr("Connecting");
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
        case ChatSession.Phase.Paused:
            return qsTr("Paused");
        case ChatSession.Phase.Stalled:
            return qsTr("Still connected, nothing came for %1 s").arg(seconds + noticedAfter);
        case ChatSession.Phase.Retrying:
            return remaining > 0 ? qsTr("%1 Trying again in %2 s").arg(trouble).arg(remaining)
                                 : qsTr("%1 Trying again").arg(trouble);
        case ChatSession.Phase.Offline:
            return qsTr("No network. It goes on as soon as there is one");
        case ChatSession.Phase.Resuming:
            return qsTr("%1 Going on where it broke").arg(trouble);
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
        remaining = phase === ChatSession.Phase.Retrying
            ? Math.max(0, Math.ceil((retryAt.getTime() - Date.now()) / 1000)) : 0;
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
    onRetryAtChanged: count()

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
        color: root.ink
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
