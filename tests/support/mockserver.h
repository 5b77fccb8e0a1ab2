// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/demo/httpresponder.h"

#include <QtCore/qhash.h>
#include <QtCore/qobject.h>
#include <QtCore/qurl.h>

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
    /// Ends a chunked body and keeps the connection for the next request.
    MockAnswer &end();
    /// Keeps the connection for the next request: the answer was whole.
    MockAnswer &keep();
    /// Closes the connection with a FIN.
    MockAnswer &close();
    /// Ends the connection with an RST.
    MockAnswer &reset();

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
    struct Keep
    {};
    struct Close
    {};
    struct Reset
    {};
    std::vector<std::variant<Raw, Flood, Wait, Keep, Close, Reset>> m_steps;
};

/// A scripted HTTP server on 127.0.0.1, in the test's own thread. It records what it receives and answers
/// as told; without more to say it leaves a connection open and silent (a stall).
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

    explicit MockServer(QObject *parent = nullptr);
    ~MockServer() override;

    /// The URL of `path` on this server, by address.
    [[nodiscard]] QUrl url(const QString &path = {}) const;
    [[nodiscard]] quint16 port() const { return m_responder.port(); }
    /// A port of 127.0.0.1 at which nothing listens.
    [[nodiscard]] static quint16 closedPort();

    /// Answers the requests to come, in order, one each. Comes before any handler.
    void queue(MockAnswer answer);
    /// Answers every request to that path (without query).
    void route(const QByteArray &path, MockAnswer answer);
    /// Answers what neither the queue nor a route does. Without one it is 404 with an HTML page.
    void setHandler(Handler handler);
    /// Lets every exchange that stands at a wait() go on.
    void advance();

    [[nodiscard]] const std::vector<Received> &received() const { return m_received; }
    /// How many requests have come.
    [[nodiscard]] qsizetype count() const { return std::ssize(m_received); }
    /// How many connections are open.
    [[nodiscard]] qsizetype openConnections() const { return m_responder.openConnections(); }
    /// How many exchanges stand at a wait().
    [[nodiscard]] qsizetype waiting() const { return std::ssize(m_waiting); }
    /// Bytes of floods handed to the system so far.
    [[nodiscard]] qint64 floodSent() const { return m_floodSent; }

Q_SIGNALS:
    /// A request came.
    void requested();

private:
    struct Exchange;
    void answer(HttpConnection *connection);
    MockAnswer answerTo(const ReceivedRequest &request);
    void step(const std::shared_ptr<Exchange> &exchange);
    void later(const std::shared_ptr<Exchange> &exchange);

    HttpResponder m_responder;
    std::vector<Received> m_received;
    QList<MockAnswer> m_queue;
    QHash<QByteArray, MockAnswer> m_routes;
    Handler m_handler;
    std::vector<std::shared_ptr<Exchange>> m_waiting;
    qint64 m_floodSent = 0;
};

} // namespace rivulet::test
