// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/turn.h"

#include "net/dialects/dialectregistry.h"
#include "net/dialects/ratelimits.h"
#include "net/providers/endpointof.h"
#include "net/transport/requestqueue.h"
#include "net/transport/requestrules.h"
#include "net/turn/attempt.h"
#include "net/turn/credentialsource.h"
#include "net/turn/ratelimiter.h"
#include "net/wire/approvaldecision.h"

#include <QtCore/qpointer.h>
#include <QtCore/qrandom.h>
#include <QtCore/qset.h>

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// How long a server may take to acknowledge the last words of a turn.
constexpr auto farewellTime = std::chrono::seconds(3);

// When the network comes back, everything that waited for it does not start in the same moment.
constexpr double longestJitter = 250;

// A shorter key than this is a word (local servers take any), and blotting words out garbles what is said.
constexpr qsizetype shortestTraceableKey = 8;

bool speaks(const StreamEvent &event)
{
    return !std::holds_alternative<event::Started>(event.payload)
        && !std::holds_alternative<event::UsageReported>(event.payload);
}

// The failure of the whole answer, where that is all that is said.
std::optional<NetError> onlyFailureIn(const StreamEvents &events)
{
    std::optional<NetError> failure;
    for (const StreamEvent &event : events) {
        const auto *failed = std::get_if<event::Failed>(&event.payload);
        if (failed && event.agent.isEmpty())
            failure = failed->error;
        else if (speaks(event))
            return std::nullopt;
    }
    return failure;
}

// Whether both are the same server, asked in the same way; at which of its places does not matter.
bool isTheSame(const Provider &a, const Provider &b)
{
    return a.id == b.id && a.dialect == b.dialect && a.model == b.model && a.options == b.options
        && a.program == b.program && a.arguments == b.arguments;
}

} // namespace

struct Turn::Private
{
    Private(Turn &turn, TurnSpec &&what, Transport &way, TurnJournal &keeper, CredentialSource &keys,
            const TurnOptions &how)
        : q(turn), transport(way.through(profileOf(what.provider))), spec(std::move(what)), journal(keeper),
          credentials(keys), options(how), clock(how.clock ? *how.clock : systemClock()),
          silence(clock.alarm([this] { beSilent(); })), wait(clock.alarm([this] { goOn(); }))
    {
        if (!options.dialects)
            options.dialects = makeDialect;
        if (!options.random)
            options.random = [] { return QRandomGenerator::global()->generateDouble(); };
        name(spec);
    }

    Turn &q;
    Transport &transport; ///< of the provider's way into the network
    TurnSpec spec;
    TurnJournal &journal;
    CredentialSource &credentials;
    TurnOptions options;
    Clock &clock;

    TurnStatus status;
    QString key;          ///< what was sent, so that it can be found in what comes back
    bool renewed = false; ///< another key was asked for, which is done once
    Endpoint endpoint;
    QPointer<Attempt> attempt;
    std::unique_ptr<ResponseReader> broken; ///< of the stream that is to be joined again
    QPointer<RequestQueue> lastWords;       ///< outlives the turn

    // The answer
    bool spoken = false; ///< part of it was delivered
    std::optional<FinishReason> finishReason;
    std::optional<NetError> error;
    QSet<QString> questions;           ///< that only the user can answer
    QList<ApprovalDecision> decisions; ///< that could not be told yet
    TurnMeter meter;
    std::optional<Command> instruction; ///< the user's, until it may be said; what comes meanwhile is dropped

    // Trying again
    std::unique_ptr<Alarm> silence;
    bool isSilent = false; ///< for so long that it was noticed
    std::unique_ptr<Alarm> wait;
    Clock::Time acceptedAt;
    Clock::Time heardAt; ///< last, of what was accepted
    Clock::Time firstFailure;
    std::optional<RateLimiter::Ticket> ticket; ///< of the request that is to be made
    bool asked = false;                        ///< a request was made
    bool insists = false;                      ///< the user wants it made now
    bool online = true;
    bool paused = false;

