// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestrules.h"

#include <QtNetwork/qhostaddress.h>

#include <algorithm>
#include <array>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

NetError refused(QLatin1StringView code, const QString &message)
{
    return {.kind = NetError::Kind::Refused, .code = code, .message = message};
}

bool isPrintable(QByteArrayView value)
{
    return std::ranges::none_of(value, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

} // namespace

bool isLoopback(const QUrl &url)
{
    const QString host = url.host();
    return host == "localhost"_L1 || QHostAddress(host).isLoopback();
}

bool carriesKey(QByteArrayView headerName)
{
    constexpr std::array<QByteArrayView, 6> names{"authorization", "proxy-authorization", "x-api-key",
                                                  "api-key",       "x-goog-api-key",      "cookie"};
    return std::ranges::any_of(
        names, [&](QByteArrayView name) { return headerName.compare(name, Qt::CaseInsensitive) == 0; });
}

std::optional<NetError> refusalOf(const HttpRequest &request)
{
    const QUrl &url = request.url;
    if (!url.isValid())
        return refused(transportcode::BadUrl, u"The address can not be read"_s);
    if (url.scheme() != "https"_L1 && url.scheme() != "http"_L1)
        return refused(transportcode::Scheme, u"The address must begin with https:// or http://"_s);
    if (url.host().isEmpty())
        return refused(transportcode::BadUrl, u"The address names no host"_s);
    if (!url.userInfo().isEmpty())
        return refused(transportcode::UserInfo, u"The address holds a user name or a password"_s);
    const bool wouldShowKey = url.scheme() == "http"_L1 && !isLoopback(url);
    for (const auto &[name, value] : request.headers) {
        if (!isPrintable(value)) {
            return refused(transportcode::BadHeader,
                           u"The header "_s + QString::fromLatin1(name) + u" holds a control character"_s);
        }
        if (wouldShowKey && carriesKey(name)) {
            return refused(transportcode::KeyInClear,
                           u"A key is sent over https only, or to this computer"_s);
        }
    }
    return std::nullopt;
}

} // namespace rivulet
