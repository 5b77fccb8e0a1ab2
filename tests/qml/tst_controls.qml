// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Rivulet.Controls
import Rivulet.Fixtures
import Rivulet.Theme

Item {
    id: page

    width: 420
    height: 480
    LayoutMirroring.childrenInherit: true

    Column {
        id: column

        width: parent.width

        Button {
            id: button

            text: "Look"
            iconName: "retry"
            onClicked: presses.count += 1
        }
        IconButton {
            id: iconButton

            iconName: "back"
            directional: true
            text: "Back"
        }
        Switch {
            id: toggle

            width: parent.width
            text: "Sounds"
        }
        TextField {
            id: field

            width: parent.width
            Accessible.name: "Address"
        }
        ComboBox {
            id: combo

            model: ["One", "Two", "Three"]
            Accessible.name: "Number"
        }
        Banner {
            id: banner

            width: parent.width
            text: "The disk is full. Nothing is lost: it is kept in memory."
            details: "ENOSPC"
            action: "Settings"
        }
    }
    Dialog {
        id: dialog

        title: "Sure?"

        Button {
            id: answer

            text: "Yes"
            focus: true
        }
    }
    QtObject {
        id: presses

        property int count: 0
    }
    ScreenReader {
        id: reader
    }

    TestCase {
        id: test

        name: "Controls"
        when: windowShown

        function init() {
            Theme.mode = Theme.Mode.Light;
            presses.count = 0;
            combo.currentIndex = 0;
            button.forceActiveFocus(Qt.TabFocusReason);
        }

        function cleanup() {
            Theme.zoom = 1;
            page.LayoutMirroring.enabled = false;
            dialog.close();
            tryCompare(dialog, "opened", false);
        }

        function test_everyControlIsReachedByTab() {
            const reached = [];
            for (let i = 0; i < 8; ++i) {
                reached.push(page.Window.activeFocusItem);
                keyClick(Qt.Key_Tab);
            }
            for (const control of [button, iconButton, toggle, field, combo])
                verify(reached.includes(control), control.Accessible.name);
        }

        function test_everyControlHasAName() {
            compare(reader.nameless(page), []);
            for (const name of ["Look", "Back", "Sounds", "Address", "Number", "Dismiss"])
                verify(reader.names(page).includes(name), name);
        }

        function test_theFocusByKeyboardIsVisible() {
            verify(button.visualFocus);
            const plain = grabImage(iconButton);
            iconButton.forceActiveFocus(Qt.TabFocusReason);
            verify(!grabImage(iconButton).equals(plain));
        }

        function test_spaceAndPointerPressAButton() {
            keyClick(Qt.Key_Space);
            compare(presses.count, 1);
            mouseClick(button);
            compare(presses.count, 2);
        }

        function test_aSwitchTogglesByKeyAndShowsItsStateByShape() {
            toggle.checked = false;
            tryVerify(() => !toggle.checked);
            const off = toggle.indicator.children[0].x;
            toggle.forceActiveFocus(Qt.TabFocusReason);
            keyClick(Qt.Key_Space);
            verify(toggle.checked);
            tryVerify(() => toggle.indicator.children[0].x > off);
        }

        function test_aComboBoxChoosesByKeys() {
            combo.forceActiveFocus(Qt.TabFocusReason);
            keyClick(Qt.Key_Down);
            compare(combo.currentText, "Two");
        }

        function test_theListOfAComboBoxOpensAndChooses() {
            mouseClick(combo);
            tryVerify(() => combo.popup.opened);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            compare(combo.currentText, "Two");
            tryVerify(() => !combo.popup.visible);
        }

        function test_aDialogTakesTheKeyboardAndEscGivesItBack() {
            dialog.open();
            tryVerify(() => dialog.opened);
            verify(answer.activeFocus);
            keyClick(Qt.Key_Escape);
            tryVerify(() => !dialog.visible);
            tryVerify(() => button.activeFocus);
        }

        function test_detailsOfABannerAreFolded() {
            const folded = banner.implicitHeight;
            verify(!banner.unfolded);
            banner.unfolded = true;
            verify(banner.implicitHeight >= folded);
            banner.unfolded = false;
        }

        function test_aLongBannerGrowsInsteadOfCutting() {
            const oneLine = banner.implicitHeight;
            const text = banner.text;
            banner.text = text.repeat(4);
            tryVerify(() => banner.implicitHeight > oneLine);
            banner.text = text;
        }

        function test_iconsTakeAnyColour() {
            const before = grabImage(iconButton);
            Theme.mode = Theme.Mode.Dark;
            waitForRendering(iconButton);
            verify(!grabImage(iconButton).equals(before));
        }

        function test_whatPointsIsMirroredFromRightToLeft() {
            const before = grabImage(iconButton);
            page.LayoutMirroring.enabled = true;
            verify(iconButton.mirrored);
            waitForRendering(iconButton);
            verify(!grabImage(iconButton).equals(before));
            verify(toggle.indicator.x > toggle.width / 2);
        }

        function test_controlsGrowWithTheZoom() {
            const before = [button.height, field.height, combo.height];
            Theme.zoom = 2;
            compare([button.height, field.height, combo.height], before.map(height => height * 2));
        }
    }
}
