// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/httpmessage.h"
#include "net/wire/neterror.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>

#include <chrono>

namespace rivulet {

/// How long a transport waits before it gives up. Zero means: without limit.
struct TransportTimeouts
{
    std::chrono::milliseconds head{30'000};  ///< from open() to the response head
    std::chrono::milliseconds idle{120'000}; ///< between two arrivals of bytes

    friend bool operator==(const TransportTimeouts &, const TransportTimeouts &) = default;
};

/// One request under way. Signals come on the thread that opened it, never from inside open() or
/// abort(). Exactly one of finished() and failed() ends it, unless it was aborted: then neither comes.
class RIVULET_NET_EXPORT TransportCall : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Ends the request now: the socket is closed, nothing more is signalled. Safe to call twice and
    /// after the end.
    virtual void abort() = 0;

    /// Stops taking bytes, so that the server feels the back-pressure; resume() goes on.
    virtual void pause() = 0;
    virtual void resume() = 0;

Q_SIGNALS:
    /// Status and headers are there. Comes once, before any bytes.
    void head(const rivulet::ResponseHead &head);
    /// The next piece of the decoded body, never empty.
    void bytes(const QByteArray &bytes);
    /// The body ended as far as HTTP can tell. That is not yet a complete answer.
    void finished();
    /// The exchange broke. What was signalled before stays valid.
    void failed(const rivulet::NetError &error);
};

/// Opens requests. Lives on the engine thread; implementations are chosen in app/ and in tests.
class RIVULET_NET_EXPORT Transport
{
public:
    virtual ~Transport() = default;

    /// Sends `request` exactly once. The caller owns the call through `parent`, and connects to its
    /// signals before control returns to the event loop.
    [[nodiscard]] virtual TransportCall *open(const HttpRequest &request, const TransportTimeouts &timeouts,
                                              QObject *parent) = 0;
};

} // namespace rivulet
