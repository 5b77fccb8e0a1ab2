// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/providereditor.h"

#include "app/desktop/preferences.h"
#include "app/desktop/typedaddress.h"
#include "app/desktop/typedcommand.h"
#include "app/shell/providercredentials.h"
#include "app/shell/wording.h"
#include "net/dialects/dialectregistry.h"
#include "net/providers/oauth.h"
#include "net/providers/presets.h"

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

/// A test that ended before it began: there is no key for it.
ConnectionReport reportWithoutKey(const NetError &error)
{
    ConnectionReport report;
    for (const auto kind :
         {ConnectionStep::Kind::Address, ConnectionStep::Kind::Reach, ConnectionStep::Kind::Secure,
          ConnectionStep::Kind::Speak, ConnectionStep::Kind::Key, ConnectionStep::Kind::Models,
          ConnectionStep::Kind::Answer})
        report.steps.append({.kind = kind, .state = ConnectionStep::State::Skipped});
    auto &key = report.steps[static_cast<qsizetype>(ConnectionStep::Kind::Key)];
    key.state = ConnectionStep::State::Failed;
    key.error = error;
    return report;
}

bool isSignIn(const Provider &provider)
{
    return std::holds_alternative<credential::OAuth>(provider.credential);
}

} // namespace

ProviderEditor::ProviderEditor(Preferences &preferences, SecretStore &secrets, Transport &transport,
                               ProviderCredentials &credentials, QObject *parent)
    : QObject(parent), m_preferences(preferences), m_secrets(secrets), m_credentials(credentials),
      m_replicas(secrets), m_test(transport), m_modelList(transport)
{
    connect(&m_test, &ConnectionTest::changed, &m_steps, &ConnectionSteps::show);
    connect(&m_test, &ConnectionTest::finished, this, [this](const ConnectionReport &report) {
        m_steps.show(report);
        if (renewKey(report))
            return;
        m_testResult = report.ok() ? TestResult::Passed : TestResult::Failed;
        if (!report.models.isEmpty())
            setModels(report.models);
        Q_EMIT testChanged();
    });
    connect(&m_modelList, &ModelList::finished, this, &ProviderEditor::setModels);
    connect(&m_modelList, &ModelList::failed, this, [this] { setModels({}); });
    connect(&m_credential, &CredentialSettings::edited, this, [this] {
        if (!m_editable)
            return;
        m_provider.credential = m_credential.credential();
        keep();
        forgetTest();
        m_listing.reset();
        lookForKey();
        lookForSignIn();
    });
    connect(&m_options, &DialectSettings::edited, this, [this] {
        if (!m_editable)
            return;
        m_provider.options = m_options.values();
        keep();
        forgetTest();
    });
    connect(&m_network, &NetworkSettings::edited, this, [this] {
        if (!m_editable)
            return;
        m_provider.network = m_network.options();
        keep();
        forgetTest();
        lookForNetworkSecrets();
    });
    connect(&m_fallback, &FallbackSettings::edited, this, [this] {
        if (!m_editable)
            return;
        m_provider.fallback = m_fallback.rule();
        keep();
    });
    connect(&m_limits, &LimitSettings::edited, this, [this] {
        if (!m_editable)
            return;
        m_provider.limits = m_limits.limits();
        keep();
    });
    connect(&m_replicas, &ReplicaList::edited, this, [this] {
        if (!m_editable)
            return;
        m_provider.replicas = m_replicas.replicas();
        keep();
    });
    connect(&m_secrets, &SecretStore::statusChanged, this, &ProviderEditor::keyChanged);
}

void ProviderEditor::open(const Provider &provider, bool editable)
{
    forgetTest();
    m_modelList.cancel();
    m_provider = provider;
    m_editable = editable;
    m_address = provider.baseUrl.toString();
    m_addressProblem.clear();
    m_command = toText(ProgramCommand{provider.program, provider.arguments});
    m_commandProblem.clear();
    m_credential.show(provider.id, provider.credential);
    m_options.show(provider.dialect, provider.options);
    m_network.show(provider.network);
    m_fallback.show(provider, m_preferences.settings().providers);
    m_limits.show(provider.limits);
    m_replicas.show(provider);
    lookForNetworkSecrets();
    lookForSignIn();
    m_listing.reset();
    setModels({});
    Q_EMIT opened();
    Q_EMIT nameChanged();
    Q_EMIT addressChanged();
    Q_EMIT commandChanged();
    Q_EMIT modelChanged();
    if (provider.baseUrl.isEmpty()) {
        m_keyState = KeyState::None;
        Q_EMIT keyChanged();
    } else {
        lookForKey();
        listModels(Help::None);
    }
}

