// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "net/turn/turn.h"
#include "net/wire/approvaldecision.h"

#include <QtCore/qobject.h>

namespace rivulet {

/// Runs turns somewhere else and tells of them here. GUI thread; models/engine implements it.
///
/// For each turn the signals come in the order of what happened: nothing overtakes the text before it,
/// and nothing follows ended().
class RIVULET_MODELS_EXPORT TurnRunner : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Starts the turn; returns at once.
    virtual void start(const TurnSpec &spec) = 0;

    /// Hands over what has arrived so far, now instead of with the next frame.
    virtual void flush() = 0;

    /// Stops the turn: after this call nothing of it is signalled any more, and its connection is closed as
    /// soon as the engine gets to it. `delivered` is what the user saw.
    virtual void stop(TurnId turn, const Delivered &delivered) = 0;

    /// Ends `turn` because the user gave it another course, which `next` takes: after this call nothing of
    /// `turn` is signalled any more. Where the protocol can change the course of a running answer,
    /// `instruction` is said on the same connection; else that is closed and `next` started. `delivered` is
    /// what the user saw.
    virtual void redirect(TurnId turn, const Delivered &delivered, const TurnSpec &next,
                          const QString &instruction) = 0;

    /// Holds the turn's stream back, or lets it come again. What arrived before is still signalled.
    virtual void setPaused(TurnId turn, bool paused) = 0;

    /// Lets a turn that waits for its next attempt try now.
    virtual void tryNow(TurnId turn) = 0;

    /// Tells the server what the user decided about an event::Approval of the turn, if it takes that while it
    /// answers.
    virtual void decide(TurnId turn, const ApprovalDecision &decision) = 0;

    /// A message to that provider is being written: whatever can be done ahead of it, without sending
    /// anything, may be done.
    virtual void expect(const Provider &provider) = 0;

Q_SIGNALS:
    void phaseChanged(rivulet::TurnId turn, const rivulet::TurnStatus &status);
    void events(rivulet::TurnId turn, const rivulet::StreamEvents &events);
    void ended(rivulet::TurnId turn, const rivulet::TurnOutcome &outcome);
};

} // namespace rivulet
