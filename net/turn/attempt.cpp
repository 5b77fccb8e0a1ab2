// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/attempt.h"

#include "net/dialects/dialect.h"
#include "net/framing/limits.h"
#include "net/transport/requestqueue.h"

#include <QtCore/qtimer.h>

#include <algorithm>
#include <utility>

namespace rivulet {

namespace {

// A server that has sent its end marker still has to end the body.
constexpr auto lingerTime = std::chrono::seconds(2);

// How long a server may take to end an answer that it was told to stop.
constexpr auto cancelTime = std::chrono::seconds(3);

// How long a server may take to acknowledge an answer of ours, to its question or else.
constexpr auto replyTime = std::chrono::seconds(30);

bool speaks(const StreamEvent &event)
{
    return !std::holds_alternative<event::Started>(event.payload)
        && !std::holds_alternative<event::UsageReported>(event.payload)
        && !std::holds_alternative<event::Failed>(event.payload);
}

// How far a request has come as soon as it was opened: a WebSocket says nothing before it is open.
Reached reachedByOpening(const ExchangeRequest &request)
{
    return std::holds_alternative<WebSocketRequest>(request) ? Reached::Nowhere : Reached::Sent;
}

// Ends a call that nobody listens to any more.
void giveUp(TransportCall *call)
{
    call->abort();
    call->deleteLater();
}

// Lets a call that nobody listens to any more end by itself, but not for ever.
void letEnd(TransportCall *call, std::chrono::milliseconds limit)
{
    QObject::connect(call, &TransportCall::finished, call, &QObject::deleteLater);
    QObject::connect(call, &TransportCall::failed, call, &QObject::deleteLater);
    QTimer::singleShot(limit, call, [call] { giveUp(call); });
}

// Waits on a call for the end that its server was asked for; what else comes is for nobody.
void awaitEnd(TransportCall *call, const std::shared_ptr<ResponseReader> &reader)
{
    const auto read = [call, reader](const auto &feed) {
        StreamEvents unseen;
        feed(*reader, unseen);
        for (const Command &reply : reader->dialect().takeReplies()) {
            if (const auto *message = std::get_if<ConnectionMessage>(&reply))
                call->send(*message);
        }
        if (reader->completeness() != Completeness::Open)
            giveUp(call);
    };
    QObject::connect(call, &TransportCall::message, call, [read](const QByteArray &text) {
        read([&](ResponseReader &to, StreamEvents &unseen) { to.message(text, unseen); });
    });
    QObject::connect(call, &TransportCall::bytes, call, [read](const QByteArray &bytes) {
        read([&](ResponseReader &to, StreamEvents &unseen) { to.feed(bytes, unseen); });
    });
    letEnd(call, cancelTime);
}

} // namespace

Attempt::Attempt(std::unique_ptr<ResponseReader> reader, const Endpoint &endpoint, const Means &means)
    : m_transport(means.transport), m_clock(means.clock), m_owner(means.owner), m_endpoint(endpoint),
      m_reader(std::move(reader)), m_quiet(m_clock.alarm([this] { bodyEnded(); }))
{}

Attempt::~Attempt()
{
    abandon();
}

void Attempt::open(const ExchangeRequest &request)
{
    m_reached = reachedByOpening(request);
    m_isProgram = std::holds_alternative<ProcessRequest>(request);
    openCall(request);
}

void Attempt::setPaused(bool paused)
{
    if (std::exchange(m_isPaused, paused) == paused || !m_call)
        return;
    // What is silent because it is held back has not ended.
    m_quiet->clear();
    if (paused)
        m_call->pause();
    else
        m_call->resume();
}

void Attempt::say(const Command &command)
{
    // What is said wants an answer: a silence before it is not the end.
    m_quiet->clear();
    if (const auto *message = std::get_if<ConnectionMessage>(&command)) {
        if (m_call)
            m_call->send(*message);
    } else {
        letEnd(m_transport.open(std::get<HttpRequest>(command), {}, m_owner), replyTime);
    }
}

void Attempt::abandon()
{
    TransportCall *call = m_call;
    leave();
    if (call)
        giveUp(call);
}

std::optional<HttpRequest> Attempt::cancel()
{
    TransportCall *call = m_call;
    leave();
    if (!call)
        return std::nullopt;
    const std::optional<Command> command = m_reader->dialect().cancel(m_endpoint);
    const auto *message = command ? std::get_if<ConnectionMessage>(&*command) : nullptr;
    const bool isOpen = m_reached == Reached::Accepted || m_reached == Reached::Delivered;
    if (message && isOpen) {
        call->setParent(m_owner);
        call->resume();
        call->send(*message);
        awaitEnd(call, m_reader);
        return std::nullopt;
    }
    giveUp(call);
    const auto *request = command ? std::get_if<HttpRequest>(&*command) : nullptr;
    return request ? std::optional(*request) : std::nullopt;
}

void Attempt::linger()
{
    TransportCall *call = m_call;
    leave();
    if (call) {
        call->setParent(m_owner);
        letEnd(call, lingerTime);
    }
}

void Attempt::openCall(const ExchangeRequest &request)
{
    // How long the answer may be silent is for the turn to say, which knows what was said.
    m_call = m_transport.open(request, {.idle = std::chrono::milliseconds(0)}, this);
    if (m_isPaused)
        m_call->pause();
    connect(m_call, &TransportCall::head, this, [this](const ResponseHead &head) {
        m_reader->head(head);
        Q_EMIT answered(head);
        accept();
    });
    connect(m_call, &TransportCall::opened, this, &Attempt::accept);
    connect(m_call, &TransportCall::bytes, this, [this](const QByteArray &bytes, qint64 received) {
        read(received, bytes.size(), [&](StreamEvents &events) { m_reader->feed(bytes, events); });
    });
    connect(m_call, &TransportCall::message, this, [this](const QByteArray &text) {
        read(text.size(), text.size(), [&](StreamEvents &events) { m_reader->message(text, events); });
    });
    connect(m_call, &TransportCall::finished, this, &Attempt::bodyEnded);
    connect(m_call, &TransportCall::failed, this, [this](const NetError &reason) { end(reason); });
}

void Attempt::accept()
{
    if (m_reached == Reached::Accepted || m_reached == Reached::Delivered)
        return;
    m_reached = Reached::Accepted;
    Q_EMIT accepted();
}

// Takes what came, says what it calls for, and ends where it was the end.
void Attempt::read(qint64 received, qint64 decoded, const std::function<void(StreamEvents &)> &feed)
{
    StreamEvents events;
    feed(events);
    if (std::ranges::any_of(events, speaks))
        m_reached = Reached::Delivered;
    Q_EMIT heard(received, decoded);
    if (!events.isEmpty() && !m_isOver)
        Q_EMIT arrived(events);
    if (m_isOver)
        return;
    reply();
    if (m_isOver)
        return;
    if (m_reader->completeness() != Completeness::Open)
        end({});
    else if (const auto silence = m_reader->dialect().quietPeriod(); silence && !m_isPaused)
        m_quiet->set(*silence);
    else
        m_quiet->clear();
}

// Says what the frames so far call for.
void Attempt::reply()
{
    for (const Command &reply : m_reader->dialect().takeReplies()) {
        if (const auto *message = std::get_if<ConnectionMessage>(&reply)) {
            m_call->send(*message);
            continue;
        }
        if (!m_replies) {
            const auto fails = [this](const NetError &reason) {
                if (!m_isOver && m_reader->dialect().dependsOnReplies())
                    end(reason);
            };
            m_replies = new RequestQueue(
                m_transport, this,
                [this, fails](const ResponseHead &head, const QByteArray &body) {
                    fails(m_reader->dialect().errorFor(head, body));
                },
                fails);
        }
        m_replies->send(std::get<HttpRequest>(reply), replyTime);
    }
}

// The answer has ended without the protocol's word for it, or goes on with a further request.
void Attempt::bodyEnded()
{
    StreamEvents events;
    m_reader->finish(ResponseReader::End::Clean, events);
    if (std::ranges::any_of(events, speaks))
        m_reached = Reached::Delivered;
    if (!events.isEmpty())
        Q_EMIT arrived(events);
    if (m_isOver)
        return;
    const bool goesOn = m_reader->completeness() == Completeness::Open && m_reader->dialect().hasNext()
        && ++m_followUps <= limits::followUps;
    if (!goesOn) {
        end({});
        return;
    }
    TransportCall *done = m_call;
    detach();
    done->deleteLater();
    openCall(m_reader->dialect().next(m_endpoint));
}

void Attempt::end(const std::optional<NetError> &broken)
{
    m_isOver = true;
    m_quiet->clear();
    Q_EMIT ended(broken);
}

// The call is no longer listened to.
void Attempt::detach()
{
    m_quiet->clear();
    if (m_call)
        m_call->disconnect(this);
    m_call.clear();
}

void Attempt::leave()
{
    detach();
    delete m_replies;
    m_isOver = true;
}

} // namespace rivulet
