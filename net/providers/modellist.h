// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/provider.h"
#include "net/wire/neterror.h"

#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>

#include <memory>

namespace rivulet {

class Transport;

/// Asks a server which models it offers: `GET {base}/models`. One thread: that of its transport. One
/// request at a time; starting again drops the one before.
class RIVULET_NET_EXPORT ModelList : public QObject
{
    Q_OBJECT

public:
    /// `transport` must outlive the object.
    explicit ModelList(Transport &transport, QObject *parent = nullptr);
    ~ModelList() override;

    /// Asks `provider`; `apiKey` may be empty. Ends in exactly one of the signals, never before it returns.
    void start(const Provider &provider, const QByteArray &apiKey);

    /// Drops the request; nothing is signalled. Safe when there is none.
    void cancel();

Q_SIGNALS:
    /// The ids of the models, sorted as the server sent them; empty where the server has none.
    void finished(const QStringList &models);
    /// There is no list: the server has none to give (InvalidRequest), the key is wrong (Auth), …
    void failed(const rivulet::NetError &error);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rivulet
