// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/systemproxies.h"

#include "net/transport/lookupthreads.h"
#include "net/transport/requestrules.h"

#include <QtCore/qfuture.h>
#include <QtCore/qpromise.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// Long enough for a conversation, short enough for who carries the computer into another network.
constexpr auto lifetime = std::chrono::minutes(1);
constexpr qsizetype maxAnswers = 128;

} // namespace

QUrl serverOf(const QUrl &url)
{
    const QString scheme = url.scheme();
    const bool isSecure = scheme == "https"_L1 || scheme == "wss"_L1 || scheme == "preconnect-https"_L1;
    QUrl server;
    server.setScheme(isSecure ? u"https"_s : u"http"_s);
    server.setHost(url.host());
    server.setPort(url.port(isSecure ? 443 : 80));
    server.setPath(u"/"_s);
    return server;
}

SystemProxies::SystemProxies(ProxyLookup lookup, SteadyClock now)
    : m_lookup(std::move(lookup)), m_now(std::move(now))
{}

std::optional<QList<QNetworkProxy>> SystemProxies::known(const QUrl &url) const
{
    if (isLoopback(url))
        return QList{QNetworkProxy(QNetworkProxy::NoProxy)};
    const auto answer = m_answers.constFind(serverOf(url));
    if (answer == m_answers.cend() || answer->until <= m_now())
        return std::nullopt;
    return answer->proxies;
}

void SystemProxies::find(const QUrl &url, QObject *context,
                         std::function<void(const QList<QNetworkProxy> &)> done)
{
    const QUrl server = serverOf(url);
    const bool isAsked = m_waiting.contains(server);
    m_waiting[server].append({.context = context, .done = std::move(done)});
    if (isAsked)
        return;
    const auto promise = std::make_shared<QPromise<QList<QNetworkProxy>>>();
    promise->start();
    promise->future().then(&m_context,
                           [this, server](const QList<QNetworkProxy> &proxies) { take(server, proxies); });
    lookupThreads().start([lookup = m_lookup, server, promise] {
        promise->addResult(lookup(QNetworkProxyQuery(server)));
        promise->finish();
    });
}

void SystemProxies::take(const QUrl &server, const QList<QNetworkProxy> &proxies)
{
    const auto now = m_now();
    m_answers.removeIf([now](const auto &each) { return each.value().until <= now; });
    if (m_answers.size() >= maxAnswers) {
        m_answers.erase(std::ranges::min_element(m_answers, {}, &Answer::until));
    }
    const QList<QNetworkProxy> usable =
        proxies.isEmpty() ? QList{QNetworkProxy(QNetworkProxy::NoProxy)} : proxies;
    m_answers.insert(server, {.proxies = usable, .until = now + lifetime});
    for (const Waiter &waiter : m_waiting.take(server)) {
        if (waiter.context)
            waiter.done(usable);
    }
}

} // namespace rivulet
