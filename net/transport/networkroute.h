// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/transport/systemproxies.h"
#include "net/wire/neterror.h"
#include "net/wire/networkoptions.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qhash.h>
#include <QtNetwork/qnetworkproxy.h>
#include <QtNetwork/qsslconfiguration.h>

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>

namespace rivulet {

class StickyCookies;

/// The secrets of a profile; each is empty where there is none.
struct NetworkSecrets
{
    QByteArray proxyPassword{};
    QByteArray keyPassphrase{};
};

/// Where the secrets of profiles are kept.
class RIVULET_NET_EXPORT NetworkSecretSource
{
public:
    virtual ~NetworkSecretSource() = default;

    /// Looks them up. `done` is called once, later, on the calling thread; not at all once `context` is gone.
    virtual void load(const NetworkProfile &profile, QObject *context,
                      std::function<void(const NetworkSecrets &secrets)> done) = 0;
};

/// What one call needs to leave this computer.
struct Departure
{
    QList<QNetworkProxy> proxies; ///< best first, never empty
    QSslConfiguration tls;        ///< of an https or wss URL
    int tlsVersion = 0;           ///< another one where the files of certificates have changed since
};

/// The way into the network for one profile: finds out proxies, TLS and secrets before a call begins, without
/// blocking, and keeps the profile's cookies. Its transports share it. One thread.
class RIVULET_NET_EXPORT NetworkRoute : public std::enable_shared_from_this<NetworkRoute>
{
public:
    using Done = std::function<void(const std::expected<Departure, NetError> &departure)>;

    /// `proxies` may be shared with other routes of this thread. `secrets` may be null: then there are none;
    /// else it outlives the route.
    NetworkRoute(NetworkProfile profile, std::shared_ptr<SystemProxies> proxies,
                 NetworkSecretSource *secrets = nullptr, SteadyClock now = &std::chrono::steady_clock::now);
    ~NetworkRoute();

    /// The route of a profile that chooses nothing.
    [[nodiscard]] static std::shared_ptr<NetworkRoute> plain();

    [[nodiscard]] const NetworkOptions &options() const { return m_profile.options; }

    /// Finds out what a call to `url` needs. `done` is called once on the calling thread, before this returns
    /// where nobody has to be asked; not at all once `context` is gone. Errors are those of tlsFor().
    void prepare(const QUrl &url, QObject *context, Done done);

    /// The profile's cookies; null where it keeps none.
    [[nodiscard]] StickyCookies *cookies() const { return m_cookies.get(); }

    /// Whether a connection is to be opened ahead of a request: not again for the same server within a few
    /// seconds.
    [[nodiscard]] bool admitsPreconnect(const QUrl &url);

private:
    struct Preparation;

    void readFiles(const std::shared_ptr<Preparation> &preparation);
    void findProxies(const std::shared_ptr<Preparation> &preparation);
    [[nodiscard]] QNetworkProxy chosenProxy(const NetworkSecrets &secrets) const;

    NetworkProfile m_profile;
    std::shared_ptr<SystemProxies> m_proxies;
    NetworkSecretSource *m_secrets = nullptr;
    SteadyClock m_now;
    std::unique_ptr<StickyCookies> m_cookies;
    std::optional<QSslConfiguration> m_tls; ///< of the files as they were at m_tlsStamp
    QByteArray m_tlsStamp;
    int m_tlsVersion = 0;
    QHash<QUrl, std::chrono::steady_clock::time_point> m_preconnected;
};

} // namespace rivulet
