// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to net/turn: a turn's state, which turn.cpp begins and ends, turnstream.cpp fills with what comes,
// and turnrecovery.cpp brings back when it breaks.

#include "net/dialects/responsereader.h"
#include "net/transport/requestqueue.h"
#include "net/transport/requestrules.h"
#include "net/turn/attempt.h"
#include "net/turn/circuitbreaker.h"
#include "net/turn/credentialsource.h"
#include "net/turn/ratelimiter.h"
#include "net/turn/turn.h"
#include "net/turn/turnmetrics.h"
#include "net/wire/approvaldecision.h"

#include <QtCore/qpointer.h>
#include <QtCore/qset.h>

namespace rivulet {

/// What a server's silence is called in the log.
inline constexpr QStringView tooSilent = u"the server said nothing for too long";

struct Turn::Private
{
    Private(Turn &turn, TurnSpec &&what, Transport &way, TurnJournal &keeper, CredentialSource &keys,
            const TurnOptions &how);

    Turn &q;
    Transport &way;
    Transport *transport; ///< of the provider's way into the network
    TurnSpec spec;
    TurnJournal &journal;
    CredentialSource &credentials;
    TurnOptions options;
    Clock &clock;

    TurnStatus status;
    QString key;          ///< what was sent, so that it can be found in what comes back
    bool renewed = false; ///< another key was asked for, which is done once
    int keyQuestion = 0;  ///< counts questions for keys: an answer to an earlier one is nobody's any more
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
    std::unique_ptr<Alarm> patience; ///< with the provider, where there is a fallback
    Clock::Time acceptedAt;
    Clock::Time heardAt; ///< last, of what was accepted
    Clock::Time firstFailure;
    std::optional<RateLimiter::Ticket> ticket; ///< of the request that is to be made
    std::optional<CircuitBreaker::Pass> pass;  ///< of the request that was made
    int answeredWith = 0;                      ///< the status of its response; 0 where there is none
    bool asked = false;                        ///< a request was made
    bool insists = false;                      ///< the user wants it made now
    bool online = true;
    bool isCaptive = false; ///< the network wants the user to sign in first
    bool isStandIn = false; ///< the fallback is being asked
    bool paused = false;

    static void name(TurnSpec &spec);
    [[nodiscard]] bool say(const ApprovalDecision &decision);
    void prepare();
    void lookUpKey();
    void request(const KeyResult &secret);
    void resume();
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
    [[nodiscard]] bool isLocal() const;
    [[nodiscard]] bool isOffline() const { return !online && !isLocal(); }
    [[nodiscard]] bool isSpacedOut(bool insisted);
    [[nodiscard]] bool isLeftAlone(bool insisted);
    [[nodiscard]] bool renew(const std::function<void()> &refusalStands);
    [[nodiscard]] bool startsAnew(const StreamEvents &events, const NetError &failure);
    [[nodiscard]] bool tryAgain(const NetError &reason);
    [[nodiscard]] bool standIn(const NetError &reason);
    void runOutOfPatience();
    void lose(NetError reason);
    void resumeFailed(const NetError &reason);
    void breakOff(ResponseReader &reader, const NetError &reason,
                  const std::optional<ResumeToken> &place = std::nullopt);
    void rest(std::chrono::milliseconds time);
    void goOn();

    void take(StreamEvents &events);
    [[nodiscard]] QString withoutKey(QString message) const;
    [[nodiscard]] NetError explained(NetError failure) const;
    void giveUp(const NetError &reason);
    void sayLast(const HttpRequest &request);
    void enter(TurnPhase next) { enter(TurnStatus{.phase = next, .failures = status.failures}); }
    void enter(TurnStatus next);
    void leave(TurnEnd end, const Delivered &delivered);
    void end(TurnOutcome outcome);
    [[nodiscard]] TurnOutcome outcomeOf(const ResponseReader &reader) const;
};

} // namespace rivulet
