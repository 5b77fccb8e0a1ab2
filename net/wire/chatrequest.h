// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qmap.h>
#include <QtCore/qstring.h>

#include <optional>
#include <utility>
#include <variant>

namespace rivulet {

/// Who says a message of a request.
enum class ChatRole { User, Assistant };

/// What a message of a request is made of, in the order in which it was said.
namespace content {

/// Markdown.
struct Text
{
    QString text;
    friend bool operator==(const Text &, const Text &) = default;
};

/// An image or another file that the user added.
struct Attachment
{
    QString name;
    QByteArray mediaType; ///< such as "image/png"
    QByteArray data;      ///< the file's bytes
    friend bool operator==(const Attachment &, const Attachment &) = default;
};

/// What the model thought, as it was delivered.
struct Reasoning
{
    QString text;
    QStringList opaque; ///< event::ReasoningOpaque::data, in order: goes back to the same dialect unchanged
    friend bool operator==(const Reasoning &, const Reasoning &) = default;
};

/// A tool call of the model.
struct ToolCall
{
    QString id;
    QString name;
    QString arguments; ///< JSON text of an object
    friend bool operator==(const ToolCall &, const ToolCall &) = default;
};

/// What a tool call gave.
struct ToolResult
{
    QString id; ///< of its call
    QString name;
    QString content;
    bool isError = false;
    friend bool operator==(const ToolResult &, const ToolResult &) = default;
};

/// What the server asked by an event::Approval, and what the user said to it. It belongs to the answer that
/// asked, and counts where that answer is the last one.
struct Approval
{
    QString id;
    QString call{};                ///< event::Approval::call
    QString context{};             ///< event::Approval::context
    std::optional<bool> allowed{}; ///< empty where the user has not decided
    QString reason{};              ///< in the user's words; may be empty
    friend bool operator==(const Approval &, const Approval &) = default;
};

} // namespace content

using ContentPart = std::variant<content::Text, content::Attachment, content::Reasoning, content::ToolCall,
                                 content::ToolResult, content::Approval>;

/// One message of the history that goes with a request: exactly what was delivered.
struct ChatMessage
{
    ChatMessage() = default;
    ChatMessage(ChatRole who, const QString &markdown) : role(who), parts{content::Text{markdown}} {}
    ChatMessage(ChatRole who, QList<ContentPart> what) : role(who), parts(std::move(what)) {}

    ChatRole role = ChatRole::User;
    QList<ContentPart> parts;

    /// Its text parts joined.
    [[nodiscard]] RIVULET_NET_EXPORT QString text() const;

    friend bool operator==(const ChatMessage &, const ChatMessage &) = default;
};

/// A tool that the model may call and the client runs.
struct ToolDefinition
{
    QString name;
    QString description;
    QByteArray parameters; ///< a JSON schema of an object, as JSON text
    friend bool operator==(const ToolDefinition &, const ToolDefinition &) = default;
};

/// How hard a model shall think before it answers.
enum class ReasoningEffort { None, Minimal, Low, Medium, High, Max };

/// The effort's stable name, such as "medium", which is also what most servers call it.
[[nodiscard]] RIVULET_NET_EXPORT QLatin1StringView toName(ReasoningEffort effort);

/// What a dialect turns into a request, free of any provider's vocabulary. Parameters that the user did
/// not set stay empty and are not sent: some models reject what they do not know.
struct ChatRequest
{
    QString model{};
    QString system{};
    QList<ChatMessage> messages{};
    QList<ToolDefinition> tools{};
    std::optional<ReasoningEffort> reasoningEffort{};
    std::optional<double> temperature{};
    std::optional<double> topP{};
    std::optional<int> maxOutputTokens{};
    QStringList stop{}; ///< texts that end the answer
    std::optional<qint64> seed{};
    /// What the dialect declares in Dialect::options() for a single query, by name.
    QMap<QString, QString> options{};

    QString conversation{}; ///< our name for the conversation, the same in each of its requests
    QString exchange{};     ///< our name for this exchange, never used twice
    QString session{};      ///< event::Started::session of the newest answer; empty in a first request

    friend bool operator==(const ChatRequest &, const ChatRequest &) = default;
};

} // namespace rivulet
