// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/responseitems.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <optional>
#include <string_view>

namespace rivulet {

/// OpenAI's Responses API, and what the servers that offer the same make of it: events without event lines,
/// without sequence numbers or with ids that change, arguments that come only as a whole, "[DONE]".
///
/// Nothing is stored on the server: the whole history goes with each request, encrypted reasoning included.
/// With the option "background" the answer goes on without the connection: it can be joined again by the
/// sequence number of its last event, and stopping it takes a request of its own.
///
/// A base URL for a WebSocket starts the same exchange there, and falls back to HTTP.
///
/// The approval of an MCP server's tool ends the answer that asks for it: it is told with the next request,
/// as the content::Approval of that answer, and so decide() has nothing to say.
///
/// Complete means that "response.completed" or "response.incomplete" was seen, or that a background response
/// was cancelled.
class OpenAiResponses final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<ResumeToken> resumeToken() const override;
    [[nodiscard]] std::optional<ExchangeRequest> resume(const ResumeToken &token,
                                                        const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<HttpRequest> modelsRequest(const Endpoint &endpoint) const override;

    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    void payload(QByteArrayView data, std::string_view line, EventWriter &out);
    void event(const json::Value &event, const EventName &name, EventWriter &out);
    void started(const json::Value &response, EventWriter &out);
    void queued(const json::Value &response, EventWriter &out);
    void ended(const json::Value &response, QLatin1StringView status, EventWriter &out);
    void joinIfAsked(EventWriter &out);

    json::Reader m_reader;
    ResponseItems m_items;
    QString m_response; ///< its id
    bool m_isBackground = false;
    bool m_isQueued = false;
    bool m_hasEnded = false;
    std::optional<qint64> m_sequence;  ///< of the newest event
    std::optional<qint64> m_readUntil; ///< what comes up to this number was read before the stream was joined
    /// What was told before the stream was joined by a translator that did not read its beginning.
    std::optional<ResponseItems::CallsSoFar> m_callsBefore;
    bool m_isJoined = false;
};

} // namespace rivulet
