// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/settings.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

Settings everythingSet()
{
    return {
        .theme = Settings::Theme::Dark,
        .zoom = 1.25,
        .window = QRect(-40, 20, 900, 700),
        .windowMaximized = true,
        .sidebarVisible = false,
        .currentProvider = u"mine"_s,
        .providers = {{.id = u"mine"_s,
                       .name = u"Mïne 🜂"_s,
                       .dialect = DialectId::OpenAiChat,
                       .baseUrl = QUrl(u"http://127.0.0.1:8080/v1"_s),
                       .model = u"m-1"_s,
                       .needsKey = true},
                      {.id = u"agent"_s,
                       .name = u"Agent"_s,
                       .dialect = DialectId::StreamJson,
                       .program = u"/usr/bin/agent"_s,
                       .arguments = {u"--deep"_s, u"a b"_s},
                       .options = {{u"cwd"_s, u"/home/me"_s}}},
                      {.id = u"other"_s, .name = u"Other"_s}},
        .allowedPrograms = {
            {.program = u"/usr/bin/agent"_s, .arguments = {u"--deep"_s, u"a b"_s}, .folder = u"/home/me"_s}}};
}

} // namespace

class tst_SettingsFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(u"settings.json"_s);
    }

    void aMissingFileGivesTheDefaultsAndIsNoTrouble()
    {
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{});
        QVERIFY(!QFile::exists(m_path));
    }

    void whatIsSavedIsLoaded()
    {
        SettingsFile file(m_path);
        QCOMPARE(file.load(), LoadedSettings{});
        QVERIFY(file.save(everythingSet()).has_value());
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{.settings = everythingSet()});
    }

    void theFileIsForThisUserAlone()
    {
        SettingsFile file(m_path);
        QVERIFY(file.save({}).has_value());
        QCOMPARE(QFile::permissions(m_path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
    }

    void nonsenseIsMovedAsideAndTheDefaultsAreUsed_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("blank") << "  \n"_ba;
        QTest::newRow("binary") << QByteArray("\x00\xff\xfe\x01\x80{}", 7);
        QTest::newRow("truncated") << R"({"theme":"dark","zoom":1.)"_ba;
        QTest::newRow("an array") << R"(["theme","dark"])"_ba;
        QTest::newRow("a number") << "12"_ba;
        QTest::newRow("not JSON") << "theme = dark\n"_ba;
        QTest::newRow("two documents") << "{}{}"_ba;
        QTest::newRow("too deep") << QByteArray(5000, '[') + QByteArray(5000, ']');
        QTest::newRow("huge") << "{\"junk\":\"" + QByteArray(2 * 1024 * 1024, 'x') + "\"}";
    }

    void nonsenseIsMovedAsideAndTheDefaultsAreUsed()
    {
        QFETCH(const QByteArray, content);
        put(content);
        SettingsFile file(m_path);
        const LoadedSettings loaded = file.load();
        QCOMPARE(loaded.settings, Settings{});
        QVERIFY(loaded.trouble.has_value());
        QCOMPARE(loaded.trouble->kind, SettingsTrouble::Kind::MovedAside);
        QVERIFY(!loaded.trouble->detail.isEmpty());
        QVERIFY(QFileInfo(loaded.trouble->movedTo).fileName().startsWith("settings.invalid-"_L1));
        QVERIFY(loaded.trouble->movedTo.endsWith(".json"_L1));
        QCOMPARE(contentOf(loaded.trouble->movedTo), content);
        QVERIFY(!QFile::exists(m_path));

        QVERIFY(file.save(everythingSet()).has_value());
        QCOMPARE(SettingsFile(m_path).load().settings, everythingSet());
    }

    void everyNonsenseFileIsKept()
    {
        for (int i = 0; i < 3; ++i) {
            put("nonsense");
            QCOMPARE(SettingsFile(m_path).load().trouble->kind, SettingsTrouble::Kind::MovedAside);
        }
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 3);
    }

    void aBadFieldNeverHidesTheRest_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QString>("ignored");
        QTest::newRow("theme of no name") << R"("theme":"mauve")"_ba << u"theme"_s;
        QTest::newRow("theme of another type") << R"("theme":7)"_ba << u"theme"_s;
        QTest::newRow("zoom as text") << R"("zoom":"big")"_ba << u"zoom"_s;
        QTest::newRow("zoom of nothing") << R"("zoom":0)"_ba << u"zoom"_s;
        QTest::newRow("zoom beyond reason") << R"("zoom":1e300)"_ba << u"zoom"_s;
        QTest::newRow("window of three") << R"("window":[1,2,3])"_ba << u"window"_s;
        QTest::newRow("window of words") << R"("window":["a","b","c","d"])"_ba << u"window"_s;
        QTest::newRow("window without size") << R"("window":[0,0,0,0])"_ba << u"window"_s;
        QTest::newRow("flag as number") << R"("windowMaximized":1)"_ba << u"windowMaximized"_s;
        QTest::newRow("null") << R"("sidebarVisible":null)"_ba << u"sidebarVisible"_s;
        QTest::newRow("provider as list") << R"("currentProvider":[])"_ba << u"currentProvider"_s;
    }

    void aBadFieldNeverHidesTheRest()
    {
        QFETCH(const QByteArray, field);
        QFETCH(const QString, ignored);
        put("{" + field + R"(,"providers":[{"id":"a","dialect":"openai-chat","name":"A"}]})");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.trouble->kind, SettingsTrouble::Kind::FieldsIgnored);
        QCOMPARE(loaded.trouble->fields, QStringList{ignored});
        QCOMPARE(loaded.settings, (Settings{.providers = {{.id = u"a"_s, .name = u"A"_s}}}));
    }

    void aBadProviderNeverHidesTheOthers()
    {
        put(R"({"providers":[7,{"name":"without id","dialect":"openai-chat"},{"id":"x","dialect":"from-tomorrow"},
                {"id":"a","dialect":"openai-chat","url":"no url %zz","needsKey":"yes","program":"relative",
                 "arguments":["a",1],"options":{"a":1}},
                {"id":"a","dialect":"openai-chat","name":"again"}]})");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.settings, (Settings{.providers = {{.id = u"a"_s}}}));
        QCOMPARE(
            loaded.trouble->fields,
            (QStringList{u"providers[0]"_s, u"providers[1]"_s, u"providers[2].dialect"_s, u"providers[2]"_s,
                         u"providers[3].url"_s, u"providers[3].needsKey"_s, u"providers[3].program"_s,
                         u"providers[3].arguments"_s, u"providers[3].options"_s, u"providers[4]"_s}));
    }

    void aPermissionThatIsNotUnderstoodIsNone()
    {
        put(R"({"allowedPrograms":[7,{"program":"relative"},{"program":"/a","arguments":"-v"},{"arguments":["a"]},
                {"program":"/b"}]})");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.settings, (Settings{.allowedPrograms = {{.program = u"/b"_s}}}));
        QCOMPARE(loaded.trouble->fields,
                 (QStringList{u"allowedPrograms[0]"_s, u"allowedPrograms[1].program"_s,
                              u"allowedPrograms[1]"_s, u"allowedPrograms[2].arguments"_s,
                              u"allowedPrograms[2]"_s, u"allowedPrograms[3]"_s}));
    }

    void providersOfAnotherTypeAreIgnored()
    {
        put(R"({"theme":"light","providers":"all"})");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.settings, (Settings{.theme = Settings::Theme::Light}));
        QCOMPARE(loaded.trouble->fields, QStringList{u"providers"_s});
    }

    void whatALaterVersionWroteIsKept()
    {
        put(R"({"version":9,"river":{"deep":[1,2]},"theme":"dark","providers":[
                {"id":"a","dialect":"openai-chat","temper":0.5},{"id":"b","dialect":"from-tomorrow","x":1}]})");
        SettingsFile file(m_path);
        Settings settings = file.load().settings;
        settings.theme = Settings::Theme::Light;
        settings.providers[0].name = u"A"_s;
        QVERIFY(file.save(settings).has_value());

        const QJsonObject written = QJsonDocument::fromJson(contentOf(m_path)).object();
        QCOMPARE(written["version"_L1].toInt(), 9);
        QCOMPARE(written["river"_L1]["deep"_L1].toArray(), (QJsonArray{1, 2}));
        QCOMPARE(written["theme"_L1].toString(), u"light"_s);
        QCOMPARE(written["providers"_L1][0]["temper"_L1].toDouble(), 0.5);
        QCOMPARE(written["providers"_L1][0]["name"_L1].toString(), u"A"_s);
        QCOMPARE(written["providers"_L1][1].toObject(),
                 (QJsonObject{{"id"_L1, u"b"_s}, {"dialect"_L1, u"from-tomorrow"_s}, {"x"_L1, 1}}));
    }

    void whereAKeyComesFromIsKept_data()
    {
        QTest::addColumn<Credential>("credential");
        QTest::newRow("keychain") << Credential();
        QTest::newRow("environment") << Credential(credential::Environment{u"MY_KEY"_s});
        QTest::newRow("command") << Credential(
            credential::Command{.program = u"/usr/bin/pass"_s, .arguments = {u"show"_s, u"a key"_s}});
        QTest::newRow("oauth") << Credential(
            credential::OAuth{.authorizationUrl = QUrl(u"https://id.example.com/authorize?tenant=1"_s),
                              .tokenUrl = QUrl(u"https://id.example.com/token"_s),
                              .revocationUrl = QUrl(u"https://id.example.com/revoke"_s),
                              .clientId = u"rivulet"_s,
                              .scopes = {u"chat"_s, u"offline_access"_s},
                              .audience = u"https://api.example.com"_s});
        QTest::newRow("oauth for itself")
            << Credential(credential::OAuth{.grant = credential::OAuth::Grant::ClientCredentials,
                                            .tokenUrl = QUrl(u"https://id.example.com/token"_s)});
    }

    void whereAKeyComesFromIsKept()
    {
        QFETCH(const Credential, credential);
        const Settings settings{.providers = {{.id = u"a"_s, .credential = credential}}};
        SettingsFile file(m_path);
        QVERIFY(file.save(settings).has_value());
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{.settings = settings});

        // And again over the file that has it, and back to the default.
        QVERIFY(file.save(settings).has_value());
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{.settings = settings});
        QVERIFY(file.save({.providers = {{.id = u"a"_s}}}).has_value());
        QVERIFY(!contentOf(m_path).contains("credential"));
    }

    void halfACredentialIsNone_data()
    {
        QTest::addColumn<QByteArray>("credential");
        QTest::newRow("a text") << "\"environment\""_ba;
        QTest::newRow("from nowhere") << "{}"_ba;
        QTest::newRow("no variable") << "{\"from\":\"environment\"}"_ba;
        QTest::newRow("a variable that can not be") << "{\"from\":\"environment\",\"variable\":\"A=B\"}"_ba;
        QTest::newRow("no program") << "{\"from\":\"command\",\"arguments\":[\"x\"]}"_ba;
        QTest::newRow("a program without its path") << "{\"from\":\"command\",\"program\":\"pass\"}"_ba;
        QTest::newRow("arguments of another type")
            << "{\"from\":\"command\",\"program\":\"/usr/bin/pass\",\"arguments\":\"x\"}"_ba;
        QTest::newRow("no token address") << "{\"from\":\"oauth\",\"clientId\":\"me\"}"_ba;
        QTest::newRow("a grant that is none")
            << "{\"from\":\"oauth\",\"tokenUrl\":\"https://a.b/t\",\"grant\":\"password\"}"_ba;
        QTest::newRow("from tomorrow") << "{\"from\":\"smartcard\",\"slot\":1}"_ba;
    }

    void halfACredentialIsNone()
    {
        QFETCH(const QByteArray, credential);
        put("{\"providers\":[{\"id\":\"a\",\"dialect\":\"openai-chat\",\"credential\":" + credential + "}]}");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.settings.providers.value(0).credential, Credential());
        QVERIFY(loaded.trouble);
        QCOMPARE(loaded.trouble->fields, QStringList{u"providers[0].credential"_s});
    }

    void aCredentialFromALaterVersionIsKeptUntilAnotherIsChosen()
    {
        put("{\"providers\":[{\"id\":\"a\",\"dialect\":\"openai-chat\",\"credential\":"
            "{\"from\":\"smartcard\",\"slot\":1}}]}");
        SettingsFile file(m_path);
        Settings settings = file.load().settings;
        QVERIFY(file.save(settings).has_value());
        QVERIFY(contentOf(m_path).contains("smartcard"));
        settings.providers[0].credential = credential::Environment{u"MY_KEY"_s};
        QVERIFY(file.save(settings).has_value());
        QVERIFY(!contentOf(m_path).contains("slot"));
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{.settings = settings});
    }

    void replicasAreKept()
    {
        const Provider provider{
            .id = u"a"_s,
            .replicas = {{.id = u"west"_s, .baseUrl = QUrl(u"https://west.example/v1"_s)},
                         {.id = u"second"_s, .credential = credential::Environment{u"SECOND_KEY"_s}}}};
        const Settings settings{.providers = {provider}};
        SettingsFile file(m_path);
        QVERIFY(file.save(settings).has_value());
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{.settings = settings});
        QVERIFY(file.save({.providers = {{.id = u"a"_s}}}).has_value());
        QVERIFY(!contentOf(m_path).contains("replicas"));
    }

    void aReplicaThatMakesNoSenseIsNone_data()
    {
        QTest::addColumn<QByteArray>("replicas");
        QTest::addColumn<QStringList>("ignored");
        QTest::newRow("a text") << "\"west\""_ba << QStringList{u"replicas"_s};
        QTest::newRow("without an id")
            << R"([{"url":"https://west.example/"}])"_ba << QStringList{u"replicas[0]"_s};
        QTest::newRow("an address that is none")
            << R"([{"id":"west","url":7}])"_ba << QStringList{u"replicas[0].url"_s, u"replicas[0]"_s};
        QTest::newRow("half a credential") << R"([{"id":"west","credential":{"from":"environment"}}])"_ba
                                           << QStringList{u"replicas[0].credential"_s, u"replicas[0]"_s};
        QTest::newRow("an id twice") << R"([{"id":"west"},{"id":"west"}])"_ba
                                     << QStringList{u"replicas[1]"_s};
    }

    void aReplicaThatMakesNoSenseIsNone()
    {
        QFETCH(const QByteArray, replicas);
        QFETCH(const QStringList, ignored);
        put("{\"providers\":[{\"id\":\"a\",\"dialect\":\"openai-chat\",\"replicas\":" + replicas + "}]}");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.settings.providers.size(), 1);
        QStringList places;
        for (const QString &name : ignored)
            places.append(u"providers[0]."_s + name);
        QVERIFY(loaded.trouble);
        QCOMPARE(loaded.trouble->fields, places);
    }

    void howMuchAServerMayBeAskedIsKept()
    {
        const Settings settings{
            .providers = {{.id = u"a"_s, .limits = {.requestsPerMinute = 50, .tokensPerMinute = 40'000}},
                          {.id = u"b"_s, .limits = {.tokensPerMinute = 1}}}};
        SettingsFile file(m_path);
        QVERIFY(file.save(settings).has_value());
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{.settings = settings});
        QVERIFY(file.save({.providers = {{.id = u"a"_s}}}).has_value());
        QVERIFY(!contentOf(m_path).contains("limits"));
    }

    void whoStandsInIsKept()
    {
        const Settings settings{
            .providers = {{.id = u"a"_s, .fallback = {.id = u"b"_s, .after = std::chrono::seconds(5)}},
                          {.id = u"b"_s}}};
        SettingsFile file(m_path);
        QVERIFY(file.save(settings).has_value());
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{.settings = settings});
        QVERIFY(file.save({.providers = {{.id = u"a"_s}}}).has_value());
        QVERIFY(!contentOf(m_path).contains("fallback"));
    }

    void aTimeThatMakesNoSenseIsTheUsualOne()
    {
        put(R"({"providers":[{"id":"a","dialect":"openai-chat","fallback":{"provider":"b","afterSeconds":-1}}]})");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.settings.providers[0].fallback, FallbackRule{.id = u"b"_s});
        QCOMPARE(loaded.trouble->fields, QStringList{u"providers[0].fallback.afterSeconds"_s});
    }

    void aLimitThatMakesNoSenseIsNone_data()
    {
        QTest::addColumn<QByteArray>("limits");
        QTest::addColumn<QString>("field");
        QTest::newRow("a number") << "5"_ba << u"limits"_s;
        QTest::newRow("nothing at all") << "{\"requestsPerMinute\":0}"_ba << u"limits.requestsPerMinute"_s;
        QTest::newRow("less") << "{\"tokensPerMinute\":-5}"_ba << u"limits.tokensPerMinute"_s;
        QTest::newRow("half a request") << "{\"requestsPerMinute\":0.5}"_ba << u"limits.requestsPerMinute"_s;
        QTest::newRow("a text") << "{\"tokensPerMinute\":\"5\"}"_ba << u"limits.tokensPerMinute"_s;
    }

    void aLimitThatMakesNoSenseIsNone()
    {
        QFETCH(const QByteArray, limits);
        QFETCH(const QString, field);
        put("{\"providers\":[{\"id\":\"a\",\"dialect\":\"openai-chat\",\"limits\":" + limits + "}]}");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.settings.providers.size(), 1);
        QCOMPARE(loaded.settings.providers[0].limits, ProviderLimits());
        QCOMPARE(loaded.trouble->fields, QStringList{u"providers[0]."_s + field});
    }

    void howTrafficLeavesIsKept()
    {
        const NetworkOptions network{.proxy = proxy::Server{.kind = proxy::Server::Kind::Socks5,
                                                            .host = u"proxy.example"_s,
                                                            .port = 1080,
                                                            .user = u"me"_s},
                                     .caFile = u"/etc/our-ca.pem"_s,
                                     .certificateFile = u"/home/me/client.pem"_s,
                                     .keyFile = u"/home/me/client-key.pem"_s,
                                     .http2 = true,
                                     .cookies = true};
        const Settings settings{.providers = {{.id = u"a"_s, .network = network}}};
        SettingsFile file(m_path);
        QVERIFY(file.save(settings).has_value());
        QCOMPARE(SettingsFile(m_path).load(), LoadedSettings{.settings = settings});
        QVERIFY(file.save({.providers = {{.id = u"a"_s}}}).has_value());
        QVERIFY(!contentOf(m_path).contains("network"));
    }

    void howTrafficLeavesMakesSenseOrHasItsDefault_data()
    {
        QTest::addColumn<QByteArray>("network");
        QTest::addColumn<QString>("field");
        QTest::newRow("a text") << "\"system\""_ba << u"network"_s;
        QTest::newRow("a proxy without a port")
            << "{\"proxy\":\"http://proxy.example\"}"_ba << u"network.proxy"_s;
        QTest::newRow("a proxy with a password")
            << "{\"proxy\":\"http://me:secret@proxy.example:1\"}"_ba << u"network.proxy"_s;
        QTest::newRow("a file without its path") << "{\"caFile\":\"ca.pem\"}"_ba << u"network.caFile"_s;
        QTest::newRow("a key without its path") << "{\"keyFile\":\"key.pem\"}"_ba << u"network.keyFile"_s;
        QTest::newRow("a word for a switch") << "{\"http2\":\"yes\"}"_ba << u"network.http2"_s;
        QTest::newRow("a number for a switch") << "{\"cookies\":1}"_ba << u"network.cookies"_s;
    }

    void howTrafficLeavesMakesSenseOrHasItsDefault()
    {
        QFETCH(const QByteArray, network);
        QFETCH(const QString, field);
        put("{\"providers\":[{\"id\":\"a\",\"dialect\":\"openai-chat\",\"network\":" + network + "}]}");
        const LoadedSettings loaded = SettingsFile(m_path).load();
        QCOMPARE(loaded.settings.providers.size(), 1);
        QVERIFY(loaded.settings.providers[0].network == NetworkOptions());
        QVERIFY(loaded.trouble);
        QCOMPARE(loaded.trouble->fields, QStringList(u"providers[0]."_s + field));
    }

    void aNetworkOptionFromALaterVersionIsKept()
    {
        put("{\"providers\":[{\"id\":\"a\",\"dialect\":\"openai-chat\",\"network\":{\"mtu\":9000}}]}");
        SettingsFile file(m_path);
        const Settings settings = file.load().settings;
        QVERIFY(file.save(settings).has_value());
        QVERIFY(contentOf(m_path).contains("9000"));
    }

    void aRemovedProviderIsGone()
    {
        SettingsFile file(m_path);
        QVERIFY(file.save(everythingSet()).has_value());
        Settings settings = file.load().settings;
        settings.providers.removeFirst();
        QVERIFY(file.save(settings).has_value());
        QCOMPARE(SettingsFile(m_path).load().settings.providers, settings.providers);
    }

    void aPasswordInAnAddressIsNotWritten()
    {
        SettingsFile file(m_path);
        const QUrl url(u"https://me:hunter2hunter2@example.com/v1"_s);
        QVERIFY(file.save({.providers = {{.id = u"a"_s, .baseUrl = url}}}).has_value());
        QVERIFY(!contentOf(m_path).contains("hunter2"));
        QCOMPARE(file.load().settings.providers[0].baseUrl, QUrl(u"https://example.com/v1"_s));

        const Credential signIn = credential::OAuth{.authorizationUrl = url, .tokenUrl = url};
        QVERIFY(file.save({.providers = {{.id = u"a"_s, .credential = signIn}}}).has_value());
        QVERIFY(!contentOf(m_path).contains("hunter2"));
    }

    void aFolderThatCanNotBeWrittenIsTrouble()
    {
        SettingsFile file(m_folder->filePath(u"missing/settings.json"_s));
        const auto saved = file.save(everythingSet());
        QVERIFY(!saved);
        QCOMPARE(saved.error().kind, SettingsTrouble::Kind::NotSaved);
        QVERIFY(!saved.error().detail.isEmpty());
    }

    void whatCanBeNeitherReadNorMovedIsNeverOverwritten()
    {
        // A folder in the file's place, and one that is not ours to rename, is all that stops root too.
        const QString path = u"/proc/self/fdinfo"_s;
        if (!QFileInfo::exists(path))
            QSKIP("needs /proc");
        SettingsFile file(path);
        const LoadedSettings loaded = file.load();
        QCOMPARE(loaded.settings, Settings{});
        QCOMPARE(loaded.trouble->kind, SettingsTrouble::Kind::Unreadable);
        const auto saved = file.save(everythingSet());
        QVERIFY(!saved);
        QCOMPARE(saved.error().kind, SettingsTrouble::Kind::Unreadable);
    }

    void theCurrentProviderIsOneOfTheListOrNone()
    {
        Settings settings = everythingSet();
        QCOMPARE(settings.provider(), settings.providers[0]);
        settings.currentProvider = u"gone"_s;
        QCOMPARE(settings.provider(), std::nullopt);
    }

private:
    void put(const QByteArray &content) const
    {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_GUILESS_MAIN(tst_SettingsFile)
#include "tst_settingsfile.moc"
