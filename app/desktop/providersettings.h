// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/desktop/providereditor.h"
#include "app/desktop/providerlist.h"
#include "app/shell/providercredentials.h"
#include "net/providers/discovery.h"
#include "net/providers/provider.h"
#include "net/transport/transport.h"

#include <QtCore/qobject.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <memory>

namespace rivulet {

class Preferences;
class ProgramConsent;
class SecretStore;

/// Who can be talked to, and who is: what the settings page and the model picker show. GUI thread.
///
/// Its own requests (looking for servers, testing one, listing models) go over a transport of their own on
/// the GUI thread: they are few and small, and never wait behind streams.
class ProviderSettings : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(rivulet::ProviderList *providers READ providers CONSTANT FINAL)
    Q_PROPERTY(rivulet::ProviderList *found READ found CONSTANT FINAL)
    Q_PROPERTY(rivulet::ProviderList *presets READ presets CONSTANT FINAL)
    Q_PROPERTY(rivulet::ProviderEditor *editor READ editor CONSTANT FINAL)
    Q_PROPERTY(QString currentId READ currentId NOTIFY currentChanged FINAL)
    Q_PROPERTY(QString currentName READ currentName NOTIFY currentChanged FINAL)
    Q_PROPERTY(bool looking READ isLooking NOTIFY lookingChanged FINAL)
    Q_PROPERTY(bool looked READ hasLooked NOTIFY lookingChanged FINAL)

public:
    /// How the page gets a key that needs the user's help; see ProviderCredentials.
    struct Help
    {
        ProviderCredentials::OpenBrowser openBrowser{};
        ProgramConsent *consent = nullptr; ///< outlives the object
    };

    /// The references outlive the object. `demo` is the built-in server.
    ProviderSettings(Preferences &preferences, SecretStore &secrets, std::unique_ptr<Transport> transport,
                     const Provider &demo, const Help &help, QObject *parent = nullptr);

    [[nodiscard]] ProviderList *providers() { return &m_providers; }
    /// Servers on this computer that are not in the list yet.
    [[nodiscard]] ProviderList *found() { return &m_found; }
    [[nodiscard]] ProviderList *presets() { return &m_presets; }
    [[nodiscard]] ProviderEditor *editor() { return &m_editor; }
    /// Who answers the next message.
    [[nodiscard]] const Provider &current() const { return m_current; }
    /// The one of that id, as it is set up now.
    [[nodiscard]] std::optional<Provider> find(const QString &id) const;
    [[nodiscard]] QString currentId() const { return m_current.id; }
    [[nodiscard]] QString currentName() const { return m_current.name; }
    [[nodiscard]] bool isLooking() const { return m_discovery.isRunning(); }
    /// Whether a look has ended since the program started.
    [[nodiscard]] bool hasLooked() const { return m_looked; }

    /// That provider answers from now on.
    Q_INVOKABLE void select(const QString &id);
    /// Puts it under the editor.
    Q_INVOKABLE void edit(const QString &id);
    /// Adds the preset of that id, or a copy of it where it is there already, and puts it under the editor.
    Q_INVOKABLE void addPreset(const QString &presetId);
    /// Adds a server that was found, by its row, and lets it answer.
    Q_INVOKABLE void addFound(int row);
    /// Removes the provider and its key. The demo stays.
    Q_INVOKABLE void remove(const QString &id);
    /// Looks for servers on this computer.
    Q_INVOKABLE void look();

Q_SIGNALS:
    void currentChanged();
    void lookingChanged();

private:
    void add(Provider provider, bool select);
    void refresh();
    void refreshFound();

    Preferences &m_preferences;
    SecretStore &m_secrets;
    std::unique_ptr<Transport> m_transport;
    ProviderCredentials m_credentials;
    Provider m_demo;
    Provider m_current;
    ProviderList m_providers;
    ProviderList m_found;
    ProviderList m_presets;
    ProviderEditor m_editor;
    Discovery m_discovery;
    QList<LocalServer> m_servers;
    bool m_looked = false;
};

} // namespace rivulet
