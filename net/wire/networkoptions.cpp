// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/networkoptions.h"

#include <QtCore/qurl.h>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto systemWord = "system"_L1;
constexpr auto noneWord = "none"_L1;
constexpr auto httpScheme = "http"_L1;
constexpr auto socksScheme = "socks5"_L1;

} // namespace

std::expected<ProxyChoice, ProxyTextError> proxyFrom(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed == systemWord)
        return proxy::System();
    if (trimmed == noneWord)
        return proxy::None();
    const qsizetype scheme = trimmed.indexOf("://"_L1);
    const QString begin = trimmed.left(scheme).toLower();
    if (scheme < 0 || (begin != httpScheme && begin != socksScheme))
        return std::unexpected(ProxyTextError::Scheme);
    const QUrl url(trimmed, QUrl::StrictMode);
    if (!url.isValid()) {
        // The port is what people mistype; everything else that is wrong looks wrong.
        const QUrl withoutPort(trimmed.left(trimmed.lastIndexOf(u':')), QUrl::StrictMode);
        const bool isPort = withoutPort.isValid() && !withoutPort.host().isEmpty();
        return std::unexpected(isPort ? ProxyTextError::Port : ProxyTextError::Malformed);
    }
    if (!url.password().isEmpty())
        return std::unexpected(ProxyTextError::Password);
    const bool hasPath = !url.path().isEmpty() && url.path() != "/"_L1;
    if (url.host().isEmpty() || hasPath || url.hasQuery() || url.hasFragment())
        return std::unexpected(ProxyTextError::Malformed);
    if (url.port() < 1)
        return std::unexpected(ProxyTextError::Port);
    return proxy::Server{.kind =
                             begin == httpScheme ? proxy::Server::Kind::Http : proxy::Server::Kind::Socks5,
                         .host = url.host(),
                         .port = quint16(url.port()),
                         .user = url.userName(QUrl::FullyDecoded)};
}

QString toText(const ProxyChoice &choice)
{
    if (std::holds_alternative<proxy::System>(choice))
        return systemWord;
    const auto *server = std::get_if<proxy::Server>(&choice);
    if (!server)
        return noneWord;
    QUrl url;
    url.setScheme(server->kind == proxy::Server::Kind::Http ? httpScheme : socksScheme);
    url.setHost(server->host);
    url.setPort(server->port);
    url.setUserName(server->user, QUrl::DecodedMode);
    return url.toString(QUrl::FullyEncoded);
}

} // namespace rivulet
