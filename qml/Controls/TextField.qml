// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// One line of text to type. The owner gives it a name with Accessible.name.
Basic.TextField {
    id: root

    /// What is typed can not be used; say why beside the field.
    property bool faulty: false

    implicitHeight: Math.max(Theme.controlHeight, contentHeight + topPadding + bottomPadding)
    leftPadding: Theme.gap8
    rightPadding: Theme.gap8
    topPadding: Theme.gap4
    bottomPadding: Theme.gap4
    font: Theme.bodyFont
    color: enabled ? Theme.text : Theme.textDisabled
    placeholderTextColor: Theme.textSecondary
    selectionColor: Theme.selection
    selectedTextColor: Theme.text
    selectByMouse: true
    verticalAlignment: Text.AlignVCenter
    Accessible.role: Accessible.EditableText

    background: Rectangle {
        radius: Theme.radiusControl
        color: root.enabled ? Theme.raised : Theme.surface
        border.width: root.activeFocus ? Theme.focusWidth : 1
        border.color: root.faulty ? Theme.danger : root.activeFocus ? Theme.focus : Theme.outline
    }
}
