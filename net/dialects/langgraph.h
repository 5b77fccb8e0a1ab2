// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/langchainmessages.h"

#include <QtCore/qhash.h>
#include <QtCore/qset.h>

#include <optional>

namespace rivulet {

/// LangGraph Platform and its local server: runs on threads with all their stream modes, and the frames of
/// the newer thread protocol. LangServe where the base URL ends in /stream, /stream_log or /stream_events,
/// with its chunks, patches and events. What kind of frame came decides how it is read, not what was asked.
///
/// Subgraphs are lanes. The thread is the session: a first request makes one and brings the whole history,
/// the ones after it only what is new. Once a run has ended, the session names its last checkpoint as well,
/// and the next request goes on from there: so an earlier answer of the thread can be gone on from, too,
/// without what came after it. Complete means that "end" was seen or, in the thread protocol, that
/// the run's own lifecycle ended; a reason to finish that came before a clean end without it is told.
class LangGraph final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] bool hasNext() const override { return m_asksAgain; }
    [[nodiscard]] HttpRequest next(const Endpoint &endpoint) override;
    [[nodiscard]] bool goesOnAfter(const ResponseHead &head, QByteArrayView body) override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<ResumeToken> resumeToken() const override;
    [[nodiscard]] std::optional<ExchangeRequest> resume(const ResumeToken &token,
                                                        const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<HttpRequest> modelsRequest(const Endpoint &endpoint) const override;

    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void head(const ResponseHead &head) override;
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    [[nodiscard]] bool wasRead(const Frame &frame);
    void started(EventWriter &out);
    void checkpoint(const json::Value &data);
    void enterNamespace(const QStringList &path, EventWriter &out);
    void event(QByteArrayView mode, const json::Value &data, EventWriter &out);
    void messageTuple(const json::Value &tuple, EventWriter &out);
    void nodeStarted(const QString &message, const json::Value &metadata, EventWriter &out);
    void updates(const json::Value &nodes, EventWriter &out);
    void state(const json::Value &values, EventWriter &out);
    void interrupts(const json::Value &list, EventWriter &out);
    void interrupt(const json::Value &asking, EventWriter &out);
    void custom(const json::Value &data, EventWriter &out);
    void error(const json::Value &data, EventWriter &out);

    // The thread protocol
    void threadFrame(const json::Value &frame, EventWriter &out);
    void threadMessage(const json::Value &data, EventWriter &out);
    void contentBlock(const json::Value &block, const QString &place, EventWriter &out);
    void toolEvent(const json::Value &data, EventWriter &out);
    void lifecycle(const json::Value &data, bool isRun, EventWriter &out);

    // LangServe
    void chunk(const json::Value &chunk, EventWriter &out);
    void patch(const json::Value &operation, EventWriter &out);
    void runnableEvent(const json::Value &event, EventWriter &out);

    void end(EventWriter &out);
    [[nodiscard]] std::optional<FinishReason> reason() const;

    json::Reader m_reader;
    LangChainMessages m_messages;
    QUrl m_base;
    QString m_thread; ///< empty where the run has none of ours
    QString m_run;
    QString m_checkpoint; ///< the newest of the run itself
    QUrl m_runUrl;
    QByteArray m_plainBody; ///< of the request for servers that tell of no checkpoints
    bool m_asksAgain = false;
    bool m_stateless = false;
    bool m_messagesAreStreamed = false; ///< so that a state tells nothing new
    bool m_interrupted = false;
    QString m_lastEventId;
    QString m_readUpTo; ///< an event id: frames up to it were read before
    qint64 m_sequence = -1;
    QHash<QString, QString> m_laneOf;      ///< a namespace's lane
    QHash<QString, int> m_lanesNamed;      ///< how many lanes have a name
    QHash<QString, QString> m_messageIn;   ///< the message that a namespace streams
    QHash<QString, QString> m_toolMessage; ///< the call that a namespace's tool message answers
    QHash<QString, QString> m_callOfRun;   ///< a tool run's call
    QSet<QString> m_interrupts;
};

} // namespace rivulet
