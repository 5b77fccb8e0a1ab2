// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts
import Rivulet.Controls
import Rivulet.Theme

/// What an empty conversation shows: the mark, one line, and four things to try.
Item {
    id: root

    signal suggestionChosen(string text)

    Accessible.role: Accessible.Grouping
    Accessible.name: line.text

    component Suggestion: Basic.AbstractButton {
        id: suggestion

        required property string title
        required property string prompt

        Layout.fillWidth: true
        Layout.preferredWidth: 1
        Layout.fillHeight: true
        padding: Theme.gap16
        hoverEnabled: true
        focusPolicy: Qt.StrongFocus
        onClicked: root.suggestionChosen(prompt)
        Keys.onReturnPressed: click()
        Keys.onEnterPressed: click()

        Accessible.name: title
        Accessible.description: prompt

        background: Rectangle {
            radius: Theme.radiusCard
            color: Theme.raised
            border.width: 1
            border.color: Theme.hairline

            Rectangle {
                anchors.fill: parent
                radius: parent.radius
                color: suggestion.hovered || suggestion.down ? Theme.hover : "transparent"
            }
            FocusRing {
                shown: suggestion.visualFocus
            }
        }
        contentItem: Column {
            spacing: Theme.gap4

            Text {
                width: parent.width
                text: suggestion.title
                textFormat: Text.PlainText
                font.family: Theme.bodyFont.family
                font.pixelSize: Theme.secondarySize
                font.weight: Font.DemiBold
                color: Theme.text
                wrapMode: Text.Wrap
            }
            Text {
                width: parent.width
                text: suggestion.prompt
                textFormat: Text.PlainText
                font: Theme.secondaryFont
                color: Theme.textSecondary
                wrapMode: Text.Wrap
            }
        }
    }

    Flickable {
        anchors.fill: parent
        contentHeight: Math.max(height, column.implicitHeight + 2 * Theme.gap24)
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        ColumnLayout {
            id: column

            anchors.centerIn: parent
            width: Math.min(Theme.px(620), parent.width - 2 * Theme.gap24)
            spacing: Theme.gap12

            Icon {
                Layout.alignment: Qt.AlignHCenter
                Layout.preferredWidth: Theme.px(56)
                Layout.preferredHeight: Theme.px(56)
                name: "wave"
                color: Theme.accent
            }
            Heading {
                id: line

                Layout.fillWidth: true
                Layout.bottomMargin: Theme.gap24
                level: 2
                text: qsTr("What would you like to talk about?")
                horizontalAlignment: Text.AlignHCenter
            }
            GridLayout {
                Layout.fillWidth: true
                columns: root.width < Theme.px(560) ? 1 : 2
                columnSpacing: Theme.gap12
                rowSpacing: Theme.gap12

                Suggestion {
                    title: qsTr("Take the tour")
                    prompt: qsTr("Give me a tour")
                }
                Suggestion {
                    title: qsTr("Read some code")
                    prompt: qsTr("Show me code in a few languages")
                }
                Suggestion {
                    title: qsTr("Compare in a table")
                    prompt: qsTr("Compare some rivers in a table")
                }
                Suggestion {
                    title: qsTr("See what happens when the line breaks")
                    prompt: qsTr("Drop the connection midway")
                }
            }
        }
    }
}
