// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"

#include <QtCore/qhash.h>
#include <QtCore/qlist.h>
#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qnetworkproxy.h>

#include <chrono>
#include <functional>
#include <optional>

namespace rivulet {

/// Asks the system for the proxies of a query. It may take as long as the system's own script takes; it is
/// called on a thread that may wait.
using ProxyLookup = std::function<QList<QNetworkProxy>(const QNetworkProxyQuery &query)>;

/// Tells the time; a test brings its own.
using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

/// The system's proxies for the world, none for this computer. The system is asked on other threads, once for
/// all who ask for the same server meanwhile; what it said holds for a minute. One thread, that which asks.
class RIVULET_NET_EXPORT SystemProxies
{
public:
    explicit SystemProxies(ProxyLookup lookup = &QNetworkProxyFactory::systemProxyForQuery,
                           SteadyClock now = &std::chrono::steady_clock::now);

    /// The proxies for `url`, best first and never empty, where nobody has to be asked for them.
    [[nodiscard]] std::optional<QList<QNetworkProxy>> known(const QUrl &url) const;

    /// Asks for them. `done` is called once, later, on the calling thread; not at all once `context` is gone,
    /// nor when this object is.
    void find(const QUrl &url, QObject *context,
              std::function<void(const QList<QNetworkProxy> &proxies)> done);

private:
    struct Answer
    {
        QList<QNetworkProxy> proxies;
        std::chrono::steady_clock::time_point until;
    };
    struct Waiter
    {
        QPointer<QObject> context;
        std::function<void(const QList<QNetworkProxy> &)> done;
    };

    void take(const QUrl &server, const QList<QNetworkProxy> &proxies);

    ProxyLookup m_lookup;
    SteadyClock m_now;
    QHash<QUrl, Answer> m_answers;
    QHash<QUrl, QList<Waiter>> m_waiting; ///< by the server that is being asked for
    QObject m_context;                    ///< ends the waiting with this object
};

/// The server of `url` as proxies are asked for it: a web page's URL without anything but scheme, host and
/// port. What a page's path tells is nothing that a system's script has to know.
[[nodiscard]] RIVULET_NET_EXPORT QUrl serverOf(const QUrl &url);

} // namespace rivulet
