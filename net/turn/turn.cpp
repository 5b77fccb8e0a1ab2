// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/turn.h"

#include "net/dialects/dialectregistry.h"
#include "net/dialects/ratelimits.h"
#include "net/providers/endpointof.h"
#include "net/turn/turnprivate.h"

#include <QtCore/qrandom.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// How long a server may take to acknowledge the last words of a turn.
constexpr auto farewellTime = std::chrono::seconds(3);

// When the network comes back, everything that waited for it does not start in the same moment.
constexpr double longestJitter = 250;

// How long a request waits for another one that finds out whether the endpoint is back.
constexpr auto probeTime = std::chrono::milliseconds(1'000);

bool isOnThisComputer(const Provider &provider)
{
    return provider.baseUrl.isEmpty() ? !provider.program.isEmpty() : isLoopback(provider.baseUrl);
}

// Whether both are the same server, asked in the same way; at which of its places does not matter.
bool isTheSame(const Provider &a, const Provider &b)
{
    return a.id == b.id && a.dialect == b.dialect && a.model == b.model && a.options == b.options
        && a.program == b.program && a.arguments == b.arguments;
}

} // namespace

Turn::Private::Private(Turn &turn, TurnSpec &&what, Transport &carrier, TurnJournal &keeper,
                       CredentialSource &keys, const TurnOptions &how)
    : q(turn), way(carrier), transport(&carrier.through(profileOf(what.provider))), spec(std::move(what)),
      journal(keeper), credentials(keys), options(how), clock(how.clock ? *how.clock : systemClock()),
      silence(clock.alarm([this] { beSilent(); })), wait(clock.alarm([this] { goOn(); })),
      patience(clock.alarm([this] { runOutOfPatience(); }))
{
    if (!options.dialects)
        options.dialects = makeDialect;
    if (!options.random)
        options.random = [] { return QRandomGenerator::global()->generateDouble(); };
    name(spec);
}

Turn::Turn(TurnSpec spec, Transport &transport, TurnJournal &journal, CredentialSource &credentials,
           QObject *parent, const TurnOptions &options)
    : QObject(parent),
      d(std::make_unique<Private>(*this, std::move(spec), transport, journal, credentials, options))
{}

Turn::~Turn() = default;

TurnId Turn::id() const
{
    return d->spec.id;
}

TurnPhase Turn::phase() const
{
    return d->status.phase;
}

void Turn::start()
{
    Q_EMIT phaseChanged(d->status);
    d->prepare();
}

void Turn::stop(const Delivered &delivered)
{
    d->leave(TurnEnd::Stopped, delivered);
}

void Turn::giveWay(const Delivered &delivered)
{
    d->leave(TurnEnd::Redirected, delivered);
}

bool Turn::redirect(const TurnSpec &next, const QString &instruction, const Delivered &delivered)
{
    if (!d->isConnected() || d->instruction || !isTheSame(next.provider, d->spec.provider))
        return false;
    std::optional<Command> command = d->attempt->reader().dialect().redirect(instruction);
    if (!command)
        return false;
    d->journal.finish(d->spec.id,
                      {.end = TurnEnd::Redirected,
                       .reason = FinishReason::Stopped,
                       .delivered = delivered,
                       .metrics = d->meter.metrics(d->clock.now())});
    d->spec.id = next.id;
    d->spec.request = next.request;
    d->spec.fallback = next.fallback;
    Private::name(d->spec);
    d->instruction = std::move(command);
    d->spoken = false;
    d->finishReason.reset();
    d->error.reset();
    d->questions.clear();
    d->meter = {};
    d->asked = false;
    d->isStandIn = false;
    d->renewed = false;
    d->spec.resume.reset();
    d->patience->clear();
    ++d->keyQuestion;
    setPaused(false);
    d->enter(TurnPhase::Preparing);
    d->prepare();
    return true;
}

void Turn::setPaused(bool paused)
{
    d->paused = paused;
    if (!d->attempt)
        return;
    d->attempt->setPaused(paused);
    d->listen();
}

void Turn::tryNow()
{
    if (d->status.phase != TurnPhase::Waiting && d->status.phase != TurnPhase::Dropped)
        return;
    d->insists = true;
    d->goOn();
}

void Turn::setOnline(bool online)
{
    if (std::exchange(d->online, online) == online || d->isLocal())
        return;
    if (!online && d->status.phase == TurnPhase::Waiting) {
        d->rest(d->status.wait);
    } else if (online && (d->status.phase == TurnPhase::Waiting || d->status.phase == TurnPhase::Dropped)) {
        // The time without a network is not the server's.
        d->firstFailure = d->clock.now();
        d->status.failures = std::min(d->status.failures, 1);
        d->rest(std::chrono::milliseconds(qint64(longestJitter * d->options.random())));
    }
}

