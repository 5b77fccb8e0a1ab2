// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Rivulet.App
import Rivulet.Fixtures
import Rivulet.Settings
import Rivulet.Theme

Item {
    id: page

    width: 800
    height: 900
    LayoutMirroring.childrenInherit: true

    SettingsStage {
        id: stage
    }
    ScreenReader {
        id: reader
    }
    SettingsPage {
        id: settings

        anchors.fill: parent
        providers: stage.providers
        preferences: stage.preferences
        version: "1.2.3"
    }
    SignalSpy {
        id: closed

        target: settings
        signalName: "closeRequested"
    }

    TestCase {
        name: "Settings"
        when: windowShown

        readonly property ProviderEditor editor: stage.providers.editor

        function init() {
            stage.clear();
            settings.visible = false;
            settings.visible = true;
            closed.clear();
            tryVerify(() => !stage.providers.looking);
        }

        function cleanup() {
            Theme.zoom = 1;
            page.width = 800;
            page.LayoutMirroring.enabled = false;
        }

        /// Adds a server of the user's own, and shows it.
        function addServer(address: string) {
            stage.providers.addPreset("custom");
            settings.showEditor();
            replace("address", address);
        }

        function field(name: string): Item {
            return findChild(settings, name);
        }

        function replace(name: string, text: string) {
            field(name).forceActiveFocus();
            field(name).selectAll();
            keyClick(Qt.Key_Backspace);
            for (const letter of text)
                keyClick(letter);
        }

        function chooseSignIn() {
            const credential = editor.credential;
            credential.source = CredentialSettings.Source.OAuth;
            credential.authorizationUrl = "https://id.example/authorize";
            credential.tokenUrl = "https://id.example/token";
            credential.clientId = "rivulet";
        }

        function names(): var {
            return reader.names(settings);
        }

        function test_theDemoAnswersAtFirst() {
            compare(stage.providers.currentId, "demo");
            verify(names().includes("Look at Demo"));
        }

        function test_itLooksForServersWhenItIsOpenedAndCanLookAgain() {
            verify(stage.providers.looked);
            verify(names().includes("Look again"));
        }

        function test_coloursAndZoomAreKept() {
            const colours = field("colours");
            colours.forceActiveFocus();
            keyClick(Qt.Key_Down);
            compare(stage.preferences.colorMode, colours.currentIndex);
            field("zoom").forceActiveFocus();
            const before = stage.preferences.zoom;
            keyClick(Qt.Key_Down);
            verify(stage.preferences.zoom > before);
            stage.preferences.zoom = 1;
            tryCompare(field("zoom"), "displayText", "100 %");
            stage.preferences.colorMode = Preferences.ColorMode.System;
        }

        function test_whatIsWrongWithAnAddressStandsBesideIt() {
            addServer("ftp://example.org");
            verify(editor.addressProblem.length > 0);
            verify(field("address").faulty);
            verify(!field("test").enabled);
            replace("address", "https://works.example/v1");
            compare(editor.addressProblem, "");
            verify(!field("address").faulty);
            verify(field("test").enabled);
        }

        function test_limitsAreFoldedUntilOneIsSet() {
            addServer("https://works.example/v1");
            verify(!field("tokensPerMinuteField").visible);
            field("unfoldLimits").forceActiveFocus();
            keyClick(Qt.Key_Space);
            verify(field("tokensPerMinuteField").visible);
            replace("requestsPerMinuteField", "x");
            verify(field("requestsPerMinuteField").faulty);
            verify(field("requestsPerMinuteField").Accessible.description.length > 0);
            replace("requestsPerMinuteField", "50");
            verify(!field("requestsPerMinuteField").faulty);
            compare(reader.nameless(settings), []);
            const id = editor.providerId;
            stage.providers.edit("demo");
            stage.providers.edit(id);
            verify(field("requestsPerMinuteField").visible);
            compare(field("requestsPerMinuteField").text, "50");
        }

        function test_whoStandsInIsChosenAndForHowLongItIsWaited() {
            addServer("https://first.example/v1");
            const first = editor.providerId;
            addServer("https://second.example/v1");
            verify(!field("fallbackAfterField").visible);
            const fallback = field("fallback");
            fallback.forceActiveFocus();
            keyClick(Qt.Key_Down);
            compare(editor.fallback.choice, 1);
            verify(field("fallbackAfterField").visible);
            compare(field("fallbackAfterField").text, "30");
            replace("fallbackAfterField", "x");
            verify(field("fallbackAfterField").faulty);
            replace("fallbackAfterField", "5");
            verify(!field("fallbackAfterField").faulty);
            verify(names().includes("If it does not answer"));
            compare(reader.nameless(settings), []);
            stage.providers.remove(first);
        }

        function test_howTheServerIsReachedIsFoldedUntilSomethingIsChosen() {
            addServer("https://works.example/v1");
            verify(!field("proxyMode").visible);
            field("unfoldNetwork").forceActiveFocus();
            keyClick(Qt.Key_Space);
            verify(field("proxyMode").visible);
            verify(!field("proxyAddress").visible);
            field("proxyMode").forceActiveFocus();
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            compare(editor.network.proxyMode, NetworkSettings.ProxyMode.Http);
            verify(field("proxyAddress").visible);
            verify(field("proxyAddressField").faulty);
            replace("proxyAddressField", "proxy.example:3128");
            verify(!field("proxyAddressField").faulty);
            compare(editor.network.proxyProblem, "");
            for (const name of ["Proxy", "Proxy address", "Proxy user", "Trusted authorities", "Client certificate"])
                verify(names().includes(name), name);
            stage.providers.edit("demo");
            stage.providers.edit("custom");
            verify(field("proxyMode").visible);
            compare(field("proxyAddressField").text, "proxy.example:3128");
        }

        function test_aProxyPasswordIsHandedOverAndClearedAtOnce() {
            addServer("https://works.example/v1");
            editor.network.proxyMode = NetworkSettings.ProxyMode.Http;
            replace("proxyAddressField", "proxy.example:3128");
            replace("proxyUserField", "me");
            const password = field("proxyPasswordField");
            compare(password.echoMode, TextInput.Password);
            replace("proxyPasswordField", "secret");
            keyClick(Qt.Key_Return);
            compare(password.text, "");
            tryCompare(editor, "proxyPasswordStored", true);
        }

        function test_onlyTheFieldsOfTheChosenSourceOfTheKeyAreThere() {
            addServer("https://works.example/v1");
            verify(field("key").visible);
            field("keySource").forceActiveFocus();
            keyClick(Qt.Key_Down);
            compare(editor.credential.source, CredentialSettings.Source.Environment);
            verify(!field("key").visible);
            verify(field("variableField").faulty);
            verify(!field("test").enabled);
            replace("variableField", "RIVULET_TEST_NO_KEY");
            verify(!field("variableField").faulty);
            verify(field("variableReport").text.includes("not set"));
            verify(field("test").enabled);
            compare(reader.nameless(settings), []);

            field("keySource").forceActiveFocus();
            keyClick(Qt.Key_Down);
            compare(editor.credential.source, CredentialSettings.Source.Program);
            verify(!field("variableField").visible);
            replace("keyCommandField", "rivulet-no-such-program");
            verify(field("keyCommandField").faulty);
            verify(field("keyCommandField").Accessible.description.includes("rivulet-no-such-program"));
            compare(reader.nameless(settings), []);

            field("keySource").forceActiveFocus();
            keyClick(Qt.Key_Down);
            compare(editor.credential.source, CredentialSettings.Source.OAuth);
            for (const name of ["authorizationUrlField", "tokenUrlField", "clientIdField"])
                verify(field(name).faulty, name);
            verify(!field("clientSecretField").visible);
            replace("authorizationUrlField", "https://id.example/authorize");
            replace("tokenUrlField", "https://id.example/token");
            replace("clientIdField", "rivulet");
            verify(field("clientSecretField").visible);
            verify(field("signIn").visible);
            compare(reader.nameless(settings), []);
            field("grant").forceActiveFocus();
            keyClick(Qt.Key_Down);
            verify(!field("authorizationUrlField").visible);
            verify(!field("signIn").visible);

            // What was typed before is there again.
            field("keySource").forceActiveFocus();
            keyClick(Qt.Key_Up);
            compare(field("keyCommandField").text, "rivulet-no-such-program");
        }

        function test_aClientSecretIsHandedOverAndClearedAtOnce() {
            addServer("https://works.example/v1");
            chooseSignIn();
            const secret = field("clientSecretField");
            compare(secret.echoMode, TextInput.Password);
            replace("clientSecretField", "secret");
            keyClick(Qt.Key_Return);
            compare(secret.text, "");
            tryCompare(editor, "clientSecretStored", true);
            compare(stage.storedKey(editor.providerId + "#client-secret"), "secret");
            field("removeClientSecret").forceActiveFocus();
            keyClick(Qt.Key_Space);
            tryCompare(editor, "clientSecretStored", false);
        }

        function test_aBrowserOpensOnlyToSignIn() {
            addServer("https://works.example/v1");
            const before = stage.pagesOpened();
            chooseSignIn();
            compare(stage.pagesOpened(), before);
            field("signIn").forceActiveFocus();
            keyClick(Qt.Key_Space);
            tryVerify(() => stage.pagesOpened() === before + 1);
            verify(field("signInReport").text.includes("browser"));
            keyClick(Qt.Key_Space);
            compare(editor.signInState, ProviderEditor.SignInState.SignedOut);
        }

        function test_whoIsSignedInCanSignOut() {
            addServer("https://works.example/v1");
            chooseSignIn();
            const id = editor.providerId;
            stage.keepSignIn(id);
            stage.providers.edit("demo");
            stage.providers.edit(id);
            tryCompare(editor, "signInState", ProviderEditor.SignInState.SignedIn);
            verify(!field("signIn").visible);
            compare(reader.nameless(settings), []);
            field("signOut").forceActiveFocus();
            keyClick(Qt.Key_Space);
            compare(editor.signInState, ProviderEditor.SignInState.SignedOut);
            tryVerify(() => stage.storedKey(id + "#refresh-token") === "");
            verify(!field("signOut").visible);
            // The keyboard goes on where it is.
            verify(field("signIn").activeFocus);
        }

        function test_aPrintedKeyIsAskedAboutAndPassesTheTest() {
            addServer("https://works.example/v1");
            const before = stage.programsAsked();
            editor.credential.source = CredentialSettings.Source.Program;
            replace("keyCommandField", "echo right");
            compare(stage.programsAsked(), before);
            mouseClick(field("test"));
            tryCompare(editor, "testResult", ProviderEditor.TestResult.Passed);
            compare(stage.programsAsked(), before + 1);
        }

        function test_aTypedKeyIsHandedOverAndClearedAtOnce() {
            addServer("https://works.example/v1");
            const key = field("key");
            compare(key.echoMode, TextInput.Password);
            replace("key", "right");
            keyClick(Qt.Key_Return);
            compare(key.text, "");
            tryCompare(editor, "keyState", ProviderEditor.KeyState.SessionOnly);
            compare(stage.storedKey(editor.providerId), "right");
            verify(key.Accessible.description.length > 0);
            verify(names().includes("Remove the key"));
        }

        function test_aWorkingServerPassesItsTest() {
            addServer("https://works.example/v1");
            replace("key", "right");
            keyClick(Qt.Key_Return);
            mouseClick(field("test"));
            tryCompare(editor, "testResult", ProviderEditor.TestResult.Passed);
            tryVerify(() => field("test").enabled);
            compare(editor.models, ["small", "large"]);
        }

        function test_aWrongKeyIsNamed() {
            addServer("https://works.example/v1");
            replace("key", "wrong");
            keyClick(Qt.Key_Return);
            mouseClick(field("test"));
            tryCompare(editor, "testResult", ProviderEditor.TestResult.Failed);
            tryVerify(() => names().length > 0 && names().some(name => name.includes("failed")));
        }

        function test_aModelIsChosenOrTyped() {
            addServer("https://works.example/v1");
            replace("key", "right");
            keyClick(Qt.Key_Return);
            editor.loadModels();
            tryCompare(editor, "models", ["small", "large"]);
            mouseClick(field("models"));
            tryVerify(() => reader.names(page).includes("large"));
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            tryCompare(editor, "model", "large");
            compare(field("model").text, "large");
            replace("model", "mine");
            compare(editor.model, "mine");
        }

        function test_aServerIsUsedFromItsPage() {
            addServer("https://works.example/v1");
            mouseClick(field("use"));
            compare(stage.providers.currentId, editor.providerId);
            verify(!settings.editing);
        }

        function test_theDemoCanNotBeChanged() {
            settings.edit("demo");
            verify(!field("address").visible);
            verify(field("test").visible);
        }

        function test_escGoesBackOnePageAtATime() {
            settings.edit("demo");
            keyClick(Qt.Key_Escape);
            verify(!settings.editing);
            compare(closed.count, 0);
            keyClick(Qt.Key_Escape);
            compare(closed.count, 1);
        }

        function test_everythingHasAName() {
            compare(reader.nameless(settings), []);
            addServer("https://works.example/v1");
            compare(reader.nameless(settings), []);
        }

        function test_tabReachesEverythingAndBringsItIntoView() {
            page.height = 300;
            const seen = [];
            for (let i = 0; i < 8; ++i) {
                const item = page.Window.activeFocusItem;
                seen.push(item?.Accessible.name ?? "");
                const y = item.mapToItem(page, 0, 0).y;
                verify(y >= 0 && y + item.height <= page.height, `${seen[i]} is out of view`);
                keyClick(Qt.Key_Tab);
            }
            page.height = 900;
            for (const name of ["Back", "Add a server", "Look again", "Colours", "Zoom", "Show log"])
                verify(seen.includes(name), `${name} in ${seen}`);
        }

        function test_atDoubleSizeInTheSmallestWindowNothingIsCutOff() {
            page.width = 420;
            Theme.zoom = 2;
            addServer("https://works.example/v1");
            for (const name of ["address", "key", "model", "test"]) {
                const item = field(name);
                const x = item.mapToItem(page, 0, 0).x;
                verify(x >= 0 && x + item.width <= page.width, name);
                verify(item.width > 60, `${name} is ${item.width} wide`);
            }
        }

        function test_fromRightToLeftTheWayBackIsAtTheRight() {
            const back = () => page.Window.activeFocusItem.mapToItem(page, 0, 0).x;
            const before = back();
            page.LayoutMirroring.enabled = true;
            tryVerify(() => back() > before);
        }
    }
}
