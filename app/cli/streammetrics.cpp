// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/streammetrics.h"

#include "app/cli/jsonwriter.h"

#include <algorithm>
#include <variant>

namespace rivulet::cli {

namespace {

// Close enough for a rate, where the server does not count.
constexpr double charactersPerToken = 4.0;

QByteArray millis(std::chrono::nanoseconds time)
{
    return QByteArray::number(std::chrono::duration<double, std::milli>(time).count(), 'f', 3);
}

// How many characters of the answer or of its reasoning an event brings.
qint64 charactersOf(const StreamEvent &event)
{
    if (const auto *text = std::get_if<event::Text>(&event.payload))
        return text->text.size();
    if (const auto *reasoning = std::get_if<event::Reasoning>(&event.payload))
        return reasoning->text.size();
    return 0;
}

} // namespace

void StreamMetrics::sent(Time now)
{
    ++m_requests;
    if (!m_sent)
        m_sent = now;
}

void StreamMetrics::head(Time now)
{
    if (!m_head)
        m_head = now;
}

void StreamMetrics::bytes(qint64 count, qint64 decoded)
{
    m_wireBytes += count;
    m_decodedBytes += decoded;
}

void StreamMetrics::events(const StreamEvents &events, Time now)
{
    qint64 characters = 0;
    for (const StreamEvent &event : events) {
        characters += charactersOf(event);
        if (const auto *reported = std::get_if<event::UsageReported>(&event.payload))
            m_outputTokens = reported->usage.outputTokens;
    }
    if (characters == 0)
        return;
    m_characters += characters;
    if (m_lastToken)
        m_gaps.push_back(now - *m_lastToken);
    else
        m_firstToken = now;
    m_lastToken = now;
}

void StreamMetrics::ended(Time now)
{
    m_ended = now;
}

QByteArray StreamMetrics::toJson() const
{
    JsonObjectWriter out;
    const auto sinceSent = [&](QByteArrayView name, const std::optional<Time> &time) {
        if (m_sent && time)
            out.json(name, millis(*time - *m_sent));
    };
    sinceSent("first_byte_ms", m_head);
    sinceSent("first_token_ms", m_firstToken);
    sinceSent("total_ms", m_ended);
    if (!m_gaps.empty()) {
        out.json("tokens_per_s", QByteArray::number(tokensPerSecond(), 'f', 1));
        out.json("gaps", gapsJson());
    }
    out.number("retries", std::max(0, m_requests - 1));
    out.number("wire_bytes", m_wireBytes).number("decoded_bytes", m_decodedBytes);
    return out.text();
}

double StreamMetrics::tokensPerSecond() const
{
    const std::chrono::duration<double> time = *m_lastToken - *m_firstToken;
    const double tokens = m_outputTokens ? static_cast<double>(*m_outputTokens)
                                         : static_cast<double>(m_characters) / charactersPerToken;
    return time.count() > 0 ? tokens / time.count() : 0;
}

QByteArray StreamMetrics::gapsJson() const
{
    std::vector<std::chrono::nanoseconds> sorted = m_gaps;
    std::ranges::sort(sorted);
    const auto percentile = [&sorted](size_t percent) { return sorted[(sorted.size() - 1) * percent / 100]; };
    JsonObjectWriter out;
    out.number("count", static_cast<qint64>(sorted.size()));
    out.json("p50_ms", millis(percentile(50))).json("p99_ms", millis(percentile(99)));
    out.json("max_ms", millis(sorted.back()));
    return out.text();
}

} // namespace rivulet::cli
