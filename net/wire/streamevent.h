// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/neterror.h"
#include "net/wire/usage.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringview.h>

#include <optional>
#include <variant>

namespace rivulet {

/// Why a model ended its answer.
enum class FinishReason { Stop, Length, ToolCalls, ContentFilter, Refusal, Pause, Stopped, Other };

/// What a stream can say, whatever its protocol. Every struct is a comparable value; text is UTF-16 and
/// never ends inside a surrogate pair.
namespace event {

/// The server accepted the request and named the answer.
struct Started
{
    QString id;
    QString model;
    QString session{}; ///< what the server calls the conversation; goes back with the next request
    friend bool operator==(const Started &, const Started &) = default;
};

/// More of the answer, in markdown.
struct Text
{
    QString text;
    friend bool operator==(const Text &, const Text &) = default;
};

/// More of what the model thinks, in markdown.
struct Reasoning
{
    QString text;
    friend bool operator==(const Reasoning &, const Reasoning &) = default;
};

/// A signature, or encrypted or redacted reasoning: unreadable, and to be sent back unchanged.
struct ReasoningOpaque
{
    int index = 0;
    QString data;
    friend bool operator==(const ReasoningOpaque &, const ReasoningOpaque &) = default;
};

/// The server rewrote part `part` of what it already sent.
struct Replace
{
    int part = 0;
    QString text;
    friend bool operator==(const Replace &, const Replace &) = default;
};

/// Part of a tool call. Calls are told apart by `index`; `arguments` is a delta of the JSON text.
struct ToolCall
{
    int index = 0;
    QString id;
    QString name;
    QString arguments;
    friend bool operator==(const ToolCall &, const ToolCall &) = default;
};

/// The server asks whether a tool may run, or something else that only the user can answer.
struct Approval
{
    QString id;
    QString name;
    QString arguments;
    QString call{};    ///< the id of the tool call that waits for it; empty where there is none
    QString context{}; ///< goes back with the answer unchanged; only its dialect knows what it means
    friend bool operator==(const Approval &, const Approval &) = default;
};

/// What a tool that the server ran gave back. A preliminary result is replaced by the next of its id.
struct ToolResult
{
    QString id;
    QString name;
    QString content;
    bool isError = false;
    bool preliminary = false;
    friend bool operator==(const ToolResult &, const ToolResult &) = default;
};

/// What the server or an agent says it is doing.
struct Status
{
    enum class State { Running, Done, Failed };
    QString stage;
    QString message;
    State state = State::Running;
    friend bool operator==(const Status &, const Status &) = default;
};

/// A piece of work beside the text: code, a table, a figure, a file. With `append`, `data` goes on from
/// what the artifact of that id holds; else it takes its place.
struct Artifact
{
    enum class Kind { Code, Table, Figure, Verification, Reflection, File, Image, Source };
    QString id;
    Kind kind = Kind::Code;
    QString title;
    bool append = false;
    QByteArray data; ///< compact JSON text: the dialect's own value, a string for code
    friend bool operator==(const Artifact &, const Artifact &) = default;
};

/// Token counts so far; replaces the report before it.
struct UsageReported
{
    Usage usage;
    friend bool operator==(const UsageReported &, const UsageReported &) = default;
};

/// The protocol's own end. Nothing follows it but, for some servers, usage.
struct Finished
{
    FinishReason reason = FinishReason::Stop;
    friend bool operator==(const Finished &, const Finished &) = default;
};

/// The stream failed. What came before it stays.
struct Failed
{
    NetError error;
    friend bool operator==(const Failed &, const Failed &) = default;
};

} // namespace event

/// One thing that a stream said, and the lane (agent) that it belongs to; empty is the main lane.
struct StreamEvent
{
    using Payload =
        std::variant<event::Started, event::Text, event::Reasoning, event::ReasoningOpaque, event::Replace,
                     event::ToolCall, event::Approval, event::ToolResult, event::Status, event::Artifact,
                     event::UsageReported, event::Finished, event::Failed>;
    Payload payload;
    QString agent;

    friend bool operator==(const StreamEvent &, const StreamEvent &) = default;
};

using StreamEvents = QList<StreamEvent>;

/// Stable names for the command line's JSON, the journal and the log ("tool_calls", "figure", …).
[[nodiscard]] RIVULET_NET_EXPORT QLatin1StringView toName(FinishReason reason);
[[nodiscard]] RIVULET_NET_EXPORT QLatin1StringView toName(event::Status::State state);
[[nodiscard]] RIVULET_NET_EXPORT QLatin1StringView toName(event::Artifact::Kind kind);

/// What has that stable name; empty where nothing has.
[[nodiscard]] RIVULET_NET_EXPORT std::optional<FinishReason> finishReasonFromName(QStringView name);
[[nodiscard]] RIVULET_NET_EXPORT std::optional<event::Status::State> statusStateFromName(QStringView name);
[[nodiscard]] RIVULET_NET_EXPORT std::optional<event::Artifact::Kind> artifactKindFromName(QStringView name);

/// Joins neighbouring deltas of the same kind and lane, in place; everything else keeps its place. The
/// meaning is the same, the work per frame is not.
RIVULET_NET_EXPORT void coalesce(StreamEvents &events);

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::StreamEvent)
