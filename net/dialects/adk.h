// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/wire/usage.h"

#include <QtCore/qhash.h>
#include <QtCore/qset.h>

#include <optional>

namespace rivulet {

/// The servers of Google's Agent Development Kit: a session is made first, with the history where there is
/// one, then the agent is run. With a base URL of ws or wss the run is live over a WebSocket; its session
/// must be there, and the same run over HTTP is the fallback.
///
/// The agent that speaks first has the main lane, every other one its own. The protocol has no end marker:
/// complete means that the body ended as it should after an agent's final response, which is a whole event
/// that leaves nothing to the server: neither a call that it has to answer nor an answer to go on from. Live,
/// it means that the turn was said to be complete.
class Adk final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] bool hasNext() const override { return m_step == Step::SessionIsThere; }
    [[nodiscard]] HttpRequest next(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> redirect(const QString &instruction) override;
    [[nodiscard]] std::optional<HttpRequest> modelsRequest(const Endpoint &endpoint) const override;

    [[nodiscard]] Framing framing() const override;
    void head(const ResponseHead &head) override;
    [[nodiscard]] bool goesOnAfter(const ResponseHead &head, QByteArrayView body) override;
    void frame(const Frame &frame, EventWriter &out) override;
    [[nodiscard]] bool document(QByteArrayView json, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;
    [[nodiscard]] std::optional<QList<ListedModel>> models(QByteArrayView body) const override;

private:
    enum class Step { MakeSession, SessionIsThere, Run };

    // What one agent has said.
    struct Speaker
    {
        QString text;     ///< all of it
        QString streamed; ///< the end of it that no whole event has repeated yet
        QString thought;  ///< likewise of its thoughts
        Usage usage;      ///< of the model call under way
    };

    void event(const json::Value &event, EventWriter &out);
    void content(const json::Value &parts, bool isPartial, Speaker &speaker, EventWriter &out);
    void call(const json::Value &call, EventWriter &out);
    void ask(const json::Value &call, EventWriter &out);
    void response(const json::Value &response, EventWriter &out);
    void actions(const json::Value &actions, EventWriter &out);
    void whole(const QString &text, Speaker &speaker, EventWriter &out);
    void usage(const json::Value &counts, bool isPartial, Speaker &speaker, EventWriter &out);
    void errorOf(const json::Value &event, EventWriter &out);
    void end(EventWriter &out);

    json::Reader m_reader;
    Step m_step = Step::Run;
    bool m_live = false;
    QByteArray m_run; ///< the body of the request that runs the agent
    QString m_app;
    QString m_user;
    QString m_session;
    QString m_root; ///< the agent of the main lane
    QHash<QString, Speaker> m_speakers;
    QSet<QString> m_longRunning; ///< ids of calls that the server does not wait for
    QStringList m_unnamedCalls;  ///< names of the calls without an id, in order
    int m_answeredUnnamedCalls = 0;
    int m_files = 0;
    Usage m_usage; ///< of the model calls that are over
    QString m_reason;
    bool m_isFinal = false;
    bool m_asks = false;
    int m_redirects = 0; ///< whose old turn has not ended
};

} // namespace rivulet
