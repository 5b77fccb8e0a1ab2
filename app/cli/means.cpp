// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/means.h"

#include "app/cli/console.h"
#include "app/shell/keychainsecretstore.h"
#include "app/shell/providercredentials.h"
#include "app/shell/redaction.h"
#include "app/shell/storednetworksecrets.h"
#include "app/shell/wording.h"
#include "net/providers/presets.h"
#include "net/transport/programconsent.h"
#include "net/transport/transportswitch.h"
#include "net/turn/credentialsource.h"

#include <QtCore/qfileinfo.h>

#include <algorithm>
#include <utility>

namespace rivulet::cli {

using namespace Qt::StringLiterals;

namespace {

/// The one key that the command line named, or none.
class NamedKey final : public CredentialSource
{
public:
    explicit NamedKey(const QString &variable) : m_key(qgetenv(qPrintable(variable)).trimmed())
    {
        addLiveSecret(m_key.bytes());
    }

    void key(const Provider &, QObject *context, Done done) override
    {
        QMetaObject::invokeMethod(
            context, [key = m_key, done = std::move(done)] { done(key.bytes()); }, Qt::QueuedConnection);
    }

private:
    Secret m_key;
};

/// Typing a command is the consent to it.
class TypedConsent final : public ProgramConsent
{
public:
    void ask(const ProcessRequest &, QObject *context, std::function<void(bool allowed)> done) override
    {
        QMetaObject::invokeMethod(context, [done = std::move(done)] { done(true); }, Qt::QueuedConnection);
    }
};

/// What was allowed in the window holds here, too; nobody is asked.
class RememberedConsent final : public ProgramConsent
{
public:
    explicit RememberedConsent(QList<AllowedProgram> allowed) : m_allowed(std::move(allowed)) {}

    void ask(const ProcessRequest &request, QObject *context, std::function<void(bool allowed)> done) override
    {
        const bool allowed = m_allowed.contains(allowedProgramOf(request));
        if (!allowed) {
            printError(tr("%1 prints this provider's key, and nobody has allowed it to run: test the "
                          "connection in the window's settings")
                           .arg(request.program));
        }
        QMetaObject::invokeMethod(
            context, [allowed, done = std::move(done)] { done(allowed); }, Qt::QueuedConnection);
    }

private:
    QList<AllowedProgram> m_allowed;
};

} // namespace

struct Means::Private
{
    std::unique_ptr<KeychainSecretStore> secrets; ///< null where the key comes by a variable of its own
    std::unique_ptr<StoredNetworkSecrets> networkSecrets;
    TypedConsent consent;
    RememberedConsent keyConsent;
    std::unique_ptr<Transport> network;
    std::unique_ptr<CredentialSource> credentials;
};

Means::Means(const AskOptions &options, const Provider &provider, QList<AllowedProgram> allowedPrograms)
    : d(new Private{.secrets =
                        options.dialect || !options.keyVariable.isEmpty() ? nullptr : makeSecretStore(),
                    .networkSecrets = {},
                    .consent = {},
                    .keyConsent = RememberedConsent(std::move(allowedPrograms)),
                    .network = {},
                    .credentials = {}})
{
    if (d->secrets)
        d->networkSecrets = std::make_unique<StoredNetworkSecrets>(*d->secrets);
    d->network = makeTransport(options.program.isEmpty() ? nullptr : &d->consent, d->networkSecrets.get());
    if (!d->secrets) {
        d->credentials = std::make_unique<NamedKey>(options.keyVariable);
        return;
    }
    if (const auto preset = presetById(provider.id); preset && !preset->keyVariable.isEmpty())
        d->secrets->setVariable(secretNameOf(preset->provider), preset->keyVariable);
    // A terminal may be on another computer than the browser: whoever reads it opens the page.
    const auto openBrowser = [](const QUrl &page) {
        printError(tr("open this page in a browser on this computer to sign in: %1")
                       .arg(page.toString(QUrl::FullyEncoded)));
    };
    d->credentials =
        std::make_unique<ProviderCredentials>(*d->secrets, *d->network, openBrowser, &d->keyConsent);
}

Means::~Means() = default;

Transport &Means::transport()
{
    return *d->network;
}

CredentialSource &Means::credentials()
{
    return *d->credentials;
}

// The demo, an address and a program need no settings: they answer whatever is in them.
Settings settingsFor(const AskOptions &options, const Paths &paths)
{
    const auto preset = presetById(options.provider);
    if (!options.program.isEmpty() || !options.url.isEmpty()
        || (preset && preset->place == ProviderPreset::Place::BuiltIn))
        return {};
    const LoadedSettings loaded = SettingsFile(paths.settingsFile()).load();
    if (loaded.trouble) {
        const Notice words = wordsFor(*loaded.trouble);
        printError(words.title + u' ' + words.advice);
    }
    return loaded.settings;
}

// Who is asked; for the demo without an address, which it has only once it runs.
std::expected<Provider, QString> providerOf(const AskOptions &options, const Settings &settings)
{
    if (!options.program.isEmpty()) {
        return Provider{.id = u"command"_s,
                        .name = QFileInfo(options.program).fileName(),
                        .dialect = *options.dialect,
                        .baseUrl = {},
                        .model = options.model,
                        .needsKey = !options.keyVariable.isEmpty(),
                        .program = options.program,
                        .arguments = options.arguments,
                        .options = options.options};
    }
    if (!options.url.isEmpty()) {
        return Provider{.id = u"url"_s,
                        .name = options.url.host(),
                        .dialect = *options.dialect,
                        .baseUrl = options.url,
                        .model = options.model,
                        .needsKey = !options.keyVariable.isEmpty(),
                        .program = {},
                        .arguments = {},
                        .options = options.options};
    }

    const auto preset = presetById(options.provider);
    const QList<Provider> &own = settings.providers;
    std::optional<Provider> provider;
    if (const auto found = std::ranges::find(own, options.provider, &Provider::id); found != own.end())
        provider = *found;
    else if (preset && preset->place != ProviderPreset::Place::Custom)
        provider = preset->provider;
    if (!provider) {
        QStringList known;
        for (const ProviderPreset &each : providerPresets()) {
            if (each.place != ProviderPreset::Place::Custom)
                known.append(each.provider.id);
        }
        for (const Provider &each : own) {
            if (!known.contains(each.id))
                known.append(each.id);
        }
        return std::unexpected(
            tr("there is no provider \"%1\"; there are: %2").arg(options.provider, known.join(u", ")));
    }
    if (!options.model.isEmpty())
        provider->model = options.model;
    return *provider;
}

} // namespace rivulet::cli