QUrl ProviderEditor::keyPage() const
{
    const auto preset = presetById(m_provider.id);
    return preset ? preset->keyPage : QUrl();
}

QString ProviderEditor::keyNotice() const
{
    return m_keyState == KeyState::SessionOnly ? wordsFor(m_secrets.status()).advice : QString();
}

void ProviderEditor::setName(const QString &name)
{
    const QString trimmed = name.trimmed();
    if (!m_editable || trimmed.isEmpty() || m_provider.name == trimmed)
        return;
    m_provider.name = trimmed;
    keep();
    Q_EMIT nameChanged();
}

void ProviderEditor::setAddress(const QString &address)
{
    if (!m_editable || m_address == address)
        return;
    m_address = address;
    // What a command answers needs no address.
    const bool needsNone = !m_provider.program.isEmpty() && address.trimmed().isEmpty();
    const auto url = needsNone ? QUrl() : baseUrlFrom(address);
    m_addressProblem = url ? QString() : url.error();
    if (url && *url != m_provider.baseUrl) {
        m_provider.baseUrl = *url;
        m_replicas.setBaseUrl(*url);
        keep();
        forgetTest();
        // A key belongs to its origin: another address may have another, or none.
        if (!needsNone)
            lookForKey();
        lookForSignIn();
    }
    Q_EMIT addressChanged();
}

bool ProviderEditor::runsPrograms() const
{
    return makeDialect(m_provider.dialect)->runsPrograms();
}

void ProviderEditor::setCommand(const QString &command)
{
    if (!m_editable || m_command == command)
        return;
    m_command = command;
    const auto parsed = commandFrom(command);
    m_commandProblem = parsed ? QString() : parsed.error();
    if (parsed && (parsed->program != m_provider.program || parsed->arguments != m_provider.arguments)) {
        m_provider.program = parsed->program;
        m_provider.arguments = parsed->arguments;
        keep();
        forgetTest();
    }
    Q_EMIT commandChanged();
}

void ProviderEditor::setModel(const QString &model)
{
    if (!m_editable || m_provider.model == model.trimmed())
        return;
    m_provider.model = model.trimmed();
    keep();
    forgetTest();
    Q_EMIT modelChanged();
}

void ProviderEditor::setKey(const QString &key)
{
    if (!m_editable || key.trimmed().isEmpty())
        return;
    m_keyState = KeyState::Looking;
    Q_EMIT keyChanged();
    forgetTest();
    const QString id = m_provider.id;
    m_secrets.write(secretNameOf(m_provider), Secret(key.trimmed().toUtf8()))
        .then(this, [this, id](SecretPlace place) {
            if (id != m_provider.id)
                return;
            m_keyState = place == SecretPlace::Keychain ? KeyState::Kept : KeyState::SessionOnly;
            Q_EMIT keyChanged();
            listModels(Help::None);
        });
}

void ProviderEditor::removeKey()
{
    if (!m_editable)
        return;
    forgetTest();
    m_secrets.remove(m_provider.id).then(this, [this](bool) { lookForKey(); });
}

void ProviderEditor::setProxyPassword(const QString &password)
{
    keepNetworkSecret(proxyPasswordNameOf(profileOf(m_provider)), password);
}

void ProviderEditor::setKeyPassphrase(const QString &passphrase)
{
    keepNetworkSecret(keyPassphraseNameOf(profileOf(m_provider)), passphrase);
}

void ProviderEditor::keepNetworkSecret(const SecretName &name, const QString &secret)
{
    if (!m_editable || secret.isEmpty() || name.origin.isEmpty())
        return;
    forgetTest();
    m_secrets.write(name, Secret(secret.toUtf8())).then(this, [this](SecretPlace) {
        lookForNetworkSecrets();
    });
}

