// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/turn.h"

#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"
#include "net/framing/limits.h"
#include "net/providers/endpointof.h"
#include "net/transport/requestqueue.h"
#include "net/transport/requestrules.h"
#include "net/transport/transport.h"
#include "net/turn/credentialsource.h"

#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// A server that has sent its end marker still has to end the body. The connection is given this long, so
// that it can be used again, but the turn does not wait for it.
constexpr auto lingerTime = std::chrono::seconds(2);

// How long a server may take to acknowledge that it was told to stop.
constexpr auto cancelTime = std::chrono::seconds(3);

// How long a server may take to acknowledge an answer of ours, to its question or else.
constexpr auto replyTime = std::chrono::seconds(30);

// A local program is silent while its tools run; that it has died is seen without a limit.
constexpr auto programIdle = std::chrono::minutes(10);

// A shorter key than this is a word (local servers take any), and blotting words out garbles what is said.
constexpr qsizetype shortestTraceableKey = 8;

bool speaks(const StreamEvent &event)
{
    return !std::holds_alternative<event::Started>(event.payload)
        && !std::holds_alternative<event::UsageReported>(event.payload);
}

// Whether the server said that the key is no good, and nothing else that anybody would miss.
bool onlyRefusesTheKey(const StreamEvents &events)
{
    bool refuses = false;
    for (const StreamEvent &event : events) {
        const auto *failed = std::get_if<event::Failed>(&event.payload);
        if (failed && event.agent.isEmpty() && failed->error.kind == NetError::Kind::Auth)
            refuses = true;
        else if (speaks(event))
            return false;
    }
    return refuses;
}

