// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/transport/networkroute.h"
#include "net/transport/transport.h"

#include <memory>

namespace rivulet {

/// HTTP over QNetworkAccessManager, with the cures for what that does behind one's back:
///
/// - A request with a body is sent once. Qt sends it again, silently, when the server closes before it
///   answers; a body that can not be rewound stops that.
/// - A redirect is never followed: it ends the call as Refused, with the place it pointed to.
/// - No cookies, no cache, no answer to a server's challenge and HTTP/1.1 only, unless its route says
/// otherwise.
/// - At most 256 KiB of a body wait unread; then the server is held back.
/// - Up to 255 connections to a host, so that a Stop never waits behind streams.
/// - Bodies come decoded: it asks for gzip, inflates it as the server flushes it and stops a bomb. Every
/// other
///   Content-Encoding is refused; Qt itself would hold a stream back to decode it.
/// - The system's proxies and files of certificates are asked for on other threads, before the request
/// begins;
///   Qt would let a system's script block this one. The limits of the call include that.
/// - Its limits count bytes that were delivered, so a server can not keep a call alive with noise.
///
/// What was refused before it was sent, or broke below HTTP, has a code of requestrules.h. A failing
/// status is no failure here: its head and body are signalled, and the dialect makes an error of them.
class RIVULET_NET_EXPORT HttpTransport : public Transport
{
public:
    /// Belongs to the thread that constructs it; opens and signals there.
    explicit HttpTransport(std::shared_ptr<NetworkRoute> route = NetworkRoute::plain());
    ~HttpTransport() override;

    TransportCall *open(const ExchangeRequest &request, const TransportTimeouts &timeouts,
                        QObject *parent) override;
    void preconnect(const QUrl &url) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
