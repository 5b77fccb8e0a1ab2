// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/networkoptions.h"

#include <QtCore/qobject.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet {

/// How a server's traffic leaves this computer, under the user's hands. What is valid is taken at once; what
/// is not is shown with what is wrong with it, and the last good value stays. GUI thread.
class NetworkSettings : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(ProxyMode proxyMode READ proxyMode WRITE setProxyMode NOTIFY changed FINAL)
    Q_PROPERTY(QString proxyAddress READ proxyAddress WRITE setProxyAddress NOTIFY changed FINAL)
    Q_PROPERTY(QString proxyUser READ proxyUser WRITE setProxyUser NOTIFY changed FINAL)
    Q_PROPERTY(QString proxyProblem READ proxyProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString caFile READ caFile WRITE setCaFile NOTIFY changed FINAL)
    Q_PROPERTY(QString caProblem READ caProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString certificateFile READ certificateFile WRITE setCertificateFile NOTIFY changed FINAL)
    Q_PROPERTY(QString certificateProblem READ certificateProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString keyFile READ keyFile WRITE setKeyFile NOTIFY changed FINAL)
    Q_PROPERTY(QString keyProblem READ keyProblem NOTIFY changed FINAL)
    Q_PROPERTY(bool keyLocked READ isKeyLocked NOTIFY changed FINAL)
    Q_PROPERTY(bool http2 READ http2 WRITE setHttp2 NOTIFY changed FINAL)
    Q_PROPERTY(bool cookies READ cookies WRITE setCookies NOTIFY changed FINAL)
    Q_PROPERTY(bool plain READ isPlain NOTIFY changed FINAL)

public:
    enum class ProxyMode { System, None, Http, Socks5 };
    Q_ENUM(ProxyMode)

    using QObject::QObject;

    void show(const NetworkOptions &options);
    [[nodiscard]] const NetworkOptions &options() const { return m_options; }

    [[nodiscard]] ProxyMode proxyMode() const { return m_mode; }
    void setProxyMode(ProxyMode mode);
    /// Host and port of the proxy as they were typed.
    [[nodiscard]] QString proxyAddress() const { return m_address; }
    void setProxyAddress(const QString &address);
    [[nodiscard]] QString proxyUser() const { return m_user; }
    void setProxyUser(const QString &user);
    /// What is wrong with the address, in words; empty while nothing is. So with the other problems.
    [[nodiscard]] QString proxyProblem() const { return m_proxyProblem; }

    /// The paths as they were typed.
    [[nodiscard]] QString caFile() const { return m_typed.caFile; }
    void setCaFile(const QString &path);
    [[nodiscard]] QString caProblem() const { return m_caProblem; }
    [[nodiscard]] QString certificateFile() const { return m_typed.certificateFile; }
    void setCertificateFile(const QString &path);
    [[nodiscard]] QString certificateProblem() const { return m_certificateProblem; }
    [[nodiscard]] QString keyFile() const { return m_typed.keyFile; }
    void setKeyFile(const QString &path);
    [[nodiscard]] QString keyProblem() const { return m_keyProblem; }
    /// The key file needs a passphrase.
    [[nodiscard]] bool isKeyLocked() const { return m_keyLocked; }

    [[nodiscard]] bool http2() const { return m_options.http2; }
    void setHttp2(bool on);
    [[nodiscard]] bool cookies() const { return m_options.cookies; }
    void setCookies(bool on);

    /// Nothing is chosen: everything has its default.
    [[nodiscard]] bool isPlain() const { return m_options == NetworkOptions(); }

Q_SIGNALS:
    /// Something that is shown has changed.
    void changed();
    /// The user has changed options().
    void edited();

private:
    void readProxy();
    void readFiles();
    void take(const NetworkOptions &options);

    NetworkOptions m_options; ///< what is valid
    NetworkOptions m_typed;   ///< whose files are as they were typed
    ProxyMode m_mode = ProxyMode::System;
    QString m_address;
    QString m_user;
    QString m_proxyProblem;
    QString m_caProblem;
    QString m_certificateProblem;
    QString m_keyProblem;
    bool m_keyLocked = false;
};

} // namespace rivulet
