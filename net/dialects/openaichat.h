// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/thinktags.h"

#include <QtCore/qlist.h>

#include <optional>
#include <vector>

namespace rivulet {

/// OpenAI Chat Completions, and what the servers that claim compatibility make of it: reasoning in fields of
/// several names, in content parts or in tags, tool calls in whole or in pieces, usage in several places,
/// errors inside a successful stream, a missing end marker, and the older completions with plain text.
///
/// Of several choices only the first is read. Complete means that "[DONE]" was seen.
class OpenAiChat final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<HttpRequest> modelsRequest(const Endpoint &endpoint) const override;

    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    struct ToolCall
    {
        qint64 place; ///< the server's index, which several calls may share
        QString id;
        bool named = false;
        int index = 0; ///< in events
    };

    void payload(QByteArrayView data, bool isErrorEvent, EventWriter &out);
    void chunk(const json::Value &chunk, bool isErrorEvent, EventWriter &out);
    void choice(const json::Value &choice, EventWriter &out);
    void delta(const json::Value &delta, EventWriter &out);
    void reasoningDetails(const json::Value &details, bool withText, EventWriter &out);
    void content(const json::Value &content, EventWriter &out);
    void toolCall(const json::Value &fragment, std::optional<qint64> place, EventWriter &out);
    [[nodiscard]] ToolCall &toolCallFor(const json::Value &fragment, std::optional<qint64> place);
    void finishReason(const json::Value &reason, EventWriter &out);
    void add(const ThinkTags::Split &split, EventWriter &out);
    void endMarker(EventWriter &out);
    void fail(NetError error, EventWriter &out);

    json::Reader m_reader;
    bool m_refused = false;
    QString m_brokenOff; ///< a finish reason that means failure, until an error explains it
    ThinkTags m_thinkTags;
    std::vector<ToolCall> m_toolCalls;
};

} // namespace rivulet
