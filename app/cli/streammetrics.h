// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/streamevent.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qtypes.h>

#include <chrono>
#include <optional>
#include <vector>

namespace rivulet::cli {

/// How a stream arrived, in numbers. Times are passed in, from one steady clock.
class StreamMetrics
{
public:
    using Time = std::chrono::steady_clock::time_point;

    /// The request leaves. A second call is a retry; times count from the first.
    void sent(Time now);
    /// The head of the response is there, or the connection is open.
    void head(Time now);
    /// `count` bytes of the body or of a message came off the wire, and were `decoded` bytes once decoded.
    void bytes(qint64 count, qint64 decoded);
    /// What the bytes meant.
    void events(const StreamEvents &events, Time now);
    /// The exchange is over.
    void ended(Time now);

    /// The object that --summary prints as "metrics": `first_byte_ms`, `first_token_ms` and `total_ms` from
    /// the request; `tokens_per_s` while tokens came (by the server's count, else four characters a token);
    /// `gaps` between arrivals of text (`count`, `p50_ms`, `p99_ms`, `max_ms`); `retries`; `wire_bytes` and
    /// `decoded_bytes` of the body. What never happened is left out.
    [[nodiscard]] QByteArray toJson() const;

private:
    [[nodiscard]] double tokensPerSecond() const;
    [[nodiscard]] QByteArray gapsJson() const;

    std::optional<Time> m_sent;
    std::optional<Time> m_head;
    std::optional<Time> m_firstToken;
    std::optional<Time> m_lastToken;
    std::optional<Time> m_ended;
    std::vector<std::chrono::nanoseconds> m_gaps;
    qint64 m_characters = 0;
    std::optional<qint64> m_outputTokens;
    int m_requests = 0;
    qint64 m_wireBytes = 0;
    qint64 m_decodedBytes = 0;
};

} // namespace rivulet::cli
