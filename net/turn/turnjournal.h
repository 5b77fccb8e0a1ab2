// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/turn/turnmetrics.h"
#include "net/wire/exchangerequest.h"
#include "net/wire/ids.h"
#include "net/wire/streamevent.h"

#include <functional>
#include <optional>

namespace rivulet {

struct Provider;

/// How an exchange ended.
enum class TurnEnd {
    Complete,   ///< the model said it was done: an end marker, or a finish reason and a clean end
    CutOff,     ///< the stream ended without either; the partial stays
    Stopped,    ///< the user stopped it
    Redirected, ///< the user gave it another course: another answer goes on
    Failed,     ///< it failed; the partial stays
};

/// How much of an answer reached the user, in UTF-16 units. What was journalled past it is cut.
struct Delivered
{
    qsizetype text = 0;
    qsizetype reasoning = 0;

    friend bool operator==(const Delivered &, const Delivered &) = default;
};

/// How a turn ended, with what the user saw of it.
struct TurnOutcome
{
    TurnEnd end = TurnEnd::Complete;
    FinishReason reason = FinishReason::Stop;
    bool endMarker = false;        ///< the protocol's own end marker was seen
    std::optional<NetError> error; ///< set where end is Failed, and for CutOff where one is known
    std::optional<Delivered>
        delivered; ///< set where the user stopped or redirected it; else everything counts
    /// CutOff: where the stream may be joined again later.
    std::optional<ResumeToken> resume{};
    TurnMetrics metrics{}; ///< how it went, in numbers

    friend bool operator==(const TurnOutcome &, const TurnOutcome &) = default;
};

/// Keeps what a turn delivers, durably and in order. Called on the engine thread; never blocks it: work
/// is handed to the store's own thread. models/store implements it.
class RIVULET_NET_EXPORT TurnJournal
{
public:
    virtual ~TurnJournal() = default;

    /// Opens the journal of `turn`. `ready` is called later on the calling thread, once everything handed
    /// to the store before (the user's message among it) is durable, or once it is certain that it can not
    /// be: a turn goes on either way, and the store reports its own health.
    virtual void begin(TurnId turn, std::function<void()> ready) = 0;

    /// Adds what arrived, and where the stream can be joined again behind it. Durable within 100 ms, both
    /// together.
    virtual void append(TurnId turn, const StreamEvents &events,
                        const std::optional<ResumeToken> &place = std::nullopt) = 0;

    /// From now on it is `provider` that answers; nothing that counts was said before.
    virtual void handOver(TurnId turn, const Provider &provider) = 0;

    /// Closes the journal: writes the rest, cuts what was not delivered, and folds it into its message.
    virtual void finish(TurnId turn, const TurnOutcome &outcome) = 0;
};

} // namespace rivulet
