// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma Singleton
pragma ComponentBehavior: Bound

import QtQuick

/// Every colour, distance, font and duration on screen. What the user chooses (mode, contrast, zoom,
/// motion) is written by the window alone; all else reads.
QtObject {
    id: theme

    enum Mode {
        System,
        Light,
        Dark
    }

    // What the user chose.
    property int mode: Theme.Mode.System
    property bool highContrast: false
    property bool reducedMotion: false
    /// Scales text and all distances; 1 is the design's own size.
    property real zoom: 1

    readonly property bool dark: mode === Theme.Mode.System
        ? Application.styleHints.colorScheme === Qt.ColorScheme.Dark
        : mode === Theme.Mode.Dark

    readonly property Colors colors: dark ? (highContrast ? darkContrast : darkColors)
                                          : (highContrast ? lightContrast : lightColors)
    readonly property color background: colors.background
    readonly property color surface: colors.surface
    readonly property color raised: colors.raised
    readonly property color hairline: colors.hairline
    readonly property color outline: colors.outline
    readonly property color hover: colors.hover
    readonly property color text: colors.text
    readonly property color textSecondary: colors.textSecondary
    readonly property color textDisabled: colors.textDisabled
    readonly property color accent: colors.accent
    readonly property color textOnAccent: colors.textOnAccent
    readonly property color danger: colors.danger
    readonly property color warning: colors.warning
    readonly property color success: colors.success
    readonly property color codeBackground: colors.codeBackground
    readonly property color selection: colors.selection
    readonly property color focus: colors.focus
    readonly property color quoteBar: colors.quoteBar
    readonly property color shadow: colors.shadow
    readonly property color scrim: colors.scrim

    // Distances, on a grid of four.
    readonly property int gap2: px(2)
    readonly property int gap4: px(4)
    readonly property int gap8: px(8)
    readonly property int gap12: px(12)
    readonly property int gap16: px(16)
    readonly property int gap24: px(24)
    readonly property int gap32: px(32)
    /// Between two messages.
    readonly property int messageGap: px(28)
    /// Between two blocks of an answer, in body text: 0.75 em.
    readonly property int paragraphGap: Math.round(bodySize * 0.75)

    readonly property int radiusControl: px(6)
    readonly property int radiusCard: px(10)
    readonly property int controlHeight: px(32)
    readonly property int iconSize: px(18)
    readonly property int focusWidth: 2

    /// The widest line of text, and the widest code block, table or figure.
    readonly property int columnWidth: px(760)
    readonly property int wideColumnWidth: px(960)
    readonly property int sidebarWidth: px(260)

    // Type. Qt takes whole pixels.
    readonly property int bodySize: px(15)
    readonly property int secondarySize: px(13)
    readonly property int captionSize: px(12)
    readonly property int codeSize: Math.floor(13.5 * zoom)
    readonly property real bodyLineHeight: 1.55
    readonly property real codeLineHeight: 1.5
    readonly property string codeFamily: systemFonts.fixedFamily
    readonly property font bodyFont: Qt.font({ family: Application.font.family, pixelSize: bodySize })
    readonly property font secondaryFont: Qt.font({ family: Application.font.family, pixelSize: secondarySize })
    readonly property font captionFont: Qt.font({ family: Application.font.family, pixelSize: captionSize })
    readonly property font labelFont: Qt.font({ family: Application.font.family, pixelSize: secondarySize,
                                                weight: Font.Medium })
    readonly property font codeFont: Qt.font({ family: codeFamily, pixelSize: codeSize })

    // Durations in milliseconds, for what the user moved or opened; nothing else moves.
    readonly property int quick: reducedMotion ? 0 : 120
    readonly property int slow: reducedMotion ? 0 : 180

    readonly property LightColors lightColors: LightColors {}
    readonly property DarkColors darkColors: DarkColors {}
    readonly property LightContrastColors lightContrast: LightContrastColors {}
    readonly property DarkContrastColors darkContrast: DarkContrastColors {}
    readonly property SystemFonts systemFonts: SystemFonts {}

    /// The design's pixels at the user's zoom.
    function px(designed: real): int {
        return Math.round(designed * zoom);
    }

    /// The size of a heading's text; level 1 is the greatest.
    function headingSize(level: int): int {
        const factors = [1.5, 1.3, 1.15];
        return Math.round(bodySize * (factors[level - 1] ?? 1));
    }
}
