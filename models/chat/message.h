// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "net/turn/turnjournal.h"
#include "net/wire/chatrequest.h"
#include "net/wire/exchangerequest.h"
#include "net/wire/streamevent.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qhashfunctions.h>
#include <QtCore/qlist.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <optional>
#include <variant>

namespace rivulet {

struct Provider;

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

// What a message is made of, in the order in which it was said. `agent` is the lane that a part belongs to,
// as of StreamEvent; empty is the main lane.

/// Markdown that someone said.
struct TextPart
{
    QString text;
    QString agent{};
    friend bool operator==(const TextPart &, const TextPart &) = default;
};

/// What a model thought, as markdown.
struct ReasoningPart
{
    QString text; ///< may be empty where there is opaque data
    std::chrono::milliseconds duration{0};
    QString agent{};
    QStringList opaque{}; ///< event::ReasoningOpaque::data, in order
    friend bool operator==(const ReasoningPart &, const ReasoningPart &) = default;
};

/// A tool call of the model.
struct ToolCallPart
{
    int index = 0; ///< tells the calls of one answer apart
    QString id{};
    QString name{};
    QString arguments{}; ///< JSON text of an object once it is whole; empty where it was cut off
    QString agent{};
    friend bool operator==(const ToolCallPart &, const ToolCallPart &) = default;
};

/// What a tool call gave.
struct ToolResultPart
{
    QString id; ///< of its call
    QString name{};
    QString content{};
    bool isError = false;
    bool preliminary = false; ///< the next result of this call takes its place
    QString agent{};
    friend bool operator==(const ToolResultPart &, const ToolResultPart &) = default;
};

/// What only the user can answer: whether a tool may run, or something else that the server asks.
struct ApprovalPart
{
    /// What the user said to it.
    enum class Answer { AllowedOnce, AllowedAlways, Denied };

    QString id;
    QString name{};
    QString arguments{}; ///< JSON text
    QString call{};      ///< event::Approval::call
    QString context{};   ///< event::Approval::context
    std::optional<Answer> answer{};
    QString reason{}; ///< for the answer, in the user's words
    QString agent{};
    friend bool operator==(const ApprovalPart &, const ApprovalPart &) = default;
};

/// What the server or an agent said it was doing. A running status of a lane becomes the next one of its
/// stage.
struct StatusPart
{
    QString stage;
    QString message{};
    event::Status::State state = event::Status::State::Running;
    QString agent{};
    friend bool operator==(const StatusPart &, const StatusPart &) = default;
};

/// A piece of work beside the text.
struct ArtifactPart
{
    QString id;
    event::Artifact::Kind kind = event::Artifact::Kind::Code;
    QString title{};
    QByteArray data{}; ///< compact JSON text: all of it, as far as it has come
    QString agent{};
    friend bool operator==(const ArtifactPart &, const ArtifactPart &) = default;
};

using Part = std::variant<TextPart, ReasoningPart, ToolCallPart, ToolResultPart, ApprovalPart, StatusPart,
                          ArtifactPart>;

/// One message of a conversation: who said what, and how it ended. The markdown source is the truth; rows,
/// documents and pixels are made from it.
struct Message
{
    /// Where the message is in its life. All but the first are how a turn ends (see TurnEnd).
    enum class State { Streaming, Complete, CutOff, Stopped, Redirected, Failed };

    MessageId id{};
    ConversationId conversation{};
    std::optional<MessageId> parent; ///< what it answers; siblings share it
    ChatRole role = ChatRole::User;
    QList<Part> parts;
    State state = State::Complete;
    FinishReason finish = FinishReason::Stop;
    std::optional<NetError> error;
    Usage usage;
    QString provider;   ///< the provider's name for people, as of then; empty for the user's words
    QString providerId; ///< Provider::id, as of then; empty for the user's words
    QString dialect;    ///< dialectName() of the provider, as of then; empty for the user's words
    QString model;
    QString session; ///< event::Started::session: what the server calls the conversation
    /// Streaming, CutOff: where its stream may be joined again.
    std::optional<ResumeToken> resume{};
    QDateTime created;     ///< UTC, milliseconds
    TurnMetrics metrics{}; ///< how its turn went; for an answer that has ended

    /// All text parts joined: what "Copy" copies.
    [[nodiscard]] RIVULET_MODELS_EXPORT QString text() const;
    /// All reasoning parts joined.
    [[nodiscard]] RIVULET_MODELS_EXPORT QString reasoning() const;

    friend bool operator==(const Message &, const Message &) = default;
};

/// Applies one event of the stream to the message that it fills: deltas join the open part of their kind and
/// lane, whatever other lanes say meanwhile and whatever comes beside them; a tool call, its result and a
/// question end them. The store's recovery and the live session share it, so that both give the same message.
RIVULET_MODELS_EXPORT void apply(Message &message, const StreamEvent &event);

/// Closes the message by the outcome of its turn; cuts what was not delivered. Where the user stopped it, a
/// call without a result keeps its arguments only if they are whole.
RIVULET_MODELS_EXPORT void apply(Message &message, const TurnOutcome &outcome);

/// From now on it is `provider` that answers, from the beginning.
RIVULET_MODELS_EXPORT void handOver(Message &message, const Provider &provider);

/// How much the message holds, for whoever has shown all of it.
[[nodiscard]] RIVULET_MODELS_EXPORT Delivered deliveredOf(const Message &message);

/// Notes the user's answer to the question of that id. False where none is open.
[[nodiscard]] RIVULET_MODELS_EXPORT bool decide(Message &message, const QString &approvalId,
                                                ApprovalPart::Answer answer);

/// Whether the user has answered a question in it.
[[nodiscard]] RIVULET_MODELS_EXPORT bool hasDecisions(const Message &message);

/// The lane that the part belongs to.
[[nodiscard]] RIVULET_MODELS_EXPORT const QString &agentOf(const Part &part);

/// Whether words go on across the part: a status and an artifact come beside them, as a citation may in the
/// middle of a word.
[[nodiscard]] RIVULET_MODELS_EXPORT bool comesBeside(const Part &part);

/// Whether `result` is what a call of that id and name gave. Servers without ids tell calls apart by name.
[[nodiscard]] RIVULET_MODELS_EXPORT bool answers(const ToolResultPart &result, const ToolCallPart &call);

/// A conversation without its messages, as a list shows it.
struct ConversationSummary
{
    ConversationId id{};
    QString title;         ///< empty until there is one
    QDateTime created;     ///< UTC
    QDateTime changed;     ///< UTC; lists sort by it, newest first
    bool pinned = false;   ///< stands above the others
    bool archived = false; ///< put away: out of the list, and still found
    bool unread = false;   ///< something was said in it that the user has not seen

    friend bool operator==(const ConversationSummary &, const ConversationSummary &) = default;
};

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::Message)
Q_DECLARE_METATYPE(rivulet::ConversationSummary)
