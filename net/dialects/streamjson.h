// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/anthropicevents.h"
#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <QtCore/qhash.h>
#include <QtCore/qlist.h>

#include <map>
#include <optional>
#include <vector>

namespace rivulet {

/// JSON lines of a local agent: Claude Code's stream-json, with its control protocol for permissions and
/// interrupts. Complete means that the "result" line was seen. A program that works on its own ends a turn
/// with it and may be asked again.
///
/// Also the simple form, whose lines are bare events of Anthropic's Messages API: from a local program, over
/// server-sent events, where "[DONE]" ends it as well, and over a WebSocket, which has no end marker but may
/// send one of these. Lines of either form are known by their type; the option "form" says what to send.
class StreamJson final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] bool runsPrograms() const override { return true; }
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] QList<Command> takeReplies() override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    /// The interrupt; the instruction follows through takeReplies() once the program has answered it.
    [[nodiscard]] std::optional<Command> redirect(const QString &instruction) override;
    [[nodiscard]] std::optional<Command> decide(const ApprovalDecision &decision) override;

    [[nodiscard]] Framing framing() const override { return Framing::Lines; }
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;

private:
    /// A block that was streamed, until the line that holds it whole.
    struct StreamedBlock
    {
        qint64 index = 0;
        QString type{};
        QString id{};
        QString text{};
        bool matched = false;
    };
    struct Lane
    {
        AnthropicEvents events;
        QString message{}; ///< id of the newest one
        std::vector<StreamedBlock> streamed{};
    };
    /// A question of the program that waits for the user.
    struct Question
    {
        QString id;
        QByteArray input;       ///< of the tool, as it was sent
        QByteArray suggestions; ///< rules that would spare the next question, as they were sent
    };

    void line(const json::Value &line, EventWriter &out);
    void bareEvent(const json::Value &event, EventWriter &out);
    void streamEvent(const json::Value &line, EventWriter &out);
    void noteStreamed(const json::Value &event, bool isMain, Lane &lane);
    void assistant(const json::Value &line, EventWriter &out);
    [[nodiscard]] static StreamedBlock *streamedBlock(const json::Value &block, Lane &lane);
    void toolResults(const json::Value &line, EventWriter &out);
    void system(const json::Value &line, EventWriter &out);
    void result(const json::Value &line, EventWriter &out);
    [[nodiscard]] NetError resultError(const json::Value &line) const;
    void controlRequest(const json::Value &line, EventWriter &out);
    void controlResponse(const json::Value &line, EventWriter &out);
    void withdraw(const QString &id, EventWriter &out);
    void reply(const QByteArray &line);
    [[nodiscard]] QByteArray interrupt();
    [[nodiscard]] Lane &enterLane(const json::Value &line, EventWriter &out);
    void closeLanes(EventWriter &out);
    void endMarker(EventWriter &out);

    [[nodiscard]] ProcessRequest agentProcess(const ChatRequest &chat, const Endpoint &endpoint);

    json::Reader m_reader;
    std::map<QString, Lane> m_lanes; ///< by the call that a sub-agent answers; empty for the main one
    std::vector<Question> m_questions;
    QList<Command> m_replies;
    bool m_takesControl = false; ///< the exchange is one with a program that knows the control protocol
    bool m_cancelled = false;
    bool m_bare = false; ///< bare events came
    bool m_spoke = false;
    int m_interrupts = 0;
    int m_resultsToPass = 0;                ///< of turns that were redirected
    QHash<QString, QByteArray> m_redirects; ///< lines to send, by the interrupt they wait for
    std::optional<NetError> m_failure;      ///< what an answer that is none said, until the result
};

} // namespace rivulet
