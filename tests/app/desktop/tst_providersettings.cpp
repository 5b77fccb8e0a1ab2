// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/providersettings.h"

#include "app/desktop/preferences.h"
#include "tests/support/faketransport.h"
#include "tests/support/oneconsent.h"
#include "tests/support/sessionsecrets.h"
#include "tests/support/tlsfront.h"

#include <QtCore/qdir.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

struct Stage
{
    QTemporaryDir folder;
    Preferences preferences{folder.filePath(u"settings.json"_s)};
    SessionSecrets secrets;
    FakeTransport *network = new FakeTransport;
    QList<QUrl> pages;
    OneConsent consent{true};
    ProviderSettings settings{
        preferences,
        secrets,
        std::unique_ptr<Transport>(network),
        {.id = u"demo"_s, .name = u"Demo"_s, .baseUrl = QUrl(u"http://127.0.0.1:1/v1"_s)},
        {.openBrowser = [this](const QUrl &page) { pages.append(page); }, .consent = &consent}};

    ProviderEditor &editor() { return *settings.editor(); }

    /// A sign-in with the browser that is complete.
    void typeSignIn()
    {
        CredentialSettings &credential = *editor().credential();
        credential.setSource(CredentialSettings::Source::OAuth);
        credential.setAuthorizationUrl(u"https://id.example/authorize"_s);
        credential.setTokenUrl(u"https://id.example/token"_s);
        credential.setClientId(u"rivulet"_s);
    }

    [[nodiscard]] bool lastRequestHas(const QByteArray &key)
    {
        return std::ranges::any_of(network->last().request().headers,
                                   [&key](const auto &header) { return header.second.contains(key); });
    }
};

} // namespace

class ProviderSettingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void begins_with_the_demo_alone()
    {
        Stage stage;
        QCOMPARE(stage.settings.providers()->count(), 1);
        QCOMPARE(stage.settings.currentId(), u"demo"_s);
        QVERIFY(!stage.editor().isEditable());
    }

    void a_preset_is_added_once_more_as_a_copy()
    {
        Stage stage;
        const QAbstractItemModelTester tester(stage.settings.providers());
        stage.settings.addPreset(u"openai"_s);
        stage.settings.addPreset(u"openai"_s);
        QCOMPARE(stage.settings.providers()->count(), 3);
        QCOMPARE(stage.editor().providerId(), u"openai-2"_s);
        QCOMPARE(stage.settings.currentId(), u"demo"_s);
    }

    void who_answers_is_kept_and_falls_back_to_the_demo_when_removed()
    {
        Stage stage;
        QSignalSpy changed(&stage.settings, &ProviderSettings::currentChanged);
        stage.settings.addPreset(u"openai"_s);
        stage.settings.select(u"openai"_s);
        QCOMPARE(stage.settings.currentId(), u"openai"_s);
        QCOMPARE(stage.preferences.settings().currentProvider, u"openai"_s);
        stage.settings.remove(u"openai"_s);
        QCOMPARE(stage.settings.currentId(), u"demo"_s);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(stage.editor().providerId(), QString());
    }

    void no_server_is_contacted_before_its_page_is_opened()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.settings.select(u"openai"_s);
        auto *network = new FakeTransport;
        ProviderSettings next(stage.preferences, stage.secrets, std::unique_ptr<Transport>(network),
                              {.id = u"demo"_s, .baseUrl = QUrl(u"http://127.0.0.1:1/v1"_s)}, {});
        QCoreApplication::processEvents();
        QCOMPARE(network->count(), 0);
        next.edit(u"openai"_s);
        QTRY_COMPARE(network->count(), 1);
    }

    void only_this_computer_counts_as_local()
    {
        Stage stage;
        stage.settings.addPreset(u"custom"_s);
        const auto place = [&stage] {
            const ProviderList *list = stage.settings.providers();
            return list->data(list->index(1), static_cast<int>(ProviderList::Role::Place))
                .value<ProviderList::Place>();
        };
        stage.editor().setAddress(u"http://127.0.0.1:8080/v1"_s);
        QCOMPARE(place(), ProviderList::Place::Local);
        stage.editor().setAddress(u"http://127.evil.com/v1"_s);
        QVERIFY(place() != ProviderList::Place::Local);
    }

    void an_address_that_makes_no_sense_is_told_and_the_last_good_one_stays_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::newRow("empty") << u" "_s;
        QTest::newRow("words") << u"not a server"_s;
        QTest::newRow("another scheme") << u"ftp://example.org"_s;
        QTest::newRow("no host") << u"https:///v1"_s;
        QTest::newRow("a user name") << u"https://me@example.org/v1"_s;
        QTest::newRow("a query") << u"https://example.org/v1?key=1"_s;
    }
    void an_address_that_makes_no_sense_is_told_and_the_last_good_one_stays()
    {
        QFETCH(QString, typed);
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        const QUrl good = stage.preferences.settings().providers.constFirst().baseUrl;
        stage.editor().setAddress(typed);
        QVERIFY(!stage.editor().addressProblem().isEmpty());
        QCOMPARE(stage.editor().address(), typed);
        QCOMPARE(stage.preferences.settings().providers.constFirst().baseUrl, good);
    }

    void a_good_address_is_kept_at_once_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url");
        QTest::newRow("as it is") << u"http://localhost:8080/v1"_s << u"http://localhost:8080/v1"_s;
        QTest::newRow("with a slash at its end")
            << u" https://example.org/v1/ "_s << u"https://example.org/v1"_s;
        QTest::newRow("without a scheme") << u"example.org/v1"_s << u"https://example.org/v1"_s;
        QTest::newRow("a WebSocket") << u"wss://example.org/agent"_s << u"wss://example.org/agent"_s;
        QTest::newRow("a WebSocket of this computer")
            << u"ws://localhost:9/agent"_s << u"ws://localhost:9/agent"_s;
    }

    void how_traffic_leaves_is_kept_at_once()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        NetworkSettings &network = *stage.editor().network();
        const auto kept = [&stage] { return stage.preferences.settings().providers.constFirst().network; };
        QVERIFY(network.isPlain());
        network.setProxyMode(NetworkSettings::ProxyMode::Socks5);
        network.setProxyAddress(u"proxy.example:1080"_s);
        network.setProxyUser(u"me"_s);
        network.setHttp2(true);
        network.setCookies(true);
        network.setCaFile(tlsFile(u"authority.pem"_s));
        network.setCertificateFile(tlsFile(u"client.pem"_s));
        network.setKeyFile(tlsFile(u"client-key.pem"_s));
        const proxy::Server proxy{
            .kind = proxy::Server::Kind::Socks5, .host = u"proxy.example"_s, .port = 1080, .user = u"me"_s};
        QVERIFY(kept().proxy == ProxyChoice(proxy));
        QVERIFY(kept().http2 && kept().cookies);
        QCOMPARE(kept().caFile, tlsFile(u"authority.pem"_s));
        QCOMPARE(kept().certificateFile, tlsFile(u"client.pem"_s));
        QCOMPARE(kept().keyFile, tlsFile(u"client-key.pem"_s));

        // And it is shown again as it was.
        stage.settings.addPreset(u"anthropic"_s);
        QVERIFY(network.isPlain());
        stage.settings.edit(u"openai"_s);
        QCOMPARE(network.proxyAddress(), u"proxy.example:1080"_s);
        QCOMPARE(network.proxyUser(), u"me"_s);
        QCOMPARE(network.proxyMode(), NetworkSettings::ProxyMode::Socks5);
        QVERIFY(kept().proxy == ProxyChoice(proxy));
    }

    void a_proxy_that_makes_no_sense_is_told_and_the_last_good_one_stays_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::newRow("nothing") << u""_s;
        QTest::newRow("no port") << u"proxy.example"_s;
        QTest::newRow("a port that there is not") << u"proxy.example:70000"_s;
        QTest::newRow("a scheme") << u"http://proxy.example:3128"_s;
        QTest::newRow("a password") << u"me:secret@proxy.example:3128"_s;
        QTest::newRow("words") << u"not a proxy:1"_s;
    }
    void a_proxy_that_makes_no_sense_is_told_and_the_last_good_one_stays()
    {
        QFETCH(QString, typed);
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        NetworkSettings &network = *stage.editor().network();
        network.setProxyMode(NetworkSettings::ProxyMode::Http);
        network.setProxyAddress(u"proxy.example:3128"_s);
        QCOMPARE(network.proxyProblem(), QString());
        const NetworkOptions good = stage.preferences.settings().providers.constFirst().network;
        QVERIFY(good != NetworkOptions());
        network.setProxyAddress(typed);
        QVERIFY(!network.proxyProblem().isEmpty());
        QVERIFY(stage.preferences.settings().providers.constFirst().network == good);
        network.setProxyMode(NetworkSettings::ProxyMode::None);
        QCOMPARE(network.proxyProblem(), QString());
    }

    void a_file_of_certificates_that_can_not_be_used_is_told_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("no whole path") << u"ca.pem"_s;
        QTest::newRow("no file") << u"/nowhere/ca.pem"_s;
        QTest::newRow("a folder") << QDir::tempPath();
        QTest::newRow("not a PEM") << tlsFile(u"README.md"_s);
    }
    void a_file_of_certificates_that_can_not_be_used_is_told()
    {
        QFETCH(QString, path);
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        NetworkSettings &network = *stage.editor().network();
        network.setCaFile(path);
        QVERIFY(!network.caProblem().isEmpty());
        network.setCertificateFile(path);
        QVERIFY(!network.certificateProblem().isEmpty());
        network.setCertificateFile(tlsFile(u"client.pem"_s));
        QCOMPARE(network.certificateProblem(), QString());
        QVERIFY(!network.keyProblem().isEmpty());
        network.setKeyFile(path);
        QVERIFY(!network.keyProblem().isEmpty());
        QVERIFY(stage.preferences.settings().providers.constFirst().network == NetworkOptions());
    }

    void the_secrets_of_the_network_are_kept_where_keys_are()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        NetworkSettings &network = *stage.editor().network();
        network.setProxyMode(NetworkSettings::ProxyMode::Http);
        network.setProxyAddress(u"proxy.example:3128"_s);
        network.setProxyUser(u"me"_s);
        network.setCertificateFile(tlsFile(u"client.pem"_s));
        network.setKeyFile(tlsFile(u"client-key-locked.pem"_s));
        QVERIFY(network.isKeyLocked());
        stage.editor().setProxyPassword(u"the-password"_s);
        stage.editor().setKeyPassphrase(u"open-sesame"_s);
        QTRY_VERIFY(stage.editor().isProxyPasswordStored() && stage.editor().isKeyPassphraseStored());
        QVERIFY(stage.secrets.keys.contains(
            {{u"openai#proxy-password"_s, u"http://me@proxy.example:3128"_s}, Secret("the-password")}));

        // It is for this proxy only.
        network.setProxyAddress(u"other.example:3128"_s);
        QTRY_VERIFY(stage.editor().isKeyPassphraseStored());
        QVERIFY(!stage.editor().isProxyPasswordStored());
        stage.settings.remove(u"openai"_s);
        QVERIFY(stage.secrets.keys.isEmpty());
    }

    void only_a_dialect_of_programs_takes_a_command()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        QVERIFY(!stage.editor().runsPrograms());
        stage.settings.addPreset(u"command"_s);
        QVERIFY(stage.editor().runsPrograms());
        QCOMPARE(stage.editor().command(), QString());
    }

    void a_command_is_found_and_kept_at_once()
    {
        Stage stage;
        stage.settings.addPreset(u"command"_s);
        stage.editor().setCommand(u"sh -c \"echo a b\""_s);
        QCOMPARE(stage.editor().commandProblem(), QString());
        const Provider kept = stage.preferences.settings().providers.constFirst();
        QVERIFY(QDir::isAbsolutePath(kept.program));
        QVERIFY(kept.program.endsWith("/sh"_L1));
        QCOMPARE(kept.arguments, (QStringList{u"-c"_s, u"echo a b"_s}));

        // Shown again, it means the same.
        stage.settings.edit(u"command"_s);
        const QString shown = stage.editor().command();
        stage.editor().setCommand(QString());
        QCOMPARE(stage.preferences.settings().providers.constFirst().program, QString());
        stage.editor().setCommand(shown);
        QCOMPARE(stage.preferences.settings().providers.constFirst(), kept);

        // It needs no address.
        stage.editor().setAddress(u"http://localhost:1/x"_s);
        stage.editor().setAddress(QString());
        QCOMPARE(stage.editor().addressProblem(), QString());
        QVERIFY(stage.preferences.settings().providers.constFirst().baseUrl.isEmpty());
    }

    void a_command_that_is_no_program_is_told_and_the_last_good_one_stays()
    {
        Stage stage;
        stage.settings.addPreset(u"command"_s);
        stage.editor().setCommand(u"sh"_s);
        const QString good = stage.preferences.settings().providers.constFirst().program;
        for (const QString &typed : {u"rivulet-no-such-program"_s, u"/"_s, u"./relative"_s}) {
            stage.editor().setCommand(typed);
            QVERIFY2(!stage.editor().commandProblem().isEmpty(), qPrintable(typed));
            QCOMPARE(stage.preferences.settings().providers.constFirst().program, good);
        }
    }

    void what_only_the_dialect_knows_can_be_set()
    {
        Stage stage;
        stage.settings.addPreset(u"command"_s);
        DialectSettings *options = stage.editor().options();
        const QAbstractItemModelTester tester(options);
        QVERIFY(options->rowCount() > 0);
        options->set(u"cwd"_s, u" /home/me "_s);
        QCOMPARE(stage.preferences.settings().providers.constFirst().options,
                 (QMap<QString, QString>{{u"cwd"_s, u"/home/me"_s}}));
        options->set(u"nothing of that name"_s, u"x"_s);
        options->set(u"cwd"_s, QString());
        QVERIFY(stage.preferences.settings().providers.constFirst().options.isEmpty());
    }
    void a_good_address_is_kept_at_once()
    {
        QFETCH(QString, typed);
        Stage stage;
        stage.settings.addPreset(u"custom"_s);
        stage.editor().setAddress(typed);
        QCOMPARE(stage.editor().addressProblem(), QString());
        QTEST(stage.preferences.settings().providers.constFirst().baseUrl.toString(), "url");
    }

    void a_key_is_bound_to_its_address()
    {
        Stage stage;
        stage.settings.addPreset(u"custom"_s);
        stage.editor().setAddress(u"https://one.example/v1"_s);
        stage.editor().setKey(u" sk-one "_s);
        QTRY_COMPARE(stage.editor().keyState(), ProviderEditor::KeyState::SessionOnly);
        QCOMPARE(stage.secrets.keys.constFirst().second.bytes(), "sk-one");
        QVERIFY(!stage.editor().keyNotice().isEmpty());

        stage.editor().setAddress(u"https://two.example/v1"_s);
        QTRY_COMPARE(stage.editor().keyState(), ProviderEditor::KeyState::None);
        for (qsizetype i = 0; i < stage.network->count(); ++i) {
            const HttpRequest &request = stage.network->exchange(i).request();
            const bool carriesKey = std::ranges::any_of(
                request.headers, [](const auto &header) { return header.second.contains("sk-one"); });
            QVERIFY(!carriesKey || request.url.host() == u"one.example"_s);
        }
    }

    void removing_a_provider_removes_its_key()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.editor().setKey(u"sk-secret-1"_s);
        QTRY_COMPARE(stage.secrets.keys.size(), 1);
        stage.settings.remove(u"openai"_s);
        QCOMPARE(stage.secrets.keys.size(), 0);
    }

    void the_key_never_reaches_the_settings_file()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.editor().setKey(u"sk-secret-2"_s);
        QTRY_COMPARE(stage.secrets.keys.size(), 1);
        stage.editor().setName(u"Mine"_s);
        QFile file(stage.folder.filePath(u"settings.json"_s));
        QTRY_VERIFY(file.exists());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray written = file.readAll();
        QVERIFY(written.contains("Mine"));
        QVERIFY(!written.contains("sk-secret-2"));
    }

    void where_the_key_comes_from_is_kept_once_it_is_complete()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        CredentialSettings &credential = *stage.editor().credential();
        const auto kept = [&stage] { return stage.preferences.settings().providers.constFirst().credential; };
        QCOMPARE(credential.source(), CredentialSettings::Source::Keychain);
        QVERIFY(credential.isComplete());

        credential.setSource(CredentialSettings::Source::Environment);
        QVERIFY(!credential.isComplete());
        QVERIFY(!credential.variableProblem().isEmpty());
        QVERIFY(kept() == Credential());
        credential.setVariable(u" RIVULET_TEST_KEY "_s);
        QCOMPARE(credential.variableProblem(), QString());
        QVERIFY(kept() == Credential(credential::Environment{u"RIVULET_TEST_KEY"_s}));

        credential.setSource(CredentialSettings::Source::Program);
        QVERIFY(!credential.commandProblem().isEmpty());
        QCOMPARE(credential.variableProblem(), QString());
        QVERIFY(std::holds_alternative<credential::Environment>(kept()));
        credential.setCommand(u"sh -c \"echo a b\""_s);
        QVERIFY(credential.isComplete());
        const auto command = std::get<credential::Command>(kept());
        QVERIFY(QDir::isAbsolutePath(command.program));
        QCOMPARE(command.arguments, (QStringList{u"-c"_s, u"echo a b"_s}));

        credential.setSource(CredentialSettings::Source::OAuth);
        for (const QString &problem :
             {credential.authorizationProblem(), credential.tokenProblem(), credential.clientIdProblem()})
            QVERIFY(!problem.isEmpty());
        credential.setAuthorizationUrl(u"https://id.example/authorize?tenant=1"_s);
        credential.setTokenUrl(u"https://id.example/token"_s);
        QVERIFY(!credential.isComplete());
        credential.setClientId(u"rivulet"_s);
        credential.setScopes(u" chat  offline_access"_s);
        credential.setAudience(u"https://api.example"_s);
        const credential::OAuth oauth{.authorizationUrl = QUrl(u"https://id.example/authorize?tenant=1"_s),
                                      .tokenUrl = QUrl(u"https://id.example/token"_s),
                                      .clientId = u"rivulet"_s,
                                      .scopes = {u"chat"_s, u"offline_access"_s},
                                      .audience = u"https://api.example"_s};
        QVERIFY(kept() == Credential(oauth));
        credential.setGrant(CredentialSettings::Grant::Client);
        QCOMPARE(std::get<credential::OAuth>(kept()).grant, credential::OAuth::Grant::ClientCredentials);
    }

    void nothing_that_was_typed_about_a_key_is_lost()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        CredentialSettings &credential = *stage.editor().credential();
        credential.setSource(CredentialSettings::Source::Environment);
        credential.setVariable(u"MINE"_s);
        credential.setSource(CredentialSettings::Source::OAuth);
        credential.setTokenUrl(u"https://id.exam"_s);
        credential.setClientId(u"rivulet"_s);
        credential.setSource(CredentialSettings::Source::Environment);
        QCOMPARE(credential.variable(), u"MINE"_s);
        credential.setSource(CredentialSettings::Source::OAuth);

        stage.settings.addPreset(u"anthropic"_s);
        QCOMPARE(credential.source(), CredentialSettings::Source::Keychain);
        QCOMPARE(credential.tokenUrl(), QString());
        stage.settings.edit(u"openai"_s);
        QCOMPARE(credential.source(), CredentialSettings::Source::OAuth);
        QCOMPARE(credential.tokenUrl(), u"https://id.exam"_s);
        QCOMPARE(credential.clientId(), u"rivulet"_s);
        QVERIFY(!credential.isComplete());

        // But a server that is removed takes it along.
        stage.settings.remove(u"openai"_s);
        stage.settings.addPreset(u"openai"_s);
        QCOMPARE(credential.source(), CredentialSettings::Source::Keychain);
        QCOMPARE(credential.clientId(), QString());
    }

    void a_key_source_of_the_settings_is_shown()
    {
        Stage stage;
        const credential::OAuth oauth{.grant = credential::OAuth::Grant::ClientCredentials,
                                      .tokenUrl = QUrl(u"https://id.example/token"_s),
                                      .clientId = u"rivulet"_s,
                                      .scopes = {u"a"_s, u"b"_s}};
        Settings settings;
        settings.providers = {
            {.id = u"one"_s, .credential = credential::Environment{u"MINE"_s}},
            {.id = u"two"_s,
             .credential = credential::Command{.program = u"/bin/sh"_s, .arguments = {u"a b"_s}}},
            {.id = u"three"_s, .credential = oauth}};
        stage.preferences.update(settings);
        const CredentialSettings &credential = *stage.editor().credential();
        stage.settings.edit(u"one"_s);
        QCOMPARE(credential.source(), CredentialSettings::Source::Environment);
        QCOMPARE(credential.variable(), u"MINE"_s);
        stage.settings.edit(u"two"_s);
        QCOMPARE(credential.source(), CredentialSettings::Source::Program);
        QCOMPARE(credential.command(), u"/bin/sh \"a b\""_s);
        stage.settings.edit(u"three"_s);
        QCOMPARE(credential.source(), CredentialSettings::Source::OAuth);
        QCOMPARE(credential.grant(), CredentialSettings::Grant::Client);
        QCOMPARE(credential.tokenUrl(), u"https://id.example/token"_s);
        QCOMPARE(credential.scopes(), u"a b"_s);
        QVERIFY(credential.isComplete());
        QCOMPARE(stage.preferences.settings().providers, settings.providers);
    }

    void a_sign_in_that_makes_no_sense_is_told_and_the_last_good_one_stays_data()
    {
        QTest::addColumn<QString>("address");
        QTest::newRow("empty") << u" "_s;
        QTest::newRow("words") << u"not a server"_s;
        QTest::newRow("in clear") << u"http://id.example/token"_s;
        QTest::newRow("a user name") << u"https://me:secret@id.example/token"_s;
        QTest::newRow("a fragment") << u"https://id.example/token#x"_s;
        QTest::newRow("another scheme") << u"ftp://id.example/token"_s;
    }
    void a_sign_in_that_makes_no_sense_is_told_and_the_last_good_one_stays()
    {
        QFETCH(QString, address);
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.typeSignIn();
        CredentialSettings &credential = *stage.editor().credential();
        const Provider good = stage.preferences.settings().providers.constFirst();
        QVERIFY(std::holds_alternative<credential::OAuth>(good.credential));
        credential.setTokenUrl(address);
        QVERIFY(!credential.tokenProblem().isEmpty());
        QCOMPARE(credential.authorizationProblem(), QString());
        credential.setTokenUrl(u"https://id.example/token"_s);
        credential.setAuthorizationUrl(address);
        QVERIFY(!credential.authorizationProblem().isEmpty());
        QCOMPARE(stage.preferences.settings().providers.constFirst(), good);
        // Nobody but the user goes there.
        credential.setGrant(CredentialSettings::Grant::Client);
        QCOMPARE(credential.authorizationProblem(), QString());
        QVERIFY(credential.isComplete());
        credential.setScopes(u"a \"b\""_s);
        QVERIFY(!credential.scopesProblem().isEmpty());
    }

    void a_client_secret_is_kept_where_keys_are_and_nowhere_else()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.typeSignIn();
        stage.editor().setClientSecret(u" the-secret\n"_s);
        QTRY_VERIFY(stage.editor().isClientSecretStored());
        const Provider provider = stage.preferences.settings().providers.constFirst();
        QVERIFY(stage.secrets.keys.contains({clientSecretNameOf(provider), Secret("the-secret")}));
        QFile file(stage.folder.filePath(u"settings.json"_s));
        QTRY_VERIFY(file.exists());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("the-secret"));

        // It is for this server only.
        stage.editor().credential()->setTokenUrl(u"https://elsewhere.example/token"_s);
        QVERIFY(!stage.editor().isClientSecretStored());
        stage.editor().credential()->setTokenUrl(u"https://id.example/token"_s);
        QTRY_VERIFY(stage.editor().isClientSecretStored());
        stage.editor().removeClientSecret();
        QTRY_VERIFY(!stage.editor().isClientSecretStored());
        QVERIFY(stage.secrets.keys.isEmpty());
    }

    void a_page_that_is_opened_runs_no_program_and_opens_no_browser()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.editor().credential()->setSource(CredentialSettings::Source::Program);
        stage.editor().credential()->setCommand(u"echo printed-key"_s);
        stage.settings.addPreset(u"anthropic"_s);
        stage.typeSignIn();
        const qsizetype before = stage.network->count();
        stage.settings.edit(u"openai"_s);
        stage.settings.edit(u"anthropic"_s);
        // Nor does the button for the models open a browser; that it tells so shows that it was tried.
        stage.editor().loadModels();
        QTRY_VERIFY(!stage.editor().modelsProblem().isEmpty());
        QCOMPARE(stage.consent.asked.size(), 0);
        QCOMPARE(stage.pages.size(), 0);
        QCOMPARE(stage.network->count(), before);
    }

    void a_test_uses_the_key_that_is_chosen()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.editor().setKey(u"sk-in-the-keychain"_s);
        QTRY_COMPARE(stage.editor().keyState(), ProviderEditor::KeyState::SessionOnly);
        stage.editor().credential()->setSource(CredentialSettings::Source::Program);
        stage.editor().credential()->setCommand(u"echo printed-key"_s);
        const qsizetype before = stage.network->count();
        stage.editor().test();
        QVERIFY(stage.editor().isTesting());
        QTRY_COMPARE(stage.network->count(), before + 1);
        QCOMPARE(stage.consent.asked.size(), 1);
        QVERIFY(stage.lastRequestHas("printed-key"));

        // An environment variable as well; and the list of models.
        qputenv("RIVULET_TEST_KEY", "environment-key");
        stage.editor().credential()->setSource(CredentialSettings::Source::Environment);
        stage.editor().credential()->setVariable(u"RIVULET_TEST_KEY"_s);
        QVERIFY(stage.editor().credential()->isVariableFound());
        QVERIFY(!stage.editor().isTesting());
        stage.editor().loadModels();
        QTRY_COMPARE(stage.network->count(), before + 2);
        qunsetenv("RIVULET_TEST_KEY");
        QVERIFY(stage.lastRequestHas("environment-key"));
    }

    void a_test_without_its_key_tells_why()
    {
        Stage stage;
        stage.consent.setAllows(false);
        stage.settings.addPreset(u"openai"_s);
        stage.editor().credential()->setSource(CredentialSettings::Source::Program);
        stage.editor().credential()->setCommand(u"echo printed-key"_s);
        const qsizetype before = stage.network->count();
        stage.editor().test();
        QTRY_COMPARE(stage.editor().testResult(), ProviderEditor::TestResult::Failed);
        QVERIFY(!stage.editor().isTesting());
        const ConnectionSteps *steps = stage.editor().steps();
        const QModelIndex key = steps->index(static_cast<int>(ConnectionStep::Kind::Key));
        QCOMPARE(key.data(static_cast<int>(ConnectionSteps::Role::State)).value<ConnectionSteps::State>(),
                 ConnectionSteps::State::Failed);
        QCOMPARE(key.data(static_cast<int>(ConnectionSteps::Role::Problem)).toString(),
                 u"This program was not allowed to run."_s);
        QCOMPARE(stage.network->count(), before);
    }

    void a_key_that_was_printed_long_ago_is_printed_again_when_it_is_refused()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.editor().credential()->setSource(CredentialSettings::Source::Program);
        stage.editor().credential()->setCommand(
            u"sh -c \"echo x >> '%1'; echo printed-$(wc -l < '%1')\""_s.arg(
                stage.folder.filePath(u"runs"_s)));
        const qsizetype before = stage.network->count();
        const auto refuse = [&stage] {
            stage.network->last().head(401, "application/json");
            stage.network->last().bytes(R"({"error":{"message":"No such key"}})");
            stage.network->last().finish();
        };
        stage.editor().test();
        QTRY_COMPARE(stage.network->count(), before + 1);
        QVERIFY(stage.lastRequestHas("printed-1"));
        refuse();
        QTRY_COMPARE(stage.network->count(), before + 2);
        QVERIFY(stage.lastRequestHas("printed-2"));
        QVERIFY(stage.editor().isTesting());
        refuse();
        QTRY_COMPARE(stage.editor().testResult(), ProviderEditor::TestResult::Failed);
        QVERIFY(!stage.editor().isTesting());
        QCOMPARE(stage.network->count(), before + 2);
    }

    void people_sign_in_when_they_say_so()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.typeSignIn();
        QCOMPARE(stage.editor().signInState(), ProviderEditor::SignInState::SignedOut);
        stage.editor().signIn();
        QCOMPARE(stage.editor().signInState(), ProviderEditor::SignInState::SigningIn);
        QTRY_COMPARE(stage.pages.size(), 1);
        QCOMPARE(stage.pages[0].host(), u"id.example"_s);
        stage.editor().stopSignIn();
        QCOMPARE(stage.editor().signInState(), ProviderEditor::SignInState::SignedOut);
        // A test waits for a sign-in as well, and can be stopped.
        stage.editor().test();
        QTRY_COMPARE(stage.pages.size(), 2);
        QVERIFY(stage.editor().isTesting());
        stage.editor().stopTest();
        QVERIFY(!stage.editor().isTesting());
        QCOMPARE(stage.editor().testResult(), ProviderEditor::TestResult::Untested);
    }

    void who_signed_in_before_is_signed_in_until_the_server_says_otherwise()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.typeSignIn();
        const Provider provider = stage.preferences.settings().providers.constFirst();
        stage.secrets.keys.append({refreshTokenNameOf(provider), Secret("refresh-1")});
        stage.settings.edit(u"demo"_s);
        const qsizetype before = stage.network->count();
        stage.settings.edit(u"openai"_s);
        QTRY_COMPARE(stage.editor().signInState(), ProviderEditor::SignInState::SignedIn);
        QTRY_COMPARE(stage.network->count(), before + 1);
        QVERIFY(stage.network->last().request().body.contains("refresh_token=refresh-1"));
        stage.network->last().head(400, "application/json");
        stage.network->last().bytes(R"({"error":"invalid_grant"})");
        stage.network->last().finish();
        QTRY_COMPARE(stage.editor().signInState(), ProviderEditor::SignInState::SignedOut);
        QCOMPARE(stage.pages.size(), 0);
    }

    void who_signs_out_is_signed_out_here_even_where_the_server_is_not_told()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.typeSignIn();
        CredentialSettings &credential = *stage.editor().credential();
        credential.setRevocationUrl(u"http://id.example/revoke"_s);
        QVERIFY(!credential.revocationProblem().isEmpty());
        credential.setRevocationUrl(u"https://id.example/revoke"_s);
        QCOMPARE(credential.revocationProblem(), QString());
        const Provider provider = stage.preferences.settings().providers.constFirst();
        stage.secrets.keys.append({refreshTokenNameOf(provider), Secret("refresh-1")});
        stage.settings.edit(u"demo"_s);
        stage.settings.edit(u"openai"_s);
        QTRY_COMPARE(stage.editor().signInState(), ProviderEditor::SignInState::SignedIn);
        const auto isTold = [&stage] {
            return stage.network->count() > 0
                && stage.network->last().request().url == QUrl(u"https://id.example/revoke"_s);
        };
        stage.editor().signOut();
        QCOMPARE(stage.editor().signInState(), ProviderEditor::SignInState::SignedOut);
        QTRY_VERIFY(isTold());
        QTRY_VERIFY(stage.secrets.keys.isEmpty());
        QCOMPARE(stage.editor().signInProblem(), QString());
        stage.network->last().fail({.kind = NetError::Kind::Network});
        QTRY_VERIFY(stage.editor().signInProblem().contains(u"signed out"));
        QCOMPARE(stage.editor().signInState(), ProviderEditor::SignInState::SignedOut);
    }

    void limits_are_counts_or_nothing()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        LimitSettings &limits = *stage.editor().limits();
        const auto kept = [&stage] { return stage.preferences.settings().providers.constFirst().limits; };
        limits.setRequests(u" 50 "_s);
        limits.setTokens(u"40,000"_s);
        QCOMPARE(kept(), (ProviderLimits{.requestsPerMinute = 50, .tokensPerMinute = 40'000}));
        for (const QString &nonsense : {u"many"_s, u"0"_s, u"-3"_s, u"1.5"_s, u"99999999999"_s}) {
            limits.setRequests(nonsense);
            QVERIFY2(!limits.requestsProblem().isEmpty(), qPrintable(nonsense));
            QCOMPARE(limits.tokensProblem(), QString());
            QCOMPARE(kept().requestsPerMinute, 50);
        }
        limits.setRequests({});
        QCOMPARE(limits.requestsProblem(), QString());
        QCOMPARE(kept(), ProviderLimits{.tokensPerMinute = 40'000});
        stage.settings.edit(u"demo"_s);
        QCOMPARE(limits.tokens(), QString());
        stage.settings.edit(u"openai"_s);
        QCOMPARE(limits.tokens(), u"40000"_s);
    }

    void another_server_can_stand_in()
    {
        Stage stage;
        stage.settings.addPreset(u"openai"_s);
        stage.settings.addPreset(u"custom"_s);
        stage.settings.edit(u"openai"_s);
        FallbackSettings &fallback = *stage.editor().fallback();
        const auto kept = [&stage] { return stage.settings.find(u"openai"_s).value_or(Provider()).fallback; };
        QCOMPARE(fallback.choices().size(), 2);
        QCOMPARE(fallback.choice(), 0);
        fallback.setChoice(1);
        QCOMPARE(kept(), (FallbackRule{.id = u"custom"_s}));
        fallback.setSeconds(u"5"_s);
        QCOMPARE(kept().after, std::chrono::seconds(5));
        for (const QString &nonsense : {u"soon"_s, u"0"_s, u"-3"_s, u"1.5"_s, u"99999"_s, QString()}) {
            fallback.setSeconds(nonsense);
            QVERIFY2(!fallback.secondsProblem().isEmpty(), qPrintable(nonsense));
            QCOMPARE(kept().after, std::chrono::seconds(5));
        }
        stage.settings.remove(u"custom"_s);
        stage.settings.edit(u"demo"_s);
        stage.settings.edit(u"openai"_s);
        QCOMPARE(fallback.choice(), 1);
        QVERIFY2(fallback.choices().at(1).contains(u"custom"), "who is gone is still named");
        fallback.setChoice(0);
        QCOMPARE(kept().id, QString());
        fallback.show({.id = u"x"_s, .fallback = {.id = u"demo"_s}}, {});
        QCOMPARE(fallback.choices().at(1), presetById(u"demo")->provider.name);
    }

    void a_test_tells_each_step_and_its_result()
    {
        Stage stage;
        stage.settings.addPreset(u"custom"_s);
        stage.editor().setAddress(u"https://one.example/v1"_s);
        const qsizetype before = stage.network->count();
        stage.editor().test();
        QTRY_COMPARE(stage.network->count(), before + 1);
        QVERIFY(stage.editor().isTesting());
        QVERIFY(stage.editor().steps()->count() > 0);
        stage.network->last().fail({.kind = NetError::Kind::Network, .message = u"refused"_s});
        QTRY_COMPARE(stage.editor().testResult(), ProviderEditor::TestResult::Failed);
        QVERIFY(!stage.editor().isTesting());
    }
};

QTEST_GUILESS_MAIN(ProviderSettingsTest)
#include "tst_providersettings.moc"
