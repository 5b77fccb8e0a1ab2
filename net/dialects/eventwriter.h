// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/surrogatejoiner.h"
#include "net/export.h"
#include "net/wire/streamevent.h"

#include <QtCore/qhash.h>
#include <QtCore/qset.h>
#include <QtCore/qstring.h>

#include <optional>
#include <vector>

namespace rivulet {

/// How a stream ended by the protocol's own measure, never by the connection's.
enum class Completeness {
    Open,     ///< neither its end marker nor a failure was seen
    Complete, ///< the protocol's own end marker was seen
    Failed,   ///< an error event was seen
};

/// Writes the events of one exchange, with the rules that hold for every protocol: text is well-formed
/// UTF-16 wherever the server cut it, ids and names are told once, sizes are bounded, Finished comes once,
/// and nothing but token counts follows a failure. Dialects say what they read; this decides what it becomes.
///
/// Strings may hold half a surrogate pair: they are repaired here. One thread.
class RIVULET_NET_EXPORT EventWriter
{
public:
    /// Where events go from now on: appended to `events`, which outlives the writing.
    void writeTo(StreamEvents &events) { m_events = &events; }

    /// Whether what follows is only noted and not written: a stream that is joined again from its beginning
    /// repeats what was read before.
    void setMuted(bool muted) { m_muted = muted; }

    /// The lane (agent) that what follows belongs to; empty for the main lane.
    void setLane(const QString &agent);

    /// The server named the answer. Told again, it counts only where it names something for the first time,
    /// or where the session is another: some say by it how far the conversation has come.
    void started(const QString &id, const QString &model, const QString &session = {});

    void text(QString delta);
    void reasoning(QString delta);
    void opaqueReasoning(int index, const QString &data);
    /// The server rewrote all its text of this lane.
    void replaceText(const QString &text);

    /// The tool call that the protocol knows by `key` (unique in the answer): its index in events, opened
    /// where it is new. `id` and `name` are told when they are first known.
    int toolCall(const QString &key, const QString &id, const QString &name);
    /// More of the JSON text of a call's arguments.
    void toolArguments(int call, QString delta);
    /// All of a call's arguments, from a protocol that repeats them: told where no piece was.
    void wholeToolArguments(int call, const QString &arguments);
    [[nodiscard]] bool hasToolCalls() const { return !m_toolCalls.empty(); }
    /// Whether a call has no result yet: then it is the client's turn.
    [[nodiscard]] bool hasOpenToolCalls() const;
    /// Whether any piece of the arguments was told.
    [[nodiscard]] bool hasArguments(int call) const;

    void approval(const QString &id, const QString &name, const QString &arguments);
    void approval(event::Approval approval);
    void toolResult(event::ToolResult result);
    void status(event::Status status);
    void artifact(event::Artifact artifact);
    /// A page that the answer cites; the same page is told once.
    void source(const QString &url, const QString &title);

    /// Token counts. What `usage` leaves empty keeps what was told before; the same again is not told.
    void usage(const Usage &usage);

    /// The model said that it is done. Only the first one counts.
    void finished(FinishReason reason);
    [[nodiscard]] std::optional<FinishReason> finishReason() const { return m_finish; }

    /// The protocol's end marker. Where no reason was given: a call that waits for its result is one, else
    /// the model was done.
    void complete();

    /// The exchange failed. Only the first one counts, and none after the end marker.
    void fail(NetError error);

    /// The current lane failed; the others go on.
    void failLane(NetError error);

    /// Something came that the dialect does not know: ignored, and counted.
    void unknown() { ++m_unknown; }
    [[nodiscard]] qint64 unknownCount() const { return m_unknown; }

    /// Writes what was held back, for a stream that ends here.
    void flush();

    [[nodiscard]] Completeness completeness() const { return m_completeness; }
    [[nodiscard]] bool isOpen() const { return m_completeness == Completeness::Open; }

private:
    struct Lane
    {
        QString agent;
        SurrogateJoiner text;
        SurrogateJoiner reasoning;
    };
    struct ToolCall
    {
        QString id;
        QString name;
        QString agent;
        SurrogateJoiner joiner;
        bool hasArguments = false;
        bool hasResult = false;
    };

    void addText(QString text);
    void addReasoning(QString text);
    /// Whether `size` more units fit beside the words, in a part of their own where `isNew`; fails where not.
    [[nodiscard]] bool hasRoomFor(size_t size, bool isNew);
    void failTooLarge(const QString &message);
    template<typename Event>
    void write(Event event);

    StreamEvents *m_events = nullptr;
    bool m_muted = false;
    Completeness m_completeness = Completeness::Open;
    std::vector<Lane> m_lanes{1};
    size_t m_lane = 0;
    event::Started m_started;
    std::vector<ToolCall> m_toolCalls;
    QHash<QString, int> m_toolCallKeys;
    QSet<QString> m_sources;
    Usage m_usage;
    std::optional<FinishReason> m_finish;
    size_t m_textSize = 0;
    size_t m_reasoningSize = 0;
    size_t m_argumentsSize = 0;
    QHash<QString, size_t> m_artifacts; ///< their sizes, by id
    size_t m_attachedSize = 0;
    size_t m_attachments = 0;
    qint64 m_unknown = 0;
};

} // namespace rivulet
