// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/proxyrules.h"

#include "net/transport/requestrules.h"

namespace rivulet {

using namespace Qt::StringLiterals;

QList<QNetworkProxy> ProxyRules::queryProxy(const QNetworkProxyQuery &query)
{
    if (isLoopback(query.url()))
        return {QNetworkProxy(QNetworkProxy::NoProxy)};
    return systemProxyForQuery(query);
}

QNetworkProxy proxyForWebSocket(const QUrl &url)
{
    // Systems know proxies for web pages; a socket goes through the same one.
    QUrl page = url;
    page.setScheme(url.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    const QList<QNetworkProxy> proxies = ProxyRules().queryProxy(QNetworkProxyQuery(page));
    return proxies.isEmpty() ? QNetworkProxy(QNetworkProxy::NoProxy) : proxies.first();
}

} // namespace rivulet
