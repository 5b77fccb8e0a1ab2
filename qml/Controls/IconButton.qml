// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// A button that shows only an icon; its `text` is its name for screen readers and its tooltip.
Basic.AbstractButton {
    id: root

    required property string iconName
    property string keys
    /// The icon points along the line of reading, so it turns with it.
    property bool directional: false
    property color ink: Theme.textSecondary
    property int iconSize: Theme.iconSize

    implicitWidth: Theme.controlHeight
    implicitHeight: Theme.controlHeight
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Button
    Accessible.name: text

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            width: root.iconSize
            height: width
            name: root.iconName
            mirrored: root.directional && root.mirrored
            color: !root.enabled ? Theme.textDisabled
                : root.hovered || root.visualFocus || root.checked ? Theme.text : root.ink
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: root.enabled && (root.hovered || root.down || root.checked) ? Theme.hover : "transparent"

        FocusRing {
            shown: root.visualFocus
        }
    }

    Loader {
        active: root.hovered || root.visualFocus
        sourceComponent: ToolTip {
            parent: root
            visible: true
            text: root.text
            keys: root.keys
        }
    }
}
