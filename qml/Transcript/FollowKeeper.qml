// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound

import QtQuick
import Rivulet.Theme

/// Keeps the end of a view in sight until the user goes elsewhere, and notes what came while they were away.
QtObject {
    id: root

    required property ListView view
    /// The user is moving the view by wheel, by hand or by its bar.
    required property bool userScrolls
    /// Text is arriving: what makes the content higher is new. Else it is what the view did not know before.
    required property bool growing

    property bool following: true
    /// There is something new below that was not seen.
    property bool news: false

    property real lastY: 0

    readonly property real start: view.originY - view.topMargin
    readonly property real end: Math.max(start, view.originY + view.contentHeight + view.bottomMargin - view.height)
    /// So near to the end that it counts as there.
    readonly property real reach: Theme.gap32

    function follow(): void {
        following = true;
        news = false;
        view.cancelFlick();
        view.positionViewAtEnd();
        lastY = view.contentY;
    }

    function toStart(): void {
        leave();
        view.positionViewAtBeginning();
    }

    /// Goes to a row, which then stands near the top.
    function show(row: int): void {
        leave();
        view.cancelFlick();
        view.positionViewAtIndex(row, ListView.Beginning);
        view.contentY = Math.max(start, Math.min(end, view.contentY - 3 * Theme.gap32));
        lastY = view.contentY;
        arrive();
    }

    function scrollBy(distance: real): void {
        view.cancelFlick();
        if (distance < 0)
            leave();
        view.contentY = Math.max(start, Math.min(end, view.contentY + distance));
        if (distance > 0)
            arrive();
    }

    /// The content or the view has another height.
    function settle(): void {
        if (following && !userScrolls) {
            view.positionViewAtEnd();
            lastY = view.contentY;
        } else if (growing) {
            noteNews();
        }
    }

    /// The view was moved, by whomever.
    function note(): void {
        const y = view.contentY;
        if (userScrolls) {
            if (y < lastY - 0.5)
                leave();
            else
                arrive();
        }
        lastY = y;
    }

    function noteNews(): void {
        if (!following)
            news = true;
    }

    function leave(): void {
        if (end > start)
            following = false;
    }

    function arrive(): void {
        if (end - view.contentY <= reach) {
            following = true;
            news = false;
        }
    }
}
