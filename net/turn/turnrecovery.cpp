// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/captiveportal.h"
#include "net/turn/turnprivate.h"

#include <algorithm>
#include <utility>

namespace rivulet {

namespace {

// Whoever signs in needs that long, and a portal that is asked often shuts people out.
constexpr auto betweenPortalProbes = std::chrono::milliseconds(10'000);

} // namespace

// The server refused the key: begins again with another one, if there is one, and else goes on with
// `refusalStands`. False where it is not to be tried. What another request of the exchange has brought
// about already is not to be repeated.
bool Turn::Private::renew(const std::function<void()> &refusalStands)
{
    if ((status.phase != TurnPhase::Connecting && status.phase != TurnPhase::Accepted)
        || attempt->hasFollowedUp() || std::exchange(renewed, true))
        return false;
    const QByteArray refused = endpoint.apiKey;
    const auto other = [this, refused, refusalStands, question = ++keyQuestion](const KeyResult &secret) {
        if (status.phase != TurnPhase::Preparing || question != keyQuestion)
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
        const auto refuse = [this, events, failure] {
            if (standIn(failure))
                return;
            StreamEvents refusal = events;
            take(refusal);
            if (status.phase != TurnPhase::Ended)
                end(outcomeOf(attempt->reader()));
        };
        return renew(refuse) || standIn(failure);
    }
    if (!attempt->hasFollowedUp() && mayRepeat(failure, Reached::Accepted) && tryAgain(failure))
        return true;
    return standIn(failure);
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
    auto time = options.retry.waitAfter(status.failures, since, reason, options.random());
    if (!time)
        return false;
    if (reason.code == captivePortal)
        time = std::max(*time, betweenPortalProbes);
    if (spec.fallback && *time >= spec.fallback->after && standIn(reason))
        return true;
    discardAttempt();
    ticket.reset();
    status.reason = reason;
    rest(*time);
    return true;
}

// Asks the fallback in the provider's place. False where there is none, it would do no better, or something
// was said or done already.
bool Turn::Private::standIn(const NetError &reason)
{
    const bool isUseless = !online && spec.fallback && !isLoopback(spec.fallback->provider.baseUrl)
        && spec.fallback->provider.program.isEmpty();
    if (!spec.fallback || isUseless || !mayStandIn(reason) || spoken || instruction.has_value()
        || (attempt && attempt->hasFollowedUp()))
        return false;
    // The server may be at work on what nobody waits for any more.
    if (Attempt *rest = attempt) {
        rest->disconnect(&q);
        if (const auto word = rest->cancel())
            sayLast(*word);
        rest->deleteLater();
        attempt.clear();
    }
    silence->clear();
    broken.reset();
    if (lastWords)
        lastWords->deleteWhenDone();
    lastWords.clear();
    wait->clear();
    patience->clear();
    ++keyQuestion;
    ticket.reset();
    pass.reset();
    const Fallback next = *std::exchange(spec.fallback, std::nullopt);
    spec.provider = next.provider;
    spec.request = next.request;
    name(spec);
    transport = &way.through(profileOf(spec.provider));
    isStandIn = true;
    asked = false;
    renewed = false;
    finishReason.reset();
    journal.handOver(spec.id, spec.provider);
    enter({.phase = TurnPhase::Preparing, .reason = reason});
    if (status.phase == TurnPhase::Preparing)
        lookUpKey();
    return true;
}

// The provider had its time.
void Turn::Private::runOutOfPatience()
{
    const NetError reason = status.reason.value_or(NetError{
        .kind = NetError::Kind::Timeout, .code = transportcode::Silent, .message = tooSilent.toString()});
    // It is the user who holds the answer back, or nobody can be asked: that may be over later.
    if ((paused || !standIn(reason)) && spec.fallback && (paused || !online))
        patience->set(spec.fallback->after);
}

// The connection is lost.
void Turn::Private::lose(NetError reason)
{
    reason = explained(std::move(reason));
    if (pass)
        pass->fail(reason);
    pass.reset();
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
    if (isOpen && standIn(reason))
        return;
    breakOff(reader, reason, isOpen && isPassing(reason) ? reader.dialect().resumeToken() : std::nullopt);
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

// The stream could not be joined again: that is tried later, or the partial is all there is.
void Turn::Private::resumeFailed(const NetError &reason)
{
    if ((isPassing(reason) && tryAgain(reason)) || standIn(reason))
        return;
    // What people are told is why the stream broke; that it can not be joined again is seen.
    const NetError why = status.reason.value_or(reason);
    const std::unique_ptr<ResponseReader> rest = std::exchange(broken, nullptr);
    discardAttempt();
    // A key that is refused now may be another one later.
    const bool mayBeJoined = isPassing(reason) || reason.kind == NetError::Kind::Auth;
    breakOff(*rest, why, mayBeJoined ? rest->dialect().resumeToken() : std::nullopt);
}

// The exchange broke for good, unless it is joined again at `place` another day.
void Turn::Private::breakOff(ResponseReader &reader, const NetError &reason,
                             const std::optional<ResumeToken> &place)
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
    }
    TurnOutcome outcome = outcomeOf(reader);
    // A broken line is not the server's refusal: the partial stays as one that was cut off. What another run
    // began broke off there.
    const bool broke = spec.resume || reason.kind == NetError::Kind::Network
        || reason.kind == NetError::Kind::Timeout || reason.code == transportcode::ProgramCrashed;
    if (partial && outcome.end == TurnEnd::Failed && broke)
        outcome.end = TurnEnd::CutOff;
    if (outcome.end == TurnEnd::CutOff)
        outcome.resume = place;
    end(outcome);
}

// Nothing is done for `time`, or until there is a network.
void Turn::Private::rest(std::chrono::milliseconds time)
{
    TurnStatus next{
        .phase = TurnPhase::Waiting, .wait = time, .failures = status.failures, .reason = status.reason};
    if (isOffline()) {
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

} // namespace rivulet
