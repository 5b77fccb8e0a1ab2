// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

#include <array>
#include <chrono>

namespace rivulet::bench {

// What the streams of the engine's benchmark say: words that hold the time they were sent at. The clock is
// the system's, so that another process can read it.

using SteadyClock = std::chrono::steady_clock;
using Tick = std::chrono::duration<qint64, std::ratio<1, 100'000>>;

inline constexpr qsizetype wordSize = 5; ///< as long as most tokens are, with the blank
inline constexpr quint32 wordTicks = 1U << 24U;
inline constexpr char wordLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

[[nodiscard]] inline quint32 tickOf(SteadyClock::time_point time)
{
    return static_cast<quint32>(std::chrono::floor<Tick>(time.time_since_epoch()).count()) % wordTicks;
}

[[nodiscard]] inline QByteArray wordSentAt(SteadyClock::time_point time)
{
    const quint32 tick = tickOf(time);
    QByteArray word(wordSize, ' ');
    for (qsizetype i = 0; i < 4; ++i)
        word[i] = wordLetters[(tick >> (6U * static_cast<quint32>(3 - i))) & 63U];
    return word;
}

/// The tick of a word.
[[nodiscard]] inline quint32 tickIn(QStringView word)
{
    static const auto valueOf = [] {
        std::array<quint8, 128> values{};
        for (quint8 i = 0; i < 64; ++i)
            values.at(static_cast<size_t>(wordLetters[i])) = i;
        return values;
    }();
    quint32 tick = 0;
    for (const QChar letter : word.first(4))
        tick = tick << 6U | valueOf.at(letter.unicode() & 127U);
    return tick;
}

/// How long before `now` a word was sent: up to 167 seconds.
[[nodiscard]] inline Tick ageAt(quint32 now, quint32 sent)
{
    return Tick((now + wordTicks - sent) % wordTicks);
}

/// One event of openai-chat that says `word`, as long as services make it.
[[nodiscard]] inline QByteArray eventSaying(const QByteArray &word)
{
    return "data: {\"id\":\"chatcmpl-00000000000\",\"object\":\"chat.completion.chunk\","
           "\"created\":1763712000,\"model\":\"model-1-mini\",\"choices\":[{\"index\":0,\"delta\":"
           "{\"content\":\""
        + word + "\"},\"finish_reason\":null}]}\n\n";
}

inline const QByteArray lastEvents = R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
                                     "\n\ndata: [DONE]\n\n";

/// When the words of many streams are due: each stream has the same pace, and no two speak at once.
class Timetable
{
public:
    Timetable(int streams, int perSecond, qint64 wordsEach)
        : m_streams(streams), m_perSecond(perSecond), m_words(wordsEach * streams)
    {}

    void begin(SteadyClock::time_point now) { m_begin = now; }
    [[nodiscard]] bool isOver() const { return m_next == m_words; }

    /// Calls `say(stream, due)` for what is due by `now`.
    template<typename Say>
    void catchUp(SteadyClock::time_point now, Say say)
    {
        for (; m_next < m_words; ++m_next) {
            const auto due = m_begin
                + std::chrono::nanoseconds(m_next * 1'000'000'000 / (qint64(m_streams) * m_perSecond));
            if (due > now)
                return;
            say(static_cast<int>(m_next % m_streams), due);
        }
    }

private:
    int m_streams;
    int m_perSecond;
    qint64 m_words;
    qint64 m_next = 0;
    SteadyClock::time_point m_begin;
};

} // namespace rivulet::bench
