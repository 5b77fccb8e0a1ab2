// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// What a search has to say where there is no hit to show.
Column {
    id: root

    required property SearchModel search

    spacing: Theme.gap12
    visible: search.state !== SearchModel.State.Found && search.state !== SearchModel.State.Idle

    Label {
        objectName: "searchState"
        width: parent.width
        secondary: true
        text: {
            switch (root.search.state) {
            case SearchModel.State.Pending:
                return qsTr("Searching…");
            case SearchModel.State.Nothing:
                return root.search.indexing
                    ? qsTr("Nothing found yet. Older messages are still being made searchable.")
                    : qsTr("No message has all of these words.");
            case SearchModel.State.Failed:
                return [root.search.trouble.title, root.search.trouble.advice].join(" ").trim();
            default:
                return "";
            }
        }
        onTextChanged: {
            if (visible && root.search.state !== SearchModel.State.Pending)
                Accessible.announce(text);
        }
    }
    Label {
        width: parent.width
        visible: root.search.state === SearchModel.State.Nothing
        secondary: true
        text: qsTr("Filters that narrow a search: %1").arg(
            "from:user  in:title  after:2026-01-31  before:2026-01-31  has:code  model:name")
    }
    Button {
        objectName: "tryAgain"
        visible: root.search.state === SearchModel.State.Failed
        text: qsTr("Try again")
        onClicked: root.search.retry()
    }
}
