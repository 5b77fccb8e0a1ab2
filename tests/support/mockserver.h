// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/demo/httpresponder.h"
#include "net/demo/websocketframes.h"

#include <QtCore/qhash.h>
#include <QtCore/qobject.h>
#include <QtCore/qurl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

namespace rivulet::test {

/// What a MockServer does with one request, step by step. Each step is taken in its own turn of the event
/// loop, so that the client sees the pieces apart.
class MockAnswer
{
public:
    /// Sends bytes as they are.
    MockAnswer &raw(const QByteArray &bytes);
    /// Sends a head with exactly these fields.
    MockAnswer &head(int status, const HttpHeaders &headers);
    /// Sends one chunk of a chunked body.
    MockAnswer &chunk(const QByteArray &data);
    /// Sends `data` in chunks of `size` bytes.
    MockAnswer &sliced(const QByteArray &data, qsizetype size);
    /// Sends `size` bytes of filler, for a body without chunks, as fast as the client takes them and never
    /// far ahead of it.
    MockAnswer &flood(qint64 size);
    /// Waits for MockServer::advance().
    MockAnswer &wait();
    /// Goes on after that time.
    MockAnswer &delay(std::chrono::milliseconds time);
    /// Ends a chunked body and keeps the connection for the next request.
    MockAnswer &end();
    /// Keeps the connection for the next request: the answer was whole.
    MockAnswer &keep();
    /// Closes the connection with a FIN.
    MockAnswer &close();
    /// Ends the connection with an RST.
    MockAnswer &reset();

    /// What a WebSocket says to each message: nothing, or messages of text.
    using Reply = std::function<QByteArrayList(const QByteArray &message)>;

    /// Accepts the WebSocket that was asked for. From then on pings are answered, and so is a closing
    /// handshake, whatever the steps do; what comes is recorded.
    MockAnswer &accept(const HttpHeaders &headers = {});
    /// Sends a whole WebSocket message. Half a frame is sent with raw().
    MockAnswer &text(const QByteArray &message);
    MockAnswer &binary(const QByteArray &message);
    /// Sends a message in fragments of `size` bytes.
    MockAnswer &fragments(const QByteArray &message, qsizetype size);
    /// Sends the beginning of a text frame of `size` bytes and nothing of what it announces.
    MockAnswer &oversizeFrame(quint64 size);
    /// Waits until `count` more messages came, beginning with those that no step has waited for yet.
    MockAnswer &expect(int count = 1);
    /// From now on every message is answered so, those too that came before; none is left for expect().
    MockAnswer &reply(Reply reply);
    /// From now on answers neither pings nor a closing handshake.
    MockAnswer &deaf();
    /// Begins the closing handshake; the connection is closed once the client has answered.
    MockAnswer &closeWith(int code, const QByteArray &reason = {});

    /// Accepts a WebSocket; the caller goes on.
    [[nodiscard]] static MockAnswer webSocket();
    /// A WebSocket that says these messages.
    [[nodiscard]] static MockAnswer webSocket(const QByteArrayList &messages);

    /// A whole answer with its Content-Length, on a connection that stays.
    [[nodiscard]] static MockAnswer whole(int status, const QByteArray &contentType, const QByteArray &body,
                                          HttpHeaders headers = {});
    [[nodiscard]] static MockAnswer json(const QByteArray &body, int status = 200);
    [[nodiscard]] static MockAnswer redirect(int status, const QUrl &target);
    /// The head of an event stream with a chunked body; the caller goes on.
    [[nodiscard]] static MockAnswer stream();
    /// A whole event stream, each of `events` in a chunk of its own.
    [[nodiscard]] static MockAnswer stream(const QByteArrayList &events);
    /// The head of an event stream whose end is the end of the connection; the caller goes on with raw().
    [[nodiscard]] static MockAnswer streamUntilClose();

private:
    friend class MockServer;
    struct Raw
    {
        QByteArray bytes;
    };
    struct Flood
    {
        qint64 size;
    };
    struct Wait
    {};
    struct Delay
    {
        std::chrono::milliseconds time;
    };
    struct Accept
    {
        HttpHeaders headers;
    };
    struct Expect
    {
        int count;
    };
    struct Deaf
    {};
    struct CloseWith
    {
        int code;
        QByteArray reason;
    };
    struct Keep
    {};
    struct Close
    {};
    struct Reset
    {};
    using Step =
        std::variant<Raw, Flood, Wait, Delay, Accept, Expect, Reply, Deaf, CloseWith, Keep, Close, Reset>;
    std::vector<Step> m_steps;
};

/// A scripted HTTP and WebSocket server on 127.0.0.1, in the test's own thread. It records what it receives
/// and answers as told; without more to say it leaves a connection open and silent (a stall).
class MockServer : public QObject
{
    Q_OBJECT

public:
    using Handler = std::function<MockAnswer(const ReceivedRequest &)>;

