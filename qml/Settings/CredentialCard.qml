// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// Where the server's key comes from, with the fields of that source alone.
Card {
    id: root

    required property ProviderEditor editor

    readonly property CredentialSettings credential: editor.credential
    readonly property bool isVariable: credential.source === CredentialSettings.Source.Environment
    readonly property bool isCommand: credential.source === CredentialSettings.Source.Program
    readonly property bool isSignIn: credential.source === CredentialSettings.Source.OAuth
    readonly property bool usesBrowser: credential.grant === CredentialSettings.Grant.Browser

    signal linkActivated(url link)

    spacing: Theme.gap16

    FormRow {
        label: qsTr("Key from")

        ComboBox {
            objectName: "keySource"
            anchors.left: parent.left
            width: Math.min(parent.width, Theme.px(280))
            // In the order of CredentialSettings.Source.
            model: [qsTr("Keychain"), qsTr("Environment variable"), qsTr("Command"), qsTr("Sign-in with OAuth")]
            currentIndex: root.credential.source
            Accessible.name: qsTr("Where the key comes from")
            onActivated: index => root.credential.source = index
        }
    }
    KeyRow {
        visible: root.credential.source === CredentialSettings.Source.Keychain
        editor: root.editor
        onLinkActivated: link => root.linkActivated(link)
    }
    FormRow {
        visible: root.isVariable
        label: qsTr("Variable")

        Column {
            width: parent.width
            spacing: Theme.gap4

            TypedField {
                objectName: "variable"
                name: qsTr("Name of the environment variable")
                value: root.credential.variable
                problem: root.credential.variableProblem
                hint: "EXAMPLE_API_KEY"
                onEdited: text => root.credential.variable = text
            }
            Label {
                objectName: "variableReport"
                width: parent.width
                visible: root.credential.variableProblem.length === 0
                secondary: true
                text: root.credential.variableFound ? qsTr("It is set.")
                    : qsTr("It is not set. Rivulet sees the variables that there were when it was started.")
                color: root.credential.variableFound ? Theme.textSecondary : Theme.warning
            }
        }
    }
    FormRow {
        visible: root.isCommand
        label: qsTr("Command")
        explanation: qsTr("The first line that it prints is the key")

        Column {
            width: parent.width
            spacing: Theme.gap4

            TypedField {
                objectName: "keyCommand"
                name: qsTr("Command that prints the key")
                value: root.credential.command
                problem: root.credential.commandProblem
                onEdited: text => root.credential.command = text
            }
            Label {
                width: parent.width
                secondary: true
                text: qsTr("You are asked before it runs for the first time.")
            }
        }
    }
    FormRow {
        visible: root.isSignIn
        label: qsTr("Who signs in")

        ComboBox {
            objectName: "grant"
            anchors.left: parent.left
            width: Math.min(parent.width, Theme.px(280))
            // In the order of CredentialSettings.Grant.
            model: [qsTr("You, with your browser"), qsTr("Rivulet, with its secret")]
            currentIndex: root.credential.grant
            Accessible.name: qsTr("Who signs in")
            onActivated: index => root.credential.grant = index
        }
    }
    FormRow {
        visible: root.isSignIn && root.usesBrowser
        label: qsTr("Authorization address")
        explanation: qsTr("Where you sign in")

        TypedField {
            objectName: "authorizationUrl"
            name: qsTr("Authorization address")
            value: root.credential.authorizationUrl
            problem: root.credential.authorizationProblem
            hint: "https://id.example/authorize"
            onEdited: text => root.credential.authorizationUrl = text
        }
    }
    FormRow {
        visible: root.isSignIn
        label: qsTr("Token address")
        explanation: qsTr("Where keys are given out")

        TypedField {
            objectName: "tokenUrl"
            name: qsTr("Token address")
            value: root.credential.tokenUrl
            problem: root.credential.tokenProblem
            hint: "https://id.example/token"
            onEdited: text => root.credential.tokenUrl = text
        }
    }
    FormRow {
        visible: root.isSignIn && root.usesBrowser
        label: qsTr("Revocation address")
        explanation: qsTr("If it has one")

        TypedField {
            objectName: "revocationUrl"
            name: qsTr("Revocation address, where the server is told that you sign out")
            value: root.credential.revocationUrl
            problem: root.credential.revocationProblem
            hint: "https://id.example/revoke"
            onEdited: text => root.credential.revocationUrl = text
        }
    }
    FormRow {
        visible: root.isSignIn
        label: qsTr("Client id")

        TypedField {
            objectName: "clientId"
            name: qsTr("Client id")
            value: root.credential.clientId
            problem: root.credential.clientIdProblem
            onEdited: text => root.credential.clientId = text
        }
    }
    FormRow {
        visible: root.isSignIn
        label: qsTr("Scopes")
        explanation: qsTr("If it asks for some")

        TypedField {
            objectName: "scopes"
            name: qsTr("Scopes")
            value: root.credential.scopes
            problem: root.credential.scopesProblem
            onEdited: text => root.credential.scopes = text
        }
    }
    FormRow {
        visible: root.isSignIn
        label: qsTr("Audience")
        explanation: qsTr("If it asks for one")

        TypedField {
            objectName: "audience"
            name: qsTr("Audience")
            value: root.credential.audience
            problem: ""
            onEdited: text => root.credential.audience = text
        }
    }
    FormRow {
        // The secret belongs to these addresses.
        visible: root.isSignIn && root.credential.complete && root.editor.addressProblem.length === 0
        label: qsTr("Client secret")
        explanation: root.usesBrowser ? qsTr("If Rivulet has one") : ""

        Column {
            width: parent.width
            spacing: Theme.gap8

            SecretField {
                objectName: "clientSecret"
                name: qsTr("Client secret")
                stored: root.editor.clientSecretStored
                onHandedOver: secret => root.editor.setClientSecret(secret)
            }
            Button {
                objectName: "removeClientSecret"
                visible: root.editor.clientSecretStored
                iconName: "trash"
                text: qsTr("Remove the client secret")
                onClicked: root.editor.removeClientSecret()
            }
        }
    }
    FormRow {
        id: signIn

        readonly property bool signingIn: root.editor.signInState === ProviderEditor.SignInState.SigningIn
        readonly property string report: signingIn ? qsTr("Sign in on the page that opens in your browser.")
            : root.editor.signInState === ProviderEditor.SignInState.SignedIn ? qsTr("You are signed in.")
            : root.editor.signInProblem.length > 0 ? root.editor.signInProblem
            : qsTr("You are not signed in.")

        visible: root.isSignIn && root.usesBrowser && root.credential.complete
        label: qsTr("Sign-in")
        onReportChanged: {
            if (visible)
                Accessible.announce(report);
        }

        Column {
            width: parent.width
            spacing: Theme.gap8

            Label {
                objectName: "signInReport"
                width: parent.width
                secondary: root.editor.signInProblem.length === 0
                text: signIn.report
                color: root.editor.signInProblem.length > 0 ? Theme.danger : Theme.textSecondary
            }
            Button {
                objectName: "signOut"
                visible: root.editor.signInState === ProviderEditor.SignInState.SignedIn
                text: qsTr("Sign out")
                hint: qsTr("Forgets the sign-in. The server's address and your conversations stay.")
                onClicked: {
                    root.editor.signOut();
                    signInButton.forceActiveFocus();
                }
            }
            Button {
                id: signInButton

                objectName: "signIn"
                visible: root.editor.signInState !== ProviderEditor.SignInState.SignedIn
                enabled: root.editor.addressProblem.length === 0
                text: signIn.signingIn ? qsTr("Stop waiting") : qsTr("Sign in")
                onClicked: {
                    if (signIn.signingIn)
                        root.editor.stopSignIn();
                    else
                        root.editor.signIn();
                }
            }
        }
    }
}
