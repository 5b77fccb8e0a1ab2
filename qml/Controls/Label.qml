// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// Words that the program says. Plain text, wrapped at the given width.
Text {
    /// Said more quietly: explanations, dates, what is not the matter itself.
    property bool secondary: false

    font: secondary ? Theme.secondaryFont : Theme.bodyFont
    color: !enabled ? Theme.textDisabled : secondary ? Theme.textSecondary : Theme.text
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    horizontalAlignment: Text.AlignLeft
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
