// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/oauthsession.h"

#include "net/providers/fetch.h"
#include "net/providers/keywaiters.h"
#include "net/providers/loopbackredirect.h"

#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>

#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// A token has to be good still when the request arrives, by the server's clock.
constexpr auto margin = std::chrono::seconds(60);

constexpr TransportTimeouts tokenTimeouts{.head = std::chrono::seconds(30), .idle = std::chrono::seconds(30)};

using Grant = credential::OAuth::Grant;

NetError signInNeeded()
{
    return {.kind = NetError::Kind::Auth,
            .code = oauthcode::SignInNeeded,
            .message = u"The user has to sign in with a browser"_s};
}

NetError signedOut()
{
    return {.kind = NetError::Kind::Auth,
            .code = oauthcode::SignedOut,
            .message = u"The user signed out meanwhile"_s};
}

// Servers may repeat what they were sent in their complaint, and complaints are kept and shown.
NetError without(NetError error, const OAuthSecrets &secrets, const TokenGrant &grant)
{
    const auto *code = std::get_if<AuthorizationCode>(&grant);
    for (const QByteArray &secret :
         {secrets.clientSecret, secrets.refreshToken, code ? code->code : QByteArray(),
          code ? code->verifier : QByteArray()}) {
        if (!secret.isEmpty())
            error.message.replace(QString::fromUtf8(secret), u"[redacted]"_s);
    }
    return error;
}

} // namespace

struct OAuthSession::Private
{
    OAuthSession *q;
    credential::OAuth settings;
    Transport &transport;
    OAuthSecretStore &store;
    OAuthSurroundings surroundings;

    QByteArray token{};
    std::optional<std::chrono::system_clock::time_point> expiry{}; ///< empty: until it is refused
    KeyWaiters waiters{};
    KeyWaiters bystanders{}; ///< for whom no browser opens
    bool busy = false;
    std::unique_ptr<QObject> pursuit{}; ///< of a token, until it is known how that ended; without it, it ends
    LoopbackRedirect *redirect = nullptr; ///< while the user signs in
    QUrl signInUrl{};
    QTimer signInTime{};

    [[nodiscard]] bool isFresh() const
    {
        return !token.isEmpty() && (!expiry || surroundings.now() < *expiry - margin);
    }

    void wake();
    void pursue();
    void begin();
    void fetchToken(const OAuthSecrets &secrets, const TokenGrant &grant);
    void take(const std::expected<OAuthTokens, NetError> &tokens, const OAuthSecrets &secrets,
              const TokenGrant &grant);
    void refreshAgain(const OAuthSecrets &refused);
    void signIn(const OAuthSecrets &secrets);
    void grantAnew(const OAuthSecrets &secrets);
    void endSignIn();
    void settle(const KeyResult &result);
};

OAuthSession::OAuthSession(credential::OAuth settings, Transport &transport, OAuthSecretStore &secrets,
                           OAuthSurroundings surroundings, QObject *parent)
    : QObject(parent), d(new Private{.q = this,
                                     .settings = std::move(settings),
                                     .transport = transport,
                                     .store = secrets,
                                     .surroundings = std::move(surroundings)})
{
    d->signInTime.setSingleShot(true);
    connect(&d->signInTime, &QTimer::timeout, this, [this] {
        d->endSignIn();
        d->settle(std::unexpected(NetError{.kind = NetError::Kind::Timeout,
                                           .code = oauthcode::SignInTimedOut,
                                           .message = u"Nobody signed in with the browser in time"_s}));
    });
}

OAuthSession::~OAuthSession() = default;

void OAuthSession::token(QObject *context, std::function<void(const KeyResult &)> done)
{
    // Whoever asked for the page is gone, and it may be closed since: the new one has to see it too.
    const bool showAgain = d->redirect && !d->waiters.anybody();
    d->waiters.add(context, std::move(done));
    if (showAgain)
        d->surroundings.openBrowser(d->signInUrl);
    d->wake();
}

void OAuthSession::tokenWithoutSignIn(QObject *context, std::function<void(const KeyResult &)> done)
{
    d->bystanders.add(context, std::move(done));
    d->wake();
}

void OAuthSession::drop(const QByteArray &token)
{
    if (d->token == token)
        d->token.clear();
}

void OAuthSession::drop()
{
    d->token.clear();
}

void OAuthSession::signOut(QObject *context, std::function<void(const std::optional<NetError> &)> done)
{
    d->token.clear();
    if (d->pursuit) {
        d->pursuit.reset();
        if (d->redirect)
            d->endSignIn();
        d->settle(std::unexpected(signedOut()));
    }
    const auto tell = [guard = QPointer(context), tell = std::move(done)](const auto &trouble) {
        if (guard)
            tell(trouble);
    };
    d->store.load(this, [this, tell](const OAuthSecrets &secrets) {
        const auto request = revocationRequest(d->settings, secrets.clientSecret, secrets.refreshToken);
        if (request && !secrets.refreshToken.isEmpty() && !refusalOf(d->settings)) {
            fetch(d->transport, *request, tokenTimeouts, this, [tell, secrets](const auto &answer) {
                std::optional<NetError> trouble = answer.has_value()
                    ? revocationRefusal(answer->head, answer->body)
                    : std::optional(answer.error());
                if (trouble)
                    trouble = without(*trouble, secrets, RefreshToken{secrets.refreshToken});
                tell(trouble);
            });
        } else {
            tell(std::optional<NetError>());
        }
        // Also where there is none: whoever else has a token of this sign-in learns of it from the store.
        d->store.replace(secrets.refreshToken, {});
    });
}

void OAuthSession::Private::wake()
{
    if (!std::exchange(busy, true))
        pursue();
}

