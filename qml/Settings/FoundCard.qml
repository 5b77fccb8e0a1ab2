// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// Servers that run on this computer and are not in the list yet.
Card {
    id: root

    required property ProviderSettings settings

    readonly property string report: settings.looking ? qsTr("Looking for servers on this computer")
        : found.count > 0 ? ""
        : settings.looked
            ? qsTr("None found. Start Ollama, llama.cpp, LM Studio or vLLM, then look again.")
            : qsTr("Rivulet can look for Ollama, llama.cpp, LM Studio and vLLM on this computer.")

    onReportChanged: {
        if (report.length > 0)
            Accessible.announce(report);
    }

    Repeater {
        id: found

        model: root.settings.found

        ServerRow {
            id: row

            required property int index

            Button {
                text: qsTr("Add and use")
                Accessible.name: qsTr("Add and use %1").arg(row.name)
                onClicked: root.settings.addFound(row.index)
            }
        }
    }
    Item {
        width: parent.width
        implicitHeight: Math.max(words.implicitHeight, again.implicitHeight)

        Label {
            id: words

            anchors.left: parent.left
            anchors.right: again.left
            anchors.rightMargin: Theme.gap16
            anchors.verticalCenter: parent.verticalCenter
            secondary: true
            text: root.report
        }
        Button {
            id: again

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            iconName: "retry"
            text: root.settings.looked ? qsTr("Look again") : qsTr("Look")
            enabled: !root.settings.looking
            onClicked: root.settings.look()
        }
    }
}
