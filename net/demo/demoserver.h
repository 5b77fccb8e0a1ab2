// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/demo/httpresponder.h"
#include "net/export.h"

#include <QtCore/qobject.h>
#include <QtCore/qurl.h>

namespace rivulet {

class DemoPacer;
class DemoSocket;
struct DemoReply;

/// The embedded server that a new user talks to first. It answers from texts that are chosen by the prompt;
/// see demoReply(). It needs no key and no network, and refuses every request whose Host or Origin is not its
/// own. Stops an answer when its client goes away. On one port of 127.0.0.1 it speaks
///
/// - OpenAI Chat Completions, with and without streaming, below baseUrl();
/// - below agentUrl() the protocol of AgentWs: a query, a session, and server-sent events;
/// - below duplexUrl() the protocol of DuplexWs, which may be interrupted, and its plain form.
///
/// Works on the thread that starts it; nothing in it blocks.
class RIVULET_NET_EXPORT DemoServer : public QObject
{
    Q_OBJECT

public:
    explicit DemoServer(QObject *parent = nullptr);
    ~DemoServer() override;

    /// Listens; port 0 takes a free one. False where that fails: errorString() says why.
    [[nodiscard]] bool start(quint16 port = 0);
    [[nodiscard]] QString errorString() const { return m_responder.errorString(); }
    /// The base URL of the provider, such as "http://127.0.0.1:40123/v1".
    [[nodiscard]] QUrl baseUrl() const;

    /// The addresses of the two that speak over a WebSocket, such as "ws://127.0.0.1:40123/agent".
    [[nodiscard]] QUrl agentUrl() const;
    [[nodiscard]] QUrl duplexUrl() const;

    /// How fast answers stream, in tokens per second; 0 is as fast as the client takes them. Counts for
    /// answers that begin later. The model "demo-slow" streams at a tenth of it.
    void setTokensPerSecond(double rate) { m_tokensPerSecond = rate; }
    [[nodiscard]] double tokensPerSecond() const { return m_tokensPerSecond; }

    /// How many answers are streaming now.
    [[nodiscard]] qsizetype activeStreams() const { return m_activeStreams; }

private:
    void answer(HttpConnection *connection);
    void listModels(HttpConnection *connection);
    void complete(HttpConnection *connection);
    void openAgentQuery(HttpConnection *connection);
    void openAgentSession(HttpConnection *connection);
    void streamAgentQuery(HttpConnection *connection);
    void openDuplex(HttpConnection *connection);
    void answerPlainly(HttpConnection *connection);
    void play(DemoSocket *socket, const DemoReply &reply, const QByteArrayList &messages);
    void count(DemoPacer *answer);
    [[nodiscard]] double rateOf(const DemoReply &reply) const;
    [[nodiscard]] bool isOwn(const ReceivedRequest &request) const;

    double m_tokensPerSecond = 80;
    qsizetype m_activeStreams = 0;
    qint64 m_answers = 0;
    HttpResponder m_responder; ///< last: its connections report their end to this object
};

} // namespace rivulet
