// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/desktop/connectionsteps.h"
#include "app/desktop/credentialsettings.h"
#include "app/desktop/dialectsettings.h"
#include "app/desktop/fallbacksettings.h"
#include "app/desktop/limitsettings.h"
#include "app/desktop/networksettings.h"
#include "app/desktop/replicalist.h"
#include "app/shell/secretstore.h"
#include "net/providers/connectiontest.h"
#include "net/providers/modellist.h"
#include "net/providers/provider.h"

#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>
#include <QtQmlIntegration/qqmlintegration.h>

#include <functional>
#include <memory>

namespace rivulet {

class Preferences;
class ProviderCredentials;
class Transport;

/// One server under the user's hands: its name, address, model and key, and whether it works. What is valid
/// is kept at once; an address that is not is shown with what is wrong with it, and the last good one stays.
/// GUI thread.
class ProviderEditor : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(QString providerId READ providerId NOTIFY opened FINAL)
    Q_PROPERTY(bool editable READ isEditable NOTIFY opened FINAL)
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged FINAL)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged FINAL)
    Q_PROPERTY(QString addressProblem READ addressProblem NOTIFY addressChanged FINAL)
    Q_PROPERTY(bool runsPrograms READ runsPrograms NOTIFY opened FINAL)
    Q_PROPERTY(QString command READ command WRITE setCommand NOTIFY commandChanged FINAL)
    Q_PROPERTY(QString commandProblem READ commandProblem NOTIFY commandChanged FINAL)
    Q_PROPERTY(rivulet::DialectSettings *options READ options CONSTANT FINAL)
    Q_PROPERTY(rivulet::NetworkSettings *network READ network CONSTANT FINAL)
    Q_PROPERTY(rivulet::FallbackSettings *fallback READ fallback CONSTANT FINAL)
    Q_PROPERTY(rivulet::LimitSettings *limits READ limits CONSTANT FINAL)
    Q_PROPERTY(rivulet::ReplicaList *replicas READ replicas CONSTANT FINAL)
    Q_PROPERTY(bool proxyPasswordStored READ isProxyPasswordStored NOTIFY networkSecretsChanged FINAL)
    Q_PROPERTY(bool keyPassphraseStored READ isKeyPassphraseStored NOTIFY networkSecretsChanged FINAL)
    Q_PROPERTY(QString model READ model WRITE setModel NOTIFY modelChanged FINAL)
    Q_PROPERTY(QStringList models READ models NOTIFY modelsChanged FINAL)
    Q_PROPERTY(QString modelsProblem READ modelsProblem NOTIFY modelsChanged FINAL)
    Q_PROPERTY(rivulet::CredentialSettings *credential READ credential CONSTANT FINAL)
    Q_PROPERTY(bool clientSecretStored READ isClientSecretStored NOTIFY signInChanged FINAL)
    Q_PROPERTY(SignInState signInState READ signInState NOTIFY signInChanged FINAL)
    Q_PROPERTY(QString signInProblem READ signInProblem NOTIFY signInChanged FINAL)
    Q_PROPERTY(QUrl keyPage READ keyPage NOTIFY opened FINAL)
    Q_PROPERTY(KeyState keyState READ keyState NOTIFY keyChanged FINAL)
    Q_PROPERTY(QString keyNotice READ keyNotice NOTIFY keyChanged FINAL)
    Q_PROPERTY(bool testing READ isTesting NOTIFY testChanged FINAL)
    Q_PROPERTY(TestResult testResult READ testResult NOTIFY testChanged FINAL)
    Q_PROPERTY(rivulet::ConnectionSteps *steps READ steps CONSTANT FINAL)