    struct Received
    {
        ReceivedRequest request;
        int connection = 0; ///< number of the connection, from 1
    };

    /// What came on an accepted WebSocket: a message, joined from its fragments, or a control frame.
    struct ReceivedMessage
    {
        WebSocketMessage message;
        int connection = 0;
    };

    /// Listens; port 0 takes a free one. Where that fails the program ends: no test could go on.
    explicit MockServer(quint16 port = 0, QObject *parent = nullptr);
    ~MockServer() override;

    /// The URL of `path` on this server, by address.
    [[nodiscard]] QUrl url(const QString &path = {}) const;
    /// The same for a WebSocket.
    [[nodiscard]] QUrl webSocketUrl(const QString &path = {}) const;
    [[nodiscard]] quint16 port() const { return m_responder.port(); }
    /// A port of 127.0.0.1 at which nothing listens.
    [[nodiscard]] static quint16 closedPort();

    /// Answers the requests to come, in order, one each. Comes before any handler.
    void queue(MockAnswer answer);
    /// Answers every request to that path (without query).
    void route(const QByteArray &path, const MockAnswer &answer);
    /// Answers what neither the queue nor a route does. Without one it is 404 with an HTML page.
    void setHandler(Handler handler);
    /// Lets every exchange that stands at a wait() go on.
    void advance();

    [[nodiscard]] const std::vector<Received> &received() const { return m_received; }
    /// How many requests have come.
    [[nodiscard]] qsizetype count() const { return std::ssize(m_received); }
    /// What came on WebSockets, in order.
    [[nodiscard]] const std::vector<ReceivedMessage> &messages() const { return m_messages; }
    /// The text messages among it.
    [[nodiscard]] QByteArrayList texts() const;
    /// How many frames of a kind came.
    [[nodiscard]] qsizetype countOf(WebSocketOpcode opcode) const;
    /// All that came on the connection of that number, byte for byte.
    [[nodiscard]] QByteArray bytesFrom(int connection) const { return m_bytes.value(connection); }
    /// How many connections are open.
    [[nodiscard]] qsizetype openConnections() const { return m_responder.openConnections(); }
    /// How many exchanges stand at a wait().
    [[nodiscard]] qsizetype waiting() const { return std::ssize(m_waiting); }
    /// Bytes of floods handed to the system so far.
    [[nodiscard]] qint64 floodSent() const { return m_floodSent; }

Q_SIGNALS:
    /// A request came.
    void requested();
    /// Something came on a WebSocket.
    void messageReceived();

private:
    struct Exchange;
    void answer(HttpConnection *connection);
    MockAnswer answerTo(const ReceivedRequest &request);
    void step(const std::shared_ptr<Exchange> &exchange);
    void later(const std::shared_ptr<Exchange> &exchange);
    void listen(const std::shared_ptr<Exchange> &exchange);
    void take(const std::shared_ptr<Exchange> &exchange, const WebSocketMessage &message);

    HttpResponder m_responder;
    std::vector<Received> m_received;
    std::vector<ReceivedMessage> m_messages;
    QHash<int, QByteArray> m_bytes;
    QList<MockAnswer> m_queue;
    QHash<QByteArray, MockAnswer> m_routes;
    Handler m_handler;
    std::vector<std::shared_ptr<Exchange>> m_waiting;
    qint64 m_floodSent = 0;
};

} // namespace rivulet::test
