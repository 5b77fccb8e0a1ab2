// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "net/turn/turnjournal.h"
#include "net/wire/chatrequest.h"
#include "net/wire/streamevent.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qhashfunctions.h>
#include <QtCore/qlist.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <optional>
#include <variant>

namespace rivulet {

enum class ConversationId : qint64 {};
enum class MessageId : qint64 {};

inline size_t qHash(ConversationId id, size_t seed = 0) noexcept
{
    return ::qHash(static_cast<qint64>(id), seed);
}
inline size_t qHash(MessageId id, size_t seed = 0) noexcept
{
    return ::qHash(static_cast<qint64>(id), seed);
}

/// The turn that fills a message; see TurnId.
[[nodiscard]] constexpr TurnId turnOf(MessageId id) noexcept
{
    return TurnId{static_cast<qint64>(id)};
}

/// A new id: unique in one data folder, and greater than all before it in this process: milliseconds since
/// 2020 in the high 41 bits, a counter in the low 12, so that QML's numbers hold it exactly. Any thread.
[[nodiscard]] RIVULET_MODELS_EXPORT qint64 nextId();

/// Markdown that someone said.
struct TextPart
{
    QString text;
    friend bool operator==(const TextPart &, const TextPart &) = default;
};

/// What a model thought, as markdown.
struct ReasoningPart
{
    QString text;
    std::chrono::milliseconds duration{0};
    friend bool operator==(const ReasoningPart &, const ReasoningPart &) = default;
};

using Part = std::variant<TextPart, ReasoningPart>;

/// One message of a conversation: who said what, and how it ended. The markdown source is the truth; rows,
/// documents and pixels are made from it.
struct Message
{
    /// Where the message is in its life. The last four are how a turn ends (see TurnEnd).
    enum class State { Streaming, Complete, CutOff, Stopped, Failed };

    MessageId id{};
    ConversationId conversation{};
    std::optional<MessageId> parent; ///< what it answers; siblings share it
    ChatRole role = ChatRole::User;
    QList<Part> parts;
    State state = State::Complete;
    FinishReason finish = FinishReason::Stop;
    std::optional<NetError> error;
    Usage usage;
    QString provider; ///< the provider's name for people, as of then; empty for the user's words
    QString model;
    QDateTime created; ///< UTC, milliseconds

    /// All text parts joined: what a next request sends and what "Copy" copies.
    [[nodiscard]] RIVULET_MODELS_EXPORT QString text() const;
    /// All reasoning parts joined.
    [[nodiscard]] RIVULET_MODELS_EXPORT QString reasoning() const;

    friend bool operator==(const Message &, const Message &) = default;
};

/// Applies one event of the stream to the message that it fills: deltas join the open part of their kind.
/// The store's recovery and the live session share it, so that both give the same message.
RIVULET_MODELS_EXPORT void apply(Message &message, const StreamEvent &event);

/// Closes the message by the outcome of its turn; cuts what was not delivered.
RIVULET_MODELS_EXPORT void apply(Message &message, const TurnOutcome &outcome);

/// A conversation without its messages, as a list shows it.
struct ConversationSummary
{
    ConversationId id{};
    QString title;     ///< empty until there is one
    QDateTime created; ///< UTC
    QDateTime changed; ///< UTC; lists sort by it, newest first

    friend bool operator==(const ConversationSummary &, const ConversationSummary &) = default;
};

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::Message)
Q_DECLARE_METATYPE(rivulet::ConversationSummary)
