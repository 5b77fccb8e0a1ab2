// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/pathedjsonwriter.h"

#include <optional>

namespace rivulet {

/// Google's Gemini API and its twin on Vertex AI: generateContent and its stream, also as a JSON array, and
/// the streams of the Interactions API where a server sends those.
///
/// The protocol has no end marker: complete means that the body ended as it should after a finish reason,
/// which some models repeat in each chunk, or after a refusal of the prompt. Of several candidates only the
/// first is read. Calls that the server leaves without an id get one here, which is never sent to it.
///
/// ReasoningOpaque::data is a JSON object with what goes back: "thoughtSignature", and as "part" the kind of
/// part that it signs (with "id" for a "functionCall"), or the whole part where nothing else remembers it.
class Gemini final : public Dialect
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
    [[nodiscard]] NetError errorFor(const ResponseHead &head, QByteArrayView body) const override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    // A call whose arguments come in pieces.
    struct OpenCall
    {
        int index = 0; ///< in events
        PathedJsonWriter arguments{};
    };

    void chunk(const json::Value &chunk, EventWriter &out);
    void candidate(const json::Value &candidate, EventWriter &out);
    void part(const json::Value &part, EventWriter &out);
    void functionCall(const json::Value &part, EventWriter &out);
    void partialArguments(const json::Value &pieces, EventWriter &out);
    void closeCall(EventWriter &out);
    void ranCode(const json::Value &part, EventWriter &out);
    void file(const json::Value &data, bool isThought, EventWriter &out);
    void opaque(const json::Value &part, const QByteArray &kind, EventWriter &out, const QString &id = {});
    void finishReason(const json::Value &reason, const json::Value &message, EventWriter &out);
    void blocked(const json::Value &feedback, EventWriter &out);
    void interaction(const json::Value &type, const json::Value &event, EventWriter &out);
    void interactionStep(const json::Value &event, EventWriter &out);
    void interactionDelta(const json::Value &event, EventWriter &out);
    [[nodiscard]] QString callId(const QString &given);

    json::Reader m_reader;
    QString m_answer; ///< the server's name for it, else ours for the exchange
    int m_calls = 0;
    int m_opaques = 0;
    int m_files = 0;
    int m_programs = 0;
    std::optional<OpenCall> m_openCall;
    QString m_reason; ///< the newest finish reason, in the server's word
    QString m_reasonMessage;
};

} // namespace rivulet
