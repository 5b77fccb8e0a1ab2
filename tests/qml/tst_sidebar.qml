// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Rivulet.Fixtures
import Rivulet.Sidebar
import Rivulet.Theme

Item {
    id: page

    width: 420
    height: 480
    LayoutMirroring.childrenInherit: true

    Conversations {
        id: conversations
    }
    Search {
        id: search
    }
    ScreenReader {
        id: reader
    }
    Shortcut {
        id: pause

        property int count: 0

        sequences: ["Ctrl+P"]
        onActivated: ++count
    }
    Sidebar {
        id: sidebar

        property int escapes: 0

        anchors.left: parent.left
        height: parent.height
        conversations: conversations.model
        search: search.model
        Keys.onEscapePressed: ++escapes
    }
    SignalSpy {
        id: opened

        target: sidebar
        signalName: "openRequested"
    }
    SignalSpy {
        id: renamed

        target: sidebar
        signalName: "renameRequested"
    }
    SignalSpy {
        id: removed

        target: sidebar
        signalName: "removeRequested"
    }

    SignalSpy {
        id: pinned

        target: sidebar
        signalName: "pinRequested"
    }

    SignalSpy {
        id: marked

        target: sidebar
        signalName: "unreadRequested"
    }

    SignalSpy {
        id: duplicated

        target: sidebar
        signalName: "duplicateRequested"
    }

    SignalSpy {
        id: archived

        target: sidebar
        signalName: "archiveRequested"
    }

    SignalSpy {
        id: hit

        target: sidebar
        signalName: "hitRequested"
    }

    TestCase {
        name: "Sidebar"
        when: windowShown

        property Item list
        property Item hits
        property Item field

        function initTestCase() {
            list = findChild(sidebar, "list");
            hits = findChild(sidebar, "hits");
            field = findChild(sidebar, "search");
        }

        function choose(line: string) {
            openMenu();
            chooseShown(line);
        }

        function openMenu() {
            keyClick(Qt.Key_Menu);
            tryVerify(() => reader.names(page).includes("Delete"));
        }

        function chooseShown(line: string) {
            const lines = ["Rename", "Pin", "Unpin", "Mark as unread", "Mark as read", "Duplicate", "Archive",
                "Take out of the archive", "Delete"];
            const shown = reader.names(page).filter(name => lines.includes(name));
            for (let i = 0; i <= shown.indexOf(line); ++i)
                keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            tryVerify(() => !reader.names(page).includes("Delete"));
        }

        function look(words: string) {
            sidebar.focusSearch();
            type(words);
        }

        function init() {
            conversations.clear();
            conversations.put(1, "Rivers of Europe", 0);
            conversations.put(2, "Tea", 1);
            conversations.put(3, "Old bridges", 40);
            opened.clear();
            renamed.clear();
            for (const spy of [removed, pinned, marked, duplicated, archived, hit])
                spy.clear();
            field.text = "";
            sidebar.focusList();
            tryCompare(list, "count", 3);
            waitForRendering(sidebar);
            list.currentIndex = 0;
        }

        function cleanup() {
            Theme.zoom = 1;
            page.LayoutMirroring.enabled = false;
        }

        function type(text: string) {
            for (const letter of text)
                keyClick(letter);
        }

        function test_conversationsStandUnderTheirTime() {
            const names = reader.names(sidebar);
            for (const title of ["Rivers of Europe", "Tea", "Old bridges"])
                verify(names.includes(title), title);
            const headings = [];
            for (const item of list.contentItem.children) {
                if (item.section !== undefined && item.text !== undefined && item.visible)
                    headings.push(item.text);
            }
            compare(headings.sort(), ["October 2026", "Today", "Yesterday"]);
        }

        function test_theFirstRowHasTheKeyboardWhenNoneHadIt() {
            list.currentIndex = -1;
            page.forceActiveFocus();
            sidebar.focusList();
            compare(list.currentIndex, 0);
            verify(list.currentItem.activeFocus);
        }

        function test_arrowsMoveAndEnterOpens() {
            keyClick(Qt.Key_Down);
            compare(opened.count, 0);
            keyClick(Qt.Key_Return);
            compare(opened.count, 1);
            compare(Number(opened.signalArguments[0][0]), 2);
        }

        function test_aClickOpens() {
            const row = findChild(sidebar, "conversation 3");
            mouseClick(row);
            compare(Number(opened.signalArguments[0][0]), 3);
        }

        function test_f2RenamesInPlace() {
            keyClick(Qt.Key_F2);
            type("Danube");
            keyClick(Qt.Key_Return);
            compare(renamed.count, 1);
            compare(Number(renamed.signalArguments[0][0]), 1);
            compare(renamed.signalArguments[0][1], "Danube");
            compare(opened.count, 0);
        }

        function test_escGivesTheOldTitleBack() {
            keyClick(Qt.Key_F2);
            type("Danube");
            keyClick(Qt.Key_Escape);
            compare(renamed.count, 0);
            keyClick(Qt.Key_Return);
            compare(opened.count, 1);
        }

        function test_keysThatTheTitleLeavesDoNothingToTheConversation_data() {
            const control = Qt.ControlModifier;
            return [
                { tag: "pin", key: Qt.Key_P, modifiers: control },
                { tag: "unread", key: Qt.Key_U, modifiers: control },
                { tag: "duplicate", key: Qt.Key_D, modifiers: control },
                { tag: "archive", key: Qt.Key_E, modifiers: control },
                { tag: "rename", key: Qt.Key_F2, modifiers: Qt.NoModifier },
                { tag: "menu", key: Qt.Key_F10, modifiers: Qt.ShiftModifier }
            ];
        }

        function test_keysThatTheTitleLeavesDoNothingToTheConversation(row) {
            keyClick(Qt.Key_F2);
            type("Danube");
            keyClick(row.key, row.modifiers);
            verify(list.currentItem.renaming);
            for (const spy of [removed, pinned, marked, duplicated, archived, opened])
                compare(spy.count, 0, spy.signalName);
            verify(!reader.names(page).includes("Delete"));
            keyClick(Qt.Key_Escape);
            verify(!list.currentItem.renaming);
        }

        function test_aRowThatGoesWhileItsTitleIsTypedEndsThat() {
            keyClick(Qt.Key_F2);
            type("Danube");
            conversations.clear();
            tryCompare(list, "count", 0);
            waitForRendering(sidebar);
            conversations.put(5, "Elbe", 0);
            tryVerify(() => findChild(sidebar, "conversation 5")?.renaming === false);
        }

        function test_theTitleThatIsTypedIsKeptWhereTheKeyboardGoesElsewhere() {
            keyClick(Qt.Key_F2);
            type("Danube");
            mouseClick(field);
            verify(field.activeFocus);
            compare(renamed.count, 1);
            compare(renamed.signalArguments[0][1], "Danube");
        }

        function test_aKeyOfTheRowIsNotTheWindows() {
            pause.count = 0;
            keyClick(Qt.Key_P, Qt.ControlModifier);
            compare(pinned.count, 1);
            compare(pause.count, 0);
            sidebar.focusSearch();
            keyClick(Qt.Key_P, Qt.ControlModifier);
            compare(pinned.count, 1);
            compare(pause.count, 1);
        }

        function test_anEmptyTitleIsNotKept() {
            keyClick(Qt.Key_F2);
            keyClick(Qt.Key_Delete);
            keyClick(Qt.Key_Return);
            compare(renamed.count, 0);
        }

        function test_deleteAsksToRemove() {
            keyClick(Qt.Key_Delete);
            compare(removed.count, 1);
            compare(Number(removed.signalArguments[0][0]), 1);
        }

        function test_theMenuDoesWhatTheKeysDo_data() {
            const control = Qt.ControlModifier;
            return [
                { tag: "pin", line: "Pin", key: Qt.Key_P, modifiers: control, spy: pinned, value: true },
                { tag: "unread", line: "Mark as unread", key: Qt.Key_U, modifiers: control, spy: marked, value: true },
                { tag: "duplicate", line: "Duplicate", key: Qt.Key_D, modifiers: control, spy: duplicated },
                { tag: "archive", line: "Archive", key: Qt.Key_E, modifiers: control, spy: archived, value: true },
                { tag: "delete", line: "Delete", key: Qt.Key_Delete, modifiers: Qt.NoModifier, spy: removed }
            ];
        }

        function test_theMenuDoesWhatTheKeysDo(row) {
            choose(row.line);
            tryCompare(row.spy, "count", 1);
            list.currentItem.forceActiveFocus();
            keyClick(row.key, row.modifiers);
            compare(row.spy.count, 2);
            for (const asked of [row.spy.signalArguments[0], row.spy.signalArguments[1]]) {
                compare(Number(asked[0]), 1);
                compare(asked[1], row.value);
            }
        }

        function test_theMenuOffersToTakeBackWhatIsDone() {
            conversations.setPinned(1, true);
            conversations.setUnread(1, true);
            list.currentIndex = 0;
            choose("Unpin");
            tryCompare(pinned, "count", 1);
            compare(pinned.signalArguments[0][1], false);
            list.currentItem.forceActiveFocus();
            choose("Mark as read");
            tryCompare(marked, "count", 1);
            compare(marked.signalArguments[0][1], false);
        }

        function test_theMenuRenames() {
            choose("Rename");
            type("Danube");
            keyClick(Qt.Key_Return);
            compare(renamed.count, 1);
            compare(renamed.signalArguments[0][1], "Danube");
        }

        function test_theMenuIsForItsConversationWhateverItsRowShows_data() {
            return [
                { tag: "rename", line: "Rename", spy: null },
                { tag: "pin", line: "Pin", spy: pinned },
                { tag: "unread", line: "Mark as unread", spy: marked },
                { tag: "duplicate", line: "Duplicate", spy: duplicated },
                { tag: "archive", line: "Archive", spy: archived },
                { tag: "delete", line: "Delete", spy: removed }
            ];
        }

        function test_theMenuIsForItsConversationWhateverItsRowShows(data) {
            conversations.fill(1000);
            tryCompare(list, "count", 1000);
            list.currentIndex = 0;
            const row = list.currentItem;
            compare(Number(row.conversationId), 1);
            openMenu();
            list.currentIndex = 500;
            for (let at = 0; Number(row.conversationId) === 1 && at < 1000; at += 5) {
                list.positionViewAtIndex(at, ListView.Center);
                waitForPolish(page.Window.window);
            }
            verify(Number(row.conversationId) !== 1, "another conversation has taken the row");
            chooseShown(data.line);
            if (data.spy) {
                tryCompare(data.spy, "count", 1);
                compare(Number(data.spy.signalArguments[0][0]), 1);
            } else {
                verify(!row.renaming);
            }
        }

        function test_theRightButtonOpensTheMenu() {
            const row = findChild(sidebar, "conversation 2");
            mouseClick(row, row.width / 2, row.height / 2, Qt.RightButton);
            tryVerify(() => reader.names(page).includes("Archive"));
            compare(opened.count, 0);
            keyClick(Qt.Key_Escape);
            tryVerify(() => !reader.names(page).includes("Delete"));
        }

        function test_homeAndEndGoToTheFirstAndTheLast() {
            keyClick(Qt.Key_End);
            compare(list.currentIndex, 2);
            keyClick(Qt.Key_Home);
            compare(list.currentIndex, 0);
            keyClick(Qt.Key_PageDown);
            compare(list.currentIndex, 2);
        }

        function test_anUnreadConversationSaysSo() {
            conversations.setUnread(2, true);
            tryVerify(() => reader.names(sidebar).includes("Tea, unread"));
            const dot = findChild(findChild(sidebar, "conversation 2"), "unreadDot");
            verify(dot.visible);
            conversations.setRunning(2, true);
            tryVerify(() => reader.names(sidebar).includes("Tea, answering"));
            verify(!dot.visible);
            conversations.setRunning(2, false);
        }

        function test_theArchiveIsAListOfItsOwn() {
            const archive = findChild(sidebar, "archive");
            verify(!archive.visible);
            conversations.setArchived(3, true);
            tryVerify(() => archive.visible);
            waitForPolish(page.Window.window);
            compare(list.count, 2);
            verify(reader.names(sidebar).includes("Archive, 1 conversation(s)"));
            mouseClick(archive);
            tryCompare(list, "count", 1);
            tryVerify(() => reader.names(sidebar).includes("Old bridges"));
            verify(reader.names(sidebar).includes("Leave the archive"));
            list.currentIndex = 0;
            sidebar.focusList();
            keyClick(Qt.Key_E, Qt.ControlModifier);
            compare(archived.signalArguments[0][1], false);
            mouseClick(archive);
            tryCompare(list, "count", 2);
        }

        function test_theSearchNamesItsKeyUntilItIsUsed() {
            page.LayoutMirroring.enabled = true;
            const words = findChild(field, "words");
            compare(words.effectiveHorizontalAlignment, TextInput.AlignRight);
            page.LayoutMirroring.enabled = false;
            const hint = () => Array.from(field.children).find(item => item.text === "Ctrl+Shift+F");
            verify(hint().visible);
            sidebar.focusSearch();
            verify(!hint().visible);
            type("r");
            sidebar.focusList();
            verify(!hint().visible);
        }

        function test_whatIsTypedIsLookedForAtOnce() {
            look("riv");
            compare(search.model.text, "riv");
            verify(!list.visible);
            compare(findChild(sidebar, "searchState").text, "Searching…");
            search.answer(330, 2, "river");
            tryCompare(hits, "count", 2);
            const names = reader.names(sidebar);
            verify(names.some(name => name.startsWith("Answer in \"Conversation 30\"")
                && name.endsWith("<i>No. 330</i>: river and so on")), names);
            verify(names.some(name => name.startsWith("You, in \"Conversation 29\"")), names);
            compare(reader.nameless(sidebar), []);
        }

        function test_enterOpensTheFirstHitAndArrowsReachTheOthers() {
            look("river");
            search.answer(330, 3, "river");
            tryCompare(hits, "count", 3);
            keyClick(Qt.Key_Return);
            compare(hit.count, 1);
            compare(Array.from(hit.signalArguments[0]).map(value => value.toString()), ["30", "330", "river"]);
            keyClick(Qt.Key_Down);
            verify(hits.activeFocus);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            compare(Number(hit.signalArguments[1][1]), 329);
            keyClick(Qt.Key_Up);
            keyClick(Qt.Key_Up);
            verify(field.activeFocus);
        }

        function test_escGoesFromTheHitsBackToTheSearchAndNoFurther() {
            look("river");
            search.answer(330, 3, "river");
            tryCompare(hits, "count", 3);
            keyClick(Qt.Key_Down);
            verify(hits.activeFocus);
            sidebar.escapes = 0;
            keyClick(Qt.Key_Escape);
            verify(field.activeFocus);
            compare(field.text, "river");
            compare(sidebar.escapes, 0);
        }

        function test_aClickOpensAHit() {
            look("river");
            search.answer(330, 3, "river");
            tryVerify(() => findChild(sidebar, "hit 328"));
            mouseClick(findChild(sidebar, "hit 328"));
            compare(Number(hit.signalArguments[0][1]), 328);
        }

        function test_furtherHitsComeWhileOneScrolls() {
            look("river");
            search.answer(400, 40, "river", true);
            tryCompare(hits, "count", 40);
            const before = search.asked();
            hits.positionViewAtEnd();
            tryVerify(() => search.asked() === before + 1);
            search.answer(360, 40, "river");
            tryCompare(hits, "count", 80);
        }

        function test_escEmptiesTheSearchAndThenLeavesIt() {
            look("river");
            search.answer(330, 3, "river");
            keyClick(Qt.Key_Escape);
            compare(field.text, "");
            verify(list.visible);
            verify(field.activeFocus);
            keyClick(Qt.Key_Escape);
            verify(list.activeFocus);
        }

        function test_whereNothingIsFoundItSaysSo() {
            look("river");
            search.answer(1, 0, "");
            const state = findChild(sidebar, "searchState");
            tryCompare(state, "text", "No message has all of these words.");
            verify(state.visible);
            type("s");
            search.answerWhileIndexing();
            tryCompare(state, "text", "Nothing found yet. Older messages are still being made searchable.");
        }

        function test_aFailureIsToldAndCanBeTriedAgain() {
            look("river");
            search.fail("The disk does not answer.");
            tryCompare(findChild(sidebar, "searchState"), "text", "The disk does not answer.");
            const before = search.asked();
            keyClick(Qt.Key_Tab);
            tryVerify(() => reader.names(sidebar).includes("Try again"));
            mouseClick(findChild(sidebar, "tryAgain"));
            compare(search.asked(), before + 1);
            search.answer(330, 1, "river");
            tryCompare(hits, "count", 1);
        }

        function test_aRunningConversationSaysSo() {
            conversations.setRunning(2, true);
            tryVerify(() => reader.names(sidebar).includes("Tea, answering"));
            conversations.setRunning(2, false);
            tryVerify(() => reader.names(sidebar).includes("Tea"));
        }

        function test_anUntitledConversationHasAName() {
            conversations.put(4, "", 0);
            tryVerify(() => reader.names(sidebar).filter(name => name === "New conversation").length === 2);
        }

        function test_whenEmptyItSaysWhatWillBeHere() {
            const hint = findChild(sidebar, "empty");
            verify(!hint.visible);
            conversations.clear();
            tryVerify(() => hint.visible);
        }

        function test_everythingHasAName() {
            compare(reader.nameless(sidebar), []);
        }

        function test_tabReachesHeadListAndSettings() {
            const seen = [];
            for (let i = 0; i < 6; ++i) {
                seen.push(page.Window.activeFocusItem?.Accessible.name ?? "");
                keyClick(Qt.Key_Tab);
            }
            for (const name of ["Hide the sidebar", "New conversation", "Settings"])
                verify(seen.includes(name), `${name} in ${seen}`);
        }

        function test_theListIsAsCheapAsWhatIsSeenOfIt() {
            const before = conversations.reads();
            conversations.fill(100000);
            tryVerify(() => list.count === 100000);
            waitForRendering(sidebar);
            verify(list.contentItem.children.length < 60, list.contentItem.children.length);
            verify(conversations.reads() - before < 2000, conversations.reads() - before);

            const opened = conversations.reads();
            list.positionViewAtEnd();
            waitForRendering(sidebar);
            list.positionViewAtIndex(50000, ListView.Center);
            waitForRendering(sidebar);
            list.currentIndex = 50000;
            verify(list.currentItem.title.length > 0);
            verify(list.contentItem.children.length < 90, list.contentItem.children.length);
            verify(conversations.reads() - opened < 4000, conversations.reads() - opened);

            // One that changes costs its own row.
            const changed = conversations.reads();
            conversations.setUnread(50001, true);
            waitForRendering(sidebar);
            verify(conversations.reads() - changed < 200, conversations.reads() - changed);
        }
    }
}
