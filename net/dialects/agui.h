// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"

#include <QtCore/qhash.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qset.h>
#include <QtCore/qstring.h>

#include <optional>
#include <vector>

namespace rivulet {

/// The Agent User Interaction protocol over server-sent events.
///
/// One stream may hold several runs, and a run that finished may still fail: so an answer is complete where
/// the stream ends cleanly after RUN_FINISHED with nothing said since, and Finished is told then.
///
/// The agent's state and its activities are artifacts. Their patches are applied here; a large one is told
/// again only after patches of an eighth of its size, and as it is when the run ends.
///
/// An interrupt is an event::Approval. Its answer goes back in `resume`; what the user writes instead of
/// deciding answers a question for text, and abandons every other.
class AgUi final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;

    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;

private:
    enum class Run { None, Open, Closed };

    struct Tool
    {
        QString name;
        QString arguments;
    };
    // A document that the agent keeps and patches.
    struct Kept
    {
        QString id;
        QString title;
        QJsonValue value;
        qsizetype toldSize = 0;
        qsizetype untold = 0; ///< bytes of patches since it was told
    };

    [[nodiscard]] bool event(const json::Value &event, EventWriter &out);
    [[nodiscard]] bool runEvent(const json::Value &event, EventWriter &out);
    [[nodiscard]] bool textEvent(const json::Value &event, EventWriter &out);
    [[nodiscard]] bool toolEvent(const json::Value &event, EventWriter &out);
    [[nodiscard]] bool reasoningEvent(const json::Value &event, EventWriter &out);
    [[nodiscard]] bool documentEvent(const json::Value &event, EventWriter &out);
    [[nodiscard]] bool otherEvent(const json::Value &event, EventWriter &out);
    [[nodiscard]] bool subagentEvent(const json::Value &event, EventWriter &out);
    void subagentFailed(const json::Value &event, EventWriter &out);
    [[nodiscard]] QString laneOf(const json::Value &event) const;
    void text(const json::Value &event, const QString &message, EventWriter &out);
    int toolCall(const QString &id, const QString &name, EventWriter &out);
    void toolArguments(const QString &id, const QString &delta, EventWriter &out);
    void toolResult(const QString &id, const json::Value &content, bool isError, EventWriter &out);
    void encryptedValue(const json::Value &event, EventWriter &out);
    void messagesSnapshot(const json::Value &messages, EventWriter &out);
    void snapshot(const QString &id, const QString &title, const json::Value &value, EventWriter &out);
    [[nodiscard]] bool patch(const QString &id, const json::Value &operations, EventWriter &out);
    void tell(Kept &kept, EventWriter &out);
    void tellAll(EventWriter &out);
    void usage(const json::Value &entries, EventWriter &out);
    void runFinished(const json::Value &event, EventWriter &out);
    void interrupt(const json::Value &interrupt, EventWriter &out);

    json::Reader m_reader;
    Run m_run = Run::None;
    std::optional<FinishReason> m_reason;    ///< of the newest run that finished
    QString m_text;                          ///< of the main lane, to compare with what a snapshot says
    QSet<QString> m_others;                  ///< messages that are not the assistant's
    QHash<QString, QString> m_chunkMessages; ///< by lane: what chunks without an id go on with
    QHash<QString, QString> m_chunkCalls;    ///< the same for tool calls
    QHash<QString, Tool> m_tools;            ///< by the call's id
    QSet<QString> m_results;                 ///< calls whose result was told
    QHash<QString, QString> m_subagents;     ///< lanes by the invocation's id
    std::vector<Kept> m_kept;
    Usage m_usage;
    int m_opaque = 0;
};

} // namespace rivulet
