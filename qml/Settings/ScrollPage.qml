// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic as Basic
import Rivulet.Controls
import Rivulet.Theme

/// A page with a way back, a title, and parts one below the other that scroll. What gets the focus by the
/// keyboard comes into view.
FocusScope {
    id: root

    required property string title
    default property alias parts: column.data

    signal backRequested

    function toStart() {
        view.contentY = 0;
        back.forceActiveFocus();
    }

    Accessible.role: Accessible.Pane
    Accessible.name: title
    Keys.onEscapePressed: backRequested()

    Flickable {
        id: view

        /// Brings the item into view.
        function reveal(item: Item) {
            const top = item.mapToItem(column, 0, 0).y + column.y - Theme.gap24;
            const bottom = top + item.height + 2 * Theme.gap24;
            if (top < contentY)
                contentY = Math.max(0, top);
            else if (bottom > contentY + height)
                contentY = Math.min(contentHeight - height, bottom - height);
        }

        anchors.fill: parent
        contentHeight: column.implicitHeight + 2 * Theme.gap24
        boundsBehavior: Flickable.StopAtBounds
        Basic.ScrollBar.vertical: ScrollBar {}

        Column {
            id: column

            x: (parent.width - width) / 2
            y: Theme.gap24
            width: Math.min(Theme.px(680), view.width - 2 * Theme.gap24)
            spacing: Theme.gap16

            Row {
                id: top

                anchors.left: parent.left
                spacing: Theme.gap8

                IconButton {
                    id: back

                    iconName: "back"
                    directional: true
                    text: qsTr("Back")
                    keys: qsTr("Esc")
                    focus: true
                    onClicked: root.backRequested()
                }
                Heading {
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.min(implicitWidth, column.width - back.width - top.spacing)
                    level: 1
                    wrapMode: Text.NoWrap
                    elide: Text.ElideRight
                    text: root.title
                }
            }
        }
    }
    Connections {
        target: root.Window.window

        function onActiveFocusItemChanged() {
            const item = root.Window.activeFocusItem;
            for (let it = item; it; it = it.parent) {
                if (it === column)
                    return view.reveal(item);
            }
        }
    }
}
