// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/turn/credentialsource.h"

#include <QtCore/qurl.h>

#include <functional>
#include <memory>

namespace rivulet {

class SecretStore;
class Transport;

/// Turns' keys from wherever their provider says: the store, the environment, a program, or a sign-in by
/// OAuth, whose refresh token and client secret are in the store. Every key that passes is made known to the
/// log, so that it is blotted out there. Made, used and destroyed on the engine thread.
///
/// Keys of programs and tokens are kept until they are refused, or are about to end.
class ProviderCredentials final : public CredentialSource
{
public:
    /// Shows an address in the user's own browser; called on the engine thread, returns at once.
    using OpenBrowser = std::function<void(const QUrl &url)>;

    /// `store` and `transport` outlive the object, and the store every turn. Without `openBrowser` nobody can
    /// sign in with a browser.
    ProviderCredentials(SecretStore &store, Transport &transport, OpenBrowser openBrowser);
    ~ProviderCredentials() override;

    /// Errors are those of KeyCommand::key() and OAuthSession::token().
    void key(const Provider &provider, QObject *context, Done done) override;

    /// Programs are run again, and tokens fetched; there is no other key in the store and the environment.
    [[nodiscard]] bool renew(const Provider &provider, const QByteArray &refused, QObject *context,
                             const Done &done) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
