// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/secretstore.h"

namespace rivulet {

using namespace Qt::StringLiterals;

QString originOf(const QUrl &url)
{
    const QString host = url.host(QUrl::FullyEncoded).toLower();
    if (host.isEmpty())
        return {};
    const QString scheme = url.scheme().toLower();
    const int usual = scheme == "https"_L1 || scheme == "wss"_L1 ? 443
        : scheme == "http"_L1 || scheme == "ws"_L1               ? 80
                                                                 : -1;
    const QString authority = host.contains(u':') ? u'[' + host + u']' : host;
    return scheme + "://"_L1 + authority + u':' + QString::number(url.port(usual));
}

SecretName secretNameOf(const Provider &provider)
{
    return {provider.id, originOf(provider.baseUrl)};
}

} // namespace rivulet
