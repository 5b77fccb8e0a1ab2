// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Controls
import Rivulet.Models
import Rivulet.Theme

/// How far something is, as a sign; `word` says the same to those who can not see it.
Icon {
    id: root

    required property int activity

    readonly property string word: {
        switch (activity) {
        case TranscriptModel.Activity.Running:
            return qsTr("running");
        case TranscriptModel.Activity.Done:
            return qsTr("done");
        case TranscriptModel.Activity.Failed:
            return qsTr("failed");
        default:
            return "";
        }
    }

    visible: word !== ""
    width: Theme.px(14)
    height: width
    name: activity === TranscriptModel.Activity.Done ? "check"
        : activity === TranscriptModel.Activity.Failed ? "warning" : "more"
    color: activity === TranscriptModel.Activity.Done ? Theme.success
         : activity === TranscriptModel.Activity.Failed ? Theme.danger : Theme.accent
}
