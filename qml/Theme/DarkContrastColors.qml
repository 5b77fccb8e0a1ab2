// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
/// Dark, for those who need more: text 7:1 and more, borders that show.
Colors {
    background: "#000000"
    surface: "#0d0d0d"
    raised: "#161616"
    hairline: "#8a8a8a"
    outline: "#b8b8b8"
    hover: "#33ffffff"
    text: "#ffffff"
    textSecondary: "#d6d6d6"
    textDisabled: "#9a9a9a"
    accent: "#5eead4"
    textOnAccent: "#001512"
    danger: "#ffa39c"
    warning: "#ffcc73"
    success: "#86e3ac"
    codeBackground: "#141414"
    selection: "#07534a"
    focus: "#5eead4"
    quoteBar: "#b8b8b8"
    shadow: "#c0000000"
    scrim: "#b0000000"
}
