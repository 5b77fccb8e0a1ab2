// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/responseitems.h"

#include <QtCore/qstring.h>

#include <optional>

namespace rivulet {

/// OpenAI's Realtime API over a WebSocket, for text: each exchange opens a session, tells it the history item
/// by item and asks for one response. Reads the names of the preview, too, which some servers keep, and what
/// is spoken by its transcript.
///
/// An error of the server's ends the exchange, although the session would go on: something of what was asked
/// is not as it was asked. Only an error about our own cancel is passed over.
///
/// Complete means that "response.done" was seen.
class OpenAiRealtime final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<HttpRequest> modelsRequest(const Endpoint &endpoint) const override;

    [[nodiscard]] Framing framing() const override { return Framing::Lines; }
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    void done(const json::Value &response, EventWriter &out);

    json::Reader m_reader;
    ResponseItems m_items;
    QString m_response; ///< the id of the response that was asked for
};

} // namespace rivulet
