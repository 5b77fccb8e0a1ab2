// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/transport/transport.h"

#include <QtCore/qset.h>
#include <QtCore/qurl.h>

#include <chrono>
#include <memory>

namespace rivulet {

class NetworkSecretSource;
class ProgramConsent;

/// Carries every kind of exchange, each by the transport for it.
///
/// A WebSocket that has a fallback and does not open, for whatever reason but a refusal of ours, is tried
/// over HTTP instead, within the same call: head() and bytes() come then, and send() says nothing. It waits
/// at most `opening` for the WebSocket. Where HTTP then answered with success, further calls to that
/// endpoint go over HTTP at once, as long as this object lives.
class RIVULET_NET_EXPORT TransportSwitch : public Transport
{
public:
    TransportSwitch(std::unique_ptr<Transport> http, std::unique_ptr<Transport> webSockets,
                    std::unique_ptr<Transport> programs,
                    std::chrono::milliseconds opening = std::chrono::seconds(4));
    ~TransportSwitch() override;

    TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                        QObject *parent) override;
    void preconnect(const QUrl &url) override;

private:
    std::unique_ptr<Transport> m_http;
    std::unique_ptr<Transport> m_webSockets;
    std::unique_ptr<Transport> m_programs;
    std::chrono::milliseconds m_opening;
    std::shared_ptr<QSet<QUrl>> m_httpOnly; ///< endpoints where sockets do not open; calls may outlive us
};

/// What the programs of app/ use: real HTTP, WebSockets and programs, and for each profile its own way into
/// the network. `consent` and `secrets` outlive it; without the one no program runs, without the other
/// proxies get no password and keys no passphrase.
[[nodiscard]] RIVULET_NET_EXPORT std::unique_ptr<Transport>
makeTransport(ProgramConsent *consent, NetworkSecretSource *secrets = nullptr);

} // namespace rivulet
