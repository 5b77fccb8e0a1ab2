// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/datafolder.h"
#include "app/shell/paths.h"
#include "tests/app/cli/program.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

class tst_Commands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void helpListsTheCommands()
    {
        Program program(m_home->path(), {u"--help"_s});
        QCOMPARE(program.exitCode(), 0);
        for (const char *name :
             {"ask", "replay", "dialects", "conversations", "search", "serve-demo", "doctor"})
            QVERIFY2(program.output().contains(QByteArray(QByteArray("\n  ") + name + ' ')), name);
    }

    void theDemoServerAnswersOthersUntilItIsStopped()
    {
        Program server(m_home->path(), {u"serve-demo"_s, u"--rate"_s, u"0"_s});
        QTRY_COMPARE(server.output().count('\n'), 3);
        const QStringList lines = QString::fromLatin1(server.output()).split(u'\n');
        const QString &url = lines.first();
        QVERIFY(url.startsWith("http://127.0.0.1:"_L1));

        Program asking(m_home->path(), {u"ask"_s, u"--no-store"_s, u"--url"_s, url, u"a table"_s});
        QCOMPARE(asking.exitCode(), 0);
        QVERIFY(asking.output().contains("| Nile |"));

        // The others say what they speak.
        for (const QString &line : lines.sliced(1, 2)) {
            const QStringList words = line.split(u' ');
            Program other(m_home->path(),
                          {u"ask"_s, u"--no-store"_s, u"--dialect"_s, words.value(0), u"--url"_s,
                           words.value(1), u"a table"_s});
            QCOMPARE(other.exitCode(), 0);
            QVERIFY2(other.output().contains("| Nile |"), qPrintable(line));
        }

        const QString port = QString::number(QUrl(url).port());
        Program second(m_home->path(), {u"serve-demo"_s, u"--port"_s, port});
        QCOMPARE(second.exitCode(), 1);
        QVERIFY(second.errors().contains(port.toLatin1()));

        server.signal(SIGINT);
        QCOMPARE(server.exitCode(), 130);
        QCOMPARE(server.errors(), "");
    }

    void wrongUsageIsExplained_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no port") << QStringList{u"serve-demo"_s, u"--port"_s, u"99999"_s};
        QTest::newRow("no rate") << QStringList{u"serve-demo"_s, u"--rate"_s, u"fast"_s};
        QTest::newRow("serve what") << QStringList{u"serve-demo"_s, u"x"_s};
        QTest::newRow("list what") << QStringList{u"conversations"_s, u"x"_s};
        QTest::newRow("look for what") << QStringList{u"search"_s};
        QTest::newRow("look for nothing") << QStringList{u"search"_s, u" "_s};
        QTest::newRow("no limit") << QStringList{u"search"_s, u"--limit"_s, u"0"_s, u"x"_s};
        QTest::newRow("cure what") << QStringList{u"doctor"_s, u"x"_s};
    }

    void wrongUsageIsExplained()
    {
        QFETCH(const QStringList, arguments);
        Program program(m_home->path(), arguments);
        QCOMPARE(program.exitCode(), 1);
        QVERIFY2(program.errors().startsWith("rivulet-cli: "), program.errors().constData());
    }

    void aNewHomeHasNoConversationsAndStaysAsItIs()
    {
        Program program(m_home->path(), {u"conversations"_s});
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "");
        QVERIFY(QDir(m_home->path()).isEmpty());
    }

    void nothingIsFoundInANewHomeWhichStaysAsItIs()
    {
        Program program(m_home->path(), {u"search"_s, u"tide"_s});
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(program.output(), "");
        QCOMPARE(program.errors(), "");
        QVERIFY(QDir(m_home->path()).isEmpty());
    }

    void whatWasAskedIsFound()
    {
        Program asking(m_home->path(), {u"ask"_s, u"a table of spring tides, \U0001F30A"_s});
        QCOMPARE(asking.exitCode(), 0);
        Program found(m_home->path(), {u"search"_s, u"--json"_s, u"spring"_s, u"from:user"_s, u"tid"_s});
        QCOMPARE(found.exitCode(), 0);
        QCOMPARE(found.output().count('\n'), 1);
        const QJsonObject hit = QJsonDocument::fromJson(found.output()).object();
        QCOMPARE(hit["role"_L1].toString(), u"user"_s);
        QCOMPARE(hit["snippet"_L1].toString(), u"a table of spring tides, \U0001F30A"_s);
        QCOMPARE(hit["matches"_L1].toArray(), (QJsonArray{QJsonArray{11, 17}, QJsonArray{18, 23}}));
        QVERIFY(hit["conversation"_L1].toInteger() > 0);
        QVERIFY(hit["message"_L1].toInteger() > hit["conversation"_L1].toInteger());

        Program line(m_home->path(), {u"search"_s, u"\"spring tides\""_s});
        QCOMPARE(line.exitCode(), 0);
        QVERIFY2(line.output().contains("  user  "), line.output().constData());
        Program nothing(m_home->path(), {u"search"_s, u"--"_s, u"-spring"_s, u"from:user"_s});
        QCOMPARE(nothing.exitCode(), 0);
        QCOMPARE(nothing.output(), "");
    }

    void aRunningProgramsConversationsAreSearched()
    {
        Program asking(m_home->path(), {u"ask"_s, u"a table of tides"_s});
        QCOMPARE(asking.exitCode(), 0);
        const auto owner = DataFolder::take(pathsBelow(m_home->path()).data);
        QVERIFY(owner.has_value());
        Program found(m_home->path(), {u"search"_s, u"--limit"_s, u"1"_s, u"tides"_s});
        QCOMPARE(found.exitCode(), 0);
        QCOMPARE(found.output().count('\n'), 2);
        QCOMPARE(found.errors(), "");
    }

    void theDoctorLooksAndTouchesNothing()
    {
        Program program(m_home->path(), {u"doctor"_s});
        QCOMPARE(program.exitCode(), 0);
        for (const char *word : {"Rivulet", RIVULET_VERSION, "Qt ", "Places, below RIVULET_HOME", "Database",
                                 "Keys", "session only"})
            QVERIFY2(program.output().contains(word), program.output().constData());
        QVERIFY(program.output().contains(m_home->path().toLocal8Bit()));
        QVERIFY(QDir(m_home->path()).isEmpty());
    }

    void theDoctorCountsWhatIsThere()
    {
        Program asking(m_home->path(), {u"ask"_s, u"a table"_s});
        QCOMPARE(asking.exitCode(), 0);
        Program program(m_home->path(), {u"doctor"_s});
        QCOMPARE(program.exitCode(), 0);
        QVERIFY2(program.output().contains("good, 1 conversations"), program.output().constData());
    }

    void theDoctorFindsTroubleAndNoSecrets()
    {
        const Paths paths = pathsBelow(m_home->path());
        QVERIFY(createFolders(paths).has_value());
        QFile file(paths.settingsFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"zoom":"big","providers":[{"id":"mine","dialect":"openai-chat",)"
                   "\"url\":\"https:\\/\\/me:hunter2hunter2@api.example.com\"}]}");
        file.close();
        Program program(m_home->path(), {u"doctor"_s});
        QCOMPARE(program.exitCode(), 1);
        QVERIFY2(program.output().contains("zoom"), program.output().constData());
        QVERIFY(program.output().contains("https://api.example.com:443"));
        QVERIFY(!program.output().contains("hunter2"));
    }

    void theDoctorLeavesARunningProgramAlone()
    {
        const Paths paths = pathsBelow(m_home->path());
        Program asking(m_home->path(), {u"ask"_s, u"a table"_s});
        QCOMPARE(asking.exitCode(), 0);
        const auto owner = DataFolder::take(paths.data);
        QVERIFY(owner.has_value());
        Program doctor(m_home->path(), {u"doctor"_s});
        QCOMPARE(doctor.exitCode(), 0);
        QVERIFY2(doctor.output().contains("already running"), doctor.output().constData());
        Program list(m_home->path(), {u"conversations"_s});
        QCOMPARE(list.exitCode(), 1);
        QVERIFY2(list.errors().contains("already running"), list.errors().constData());
    }

private:
    std::unique_ptr<QTemporaryDir> m_home;
};

QTEST_GUILESS_MAIN(tst_Commands)
#include "tst_commands.moc"
