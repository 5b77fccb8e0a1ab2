// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Composer
import Rivulet.Models
import Rivulet.Theme
import Rivulet.Transcript

/// The open conversation and where it goes on.
FocusScope {
    id: root

    required property ChatSession session
    required property TranscriptModel transcript

    /// How much of the bottom the composer takes.
    readonly property real composerHeight: height - composer.y

    signal linkActivated(url link)
    signal settingsRequested
    signal forkRequested(var message)

    function focusComposer() {
        composer.focusField();
    }

    /// The message that is opened next is looked at where it shows `words`.
    function seek(words: string) {
        sought = words;
    }

    property string sought

    Connections {
        target: root.session

        function onRevealed(message: var) {
            view.showMessage(message, root.sought);
        }
    }

    function focusTranscript() {
        view.forceActiveFocus(Qt.OtherFocusReason);
    }

    function send(text: string) {
        // First, for the draft of a new conversation is not its draft once it has begun.
        composer.clear();
        const edited = edit.message;
        edit.end();
        if (edited !== 0 ? session.edit(edited, text) : session.send(text))
            view.followEnd();
        else
            composer.restore(text);
    }

    /// Sends a ready text; what is being typed stays.
    function suggest(text: string) {
        const typed = composer.draft;
        send(text);
        composer.restore(typed);
    }

    function redirect(text: string) {
        composer.clear();
        if (session.redirect(text))
            view.followEnd();
        else
            composer.restore(text);
    }

    /// The message that is being edited, and the draft that it took the place of.
    QtObject {
        id: edit

        property var message: 0
        property string draft

        function begin(id: var) {
            if (message === 0)
                draft = composer.draft;
            message = id;
            composer.restore(root.session.textOf(id));
            composer.focusField();
        }
        function end() {
            if (message === 0)
                return;
            message = 0;
            composer.restore(draft);
        }
    }

    Connections {
        target: root.session

        function onDraftChanged() {
            edit.message = 0;
            composer.restore(root.session.draft);
        }
    }
    Shortcut {
        sequences: ["Ctrl+P"]
        enabled: root.visible && root.session.busy
        onActivated: root.session.setPaused(!root.session.paused)
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
        continuable: root.session.continuable
        onRetryRequested: root.session.retry()
        onContinueRequested: root.session.goOn()
        onForkRequested: message => root.forkRequested(message)
        onEditRequested: message => edit.begin(message)
        onSiblingRequested: (message, step) => {
            edit.end();
            root.session.showSibling(message, step);
        }
        onAllowOnceRequested: approval => root.session.decide(approval, ChatSession.Verdict.AllowOnce)
        onAllowAlwaysRequested: approval => root.session.decide(approval, ChatSession.Verdict.AllowAlways)
        onDenyRequested: approval => root.session.decide(approval, ChatSession.Verdict.Deny)
        onLinkActivated: link => root.linkActivated(link)
        onSuggestionChosen: text => root.suggest(text)
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
        queue: root.session.queue
        paused: root.session.paused
        waiting: root.session.phase === ChatSession.Phase.Retrying
                 || root.session.phase === ChatSession.Phase.Offline
        continuable: root.session.continuable
        editing: edit.message !== 0
        onDraftChanged: {
            if (!editing)
                root.session.draft = draft;
        }
        onTyped: root.session.expectMessage()
        onSendRequested: text => root.send(text)
        onRedirectRequested: text => root.redirect(text)
        onStopRequested: root.session.stop()
        onPauseRequested: pause => root.session.setPaused(pause)
        onTryNowRequested: root.session.tryNow()
        onContinueRequested: root.session.goOn()
        onSendQueuedRequested: root.session.sendQueued()
        onEditCancelled: edit.end()
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
        standIn: root.session.standIn
        retryAt: root.session.retryAt
        trouble: root.session.trouble
    }
}
