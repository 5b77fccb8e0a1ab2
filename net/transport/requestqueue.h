// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/transport/transport.h"

#include <QtCore/qlist.h>
#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

#include <chrono>
#include <functional>

namespace rivulet {

/// Small requests whose answers say nothing but that they were taken: each is sent once the one before it
/// was, so that they arrive in order. Engine thread; deleted, it drops what waits and what is under way.
class RIVULET_NET_EXPORT RequestQueue final : public QObject
{
public:
    /// Hears of a request with a failing status, with as much of its body as limits::errorBody.
    using Refused = std::function<void(const ResponseHead &head, const QByteArray &body)>;
    /// Hears of a request that was not answered.
    using Broken = std::function<void(const NetError &error)>;

    /// `transport` outlives it. The listeners may delete the queue.
    RequestQueue(Transport &transport, QObject *parent, Refused refused = {}, Broken broken = {});

    /// Sends `request` when its turn comes; its head may take `limit`. Past limits::waitingRequests it is
    /// dropped.
    void send(const HttpRequest &request, std::chrono::milliseconds limit);

    /// Deletes it once everything was sent and answered.
    void deleteWhenDone();

private:
    struct Waiting
    {
        HttpRequest request;
        std::chrono::milliseconds limit;
    };

    void next();
    void answered(TransportCall *call, const ResponseHead &head);

    Transport &m_transport;
    Refused m_refused;
    Broken m_broken;
    QList<Waiting> m_waiting;
    QPointer<TransportCall> m_call;
    ResponseHead m_head;
    QByteArray m_body; ///< of a refusal
    bool m_isLast = false;
};

} // namespace rivulet