// Nobody is asked for what was not chosen: asking may open a dialog of the system.
void ProviderEditor::lookForNetworkSecrets()
{
    const NetworkProfile profile = profileOf(m_provider);
    const auto look = [this, profile](const SecretName &name, bool &isStored) {
        isStored = false;
        if (name.origin.isEmpty())
            return;
        m_secrets.read(name).then(this, [this, profile, &isStored](const Secret &secret) {
            if (profile != profileOf(m_provider))
                return;
            isStored = !secret.isEmpty();
            Q_EMIT networkSecretsChanged();
        });
    };
    look(proxyPasswordNameOf(profile), m_proxyPasswordStored);
    look(keyPassphraseNameOf(profile), m_keyPassphraseStored);
    Q_EMIT networkSecretsChanged();
}

// What a sign-in has kept, as far as there is one.
void ProviderEditor::lookForSignIn()
{
    m_signingIn.reset();
    m_signInState = SignInState::SignedOut;
    m_signInProblem.clear();
    m_clientSecretStored = false;
    Q_EMIT signInChanged();
    const auto look = [this](const SecretName &name, const std::function<void()> &found) {
        if (name.origin.isEmpty())
            return;
        m_secrets.read(name).then(this, [this, provider = m_provider, found](const Secret &secret) {
            if (secret.isEmpty() || !isSameKey(provider))
                return;
            found();
            Q_EMIT signInChanged();
        });
    };
    look(clientSecretNameOf(m_provider), [this] { m_clientSecretStored = true; });
    look(refreshTokenNameOf(m_provider), [this] {
        if (m_signInState == SignInState::SignedOut)
            m_signInState = SignInState::SignedIn;
    });
}

void ProviderEditor::setClientSecret(const QString &secret)
{
    const SecretName name = clientSecretNameOf(m_provider);
    const QString trimmed = secret.trimmed();
    if (!m_editable || trimmed.isEmpty() || name.origin.isEmpty())
        return;
    forgetTest();
    m_secrets.write(name, Secret(trimmed.toUtf8())).then(this, [this](SecretPlace) { lookForSignIn(); });
}

void ProviderEditor::removeClientSecret()
{
    if (!m_editable)
        return;
    forgetTest();
    m_secrets.remove(clientSecretNameOf(m_provider).provider).then(this, [this](bool) { lookForSignIn(); });
}

void ProviderEditor::signIn()
{
    if (!isSignIn(m_provider))
        return;
    m_signInState = SignInState::SigningIn;
    m_signInProblem.clear();
    Q_EMIT signInChanged();
    ask(Help::Welcome, m_signingIn, [this](const KeyResult &token) {
        m_signInState = token ? SignInState::SignedIn : SignInState::SignedOut;
        if (!token)
            m_signInProblem = wordsFor(token.error()).title;
        Q_EMIT signInChanged();
        if (token)
            listModels(Help::None);
    });
}

void ProviderEditor::stopSignIn()
{
    if (m_signInState == SignInState::SigningIn)
        lookForSignIn();
}

void ProviderEditor::signOut()
{
    if (!isSignIn(m_provider) || m_signInState != SignInState::SignedIn)
        return;
    forgetTest();
    m_listing.reset();
    m_signInState = SignInState::SignedOut;
    m_signInProblem.clear();
    Q_EMIT signInChanged();
    m_signingIn = std::make_unique<QObject>();
    m_credentials.signOut(m_provider, m_signingIn.get(), [this](const std::optional<NetError> &trouble) {
        if (trouble)
            m_signInProblem = tr("You are signed out here, but the server could not be told: %1")
                                  .arg(wordsFor(*trouble).title);
        Q_EMIT signInChanged();
    });
}

// A sign-in has a button of its own.
void ProviderEditor::loadModels()
{
    listModels(isSignIn(m_provider) ? Help::None : Help::Welcome, true);
}

void ProviderEditor::listModels(Help help, bool tells)
{
    setModelsProblem({});
    ask(help, m_listing, [this, tells](const KeyResult &key) {
        if (key)
            return m_modelList.start(m_provider, *key);
        setModels({});
        if (tells)
            setModelsProblem(wordsFor(key.error()).title);
        if (key.error().code == oauthcode::SignInNeeded && m_signInState == SignInState::SignedIn) {
            m_signInState = SignInState::SignedOut;
            Q_EMIT signInChanged();
        }
    });
}

