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
    ScreenReader {
        id: reader
    }
    Sidebar {
        id: sidebar

        anchors.left: parent.left
        height: parent.height
        conversations: conversations.model
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

    TestCase {
        name: "Sidebar"
        when: windowShown

        property Item list

        function initTestCase() {
            list = findChild(sidebar, "list");
        }

        function init() {
            conversations.clear();
            conversations.put(1, "Rivers of Europe", 0);
            conversations.put(2, "Tea", 1);
            conversations.put(3, "Old bridges", 40);
            opened.clear();
            renamed.clear();
            removed.clear();
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
            compare(sidebar.sectionTitle("Today"), "Today");
            compare(sidebar.sectionTitle("Week"), "Last seven days");
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

        function test_theMenuRenamesAndDeletes() {
            keyClick(Qt.Key_Menu);
            tryVerify(() => page.Window.activeFocusItem && reader.names(page).includes("Delete"));
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            tryCompare(removed, "count", 1);
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

        function test_tenThousandConversationsMakeFewRows() {
            for (let id = 100; id < 10100; ++id)
                conversations.put(id, `Conversation ${id}`, 50);
            tryVerify(() => list.count === 10003);
            verify(list.contentItem.children.length < 60, list.contentItem.children.length);
        }
    }
}