    static void name(TurnSpec &spec);
    [[nodiscard]] bool say(const ApprovalDecision &decision);
    void prepare();
    void lookUpKey();
    void request(const KeyResult &secret);
    void connectAnew();
    void join();
    void open(std::unique_ptr<ResponseReader> reader, const ExchangeRequest &request, TurnPhase next);
    void discardAttempt();

    void accept();
    void hear(qint64 received, qint64 decoded);
    void listen();
    void beSilent();
    void arrive(StreamEvents events);
    void attemptEnded(const std::optional<NetError> &reason);

    [[nodiscard]] bool isConnected() const;
    [[nodiscard]] bool isLocal() const
    {
        const QUrl &url = spec.provider.baseUrl;
        return url.isEmpty() ? !spec.provider.program.isEmpty() : isLoopback(url);
    }
    [[nodiscard]] bool isSpacedOut();
    [[nodiscard]] bool renew(const std::function<void()> &refusalStands);
    [[nodiscard]] bool startsAnew(const StreamEvents &events, const NetError &failure);
    [[nodiscard]] bool tryAgain(const NetError &reason);
    void lose(const NetError &reason);
    void resumeFailed(const NetError &reason);
    void breakOff(ResponseReader &reader, const NetError &reason);
    void rest(std::chrono::milliseconds time);
    void goOn();

    void take(StreamEvents &events);
    [[nodiscard]] QString withoutKey(QString message) const;
    void sayLast(const HttpRequest &request);
    void enter(TurnPhase next) { enter(TurnStatus{.phase = next, .failures = status.failures}); }
    void enter(const TurnStatus &next);
    void leave(TurnEnd end, const Delivered &delivered);
    void end(TurnOutcome outcome);
    [[nodiscard]] TurnOutcome outcomeOf(const ResponseReader &reader) const;
};

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
    Private::name(d->spec);
    d->instruction = std::move(command);
    d->spoken = false;
    d->finishReason.reset();
    d->error.reset();
    d->questions.clear();
    d->meter = {};
    d->asked = false;
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
    if (d->isLocal() || std::exchange(d->online, online) == online)
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
    credentials.key(spec.provider, &q, [this](const KeyResult &secret) { request(secret); });
}

void Turn::Private::request(const KeyResult &secret)
{
    if (status.phase != TurnPhase::Preparing)
        return;
    if (!secret) {
        end({.end = TurnEnd::Failed, .error = secret.error()});
        return;
    }
    key = QString::fromUtf8(*secret);
    if (key.isEmpty() && spec.provider.needsKey) {
        end({.end = TurnEnd::Failed,
             .error = NetError{.kind = NetError::Kind::Auth,
                               .code = u"no_key"_s,
                               .message = u"No key is stored for this server."_s}});
        return;
    }
    endpoint = endpointOf(spec.provider, *secret);
    connectAnew();
}

// Makes the request, for the first time or again from the start.
void Turn::Private::connectAnew()
{
    if (isSpacedOut())
        return;
    if (std::exchange(asked, true))
        meter.retried();
    auto dialect = options.dialects(spec.provider.dialect);
    const ExchangeRequest request = dialect->open(spec.request, endpoint);
    open(std::make_unique<ResponseReader>(std::move(dialect)), request, TurnPhase::Connecting);
}

// Whether the request is held back so that the server is not asked too often.
bool Turn::Private::isSpacedOut()
{
    if (!options.limiter)
        return false;
    if (!ticket)
        ticket = options.limiter->enter(spec.provider, estimatedTokens(spec.request));
    const auto time = ticket->wait();
    if (time <= std::chrono::milliseconds(0) || std::exchange(insists, false))
        return false;
    status.reason = NetError{.kind = NetError::Kind::RateLimited, .code = spacedOut};
    rest(time);
    return true;
}

