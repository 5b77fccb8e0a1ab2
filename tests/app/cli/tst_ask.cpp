// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/datafolder.h"
#include "app/shell/paths.h"
#include "app/shell/settings.h"
#include "models/store/sqlitestore.h"
#include "tests/app/cli/program.h"
#include "tests/support/mockserver.h"

#include <QtCore/QDir>
#include <QtCore/QDirIterator>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtWebSockets/QWebSocket>
#include <QtWebSockets/QWebSocketServer>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray delta(const char *text)
{
    return "data: {\"id\":\"r-1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + QByteArray(text) + "\"}}]}\n\n";
}

const QByteArray finish =
    "data: {\"id\":\"r-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const QByteArray done = "data: [DONE]\n\n";

MockAnswer answer(const char *text)
{
    return MockAnswer::stream(QByteArrayList{delta(text), finish, done});
}

QString streamFile(const QString &name)
{
    return QStringLiteral(RIVULET_TEST_DATA "/streams/") + name;
}

QJsonObject object(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

} // namespace

class tst_Ask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<MockServer>();
    }

    void theDemoAnswersByItself()
    {
        Program program(m_home->path(), {u"ask"_s, u"a table"_s});
        QCOMPARE(program.exitCode(), 0);
        QVERIFY(program.output().contains("| Nile |"));
        QVERIFY(program.output().endsWith('\n'));
        QCOMPARE(program.errors(), "");
    }

    void textIsPrintedAsItComes()
    {
        m_server->queue(MockAnswer::stream()
                            .chunk(delta("one "))
                            .wait()
                            .chunk(delta("two"))
                            .chunk(finish)
                            .chunk(done)
                            .end());
        Program program(m_home->path(), ask({u"hello"_s}));
        QTRY_COMPARE(program.output(), "one ");
        QCOMPARE(m_server->waiting(), 1);
        m_server->advance();
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "one two\n");
    }

    void aStreamWithoutItsEndMarkerIsIncomplete()
    {
        m_server->queue(MockAnswer::stream({delta("one ")}));
        Program program(m_home->path(), ask({u"hello"_s}));
        QCOMPARE(program.exitCode(), 3);
        QCOMPARE(program.output(), "one \n");
        QVERIFY2(program.errors().contains("Cut off here."), program.errors().constData());
    }

    void aConnectionThatBreaksMidwayIsIncomplete()
    {
        m_server->queue(MockAnswer::stream().chunk(delta("one ")).wait().reset());
        Program program(m_home->path(), ask({u"hello"_s}));
        QTRY_COMPARE(program.output(), "one ");
        m_server->advance();
        QCOMPARE(program.exitCode(), 3);
        QVERIFY2(program.errors().contains("The connection dropped."), program.errors().constData());
    }

    void aServerThatRefusesIsAFailure()
    {
        m_server->queue(
            MockAnswer::json(R"({"error":{"message":"no such model","code":"model_not_found"}})", 404));
        Program program(m_home->path(), ask({u"hello"_s}));
        QCOMPARE(program.exitCode(), 4);
        QCOMPARE(program.output(), "");
        QVERIFY2(program.errors().contains("no such model"), program.errors().constData());
    }

    void nobodyThereIsAFailure()
    {
        const QString url = u"http://127.0.0.1:%1/v1"_s.arg(MockServer::closedPort());
        Program program(m_home->path(), {u"ask"_s, u"--url"_s, url, u"hello"_s});
        QCOMPARE(program.exitCode(), 4);
        QVERIFY2(program.errors().contains("Nothing answers at this address."), program.errors().constData());
    }

    void interruptingStops_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("terminate") << SIGTERM;
    }

    void interruptingStops()
    {
        QFETCH(const int, signal);
        m_server->queue(MockAnswer::stream().chunk(delta("one ")).wait());
        Program program(m_home->path(), ask({u"hello"_s}));
        QTRY_COMPARE(program.output(), "one ");
        program.signal(signal);
        QCOMPARE(program.exitCode(), 130);
        QCOMPARE(program.output(), "one \n");
        QCOMPARE(program.errors(), "");
        QTRY_COMPARE(m_server->openConnections(), 0);

        const QList<Message> messages = stored();
        QCOMPARE(messages.size(), 2);
        QCOMPARE(messages[1].state, Message::State::Stopped);
        QCOMPARE(messages[1].text(), u"one "_s);
    }

    void interruptingBeforeTheServerAnswersStops()
    {
        m_server->queue(MockAnswer().wait());
        Program program(m_home->path(), ask({u"hello"_s}));
        QTRY_COMPARE(m_server->count(), 1);
        program.signal(SIGINT);
        QCOMPARE(program.exitCode(), 130);
        QCOMPARE(program.output(), "");
    }

    void eventsAreLinesOfJson()
    {
        m_server->queue(answer("one"));
        Program program(m_home->path(), ask({u"--json"_s, u"hello"_s}));
        QCOMPARE(program.exitCode(), 0);
        QStringList names;
        for (const QByteArray &line : program.output().trimmed().split('\n'))
            names.append(object(line)["event"_L1].toString());
        QCOMPARE(names, (QStringList{u"started"_s, u"text"_s, u"finished"_s}));
    }

    void failureAndStopAreEventsToo()
    {
        m_server->queue(MockAnswer::json(R"({"error":{"message":"no such model"}})", 404));
        Program failing(m_home->path(), ask({u"--json"_s, u"hello"_s}));
        QCOMPARE(failing.exitCode(), 4);
        QCOMPARE(object(failing.output())["event"_L1].toString(), u"failed"_s);
        QCOMPARE(object(failing.output())["kind"_L1].toString(), u"invalid_request"_s);

        m_server->queue(MockAnswer::stream().chunk(delta("one ")).wait());
        Program stopped(m_home->path(), ask({u"--json"_s, u"hello"_s}));
        QTRY_VERIFY(stopped.output().contains("one "));
        stopped.signal(SIGINT);
        QCOMPARE(stopped.exitCode(), 130);
        QVERIFY(stopped.output().endsWith("{\"event\":\"finished\",\"reason\":\"stopped\"}\n"));
    }

    void theSummaryTellsHowItArrived()
    {
        m_server->queue(MockAnswer::stream({delta("one "), delta("two "), delta("three"), finish, done}));
        Program program(m_home->path(), ask({u"--summary"_s, u"hello"_s}));
        QCOMPARE(program.exitCode(), 0);
        const QJsonObject summary = object(program.output());
        QCOMPARE(summary["text"_L1].toString(), u"one two three"_s);
        QCOMPARE(summary["complete"_L1].toBool(), true);
        const QJsonObject metrics = summary["metrics"_L1].toObject();
        QVERIFY(metrics["first_byte_ms"_L1].toDouble() > 0);
        QVERIFY(metrics["first_token_ms"_L1].toDouble() >= metrics["first_byte_ms"_L1].toDouble());
        QVERIFY(metrics["total_ms"_L1].toDouble() >= metrics["first_token_ms"_L1].toDouble());
        QVERIFY(metrics["wire_bytes"_L1].toInt() > 300);
        QCOMPARE(metrics["decoded_bytes"_L1], metrics["wire_bytes"_L1]);
        QCOMPARE(metrics["retries"_L1].toInt(-1), 0);
    }

    void theSummaryOfAFailureHasItsError()
    {
        m_server->queue(MockAnswer::json("{}", 501));
        Program program(m_home->path(), ask({u"--summary"_s, u"hello"_s}));
        QCOMPARE(program.exitCode(), 4);
        const QJsonObject summary = object(program.output());
        QCOMPARE(summary["error"_L1]["kind"_L1].toString(), u"server"_s);
        QCOMPARE(summary["complete"_L1].toBool(true), false);
    }

    void whatWasTurnedAwayIsAskedAgainAndSaid()
    {
        m_server->queue(MockAnswer::json(R"({"error":{"message":"slow down"}})", 429));
        m_server->queue(answer("at last"));
        Program program(m_home->path(), ask({u"--summary"_s, u"hello"_s}));
        QCOMPARE(program.exitCode(), 0);
        const QJsonObject summary = object(program.output());
        QCOMPARE(summary["text"_L1].toString(), u"at last"_s);
        QVERIFY(summary["error"_L1].isNull());
        QCOMPARE(summary["metrics"_L1]["retries"_L1].toInt(), 1);
        QVERIFY(program.errors().contains("Trying again in"));
    }

    void thePromptMayComeFromStandardInput()
    {
        m_server->queue(answer("yes"));
        Program program(m_home->path(), ask({}));
        program.type("line one\nline \xc3\xbc\n");
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(said(0), (QStringList{u"line one\nline ü"_s}));
    }

    void systemAndModelAreSent()
    {
        m_server->queue(answer("yes"));
        Program program(m_home->path(),
                        ask({u"--system"_s, u"Be brief."_s, u"--model"_s, u"m-7"_s, u"hello"_s}));
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(said(0), (QStringList{u"Be brief."_s, u"hello"_s}));
        QCOMPARE(object(m_server->received()[0].request.body)["model"_L1].toString(), u"m-7"_s);
    }

    void theKeyIsSentAndIsNowhereElse()
    {
        const QString key = u"plain-words-as-a-key"_s;
        m_server->queue(MockAnswer::json(R"({"error":{"message":"bad key plain-words-as-a-key"}})", 401));
        m_server->queue(MockAnswer::json(R"({"error":{"message":"bad key plain-words-as-a-key"}})", 401));
        for (const QString &form : {u"--json"_s, u"--model=m"_s}) {
            Program program(m_home->path(), ask({u"--key-env"_s, u"A_KEY"_s, form, u"hello"_s}),
                            {{u"A_KEY"_s, key}, {u"QT_LOGGING_RULES"_s, u"*=true"_s}});
            QCOMPARE(program.exitCode(), 4);
            QVERIFY2(!program.output().contains(key.toUtf8()), program.output().constData());
            QVERIFY2(!program.errors().contains(key.toUtf8()), program.errors().constData());
            const QByteArray said = program.output() + program.errors();
            QVERIFY2(said.contains("bad key [redacted]"), said.constData());
        }
        QCOMPARE(m_server->received()[0].request.header("authorization"), "Bearer plain-words-as-a-key");
        int files = 0;
        QDirIterator walk(m_home->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            QFile file(walk.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            // The store has the server's own words in its pages, blotted or not: never the key.
            QVERIFY2(!file.readAll().contains(key.toUtf8()), qPrintable(file.fileName()));
            ++files;
        }
        QVERIFY(files > 0);
    }

    void aConversationIsKeptAndGoesOn()
    {
        m_server->queue(answer("first answer"));
        Program first(m_home->path(), ask({u"first question"_s}));
        QCOMPARE(first.exitCode(), 0);

        Program list(m_home->path(), {u"conversations"_s, u"--json"_s});
        QCOMPARE(list.exitCode(), 0);
        const QJsonObject conversation = object(list.output());
        QCOMPARE(conversation["title"_L1].toString(), u"first question"_s);

        m_server->queue(answer("second answer"));
        const QString id = QString::number(conversation["id"_L1].toInteger());
        Program second(m_home->path(), ask({u"--conversation"_s, id, u"second question"_s}));
        QCOMPARE(second.exitCode(), 0);
        QCOMPARE(said(1), (QStringList{u"first question"_s, u"first answer"_s, u"second question"_s}));
        const QList<Message> messages = stored();
        QCOMPARE(messages.size(), 4);
        QCOMPARE(messages[3].text(), u"second answer"_s);
        QCOMPARE(messages[3].state, Message::State::Complete);
        QCOMPARE(messages[3].parent, messages[2].id);
    }

    void aConversationThatIsNotThereIsALocalError()
    {
        Program program(m_home->path(), ask({u"--conversation"_s, u"42"_s, u"hello"_s}));
        QCOMPARE(program.exitCode(), 1);
        QVERIFY2(program.errors().contains("This conversation is gone."), program.errors().constData());
        QCOMPARE(m_server->count(), 0);
    }

    void withoutStoringNothingIsKept()
    {
        m_server->queue(answer("yes"));
        Program program(m_home->path(), ask({u"--no-store"_s, u"hello"_s}));
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "yes\n");
        QVERIFY(QDir(m_home->path()).isEmpty());
    }

    void whileAnotherProgramOwnsTheFolderItAnswersWithoutStoring()
    {
        const Paths paths = pathsBelow(m_home->path());
        QVERIFY(createFolders(paths).has_value());
        const auto owner = DataFolder::take(paths.data);
        QVERIFY(owner.has_value());
        m_server->queue(answer("yes"));
        Program program(m_home->path(), ask({u"hello"_s}));
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "yes\n");
        QVERIFY2(program.errors().contains("will not be stored"), program.errors().constData());
        QVERIFY(!QFile::exists(paths.databaseFile()));
    }

    void aHomeThatCanNotBeWrittenStillAnswers()
    {
        m_server->queue(answer("yes"));
        Program program(u"/proc/nowhere"_s, ask({u"hello"_s}));
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "yes\n");
        QVERIFY2(program.errors().contains("will not be stored"), program.errors().constData());
    }

    void aProviderOfTheSettingsAnswers()
    {
        const Paths paths = pathsBelow(m_home->path());
        QVERIFY(createFolders(paths).has_value());
        const Provider mine{
            .id = u"mine"_s, .name = u"Mine"_s, .baseUrl = m_server->url(u"/v1"_s), .model = u"m-3"_s};
        QVERIFY(SettingsFile(paths.settingsFile()).save({.providers = {mine}}).has_value());
        m_server->queue(answer("yes"));
        Program program(m_home->path(), {u"ask"_s, u"--provider"_s, u"mine"_s, u"hello"_s});
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "yes\n");
        QCOMPARE(object(m_server->received()[0].request.body)["model"_L1].toString(), u"m-3"_s);
    }

    void aProgramAnswers()
    {
        const QString script = u"read -r hello; read -r question; echo \"$question\" > '%1'; cat '%2'"_s.arg(
            m_home->filePath(u"question"_s), streamFile(u"stream-json-partial-messages.ndjson"_s));
        Program program(m_home->path(),
                        {u"ask"_s, u"--no-store"_s, u"--command"_s, u"sh"_s, u"--arg"_s, u"-c"_s, u"--arg"_s,
                         script, u"--summary"_s, u"What is the time?"_s});
        QCOMPARE(program.exitCode(), 0);
        const QJsonObject summary = object(program.output());
        QCOMPARE(summary["text"_L1].toString(), u"One time. Done."_s);
        QCOMPARE(summary["complete"_L1].toBool(), true);
        QFile question(m_home->filePath(u"question"_s));
        QVERIFY(question.open(QIODevice::ReadOnly));
        QVERIFY(question.readAll().contains("What is the time?"));
    }

    void aKeyIsPrintedOnlyByAProgramThatTheWindowHasAllowed()
    {
        const QJsonArray arguments{u"-c"_s, u"echo printed-key"_s};
        const auto writeSettings = [&](const QJsonArray &allowed) {
            const QJsonObject provider{{"id"_L1, "mine"_L1},
                                       {"dialect"_L1, "openai-chat"_L1},
                                       {"url"_L1, m_server->url(u"/v1"_s).toString()},
                                       {"model"_L1, "m"_L1},
                                       {"credential"_L1,
                                        QJsonObject{{"from"_L1, "command"_L1},
                                                    {"program"_L1, "/bin/sh"_L1},
                                                    {"arguments"_L1, arguments}}}};
            QFile file(pathsBelow(m_home->path()).settingsFile());
            QVERIFY(QDir().mkpath(QFileInfo(file.fileName()).path()));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QJsonDocument(QJsonObject{{"version"_L1, 1},
                                                 {"providers"_L1, QJsonArray{provider}},
                                                 {"allowedPrograms"_L1, allowed}})
                           .toJson());
        };
        m_server->queue(answer("yes"));
        const QStringList command{u"ask"_s, u"--no-store"_s, u"--provider"_s, u"mine"_s, u"hello"_s};

        writeSettings({});
        Program refused(m_home->path(), command);
        QCOMPARE(refused.exitCode(), 4);
        QVERIFY2(refused.errors().contains("nobody has allowed it"), refused.errors().constData());
        QVERIFY(m_server->received().empty());

        writeSettings({QJsonObject{{"program"_L1, "/bin/sh"_L1}, {"arguments"_L1, arguments}}});
        Program allowed(m_home->path(), command);
        QCOMPARE(allowed.exitCode(), 0);
        QCOMPARE(allowed.output(), "yes\n");
        QVERIFY(m_server->received()[0].request.headers.contains(
            std::pair<QByteArray, QByteArray>("authorization", "Bearer printed-key")));
    }

    void aProgramIsNotAllowedWhatNobodyAllowed()
    {
        const QString script = QStringLiteral(RIVULET_TEST_DATA "/agents/asks.sh");
        Program program(
            m_home->path(),
            {u"ask"_s, u"--no-store"_s, u"--command"_s, u"sh"_s, u"--arg"_s, script, u"clean up"_s});
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "denied\n");
        QVERIFY2(program.errors().contains("Bash"), program.errors().constData());
    }

    void interruptingEndsTheProgram()
    {
        const QString script = u"echo started > '%1'; sleep 600"_s.arg(m_home->filePath(u"started"_s));
        Program program(m_home->path(),
                        {u"ask"_s, u"--no-store"_s, u"--command"_s, u"sh"_s, u"--arg"_s, u"-c"_s, u"--arg"_s,
                         script, u"hello"_s});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_home->filePath(u"started"_s)), 20'000);
        program.signal(SIGINT);
        QCOMPARE(program.exitCode(), 130);
    }

    void aWebSocketAnswers()
    {
        QWebSocketServer server(u"agent"_s, QWebSocketServer::NonSecureMode);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QStringList received;
        std::unique_ptr<QWebSocket> agent;
        connect(&server, &QWebSocketServer::newConnection, &server, [&] {
            QWebSocket *socket = server.nextPendingConnection();
            agent.reset(socket);
            connect(socket, &QWebSocket::textMessageReceived, socket,
                    [&received, socket](const QString &text) {
                        received.append(text);
                        QFile stream(streamFile(u"duplex-ws-answer.ndjson"_s));
                        QVERIFY(stream.open(QIODevice::ReadOnly));
                        while (!stream.atEnd())
                            socket->sendTextMessage(QString::fromUtf8(stream.readLine().trimmed()));
                    });
        });
        Program program(m_home->path(),
                        {u"ask"_s, u"--no-store"_s, u"--dialect"_s, u"duplex-ws"_s, u"--url"_s,
                         u"ws://127.0.0.1:%1/agent"_s.arg(server.serverPort()), u"--summary"_s,
                         u"hello there"_s});
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(received.size(), 1);
        QVERIFY(received[0].contains("hello there"_L1));
        const QJsonObject summary = object(program.output());
        QFile golden(streamFile(u"duplex-ws-answer.ndjson.summary"_s));
        QVERIFY(golden.open(QIODevice::ReadOnly));
        QCOMPARE(summary["text"_L1], object(golden.readAll())["text"_L1]);
        QVERIFY(summary["metrics"_L1]["wire_bytes"_L1].toInt() > 0);
    }

    void settingsOfNonsenseAreToldOf()
    {
        const Paths paths = pathsBelow(m_home->path());
        QVERIFY(createFolders(paths).has_value());
        QFile file(paths.settingsFile());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nonsense") > 0);
        file.close();
        Program program(m_home->path(), {u"ask"_s, u"--provider"_s, u"mine"_s, u"hello"_s});
        QCOMPARE(program.exitCode(), 1);
        QVERIFY2(program.errors().contains("Your settings could not be read."), program.errors().constData());
        QVERIFY2(program.errors().contains("there is no provider \"mine\""), program.errors().constData());
    }

    void wrongUsageIsExplained_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown option") << QStringList{u"--colour"_s, u"x"_s};
        QTest::newRow("two prompts") << QStringList{u"a"_s, u"b"_s};
        QTest::newRow("empty prompt") << QStringList{u" "_s};
        QTest::newRow("two outputs") << QStringList{u"--json"_s, u"--summary"_s, u"x"_s};
        QTest::newRow("provider and url")
            << QStringList{u"--provider"_s, u"demo"_s, u"--url"_s, u"http://h"_s, u"x"_s};
        QTest::newRow("url and command")
            << QStringList{u"--command"_s, u"sh"_s, u"--url"_s, u"http://h"_s, u"x"_s};
        QTest::newRow("no such program") << QStringList{u"--command"_s, u"rivulet-no-such-program"_s, u"x"_s};
        QTest::newRow("a folder as program") << QStringList{u"--command"_s, u"/"_s, u"x"_s};
        QTest::newRow("a dialect that runs no programs")
            << QStringList{u"--dialect"_s, u"gemini"_s, u"--command"_s, u"sh"_s, u"x"_s};
        QTest::newRow("arguments of no program") << QStringList{u"--arg"_s, u"-v"_s, u"x"_s};
        QTest::newRow("an option without a value")
            << QStringList{u"--command"_s, u"sh"_s, u"--option"_s, u"form"_s, u"x"_s};
        QTest::newRow("an option of another dialect")
            << QStringList{u"--command"_s, u"sh"_s, u"--option"_s, u"dataset=a"_s, u"x"_s};
        QTest::newRow("dialect without url") << QStringList{u"--dialect"_s, u"openai-chat"_s, u"x"_s};
        QTest::newRow("unknown dialect")
            << QStringList{u"--dialect"_s, u"klingon"_s, u"--url"_s, u"http://h"_s, u"x"_s};
        QTest::newRow("no address") << QStringList{u"--url"_s, u"not an address"_s, u"x"_s};
        QTest::newRow("unknown provider") << QStringList{u"--provider"_s, u"nobody"_s, u"x"_s};
        QTest::newRow("no such variable") << QStringList{u"--key-env"_s, u"RIVULET_NOT_SET"_s, u"x"_s};
        QTest::newRow("no number") << QStringList{u"--conversation"_s, u"last"_s, u"x"_s};
        QTest::newRow("forgetful conversation")
            << QStringList{u"--conversation"_s, u"1"_s, u"--no-store"_s, u"x"_s};
    }

    void wrongUsageIsExplained()
    {
        QFETCH(const QStringList, arguments);
        Program program(m_home->path(), QStringList{u"ask"_s} + arguments);
        QCOMPARE(program.exitCode(), 1);
        QCOMPARE(program.output(), "");
        QVERIFY2(program.errors().startsWith("rivulet-cli: "), program.errors().constData());
        QVERIFY(QDir(m_home->path()).isEmpty());
    }

    void nothingOnStandardInputIsWrongUsage()
    {
        Program program(m_home->path(), {u"ask"_s});
        program.type("\n");
        QCOMPARE(program.exitCode(), 1);
        QVERIFY(!program.errors().isEmpty());
    }

private:
    // The arguments that ask the mock.
    QStringList ask(const QStringList &arguments) const
    {
        return QStringList{u"ask"_s, u"--url"_s, m_server->url(u"/v1"_s).toString()} + arguments;
    }

    // The texts of the messages that a request carried.
    QStringList said(size_t request) const
    {
        QStringList texts;
        const QJsonArray messages =
            object(m_server->received().at(request).request.body)["messages"_L1].toArray();
        for (const auto &message : messages)
            texts.append(message["content"_L1].toString());
        return texts;
    }

    // The messages of the only conversation.
    QList<Message> stored() const
    {
        SqliteStore store(pathsBelow(m_home->path()).databaseFile());
        const auto conversations = store.conversations();
        if (!QTest::qWaitFor([&] { return conversations.isFinished(); }))
            return {};
        const auto messages = store.messages(conversations.result().value().value(0).id);
        if (!QTest::qWaitFor([&] { return messages.isFinished(); }))
            return {};
        return messages.result().value();
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<MockServer> m_server;
};

QTEST_GUILESS_MAIN(tst_Ask)
#include "tst_ask.moc"
