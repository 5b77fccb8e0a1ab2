// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/providercredentials.h"

#include "app/shell/keycommand.h"
#include "app/shell/redaction.h"
#include "net/providers/oauth.h"
#include "net/transport/requestrules.h"
#include "tests/support/faketransport.h"
#include "tests/support/oneconsent.h"
#include "tests/support/sessionsecrets.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrlQuery>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Provider providerWith(const Credential &credential, const QString &url = u"https://api.example.com/v1"_s)
{
    return {.id = u"here"_s, .baseUrl = QUrl(url), .credential = credential};
}

credential::OAuth clientSettings()
{
    return {.grant = credential::OAuth::Grant::ClientCredentials,
            .tokenUrl = QUrl(u"https://id.example.com/token"_s),
            .clientId = u"rivulet"_s};
}

credential::OAuth signInSettings()
{
    credential::OAuth settings = clientSettings();
    settings.grant = credential::OAuth::Grant::AuthorizationCodePkce;
    settings.authorizationUrl = QUrl(u"https://id.example.com/authorize"_s);
    return settings;
}

// A shell stands for a password manager here.
credential::Command shell(const QString &script)
{
    return {.program = u"/bin/sh"_s, .arguments = {u"-c"_s, script}};
}

/// All that turns' keys come from, and the keys that came.
struct Stage
{
    void ask(const Provider &provider)
    {
        credentials.key(provider, &context, [this](const KeyResult &key) { results.append(key); });
    }

    void askWithoutHelp(const Provider &provider)
    {
        credentials.keyWithoutHelp(provider, &context, [this](const KeyResult &key) { results.append(key); });
    }

    [[nodiscard]] bool renew(const Provider &provider, const QByteArray &refused)
    {
        return credentials.renew(provider, refused, &context,
                                 [this](const KeyResult &key) { results.append(key); });
    }

    /// Answers the last request to a token endpoint.
    void answer(const QByteArray &body, int status = 200)
    {
        transport.last().head(status, "application/json");
        transport.last().bytes(body);
        transport.last().finish();
    }

    SessionSecrets store;
    FakeTransport transport;
    QList<QUrl> pages;
    QList<KeyResult> results;
    OneConsent consent{true};
    ProviderCredentials credentials{store, transport, [this](const QUrl &page) { pages.append(page); },
                                    &consent};
    QObject context;
};

} // namespace

class ProviderCredentialsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!QFile::exists(u"/bin/sh"_s))
            QSKIP("needs /bin/sh");
    }

    void cleanup() { qunsetenv("RIVULET_TEST_KEY"); }

    void a_key_in_the_keychain_is_bound_to_its_origin_and_has_no_other()
    {
        Stage stage;
        const Provider provider = providerWith({});
        stage.store.keys.append({secretNameOf(provider), Secret("sk-stored")});
        stage.ask(provider);
        QVERIFY2(stage.results.isEmpty(), "the answer comes later, never from inside");
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0], "sk-stored"_ba);
        stage.ask(providerWith({}, u"https://elsewhere.example/v1"_s));
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[1], QByteArray());
        QVERIFY(!stage.renew(provider, "sk-stored"));
    }

    void a_key_in_the_environment_is_that_variable()
    {
        Stage stage;
        const Provider provider = providerWith(credential::Environment{u"RIVULET_TEST_KEY"_s});
        stage.ask(provider);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0], QByteArray());
        qputenv("RIVULET_TEST_KEY", " environment-key-1\n");
        stage.ask(provider);
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[1], "environment-key-1"_ba);
        QVERIFY(!stage.renew(provider, "environment-key-1"));
        QVERIFY2(!redacted(u"it was environment-key-1 here").contains(u"key-1"), "the log knows it");
    }

    void a_sign_in_goes_the_way_of_its_provider()
    {
        // One whose providers have a way of their own into the network.
        struct Ways final : FakeTransport
        {
            Transport &through(const NetworkProfile &profile) override
            {
                return profile == NetworkProfile{.owner = u"here"_s, .options = {.http2 = true}} ? way
                                                                                                 : *this;
            }
            FakeTransport way;
        };
        SessionSecrets store;
        Ways transport;
        ProviderCredentials credentials(store, transport, {}, nullptr);
        QObject context;
        Provider provider = providerWith(clientSettings());
        provider.network.http2 = true;
        store.keys.append({clientSecretNameOf(provider), Secret("client-secret")});
        credentials.key(provider, &context, [](const KeyResult &) {});
        QTRY_COMPARE(transport.way.count(), 1);
        QCOMPARE(transport.count(), 0);
        // Another way is another sign-in.
        provider.network.http2 = false;
        credentials.key(provider, &context, [](const KeyResult &) {});
        QTRY_COMPARE(transport.count(), 1);
    }

    void a_program_runs_once_until_its_key_is_refused()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"runs"_s);
        Stage stage;
        const Provider provider = providerWith(
            shell(u"echo x >> '%1'; echo printed-key-$(wc -l < '%1'); echo second line"_s.arg(file)));
        stage.ask(provider);
        stage.ask(provider);
        QVERIFY(stage.results.isEmpty());
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[0], "printed-key-1"_ba);
        QCOMPARE(stage.results[1], "printed-key-1"_ba);
        stage.ask(provider);
        QTRY_COMPARE(stage.results.size(), 3);
        QCOMPARE(stage.results[2], "printed-key-1"_ba);

        QVERIFY(stage.renew(provider, "printed-key-1"));
        QTRY_COMPARE(stage.results.size(), 4);
        QCOMPARE(stage.results[3], "printed-key-2"_ba);
        // A turn that was slower to be refused gets the new one, without another run.
        QVERIFY(stage.renew(provider, "printed-key-1"));
        QTRY_COMPARE(stage.results.size(), 5);
        QCOMPARE(stage.results[4], "printed-key-2"_ba);
        QVERIFY(!redacted(u"it was printed-key-2 here").contains(u"key-2"));
    }

    void a_program_runs_only_once_it_is_allowed()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"ran"_s);
        const credential::Command command = shell(u"touch '%1'; echo printed-key"_s.arg(file));
        OneConsent slow(true, false);
        KeyCommand printer(command, &slow);
        QList<KeyResult> results;
        printer.key(this, [&results](const KeyResult &key) { results.append(key); });
        QTRY_COMPARE(slow.asked.size(), 1);
        QCOMPARE(slow.asked[0].program, command.program);
        QCOMPARE(slow.asked[0].arguments, command.arguments);
        QCOMPARE(slow.asked[0].configured, command.arguments.size());
        QVERIFY(results.isEmpty() && !QFile::exists(file));
        slow.answer();
        QTRY_COMPARE(results.size(), 1);
        QCOMPARE(results[0], "printed-key"_ba);
        QVERIFY(QFile::exists(file));
        QCOMPARE(printer.known(), "printed-key"_ba);
    }

    void a_program_that_is_not_allowed_does_not_run()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"ran"_s);
        OneConsent never(false);
        for (ProgramConsent *consent : std::initializer_list<ProgramConsent *>{&never, nullptr}) {
            KeyCommand printer(shell(u"touch '%1'; echo printed-key"_s.arg(file)), consent);
            std::optional<KeyResult> result;
            const auto take = [&result](const KeyResult &key) { result = key; };
            printer.key(this, take);
            QTRY_VERIFY(result);
            QCOMPARE(result->error().kind, NetError::Kind::Refused);
            QCOMPARE(result->error().code, transportcode::ProgramNotAllowed);
            QVERIFY(!QFile::exists(file));
        }
        QCOMPARE(never.asked.size(), 1);
    }

    void a_program_does_not_run_for_those_who_left_before_it_was_allowed()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"ran"_s);
        OneConsent slow(true, false);
        KeyCommand printer(shell(u"touch '%1'; echo printed-key"_s.arg(file)), &slow);
        auto gone = std::make_unique<QObject>();
        printer.key(gone.get(), [](const KeyResult &) { QFAIL("nobody is there"); });
        QTRY_COMPARE(slow.asked.size(), 1);
        gone.reset();
        slow.answer();
        // The next one asks anew.
        std::optional<KeyResult> result;
        printer.key(this, [&result](const KeyResult &key) { result = key; });
        QTRY_COMPARE(slow.asked.size(), 2);
        QVERIFY(!QFile::exists(file));
        slow.answer();
        QTRY_VERIFY(result);
        QCOMPARE(*result, "printed-key"_ba);
    }

    void without_help_no_program_runs_but_a_known_key_is_given()
    {
        Stage stage;
        const Provider provider = providerWith(shell(u"echo printed-key"_s));
        stage.askWithoutHelp(provider);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, transportcode::ProgramNotAllowed);
        QVERIFY(stage.consent.asked.isEmpty());
        stage.ask(provider);
        QTRY_COMPARE(stage.results.size(), 2);
        stage.askWithoutHelp(provider);
        QTRY_COMPARE(stage.results.size(), 3);
        QCOMPARE(stage.results[2], "printed-key"_ba);
        QCOMPARE(stage.consent.asked.size(), 1);
    }

    void without_help_no_browser_opens()
    {
        Stage stage;
        stage.askWithoutHelp(providerWith(signInSettings()));
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, oauthcode::SignInNeeded);
        QVERIFY(stage.pages.isEmpty());
    }

    void a_program_is_told_little_and_asked_by_no_shell()
    {
        qputenv("RIVULET_TEST_KEY", "not for others");
        Stage stage;
        stage.ask(providerWith(shell(u"echo \"[$RIVULET_TEST_KEY]$HOME|$(cat)|$0|$1\""_s)));
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0], "[]" + QDir::homePath().toLocal8Bit() + "||/bin/sh|");
        stage.ask(
            providerWith(credential::Command{.program = u"/bin/echo"_s, .arguments = {u"$HOME; a  b"_s}}));
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[1], "$HOME; a  b"_ba);
    }

    void a_program_that_prints_no_key_is_told_without_its_words_data()
    {
        QTest::addColumn<QString>("script");
        QTest::newRow("fails") << u"echo hush-hush; echo hush-hush >&2; exit 3"_s;
        QTest::newRow("crashes") << u"echo hush-hush; kill -9 $$"_s;
        QTest::newRow("prints nothing") << u"true"_s;
        QTest::newRow("begins with an empty line") << u"echo; echo hush-hush"_s;
        QTest::newRow("prints too much") << u"while :; do echo hush-hush-hush-hush; done"_s;
        QTest::newRow("prints what can not be sent") << u"printf 'hush\\001hush\\n'"_s;
    }

    void a_program_that_prints_no_key_is_told_without_its_words()
    {
        QFETCH(const QString, script);
        Stage stage;
        stage.ask(providerWith(shell(script)));
        QTRY_COMPARE(stage.results.size(), 1);
        QVERIFY(!stage.results[0]);
        QCOMPARE(stage.results[0].error().kind, NetError::Kind::Auth);
        QCOMPARE(stage.results[0].error().code, KeyCommand::FailedCode);
        QVERIFY(!stage.results[0].error().message.contains(u"hush"));
    }

    void a_program_that_is_none_is_refused_data()
    {
        QTest::addColumn<QString>("program");
        QTest::newRow("missing") << u"/nowhere/at/all"_s;
        QTest::newRow("no path") << u"sh"_s;
        QTest::newRow("a folder") << u"/bin"_s;
    }

    void a_program_that_is_none_is_refused()
    {
        QFETCH(const QString, program);
        Stage stage;
        stage.ask(providerWith(credential::Command{.program = program}));
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().kind, NetError::Kind::Refused);
        QCOMPARE(stage.results[0].error().code, transportcode::BadProgram);
    }

    void a_program_that_hangs_is_ended_with_what_it_started()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"child"_s);
        OneConsent consent(true);
        KeyCommand command(shell(u"sleep 1000 & echo $! > '%1.new'; mv '%1.new' '%1'; wait"_s.arg(file)),
                           &consent, 500ms);
        std::optional<KeyResult> result;
        command.key(this, [&result](const KeyResult &key) { result = key; });
        QTRY_VERIFY(result);
        QCOMPARE(result->error().code, KeyCommand::FailedCode);
        QFile child(file);
        QVERIFY(child.open(QIODevice::ReadOnly));
        const QString process = u"/proc/%1/status"_s.arg(QString::fromLatin1(child.readAll().trimmed()));
        const auto isGone = [&process] {
            QFile status(process);
            return !status.open(QIODevice::ReadOnly) || status.readAll().contains("State:\tZ");
        };
        QTRY_VERIFY(isGone());
    }

    void an_end_while_a_program_runs_ends_the_program()
    {
        auto stage = std::make_unique<Stage>();
        stage->ask(providerWith(shell(u"sleep 1000"_s)));
        QCoreApplication::processEvents();
        stage.reset();
    }

    void a_client_signs_in_with_the_secret_that_is_bound_to_both_origins()
    {
        Stage stage;
        const Provider provider = providerWith(clientSettings());
        stage.store.keys.append({secretNameOf(provider), Secret("not-this-key")});
        stage.ask(provider);
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().code, oauthcode::NoClientSecret);

        stage.store.keys.append({clientSecretNameOf(provider), Secret("client-secret")});
        stage.ask(provider);
        QTRY_COMPARE(stage.transport.count(), 1);
        QVERIFY(stage.transport.last().request().headers.contains(std::pair<QByteArray, QByteArray>(
            "Authorization", "Basic " + "rivulet:client-secret"_ba.toBase64())));
        stage.answer("{\"access_token\":\"access-token-1\"}");
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[1], "access-token-1"_ba);
        QVERIFY2(!redacted(u"it was access-token-1 here").contains(u"token-1"), "the log knows it");

        // Neither the secret nor the token goes along to another address.
        stage.ask(providerWith(clientSettings(), u"https://elsewhere.example/v1"_s));
        QTRY_COMPARE(stage.results.size(), 3);
        QCOMPARE(stage.results[2].error().code, oauthcode::NoClientSecret);
        credential::OAuth moved = clientSettings();
        moved.tokenUrl = QUrl(u"https://elsewhere.example/token"_s);
        stage.ask(providerWith(moved));
        QTRY_COMPARE(stage.results.size(), 4);
        QCOMPARE(stage.results[3].error().code, oauthcode::NoClientSecret);
        QCOMPARE(stage.transport.count(), 1);
    }

    void a_refused_token_is_renewed_with_the_refresh_token_of_the_store()
    {
        Stage stage;
        const Provider provider = providerWith(signInSettings());
        stage.store.keys.append({refreshTokenNameOf(provider), Secret("refresh-1")});
        stage.ask(provider);
        QTRY_COMPARE(stage.transport.count(), 1);
        QVERIFY(stage.transport.last().request().body.contains("refresh_token=refresh-1"));
        stage.answer("{\"access_token\":\"access-1\",\"refresh_token\":\"refresh-2\"}");
        QTRY_COMPARE(stage.results.size(), 1);
        QTRY_COMPARE(stage.store.keys.value(0).second, Secret("refresh-2"));
        QCOMPARE(stage.store.keys.value(0).first, refreshTokenNameOf(provider));

        QVERIFY(stage.renew(provider, "access-1"));
        QTRY_COMPARE(stage.transport.count(), 2);
        QVERIFY(stage.transport.last().request().body.contains("refresh_token=refresh-2"));
        stage.answer("{\"access_token\":\"access-2\"}");
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[1], "access-2"_ba);
        QVERIFY(stage.pages.isEmpty());
    }

    void a_spent_refresh_token_leaves_the_store_and_the_browser_opens()
    {
        Stage stage;
        const Provider provider = providerWith(signInSettings());
        stage.store.keys.append({refreshTokenNameOf(provider), Secret("refresh-1")});
        stage.ask(provider);
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer("{\"error\":\"invalid_grant\"}", 400);
        QTRY_COMPARE(stage.pages.size(), 1);
        QCOMPARE(stage.pages[0].host(), u"id.example.com"_s);
        QTRY_VERIFY(stage.store.keys.isEmpty());
    }

    void two_who_share_a_sign_in_follow_each_other()
    {
        Stage stage;
        FakeTransport elsewhere;
        ProviderCredentials others(stage.store, elsewhere, {}, nullptr);
        const Provider provider = providerWith(signInSettings());
        stage.store.keys.append({refreshTokenNameOf(provider), Secret("refresh-1")});
        stage.ask(provider);
        QList<KeyResult> theirs;
        others.key(provider, &stage.context, [&theirs](const KeyResult &key) { theirs.append(key); });
        QTRY_COMPARE(stage.transport.count(), 1);
        QTRY_COMPARE(elsewhere.count(), 1);
        QVERIFY(elsewhere.last().request().body.contains("refresh_token=refresh-1"));

        stage.answer("{\"access_token\":\"access-1\",\"refresh_token\":\"refresh-2\"}");
        QTRY_COMPARE(stage.results.size(), 1);
        QTRY_COMPARE(stage.store.keys.value(0).second, Secret("refresh-2"));
        // The server gives for each refresh token once.
        elsewhere.last().head(400, "application/json");
        elsewhere.last().bytes("{\"error\":\"invalid_grant\"}");
        elsewhere.last().finish();
        QTRY_COMPARE(elsewhere.count(), 2);
        QVERIFY(elsewhere.last().request().body.contains("refresh_token=refresh-2"));
        elsewhere.last().head(200, "application/json");
        elsewhere.last().bytes("{\"access_token\":\"access-2\",\"refresh_token\":\"refresh-3\"}");
        elsewhere.last().finish();
        QTRY_COMPARE(theirs.size(), 1);
        QCOMPARE(theirs[0], "access-2"_ba);
        QTRY_COMPARE(stage.store.keys.value(0).second, Secret("refresh-3"));
        QVERIFY(stage.pages.isEmpty());
    }

    void who_signs_out_in_one_place_is_signed_out_everywhere()
    {
        Stage stage;
        FakeTransport elsewhere;
        ProviderCredentials others(stage.store, elsewhere, {}, nullptr);
        const Provider provider = providerWith(signInSettings());
        stage.store.keys.append({refreshTokenNameOf(provider), Secret("refresh-1")});
        stage.ask(provider);
        QTRY_COMPARE(stage.transport.count(), 1);
        stage.answer("{\"access_token\":\"access-1\"}");
        QTRY_COMPARE(stage.results.size(), 1);

        bool told = false;
        others.signOut(provider, &stage.context, [&told](const auto &trouble) { told = !trouble; });
        QTRY_VERIFY(told);
        QTRY_VERIFY(stage.store.keys.isEmpty());
        stage.askWithoutHelp(provider);
        QTRY_COMPARE(stage.results.size(), 2);
        QCOMPARE(stage.results[1].error().code, oauthcode::SignInNeeded);
        QCOMPARE(stage.transport.count(), 1);
    }

    void a_token_is_for_a_server()
    {
        Stage stage;
        stage.ask(providerWith(signInSettings(), {}));
        QTRY_COMPARE(stage.results.size(), 1);
        QCOMPARE(stage.results[0].error().kind, NetError::Kind::Refused);
        QVERIFY(stage.pages.isEmpty());
    }
};

QTEST_GUILESS_MAIN(ProviderCredentialsTest)
#include "tst_providercredentials.moc"
