// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Rivulet.Theme

TestCase {
    name: "Theme"

    function init() {
        Theme.mode = Theme.Mode.Light;
        Theme.highContrast = false;
        Theme.reducedMotion = false;
        Theme.zoom = 1;
    }

    function cleanupTestCase() {
        init();
    }

    function linear(channel: real): real {
        return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
    }

    function luminance(colour: color): real {
        return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b);
    }

    // WCAG 2.2, "contrast ratio".
    function contrast(one: color, other: color): real {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    }

    function sets() {
        return [
            { tag: "light", dark: false, high: false, text: 4.5 },
            { tag: "dark", dark: true, high: false, text: 4.5 },
            { tag: "light, high contrast", dark: false, high: true, text: 7 },
            { tag: "dark, high contrast", dark: true, high: true, text: 7 }
        ];
    }

    function use(set) {
        Theme.mode = set.dark ? Theme.Mode.Dark : Theme.Mode.Light;
        Theme.highContrast = set.high;
    }

    function check(ink: string, ground: string, least: real) {
        const ratio = contrast(Theme[ink], Theme[ground]);
        verify(ratio >= least, `${ink} on ${ground}: ${ratio.toFixed(2)}, not ${least}`);
    }

    function test_contrastOfBlackOnWhite() {
        compare(Math.round(contrast("#000", "#fff")), 21);
        compare(contrast("#777", "#777"), 1);
    }

    function test_textIsReadableOnEveryGround_data() {
        return sets();
    }

    function test_textIsReadableOnEveryGround(set) {
        use(set);
        for (const ground of ["background", "surface", "raised", "codeBackground"]) {
            for (const ink of ["text", "textSecondary", "accent", "danger", "warning", "success"])
                check(ink, ground, set.text);
        }
        check("textOnAccent", "accent", set.text);
        check("text", "selection", set.text);
    }

    function test_controlsAndFocusAreSeenOnEveryGround_data() {
        return sets();
    }

    function test_controlsAndFocusAreSeenOnEveryGround(set) {
        use(set);
        for (const ground of ["background", "surface", "raised"]) {
            check("outline", ground, 3);
            check("focus", ground, 3);
        }
    }

    function test_modeChoosesTheColours() {
        Theme.mode = Theme.Mode.Dark;
        verify(Theme.dark);
        verify(luminance(Theme.background) < luminance(Theme.text));
        Theme.mode = Theme.Mode.Light;
        verify(!Theme.dark);
        verify(luminance(Theme.background) > luminance(Theme.text));
    }

    function test_systemModeFollowsTheSystem() {
        Theme.mode = Theme.Mode.System;
        compare(Theme.dark, Application.styleHints.colorScheme === Qt.ColorScheme.Dark);
    }

    function test_zoomScalesTypeAndDistances() {
        const before = [Theme.bodySize, Theme.codeSize, Theme.gap8, Theme.columnWidth, Theme.controlHeight];
        Theme.zoom = 2;
        const after = [Theme.bodySize, Theme.codeSize, Theme.gap8, Theme.columnWidth, Theme.controlHeight];
        compare(before, [15, 13, 8, 760, 32]);
        compare(after, [30, 27, 16, 1520, 64]);
    }

    function test_nothingMovesWithReducedMotion() {
        verify(Theme.quick > 0 && Theme.slow > 0);
        Theme.reducedMotion = true;
        compare(Theme.quick, 0);
        compare(Theme.slow, 0);
    }
}
