// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/turn/turnmetrics.h"

#include <algorithm>
#include <limits>
#include <variant>

namespace rivulet {

using std::chrono::duration_cast;
using std::chrono::microseconds;

namespace {

// Close enough for a rate, where the server does not count.
constexpr double charactersPerToken = 4.0;

// So many gaps tell the percentiles well enough; a longer answer is sampled.
constexpr std::size_t mostGaps = 65'536;

qsizetype charactersOf(const StreamEvent &event)
{
    if (const auto *text = std::get_if<event::Text>(&event.payload))
        return text->text.size();
    if (const auto *reasoning = std::get_if<event::Reasoning>(&event.payload))
        return reasoning->text.size();
    return 0;
}

} // namespace

void TurnMeter::sent(Time now)
{
    if (!m_sent)
        m_sent = now;
}

void TurnMeter::accepted(Time now)
{
    if (m_sent && !m_metrics.firstByte)
        m_metrics.firstByte = duration_cast<microseconds>(now - *m_sent);
}

void TurnMeter::bytes(qint64 received, qint64 decoded)
{
    m_metrics.wireBytes += received;
    m_metrics.decodedBytes += decoded;
}

void TurnMeter::events(const StreamEvents &events, Time now)
{
    qsizetype characters = 0;
    for (const StreamEvent &event : events) {
        characters += charactersOf(event);
        if (const auto *reported = std::get_if<event::UsageReported>(&event.payload))
            m_outputTokens = reported->usage.outputTokens;
    }
    if (characters == 0)
        return;
    m_characters += characters;
    if (m_lastToken)
        gap(duration_cast<microseconds>(now - *m_lastToken));
    else
        m_firstToken = now;
    m_lastToken = now;
}

TurnMetrics TurnMeter::metrics(Time now) const
{
    TurnMetrics metrics = m_metrics;
    if (m_sent) {
        metrics.total = duration_cast<microseconds>(now - *m_sent);
        if (m_firstToken)
            metrics.firstToken = duration_cast<microseconds>(*m_firstToken - *m_sent);
    }
    if (m_firstToken && *m_lastToken > *m_firstToken) {
        const std::chrono::duration<double> time = *m_lastToken - *m_firstToken;
        const double tokens = m_outputTokens ? static_cast<double>(*m_outputTokens)
                                             : static_cast<double>(m_characters) / charactersPerToken;
        metrics.tokensPerSecond = tokens / time.count();
    }
    if (!m_gaps.empty()) {
        std::vector<std::uint32_t> sorted = m_gaps;
        std::ranges::sort(sorted);
        const auto percentile = [&sorted](std::size_t percent) {
            return microseconds(sorted[(sorted.size() - 1) * percent / 100]);
        };
        metrics.gapP50 = percentile(50);
        metrics.gapP95 = percentile(95);
        metrics.gapP99 = percentile(99);
    }
    return metrics;
}

void TurnMeter::gap(microseconds length)
{
    m_metrics.gapMax = std::max(m_metrics.gapMax, length);
    if (m_metrics.gaps++ % m_stride != 0)
        return;
    if (m_gaps.size() == mostGaps) {
        // Every other one stays, so that the sample is spread over the whole answer.
        for (std::size_t kept = 0; kept < mostGaps / 2; ++kept)
            m_gaps[kept] = m_gaps[2 * kept];
        m_gaps.resize(mostGaps / 2);
        m_stride *= 2;
    }
    constexpr auto longest = std::int64_t{std::numeric_limits<std::uint32_t>::max()};
    m_gaps.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(length.count(), longest)));
}

} // namespace rivulet
