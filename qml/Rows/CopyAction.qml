// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick

/// Copies, and says for a moment that it did.
RowAction {
    id: root

    iconName: told.running ? "check" : "copy"
    text: told.running ? qsTr("Copied") : qsTr("Copy")
    onClicked: told.restart()

    Timer {
        id: told

        interval: 1500
    }
}