// Joins the stream again where it broke. What broke is kept, as it may have to be tried once more.
void Turn::Private::join()
{
    auto reader = std::make_unique<ResponseReader>(*broken);
    const std::optional<ResumeToken> token = reader->dialect().resumeToken();
    const std::optional<ExchangeRequest> request = token ? reader->resume(*token, endpoint) : std::nullopt;
    if (!request) {
        resumeFailed({.kind = NetError::Kind::Protocol, .code = nothingToResume});
        return;
    }
    meter.resumed();
    open(std::move(reader), *request, TurnPhase::Resuming);
}

void Turn::Private::open(std::unique_ptr<ResponseReader> reader, const ExchangeRequest &request,
                         TurnPhase next)
{
    discardAttempt();
    QObject *owner = q.parent() ? q.parent() : &q;
    attempt =
        new Attempt(std::move(reader), endpoint, {.transport = transport, .clock = clock, .owner = owner});
    attempt->setParent(&q);
    connect(attempt, &Attempt::accepted, &q, [this] { accept(); });
    connect(attempt, &Attempt::answered, &q, [this](const ResponseHead &head) {
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
    insists = false;
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

void Turn::Private::accept()
{
    acceptedAt = heardAt = clock.now();
    meter.accepted(acceptedAt);
    if (status.phase == TurnPhase::Connecting)
        enter(TurnPhase::Accepted);
    listen();
    const QList<ApprovalDecision> late = std::exchange(decisions, {});
    for (const ApprovalDecision &decision : late) {
        if (attempt)
            (void)say(decision);
    }
}

void Turn::Private::hear(qint64 received, qint64 decoded)
{
    meter.bytes(received, decoded);
    heardAt = clock.now();
    if (status.phase == TurnPhase::Stalled)
        enter(spoken ? TurnPhase::Streaming : TurnPhase::Accepted);
    listen();
}

// Waits for the next sign of life, unless none is to be expected.
void Turn::Private::listen()
{
    isSilent = false;
    if (!isConnected() || paused || !questions.isEmpty() || instruction.has_value())
        silence->clear();
    else
        silence->set(attempt->isProgram() ? options.patience.program : options.patience.notice);
}

// Nothing came for a while.
void Turn::Private::beSilent()
{
    const bool resumable = attempt->reader().dialect().resumeToken().has_value();
    const auto limit = !spoken ? options.patience.firstToken
        : resumable            ? options.patience.resumable
                               : options.patience.between;
    if (!std::exchange(isSilent, true) && !attempt->isProgram() && limit > options.patience.notice) {
        meter.stalled();
        silence->set(limit - options.patience.notice);
        if (status.phase != TurnPhase::Resuming)
            enter(TurnPhase::Stalled);
        return;
    }
    lose({.kind = NetError::Kind::Timeout,
          .code = transportcode::Silent,
          .message = u"the server said nothing for too long"_s});
}

void Turn::Private::arrive(StreamEvents events)
{
    // It is still the answer to what the user no longer wants.
    if (instruction)
        return;
    if (const auto failure = onlyFailureIn(events)) {
        if (status.phase == TurnPhase::Resuming) {
            resumeFailed(*failure);
            return;
        }
        if (!spoken && startsAnew(events, *failure))
            return;
    }
    take(events);
}

void Turn::Private::attemptEnded(const std::optional<NetError> &reason)
{
    if (instruction) {
        discardAttempt();
        return;
    }
    if (reason) {
        const bool goesOn = reason->kind == NetError::Kind::Auth && status.phase != TurnPhase::Resuming
            && renew([this, why = *reason] { lose(why); });
        if (!goesOn)
            lose(*reason);
        return;
    }
    // Without the protocol's own end, an end that looks clean may be a connection that was cut.
    const bool isOpen = attempt->reader().completeness() == Completeness::Open && !finishReason;
    if (isOpen && attempt->reader().dialect().resumeToken())
        lose({.kind = NetError::Kind::Network, .code = transportcode::ConnectionLost});
    else
        end(outcomeOf(attempt->reader()));
}

bool Turn::Private::isConnected() const
{
    switch (status.phase) {
    case TurnPhase::Accepted:
    case TurnPhase::Streaming:
    case TurnPhase::Stalled:
        return attempt != nullptr;
    case TurnPhase::Resuming:
        return attempt && attempt->reached() != Reached::Sent && attempt->reached() != Reached::Nowhere;
    default:
        return false;
    }
}

// The server refused the key: begins again with another one, if there is one, and else goes on with
// `refusalStands`. False where it is not to be tried. What another request of the exchange has brought
// about already is not to be repeated.
bool Turn::Private::renew(const std::function<void()> &refusalStands)
{
    if ((status.phase != TurnPhase::Connecting && status.phase != TurnPhase::Accepted)
        || attempt->hasFollowedUp() || std::exchange(renewed, true))
        return false;
    const QByteArray refused = endpoint.apiKey;
    const auto other = [this, refused, refusalStands](const KeyResult &secret) {
        if (status.phase != TurnPhase::Preparing)
            return;
        if (secret && (secret->isEmpty() || *secret == refused))
            refusalStands();
        else
            request(secret);
    };
    if (!credentials.renew(spec.provider, refused, &q, other))
        return false;
    silence->clear();
    ticket.reset();
    attempt->abandon();
    enter(TurnPhase::Preparing);
    return true;
}

// Whether a failure before anything was said is tried again, with another key or later. The failure is taken
// where that comes to nothing.
bool Turn::Private::startsAnew(const StreamEvents &events, const NetError &failure)
{
    if (failure.kind == NetError::Kind::Auth) {
        return renew([this, events] {
            StreamEvents refusal = events;
            take(refusal);
            if (status.phase != TurnPhase::Ended)
                end(outcomeOf(attempt->reader()));
        });
    }
    return !attempt->hasFollowedUp() && mayRepeat(failure, Reached::Accepted) && tryAgain(failure);
}

// Waits for the next attempt, where there is to be one.
bool Turn::Private::tryAgain(const NetError &reason)
{
    const Clock::Time now = clock.now();
    if (attempt && spoken && status.failures > 0 && heardAt - acceptedAt >= options.retry.healthy)
        status.failures = 0;
    if (status.failures == 0)
        firstFailure = now;
    ++status.failures;
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now - firstFailure);
    const auto time = options.retry.waitAfter(status.failures, since, reason, options.random());
    if (!time)
        return false;
    discardAttempt();
    ticket.reset();
    status.reason = reason;
    status.reason->message = withoutKey(reason.message);
    rest(*time);
    return true;
}

// The connection is lost.
void Turn::Private::lose(const NetError &reason)
{
    if (status.phase == TurnPhase::Resuming) {
        resumeFailed(reason);
        return;
    }
    silence->clear();
    ResponseReader &reader = attempt->reader();
    const bool isOpen = reader.completeness() == Completeness::Open && !error && !finishReason;
    if (isOpen && isPassing(reason) && reader.dialect().resumeToken()) {
        broken = std::make_unique<ResponseReader>(reader);
        if (tryAgain(reason))
            return;
        broken.reset();
    } else {
        // What was said on an earlier course does not count.
        const Reached reached = spoken ? Reached::Delivered : std::min(attempt->reached(), Reached::Accepted);
        if (isOpen && !attempt->hasFollowedUp() && mayRepeat(reason, reached) && tryAgain(reason))
            return;
    }
    breakOff(reader, reason);
}

// The stream could not be joined again: that is tried later, or the partial is all there is.
void Turn::Private::resumeFailed(const NetError &reason)
{
    if (isPassing(reason) && tryAgain(reason))
        return;
    // What people are told is why the stream broke; that it can not be joined again is seen.
    const NetError why = status.reason.value_or(reason);
    const std::unique_ptr<ResponseReader> rest = std::exchange(broken, nullptr);
    discardAttempt();
    breakOff(*rest, why);
}

// The exchange broke for good.
void Turn::Private::breakOff(ResponseReader &reader, const NetError &reason)
{
    // What was held back is still the server's word: it may be the rest of the answer.
    StreamEvents events;
    if (spoken
        || (attempt && attempt->reached() != Reached::Sent && attempt->reached() != Reached::Nowhere)) {
        reader.finish(ResponseReader::End::Broken, events);
        events.removeIf(
            [](const StreamEvent &event) { return std::holds_alternative<event::Failed>(event.payload); });
        take(events);
    }
    if (status.phase == TurnPhase::Ended)
        return;
    const bool partial = spoken && !error;
    if (!error) {
        error = reason;
        error->message = withoutKey(reason.message);
    }
    TurnOutcome outcome = outcomeOf(reader);
    // A broken line is not the server's refusal: the partial stays as one that was cut off.
    const bool broke = reason.kind == NetError::Kind::Network || reason.kind == NetError::Kind::Timeout
        || reason.code == transportcode::ProgramCrashed;
    if (partial && outcome.end == TurnEnd::Failed && broke)
        outcome.end = TurnEnd::CutOff;
    end(outcome);
}

// Nothing is done for `time`, or until there is a network.
void Turn::Private::rest(std::chrono::milliseconds time)
{
    TurnStatus next{
        .phase = TurnPhase::Waiting, .wait = time, .failures = status.failures, .reason = status.reason};
    if (!online) {
        next.phase = TurnPhase::Dropped;
        next.wait = {};
        wait->clear();
    } else {
        wait->set(time);
    }
    enter(next);
}

// Tries again, after the wait or before it is over.
void Turn::Private::goOn()
{
    wait->clear();
    if (broken)
        join();
    else
        connectAnew();
}

void Turn::Private::take(StreamEvents &events)
{
    if (events.isEmpty())
        return;
    coalesce(events);
    bool speaking = false;
    for (StreamEvent &event : events) {
        // Some servers repeat a wrong key in their complaint, and complaints are kept and shown.
        if (auto *failed = std::get_if<event::Failed>(&event.payload))
            failed->error.message = withoutKey(failed->error.message);
        if (const auto *finished = std::get_if<event::Finished>(&event.payload))
            finishReason = finished->reason;
        else if (const auto *failed = std::get_if<event::Failed>(&event.payload);
                 failed && event.agent.isEmpty())
            error = failed->error;
        else if (const auto *question = std::get_if<event::Approval>(&event.payload))
            questions.insert(question->id);
        else if (const auto *count = std::get_if<event::UsageReported>(&event.payload); count && ticket)
            ticket->noteUsage(count->usage);
        speaking = speaking || speaks(event);
    }
    spoken = spoken || speaking;
    broken.reset();
    meter.events(events, clock.now());
    journal.append(spec.id, events);
    const bool begins = speaking && status.phase == TurnPhase::Accepted;
    const bool goesOn = attempt && status.phase == TurnPhase::Resuming;
    if (begins || goesOn)
        enter(TurnPhase::Streaming);
    if (status.phase == TurnPhase::Ended)
        return;
    if (!questions.isEmpty())
        silence->clear();
    Q_EMIT q.events(events);
}

QString Turn::Private::withoutKey(QString message) const
{
    return key.size() >= shortestTraceableKey ? message.replace(key, u"[redacted]"_s) : message;
}

// Sends what nobody waits for any more, in order.
void Turn::Private::sayLast(const HttpRequest &request)
{
    if (!lastWords)
        lastWords = new RequestQueue(transport, q.parent() ? q.parent() : &q);
    lastWords->send(request, farewellTime);
}

void Turn::Private::enter(const TurnStatus &next)
{
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
    silence->clear();
    wait->clear();
    status = {.phase = TurnPhase::Ended};
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