void ProviderEditor::test()
{
    forgetTest();
    m_keyAwaited = true;
    m_keyRenewed = false;
    Q_EMIT testChanged();
    ask(Help::Welcome, m_testing, [this](const KeyResult &key) { testWith(key); });
}

void ProviderEditor::stopTest()
{
    forgetTest();
}

void ProviderEditor::testWith(const KeyResult &key)
{
    m_keyAwaited = false;
    if (key) {
        m_testedKey = Secret(*key);
        m_test.start(m_provider, *key);
        m_steps.show(m_test.report());
        if (isSignIn(m_provider)) {
            m_signInState = SignInState::SignedIn;
            Q_EMIT signInChanged();
        }
    } else {
        m_steps.show(reportWithoutKey(key.error()));
        m_testResult = TestResult::Failed;
    }
    Q_EMIT testChanged();
}

// As a turn does: a key that was printed or a token that was given out long ago may have another by now.
bool ProviderEditor::renewKey(const ConnectionReport &report)
{
    const auto error = report.error();
    if (!error || error->kind != NetError::Kind::Auth || std::exchange(m_keyRenewed, true))
        return false;
    m_keyAwaited = m_credentials.renew(m_provider, m_testedKey.bytes(), m_testing.get(),
                                       [this](const KeyResult &key) { testWith(key); });
    return m_keyAwaited;
}

void ProviderEditor::keep()
{
    Settings settings = m_preferences.settings();
    const auto it = std::ranges::find(settings.providers, m_provider.id, &Provider::id);
    if (it == settings.providers.end())
        return;
    *it = m_provider;
    m_preferences.update(settings);
}

// Nobody is asked for what was not chosen: asking may open a dialog of the system.
void ProviderEditor::lookForKey()
{
    const bool isKept = std::holds_alternative<credential::Keychain>(m_provider.credential);
    m_keyState = isKept ? KeyState::Looking : KeyState::None;
    Q_EMIT keyChanged();
    if (!isKept)
        return;
    m_secrets.read(secretNameOf(m_provider)).then(this, [this, provider = m_provider](const Secret &key) {
        if (!isSameKey(provider))
            return;
        if (key.isEmpty())
            m_keyState = KeyState::None;
        else
            m_keyState = m_secrets.status().sessionOnly() ? KeyState::SessionOnly : KeyState::Kept;
        Q_EMIT keyChanged();
    });
}

void ProviderEditor::forgetTest()
{
    m_testing.reset();
    m_keyAwaited = false;
    m_testedKey = {};
    m_test.cancel();
    m_steps.show({});
    m_testResult = TestResult::Untested;
    Q_EMIT testChanged();
}

void ProviderEditor::setModels(const QStringList &models)
{
    if (std::exchange(m_models, models) != models)
        Q_EMIT modelsChanged();
    // A test that had no model has asked this one, too: it holds still.
    if (m_editable && m_provider.model.isEmpty() && !models.isEmpty()) {
        m_provider.model = models.constFirst();
        keep();
        Q_EMIT modelChanged();
    }
}

void ProviderEditor::setModelsProblem(const QString &problem)
{
    if (std::exchange(m_modelsProblem, problem) != problem)
        Q_EMIT modelsChanged();
}

bool ProviderEditor::isSameKey(const Provider &provider) const
{
    return secretNameOf(provider) == secretNameOf(m_provider) && provider.credential == m_provider.credential;
}

void ProviderEditor::ask(Help help, std::unique_ptr<QObject> &context,
                         const std::function<void(const KeyResult &)> &use)
{
    context = std::make_unique<QObject>();
    const auto take = [this, provider = m_provider, use](const KeyResult &key) {
        // A key goes nowhere but to the server that it was asked for.
        if (isSameKey(provider))
            use(key);
    };
    if (help == Help::Welcome)
        m_credentials.key(m_provider, context.get(), take);
    else
        m_credentials.keyWithoutHelp(m_provider, context.get(), take);
}

} // namespace rivulet
