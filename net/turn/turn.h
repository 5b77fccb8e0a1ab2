// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"
#include "net/turn/turnjournal.h"
#include "net/wire/chatrequest.h"
#include "net/wire/ids.h"
#include "net/wire/streamevent.h"

#include <QtCore/qobject.h>

#include <functional>
#include <memory>

namespace rivulet {

struct ApprovalDecision;
class CredentialSource;
class Dialect;
class Transport;

/// One exchange, before it begins: who is asked what.
struct TurnSpec
{
    TurnId id{};
    Provider provider;
    ChatRequest request; ///< an empty model means the provider's; its exchange is named by the turn

    friend bool operator==(const TurnSpec &, const TurnSpec &) = default;
};

/// Where an exchange is.
enum class TurnPhase {
    Preparing,  ///< the user's message is being made durable, the key looked up, or another one fetched
    Connecting, ///< the request is on its way
    Waiting,    ///< the server accepted it; nothing has been said yet
    Streaming,  ///< the answer is arriving
    Ended,      ///< over; see TurnOutcome
};

/// One exchange with a server as a state machine. Engine thread only.
///
/// Preparing → Connecting → Waiting → Streaming → Ended; it may end from every phase. The request leaves
/// only after the journal is ready, and once; further requests follow where the dialect has them, and
/// what it has to say meanwhile is sent on the connection. Where the server refuses the key before anything
/// else was accepted or said, another key is asked for, and with it the turn begins again from Preparing,
/// once: the first refusal is then neither journalled nor signalled. Everything that arrives is journalled
/// before it is signalled. ended() comes exactly once, and nothing after it.
class RIVULET_NET_EXPORT Turn : public QObject
{
    Q_OBJECT

public:
    /// Makes the translator of an exchange.
    using DialectFactory = std::function<std::unique_ptr<Dialect>(DialectId)>;

    /// None of the references is owned; all outlive the turn. `parent` also owns what is left of its
    /// connections when the turn is gone. Without `dialects` the registry makes the translator.
    Turn(TurnSpec spec, Transport &transport, TurnJournal &journal, CredentialSource &credentials,
         QObject *parent = nullptr, const DialectFactory &dialects = {});
    ~Turn() override;

    [[nodiscard]] TurnId id() const;
    [[nodiscard]] TurnPhase phase() const;

    /// Begins; call once.
    void start();

    /// The user's Stop, in any phase: nothing is signalled after it, what was delivered is kept, the rest is
    /// cut. The connection is closed before this returns, unless the protocol has a word for stopping that
    /// goes over it: then that is sent, and the connection closed when the server has ended the answer, but
    /// after three seconds at the latest. Does nothing once the turn has ended.
    void stop(const Delivered &delivered);

    /// Tells the server what the user decided about an event::Approval of this turn. Returns whether it could
    /// be told: not before the connection is there nor after the end, and not where the protocol takes the
    /// answer with the next request only.
    [[nodiscard]] bool decide(const ApprovalDecision &decision);

Q_SIGNALS:
    void phaseChanged(rivulet::TurnPhase phase);
    /// What arrived, in order; neighbouring deltas are joined.
    void events(const rivulet::StreamEvents &events);
    void ended(const rivulet::TurnOutcome &outcome);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::TurnSpec)
