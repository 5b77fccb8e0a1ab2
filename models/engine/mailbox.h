// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/export.h"
#include "net/turn/turn.h"

#include <QtCore/qlist.h>
#include <QtCore/qmutex.h>

#include <functional>
#include <variant>

namespace rivulet {

/// One thing that happened to a turn.
struct TurnMail
{
    TurnId turn{};
    std::variant<TurnStatus, StreamEvents, TurnOutcome> what;

    friend bool operator==(const TurnMail &, const TurnMail &) = default;
};

/// The one way from the engine to the GUI: values, in order. Posting to a full box joins deltas with those
/// that wait, so that a flood costs the reader as much as a drop.
class RIVULET_MODELS_EXPORT Mailbox
{
public:
    /// How soon the reader should come.
    enum class Urgency {
        NextFrame, ///< with the next frame
        Now,       ///< at once: a first delta, a phase, an end
    };

    /// `wake` is called on the posting thread whenever the reader has to be told: when the box was empty,
    /// and when something urgent comes into one that waits for a frame.
    explicit Mailbox(std::function<void(Urgency)> wake);

    /// Puts in `mail`. Any one thread.
    void post(TurnMail mail, Urgency urgency);

    /// Takes everything out. Any thread.
    [[nodiscard]] QList<TurnMail> take();

private:
    std::function<void(Urgency)> m_wake;
    QMutex m_mutex;
    QList<TurnMail> m_mail;
    bool m_urgent = false;
};

} // namespace rivulet
