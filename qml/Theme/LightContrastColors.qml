// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
/// Light, for those who need more: text 7:1 and more, borders that show.
Colors {
    background: "#ffffff"
    surface: "#f4f4f4"
    raised: "#ffffff"
    hairline: "#767676"
    outline: "#4a4a4a"
    hover: "#1f000000"
    text: "#000000"
    textSecondary: "#333333"
    textDisabled: "#595959"
    accent: "#00504a"
    textOnAccent: "#ffffff"
    danger: "#8f0f06"
    warning: "#5c3600"
    success: "#0b4a24"
    codeBackground: "#f0f0f0"
    selection: "#8fdcd1"
    focus: "#00504a"
    quoteBar: "#4a4a4a"
    shadow: "#40000000"
    scrim: "#8c000000"
}