void Turn::setCaptivePortal(bool behind)
{
    d->isCaptive = behind;
}

void Turn::doubtConnection()
{
    if (d->isLocal())
        return;
    const bool waits = d->status.phase == TurnPhase::Waiting && d->status.reason
        && d->status.reason->kind == NetError::Kind::Network;
    if (waits)
        d->rest(std::chrono::milliseconds(qint64(longestJitter * d->options.random())));
    else if (d->isConnected() && !d->instruction && d->attempt->reader().dialect().resumeToken())
        d->lose({.kind = NetError::Kind::Network, .code = transportcode::ConnectionLost});
}

bool Turn::decide(const ApprovalDecision &decision)
{
    if (d->broken) {
        // The stream is being joined again: it is told then.
        d->decisions.append(decision);
        return true;
    }
    return d->isConnected() && d->say(decision);
}

void Turn::Private::name(TurnSpec &spec)
{
    spec.request.exchange = QString::number(std::to_underlying(spec.id));
    if (spec.request.model.isEmpty())
        spec.request.model = spec.provider.model;
}

bool Turn::Private::say(const ApprovalDecision &decision)
{
    const std::optional<Command> command = attempt->reader().dialect().decide(decision);
    if (!command)
        return false;
    attempt->say(*command);
    questions.remove(decision.id);
    listen();
    return true;
}

// Makes the user's words durable, and goes on from there.
void Turn::Private::prepare()
{
    const TurnId id = spec.id;
    journal.begin(id, [self = QPointer(&q), id] {
        if (!self || self->d->spec.id != id || self->d->status.phase != TurnPhase::Preparing)
            return;
        Private &d = *self->d;
        const std::optional<Command> command = std::exchange(d.instruction, {});
        if (!command || !d.attempt) {
            d.ticket.reset();
            d.lookUpKey();
            return;
        }
        d.meter.sent(d.clock.now());
        d.attempt->say(*command);
        d.enter(TurnPhase::Accepted);
        d.listen();
    });
}

void Turn::Private::lookUpKey()
{
    credentials.key(spec.provider, &q, [this, question = ++keyQuestion](const KeyResult &secret) {
        if (question == keyQuestion)
            request(secret);
    });
}

void Turn::Private::request(const KeyResult &secret)
{
    if (status.phase != TurnPhase::Preparing)
        return;
    if (!secret) {
        giveUp(secret.error());
        return;
    }
    key = QString::fromUtf8(*secret);
    if (key.isEmpty() && spec.provider.needsKey) {
        giveUp({.kind = NetError::Kind::Auth,
                .code = u"no_key"_s,
                .message = u"No key is stored for this server."_s});
        return;
    }
    endpoint = endpointOf(spec.provider, *secret);
    if (spec.resume) {
        resume();
        return;
    }
    if (spec.fallback && !asked)
        patience->set(spec.fallback->after);
    connectAnew();
}

// Goes on with what an earlier turn began.
void Turn::Private::resume()
{
    spoken = true;
    broken = std::make_unique<ResponseReader>(options.dialects(spec.provider.dialect));
    if (broken->resume(*spec.resume, endpoint))
        join();
    else
        end({.end = TurnEnd::CutOff,
             .error = NetError{.kind = NetError::Kind::Protocol, .code = nothingToResume}});
}

// Nothing can be asked of this server.
void Turn::Private::giveUp(const NetError &reason)
{
    if (!standIn(reason))
        end({.end = spec.resume ? TurnEnd::CutOff : TurnEnd::Failed, .error = reason, .resume = spec.resume});
}

// Makes the request, for the first time or again from the start.
void Turn::Private::connectAnew()
{
    const bool insisted = std::exchange(insists, false);
    pass.reset();
    if (isLeftAlone(insisted) || isSpacedOut(insisted))
        return;
    if (std::exchange(asked, true))
        meter.retried();
    if (options.breaker)
        pass = options.breaker->pass(placeName(spec.provider));
    auto dialect = options.dialects(spec.provider.dialect);
    const ExchangeRequest request = dialect->open(spec.request, endpoint);
    open(std::make_unique<ResponseReader>(std::move(dialect)), request, TurnPhase::Connecting);
}

bool Turn::Private::isLocal() const
{
    return isOnThisComputer(spec.provider);
}

