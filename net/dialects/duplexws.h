// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/servertools.h"

#include <chrono>
#include <optional>

namespace rivulet {

/// Tokens over a WebSocket that may be interrupted with a new instruction at any time, and the plain request
/// and response of the same server where no WebSocket opens. The server keeps the history of a connection
/// and runs its own tools.
///
/// redirect() changes the course of a running answer: what comes until the server's echo of it is still the
/// answer to the old instruction and dropped, what follows it is the one to the new.
/// cancel() is the same without an instruction, and the server's echo of it then ends the answer.
///
/// The protocol has no end marker, though some servers send one. Without it an answer is whole where the
/// WebSocket is closed in good order, or after quietPeriod(), which counts from the last token.
class DuplexWs final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] QList<Command> takeReplies() override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> quietPeriod() const override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> redirect(const QString &instruction) override;

    [[nodiscard]] Framing framing() const override { return Framing::Lines; }
    void head(const ResponseHead &head) override;
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;

private:
    using Reading = void (DuplexWs::*)(const json::Value &message, EventWriter &out);
    [[nodiscard]] static Reading readingOf(const json::Value &type);

    void token(const json::Value &message, EventWriter &out);
    void thinking(const json::Value &message, EventWriter &out);
    void toolCall(const json::Value &message, EventWriter &out);
    void toolResult(const json::Value &message, EventWriter &out);
    void userInterrupt(const json::Value &message, EventWriter &out);
    void end(const json::Value &message, EventWriter &out);
    void error(const json::Value &message, EventWriter &out);
    void ping(const json::Value &message, EventWriter &out);
    void pong(const json::Value &message, EventWriter &out);

    [[nodiscard]] bool wholeAnswer(const json::Value &answer, EventWriter &out);
    void metadata(const json::Value &metadata, EventWriter &out);
    void thoughtStep(const QString &step, EventWriter &out);

    json::Reader m_reader;
    ServerTools m_tools;
    std::chrono::milliseconds m_quietPeriod{2000};
    bool m_overHttp = false;
    bool m_begun = false;
    bool m_isAnswering = false; ///< the last thing said was a piece of the answer
    bool m_hasThought = false;
    bool m_cancelled = false;
    int m_redirects = 0; ///< whose echo has not come
    std::optional<ConnectionMessage> m_reply;
};

} // namespace rivulet
