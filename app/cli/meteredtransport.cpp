// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/meteredtransport.h"

#include "app/cli/streammetrics.h"

namespace rivulet::cli {

using Clock = std::chrono::steady_clock;

MeteredTransport::MeteredTransport(Transport &transport, StreamMetrics &metrics)
    : m_transport(transport), m_metrics(metrics)
{}

TransportCall *MeteredTransport::open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                                      QObject *parent)
{
    m_metrics.sent(Clock::now());
    TransportCall *call = m_transport.open(request, timeouts, parent);
    QObject::connect(call, &TransportCall::head, &m_context, [this] { m_metrics.head(Clock::now()); });
    QObject::connect(call, &TransportCall::opened, &m_context, [this] { m_metrics.head(Clock::now()); });
    QObject::connect(call, &TransportCall::message, &m_context,
                     [this](const QByteArray &text) { m_metrics.bytes(text.size(), text.size()); });
    QObject::connect(
        call, &TransportCall::bytes, &m_context,
        [this](const QByteArray &bytes, qint64 received) { m_metrics.bytes(received, bytes.size()); });
    return call;
}

} // namespace rivulet::cli
