// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/providersettings.h"

#include "app/desktop/preferences.h"
#include "app/shell/secretstore.h"
#include "net/providers/presets.h"
#include "net/transport/requestrules.h"

#include <algorithm>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

ProviderList::Place placeOf(const Provider &provider)
{
    if (isLoopback(provider.baseUrl))
        return ProviderList::Place::Local;
    return presetById(provider.id) ? ProviderList::Place::Cloud : ProviderList::Place::Custom;
}

ProviderList::Place placeOf(ProviderPreset::Place place)
{
    switch (place) {
    case ProviderPreset::Place::BuiltIn:
        return ProviderList::Place::BuiltIn;
    case ProviderPreset::Place::Cloud:
        return ProviderList::Place::Cloud;
    case ProviderPreset::Place::Local:
        return ProviderList::Place::Local;
    case ProviderPreset::Place::Custom:
        return ProviderList::Place::Custom;
    }
    return ProviderList::Place::Custom;
}

} // namespace

ProviderSettings::ProviderSettings(Preferences &preferences, SecretStore &secrets,
                                   std::unique_ptr<Transport> transport, const Provider &demo,
                                   const Help &help, QObject *parent)
    : QObject(parent), m_preferences(preferences), m_secrets(secrets), m_transport(std::move(transport)),
      m_credentials(secrets, *m_transport, help.openBrowser, help.consent), m_demo(demo), m_current(demo),
      m_editor(preferences, secrets, *m_transport, m_credentials), m_discovery(*m_transport)
{
    QList<ProviderList::Entry> offered;
    for (const ProviderPreset &preset : providerPresets()) {
        if (preset.place != ProviderPreset::Place::BuiltIn)
            offered.append({preset.provider, placeOf(preset.place)});
    }
    m_presets.show(offered);

    connect(&m_preferences, &Preferences::providersChanged, this, &ProviderSettings::refresh);
    connect(&m_discovery, &Discovery::found, this, [this](const LocalServer &server) {
        m_servers.append(server);
        refreshFound();
    });
    connect(&m_discovery, &Discovery::finished, this, [this](const QList<LocalServer> &servers) {
        m_servers = servers;
        m_looked = true;
        refreshFound();
        Q_EMIT lookingChanged();
    });
    refresh();
}

void ProviderSettings::select(const QString &id)
{
    Settings settings = m_preferences.settings();
    settings.currentProvider = id == m_demo.id ? QString() : id;
    m_preferences.update(settings);
}

void ProviderSettings::edit(const QString &id)
{
    const auto &entries = m_providers.entries();
    const auto it =
        std::ranges::find(entries, id, [](const ProviderList::Entry &entry) { return entry.provider.id; });
    if (it != entries.cend() && m_editor.providerId() != id)
        m_editor.open(it->provider, it->place != ProviderList::Place::BuiltIn);
}

std::optional<Provider> ProviderSettings::find(const QString &id) const
{
    const auto &entries = m_providers.entries();
    const auto it =
        std::ranges::find(entries, id, [](const ProviderList::Entry &entry) { return entry.provider.id; });
    return it == entries.cend() ? std::nullopt : std::optional(it->provider);
}

void ProviderSettings::addPreset(const QString &presetId)
{
    if (const auto preset = presetById(presetId))
        add(preset->provider, false);
}

void ProviderSettings::addFound(int row)
{
    if (row >= 0 && row < m_found.count())
        add(m_found.entries().at(row).provider, true);
}

void ProviderSettings::remove(const QString &id)
{
    Settings settings = m_preferences.settings();
    const auto found = std::ranges::find(settings.providers, id, &Provider::id);
    if (found == settings.providers.end())
        return;
    const Provider removed = settings.providers.takeAt(found - settings.providers.begin());
    if (settings.currentProvider == id)
        settings.currentProvider.clear();
    // What a sign-in left too, also where the provider has another credential by now.
    for (const Provider &place : placesOf(removed)) {
        (void)m_secrets.remove(placeName(place));
        (void)m_secrets.remove(refreshTokenNameOf(place).provider);
        (void)m_secrets.remove(clientSecretNameOf(place).provider);
    }
    (void)m_secrets.remove(proxyPasswordNameOf({.owner = id}).provider);
    (void)m_secrets.remove(keyPassphraseNameOf({.owner = id}).provider);
    m_preferences.update(settings);
    m_editor.credential()->forget(id);
    if (m_editor.providerId() == id)
        m_editor.open({}, false);
}

void ProviderSettings::look()
{
    m_servers.clear();
    m_discovery.start();
    Q_EMIT lookingChanged();
}

void ProviderSettings::add(Provider provider, bool select)
{
    Settings settings = m_preferences.settings();
    const QString base = provider.id;
    const auto taken = [&settings, this](const QString &id) {
        return id == m_demo.id || std::ranges::contains(settings.providers, id, &Provider::id);
    };
    for (int number = 2; taken(provider.id); ++number)
        provider.id = base + u'-' + QString::number(number);
    settings.providers.append(provider);
    if (select)
        settings.currentProvider = provider.id;
    m_preferences.update(settings);
    edit(provider.id);
}

void ProviderSettings::refresh()
{
    const Settings &settings = m_preferences.settings();
    QList<ProviderList::Entry> entries{{m_demo, ProviderList::Place::BuiltIn}};
    for (const Provider &provider : settings.providers)
        entries.append({provider, placeOf(provider)});
    m_providers.show(entries);
    refreshFound();

    const Provider current = settings.provider().value_or(m_demo);
    m_providers.setCurrent(current.id);
    if (std::exchange(m_current, current) != current)
        Q_EMIT currentChanged();
}

void ProviderSettings::refreshFound()
{
    QList<ProviderList::Entry> entries;
    for (const LocalServer &server : std::as_const(m_servers)) {
        const bool known = std::ranges::contains(m_preferences.settings().providers, server.provider.baseUrl,
                                                 &Provider::baseUrl);
        if (!known)
            entries.append({server.provider, ProviderList::Place::Local});
    }
    m_found.show(entries);
}

} // namespace rivulet
