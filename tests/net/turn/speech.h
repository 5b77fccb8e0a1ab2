// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/mockserver.h"

#include <QtCore/qbytearraylist.h>
#include <QtCore/qstringlist.h>

#include <algorithm>
#include <random>

namespace rivulet::test {

/// Draws the same for the same seed, on every platform.
class Dice
{
public:
    explicit Dice(quint32 seed) : m_engine(seed) {}

    /// A number from `least` to `most`.
    [[nodiscard]] int roll(int least, int most)
    {
        return least + static_cast<int>(m_engine() % static_cast<quint32>(most - least + 1));
    }
    [[nodiscard]] bool toss() { return roll(0, 1) == 1; }
    /// A number from [0, 1).
    [[nodiscard]] double random() { return static_cast<double>(m_engine()) / 4294967296.0; }

private:
    std::mt19937 m_engine;
};

/// What a model says, as the events of a protocol.
struct Speech
{
    QStringList words;     ///< a delta each
    QByteArrayList events; ///< all of them, those that say nothing too
    int before = 0;        ///< events ahead of the first delta

    [[nodiscard]] QString text() const { return words.join(QString()); }
    /// What has been said by the first `count` events.
    [[nodiscard]] QString textAfter(qsizetype count) const
    {
        return words.first(std::clamp<qsizetype>(count - before, 0, words.size())).join(QString());
    }
};

/// Words of many scripts, whose bytes are easily cut in two.
[[nodiscard]] QStringList someWords(Dice &dice);

/// The speech in openai-chat, which can not be joined again.
[[nodiscard]] Speech plainSpeech(const QStringList &words);
/// The speech in openai-responses, in the background: whoever lost it can join it again after any event.
[[nodiscard]] Speech resumableSpeech(const QStringList &words);

/// The speech in agent-ws: each event is a message of a WebSocket, or the data of a server-sent event.
[[nodiscard]] Speech spokenOverSocket(const QStringList &words);

/// The first `whole` of `messages` on a WebSocket, and then an RST or another way to end too soon.
[[nodiscard]] MockAnswer brokenSocket(const QByteArrayList &messages, qsizetype whole, Dice &dice,
                                      bool reset);

/// The first `whole` of `events`, some bytes of the next one, and then no connection any more.
[[nodiscard]] MockAnswer brokenOff(const QByteArrayList &events, qsizetype whole, Dice &dice, bool reset);

} // namespace rivulet::test
