// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <QtNetwork/qnetworkcookiejar.h>

namespace rivulet {

/// A few small cookies in memory, each for the very host that set it, whatever domain it names: enough to
/// come back to the same server behind a balancer. The oldest makes room. One thread.
class RIVULET_NET_EXPORT StickyCookies final : public QNetworkCookieJar
{
public:
    using QNetworkCookieJar::QNetworkCookieJar;

    bool setCookiesFromUrl(const QList<QNetworkCookie> &cookies, const QUrl &url) override;

    /// The value of a Cookie header for a request to `url`, a WebSocket's as well; empty for none.
    [[nodiscard]] QByteArray headerFor(const QUrl &url) const;
};

} // namespace rivulet
