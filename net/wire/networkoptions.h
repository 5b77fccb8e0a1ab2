// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a provider's traffic leaves this computer, as values. Any thread.

#include "net/export.h"

#include <QtCore/qstring.h>
#include <QtCore/qtypes.h>

#include <expected>
#include <variant>

namespace rivulet {

namespace proxy {

/// What the system says, its script included; never for this computer itself.
struct System
{
    friend bool operator==(const System &, const System &) = default;
};

/// No proxy, whatever the system says.
struct None
{
    friend bool operator==(const None &, const None &) = default;
};

/// This one for every server but this computer itself. Its password is a secret, and is looked up.
struct Server
{
    enum class Kind { Http, Socks5 };
    Kind kind = Kind::Http;
    QString host{};
    quint16 port = 0;
    QString user{}; ///< empty for a proxy that asks nobody who he is

    friend bool operator==(const Server &, const Server &) = default;
};

} // namespace proxy

using ProxyChoice = std::variant<proxy::System, proxy::None, proxy::Server>;

/// Why a text names no proxy.
enum class ProxyTextError {
    Malformed, ///< nothing that can be read as an address
    Scheme,    ///< neither http:// nor socks5://
    Port,      ///< no port from 1 to 65535
    Password,  ///< it holds a password, which has its own place
};

/// Reads "system", "none", or a proxy such as "http://user@host:3128" and "socks5://host:1080".
[[nodiscard]] RIVULET_NET_EXPORT std::expected<ProxyChoice, ProxyTextError> proxyFrom(const QString &text);

/// What proxyFrom() reads the same choice from.
[[nodiscard]] RIVULET_NET_EXPORT QString toText(const ProxyChoice &choice);

/// How the traffic of one provider leaves this computer. Holds no secret: the proxy's password and the key
/// file's passphrase are looked up when they are needed. TLS is 1.2 at least, whatever is chosen.
struct NetworkOptions
{
    ProxyChoice proxy{};
    QString caFile{};          ///< PEM: authorities that are trusted besides the system's; empty for none
    QString certificateFile{}; ///< PEM: our own certificate and what follows it in its chain; empty for none
    QString keyFile{};         ///< PEM: the certificate's private key
    bool http2 = false;        ///< HTTP/2 where the server speaks it, over TLS
    bool cookies = false;      ///< the server's cookies are sent back to it, as long as the program runs

    friend bool operator==(const NetworkOptions &, const NetworkOptions &) = default;
};

/// Whose traffic it is, and how it leaves.
struct NetworkProfile
{
    QString owner{}; ///< the provider's id: its cookies and secrets are for nobody else
    NetworkOptions options{};

    friend bool operator==(const NetworkProfile &, const NetworkProfile &) = default;
};

} // namespace rivulet
