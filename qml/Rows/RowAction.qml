// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import Rivulet.Controls
import Rivulet.Theme

/// A small quiet button for what can be done with a row.
Button {
    kind: Button.Kind.Quiet
    implicitHeight: Theme.px(26)
    topPadding: 0
    bottomPadding: 0
    leftPadding: Theme.gap8
    rightPadding: Theme.gap8
    spacing: Theme.px(6)
    font: Theme.captionFont
    opacity: hovered || visualFocus ? 1 : 0.75
}
