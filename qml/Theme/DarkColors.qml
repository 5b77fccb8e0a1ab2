// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
/// Night: deep and neutral, but not black.
Colors {
    background: "#17181a"
    surface: "#1d1f21"
    raised: "#27292c"
    hairline: "#34373b"
    outline: "#7f838a"
    hover: "#14ffffff"
    text: "#e9e7e3"
    textSecondary: "#a8a59e"
    textDisabled: "#6c6a66"
    accent: "#2dd4bf"
    textOnAccent: "#05211d"
    danger: "#fb7b72"
    warning: "#f0b14a"
    success: "#5ec98d"
    codeBackground: "#202225"
    selection: "#1b5750"
    focus: "#2dd4bf"
    quoteBar: "#474b51"
    shadow: "#80000000"
    scrim: "#8c000000"
}
