// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/networkroute.h"

#include "net/transport/lookupthreads.h"
#include "net/transport/requestrules.h"
#include "net/transport/stickycookies.h"
#include "net/transport/tlsfiles.h"

#include <QtCore/qfuture.h>
#include <QtCore/qpointer.h>
#include <QtCore/qpromise.h>

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr auto preconnectPause = std::chrono::seconds(10);

// What was read from the files, or that they are as they were.
struct ReadFiles
{
    QByteArray stamp;
    std::optional<std::expected<QSslConfiguration, NetError>> tls;
};

bool isSecure(const QUrl &url)
{
    return url.scheme() == "https"_L1 || url.scheme() == "wss"_L1;
}

bool hasFiles(const NetworkOptions &options)
{
    return !options.caFile.isEmpty() || !options.certificateFile.isEmpty();
}

bool hasProxyUser(const NetworkOptions &options)
{
    const auto *server = std::get_if<proxy::Server>(&options.proxy);
    return server && !server->user.isEmpty();
}

} // namespace

struct NetworkRoute::Preparation
{
    QUrl url;
    QPointer<QObject> context;
    Done done;
    NetworkSecrets secrets{};
    Departure departure{};
};

NetworkRoute::NetworkRoute(NetworkProfile profile, std::shared_ptr<SystemProxies> proxies,
                           NetworkSecretSource *secrets, SteadyClock now)
    : m_profile(std::move(profile)), m_proxies(std::move(proxies)), m_secrets(secrets), m_now(std::move(now))
{
    if (m_profile.options.cookies)
        m_cookies = std::make_unique<StickyCookies>();
}

NetworkRoute::~NetworkRoute() = default;

std::shared_ptr<NetworkRoute> NetworkRoute::plain()
{
    return std::make_shared<NetworkRoute>(NetworkProfile(), std::make_shared<SystemProxies>());
}

void NetworkRoute::prepare(const QUrl &url, QObject *context, Done done)
{
    const auto preparation =
        std::make_shared<Preparation>(Preparation{.url = url, .context = context, .done = std::move(done)});
    const bool needsKey = isSecure(url) && !options().keyFile.isEmpty();
    const bool needsPassword = hasProxyUser(options()) && !isLoopback(url);
    if (!m_secrets || !(needsKey || needsPassword)) {
        readFiles(preparation);
        return;
    }
    m_secrets->load(m_profile, context,
                    [self = shared_from_this(), preparation](const NetworkSecrets &secrets) {
                        preparation->secrets = secrets;
                        self->readFiles(preparation);
                    });
}

void NetworkRoute::readFiles(const std::shared_ptr<Preparation> &preparation)
{
    if (!isSecure(preparation->url) || !hasFiles(options())) {
        preparation->departure.tls = plainTls();
        preparation->departure.tlsVersion = m_tlsVersion;
        findProxies(preparation);
        return;
    }
    const auto promise = std::make_shared<QPromise<ReadFiles>>();
    promise->start();
    promise->future().then(preparation->context,
                           [self = shared_from_this(), preparation](const ReadFiles &read) {
                               if (read.tls && !*read.tls) {
                                   preparation->done(std::unexpected(read.tls->error()));
                                   return;
                               }
                               if (read.tls) {
                                   self->m_tls = **read.tls;
                                   self->m_tlsStamp = read.stamp;
                                   ++self->m_tlsVersion;
                               }
                               preparation->departure.tls = *self->m_tls;
                               preparation->departure.tlsVersion = self->m_tlsVersion;
                               self->findProxies(preparation);
                           });
    lookupThreads().start([promise, options = options(), passphrase = preparation->secrets.keyPassphrase,
                           before = m_tls ? m_tlsStamp : QByteArray()] {
        ReadFiles read{.stamp = stampOf(options) + passphrase, .tls = {}};
        if (read.stamp != before)
            read.tls = tlsFor(options, passphrase);
        promise->addResult(std::move(read));
        promise->finish();
    });
}

void NetworkRoute::findProxies(const std::shared_ptr<Preparation> &preparation)
{
    Departure &departure = preparation->departure;
    const bool asksSystem = std::holds_alternative<proxy::System>(options().proxy);
    if (!asksSystem) {
        departure.proxies = {isLoopback(preparation->url) ? QNetworkProxy(QNetworkProxy::NoProxy)
                                                          : chosenProxy(preparation->secrets)};
    } else if (const auto known = m_proxies->known(preparation->url)) {
        departure.proxies = *known;
    } else {
        m_proxies->find(preparation->url, preparation->context,
                        [preparation, proxies = m_proxies](const QList<QNetworkProxy> &found) {
                            preparation->departure.proxies = found;
                            preparation->done(preparation->departure);
                        });
        return;
    }
    preparation->done(departure);
}

QNetworkProxy NetworkRoute::chosenProxy(const NetworkSecrets &secrets) const
{
    const auto *server = std::get_if<proxy::Server>(&options().proxy);
    if (!server)
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const auto type =
        server->kind == proxy::Server::Kind::Http ? QNetworkProxy::HttpProxy : QNetworkProxy::Socks5Proxy;
    return QNetworkProxy(type, server->host, server->port, server->user,
                         QString::fromUtf8(secrets.proxyPassword));
}

bool NetworkRoute::admitsPreconnect(const QUrl &url)
{
    const auto now = m_now();
    m_preconnected.removeIf([now](const auto &each) { return each.value() + preconnectPause <= now; });
    const QUrl server = serverOf(url);
    if (m_preconnected.contains(server))
        return false;
    m_preconnected.insert(server, now);
    return true;
}

} // namespace rivulet
