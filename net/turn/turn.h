// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"
#include "net/turn/clock.h"
#include "net/turn/retrypolicy.h"
#include "net/turn/turnjournal.h"
#include "net/wire/chatrequest.h"
#include "net/wire/exchangerequest.h"
#include "net/wire/ids.h"
#include "net/wire/streamevent.h"

#include <QtCore/qobject.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace rivulet {

struct ApprovalDecision;
class CircuitBreaker;
class CredentialSource;
class Dialect;
class RateLimiter;
class Transport;

/// Who is asked instead where a provider does not answer, and what.
struct Fallback
{
    Provider provider;
    ChatRequest request;                     ///< as TurnSpec::request
    std::chrono::milliseconds after{30'000}; ///< for how long nothing may be said before it is asked

    friend bool operator==(const Fallback &, const Fallback &) = default;
};

/// One exchange, before it begins: who is asked what.
struct TurnSpec
{
    TurnId id{};
    Provider provider;
    ChatRequest request; ///< an empty model means the provider's; its exchange is named by the turn
    std::optional<Fallback> fallback{};
    /// The answer was begun by an earlier turn: its stream is joined again there, and nothing is asked anew.
    std::optional<ResumeToken> resume{};

    friend bool operator==(const TurnSpec &, const TurnSpec &) = default;
};

/// Where an exchange is.
enum class TurnPhase {
    Preparing,  ///< the user's message is being made durable, the key looked up, or another one fetched
    Connecting, ///< the request is on its way
    Accepted,   ///< the server took it; nothing has been said yet
    Streaming,  ///< the answer is arriving
    Stalled,    ///< the connection is there, but for a while nothing came
    Dropped,    ///< like Waiting, but there is no network: it goes on as soon as there is one
    Waiting,  ///< the connection is lost, or the server is not to be asked yet: again after TurnStatus::wait
    Resuming, ///< the connection is lost, and the stream is being joined again where it broke
    Ended,    ///< over; see TurnOutcome
};

/// Where an exchange is, with what people want to know of it.
struct TurnStatus
{
    TurnPhase phase = TurnPhase::Preparing;
    std::chrono::milliseconds wait{0}; ///< Waiting: how long, from when the phase was entered
    int failures = 0;                  ///< attempts that failed so far, in a row
    std::optional<NetError> reason{};  ///< Dropped, Waiting, Resuming: why; with `standIn`, why that
    bool standIn = false;              ///< TurnSpec::fallback is asked, in the provider's place

