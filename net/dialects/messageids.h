// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: names for the messages of a history, where a protocol wants each to have one.

#include "net/wire/chatrequest.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qstring.h>

namespace rivulet {

/// Names messages by what was asked up to them: the same message has the same name in each request of its
/// conversation, also when its answer has grown, and another one on another branch. Servers that keep what
/// they were sent tell messages apart by these names.
class MessageIds
{
public:
    explicit MessageIds(const QString &conversation);

    /// The name of the next message of the history, whose form on the wire is `message`.
    [[nodiscard]] QString next(ChatRole role, const QJsonObject &message);

private:
    QByteArray m_chain;
};

} // namespace rivulet
