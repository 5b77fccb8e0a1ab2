// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/redirectpage.h"
#include "net/wire/neterror.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qtcpserver.h>

#include <expected>

QT_FORWARD_DECLARE_CLASS(QTcpSocket)

namespace rivulet {

/// Waits on 127.0.0.1 for the one redirect that ends a sign-in with a browser (RFC 8252 7.3), on a port that
/// the system chose. Only a GET of the one path, addressed to this very address and with the right `state`,
/// is taken; everything else is told that there is nothing, and the wait goes on. One thread.
class RIVULET_NET_EXPORT LoopbackRedirect : public QObject
{
    Q_OBJECT

public:
    /// `state` is the word that the redirect has to bring back (RFC 6749 10.12). `parent` (may not be null)
    /// also owns connections that are still being answered when this is gone.
    LoopbackRedirect(QByteArray state, RedirectPage page, QObject *parent);
    ~LoopbackRedirect() override;

    /// Begins to wait; false where nothing can listen.
    [[nodiscard]] bool listen();

    /// Where the browser is to be sent back to; valid once it listens.
    [[nodiscard]] QUrl url() const;

Q_SIGNALS:
    /// The redirect came, with the code or with the server's error. Comes once; nothing is waited for then.
    void arrived(const std::expected<QByteArray, rivulet::NetError> &code);

private:
    void accept();
    void read(QTcpSocket *socket);
    void answer(QTcpSocket *socket, int status, const QString &sentence);

    QByteArray m_state;
    RedirectPage m_page;
    QTcpServer m_server;
    bool m_over = false;
};

} // namespace rivulet