// Whether the endpoint failed so often that it is not asked now. What the user has just sent is always asked.
bool Turn::Private::isLeftAlone(bool insisted)
{
    if (!options.breaker)
        return false;
    const QString place = placeName(spec.provider);
    if (options.breaker->isPassable(place))
        return false;
    const NetError reason = status.reason.value_or(NetError{
        .kind = NetError::Kind::Overloaded, .message = u"The server failed several times in a row."_s});
    if (standIn(reason))
        return true;
    if (insisted || !asked)
        return false;
    status.reason = reason;
    rest(std::max(options.breaker->rest(place), probeTime));
    return true;
}

// Whether the request is held back so that the server is not asked too often.
bool Turn::Private::isSpacedOut(bool insisted)
{
    if (!options.limiter)
        return false;
    if (!ticket)
        ticket = options.limiter->enter(spec.provider, estimatedTokens(spec.request));
    const auto time = ticket->wait();
    if (time <= std::chrono::milliseconds(0) || insisted)
        return false;
    status.reason = NetError{.kind = NetError::Kind::RateLimited, .code = spacedOut};
    rest(time);
    return true;
}

void Turn::Private::open(std::unique_ptr<ResponseReader> reader, const ExchangeRequest &request,
                         TurnPhase next)
{
    discardAttempt();
    QObject *owner = q.parent() ? q.parent() : &q;
    attempt =
        new Attempt(std::move(reader), endpoint, {.transport = *transport, .clock = clock, .owner = owner});
    attempt->setParent(&q);
    connect(attempt, &Attempt::accepted, &q, [this] { accept(); });
    connect(attempt, &Attempt::answered, &q, [this](const ResponseHead &head) {
        answeredWith = head.status;
        if (ticket)
            ticket->noteHead(head.status, readRateLimits(head, QDateTime::currentDateTimeUtc()));
    });
    connect(attempt, &Attempt::heard, &q,
            [this](qint64 received, qint64 decoded) { hear(received, decoded); });
    connect(attempt, &Attempt::arrived, &q, [this](const StreamEvents &events) { arrive(events); });
    connect(attempt, &Attempt::ended, &q,
            [this](const std::optional<NetError> &reason) { attemptEnded(reason); });
    attempt->setPaused(paused);
    TurnStatus now{.phase = next, .failures = status.failures};
    if (next == TurnPhase::Resuming)
        now.reason = status.reason;
    enter(now);
    if (status.phase != next)
        return;
    answeredWith = 0;
    meter.sent(clock.now());
    if (ticket)
        ticket->noteSent();
    attempt->open(request);
}

void Turn::Private::discardAttempt()
{
    silence->clear();
    if (!attempt)
        return;
    Attempt *rest = attempt;
    attempt.clear();
    rest->disconnect(&q);
    rest->abandon();
    rest->deleteLater();
}

// Sends what nobody waits for any more, in order.
void Turn::Private::sayLast(const HttpRequest &request)
{
    if (!lastWords)
        lastWords = new RequestQueue(*transport, q.parent() ? q.parent() : &q);
    lastWords->send(request, farewellTime);
}

void Turn::Private::enter(TurnStatus next)
{
    next.standIn = isStandIn;
    status = next;
    Q_EMIT q.phaseChanged(next);
}

// The user has had enough of it.
void Turn::Private::leave(TurnEnd how, const Delivered &delivered)
{
    if (status.phase == TurnPhase::Ended)
        return;
    std::optional<HttpRequest> word;
    if (attempt) {
        word = attempt->cancel();
    } else if (broken) {
        // The server may still be at work on what is to be joined again.
        const std::optional<Command> command = broken->dialect().cancel(endpoint);
        if (const auto *request = command ? std::get_if<HttpRequest>(&*command) : nullptr)
            word = *request;
    }
    if (word)
        sayLast(*word);
    end({.end = how, .reason = FinishReason::Stopped, .delivered = delivered});
}

void Turn::Private::end(TurnOutcome outcome)
{
    outcome.metrics = meter.metrics(clock.now());
    ticket.reset();
    pass.reset();
    silence->clear();
    wait->clear();
    patience->clear();
    status = {.phase = TurnPhase::Ended, .standIn = isStandIn};
    if (attempt) {
        attempt->disconnect(&q);
        attempt->linger();
        // What was cut off may be joined again.
        const auto farewell =
            outcome.end != TurnEnd::CutOff ? attempt->reader().dialect().farewell(endpoint) : std::nullopt;
        if (farewell)
            sayLast(*farewell);
        attempt->deleteLater();
        attempt.clear();
    }
    if (lastWords)
        lastWords->deleteWhenDone();
    journal.finish(spec.id, outcome);
    Q_EMIT q.phaseChanged(status);
    Q_EMIT q.ended(outcome);
}

TurnOutcome Turn::Private::outcomeOf(const ResponseReader &reader) const
{
    const bool endMarker = reader.completeness() == Completeness::Complete;
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
