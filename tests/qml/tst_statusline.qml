// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Rivulet.Composer
import Rivulet.Models

Item {
    id: page

    width: 600
    height: 100

    StatusLine {
        id: line

        width: parent.width
        phase: ChatSession.Phase.Idle
        since: new Date()
        tokensPerSecond: 0
        providerName: "Demo"
        model: "tour"
    }

    TestCase {
        name: "StatusLine"
        when: windowShown

        function init() {
            line.tokensPerSecond = 0;
            line.phase = ChatSession.Phase.Idle;
        }

        function test_eachPhaseHasItsWords_data() {
            return [
                { tag: "idle", phase: ChatSession.Phase.Idle, words: "" },
                { tag: "connecting", phase: ChatSession.Phase.Connecting, words: "Connecting" },
                { tag: "waiting", phase: ChatSession.Phase.Waiting, words: "Waiting for the first token, 3 s" },
                { tag: "working", phase: ChatSession.Phase.Working, words: "At work, 3 s" },
                { tag: "asking", phase: ChatSession.Phase.Asking, words: "Waiting for your answer" },
                { tag: "thinking", phase: ChatSession.Phase.Thinking, words: "Thinking, 3 s" },
                { tag: "writing", phase: ChatSession.Phase.Writing, words: "Writing, 84 tokens/s" },
                { tag: "paused", phase: ChatSession.Phase.Paused, words: "Paused" },
                { tag: "stalled", phase: ChatSession.Phase.Stalled,
                  words: "Still connected, nothing came for 23 s" },
                { tag: "offline", phase: ChatSession.Phase.Offline,
                  words: "No network. It goes on as soon as there is one" },
                { tag: "stopped", phase: ChatSession.Phase.Stopped, words: "Stopped" },
                { tag: "cut off", phase: ChatSession.Phase.CutOff, words: "Cut off here" },
                { tag: "failed", phase: ChatSession.Phase.Failed, words: "Failed" }
            ];
        }

        function test_eachPhaseHasItsWords(data) {
            line.since = new Date(Date.now() - 3200);
            line.tokensPerSecond = 84.4;
            line.phase = data.phase;
            compare(line.words, data.words);
        }

        function test_noRateIsShownBeforeThereIsOne() {
            line.phase = ChatSession.Phase.Writing;
            compare(line.words, "Writing");
        }

        function test_itCountsSecondsOnlyWhileItWaitsOrThinks() {
            verify(!line.counting);
            line.phase = ChatSession.Phase.Writing;
            verify(!line.counting);
            line.since = new Date(Date.now() - 1900);
            line.phase = ChatSession.Phase.Waiting;
            verify(line.counting);
            compare(line.seconds, 1);
            tryCompare(line, "seconds", 2);
        }

        function test_itSaysWhereTheMessageGoes() {
            compare(line.target, "Demo · tour");
            verify(line.Accessible.name.includes("Demo · tour"));
        }

        function test_itCountsDownToTheNextAttempt() {
            line.trouble = "The connection was lost.";
            line.retryAt = new Date(Date.now() + 3500);
            line.phase = ChatSession.Phase.Retrying;
            compare(line.words, "The connection was lost. Trying again in 4 s");
            line.retryAt = new Date(Date.now() - 10);
            compare(line.words, "The connection was lost. Trying again");
        }
    }
}
