// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <optional>

namespace rivulet {

/// Who says a message of a request.
enum class ChatRole { User, Assistant };

/// One message of the history that goes with a request: exactly what was delivered, as markdown.
struct ChatMessage
{
    ChatRole role = ChatRole::User;
    QString text;

    friend bool operator==(const ChatMessage &, const ChatMessage &) = default;
};

/// What a dialect turns into a request, free of any provider's vocabulary. Parameters that the user did
/// not set stay empty and are not sent: some models reject what they do not know.
struct ChatRequest
{
    QString model;
    QString system;
    QList<ChatMessage> messages;
    std::optional<double> temperature;
    std::optional<int> maxOutputTokens;

    friend bool operator==(const ChatRequest &, const ChatRequest &) = default;
};

} // namespace rivulet
