// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Qt.labs.qmlmodels
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Rows
import Rivulet.Theme

/// The open conversation. It follows the end while the end is in view, and stays where the user is reading
/// when it is not. What is inside is nobody's business: others use what is declared here.
FocusScope {
    id: root

    required property TranscriptModel model
    /// An answer is arriving.
    required property bool streaming
    /// The conversation is being read from disk.
    property bool loading: false

    /// Whether the end is kept in view.
    readonly property alias following: keeper.following

    /// The last answer can be gone on with.
    property bool continuable: false

    signal retryRequested
    /// The conversation up to that message is to go on as one of its own.
    signal forkRequested(var message)
    signal continueRequested
    /// The message is the user's, to be said otherwise.
    signal editRequested(var message)
    /// Another message in the same place is to be shown: the one `step` places after it.
    signal siblingRequested(var message, int step)
    /// The user answered the question whether a tool may run.
    signal allowOnceRequested(string approval)
    signal allowAlwaysRequested(string approval)
    signal denyRequested(string approval)
    signal linkActivated(url link)
    signal suggestionChosen(string text)
    signal settingsRequested

    /// Goes to the end, and follows it from there on.
    function followEnd() {
        look.markedMessage = 0;
        keeper.follow();
    }

    /// Goes to that message, where it shows `words`, and points it out until something else is to be seen.
    function showMessage(message: var, words: string) {
        const row = model.rowShowing(message, words);
        if (row < 0)
            return;
        look.markedMessage = message;
        keeper.show(row);
    }

    activeFocusOnTab: list.visible
    Accessible.role: Accessible.Document
    Accessible.name: qsTr("Conversation")

    Keys.onPressed: event => {
        const page = Math.max(list.height - 2 * Theme.gap32, list.height / 2);
        const line = 2 * Theme.bodySize * Theme.bodyLineHeight;
        event.accepted = true;
        switch (event.key) {
        case Qt.Key_PageUp:
            return keeper.scrollBy(-page);
        case Qt.Key_PageDown:
            return keeper.scrollBy(page);
        case Qt.Key_Up:
            return keeper.scrollBy(-line);
        case Qt.Key_Down:
            return keeper.scrollBy(line);
        case Qt.Key_Home:
            return keeper.toStart();
        case Qt.Key_End:
            return keeper.follow();
        case Qt.Key_Escape:
            event.accepted = look.markedMessage !== 0 && !root.streaming;
            look.markedMessage = 0;
            break;
        default:
            event.accepted = false;
        }
    }

    ThemedRowStyle {
        id: look
    }

    ListView {
        id: list

        /// The message under the pointer, 0 where there is none.
        property var hoveredMessage: 0

        anchors.fill: parent
        visible: !root.loading && count > 0
        focus: true
        model: root.model
        reuseItems: true
        cacheBuffer: Math.max(0, height)
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        currentIndex: -1
        highlightFollowsCurrentItem: false
        keyNavigationEnabled: false
        pixelAligned: true
        topMargin: Theme.gap32
        // Not a margin: going to the end leaves that out.
        footer: Item {
            implicitHeight: Theme.gap32
        }
        delegate: rows

        Basic.ScrollBar.vertical: ScrollBar {
            id: bar

            Accessible.name: qsTr("Position in the conversation")
        }

        onContentHeightChanged: keeper.settle()
        onHeightChanged: keeper.settle()
        onContentYChanged: keeper.note()

        HoverHandler {
            id: pointer

            onPointChanged: list.hoveredMessage = hovered ? list.messageAt(point.position) : 0
            onHoveredChanged: list.hoveredMessage = hovered ? list.messageAt(point.position) : 0
        }

        function messageAt(position: point): var {
            const item = itemAt(position.x + contentX, position.y + contentY) as RowFrame;
            return item ? item.messageId : 0;
        }
    }

    FollowKeeper {
        id: keeper

        view: list
        userScrolls: list.moving || bar.pressed
        growing: root.streaming
    }

    Connections {
        target: root.model

        function onModelReset() {
            look.markedMessage = 0;
            keeper.follow();
        }
        function onRowsInserted() {
            keeper.noteNews();
        }
    }

    DelegateChooser {
        id: rows

        role: "kind"

        DelegateChoice {
            roleValue: TranscriptModel.Kind.Text

            TextBlock {
                width: ListView.view.width
                look: look
                onLinkActivated: link => root.linkActivated(link)
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Code

            CodeRow {
                width: ListView.view.width
                look: look
                onCopyRequested: root.model.copyBlock(rowId)
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Table

            TableRow {
                width: ListView.view.width
                look: look
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Rule

            RuleRow {
                width: ListView.view.width
                look: look
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.User

            UserRow {
                width: ListView.view.width
                look: look
                active: messageId === list.hoveredMessage
                switchable: !root.streaming
                onEditRequested: root.editRequested(messageId)
                onSiblingRequested: step => root.siblingRequested(messageId, step)
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Reasoning

            ReasoningRow {
                required property var rowId

                width: ListView.view.width
                look: look
                onExpandRequested: expanded => root.model.setExpanded(rowId, expanded)
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Tool

            ToolRow {
                required property var rowId

                width: ListView.view.width
                look: look
                onExpandRequested: expanded => root.model.setExpanded(rowId, expanded)
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Approval

            ApprovalRow {
                required property string approvalId
                required property int activity

                width: ListView.view.width
                look: look
                open: activity === TranscriptModel.Activity.Running
                onAllowOnceRequested: root.allowOnceRequested(approvalId)
                onAllowAlwaysRequested: root.allowAlwaysRequested(approvalId)
                onDenyRequested: root.denyRequested(approvalId)
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Status

            StatusRow {
                width: ListView.view.width
                look: look
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Notice

            NoticeRow {
                width: ListView.view.width
                look: look
                retryable: !root.streaming && messageId === root.model.lastAnswer
                continuable: retryable && root.continuable
                onRetryRequested: root.retryRequested()
                onContinueRequested: root.continueRequested()
                onSettingsRequested: root.settingsRequested()
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Footer

            FooterRow {
                width: ListView.view.width
                look: look
                active: messageId === list.hoveredMessage || messageId === root.model.lastAnswer
                retryable: !root.streaming && messageId === root.model.lastAnswer
                switchable: !root.streaming
                onCopyRequested: root.model.copyMessage(messageId)
                onRetryRequested: root.retryRequested()
                onForkRequested: root.forkRequested(messageId)
                onSiblingRequested: step => root.siblingRequested(messageId, step)
            }
        }
        DelegateChoice {
            roleValue: TranscriptModel.Kind.Pending

            PendingRow {
                width: ListView.view.width
                look: look
            }
        }
    }

    Pill {
        iconName: "arrow-down"
        text: qsTr("New text below")
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gap16
        visible: list.visible && keeper.news
        onClicked: keeper.follow()
    }

    EmptyState {
        anchors.fill: parent
        visible: !root.loading && list.count === 0
        onSuggestionChosen: text => root.suggestionChosen(text)
    }

    LoadingState {
        anchors.fill: parent
        visible: root.loading
    }
}
