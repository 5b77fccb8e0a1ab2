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

#include <memory>

namespace rivulet {

class CredentialSource;
class Transport;

/// One exchange, before it begins: who is asked what.
struct TurnSpec
{
    TurnId id{};
    Provider provider;
    ChatRequest request; ///< an empty model means the provider's

    friend bool operator==(const TurnSpec &, const TurnSpec &) = default;
};

/// Where an exchange is.
enum class TurnPhase {
    Preparing,  ///< the user's message is being made durable, the key looked up
    Connecting, ///< the request is on its way
    Waiting,    ///< the server accepted it; nothing has been said yet
    Streaming,  ///< the answer is arriving
    Ended,      ///< over; see TurnOutcome
};

/// One exchange with a server as a state machine. Engine thread only.
///
/// Preparing → Connecting → Waiting → Streaming → Ended; it may end from every phase. The request leaves
/// only after the journal is ready, exactly once. Everything that arrives is journalled before it is
/// signalled. ended() comes exactly once, and nothing after it.
class RIVULET_NET_EXPORT Turn : public QObject
{
    Q_OBJECT

public:
    /// None of the references is owned; all outlive the turn.
    Turn(TurnSpec spec, Transport &transport, TurnJournal &journal, CredentialSource &credentials,
         QObject *parent = nullptr);
    ~Turn() override;

    [[nodiscard]] TurnId id() const;
    [[nodiscard]] TurnPhase phase() const;

    /// Begins; call once.
    void start();

    /// The user's Stop, in any phase: the connection is closed before this returns, what was delivered is
    /// kept, the rest is cut. Does nothing once the turn has ended.
    void stop(const Delivered &delivered);

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
