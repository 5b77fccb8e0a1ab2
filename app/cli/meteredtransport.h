// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/transport.h"

#include <QtCore/qobject.h>

namespace rivulet::cli {

class StreamMetrics;

/// Another transport, whose calls are measured on their way. One thread: that of the other one.
class MeteredTransport final : public Transport
{
public:
    /// Neither is owned; both outlive the object.
    MeteredTransport(Transport &transport, StreamMetrics &metrics);

    [[nodiscard]] TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                                      QObject *parent) override;

private:
    Transport &m_transport;
    StreamMetrics &m_metrics;
    QObject m_context; ///< ends the measuring with this object
};

} // namespace rivulet::cli
