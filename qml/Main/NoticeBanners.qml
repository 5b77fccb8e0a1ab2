// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// What the window has to say about itself, one banner each.
Column {
    id: root

    required property NoticeList notices

    signal settingsRequested

    spacing: Theme.gap8
    bottomPadding: notices.count > 0 ? Theme.gap8 : 0

    Repeater {
        model: root.notices

        Banner {
            required property notice notice
            required property int index

            anchors.horizontalCenter: parent?.horizontalCenter
            width: Math.max(0, Math.min(Theme.wideColumnWidth, root.width - 2 * Theme.gap16))
            text: [notice.title, notice.advice].filter(part => part.length > 0).join(" ")
            details: notice.details
            tone: notice.severity === Notice.Severity.Danger ? Banner.Tone.Danger
                : notice.severity === Notice.Severity.Warning ? Banner.Tone.Warning : Banner.Tone.Info
            action: notice.offersSettings ? qsTr("Settings") : ""
            onActionRequested: root.settingsRequested()
            onDismissed: root.notices.dismiss(index)
        }
    }
}
