// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import Rivulet.Rows
import Rivulet.Theme

/// The style of a view's rows, as the theme wants it.
RowStyle {
    font: Theme.bodyFont
    codeFont: Theme.codeFont
    text: Theme.text
    quietText: Theme.textSecondary
    link: Theme.accent
    background: Theme.background
    codeBackground: Theme.codeBackground
    selection: Theme.selection
    caret: Theme.accent
    hairline: Theme.hairline
    quoteBar: Theme.quoteBar
    dark: Theme.dark
}
