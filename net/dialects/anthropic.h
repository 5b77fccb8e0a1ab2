// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/anthropicevents.h"
#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <optional>

namespace rivulet {

/// Anthropic's Messages API, and the servers that speak it: Vertex AI, and most local ones under
/// "/v1/messages".
///
/// Thoughts go back with their signatures, and so do the calls and results of the server's own tools; what
/// is unsigned or unfinished is left out. Complete means that "message_stop" was seen.
class Anthropic final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<HttpRequest> modelsRequest(const Endpoint &endpoint) const override;

    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    void payload(QByteArrayView data, QByteArrayView name, EventWriter &out);
    void event(const json::Value &event, QByteArrayView name, EventWriter &out);
    void endMarker(EventWriter &out);

    json::Reader m_reader;
    AnthropicEvents m_events;
};

/// The error that the API's own error object means, inside a stream.
[[nodiscard]] NetError anthropicError(const json::Value &value);

} // namespace rivulet
