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
    SignalSpy {
        id: redirected

        target: composer
        signalName: "redirectRequested"
    }
    SignalSpy {
        id: paused

        target: composer
        signalName: "pauseRequested"
    }
    SignalSpy {
        id: cancelled

        target: composer
        signalName: "editCancelled"
    }
    SignalSpy {
        id: released

        target: composer
        signalName: "sendQueuedRequested"
    }
    Queue {
        id: queue
    }

    TestCase {
        name: "Composer"
        when: windowShown

        function init() {
            for (const name of ["busy", "paused", "waiting", "continuable", "editing"])
                composer[name] = false;
            composer.queue = null;
            queue.clear();
            composer.clear();
            for (const spy of [sent, stopped, redirected, paused, cancelled, released])
                spy.clear();
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

        function test_theButtonsStayInsideAtTheLargestText() {
            page.width = 276; // what the smallest window leaves
            Theme.zoom = 3;
            composer.busy = true;
            type("next");
            const stop = button("stop");
            verify(stop.visible && button("redirect").visible);
            verify(button("redirect").mapToItem(composer, 0, 0).x >= 0);
            compare(button("redirect").Accessible.name, "Redirect");
            keyClick(Qt.Key_Return);
            compare(sent.count, 1);
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

        function test_whileBusyEnterQueuesAndCtrlEnterRedirects() {
            composer.busy = true;
            type("next");
            keyClick(Qt.Key_Return);
            compare(sent.count, 1);
            compare(sent.signalArguments[0][0], "next");
            compare(redirected.count, 0);
            keyClick(Qt.Key_Return, Qt.ControlModifier);
            compare(redirected.count, 1);
            compare(redirected.signalArguments[0][0], "next");
            compare(sent.count, 1);
            compare(composer.draft, "next");
        }

        function test_whileIdleCtrlEnterSends() {
            type("next");
            keyClick(Qt.Key_Return, Qt.ControlModifier);
            compare(sent.count, 1);
            compare(redirected.count, 0);
        }

        function test_eachVerbHasAButtonOfItsOwnWhereItMeansSomething() {
            const verbs = ["tryNow", "pause", "redirect", "queue", "stop", "continue", "send"];
            const shown = () => verbs.filter(name => button(name).visible);
            compare(shown(), ["send"]);
            composer.continuable = true;
            compare(shown(), ["continue", "send"]);
            composer.continuable = false;
            composer.busy = true;
            compare(shown(), ["pause", "stop"]);
            type("next");
            compare(shown(), ["redirect", "queue", "stop"]);
            composer.clear();
            composer.waiting = true;
            compare(shown(), ["tryNow", "stop"]);
            composer.waiting = false;
            composer.busy = false;
            composer.editing = true;
            type("other");
            compare(shown(), ["send"]);
        }

        function test_theButtonsDoWhatTheySay() {
            composer.busy = true;
            mouseClick(button("pause"));
            compare(paused.signalArguments[0][0], true);
            composer.paused = true;
            compare(button("pause").text, "Resume");
            mouseClick(button("pause"));
            compare(paused.signalArguments[1][0], false);
            type("next");
            mouseClick(button("redirect"));
            compare(redirected.count, 1);
            mouseClick(button("queue"));
            compare(sent.count, 1);
            mouseClick(button("stop"));
            compare(stopped.count, 1);
        }

        function test_escLeavesTheMessageThatIsEdited() {
            composer.editing = true;
            keyClick(Qt.Key_Escape);
            compare(cancelled.count, 1);
            compare(stopped.count, 0);
            mouseClick(button("cancelEdit"));
            compare(cancelled.count, 2);
        }

        function test_whatWaitsIsShownAndCanBeTakenBack() {
            queue.append("first");
            queue.append("second  one");
            composer.queue = queue.queue;
            compare(reader.nameless(composer), []);
            compare(reader.names(composer).filter(name => name === "Edit the message that waits").length, 2);
            type("so");
            const list = findChild(composer, "sendQueued");
            verify(!list.visible);
            const before = composer.height;
            queue.hold();
            tryVerify(() => list.visible && composer.height > before);
            mouseClick(list);
            compare(released.count, 1);
            queue.queue.reorder(1, 0);
            compare(queue.words(), ["second  one", "first"]);
            // The keyboard reaches the first one's pencil.
            keyClick(Qt.Key_Backtab);
            for (let i = 0; i < 8 && !page.Window.activeFocusItem.text.startsWith("Edit"); ++i)
                keyClick(Qt.Key_Backtab);
            keyClick(Qt.Key_Space);
            compare(composer.draft, "so\n\nfirst");
            compare(queue.words(), ["second  one"]);
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
                {
                    tag: "lines",
                    text: "the quick brown fox jumps over the lazy dog\n".repeat(23000)
                },
                {
                    tag: "one line",
                    text: "the quick brown fox ".repeat(50000)
                }
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
            for (const name of ["Message", "Redirect", "Queue", "Stop"])
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
            for (const name of ["stop", "queue", "redirect", "message"]) {
                const item = button(name);
                tryVerify(() => item.mapToItem(page, 0, 0).x >= 0);
                tryVerify(() => item.mapToItem(page, 0, 0).x + item.width <= page.width);
            }
            verify(button("message").width > 200);
        }
    }
}
