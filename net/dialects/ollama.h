// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/thinktags.h"

namespace rivulet {

/// Ollama's own API, local and in its cloud: the chat, and the lines of the older completion. Complete means
/// that a line said "done". Calls that the server leaves without an id get one here, which is never sent.
class Ollama final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<HttpRequest> modelsRequest(const Endpoint &endpoint) const override;

    [[nodiscard]] Framing framing() const override { return Framing::Lines; }
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    void line(const json::Value &line, EventWriter &out);
    void said(const json::Value &content, const json::Value &thinking, EventWriter &out);
    void toolCall(const json::Value &call, EventWriter &out);
    void image(const json::Value &data, EventWriter &out);
    void done(const json::Value &reason, EventWriter &out);
    void add(const ThinkTags::Split &split, EventWriter &out);

    json::Reader m_reader;
    ThinkTags m_thinkTags;
    QString m_exchange;
    int m_calls = 0;
    int m_images = 0;
};

} // namespace rivulet
