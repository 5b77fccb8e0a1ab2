// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// The title of a page or of a part of one.
Text {
    property int level: 1

    font.family: Theme.bodyFont.family
    font.pixelSize: Theme.headingSize(level)
    font.weight: Font.DemiBold
    color: Theme.text
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    horizontalAlignment: Text.AlignLeft
    Accessible.role: Accessible.Heading
    Accessible.name: text
}
