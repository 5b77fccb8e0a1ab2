// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/wire/neterror.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

#include <expected>
#include <variant>

namespace rivulet {

// Where a provider's key comes from. None of these holds a secret: they are kept in the settings as they are.
namespace credential {

/// The key that the user gave, out of the system's keychain.
struct Keychain
{
    friend bool operator==(const Keychain &, const Keychain &) = default;
};

/// The value of an environment variable of this program.
struct Environment
{
    QString variable; ///< its name

    friend bool operator==(const Environment &, const Environment &) = default;
};

/// The first line that a local program prints.
struct Command
{
    QString program; ///< absolute path; never run through a shell
    QStringList arguments{};

    friend bool operator==(const Command &, const Command &) = default;
};

/// An access token of OAuth 2.0 (RFC 6749), for public and confidential clients. Secrets (the client's and
/// the refresh token) are looked up by the provider's id.
struct OAuth
{
    enum class Grant {
        AuthorizationCodePkce, ///< the user signs in with a browser (RFC 6749 4.1, RFC 7636, RFC 8252)
        ClientCredentials,     ///< the program signs in for itself (RFC 6749 4.4)
    };

    Grant grant = Grant::AuthorizationCodePkce;
    QUrl authorizationUrl{}; ///< where the user signs in; not used by ClientCredentials
    QUrl tokenUrl{};         ///< where tokens are given out
    QUrl revocationUrl{}; ///< where they are withdrawn (RFC 7009); empty where the server has no such place
    QString clientId{};
    QStringList scopes{};
    QString audience{}; ///< for whom the token is, where the server asks for that; usually empty

    friend bool operator==(const OAuth &, const OAuth &) = default;
};

} // namespace credential

/// Where a provider's key comes from.
using Credential =
    std::variant<credential::Keychain, credential::Environment, credential::Command, credential::OAuth>;

/// A key, empty where there is none, or why it can not be had.
using KeyResult = std::expected<QByteArray, NetError>;

} // namespace rivulet
