// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
import QtQml

/// One set of colours. Every colour on screen is one of these; each set is a file of its own.
QtObject {
    /// Behind the transcript and the pages.
    required property color background
    /// Behind what stands beside the text: the sidebar, the user's words.
    required property color surface
    /// Behind what floats or takes input: menus, dialogs, fields.
    required property color raised
    /// Between parts that need no other border.
    required property color hairline
    /// Around controls; 3:1 against whatever a control stands on.
    required property color outline
    /// Laid over a control under the pointer.
    required property color hover
    required property color text
    required property color textSecondary
    required property color textDisabled
    required property color accent
    required property color textOnAccent
    required property color danger
    required property color warning
    required property color success
    required property color codeBackground
    required property color selection
    required property color focus
    required property color quoteBar
    /// Of what floats.
    required property color shadow
    /// Laid over the window behind a dialog.
    required property color scrim
}
