// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/turn/clock.h"
#include "net/wire/streamevent.h"

#include <QtCore/qtypes.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace rivulet {

/// How a turn went, in numbers. Times count from the first request; what never happened is empty.
struct TurnMetrics
{
    std::optional<std::chrono::microseconds> firstByte;  ///< the server's first sign of life
    std::optional<std::chrono::microseconds> firstToken; ///< of the answer or of its reasoning
    std::optional<std::chrono::microseconds> total;      ///< to the end
    double tokensPerSecond = 0; ///< while tokens came; by the server's count, else four characters a token
    qint64 gaps = 0;            ///< pauses between arrivals of text; the next four are of them
    std::chrono::microseconds gapP50{0};
    std::chrono::microseconds gapP95{0};
    std::chrono::microseconds gapP99{0};
    std::chrono::microseconds gapMax{0};
    int stalls = 0;  ///< silences that were long enough to tell of
    int retries = 0; ///< requests that were made again from the start
    int resumes = 0; ///< requests that went on with a stream
    qint64 wireBytes = 0;
    qint64 decodedBytes = 0;

    friend bool operator==(const TurnMetrics &, const TurnMetrics &) = default;
};

/// Measures a turn: is told what happens when it happens. One thread.
class RIVULET_NET_EXPORT TurnMeter
{
public:
    using Time = Clock::Time;

    /// A request leaves; only the first one counts.
    void sent(Time now);
    void retried() { ++m_metrics.retries; }
    void resumed() { ++m_metrics.resumes; }
    void stalled() { ++m_metrics.stalls; }
    /// The head of the response or the open connection is there; only the first one counts.
    void accepted(Time now);
    void bytes(qint64 received, qint64 decoded);
    void events(const StreamEvents &events, Time now);

    /// The numbers so far, as if it ended `now`.
    [[nodiscard]] TurnMetrics metrics(Time now) const;

private:
    void gap(std::chrono::microseconds length);

    TurnMetrics m_metrics;
    std::optional<Time> m_sent;
    std::optional<Time> m_firstToken;
    std::optional<Time> m_lastToken;
    qint64 m_characters = 0;
    std::optional<qint64> m_outputTokens;
    std::vector<std::uint32_t> m_gaps; ///< microseconds: a sample, every m_stride-th
    qint64 m_stride = 1;
};

} // namespace rivulet
