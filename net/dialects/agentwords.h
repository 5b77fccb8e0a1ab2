// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/dialects: what the agents' protocols say in the same words, none of which is specified.

#include "net/dialects/json.h"
#include "net/wire/chatrequest.h"
#include "net/wire/neterror.h"
#include "net/wire/streamevent.h"
#include "net/wire/usage.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlatin1stringview.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringview.h>

#include <array>
#include <concepts>

namespace rivulet {

/// The first of the members that is there and neither null nor empty; else undefined.
template<std::same_as<QLatin1StringView>... Names>
[[nodiscard]] json::Value firstOf(const json::Value &object, Names... names)
{
    for (const json::Value &value : object.members(names...)) {
        if (value.isTruthy())
            return value;
    }
    return {};
}

/// The user's last message as one text, its text files included: for protocols that take a question and
/// keep the history themselves.
[[nodiscard]] QString questionOf(const QList<ChatMessage> &messages);

/// Token counts in the names that servers use for them.
[[nodiscard]] Usage usageOf(const json::Value &usage);

/// Whether an error's code or message is but the echo of the user's own cancelling.
[[nodiscard]] bool saysCancelled(const NetError &error);

/// The error that a frame means, whose words may also be in "content".
[[nodiscard]] NetError errorOf(const json::Value &frame);

/// How far a step is by a word such as "completed"; Running for a word that does not say.
[[nodiscard]] event::Status::State stateFromWord(const json::Value &word);

} // namespace rivulet
