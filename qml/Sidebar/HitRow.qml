// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// One message that was found: where and when it was said, and the words around the match.
Basic.ItemDelegate {
    id: root

    required property int index
    required property var conversationId
    required property var messageId
    required property string title
    required property bool fromUser
    required property date created
    required property string snippet
    required property string markup
    required property string words

    readonly property string shownTitle: title.length > 0 ? title : qsTr("New conversation")
    readonly property string shownDate: dateText(created, new Date())

    signal openRequested

    function dateText(date: date, now: date): string {
        if (date.toDateString() === now.toDateString())
            return date.toLocaleTimeString(locale, Locale.ShortFormat);
        if (date.getFullYear() === now.getFullYear())
            return date.toLocaleDateString(locale, qsTr("d MMM", "a day of this year, as of QDate::toString()"));
        return date.toLocaleDateString(locale, Locale.ShortFormat);
    }

    objectName: `hit ${messageId}`
    implicitHeight: words1.height + words2.height + Theme.gap4 + 2 * Theme.gap8
    leftPadding: Theme.gap12
    rightPadding: Theme.gap12
    topPadding: 0
    bottomPadding: 0
    hoverEnabled: true
    Accessible.role: Accessible.ListItem
    Accessible.name: {
        const parts = [shownTitle, shownDate, snippet];
        const name = fromUser ? qsTr("You, in \"%1\", %2: %3") : qsTr("Answer in \"%1\", %2: %3");
        // At once, for what was said may have such places too.
        return name.replace(/%([123])/g, (place, number) => parts[number - 1]);
    }
    onClicked: openRequested()
    Keys.onReturnPressed: openRequested()
    Keys.onEnterPressed: openRequested()

    contentItem: Item {
        Item {
            id: words1

            anchors.left: parent.left
            anchors.right: parent.right
            y: Theme.gap8
            height: heading.implicitHeight

            Text {
                id: heading

                anchors.left: parent.left
                anchors.right: date.left
                anchors.rightMargin: Theme.gap8
                text: root.shownTitle
                font: Theme.labelFont
                color: Theme.text
                textFormat: Text.PlainText
                elide: Text.ElideRight
                horizontalAlignment: Text.AlignLeft
            }
            Text {
                id: date

                anchors.right: parent.right
                anchors.baseline: heading.baseline
                text: root.shownDate
                font: Theme.captionFont
                color: Theme.textSecondary
                textFormat: Text.PlainText
            }
        }
        Text {
            id: words2

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: words1.bottom
            anchors.topMargin: Theme.gap4
            // The model escapes what was said and marks what matches.
            text: (root.fromUser ? qsTr("You: %1") : "%1").replace("%1", () => root.markup.replace(/<b>/g,
                `<b><font color="${Theme.accent}">`).replace(/<\/b>/g, "</font></b>"))
            textFormat: Text.StyledText
            font: Theme.secondaryFont
            color: Theme.textSecondary
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            horizontalAlignment: Text.AlignLeft
        }
    }
    background: Rectangle {
        anchors.fill: parent
        anchors.topMargin: 1
        anchors.bottomMargin: 1
        radius: Theme.radiusControl
        color: root.hovered ? Theme.hover : "transparent"
        border.width: root.activeFocus ? Theme.focusWidth : 0
        border.color: Theme.focus
    }
}
