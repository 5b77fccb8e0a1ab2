// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <QtCore/qhash.h>
#include <QtCore/qset.h>
#include <QtCore/qstring.h>

#include <vector>

namespace rivulet {

/// The UI message stream of the AI SDK from version 5 on: typed chunks as server-sent events.
///
/// Complete means that "[DONE]" was seen, or that the stream ended cleanly after `finish` or `abort`: back
/// ends in other languages leave the marker out.
///
/// A stream is joined again from its beginning, because that is all that its servers offer. The cursor of a
/// ResumeToken is the number of chunks read; as many are read again without a word.
///
/// What signs reasoning or a tool call is `providerMetadata`. A call's is told as opaque reasoning, too, with
/// the call's id beside it, since it goes back with the call.
class VercelUi final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<ResumeToken> resumeToken() const override;
    [[nodiscard]] std::optional<ExchangeRequest> resume(const ResumeToken &token,
                                                        const Endpoint &endpoint) override;

    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;

private:
    struct Reasoning
    {
        QString id;
        int index = 0;
        QByteArray metadata; ///< the newest
    };
    struct Tool
    {
        QString name;
        QString arguments;
    };
    // What reading the stream from its beginning has come to.
    struct Reading
    {
        qint64 chunks = 0;
        QString text;                     ///< all of it, for a step that is taken back
        qsizetype stepBegin = 0;          ///< in text
        std::vector<Reasoning> reasoning; ///< that has begun and not ended
        int reasoningCount = 0;
        QHash<QString, Tool> tools; ///< by the call's id
        QSet<QString> approvals;    ///< that wait for the user
        int files = 0;
        int data = 0;
        QString brokenOff; ///< a finish reason that means failure, until an error explains it
        bool ended = false;
    };

    [[nodiscard]] bool chunk(const json::Value &chunk, EventWriter &out);
    [[nodiscard]] bool textChunk(const json::Value &chunk, EventWriter &out);
    [[nodiscard]] bool reasoningChunk(const json::Value &chunk, EventWriter &out);
    [[nodiscard]] bool toolChunk(const json::Value &chunk, EventWriter &out);
    [[nodiscard]] bool partChunk(const json::Value &chunk, EventWriter &out);
    [[nodiscard]] bool messageChunk(const json::Value &chunk, EventWriter &out);
    void toolInput(const json::Value &chunk, EventWriter &out);
    void toolMetadata(const QString &call, const json::Value &metadata, EventWriter &out);
    void toolResult(const json::Value &chunk, EventWriter &out);
    void approval(const json::Value &chunk, EventWriter &out);
    [[nodiscard]] Reasoning &reasoningFor(const QString &id, EventWriter &out);
    void endReasoning(size_t place, EventWriter &out);
    void endAllReasoning(EventWriter &out);
    void data(const json::Value &chunk, EventWriter &out);
    void file(const json::Value &chunk, EventWriter &out);
    void metadata(const json::Value &value, EventWriter &out);
    void finishMessage(const json::Value &chunk, EventWriter &out);
    void endMarker(EventWriter &out);
    void message(const json::Value &message, EventWriter &out);
    [[nodiscard]] HttpRequest below(const Endpoint &endpoint, const QString &resource) const;

    json::Reader m_reader;
    QString m_chat;
    qint64 m_alreadyRead = 0; ///< chunks that were read before the stream was joined again
    Reading m_reading;
};

} // namespace rivulet
