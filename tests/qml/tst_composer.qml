// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Rivulet.Composer
import Rivulet.Fixtures
import Rivulet.Theme

Item {
    id: page

    width: 800
    height: 600
    LayoutMirroring.childrenInherit: true

    Composer {
        id: composer

        anchors.bottom: parent.bottom
        width: parent.width
        maximumHeight: 200
        busy: false
    }
    Typist {
        id: typist
    }
    ScreenReader {
        id: reader
    }
    SignalSpy {
        id: sent

        target: composer
        signalName: "sendRequested"
    }
    SignalSpy {
        id: typed

        target: composer
        signalName: "typed"
    }
    SignalSpy {
        id: stopped

        target: composer
        signalName: "stopRequested"
    }

    TestCase {
        name: "Composer"
        when: windowShown

        function init() {
            composer.busy = false;
            composer.clear();
            sent.clear();
            stopped.clear();
            composer.focusField();
            typed.clear();
        }

        function cleanup() {
            Theme.zoom = 1;
            page.width = 800;
            page.LayoutMirroring.enabled = false;
        }

        function test_itTellsOfTheFirstLetterThatIsTyped() {
            keyClick(Qt.Key_Space);
            compare(typed.count, 0);
            keyClick("a");
            compare(typed.count, 1);
            composer.clear();
            compare(typed.count, 1);
        }

        function type(text: string) {
            for (const letter of text)
                keyClick(letter);
        }

        function button(name: string): Item {
            return findChild(composer, name);
        }

        function test_bothButtonsStayInsideAtTheLargestText() {
            page.width = 276; // what the smallest window leaves
            Theme.zoom = 3;
            composer.busy = true;
            type("next");
            const stop = button("stop");
            verify(stop.visible && button("send").visible);
            verify(stop.mapToItem(composer, 0, 0).x >= 0);
            compare(button("send").Accessible.name, "Send");
        }

        function test_enterAsksToSendAndKeepsTheText() {
            type("hello");
            keyClick(Qt.Key_Return);
            compare(sent.count, 1);
            compare(sent.signalArguments[0][0], "hello");
            compare(composer.draft, "hello");
        }

        function test_enterOfTheNumberPadSendsToo() {
            type("hello");
            keyClick(Qt.Key_Enter, Qt.KeypadModifier);
            compare(sent.count, 1);
        }

        function test_shiftEnterBreaksTheLine() {
            type("one");
            keyClick(Qt.Key_Return, Qt.ShiftModifier);
            type("two");
            compare(composer.draft, "one\ntwo");
            compare(sent.count, 0);
        }

        function test_blanksAreNothingToSend() {
            type("  ");
            keyClick(Qt.Key_Return);
            compare(sent.count, 0);
            verify(!button("send").enabled);
        }

        function test_enterWhileAnInputMethodComposesDoesNotSend() {
            typist.compose("にほん");
            keyClick(Qt.Key_Return);
            compare(sent.count, 0);
            typist.commit("日本");
            compare(composer.draft, "日本");
            compare(sent.count, 0);
            keyClick(Qt.Key_Return);
            compare(sent.count, 1);
            compare(sent.signalArguments[0][0], "日本");
        }

        function test_escWhileAnInputMethodComposesDoesNotStop() {
            composer.busy = true;
            typist.compose("に");
            keyClick(Qt.Key_Escape);
            compare(stopped.count, 0);
        }

        function test_escStops() {
            composer.busy = true;
            keyClick(Qt.Key_Escape);
            compare(stopped.count, 1);
        }

        function test_typingGoesOnWhileBusyAndEnterLosesNothing() {
            composer.busy = true;
            type("next");
            keyClick(Qt.Key_Return);
            compare(sent.count, 0);
            compare(composer.draft, "next");
            verify(composer.heldBack);
            type("!");
            verify(!composer.heldBack);
        }

        function test_theHintGoesWhenTheAnswerEnds() {
            composer.busy = true;
            type("next");
            keyClick(Qt.Key_Return);
            verify(composer.heldBack);
            composer.busy = false;
            verify(!composer.heldBack);
            keyClick(Qt.Key_Return);
            compare(sent.count, 1);
        }

        function test_sendAndStopAreSeparateButtons() {
            verify(button("send").visible && !button("stop").visible);
            composer.busy = true;
            verify(button("stop").visible && !button("send").visible);
            type("next");
            verify(button("stop").visible && button("send").visible);
            verify(!button("send").enabled);
            mouseClick(button("stop"));
            compare(stopped.count, 1);
        }

        function test_theKeyboardStaysInTheFieldWhenAButtonGoes() {
            composer.busy = true;
            button("stop").forceActiveFocus(Qt.TabFocusReason);
            composer.busy = false;
            type("next");
            compare(composer.draft, "next");
        }

        function test_theSendButtonSends() {
            type("hello");
            mouseClick(button("send"));
            compare(sent.count, 1);
        }

        function test_aRestoredDraftIsWhatIsSent() {
            composer.restore("as it was\n\nbefore");
            compare(composer.draft, "as it was\n\nbefore");
            type("!");
            compare(composer.draft, "as it was\n\nbefore!");
        }

        function test_itGrowsToItsLimitAndScrollsFromThere() {
            const one = composer.implicitHeight;
            composer.restore("a\nb\nc");
            tryVerify(() => composer.implicitHeight > one);
            composer.restore("a\n".repeat(200));
            tryVerify(() => composer.implicitHeight <= composer.maximumHeight + 40);
        }

        function test_aShortPasteIsText() {
            typist.copy("pasted");
            keySequence(StandardKey.Paste);
            compare(composer.draft, "pasted");
            compare(composer.pastes.length, 0);
        }

        function test_aMegabyteIsPastedAtOnceAndSentWhole_data() {
            return [
                { tag: "lines", text: "the quick brown fox jumps over the lazy dog\n".repeat(23000) },
                { tag: "one line", text: "the quick brown fox ".repeat(50000) }
            ];
        }

        function test_aMegabyteIsPastedAtOnceAndSentWhole(data) {
            type("Look:");
            typist.copy(data.text);
            const before = Date.now();
            keySequence(StandardKey.Paste);
            grabImage(composer);
            type("!");
            const took = Date.now() - before;
            verify(took < 250, `took ${took} ms`);
            compare(composer.pastes.length, 1);
            keyClick(Qt.Key_Return);
            compare(sent.signalArguments[0][0].length, "Look:!".length + 2 + data.text.length);
        }

        function test_aPastedTextCanBeRemoved() {
            typist.copy("x ".repeat(20000));
            keySequence(StandardKey.Paste);
            compare(composer.pastes.length, 1);
            const names = reader.names(composer);
            verify(names.includes("Remove the pasted text"));
            keyClick(Qt.Key_Backtab);
            keyClick(Qt.Key_Space);
            compare(composer.pastes.length, 0);
            compare(composer.draft, "");
        }

        function test_tabLeavesTheField() {
            type("hello");
            keyClick(Qt.Key_Tab);
            verify(button("send").activeFocus);
            keyClick(Qt.Key_Backtab);
            type("!");
            compare(composer.draft, "hello!");
        }

        function test_everythingHasAName() {
            composer.busy = true;
            type("next");
            compare(reader.nameless(composer), []);
            for (const name of ["Message", "Stop", "Send"])
                verify(reader.names(composer).includes(name), name);
        }

        function test_fromRightToLeftTheButtonsAreAtTheLeft() {
            verify(button("send").mapToItem(page, 0, 0).x > page.width / 2);
            page.LayoutMirroring.enabled = true;
            tryVerify(() => button("send").mapToItem(page, 0, 0).x < page.width / 2);
        }

        function test_fromRightToLeftWhatIsTypedStandsAtTheRight() {
            page.LayoutMirroring.enabled = true;
            composer.busy = true;
            type("next");
            const field = button("message");
            const cursor = field.area.mapToItem(field, field.area.cursorRectangle.x, 0).x;
            verify(cursor > field.width - 40, `${cursor} of ${field.width}`);
        }

        function test_atDoubleSizeItFitsTheSmallestWindow() {
            page.width = 420;
            Theme.zoom = 2;
            composer.busy = true;
            type("next");
            for (const name of ["stop", "send", "message"]) {
                const item = button(name);
                tryVerify(() => item.mapToItem(page, 0, 0).x >= 0);
                tryVerify(() => item.mapToItem(page, 0, 0).x + item.width <= page.width);
            }
            verify(button("message").width > 200);
        }
    }
}
