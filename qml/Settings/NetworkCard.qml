// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// How the server's traffic leaves this computer. Most people need none of it: it is folded until something is
/// chosen.
Card {
    id: root

    required property ProviderEditor editor

    readonly property NetworkSettings network: editor.network
    readonly property bool chosenProxy: network.proxyMode === NetworkSettings.ProxyMode.Http
        || network.proxyMode === NetworkSettings.ProxyMode.Socks5
    property bool unfolded: !network.plain

    spacing: Theme.gap16

    Connections {
        target: root.editor

        function onOpened() {
            root.unfolded = !root.network.plain;
        }
    }

    Button {
        objectName: "unfoldNetwork"
        text: root.unfolded ? qsTr("Hide how the server is reached") : qsTr("How the server is reached")
        hint: qsTr("Proxy, certificates, HTTP/2 and cookies")
        onClicked: root.unfolded = !root.unfolded
    }
    FormRow {
        visible: root.unfolded
        label: qsTr("Proxy")
        explanation: qsTr("Never for this computer itself")

        ComboBox {
            objectName: "proxyMode"
            anchors.left: parent.left
            // In the order of NetworkSettings.ProxyMode.
            model: [qsTr("As the system"), qsTr("None"), qsTr("HTTP"), qsTr("SOCKS 5")]
            currentIndex: root.network.proxyMode
            Accessible.name: qsTr("Proxy")
            onActivated: index => root.network.proxyMode = index
        }
    }
    FormRow {
        visible: root.unfolded && root.chosenProxy
        label: qsTr("Proxy address")

        TypedField {
            objectName: "proxyAddress"
            name: qsTr("Proxy address")
            value: root.network.proxyAddress
            problem: root.network.proxyProblem
            hint: "proxy.example:3128"
            onEdited: text => root.network.proxyAddress = text
        }
    }
    FormRow {
        visible: root.unfolded && root.chosenProxy
        label: qsTr("Proxy user")
        explanation: qsTr("If it asks for one")

        TypedField {
            objectName: "proxyUser"
            name: qsTr("Proxy user")
            value: root.network.proxyUser
            problem: ""
            onEdited: text => root.network.proxyUser = text
        }
    }
    FormRow {
        visible: root.unfolded && root.chosenProxy && root.network.proxyUser.length > 0
        label: qsTr("Proxy password")

        SecretField {
            objectName: "proxyPassword"
            name: qsTr("Proxy password")
            stored: root.editor.proxyPasswordStored
            onHandedOver: secret => root.editor.setProxyPassword(secret)
        }
    }
    FormRow {
        visible: root.unfolded
        label: qsTr("Trusted authorities")
        explanation: qsTr("A PEM file, beside the system's")

        TypedField {
            objectName: "caFile"
            name: qsTr("Trusted authorities")
            value: root.network.caFile
            problem: root.network.caProblem
            onEdited: text => root.network.caFile = text
        }
    }
    FormRow {
        visible: root.unfolded
        label: qsTr("Client certificate")
        explanation: qsTr("A PEM file")

        TypedField {
            objectName: "certificateFile"
            name: qsTr("Client certificate")
            value: root.network.certificateFile
            problem: root.network.certificateProblem
            onEdited: text => root.network.certificateFile = text
        }
    }
    FormRow {
        visible: root.unfolded && root.network.certificateFile.length > 0
        label: qsTr("Its private key")
        explanation: qsTr("A PEM file")

        TypedField {
            objectName: "keyFile"
            name: qsTr("Private key of the client certificate")
            value: root.network.keyFile
            problem: root.network.keyProblem
            onEdited: text => root.network.keyFile = text
        }
    }
    FormRow {
        visible: root.unfolded && root.network.keyLocked
        label: qsTr("Passphrase of the key")

        SecretField {
            objectName: "keyPassphrase"
            name: qsTr("Passphrase of the key")
            stored: root.editor.keyPassphraseStored
            onHandedOver: secret => root.editor.setKeyPassphrase(secret)
        }
    }
    FormRow {
        visible: root.unfolded
        label: qsTr("HTTP/2")

        Switch {
            objectName: "http2"
            anchors.left: parent.left
            text: qsTr("Use HTTP/2 where the server speaks it")
            checked: root.network.http2
            onToggled: root.network.http2 = checked
        }
    }
    FormRow {
        visible: root.unfolded
        label: qsTr("Cookies")

        Switch {
            objectName: "cookies"
            anchors.left: parent.left
            text: qsTr("Send the server's cookies back until Rivulet ends")
            checked: root.network.cookies
            onToggled: root.network.cookies = checked
        }
    }
}
