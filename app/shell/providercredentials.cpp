// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/providercredentials.h"

#include "app/shell/keycommand.h"
#include "app/shell/redaction.h"
#include "app/shell/secretstore.h"
#include "app/shell/storedcredentials.h"
#include "app/shell/wording.h"
#include "net/providers/oauthsession.h"
#include "net/transport/requestrules.h"
#include "net/transport/transport.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

/// The secrets of one provider's sign-in, in the store.
class KeptOAuthSecrets final : public OAuthSecretStore
{
public:
    KeptOAuthSecrets(SecretStore &store, const Provider &provider)
        : m_store(store), m_refreshToken(refreshTokenNameOf(provider)),
          m_clientSecret(clientSecretNameOf(provider))
    {}

    void load(QObject *context, std::function<void(const OAuthSecrets &)> done) override
    {
        const auto takeToken = [this, context, done = std::move(done)](const Secret &token) {
            readSecret(m_store, m_clientSecret, context, [token, done](const Secret &client) {
                done({.clientSecret = client.bytes(), .refreshToken = token.bytes()});
            });
        };
        readSecret(m_store, m_refreshToken, context, takeToken);
    }

    void keep(const QByteArray &refreshToken) override
    {
        keepSecret(m_store, m_refreshToken, Secret(refreshToken));
    }

    void replace(const QByteArray &before, const QByteArray &next) override
    {
        replaceSecret(m_store, m_refreshToken, Secret(before), Secret(next));
    }

    [[nodiscard]] bool hasRefreshToken(const QString &name) const { return m_refreshToken.provider == name; }

    [[nodiscard]] bool isFor(const Provider &provider) const
    {
        return m_refreshToken == refreshTokenNameOf(provider);
    }

private:
    SecretStore &m_store;
    SecretName m_refreshToken;
    SecretName m_clientSecret;
};

/// The tokens of a provider, which are good for one origin, from one place.
struct SignIn
{
    SignIn(const Provider &provider, const credential::OAuth &oauth, SecretStore &store, Transport &transport,
           const OAuthSurroundings &surroundings)
        : settings(oauth), profile(profileOf(provider)), secrets(store, provider),
          session(oauth, transport.through(profile), secrets, surroundings)
    {}

    credential::OAuth settings;
    NetworkProfile profile;
    KeptOAuthSecrets secrets;
    OAuthSession session;
};

} // namespace

struct ProviderCredentials::Private
{
    SecretStore &store;
    Transport &transport;
    OpenBrowser openBrowser;
    ProgramConsent *consent;
    StoredCredentials stored;
    // None is ended before its time: a turn may still wait for one whose settings were changed since.
    std::vector<std::unique_ptr<KeyCommand>> commands{};
    std::vector<std::unique_ptr<SignIn>> signIns{};
    QObject listener{}; ///< on the object's thread

    KeyCommand &commandFor(const credential::Command &command);
    OAuthSession &sessionFor(const Provider &provider, const credential::OAuth &settings);
};

KeyCommand &ProviderCredentials::Private::commandFor(const credential::Command &command)
{
    const auto known = std::ranges::find(commands, command, [](const auto &each) { return each->command(); });
    return known != commands.end() ? **known
                                   : *commands.emplace_back(std::make_unique<KeyCommand>(command, consent));
}

OAuthSession &ProviderCredentials::Private::sessionFor(const Provider &provider,
                                                       const credential::OAuth &settings)
{
    const auto known = std::ranges::find_if(signIns, [&](const auto &each) {
        return each->settings == settings && each->profile == profileOf(provider)
            && each->secrets.isFor(provider);
    });
    if (known != signIns.end())
        return (*known)->session;
    OAuthSurroundings surroundings;
    surroundings.openBrowser = openBrowser;
    surroundings.page = signInPage();
    return signIns.emplace_back(std::make_unique<SignIn>(provider, settings, store, transport, surroundings))
        ->session;
}

ProviderCredentials::ProviderCredentials(SecretStore &store, Transport &transport, OpenBrowser openBrowser,
                                         ProgramConsent *consent)
    : d(new Private{.store = store,
                    .transport = transport,
                    .openBrowser = std::move(openBrowser),
                    .consent = consent,
                    .stored = StoredCredentials(store)})
{
    // The user may sign out where others than this object serve.
    QObject::connect(&store, &SecretStore::removed, &d->listener, [this](const QString &name) {
        for (const auto &each : d->signIns) {
            if (each->secrets.hasRefreshToken(name))
                each->session.drop();
        }
    });
}

ProviderCredentials::~ProviderCredentials() = default;

void ProviderCredentials::key(const Provider &provider, QObject *context, Done done)
{
    find(provider, Help::Welcome, context, std::move(done));
}

void ProviderCredentials::keyWithoutHelp(const Provider &provider, QObject *context, Done done)
{
    find(provider, Help::None, context, std::move(done));
}

void ProviderCredentials::find(const Provider &provider, Help help, QObject *context, Done done)
{
    if (std::holds_alternative<credential::Keychain>(provider.credential))
        return d->stored.key(provider, context, std::move(done));

    const auto tell = [done = std::move(done)](const KeyResult &key) {
        if (key)
            addLiveSecret(*key);
        done(key);
    };
    const auto tellLater = [&](const KeyResult &key) {
        QMetaObject::invokeMethod(context, [tell, key] { tell(key); }, Qt::QueuedConnection);
    };
    if (const auto *environment = std::get_if<credential::Environment>(&provider.credential)) {
        tellLater(qgetenv(environment->variable.toLocal8Bit().constData()).trimmed());
    } else if (const auto *command = std::get_if<credential::Command>(&provider.credential)) {
        KeyCommand &printer = d->commandFor(*command);
        if (help == Help::Welcome)
            return printer.key(context, tell);
        if (!printer.known().isEmpty())
            return tellLater(printer.known());
        tellLater(std::unexpected(NetError{.kind = NetError::Kind::Refused,
                                           .code = transportcode::ProgramNotAllowed,
                                           .message = u"No program runs unasked"_s}));
    } else if (const auto *settings = std::get_if<credential::OAuth>(&provider.credential)) {
        // A token is for one origin, and there is none.
        if (originOf(provider.baseUrl).isEmpty()) {
            return tellLater(
                std::unexpected(NetError{.kind = NetError::Kind::Refused,
                                         .code = oauthcode::BadSettings,
                                         .message = u"A token is for a server, and this is none"_s}));
        }
        OAuthSession &session = d->sessionFor(provider, *settings);
        if (help == Help::Welcome)
            session.token(context, tell);
        else
            session.tokenWithoutSignIn(context, tell);
    }
}

void ProviderCredentials::signOut(const Provider &provider, QObject *context, SignedOut done)
{
    if (const auto *settings = std::get_if<credential::OAuth>(&provider.credential))
        d->sessionFor(provider, *settings).signOut(context, std::move(done));
}

bool ProviderCredentials::renew(const Provider &provider, const QByteArray &refused, QObject *context,
                                const Done &done)
{
    if (const auto *command = std::get_if<credential::Command>(&provider.credential))
        d->commandFor(*command).drop(refused);
    else if (const auto *settings = std::get_if<credential::OAuth>(&provider.credential))
        d->sessionFor(provider, *settings).drop(refused);
    else
        return false;
    key(provider, context, done);
    return true;
}

} // namespace rivulet
