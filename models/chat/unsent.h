// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace rivulet {

/// What the user sent while an answer was streaming, and waits for its turn.
struct QueuedMessage
{
    qint64 id = 0; ///< tells the messages of one queue apart
    QString text;  ///< markdown

    friend bool operator==(const QueuedMessage &, const QueuedMessage &) = default;
};

/// The words of a conversation that no model has been sent yet.
struct Unsent
{
    QString draft;              ///< what is being typed
    QList<QueuedMessage> queue; ///< the next one first

    [[nodiscard]] bool isEmpty() const { return draft.isEmpty() && queue.isEmpty(); }

    friend bool operator==(const Unsent &, const Unsent &) = default;
};

} // namespace rivulet
