// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/turn/credentialsource.h"

#include <QtCore/qurl.h>

#include <functional>
#include <memory>
#include <optional>

namespace rivulet {

class ProgramConsent;
class SecretStore;
class Transport;

/// Turns' keys from wherever their provider says: the store, the environment, a program, or a sign-in by
/// OAuth, whose refresh token and client secret are in the store. Every key that passes is made known to the
/// log, so that it is blotted out there. One thread: that of its transport.
///
/// Keys of programs and tokens are kept until they are refused, or are about to end.
class ProviderCredentials final : public CredentialSource
{
public:
    /// Shows an address in the user's own browser; called on the object's thread, returns at once.
    using OpenBrowser = std::function<void(const QUrl &url)>;
    /// Told why the server could not be told, if so.
    using SignedOut = std::function<void(const std::optional<NetError> &trouble)>;

    /// `store`, `transport` and `consent` outlive the object, and the store every turn. Without `openBrowser`
    /// nobody can sign in with a browser, and without `consent` no program runs.
    ProviderCredentials(SecretStore &store, Transport &transport, OpenBrowser openBrowser,
                        ProgramConsent *consent);
    ~ProviderCredentials() override;

    /// Errors are those of KeyCommand::key() and OAuthSession::token().
    void key(const Provider &provider, QObject *context, Done done) override;

    /// The key where it can be had without anybody's help: no program runs, for that may ask for its consent
    /// or a passphrase, and no browser opens. Errors are those of key(); ProgramNotAllowed for a program
    /// whose key is not known yet, and SignInNeeded where the user would have to sign in.
    void keyWithoutHelp(const Provider &provider, QObject *context, Done done);

    /// Forgets the tokens of the provider's sign-in, everywhere in this program; see OAuthSession::signOut().
    /// Does nothing where it has none.
    void signOut(const Provider &provider, QObject *context, SignedOut done);

    /// Programs are run again, and tokens fetched; there is no other key in the store and the environment.
    [[nodiscard]] bool renew(const Provider &provider, const QByteArray &refused, QObject *context,
                             const Done &done) override;

private:
    enum class Help { Welcome, None };
    void find(const Provider &provider, Help help, QObject *context, Done done);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
