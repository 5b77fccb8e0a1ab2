// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// A list of things to do with what was clicked.
Basic.Menu {
    topPadding: Theme.gap4
    bottomPadding: Theme.gap4
    popupType: Basic.Popup.Item
    delegate: MenuItem {}
    background: Floating {
        implicitWidth: Theme.px(180)
    }
}
