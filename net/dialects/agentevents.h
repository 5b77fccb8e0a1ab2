// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialect.h"
#include "net/dialects/json.h"
#include "net/dialects/servertools.h"

#include <QtCore/qhash.h>
#include <QtCore/qstring.h>

#include <optional>

namespace rivulet {

/// Typed events of one or several agents over server-sent events. Each agent that a frame names is a lane of
/// its own; "system" and no name are the main one. The error of an agent fails its lane only, the answer
/// itself ("final_response") is said in the main lane unless an agent has said it already.
///
/// The request is a POST, or a GET where the server takes no POST, with the user's words and the session. The
/// base URL is the address itself; "{session_id}" in its path stands for the session. A stream whose events
/// have ids or indexes, or whose response named it in "X-Stream-ID", can be joined again, without the words:
/// what the server then repeats is dropped. "token_expired" is a failure of the kind Auth with that code.
///
/// Complete means that "final_response" was seen, or that the server told of the cancelling; of servers that
/// send "result" instead, that the body ended in good order after each agent that spoke gave its own.
class AgentEvents final : public Dialect
{
public:
    [[nodiscard]] std::unique_ptr<Dialect> clone() const override;
    [[nodiscard]] QList<DialectOption> options() const override;
    [[nodiscard]] ExchangeRequest open(const ChatRequest &chat, const Endpoint &endpoint) override;
    [[nodiscard]] bool goesOnAfter(const ResponseHead &refusal, QByteArrayView body) override;
    [[nodiscard]] bool hasNext() const override { return m_refused; }
    [[nodiscard]] HttpRequest next(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<Command> cancel(const Endpoint &endpoint) override;
    [[nodiscard]] std::optional<ResumeToken> resumeToken() const override;
    [[nodiscard]] std::optional<ExchangeRequest> resume(const ResumeToken &token,
                                                        const Endpoint &endpoint) override;

    [[nodiscard]] Framing framing() const override { return Framing::Sse; }
    void head(const ResponseHead &head) override;
    void frame(const Frame &frame, EventWriter &out) override;
    void finish(bool clean, EventWriter &out) override;
    [[nodiscard]] NetError errorFor(const ResponseHead &head, QByteArrayView body) const override;

private:
    /// What was read last. Ids are points in time that several events may share.
    struct Place
    {
        QString id;
        qint64 eventsWithId = 0;
        std::optional<qint64> index;
    };

    /// What an agent said, as far as it takes to know it again.
    struct Said
    {
        qint64 size = 0; ///< UTF-16 units
        quint64 hash = 0;
        bool hasThought = false;
        bool isOver = false; ///< it gave its result, or failed
    };

    using Reading = void (AgentEvents::*)(const json::Value &data, EventWriter &out);
    [[nodiscard]] static Reading readingOf(QByteArrayView type);

    void agentStart(const json::Value &data, EventWriter &out);
    void agentProgress(const json::Value &data, EventWriter &out);
    void agentComplete(const json::Value &data, EventWriter &out);
    void message(const json::Value &data, EventWriter &out);
    void reasoning(const json::Value &data, EventWriter &out);
    void toolCall(const json::Value &data, EventWriter &out);
    void toolResult(const json::Value &data, EventWriter &out);
    void error(const json::Value &data, EventWriter &out);
    void result(const json::Value &data, EventWriter &out);
    void finalResponse(const json::Value &data, EventWriter &out);
    void tokenExpired(const json::Value &data, EventWriter &out);
    void keepAlive(const json::Value &data, EventWriter &out);

    [[nodiscard]] HttpRequest request(const Endpoint &endpoint) const;
    [[nodiscard]] std::optional<json::Value> valueOf(QByteArrayView data, bool unterminated);
    [[nodiscard]] bool isRepeated(const Frame &frame, const json::Value &event, const json::Value &data);
    void status(const json::Value &data, QLatin1StringView stage, event::Status::State state,
                EventWriter &out);
    void say(const QString &agent, QString text, EventWriter &out);
    void sayWhole(const QString &text, EventWriter &out);
    [[nodiscard]] QString withoutInterruption(QString text);
    static void stopped(EventWriter &out);

    json::Reader m_reader;
    ServerTools m_tools;
    QString m_message; ///< the user's words; empty where a stream is joined again
    QString m_session;
    QString m_stream;
    bool m_usesGet = false;
    bool m_refused = false; ///< the POST was, and the GET was not sent yet
    Place m_place;
    std::optional<Place> m_repeatedUpTo; ///< where new events begin
    qint64 m_repeatedWithId = 0;

    QString m_agent; ///< of the frame at hand
    QHash<QString, Said> m_said;
    bool m_hasResult = false;
    bool m_interrupted = false; ///< the server said that the answer is but a part
    bool m_cancelled = false;
};

} // namespace rivulet
