// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/transport/systemproxies.h"

#include <QtCore/qmutex.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qthread.h>
#include <QtCore/qwaitcondition.h>

#include <memory>

namespace rivulet::test {

/// A system that is asked for proxies: it names one for each host, "proxy.of.<host>" unless told otherwise,
/// and stands still while it is blocked. What asks it may outlive it; it is not blocked then.
class ProxySystem
{
public:
    explicit ProxySystem(const QNetworkProxy &proxy = {}) { m_state->proxy = proxy; }
    ~ProxySystem() { unblock(); }
    Q_DISABLE_COPY_MOVE(ProxySystem)

    [[nodiscard]] ProxyLookup lookup() const
    {
        return [state = m_state](const QNetworkProxyQuery &query) {
            QMutexLocker lock(&state->mutex);
            state->urls.append(query.url().toString());
            state->askedHere = state->askedHere || QThread::currentThread() == state->home;
            while (state->isBlocked)
                state->unblocked.wait(&state->mutex);
            ++state->answered;
            const bool isGiven = state->proxy.type() != QNetworkProxy::DefaultProxy;
            return QList{isGiven ? state->proxy
                                 : QNetworkProxy(QNetworkProxy::HttpProxy,
                                                 QStringLiteral("proxy.of.") + query.url().host(), 3128)};
        };
    }

    void block()
    {
        const QMutexLocker lock(&m_state->mutex);
        m_state->isBlocked = true;
    }

    void unblock()
    {
        const QMutexLocker lock(&m_state->mutex);
        m_state->isBlocked = false;
        m_state->unblocked.wakeAll();
    }

    /// What it was asked for.
    [[nodiscard]] QStringList urls() const
    {
        const QMutexLocker lock(&m_state->mutex);
        return m_state->urls;
    }
    [[nodiscard]] int asked() const { return int(urls().size()); }
    [[nodiscard]] int answered() const
    {
        const QMutexLocker lock(&m_state->mutex);
        return m_state->answered;
    }
    /// Whether it was ever asked on the thread that made it.
    [[nodiscard]] bool askedHere() const
    {
        const QMutexLocker lock(&m_state->mutex);
        return m_state->askedHere;
    }

private:
    struct State
    {
        QMutex mutex;
        QWaitCondition unblocked;
        QNetworkProxy proxy;
        QStringList urls;
        QThread *home = QThread::currentThread();
        int answered = 0;
        bool isBlocked = false;
        bool askedHere = false;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace rivulet::test