public:
    /// What is known of the key. The key itself is never shown again.
    enum class KeyState {
        Looking,     ///< the keychain is being asked
        None,        ///< there is none
        Kept,        ///< the system's keychain has it
        SessionOnly, ///< it is in memory, until the program ends
    };
    Q_ENUM(KeyState)

    /// Whether the user is signed in with a browser, as far as it is known.
    enum class SignInState { SignedOut, SigningIn, SignedIn };
    Q_ENUM(SignInState)

    /// How the last test of this address, model and key went.
    enum class TestResult { Untested, Passed, Failed };
    Q_ENUM(TestResult)

    /// The references outlive the editor.
    ProviderEditor(Preferences &preferences, SecretStore &secrets, Transport &transport,
                   ProviderCredentials &credentials, QObject *parent = nullptr);

    /// Takes this server under the user's hands, and asks it for its models, where its key can be had without
    /// the user's help. One that is built in can be
    /// tested, not changed.
    void open(const Provider &provider, bool editable);

    [[nodiscard]] QString providerId() const { return m_provider.id; }
    [[nodiscard]] bool isEditable() const { return m_editable; }
    [[nodiscard]] QString name() const { return m_provider.name; }
    void setName(const QString &name);
    /// The base URL as it was typed.
    [[nodiscard]] QString address() const { return m_address; }
    void setAddress(const QString &address);
    /// What is wrong with the address, in words; empty while nothing is.
    [[nodiscard]] QString addressProblem() const { return m_addressProblem; }
    /// Whether the server's dialect also speaks to local programs: then it is at an address or behind a
    /// command.
    [[nodiscard]] bool runsPrograms() const;
    /// The program with its arguments, as it was typed: words in quotes may hold spaces.
    [[nodiscard]] QString command() const { return m_command; }
    void setCommand(const QString &command);
    /// What is wrong with the command, in words; empty while nothing is.
    [[nodiscard]] QString commandProblem() const { return m_commandProblem; }
    /// What only the server's dialect knows.
    [[nodiscard]] DialectSettings *options() { return &m_options; }
    /// How the server's traffic leaves this computer.
    [[nodiscard]] NetworkSettings *network() { return &m_network; }
    /// How much the server may be asked.
    [[nodiscard]] FallbackSettings *fallback() { return &m_fallback; }
    [[nodiscard]] LimitSettings *limits() { return &m_limits; }
    /// Where else the server is to be had.
    [[nodiscard]] ReplicaList *replicas() { return &m_replicas; }
    /// Whether there is a password for this user of this proxy, and a passphrase for this key file.
    [[nodiscard]] bool isProxyPasswordStored() const { return m_proxyPasswordStored; }
    [[nodiscard]] bool isKeyPassphraseStored() const { return m_keyPassphraseStored; }
    [[nodiscard]] QString model() const { return m_provider.model; }
    void setModel(const QString &model);
    /// What the server offers, as far as it was asked.
    [[nodiscard]] QStringList models() const { return m_models; }
    /// Why the list that was asked for is not there, in words; empty where it is, or the server has none.
    [[nodiscard]] QString modelsProblem() const { return m_modelsProblem; }
    /// Where the server's key comes from.
    [[nodiscard]] CredentialSettings *credential() { return &m_credential; }
    /// Whether there is a secret for this sign-in.
    [[nodiscard]] bool isClientSecretStored() const { return m_clientSecretStored; }
    [[nodiscard]] SignInState signInState() const { return m_signInState; }
    /// Why the last sign-in failed, or the server was not told of the last sign-out, in words; empty where
    /// that is not so.
    [[nodiscard]] QString signInProblem() const { return m_signInProblem; }
    [[nodiscard]] QUrl keyPage() const;
    [[nodiscard]] KeyState keyState() const { return m_keyState; }
    /// Why a key is kept for this session only, in words; empty where it is not.
    [[nodiscard]] QString keyNotice() const;
    [[nodiscard]] bool isTesting() const { return m_keyAwaited || m_test.isRunning(); }
    [[nodiscard]] TestResult testResult() const { return m_testResult; }
    [[nodiscard]] ConnectionSteps *steps() { return &m_steps; }

    /// Keeps the key for this server's address. The caller clears what was typed.
    Q_INVOKABLE void setKey(const QString &key);
    Q_INVOKABLE void removeKey();
    /// Keeps the password for this user of this proxy, or the passphrase for this key file, as keys are kept.
    /// The caller clears what was typed.
    Q_INVOKABLE void setProxyPassword(const QString &password);
    Q_INVOKABLE void setKeyPassphrase(const QString &passphrase);
    /// Keeps the client's secret for this sign-in, as keys are kept. The caller clears what was typed.
    Q_INVOKABLE void setClientSecret(const QString &secret);
    Q_INVOKABLE void removeClientSecret();
    /// Lets the user sign in with their browser.
    Q_INVOKABLE void signIn();
    Q_INVOKABLE void stopSignIn();
    /// Forgets the sign-in, here and, where the settings name a place for that, on the server.
    Q_INVOKABLE void signOut();
    /// Asks the server for its models; quiet where it has no list. A program that prints the key may run for
    /// it, but no browser opens.
    Q_INVOKABLE void loadModels();
    /// "Test connection". A program that prints the key may run for it, and a browser may open.
    Q_INVOKABLE void test();
    Q_INVOKABLE void stopTest();

Q_SIGNALS:
    void opened();
    void networkSecretsChanged();
    void nameChanged();
    void addressChanged();
    void commandChanged();
    void modelChanged();
    void modelsChanged();
    void keyChanged();
    void testChanged();
    void signInChanged();

private:
    enum class Help { Welcome, None };

    void keep();
    void lookForKey();
    void lookForNetworkSecrets();
    void keepNetworkSecret(const SecretName &name, const QString &secret);
    void forgetTest();
    void lookForSignIn();
    void setModels(const QStringList &models);
    void setModelsProblem(const QString &problem);
    void listModels(Help help, bool tells = false);
    void testWith(const KeyResult &key);
    bool renewKey(const ConnectionReport &report);
    /// Whether that server's key is still that of this one.
    [[nodiscard]] bool isSameKey(const Provider &provider) const;
    /// Calls `use` later with this server's key, unless it is another server's by then, or `context`, which
    /// is made anew, is gone.
    void ask(Help help, std::unique_ptr<QObject> &context, const std::function<void(const KeyResult &)> &use);

    Preferences &m_preferences;
    SecretStore &m_secrets;
    ProviderCredentials &m_credentials;
    Provider m_provider;
    QString m_address;
    QString m_addressProblem;
    QString m_command;
    QString m_commandProblem;
    DialectSettings m_options;
    QStringList m_models;
    QString m_modelsProblem;
    CredentialSettings m_credential;
    bool m_clientSecretStored = false;
    SignInState m_signInState = SignInState::SignedOut;
    QString m_signInProblem;
    // Each is there while an answer is waited for; without it, none comes.
    std::unique_ptr<QObject> m_listing;
    std::unique_ptr<QObject> m_testing;
    std::unique_ptr<QObject> m_signingIn;
    Secret m_testedKey;
    bool m_keyAwaited = false;
    bool m_keyRenewed = false;
    KeyState m_keyState = KeyState::None;
    TestResult m_testResult = TestResult::Untested;
    bool m_editable = false;
    NetworkSettings m_network;
    FallbackSettings m_fallback;
    LimitSettings m_limits;
    ReplicaList m_replicas;
    bool m_proxyPasswordStored = false;
    bool m_keyPassphraseStored = false;
    ConnectionSteps m_steps;
    ConnectionTest m_test;
    ModelList m_modelList;
};

} // namespace rivulet
