// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/turn.h"

#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"
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

// A shorter key than this is a word (local servers take any), and blotting words out garbles what is said.
constexpr qsizetype shortestTraceableKey = 8;

bool speaks(const StreamEvent &event)
{
    return !std::holds_alternative<event::Started>(event.payload)
        && !std::holds_alternative<event::UsageReported>(event.payload);
}

} // namespace

struct Turn::Private
{
    TurnSpec spec;
    Transport &transport;
    TurnJournal &journal;
    CredentialSource &credentials;

    TurnPhase phase = TurnPhase::Preparing;
    QString key; ///< what was sent, so that it can be found in what comes back
    std::unique_ptr<ResponseReader> reader;
    QPointer<TransportCall> call;
    std::optional<FinishReason> finishReason;
    std::optional<NetError> error;

    void request(Turn &turn, const QByteArray &secret);
    void connectCall(Turn &turn);
    void take(Turn &turn, StreamEvents &events);
    void enter(Turn &turn, TurnPhase next);
    void end(Turn &turn, const TurnOutcome &outcome);
    [[nodiscard]] TurnOutcome outcomeOfBody() const;
};

Turn::Turn(TurnSpec spec, Transport &transport, TurnJournal &journal, CredentialSource &credentials,
           QObject *parent)
    : QObject(parent),
      d(new Private{
          .spec = std::move(spec), .transport = transport, .journal = journal, .credentials = credentials})
{
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
                                [&turn](const QByteArray &secret) { turn.d->request(turn, secret); });
    });
}

void Turn::stop(const Delivered &delivered)
{
    if (d->phase == TurnPhase::Ended)
        return;
    if (d->call) {
        d->call->abort();
        d->call->deleteLater();
        d->call.clear();
    }
    d->end(*this, {.end = TurnEnd::Stopped, .reason = FinishReason::Stopped, .delivered = delivered});
}

void Turn::Private::request(Turn &turn, const QByteArray &secret)
{
    if (phase != TurnPhase::Preparing)
        return;
    key = QString::fromUtf8(secret);
    if (key.isEmpty() && spec.provider.needsKey) {
        end(turn,
            {.end = TurnEnd::Failed,
             .error = NetError{.kind = NetError::Kind::Auth,
                               .code = u"no_key"_s,
                               .message = u"No key is stored for this server."_s}});
        return;
    }
    auto dialect = makeDialect(spec.provider.dialect);
    const ExchangeRequest request =
        dialect->open(spec.request, {.baseUrl = spec.provider.baseUrl, .apiKey = secret});
    reader = std::make_unique<ResponseReader>(std::move(dialect));
    enter(turn, TurnPhase::Connecting);
    call = transport.open(request, {}, &turn);
    connectCall(turn);
}

void Turn::Private::connectCall(Turn &turn)
{
    QObject::connect(call, &TransportCall::head, &turn, [this, &turn](const ResponseHead &head) {
        reader->head(head);
        enter(turn, TurnPhase::Waiting);
    });
    QObject::connect(call, &TransportCall::bytes, &turn, [this, &turn](const QByteArray &bytes) {
        StreamEvents events;
        reader->feed(bytes, events);
        take(turn, events);
        if (phase != TurnPhase::Ended && (error || reader->completeness() == Completeness::Complete))
            end(turn, outcomeOfBody());
    });
    QObject::connect(call, &TransportCall::finished, &turn, [this, &turn] {
        StreamEvents events;
        reader->finish(ResponseReader::End::Clean, events);
        take(turn, events);
        if (phase != TurnPhase::Ended)
            end(turn, outcomeOfBody());
    });
    QObject::connect(call, &TransportCall::failed, &turn, [this, &turn](const NetError &reason) {
        // What was held back is still the server's word: it may be the rest of the answer.
        StreamEvents events;
        if (phase == TurnPhase::Waiting || phase == TurnPhase::Streaming) {
            reader->finish(ResponseReader::End::Broken, events);
            events.removeIf([](const StreamEvent &event) {
                return std::holds_alternative<event::Failed>(event.payload);
            });
            take(turn, events);
        }
        if (phase == TurnPhase::Ended)
            return;
        const bool partial = phase == TurnPhase::Streaming && !error;
        if (!error)
            error = reason;
        TurnOutcome outcome = outcomeOfBody();
        // A broken line is not the server's refusal: the partial stays as one that was cut off.
        if (partial && outcome.end == TurnEnd::Failed
            && (reason.kind == NetError::Kind::Network || reason.kind == NetError::Kind::Timeout))
            outcome.end = TurnEnd::CutOff;
        end(turn, outcome);
    });
}

void Turn::Private::take(Turn &turn, StreamEvents &events)
{
    if (events.isEmpty())
        return;
    coalesce(events);
    bool spoken = false;
    for (StreamEvent &event : events) {
        // Some servers repeat a wrong key in their complaint, and complaints are kept and shown.
        if (auto *failed = std::get_if<event::Failed>(&event.payload);
            failed && key.size() >= shortestTraceableKey)
            failed->error.message.replace(key, u"[redacted]"_s);
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
    if (call) {
        TransportCall *rest = call;
        call.clear();
        rest->disconnect(&turn);
        rest->setParent(turn.parent() ? turn.parent() : &turn);
        QObject::connect(rest, &TransportCall::finished, rest, &QObject::deleteLater);
        QObject::connect(rest, &TransportCall::failed, rest, &QObject::deleteLater);
        QTimer::singleShot(lingerTime, rest, [rest] {
            rest->abort();
            rest->deleteLater();
        });
    }
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