TransportTimeouts limitsOf(const ExchangeRequest &request)
{
    if (std::holds_alternative<ProcessRequest>(request))
        return {.idle = programIdle};
    return {};
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
void awaitEnd(TransportCall *call, std::shared_ptr<ResponseReader> reader)
{
    const auto read = [call, reader = std::move(reader)](const auto &feed) {
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

struct Turn::Private
{
    Transport &transport; ///< of the provider's way into the network
    TurnSpec spec;
    TurnJournal &journal;
    CredentialSource &credentials;
    DialectFactory dialects;

    TurnPhase phase = TurnPhase::Preparing;
    QString key;          ///< what was sent, so that it can be found in what comes back
    bool renewed = false; ///< another key was asked for, which is done once
    Endpoint endpoint;
    std::unique_ptr<ResponseReader> reader;
    int followUps = 0;
    QPointer<TransportCall> call;
    QPointer<RequestQueue> replies;
    QPointer<RequestQueue> lastWords; ///< outlives the turn
    QTimer quiet{};                   ///< runs where silence is the protocol's end of an answer
    std::optional<FinishReason> finishReason;
    std::optional<NetError> error;

    void request(Turn &turn, const KeyResult &secret);
    [[nodiscard]] bool renew(Turn &turn, std::function<void()> refusalStands);
    void openCall(Turn &turn, const ExchangeRequest &request);
    void connectCall(Turn &turn);
    void breakOff(Turn &turn, const NetError &reason);
    [[nodiscard]] bool startsAnew(Turn &turn, const StreamEvents &events);
    void read(Turn &turn, const std::function<void(StreamEvents &)> &feed);
    void reply(Turn &turn);
    void finish(Turn &turn);
    void cancelUpstream(Turn &turn);
    void sayLast(Turn &turn, const HttpRequest &request);
    [[nodiscard]] QString withoutKey(QString message) const;
    void take(Turn &turn, StreamEvents &events);
    void enter(Turn &turn, TurnPhase next);
    void end(Turn &turn, const TurnOutcome &outcome);
    [[nodiscard]] TurnOutcome outcomeOfBody() const;
};

Turn::Turn(TurnSpec spec, Transport &transport, TurnJournal &journal, CredentialSource &credentials,
           QObject *parent, const DialectFactory &dialects)
    : QObject(parent), d(new Private{.transport = transport.through(profileOf(spec.provider)),
                                     .spec = std::move(spec),
                                     .journal = journal,
                                     .credentials = credentials,
                                     .dialects = dialects ? dialects : makeDialect})
{
    d->quiet.setSingleShot(true);
    connect(&d->quiet, &QTimer::timeout, this, [this] { d->finish(*this); });
    d->spec.request.exchange = QString::number(std::to_underlying(d->spec.id));
    if (d->spec.request.model.isEmpty())
        d->spec.request.model = d->spec.provider.model;
}

Turn::~Turn()
{
    if (d->call)
        d->call->abort();
}

TurnId Turn::id() const
{
    return d->spec.id;
}

TurnPhase Turn::phase() const
{
    return d->phase;
}

void Turn::start()
{
    Q_EMIT phaseChanged(d->phase);
    d->journal.begin(d->spec.id, [self = QPointer(this)] {
        if (!self || self->d->phase != TurnPhase::Preparing)
            return;
        Turn &turn = *self;
        turn.d->credentials.key(turn.d->spec.provider, &turn,
                                [&turn](const KeyResult &secret) { turn.d->request(turn, secret); });
    });
}

void Turn::stop(const Delivered &delivered)
{
    if (d->phase == TurnPhase::Ended)
        return;
    if (d->call)
        d->cancelUpstream(*this);
    d->end(*this, {.end = TurnEnd::Stopped, .reason = FinishReason::Stopped, .delivered = delivered});
}

bool Turn::decide(const ApprovalDecision &decision)
{
    if (d->phase != TurnPhase::Waiting && d->phase != TurnPhase::Streaming)
        return false;
    const std::optional<Command> command = d->reader->dialect().decide(decision);
    if (!command)
        return false;
    if (const auto *message = std::get_if<ConnectionMessage>(&*command)) {
        d->call->send(*message);
    } else {
        QObject *owner = parent() ? parent() : this;
        letEnd(d->transport.open(std::get<HttpRequest>(*command), {}, owner), replyTime);
    }
    return true;
}

void Turn::Private::request(Turn &turn, const KeyResult &secret)
{
    if (phase != TurnPhase::Preparing)
        return;
    if (!secret) {
        end(turn, {.end = TurnEnd::Failed, .error = secret.error()});
        return;
    }
    key = QString::fromUtf8(*secret);
    if (key.isEmpty() && spec.provider.needsKey) {
        end(turn,
            {.end = TurnEnd::Failed,
             .error = NetError{.kind = NetError::Kind::Auth,
                               .code = u"no_key"_s,
                               .message = u"No key is stored for this server."_s}});
        return;
    }
    endpoint = endpointOf(spec.provider, *secret);
    auto dialect = dialects(spec.provider.dialect);
    const ExchangeRequest request = dialect->open(spec.request, endpoint);
    reader = std::make_unique<ResponseReader>(std::move(dialect));
    enter(turn, TurnPhase::Connecting);
    if (phase == TurnPhase::Connecting)
        openCall(turn, request);
}

// The server refused the key: begins again with another one, if there is one, and else goes on with
// `refusalStands`. False where it is not to be tried. What another request of the exchange has brought
// about already is not to be repeated.
bool Turn::Private::renew(Turn &turn, std::function<void()> refusalStands)
{
    if ((phase != TurnPhase::Connecting && phase != TurnPhase::Waiting) || followUps > 0
        || std::exchange(renewed, true))
        return false;
    const QByteArray refused = endpoint.apiKey;
    const auto goOn = [this, &turn, refused, stands = std::move(refusalStands)](const KeyResult &secret) {
        if (phase != TurnPhase::Preparing)
            return;
        if (secret && (secret->isEmpty() || *secret == refused))
            stands();
        else
            request(turn, secret);
    };
    if (!credentials.renew(spec.provider, refused, &turn, goOn))
        return false;
    quiet.stop();
    TransportCall *rest = call;
    call.clear();
    rest->disconnect(&turn);
    giveUp(rest);
    enter(turn, TurnPhase::Preparing);
    return true;
}

void Turn::Private::openCall(Turn &turn, const ExchangeRequest &request)
{
    call = transport.open(request, limitsOf(request), &turn);
    connectCall(turn);
}

void Turn::Private::connectCall(Turn &turn)
{
    QObject::connect(call, &TransportCall::head, &turn, [this, &turn](const ResponseHead &head) {
        reader->head(head);
        if (phase == TurnPhase::Connecting)
            enter(turn, TurnPhase::Waiting);
    });
    QObject::connect(call, &TransportCall::opened, &turn, [this, &turn] {
        if (phase == TurnPhase::Connecting)
            enter(turn, TurnPhase::Waiting);
    });
    QObject::connect(call, &TransportCall::bytes, &turn, [this, &turn](const QByteArray &bytes) {
        read(turn, [&](StreamEvents &events) { reader->feed(bytes, events); });
    });
    QObject::connect(call, &TransportCall::message, &turn, [this, &turn](const QByteArray &text) {
        read(turn, [&](StreamEvents &events) { reader->message(text, events); });
    });
    QObject::connect(call, &TransportCall::finished, &turn, [this, &turn] { finish(turn); });
    QObject::connect(call, &TransportCall::failed, &turn, [this, &turn](const NetError &reason) {
        const bool goesOn = reason.kind == NetError::Kind::Auth
            && renew(turn, [this, &turn, reason] { breakOff(turn, reason); });
        if (!goesOn)
            breakOff(turn, reason);
    });
}

// The exchange broke.
void Turn::Private::breakOff(Turn &turn, const NetError &reason)
{
    // What was held back is still the server's word: it may be the rest of the answer.
    StreamEvents events;
    if (phase == TurnPhase::Waiting || phase == TurnPhase::Streaming) {
        reader->finish(ResponseReader::End::Broken, events);
        events.removeIf(
            [](const StreamEvent &event) { return std::holds_alternative<event::Failed>(event.payload); });
        take(turn, events);
    }
    if (phase == TurnPhase::Ended)
        return;
    const bool partial = phase == TurnPhase::Streaming && !error;
    if (!error) {
        error = reason;
        error->message = withoutKey(reason.message);
    }
    TurnOutcome outcome = outcomeOfBody();
    // A broken line is not the server's refusal: the partial stays as one that was cut off.
    const bool broke = reason.kind == NetError::Kind::Network || reason.kind == NetError::Kind::Timeout
        || reason.code == transportcode::ProgramCrashed;
    if (partial && outcome.end == TurnEnd::Failed && broke)
        outcome.end = TurnEnd::CutOff;
    end(turn, outcome);
}

// Whether `events` refuse the key and another one is asked for; where there is none, they are taken then.
bool Turn::Private::startsAnew(Turn &turn, const StreamEvents &events)
{
    return onlyRefusesTheKey(events) && renew(turn, [this, &turn, events] {
               StreamEvents refusal = events;
               take(turn, refusal);
               if (phase != TurnPhase::Ended)
                   end(turn, outcomeOfBody());
           });
}

// Takes what came, says what it calls for, and ends where it was the end.
void Turn::Private::read(Turn &turn, const std::function<void(StreamEvents &)> &feed)
{
    StreamEvents events;
    feed(events);
    if (startsAnew(turn, events))
        return;
    take(turn, events);
    if (phase == TurnPhase::Ended)
        return;
    reply(turn);
    if (error || reader->completeness() == Completeness::Complete)
        end(turn, outcomeOfBody());
    else if (const auto silence = reader->dialect().quietPeriod())
        quiet.start(*silence);
    else
        quiet.stop();
}

// Says what the frames so far call for.
void Turn::Private::reply(Turn &turn)
{
    for (const Command &reply : reader->dialect().takeReplies()) {
        if (const auto *message = std::get_if<ConnectionMessage>(&reply)) {
            call->send(*message);
            continue;
        }
        if (!replies) {
            const auto fails = [this, &turn](const NetError &reason) {
                if (phase != TurnPhase::Ended && reader->dialect().dependsOnReplies())
                    breakOff(turn, reason);
            };
            replies = new RequestQueue(
                transport, &turn,
                [this, fails](const ResponseHead &head, const QByteArray &body) {
                    fails(reader->dialect().errorFor(head, body));
                },
                fails);
        }
        replies->send(std::get<HttpRequest>(reply), replyTime);
    }
}

// The answer has ended without the protocol's word for it, or goes on with a further request.
void Turn::Private::finish(Turn &turn)
{
    StreamEvents events;
    reader->finish(ResponseReader::End::Clean, events);
    if (startsAnew(turn, events))
        return;
    take(turn, events);
    if (phase == TurnPhase::Ended)
        return;
    const bool goesOn = !error && reader->completeness() == Completeness::Open && reader->dialect().hasNext()
        && ++followUps <= limits::followUps;
    if (goesOn) {
        call->disconnect(&turn);
        call->deleteLater();
        openCall(turn, reader->dialect().next(endpoint));
    } else {
        end(turn, outcomeOfBody());
    }
}

// Tells the server to stop, in the protocol's own way where it has one, and lets go of the connection.
void Turn::Private::cancelUpstream(Turn &turn)
{
    TransportCall *running = call;
    call.clear();
    running->disconnect(&turn);
    QObject *owner = turn.parent() ? turn.parent() : &turn;
    const std::optional<Command> command = reader->dialect().cancel(endpoint);
    const auto *message = command ? std::get_if<ConnectionMessage>(&*command) : nullptr;
    if (message && phase != TurnPhase::Connecting) {
        running->setParent(owner);
        running->send(*message);
        awaitEnd(running, std::move(reader));
        return;
    }
    giveUp(running);
    if (const auto *request = command ? std::get_if<HttpRequest>(&*command) : nullptr)
        sayLast(turn, *request);
}

// Sends what nobody waits for any more, in order.
void Turn::Private::sayLast(Turn &turn, const HttpRequest &request)
{
    if (!lastWords)
        lastWords = new RequestQueue(transport, turn.parent() ? turn.parent() : &turn);
    lastWords->send(request, cancelTime);
}

QString Turn::Private::withoutKey(QString message) const
{
    return key.size() >= shortestTraceableKey ? message.replace(key, u"[redacted]"_s) : message;
}

void Turn::Private::take(Turn &turn, StreamEvents &events)
{
    if (events.isEmpty())
        return;
    coalesce(events);
    bool spoken = false;
    for (StreamEvent &event : events) {
        // Some servers repeat a wrong key in their complaint, and complaints are kept and shown.
        if (auto *failed = std::get_if<event::Failed>(&event.payload))
            failed->error.message = withoutKey(failed->error.message);
        if (const auto *finished = std::get_if<event::Finished>(&event.payload))
            finishReason = finished->reason;
        else if (const auto *failed = std::get_if<event::Failed>(&event.payload);
                 failed && event.agent.isEmpty())
            error = failed->error;
        spoken = spoken || speaks(event);
    }
    journal.append(spec.id, events);
    if (spoken && phase == TurnPhase::Waiting)
        enter(turn, TurnPhase::Streaming);
    Q_EMIT turn.events(events);
}

void Turn::Private::enter(Turn &turn, TurnPhase next)
{
    phase = next;
    Q_EMIT turn.phaseChanged(next);
}

void Turn::Private::end(Turn &turn, const TurnOutcome &outcome)
{
    phase = TurnPhase::Ended;
    quiet.stop();
    if (call) {
        TransportCall *rest = call;
        call.clear();
        rest->disconnect(&turn);
        rest->setParent(turn.parent() ? turn.parent() : &turn);
        letEnd(rest, lingerTime);
    }
    delete replies;
    // What was cut off may be joined again.
    const auto farewell =
        reader && outcome.end != TurnEnd::CutOff ? reader->dialect().farewell(endpoint) : std::nullopt;
    if (farewell)
        sayLast(turn, *farewell);
    if (lastWords)
        lastWords->deleteWhenDone();
    journal.finish(spec.id, outcome);
    Q_EMIT turn.phaseChanged(phase);
    Q_EMIT turn.ended(outcome);
}

TurnOutcome Turn::Private::outcomeOfBody() const
{
    const bool endMarker = reader->completeness() == Completeness::Complete;
    TurnOutcome outcome{.reason = finishReason.value_or(FinishReason::Other), .endMarker = endMarker};
    // A connection that breaks after the end marker has broken nothing.
    if (error && !(endMarker && error->kind == NetError::Kind::Network)) {
        outcome.end = TurnEnd::Failed;
        outcome.error = error;
    } else if (endMarker || finishReason) {
        outcome.end = TurnEnd::Complete;
    } else {
        outcome.end = TurnEnd::CutOff;
    }
    return outcome;
}

} // namespace rivulet
