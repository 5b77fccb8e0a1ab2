// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/providers/credential.h"
#include "net/providers/oauth.h"
#include "net/providers/redirectpage.h"

#include <QtCore/qobject.h>

#include <chrono>
#include <functional>
#include <memory>

namespace rivulet {

class Transport;

/// The secrets of a sign-in. A session asks for them when it needs them: app/ keeps them where keys are kept.
struct OAuthSecrets
{
    QByteArray clientSecret; ///< empty for a public client
    QByteArray refreshToken; ///< empty before the first sign-in
};

/// Where the secrets of one provider's sign-in are kept.
class RIVULET_NET_EXPORT OAuthSecretStore
{
public:
    virtual ~OAuthSecretStore() = default;

    /// Looks the secrets up. `done` is called once, on the calling thread, not at all once `context` is gone.
    virtual void load(QObject *context, std::function<void(const OAuthSecrets &secrets)> done) = 0;

    /// Keeps the refresh token, whatever was kept before. A load() that follows has it.
    virtual void keep(const QByteArray &refreshToken) = 0;

    /// Keeps `next` in place of `before`, or nothing where it is empty. Does so only while it is `before`
    /// that is kept: another session may have been faster, and the user may have signed out meanwhile.
    virtual void replace(const QByteArray &before, const QByteArray &next) = 0;
};

/// What an OAuthSession takes from around it, so that a test can have its own.
struct OAuthSurroundings
{
    /// The time of day: a clock that stands still while the computer sleeps would keep tokens for too long.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
    RandomBytes random = systemRandomBytes;
    /// Shows an address in the user's own browser; called on the session's thread, returns at once. Null
    /// where there is none: then nobody can sign in with it.
    std::function<void(const QUrl &url)> openBrowser{};
    RedirectPage page{};
    std::chrono::milliseconds signInLimit = std::chrono::minutes(5);
};

/// The access tokens of one provider for one origin. It fetches one when it is asked for, for all who wait
/// then: it uses the one it has until a minute before its end, else spends the refresh token, else lets the
/// client or the user sign in by the grant of its settings. Another session may share its secrets: where that
/// one has spent the refresh token, this one goes on with the one that is kept by then. Tokens are in no log,
/// signal or error.
///
/// The user signs in with their own browser, which comes back to a LoopbackRedirect. One thread: that of its
/// transport.
class RIVULET_NET_EXPORT OAuthSession : public QObject
{
    Q_OBJECT

public:
    /// `transport` and `secrets` outlive the object.
    OAuthSession(credential::OAuth settings, Transport &transport, OAuthSecretStore &secrets,
                 OAuthSurroundings surroundings = {}, QObject *parent = nullptr);
    ~OAuthSession() override;

    /// Gets a token that is good now. `done` is called once, later, on the calling thread; not at all once
    /// `context` is gone. Errors: Refused for settings that are not used (see refusalOf()) and where nothing
    /// can listen for the browser; Auth where the server or the user said no, with the code SignInNeeded
    /// without a browser; Timeout for a sign-in that took too long; Protocol for an answer that makes no
    /// sense; and those of the transport.
    void token(QObject *context, std::function<void(const KeyResult &token)> done);

    /// The same without the user's help: no browser opens for this one, and where that would have to, the
    /// error is SignInNeeded. Where others wait for a sign-in already, this one waits with them.
    void tokenWithoutSignIn(QObject *context, std::function<void(const KeyResult &token)> done);

    /// Forgets the token, where it is still this one: the server did not accept it.
    void drop(const QByteArray &token);

    /// Forgets the token, whichever it is: the user signed out elsewhere.
    void drop();

    /// Signs the user out: forgets the tokens, and asks the server to withdraw them where the settings name a
    /// place for that. Whoever waits for a token gets SignedOut. `done` is called once, later, on the
    /// calling thread, when they are forgotten here and the server has answered, with why it could not be
    /// told, if so; not at all once `context` is gone.
    void signOut(QObject *context, std::function<void(const std::optional<NetError> &trouble)> done);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace rivulet
