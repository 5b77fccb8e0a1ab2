// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/endpointurl.h"

#include "net/dialects/surrogatejoiner.h"

namespace rivulet {

using namespace Qt::StringLiterals;

QUrl webSocketUrl(QUrl url)
{
    if (url.scheme() == "https"_L1)
        url.setScheme(u"wss"_s);
    else if (url.scheme() == "http"_L1)
        url.setScheme(u"ws"_s);
    return url;
}

QUrl httpUrl(QUrl url)
{
    if (url.scheme() == "wss"_L1)
        url.setScheme(u"https"_s);
    else if (url.scheme() == "ws"_L1)
        url.setScheme(u"http"_s);
    return url;
}

QString basePath(const QUrl &url, std::initializer_list<QLatin1StringView> endings)
{
    QString path = url.path(QUrl::FullyEncoded);
    const auto chopSlashes = [&] {
        while (path.endsWith(u'/'))
            path.chop(1);
    };
    chopSlashes();
    for (const QLatin1StringView ending : endings) {
        if (path.endsWith(ending)) {
            path.chop(ending.size());
            break;
        }
    }
    chopSlashes();
    return path;
}

QString queryOf(const QList<std::pair<QLatin1StringView, QString>> &items)
{
    QByteArray query;
    for (const auto &[name, value] : items) {
        if (value.isEmpty())
            continue;
        if (!query.isEmpty())
            query += '&';
        query += QByteArray(name.data(), name.size()) + '=' + QUrl::toPercentEncoding(wellFormed(value));
    }
    return QString::fromLatin1(query);
}

} // namespace rivulet
