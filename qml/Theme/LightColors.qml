// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
/// Paper: a warm near-white, near-black ink.
Colors {
    background: "#faf9f6"
    surface: "#f2f0eb"
    raised: "#ffffff"
    hairline: "#e3dfd7"
    outline: "#878176"
    hover: "#0f1c1b19"
    text: "#1c1b19"
    textSecondary: "#5c5850"
    textDisabled: "#948e83"
    accent: "#0f766e"
    textOnAccent: "#ffffff"
    danger: "#b42318"
    warning: "#8a5200"
    success: "#1a6b3a"
    codeBackground: "#f2efe9"
    selection: "#b9e3dc"
    focus: "#0f766e"
    quoteBar: "#cdc7bc"
    shadow: "#29000000"
    scrim: "#52000000"
}
