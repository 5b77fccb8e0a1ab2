// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/stickycookies.h"

#include "net/framing/limits.h"

#include <QtCore/qurl.h>
#include <QtNetwork/qnetworkcookie.h>

namespace rivulet {

using namespace Qt::StringLiterals;

bool StickyCookies::setCookiesFromUrl(const QList<QNetworkCookie> &cookies, const QUrl &url)
{
    bool taken = false;
    for (QNetworkCookie cookie : cookies) {
        if (std::size_t(cookie.name().size() + cookie.value().size()) > limits::cookie)
            continue;
        cookie.setDomain({});
        taken = QNetworkCookieJar::setCookiesFromUrl({cookie}, url) || taken;
    }
    QList<QNetworkCookie> kept = allCookies();
    if (kept.size() > limits::cookies)
        setAllCookies(kept.sliced(kept.size() - limits::cookies));
    return taken;
}

QByteArray StickyCookies::headerFor(const QUrl &url) const
{
    QUrl page = url;
    if (url.scheme().startsWith("ws"_L1))
        page.setScheme(url.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    QByteArray header;
    for (const QNetworkCookie &cookie : cookiesForUrl(page)) {
        if (!header.isEmpty())
            header += "; ";
        header += cookie.toRawForm(QNetworkCookie::NameAndValueOnly);
    }
    return header;
}

} // namespace rivulet
