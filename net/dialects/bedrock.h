// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/anthropicevents.h"
#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <map>
#include <optional>

namespace rivulet {

/// Amazon Bedrock's ConverseStream, and its answers given at once. The key is a bearer token, or an access
/// key with its secret ("AKIA…:SECRET" or "ASIA…:SECRET:SESSIONTOKEN"), which signs each request.
///
/// Complete means that the reason for the end was seen and then either the token counts or a clean end.
/// ReasoningOpaque::data is the content of a reasoning block as it goes back: signed text, or a redacted
/// blob.
///
/// InvokeModelWithResponseStream where it is chosen and the model is Anthropic's or Cohere's: then the
/// request is in the maker's own form, and complete is what the maker says. Cohere's models are told of no
/// tools there. What comes is read in whichever form it comes, Amazon's own wrapped events included.
class Bedrock final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<HttpRequest> modelsRequest(const Endpoint &endpoint) const override;

    [[nodiscard]] Framing framing() const override { return Framing::AwsEventStream; }
    void head(const ResponseHead &head) override;
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;
    [[nodiscard]] NetError errorFor(const ResponseHead &head, QByteArrayView body) const override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    // A content block that is open. Text and a tool's input go on at once, the rest is whole at its end.
    struct Block
    {
        QString thought{};
        QString signature{};
        QByteArray redacted{};     ///< bytes
        std::optional<int> call{}; ///< a tool call's index in events
        QString serverTool{};      ///< the id of a call that the server runs itself, or of its result
        QString name{};            ///< of that tool
        QString input{};           ///< for that tool
        QString result{};          ///< of that tool
        bool isResult = false;
        bool failed = false;
        QString imageFormat{};
    };

    void event(std::string_view name, const json::Value &payload, EventWriter &out);
    void chunk(const json::Value &payload, EventWriter &out);
    void anthropicEvent(const json::Value &event, EventWriter &out);
    void anthropicEnd(EventWriter &out);
    void cohereEvent(const json::Value &event, EventWriter &out);
    void blockStart(const json::Value &payload, EventWriter &out);
    void blockDelta(const json::Value &payload, EventWriter &out);
    void blockStop(Block &block, EventWriter &out);
    void content(const json::Value &block, qint64 place, EventWriter &out);
    void toolUse(const json::Value &toolUse, Block &block, EventWriter &out);
    void reasoning(const json::Value &content, Block &block, EventWriter &out);
    void image(const json::Value &image, const QString &format, EventWriter &out);
    void stop(const json::Value &reason, EventWriter &out);
    void usage(const json::Value &counts, EventWriter &out);
    void complete(EventWriter &out);
    [[nodiscard]] Block &blockOf(const json::Value &payload);

    json::Reader m_reader;
    json::Reader m_innerReader;
    AnthropicEvents m_anthropic;
    QString m_id;
    std::map<qint64, Block> m_blocks;
    int m_opaques = 0;
    int m_images = 0;
    bool m_stopped = false;
    bool m_hasUsage = false;
};

} // namespace rivulet
