// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.App
import Rivulet.Controls
import Rivulet.Theme

/// One server of a list: what it is, where it stands, and what can be done with it.
Item {
    id: root

    required property int place
    required property string name
    required property string address
    required property string model
    default property alias actions: buttons.data

    readonly property string whereabouts: [address, model].filter(part => part.length > 0).join(" · ")
    readonly property string iconName: {
        switch (place) {
        case ProviderList.Place.BuiltIn:
            return "wave";
        case ProviderList.Place.Local:
            return "desktop";
        case ProviderList.Place.Cloud:
            return "cloud";
        default:
            return "server";
        }
    }

    width: parent?.width ?? 0
    implicitHeight: Math.max(words.implicitHeight, buttons.implicitHeight)
    Accessible.role: Accessible.Grouping
    Accessible.name: name

    Icon {
        id: mark

        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(20)
        height: width
        name: root.iconName
        color: Theme.textSecondary
    }
    Column {
        id: words

        anchors.left: mark.right
        anchors.right: buttons.left
        anchors.leftMargin: Theme.gap12
        anchors.rightMargin: Theme.gap12
        anchors.verticalCenter: parent.verticalCenter

        Label {
            width: parent.width
            text: root.name
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
        }
        Label {
            width: parent.width
            visible: text.length > 0
            secondary: true
            text: root.whereabouts
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
        }
    }
    Row {
        id: buttons

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gap8
    }
}
