// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qurl.h>
#include <QtNetwork/qnetworkproxy.h>

namespace rivulet {

/// The system's proxies for the world, none for this computer. Asking may take as long as the system's own
/// script for it takes.
class ProxyRules final : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override;
};

/// The proxy by those rules for a WebSocket to `url`.
[[nodiscard]] QNetworkProxy proxyForWebSocket(const QUrl &url);

} // namespace rivulet
