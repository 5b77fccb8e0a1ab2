// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/transport.h"

#include <QtCore/qpointer.h>

#include <functional>
#include <memory>
#include <variant>
#include <vector>

namespace rivulet::test {

class FakeCall;

/// The server's side of one request that a FakeTransport was asked to send. A test plays the answer with
/// it, at its own pace, and sees what the caller did to the call. It outlives the call.
///
/// It keeps the contract of TransportCall: after an abort, the call's deletion or an end nothing is
/// signalled any more, and what a test plays while the call is paused waits for resume().
class FakeExchange
{
public:
    FakeExchange(ExchangeRequest request, TransportTimeouts timeouts);
    ~FakeExchange();
    FakeExchange(const FakeExchange &) = delete;
    FakeExchange &operator=(const FakeExchange &) = delete;

    /// What the caller asked for.
    [[nodiscard]] const ExchangeRequest &exchangeRequest() const { return m_request; }
    /// The same, where it is an HTTP request.
    [[nodiscard]] const HttpRequest &request() const { return std::get<HttpRequest>(m_request); }
    [[nodiscard]] const TransportTimeouts &timeouts() const { return m_timeouts; }

    /// Whether the caller called abort().
    [[nodiscard]] bool isAborted() const { return m_aborted; }
    /// Whether the socket would be closed: aborted, deleted, finished or failed.
    [[nodiscard]] bool isClosed() const;
    /// Whether the caller holds the stream back.
    [[nodiscard]] bool isPaused() const { return m_paused; }

    /// What the caller sent on the connection.
    [[nodiscard]] const QByteArrayList &sent() const { return m_sent; }

    /// Signals that a WebSocket is open, or a program runs.
    void opened();
    /// Signals a message of a WebSocket.
    void message(const QByteArray &text);
    /// Signals the head of an answer, an event stream by default.
    void head(int status = 200, const QByteArray &contentType = "text/event-stream",
              HttpHeaders headers = {});
    /// Signals a piece of the body; an empty one does nothing.
    void bytes(const QByteArray &bytes);
    /// Signals that the body has ended.
    void finish();
    /// Signals that the exchange broke.
    void fail(const NetError &error);

private:
    friend class FakeCall;
    friend class FakeTransport;
    struct Opened
    {};
    struct Finished
    {};
    using Step = std::variant<Opened, ConnectionMessage, ResponseHead, QByteArray, Finished, NetError>;

    void play(Step step);
    void perform(const Step &step);
    void playHeldBack();

    ExchangeRequest m_request;
    TransportTimeouts m_timeouts;
    QPointer<FakeCall> m_call;
    QList<Step> m_heldBack;
    QByteArrayList m_sent;
    bool m_aborted = false;
    bool m_paused = false;
    bool m_over = false;
};

/// A Transport without a network: records every request and leaves the answers to the test.
class FakeTransport : public Transport
{
public:
    /// Answers requests by itself: called from the event loop, once for each request.
    using Script = std::function<void(FakeExchange &)>;

    FakeTransport() = default;
    explicit FakeTransport(Script script);

    TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                        QObject *parent) override;

    /// How many requests were opened so far.
    [[nodiscard]] qsizetype count() const;
    /// The request opened as number `index`, from 0; it must exist.
    [[nodiscard]] FakeExchange &exchange(qsizetype index);
    /// The request opened last; there must be one.
    [[nodiscard]] FakeExchange &last();

private:
    Script m_script;
    std::vector<std::shared_ptr<FakeExchange>> m_exchanges;
};

} // namespace rivulet::test
