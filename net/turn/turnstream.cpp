// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/captiveportal.h"
#include "net/turn/turnprivate.h"

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

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

} // namespace

void Turn::Private::accept()
{
    acceptedAt = heardAt = clock.now();
    meter.accepted(acceptedAt);
    // A connection is no answer yet, and neither is a refusal.
    if (pass && (answeredWith == 0 || (answeredWith >= 200 && answeredWith < 300)))
        pass->succeed();
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
    lose({.kind = NetError::Kind::Timeout, .code = transportcode::Silent, .message = tooSilent.toString()});
}

void Turn::Private::arrive(StreamEvents events)
{
    // It is still the answer to what the user no longer wants.
    if (instruction)
        return;
    for (StreamEvent &event : events) {
        if (auto *failed = std::get_if<event::Failed>(&event.payload))
            failed->error = explained(failed->error);
    }
    if (const auto failure = onlyFailureIn(events)) {
        if (pass)
            pass->fail(*failure);
        pass.reset();
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

void Turn::Private::take(StreamEvents &events)
{
    if (events.isEmpty())
        return;
    coalesce(events);
    bool speaking = false;
    for (const StreamEvent &event : std::as_const(events)) {
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
    if (spoken)
        patience->clear();
    broken.reset();
    meter.events(events, clock.now());
    journal.append(spec.id, events, attempt ? attempt->reader().dialect().resumeToken() : std::nullopt);
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

// The failure as people are to see it: what is behind it named, and without the key, which some servers
// repeat in their complaint.
NetError Turn::Private::explained(NetError failure) const
{
    failure = withPortalNamed(std::move(failure), endpoint.baseUrl, isCaptive);
    failure.message = withoutKey(failure.message);
    return failure;
}

QString Turn::Private::withoutKey(QString message) const
{
    return key.size() >= shortestTraceableKey ? message.replace(key, u"[redacted]"_s) : message;
}

} // namespace rivulet
