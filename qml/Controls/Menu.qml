// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick.Controls.Basic as Basic
import Rivulet.Theme

/// A list of things to do with what was clicked, as wide as the widest of them.
Basic.Menu {
    contentWidth: {
        let widest = 0;
        for (let i = 0; i < count; ++i)
            widest = Math.max(widest, itemAt(i)?.implicitWidth ?? 0);
        return widest;
    }
    topPadding: Theme.gap4
    bottomPadding: Theme.gap4
    popupType: Basic.Popup.Item
    delegate: MenuItem {}
    background: Floating {
        implicitWidth: Theme.px(180)
    }
}