void OAuthSession::Private::pursue()
{
    pursuit = std::make_unique<QObject>();
    QMetaObject::invokeMethod(pursuit.get(), [this] { begin(); }, Qt::QueuedConnection);
}

void OAuthSession::Private::begin()
{
    if (isFresh())
        return settle(token);
    if (const auto refusal = refusalOf(settings))
        return settle(std::unexpected(*refusal));
    store.load(pursuit.get(), [this](const OAuthSecrets &secrets) {
        if (!secrets.refreshToken.isEmpty() && settings.grant == Grant::AuthorizationCodePkce)
            fetchToken(secrets, RefreshToken{secrets.refreshToken});
        else
            grantAnew(secrets);
    });
}

void OAuthSession::Private::grantAnew(const OAuthSecrets &secrets)
{
    if (settings.grant == Grant::AuthorizationCodePkce)
        return signIn(secrets);
    // Only confidential clients may (RFC 6749 4.4).
    if (secrets.clientSecret.isEmpty()) {
        return settle(std::unexpected(NetError{.kind = NetError::Kind::Auth,
                                               .code = oauthcode::NoClientSecret,
                                               .message = u"No client secret is stored for this sign-in"_s}));
    }
    fetchToken(secrets, ClientGrant{});
}

void OAuthSession::Private::fetchToken(const OAuthSecrets &secrets, const TokenGrant &grant)
{
    fetch(transport, tokenRequest(settings, secrets.clientSecret, grant), tokenTimeouts, pursuit.get(),
          [this, secrets, grant](const std::expected<Fetched, NetError> &answer) {
              take(answer.and_then([](const Fetched &whole) { return readTokens(whole.head, whole.body); }),
                   secrets, grant);
          });
}

void OAuthSession::Private::take(const std::expected<OAuthTokens, NetError> &tokens,
                                 const OAuthSecrets &secrets, const TokenGrant &grant)
{
    const bool refreshed = std::holds_alternative<RefreshToken>(grant);
    if (!tokens) {
        if (!refreshed || tokens.error().code != oauthcode::InvalidGrant)
            return settle(std::unexpected(without(tokens.error(), secrets, grant)));
        return refreshAgain(secrets);
    }
    token = tokens->accessToken;
    expiry = tokens->expiresIn ? std::optional(surroundings.now() + *tokens->expiresIn) : std::nullopt;
    // A client that signs in for itself needs none, and should not get one (RFC 6749 4.4.3).
    const bool isNew = !tokens->refreshToken.isEmpty() && tokens->refreshToken != secrets.refreshToken;
    if (isNew && refreshed)
        store.replace(secrets.refreshToken, tokens->refreshToken);
    else if (isNew && settings.grant == Grant::AuthorizationCodePkce)
        store.keep(tokens->refreshToken);
    settle(token);
}

// The refresh token is spent or was withdrawn. Where another session has spent it, there is a new one.
void OAuthSession::Private::refreshAgain(const OAuthSecrets &refused)
{
    store.load(pursuit.get(), [this, refused](const OAuthSecrets &secrets) {
        if (!secrets.refreshToken.isEmpty() && secrets.refreshToken != refused.refreshToken)
            return fetchToken(secrets, RefreshToken{secrets.refreshToken});
        store.replace(refused.refreshToken, {});
        grantAnew({.clientSecret = secrets.clientSecret, .refreshToken = {}});
    });
}

void OAuthSession::Private::signIn(const OAuthSecrets &secrets)
{
    // Nobody is to be surprised by a page that nobody waits for.
    if (!surroundings.openBrowser || !waiters.anybody()) {
        return settle(std::unexpected(signInNeeded()));
    }
    const QByteArray verifier = randomWord(surroundings.random);
    const QByteArray state = randomWord(surroundings.random);
    redirect = new LoopbackRedirect(state, surroundings.page, q);
    if (!redirect->listen()) {
        endSignIn();
        return settle(std::unexpected(NetError{.kind = NetError::Kind::Refused,
                                               .code = oauthcode::NoRedirect,
                                               .message = u"Nothing can listen for the browser"_s}));
    }
    const QUrl back = redirect->url();
    connect(redirect, &LoopbackRedirect::arrived, q,
            [this, secrets, verifier, back](const std::expected<QByteArray, NetError> &code) {
                endSignIn();
                if (code)
                    fetchToken(secrets,
                               AuthorizationCode{.code = *code, .redirect = back, .verifier = verifier});
                else
                    settle(std::unexpected(code.error()));
            });
    signInTime.start(surroundings.signInLimit);
    signInUrl = authorizationUrl(settings, back, state, pkceChallenge(verifier));
    surroundings.openBrowser(signInUrl);
}

void OAuthSession::Private::endSignIn()
{
    signInTime.stop();
    signInUrl.clear();
    redirect->disconnect(q);
    std::exchange(redirect, nullptr)->deleteLater();
}

// Later, so that a waiter may end this session without ending the call that has just brought the answer.
void OAuthSession::Private::settle(const KeyResult &result)
{
    // What has just brought the answer may be its child.
    if (pursuit) {
        pursuit->setParent(q);
        pursuit.release()->deleteLater();
    }
    const auto tell = [this, result] {
        auto others = std::exchange(bystanders, {});
        // Somebody came for whom a browser opens, when it had just been decided that there is nobody.
        if (!result && result.error().code == oauthcode::SignInNeeded && surroundings.openBrowser
            && waiters.anybody()) {
            pursue();
            others.tell(result);
            return;
        }
        busy = false;
        auto all = std::exchange(waiters, {});
        all.tell(result);
        others.tell(result);
    };
    QMetaObject::invokeMethod(q, tell, Qt::QueuedConnection);
}

} // namespace rivulet
