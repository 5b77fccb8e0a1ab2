// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Composer
import Rivulet.Models
import Rivulet.Theme
import Rivulet.Transcript

/// The open conversation and where it goes on. It keeps what is typed for each conversation.
FocusScope {
    id: root

    required property ChatSession session
    required property TranscriptModel transcript

    /// How much of the bottom the composer takes.
    readonly property real composerHeight: height - composer.y

    signal linkActivated(url link)
    signal settingsRequested

    function focusComposer() {
        composer.focusField();
    }

    function send(text: string) {
        // First, for a new conversation gets its place in `drafts` while it is sent.
        composer.clear();
        if (session.send(text))
            view.followEnd();
        else
            composer.restore(text);
    }

    Connections {
        id: drafts

        /// What was typed and not sent, by conversation.
        property var kept: ({})
        property var shown: root.session.conversation

        target: root.session

        function onConversationChanged() {
            kept[shown] = composer.draft;
            shown = root.session.conversation;
            composer.restore(kept[shown] ?? "");
        }
    }

    TranscriptView {
        id: view

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: composer.top
        anchors.bottomMargin: Theme.gap8
        model: root.transcript
        streaming: root.session.busy
        loading: root.session.loading
        onRetryRequested: root.session.retry()
        onAllowOnceRequested: approval => root.session.decide(approval, ChatSession.Verdict.AllowOnce)
        onAllowAlwaysRequested: approval => root.session.decide(approval, ChatSession.Verdict.AllowAlways)
        onDenyRequested: approval => root.session.decide(approval, ChatSession.Verdict.Deny)
        onLinkActivated: link => root.linkActivated(link)
        onSuggestionChosen: text => root.send(text)
        onSettingsRequested: root.settingsRequested()
    }
    Composer {
        id: composer

        objectName: "composer"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: status.top
        anchors.bottomMargin: Theme.gap8
        width: Math.max(0, Math.min(Theme.columnWidth, parent.width - 2 * Theme.gap24))
        maximumHeight: root.Window.height / 3
        focus: true
        busy: root.session.busy
        onTyped: root.session.expectMessage()
        onSendRequested: text => root.send(text)
        onStopRequested: root.session.stop()
    }
    StatusLine {
        id: status

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gap12
        width: composer.width - 2 * Theme.gap16
        phase: root.session.phase
        since: root.session.phaseSince
        tokensPerSecond: root.session.tokensPerSecond
        providerName: root.session.providerName
        model: root.session.model
        heldBack: composer.heldBack
    }
}
