// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/desktop/preferences.h"
#include "app/desktop/providersettings.h"
#include "tests/support/oneconsent.h"
#include "tests/support/sessionsecrets.h"

#include <QtCore/qobject.h>
#include <QtCore/qtemporarydir.h>
#include <QtQmlIntegration/qqmlintegration.h>

namespace rivulet::test {

/// All that a settings page needs, with a network on which one server answers, https://works.example/v1,
/// and every other address refuses. Its key is "right". Programs are allowed to run.
class SettingsStage : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(rivulet::Preferences *preferences READ preferences CONSTANT FINAL)
    Q_PROPERTY(rivulet::ProviderSettings *providers READ providers CONSTANT FINAL)

public:
    explicit SettingsStage(QObject *parent = nullptr);

    [[nodiscard]] Preferences *preferences() { return &m_preferences; }
    [[nodiscard]] ProviderSettings *providers() { return &m_providers; }

    /// Removes every server but the demo.
    Q_INVOKABLE void clear();
    /// The key that is stored for the server of that id; empty where none is.
    Q_INVOKABLE [[nodiscard]] QString storedKey(const QString &providerId) const;

    /// As if the user had signed in there with the browser before.
    Q_INVOKABLE void keepSignIn(const QString &providerId);

    /// How many pages the browser was to open so far, and about how many programs people were asked.
    Q_INVOKABLE [[nodiscard]] int pagesOpened() const;
    Q_INVOKABLE [[nodiscard]] int programsAsked() const;

private:
    QTemporaryDir m_folder;
    Preferences m_preferences;
    SessionSecrets m_secrets;
    QList<QUrl> m_pages;
    OneConsent m_consent{true};
    ProviderSettings m_providers;
};

} // namespace rivulet::test
