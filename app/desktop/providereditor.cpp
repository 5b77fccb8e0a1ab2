// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/providereditor.h"

#include "app/desktop/preferences.h"
#include "app/desktop/typedaddress.h"
#include "app/shell/wording.h"
#include "net/dialects/dialectregistry.h"
#include "net/providers/presets.h"

#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstandardpaths.h>

#include <algorithm>
#include <expected>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

struct ProgramCommand
{
    QString program;
    QStringList arguments;
};

/// The program that people mean, or what is wrong with it, in words. No command at all is right, too.
std::expected<ProgramCommand, QString> commandFrom(const QString &typed)
{
    const QStringList words = QProcess::splitCommand(typed);
    if (words.isEmpty())
        return ProgramCommand{};
    const QString &name = words.constFirst();
    const QFileInfo file(name);
    const bool isPath = QDir::isAbsolutePath(name);
    const QString program = isPath ? (file.isFile() && file.isExecutable() ? name : QString())
                                   : QStandardPaths::findExecutable(name);
    if (program.isEmpty())
        return std::unexpected(ProviderEditor::tr("There is no program “%1”.").arg(name));
    return ProgramCommand{.program = program, .arguments = words.sliced(1)};
}

// What commandFrom() reads the same words from.
QString toCommand(const Provider &provider)
{
    if (provider.program.isEmpty())
        return {};
    QStringList words;
    for (QString word : QStringList{provider.program} + provider.arguments) {
        const bool isPlain =
            !word.isEmpty() && std::ranges::none_of(word, [](QChar c) { return c.isSpace() || c == u'"'; });
        words.append(isPlain ? word : u'"' + word.replace(u'"', u"\"\"\""_s) + u'"');
    }
    return words.join(u' ');
}

} // namespace

ProviderEditor::ProviderEditor(Preferences &preferences, SecretStore &secrets, Transport &transport,
                               QObject *parent)
    : QObject(parent), m_preferences(preferences), m_secrets(secrets), m_replicas(secrets), m_test(transport),
      m_modelList(transport)
{
    connect(&m_test, &ConnectionTest::changed, &m_steps, &ConnectionSteps::show);
    connect(&m_test, &ConnectionTest::finished, this, [this](const ConnectionReport &report) {
        m_steps.show(report);
        m_testResult = report.ok() ? TestResult::Passed : TestResult::Failed;
        if (!report.models.isEmpty())
            setModels(report.models);
        Q_EMIT testChanged();
    });
    connect(&m_modelList, &ModelList::finished, this, &ProviderEditor::setModels);
    connect(&m_modelList, &ModelList::failed, this, [this] { setModels({}); });
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
    m_command = toCommand(provider);
    m_commandProblem.clear();
    m_options.show(provider.dialect, provider.options);
    m_network.show(provider.network);
    m_replicas.show(provider);
    lookForNetworkSecrets();
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
        loadModels();
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
            loadModels();
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

void ProviderEditor::loadModels()
{
    withKey([this](const Secret &key) { m_modelList.start(m_provider, key.bytes()); });
}

void ProviderEditor::test()
{
    withKey([this](const Secret &key) {
        m_testResult = TestResult::Untested;
        m_test.start(m_provider, key.bytes());
        m_steps.show(m_test.report());
        Q_EMIT testChanged();
    });
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

void ProviderEditor::lookForKey()
{
    m_keyState = KeyState::Looking;
    Q_EMIT keyChanged();
    withKey([this](const Secret &key) {
        if (key.isEmpty())
            m_keyState = KeyState::None;
        else
            m_keyState = m_secrets.status().sessionOnly() ? KeyState::SessionOnly : KeyState::Kept;
        Q_EMIT keyChanged();
    });
}

void ProviderEditor::forgetTest()
{
    m_test.cancel();
    m_steps.show({});
    m_testResult = TestResult::Untested;
    Q_EMIT testChanged();
}

void ProviderEditor::setModels(const QStringList &models)
{
    if (std::exchange(m_models, models) != models)
        Q_EMIT modelsChanged();
    if (m_provider.model.isEmpty() && !models.isEmpty())
        setModel(models.constFirst());
}

void ProviderEditor::withKey(std::function<void(const Secret &)> use)
{
    const SecretName name = secretNameOf(m_provider);
    m_secrets.read(name).then(this, [this, name, use = std::move(use)](const Secret &key) {
        if (name == secretNameOf(m_provider))
            use(key);
    });
}

} // namespace rivulet
