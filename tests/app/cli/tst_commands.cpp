// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/datafolder.h"
#include "app/shell/paths.h"
#include "tests/app/cli/program.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
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
        for (const char *name : {"ask", "replay", "dialects", "conversations", "serve-demo", "doctor"})
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
