// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/surrogatejoiner.h"
#include "net/dialects/thinktags.h"

#include <QtCore/qlist.h>
#include <QtCore/qset.h>

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
    [[nodiscard]] HttpRequest request(const ChatRequest &chat, const Endpoint &endpoint) const override;
    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void frame(const Frame &frame, StreamEvents &events) override;
    void document(QByteArrayView json, StreamEvents &events) override;
    void finish(StreamEvents &events) override;
    [[nodiscard]] NetError errorFor(const ResponseHead &head, QByteArrayView body) const override;
    [[nodiscard]] HttpRequest modelsRequest(const Endpoint &endpoint) const override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;
    [[nodiscard]] Completeness completeness() const override { return m_completeness; }

private:
    struct ToolCall
    {
        qint64 place; ///< the server's index, which several calls may share
        QString id;
        QString name;
        SurrogateJoiner joiner;
        bool hasArguments = false;
    };

    void payload(QByteArrayView data, bool isErrorEvent, StreamEvents &events);
    void chunk(const json::Value &chunk, bool isErrorEvent, StreamEvents &events);
    void typedChunk(const json::Value &type, const json::Value &data, StreamEvents &events);
    void started(const json::Value &id, const json::Value &model, StreamEvents &events);
    void choice(const json::Value &choice, StreamEvents &events);
    void delta(const json::Value &delta, StreamEvents &events);
    void reasoningDetails(const json::Value &details, bool withText, StreamEvents &events);
    void content(const json::Value &content, StreamEvents &events);
    void toolCall(const json::Value &fragment, std::optional<qint64> place, StreamEvents &events);
    [[nodiscard]] size_t toolCallFor(const json::Value &fragment, std::optional<qint64> place);
    void source(const QString &url, const QString &title, StreamEvents &events);
    void usage(const json::Value &usage, StreamEvents &events);
    void finishReason(const json::Value &reason, StreamEvents &events);

    void addText(QString delta, StreamEvents &events);
    void addReasoning(QString delta, StreamEvents &events);
    void add(ThinkTags::Split split, StreamEvents &events);
    void flushHeld(StreamEvents &events);
    void finished(FinishReason reason, StreamEvents &events);
    void endMarker(StreamEvents &events);
    void fail(NetError error, StreamEvents &events);
    template<typename Event>
    void emit(StreamEvents &events, Event event) const;

    json::Reader m_reader;
    Completeness m_completeness = Completeness::Open;
    bool m_started = false;
    bool m_refused = false;
    std::optional<FinishReason> m_finish; ///< as it was told to the reader
    QString m_brokenOff;                  ///< a finish reason that means failure, until an error explains it

    SurrogateJoiner m_textJoiner;
    SurrogateJoiner m_reasoningJoiner;
    ThinkTags m_thinkTags;
    std::vector<ToolCall> m_toolCalls;
    QSet<QString> m_sources;
    Usage m_usage;

    size_t m_textSize = 0;
    size_t m_reasoningSize = 0;
    size_t m_argumentsSize = 0;
};

} // namespace rivulet
