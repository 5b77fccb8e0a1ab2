// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <optional>

namespace rivulet {

/// The Model Context Protocol over Streamable HTTP as a chat: one tool of the server takes the prompt as an
/// argument, and what it gives is the answer. The handshake and the call are requests of one exchange, each
/// answered by a stream or a document; progress and log messages are what the server says it is doing.
///
/// Where the server refuses the handshake as servers of 2024 do, the exchange goes on in their way: a stream
/// names the address that takes what we say, and everything that the server says comes on that stream.
///
/// Complete means that the response to our call was seen. A recording has no call of ours: there the first
/// response counts that is not the handshake's, or the handshake's where it is all there is.
class McpSse final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] bool hasNext() const override;
    [[nodiscard]] HttpRequest next(const Endpoint &endpoint) override;
    [[nodiscard]] bool goesOnAfter(const ResponseHead &head, QByteArrayView body) override;
    [[nodiscard]] QList<Command> takeReplies() override;
    [[nodiscard]] bool dependsOnReplies() const override { return m_isOld; }
    [[nodiscard]] std::optional<HttpRequest> farewell(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> decide(const ApprovalDecision &decision) override;
    [[nodiscard]] std::optional<ResumeToken> resumeToken() const override;
    [[nodiscard]] std::optional<ExchangeRequest> resume(const ResumeToken &token,
                                                        const Endpoint &endpoint) override;

    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void head(const ResponseHead &head) override;
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;
    [[nodiscard]] NetError errorFor(const ResponseHead &head, QByteArrayView body) const override;

private:
    enum class Step {
        Refused,     ///< the handshake was refused: a server of 2024, perhaps
        Address,     ///< waits for the stream of such a server, and for the address that it names
        Initialize,  ///< waits for the answer to the handshake
        Initialized, ///< the handshake was answered
        Confirm,     ///< waits for the server to take note of that
        Confirmed,   ///< it did
        Call,        ///< waits for the answer to our call
        Recording,   ///< no request of ours is known
    };

    [[nodiscard]] HttpRequest requestTo(const Endpoint &endpoint, const QByteArray &body) const;
    void address(QByteArrayView data, EventWriter &out);
    void reply(const QByteArray &body);
    void message(const json::Value &message, EventWriter &out);
    void notification(const json::Value &method, const json::Value &params, EventWriter &out);
    void request(const json::Value &method, const json::Value &message, EventWriter &out);
    void response(const json::Value &message, EventWriter &out);
    void result(const json::Value &result, EventWriter &out);
    void content(const json::Value &item, EventWriter &out);
    void failed(const json::Value &error, EventWriter &out);

    json::Reader m_reader;
    Step m_step = Step::Recording;
    Endpoint m_endpoint; ///< of the exchange: decisions go back to it
    QByteArray m_call;   ///< the body of the request that calls the tool
    QUrl m_address;      ///< where an old server takes requests
    NetError m_refusal;  ///< of the handshake
    bool m_isOld = false;
    QList<Command> m_replies;
    QByteArray m_session;
    QByteArray m_version;
    QByteArray m_lastEventId;
    QByteArray m_handshake; ///< a recorded answer to one
    bool m_hasText = false;
    int m_files = 0;
};

} // namespace rivulet
