// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// A labelled button.
Basic.Button {
    id: root

    enum Kind {
        Normal,
        Primary, ///< what the page is for; at most one in sight
        Strong, ///< ends something at once; stands out beside a primary one
        Quiet ///< no frame until the pointer or the focus is there
    }

    property int kind: Button.Kind.Normal
    /// The name of an icon before the text, empty for none.
    property string iconName
    /// Off where there is no room for the text beside the icon; the tooltip says it then.
    property bool labelled: true
    /// Said in a tooltip after what the button does; empty for no tooltip.
    property string hint
    property string keys

    readonly property bool filled: kind === Button.Kind.Primary || kind === Button.Kind.Strong
    readonly property color ink: !enabled ? Theme.textDisabled
        : kind === Button.Kind.Primary ? Theme.textOnAccent
        : kind === Button.Kind.Strong ? Theme.background : Theme.text

    // Whole pixels, so that frames stay sharp and edges meet.
    implicitWidth: Math.ceil(implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Math.max(Theme.controlHeight, implicitContentHeight + topPadding + bottomPadding)
    topPadding: Theme.gap4
    bottomPadding: Theme.gap4
    leftPadding: labelled ? Theme.gap12 : Theme.gap8
    rightPadding: leftPadding
    spacing: Theme.gap8
    font: Theme.labelFont
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.description: hint

    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight

        Row {
            id: row

            anchors.centerIn: parent
            spacing: root.spacing

            Icon {
                name: root.iconName
                color: root.ink
                width: Theme.px(16)
                height: width
                visible: root.iconName.length > 0
                anchors.verticalCenter: parent.verticalCenter
            }
            Text {
                visible: root.labelled
                text: root.text
                font: root.font
                color: root.ink
                textFormat: Text.PlainText
                elide: Text.ElideRight
                anchors.verticalCenter: parent.verticalCenter
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: !root.filled ? (root.kind === Button.Kind.Quiet ? "transparent" : Theme.raised)
            : !root.enabled ? Theme.surface
            : root.kind === Button.Kind.Strong ? Theme.text : Theme.accent
        border.width: root.kind === Button.Kind.Quiet || (root.filled && root.enabled) ? 0 : 1
        border.color: root.enabled ? Theme.outline : Theme.hairline

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: Theme.hover
            opacity: root.down ? 2 : 1
            visible: root.enabled && (root.hovered || root.down)
        }
        FocusRing {
            shown: root.visualFocus
        }
    }

    Loader {
        active: root.hint.length + root.keys.length > 0 && (root.hovered || root.visualFocus)
        sourceComponent: ToolTip {
            parent: root
            visible: true
            text: root.hint.length > 0 ? root.hint : root.text
            keys: root.keys
        }
    }
}
