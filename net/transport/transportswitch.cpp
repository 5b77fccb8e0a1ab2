// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/transportswitch.h"

#include "net/transport/httptransport.h"
#include "net/transport/networkroute.h"
#include "net/transport/processtransport.h"
#include "net/transport/websockettransport.h"

#include <QtCore/qpointer.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace rivulet {

namespace {

// The same server and place, whatever the question in it is.
QUrl endpointOf(const QUrl &url)
{
    return url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment);
}

/// A call over a WebSocket that can become one over HTTP.
class FallbackCall final : public TransportCall
{
public:
    using Succeeded = std::function<void()>;
    using Open = std::function<TransportCall *(QObject *parent)>;

    FallbackCall(Open openHttp, Succeeded httpWorks, QObject *parent)
        : TransportCall(parent), m_openHttp(std::move(openHttp)), m_httpWorks(std::move(httpWorks))
    {}

    void startWith(TransportCall *webSocket)
    {
        m_call = webSocket;
        connect(m_call, &TransportCall::opened, this, [this] {
            m_openHttp = nullptr;
            Q_EMIT opened();
        });
        connect(m_call, &TransportCall::message, this, &TransportCall::message);
        connect(m_call, &TransportCall::finished, this, &TransportCall::finished);
        connect(m_call, &TransportCall::failed, this, [this](const NetError &error) {
            const bool refused = error.kind == NetError::Kind::Refused && error.status == 0;
            if (m_openHttp && !refused)
                fallBack();
            else
                Q_EMIT failed(error);
        });
    }

    void abort() override
    {
        m_openHttp = nullptr;
        if (m_call)
            m_call->abort();
    }

    void send(const ConnectionMessage &message) override
    {
        if (m_call)
            m_call->send(message);
    }

    void pause() override
    {
        m_paused = true;
        if (m_call)
            m_call->pause();
    }

    void resume() override
    {
        m_paused = false;
        if (m_call)
            m_call->resume();
    }

private:
    void fallBack()
    {
        m_call->disconnect(this);
        m_call->deleteLater();
        m_call = std::exchange(m_openHttp, nullptr)(this);
        connect(m_call, &TransportCall::head, this, [this](const ResponseHead &response) {
            if (response.status >= 200 && response.status < 300)
                m_httpWorks();
            Q_EMIT head(response);
        });
        connect(m_call, &TransportCall::bytes, this, &TransportCall::bytes);
        connect(m_call, &TransportCall::finished, this, &TransportCall::finished);
        connect(m_call, &TransportCall::failed, this, &TransportCall::failed);
        if (m_paused)
            m_call->pause();
    }

    QPointer<TransportCall> m_call;
    Open m_openHttp; ///< null once it is decided what carries the call
    Succeeded m_httpWorks;
    bool m_paused = false;
};

/// A call that fails because its transport is gone.
class OrphanedCall final : public TransportCall
{
public:
    explicit OrphanedCall(QObject *parent) : TransportCall(parent)
    {
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (!m_over)
                    Q_EMIT failed({.kind = NetError::Kind::Network});
            },
            Qt::QueuedConnection);
    }
    void abort() override { m_over = true; }
    void pause() override {}
    void resume() override {}

private:
    bool m_over = false;
};

/// A switch for each profile.
class ProfiledTransport final : public Transport
{
public:
    ProfiledTransport(ProgramConsent *consent, NetworkSecretSource *secrets)
        : m_consent(consent), m_secrets(secrets), m_proxies(std::make_shared<SystemProxies>())
    {}

    TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                        QObject *parent) override
    {
        return through({}).open(request, timeouts, parent);
    }

    void preconnect(const QUrl &url) override { through({}).preconnect(url); }

    Transport &through(const NetworkProfile &wanted) override
    {
        // Who chooses nothing shares the pool of all who do.
        const NetworkProfile profile = wanted.options == NetworkOptions() ? NetworkProfile() : wanted;
        const auto known = std::ranges::find(m_ways, profile, &Way::profile);
        if (known != m_ways.end())
            return *known->transport;
        const auto route = std::make_shared<NetworkRoute>(profile, m_proxies, m_secrets);
        // None is ended before its time: calls may still run. People change their settings now and then only.
        return *m_ways
                    .emplace_back(profile,
                                  std::make_unique<TransportSwitch>(
                                      std::make_unique<HttpTransport>(route),
                                      std::make_unique<WebSocketTransport>(WebSocketOptions(), route),
                                      std::make_unique<ProcessTransport>(m_consent)))
                    .transport;
    }

private:
    struct Way
    {
        NetworkProfile profile;
        std::unique_ptr<Transport> transport;
    };

    ProgramConsent *m_consent;
    NetworkSecretSource *m_secrets;
    std::shared_ptr<SystemProxies> m_proxies;
    std::vector<Way> m_ways;
};

} // namespace

TransportSwitch::TransportSwitch(std::unique_ptr<Transport> http, std::unique_ptr<Transport> webSockets,
                                 std::unique_ptr<Transport> programs, std::chrono::milliseconds opening)
    : m_http(std::move(http)), m_webSockets(std::move(webSockets)), m_programs(std::move(programs)),
      m_opening(opening), m_httpOnly(std::make_shared<QSet<QUrl>>())
{}

TransportSwitch::~TransportSwitch() = default;

TransportCall *TransportSwitch::open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                                     QObject *parent)
{
    if (std::holds_alternative<HttpRequest>(request))
        return m_http->open(request, timeouts, parent);
    if (std::holds_alternative<ProcessRequest>(request))
        return m_programs->open(request, timeouts, parent);
    const auto &webSocket = std::get<WebSocketRequest>(request);
    if (!webSocket.fallback)
        return m_webSockets->open(request, timeouts, parent);
    const QUrl endpoint = endpointOf(webSocket.url);
    if (m_httpOnly->contains(endpoint))
        return m_http->open(*webSocket.fallback, timeouts, parent);

    const std::weak_ptr<QSet<QUrl>> alive = m_httpOnly;
    auto *call = new FallbackCall(
        [this, alive, timeouts, fallback = *webSocket.fallback](QObject *owner) -> TransportCall * {
            if (alive.expired())
                return new OrphanedCall(owner);
            return m_http->open(fallback, timeouts, owner);
        },
        [alive, endpoint] {
            if (const auto httpOnly = alive.lock())
                httpOnly->insert(endpoint);
        },
        parent);
    TransportTimeouts first = timeouts;
    first.head = timeouts.head.count() > 0 ? std::min(timeouts.head, m_opening) : m_opening;
    call->startWith(m_webSockets->open(request, first, call));
    return call;
}

void TransportSwitch::preconnect(const QUrl &url)
{
    m_http->preconnect(url);
}

std::unique_ptr<Transport> makeTransport(ProgramConsent *consent, NetworkSecretSource *secrets)
{
    return std::make_unique<ProfiledTransport>(consent, secrets);
}

} // namespace rivulet
