// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/networksettings.h"

#include "net/transport/requestrules.h"
#include "net/transport/tlsfiles.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qurl.h>

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

QString wordsFor(ProxyTextError error)
{
    switch (error) {
    case ProxyTextError::Port:
        return NetworkSettings::tr("The address needs a port from 1 to 65535, as in proxy.example:3128.");
    case ProxyTextError::Password:
        return NetworkSettings::tr("Leave the password out of the address; it has its own field.");
    case ProxyTextError::Malformed:
    case ProxyTextError::Scheme:
        break;
    }
    return NetworkSettings::tr("This is not an address. It looks like proxy.example:3128.");
}

/// What is wrong with a file whose content has that problem, in words.
QString wordsFor(const QString &path, const std::optional<NetError> &problem)
{
    const QFileInfo file(path);
    if (path.isEmpty())
        return {};
    if (!file.isAbsolute())
        return NetworkSettings::tr("Type the whole path of the file.");
    if (!file.isFile())
        return NetworkSettings::tr("There is no such file.");
    if (!file.isReadable())
        return NetworkSettings::tr("This file can not be read.");
    if (!problem)
        return {};
    return problem->code == transportcode::ClientKey
        ? NetworkSettings::tr("This file holds no private key in PEM form that can be read.")
        : NetworkSettings::tr("This file holds no certificate in PEM form.");
}

} // namespace

void NetworkSettings::show(const NetworkOptions &options)
{
    m_options = options;
    m_typed = options;
    m_address.clear();
    m_user.clear();
    m_mode = std::holds_alternative<proxy::None>(options.proxy) ? ProxyMode::None : ProxyMode::System;
    if (const auto *server = std::get_if<proxy::Server>(&options.proxy)) {
        m_mode = server->kind == proxy::Server::Kind::Http ? ProxyMode::Http : ProxyMode::Socks5;
        m_user = server->user;
        QUrl url;
        url.setHost(server->host);
        url.setPort(server->port);
        m_address = url.authority();
    }
    readProxy();
    readFiles();
    Q_EMIT changed();
}

void NetworkSettings::setProxyMode(ProxyMode mode)
{
    if (std::exchange(m_mode, mode) == mode)
        return;
    readProxy();
    Q_EMIT changed();
}

void NetworkSettings::setProxyAddress(const QString &address)
{
    if (std::exchange(m_address, address) == address)
        return;
    readProxy();
    Q_EMIT changed();
}

void NetworkSettings::setProxyUser(const QString &user)
{
    if (std::exchange(m_user, user) == user)
        return;
    readProxy();
    Q_EMIT changed();
}

void NetworkSettings::setCaFile(const QString &path)
{
    const QString trimmed = path.trimmed();
    if (std::exchange(m_typed.caFile, trimmed) == trimmed)
        return;
    readFiles();
    Q_EMIT changed();
}

void NetworkSettings::setCertificateFile(const QString &path)
{
    const QString trimmed = path.trimmed();
    if (std::exchange(m_typed.certificateFile, trimmed) == trimmed)
        return;
    readFiles();
    Q_EMIT changed();
}

void NetworkSettings::setKeyFile(const QString &path)
{
    const QString trimmed = path.trimmed();
    if (std::exchange(m_typed.keyFile, trimmed) == trimmed)
        return;
    readFiles();
    Q_EMIT changed();
}

void NetworkSettings::setHttp2(bool on)
{
    NetworkOptions options = m_options;
    options.http2 = on;
    take(options);
    Q_EMIT changed();
}

void NetworkSettings::setCookies(bool on)
{
    NetworkOptions options = m_options;
    options.cookies = on;
    take(options);
    Q_EMIT changed();
}

void NetworkSettings::readProxy()
{
    m_proxyProblem.clear();
    NetworkOptions options = m_options;
    if (m_mode == ProxyMode::System) {
        options.proxy = proxy::System();
    } else if (m_mode == ProxyMode::None) {
        options.proxy = proxy::None();
    } else {
        const QString typed = m_address.trimmed();
        const auto scheme = m_mode == ProxyMode::Http ? "http://"_L1 : "socks5://"_L1;
        const auto read = typed.isEmpty() || typed.contains("://"_L1)
            ? std::unexpected(ProxyTextError::Malformed)
            : proxyFrom(scheme + typed);
        if (!read) {
            m_proxyProblem = wordsFor(read.error());
            return;
        }
        auto server = std::get<proxy::Server>(*read);
        if (!m_user.trimmed().isEmpty())
            server.user = m_user.trimmed();
        options.proxy = server;
    }
    take(options);
}

void NetworkSettings::readFiles()
{
    const auto problemOf = [](const QString &ca, const QString &certificate, const QString &key) {
        return problemOfFiles({.caFile = ca, .certificateFile = certificate, .keyFile = key}, {});
    };
    const auto isOf = [](const std::optional<NetError> &problem, QLatin1StringView code) {
        return problem && problem->code == code;
    };
    NetworkOptions options = m_options;

    m_caProblem = wordsFor(m_typed.caFile, problemOf(m_typed.caFile, {}, {}));
    if (m_caProblem.isEmpty())
        options.caFile = m_typed.caFile;

    const auto pair = problemOf({}, m_typed.certificateFile, m_typed.keyFile);
    const bool isCertificate = !isOf(pair, transportcode::ClientCertificate);
    m_certificateProblem =
        wordsFor(m_typed.certificateFile, isCertificate ? std::nullopt : std::optional(pair));
    m_keyLocked = isOf(pair, transportcode::ClientKeyLocked);
    m_keyProblem = wordsFor(m_typed.keyFile, isOf(pair, transportcode::ClientKey) ? pair : std::nullopt);
    if (m_keyProblem.isEmpty() && isCertificate && !m_typed.certificateFile.isEmpty()
        && m_typed.keyFile.isEmpty())
        m_keyProblem = tr("A certificate needs the file with its private key.");
    // The two are of use together only.
    if (m_certificateProblem.isEmpty() && m_keyProblem.isEmpty()) {
        options.certificateFile = m_typed.certificateFile;
        options.keyFile = m_typed.keyFile;
    }
    take(options);
}

void NetworkSettings::take(const NetworkOptions &options)
{
    if (std::exchange(m_options, options) != options)
        Q_EMIT edited();
}

} // namespace rivulet
