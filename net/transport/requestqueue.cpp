// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/requestqueue.h"

#include "net/framing/limits.h"

#include <QtCore/qtimer.h>

#include <algorithm>
#include <utility>

namespace rivulet {

namespace {

// The body of an answer that was a yes is nothing to wait for, but its end keeps the connection usable.
constexpr auto lingerTime = std::chrono::seconds(2);

} // namespace

RequestQueue::RequestQueue(Transport &transport, QObject *parent, Refused refused, Broken broken)
    : QObject(parent), m_transport(transport), m_refused(std::move(refused)), m_broken(std::move(broken))
{}

void RequestQueue::send(const HttpRequest &request, std::chrono::milliseconds limit)
{
    if (m_waiting.size() >= limits::waitingRequests)
        return;
    m_waiting.append({.request = request, .limit = limit});
    if (!m_call)
        next();
}

void RequestQueue::deleteWhenDone()
{
    m_isLast = true;
    if (!m_call)
        next();
}

void RequestQueue::next()
{
    if (m_waiting.isEmpty()) {
        if (m_isLast)
            deleteLater();
        return;
    }
    const Waiting first = m_waiting.takeFirst();
    m_head = {};
    m_body.clear();
    TransportCall *call = m_transport.open(first.request, {.head = first.limit, .idle = first.limit}, this);
    m_call = call;
    connect(call, &TransportCall::head, this,
            [this, call](const ResponseHead &head) { answered(call, head); });
    connect(call, &TransportCall::bytes, this, [this](const QByteArray &bytes) {
        const qsizetype room = static_cast<qsizetype>(limits::errorBody) - m_body.size();
        m_body += bytes.first(std::min(room, bytes.size()));
    });
    const auto over = [this, call](const auto &tell) {
        m_call.clear();
        call->disconnect(this);
        // Whoever hears of it may delete the queue.
        call->setParent(nullptr);
        call->deleteLater();
        const QPointer self(this);
        tell();
        if (self)
            next();
    };
    connect(call, &TransportCall::finished, this, [this, over] {
        over([refused = m_refused, head = m_head, body = m_body] {
            if (refused)
                refused(head, body);
        });
    });
    connect(call, &TransportCall::failed, this, [this, over](const NetError &error) {
        over([broken = m_broken, &error] {
            if (broken)
                broken(error);
        });
    });
}

void RequestQueue::answered(TransportCall *call, const ResponseHead &head)
{
    m_head = head;
    if (head.status < 200 || head.status > 299)
        return;
    m_call.clear();
    call->disconnect(this);
    // The queue may be gone before the body is.
    call->setParent(parent() ? parent() : this);
    connect(call, &TransportCall::finished, call, &QObject::deleteLater);
    connect(call, &TransportCall::failed, call, &QObject::deleteLater);
    QTimer::singleShot(lingerTime, call, [call] {
        call->abort();
        call->deleteLater();
    });
    next();
}

} // namespace rivulet