    friend bool operator==(const TurnStatus &, const TurnStatus &) = default;
};

/// For how long a server may be silent. A sign of life (a comment, a ping) ends a silence as a token does.
struct Patience
{
    std::chrono::milliseconds notice{20'000};      ///< then people are told
    std::chrono::milliseconds firstToken{600'000}; ///< until something is said: reasoning models take long
    std::chrono::milliseconds between{120'000};    ///< later, where the stream can not be joined again
    std::chrono::milliseconds resumable{60'000};   ///< later, where it can
    std::chrono::milliseconds program{600'000};    ///< a local program, whose tools take long

    friend bool operator==(const Patience &, const Patience &) = default;
};

/// NetError::code of a Waiting turn whose request is held back so that the server is not asked too often.
inline constexpr auto spacedOut = QLatin1StringView("spaced_out");

/// What a turn can do without; tests bring their own.
struct TurnOptions
{
    /// Makes the translator of an exchange; the registry does where this is empty.
    std::function<std::unique_ptr<Dialect>(DialectId)> dialects{};
    Clock *clock = nullptr;            ///< not owned; the computer's where null
    RateLimiter *limiter = nullptr;    ///< not owned; none where null
    CircuitBreaker *breaker = nullptr; ///< not owned; by placeName(); none where null
    RetryPolicy retry{};
    Patience patience{};
    std::function<double()> random{}; ///< from [0, 1); the computer's where empty
};

/// One exchange with a server as a state machine. Engine thread only.
///
/// Preparing → Connecting → Accepted → Streaming → Ended; Stalled and back while nothing comes. Before
/// Connecting it may be Waiting for RateLimiter. Where the connection breaks or the server is busy,
/// RetryPolicy decides: Waiting, and then either Connecting again (nothing was said yet, and mayRepeat()) or
/// Resuming (the protocol can join the stream again), which leads back to Streaming. An endpoint that failed
/// and failed is left alone meanwhile (CircuitBreaker). Without a network, Waiting is Dropped. It may end
/// from every phase; where nothing can be tried the partial stays as CutOff.
///
/// A fallback is asked, from Preparing on, where the provider's failure is final or its time is over and not
/// a word was said; what had left is then stopped. With TurnSpec::resume, Preparing leads to Resuming.
///
/// The request leaves only after the journal is ready. Where the server refuses the key before anything else
/// was accepted or said, another key is asked for, and with it the turn begins again from Preparing, once. A
/// failure that is tried again is neither journalled nor signalled as an event. Everything that arrives is
/// journalled before it is signalled. ended() comes exactly once, and nothing after it.
class RIVULET_NET_EXPORT Turn : public QObject
{
    Q_OBJECT

public:
    /// None of the references is owned; all outlive the turn. `parent` also owns what is left of its
    /// connections when the turn is gone.
    Turn(TurnSpec spec, Transport &transport, TurnJournal &journal, CredentialSource &credentials,
         QObject *parent = nullptr, const TurnOptions &options = {});
    ~Turn() override;

    /// The turn's name: after redirect(), of the one it became.
    [[nodiscard]] TurnId id() const;
    [[nodiscard]] TurnPhase phase() const;

    /// Begins; call once.
    void start();

    /// The user's Stop, in any phase: nothing is signalled after it, what was delivered is kept, the rest is
    /// cut. The connection is closed before this returns, unless the protocol has a word for stopping that
    /// goes over it: then that is sent, and the connection closed when the server has ended the answer, but
    /// after three seconds at the latest. Does nothing once the turn has ended.
    void stop(const Delivered &delivered);

    /// The same, because the user gave it another course that another turn takes.
    void giveWay(const Delivered &delivered);

    /// The user's Redirect, where the protocol can change the course of a running answer: the answer so far
    /// is closed in the journal as Redirected with what was delivered, and the turn goes on as `next`, whose
    /// instruction is said on the same connection as soon as the user's words are durable. Nothing that was
    /// still meant for the old course is signalled. Where the connection ends meanwhile, `next` is asked
    /// anew. False, and nothing done, where protocol or moment do not allow it: then giveWay() and another
    /// turn.
    [[nodiscard]] bool redirect(const TurnSpec &next, const QString &instruction, const Delivered &delivered);

    /// The user's Pause: nothing more is read, so that the server feels it where the protocol lets it. What
    /// had arrived is still signalled.
    void setPaused(bool paused);

    /// Tries again now instead of when the wait is over. Does nothing where it is not waiting.
    void tryNow();

    /// There is a network, or none. What runs on this computer needs none.
    void setOnline(bool online);
    /// Whether the network wants the user to sign in with a browser first: failures then say so.
    void setCaptivePortal(bool behind);
    /// The computer slept, or the network is another one, so that the connection may be dead though nobody
    /// says so: joins the stream again where that is possible, and tries now what waits.
    void doubtConnection();

    /// Tells the server what the user decided about an event::Approval of this turn. Returns whether it is
    /// told, or will be once the stream is joined again: not before the connection is there nor after the
    /// end, and not where the protocol takes the answer with the next request only.
    [[nodiscard]] bool decide(const ApprovalDecision &decision);

Q_SIGNALS:
    void phaseChanged(const rivulet::TurnStatus &status);
    /// What arrived, in order; neighbouring deltas are joined.
    void events(const rivulet::StreamEvents &events);
    void ended(const rivulet::TurnOutcome &outcome);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet

Q_DECLARE_METATYPE(rivulet::TurnSpec)
