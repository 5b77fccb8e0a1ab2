// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/artifacttext.h"
#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <optional>

namespace rivulet {

/// The protocol of agents that analyse data: they say what they plan, write code, judge and correct it, show
/// a table and a figure, and explain them. It comes in three ways with the same events: a WebSocket for one
/// query, which runs as soon as it is open; a WebSocket for a session, in which queries follow each other;
/// and server-sent events, where no WebSocket opens.
///
/// Code, reflections, verifications, tables and figures are artifacts named by kind and number, such as
/// "code-2". Code goes on in one artifact until the agent tries again: after a reflection, or when it enters
/// its stage "code_generator". The protocol has no ids, so a stream that broke can not be joined again, and
/// asking again runs the query again.
///
/// Complete means that "complete", in a session "query_complete", or after either "stream_end" was seen, or
/// that the server told of the cancelling. A WebSocket that is closed in good order without any of these
/// counts as finished, but not as complete.
class AgentWs final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] QList<Command> takeReplies() override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;

    [[nodiscard]] Framing framing() const override { return Framing::Lines; }
    void head(const ResponseHead &head) override;
    void frame(const Frame &frame, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;

private:
    using Reading = void (AgentWs::*)(const json::Value &event, EventWriter &out);
    [[nodiscard]] static Reading readingOf(const json::Value &type);

    void start(const json::Value &event, EventWriter &out);
    void progress(const json::Value &event, EventWriter &out);
    void chainOfThought(const json::Value &event, EventWriter &out);
    void reasoning(const json::Value &event, EventWriter &out);
    void codeChunk(const json::Value &event, EventWriter &out);
    void reflectionChunk(const json::Value &event, EventWriter &out);
    void reflection(const json::Value &event, EventWriter &out);
    void verification(const json::Value &event, EventWriter &out);
    void dataReady(const json::Value &event, EventWriter &out);
    void analysisChunk(const json::Value &event, EventWriter &out);
    void runComplete(const json::Value &event, EventWriter &out);
    void deliveryComplete(const json::Value &event, EventWriter &out);
    void error(const json::Value &event, EventWriter &out);
    void cancelled(const json::Value &event, EventWriter &out);
    void ping(const json::Value &event, EventWriter &out);
    void pong(const json::Value &event, EventWriter &out);

    void thought(const QString &block, QString &previous, EventWriter &out);
    [[nodiscard]] ArtifactText &openCode(EventWriter &out);
    [[nodiscard]] ArtifactText &openReflection(EventWriter &out);
    void tryAgain(EventWriter &out);
    void closeReflection(EventWriter &out);
    void flush(EventWriter &out);

    json::Reader m_reader;
    json::Reader m_innerReader; ///< for JSON inside a string
    bool m_inSession = false;
    bool m_overHttp = false;
    bool m_begun = false;
    bool m_cancelled = false;
    std::optional<ConnectionMessage> m_reply;

    QString m_chainOfThought; ///< the last block of each
    QString m_reasoning;
    bool m_hasThought = false;
    std::optional<ArtifactText> m_code; ///< the newest
    bool m_codeIsOpen = false;          ///< the next piece of code belongs to it
    bool m_codeIsFinal = false;         ///< "data_ready" has replaced it
    int m_codes = 0;
    std::optional<ArtifactText> m_reflection; ///< the one whose pieces come
    int m_reflections = 0;
    int m_verifications = 0;
    int m_tables = 0;
    int m_figures = 0;
};

} // namespace rivulet
