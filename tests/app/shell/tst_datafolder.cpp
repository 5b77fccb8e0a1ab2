// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/datafolder.h"
#include "app/shell/owner.h"

#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QSysInfo>
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QLocalServer>
#include <QtNetwork/QLocalSocket>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_DataFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aFreeFolderIsOursAndThenFreeAgain()
    {
        {
            const auto ours = DataFolder::take(path());
            QVERIFY(ours.has_value());
            QCOMPARE(ours->path(), path());
            QVERIFY(!DataFolder::take(path()));
        }
        QVERIFY(DataFolder::take(path()).has_value());
    }

    void theOwnerIsNamed()
    {
        const auto other = startOwner();
        const auto refused = DataFolder::take(path());
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, DataFolderRefusal::Kind::Owned);
        QCOMPARE(refused.error().process, other->processId());
        QCOMPARE(refused.error().host, QSysInfo::machineHostName());
        QCOMPARE(refused.error().program, u"folderowner"_s);
        stop(*other);
    }

    void aLockThatACrashLeftBehindIsTakenOver()
    {
        const auto other = startOwner();
        other->kill();
        QVERIFY(other->waitForFinished());
        QVERIFY(QFile::exists(path() + "/lock"_L1));
        QVERIFY(DataFolder::take(path()).has_value());
    }

    void aLockOfAnEarlierBootIsTakenOver()
    {
        put("lock",
            QByteArray::number(QCoreApplication::applicationPid()) + "\ntst_datafolder\n"
                + QSysInfo::machineHostName().toUtf8() + "\n\n00000000-0000-0000-0000-000000000000\n");
        QVERIFY(DataFolder::take(path()).has_value());
    }

    void aLockOfAnotherComputerHolds()
    {
        put("lock", "1\nrivulet\nsome-other-host\n\n\n");
        const auto refused = DataFolder::take(path());
        QVERIFY(!refused);
        QCOMPARE(refused.error(),
                 (DataFolderRefusal{.process = 1, .host = u"some-other-host"_s, .program = u"rivulet"_s}));
    }

    void aFolderThatIsMissingFails()
    {
        const auto refused = DataFolder::take(path() + "/missing"_L1);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, DataFolderRefusal::Kind::Failed);
    }

    void aSecondStartRaisesTheFirst()
    {
        const auto other = startOwner();
        OwnerConnection connection(path());
        QVERIFY(connection.raise(u"token-1"_s).has_value());
        QCOMPARE(lineOf(*other), "raise token-1");
        QVERIFY(connection.raise({}).has_value());
        QCOMPARE(lineOf(*other), "raise ");
        stop(*other);
    }

    void aSocketThatACrashLeftBehindIsReplaced()
    {
        const auto other = startOwner();
        other->kill();
        QVERIFY(other->waitForFinished());
        const auto ours = DataFolder::take(path());
        QVERIFY(ours.has_value());
        const OwnerServer server(*ours);
        QVERIFY2(server.isListening(), qPrintable(server.errorString()));
    }

    void whereNobodyListensRaisingFailsWithWords()
    {
        const auto raised = OwnerConnection(path()).raise({});
        QVERIFY(!raised);
        QVERIFY(!raised.error().isEmpty());
    }

    void anOwnerThatIsStuckIsGivenUp()
    {
        QLocalServer deaf;
        QVERIFY(deaf.listen(ownerSocketName(path())));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!OwnerConnection(path(), 50ms).raise({}));
        QVERIFY(timer.elapsed() < 5'000);
    }

    void whatTheOwnerDoesNotKnowItRefuses_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("another request") << "{\"ask\":\"dance\"}\n"_ba;
        QTest::newRow("not JSON") << "hello\n"_ba;
        QTest::newRow("empty") << "\n"_ba;
        QTest::newRow("an array") << "[1]\n"_ba;
    }

    void whatTheOwnerDoesNotKnowItRefuses()
    {
        QFETCH(const QByteArray, request);
        const auto ours = DataFolder::take(path());
        const OwnerServer server(*ours);
        QSignalSpy raised(&server, &OwnerServer::raiseRequested);
        QLocalSocket socket;
        socket.connectToServer(ownerSocketName(path()));
        socket.write(request);
        QTRY_VERIFY(socket.canReadLine());
        QVERIFY(socket.readLine().startsWith("{\"ok\":false"));
        QVERIFY(raised.isEmpty());
    }

    void aRequestWithoutEndIsCutOff()
    {
        const auto ours = DataFolder::take(path());
        const OwnerServer server(*ours);
        QLocalSocket socket;
        socket.connectToServer(ownerSocketName(path()));
        socket.write(QByteArray(1024 * 1024, 'x'));
        QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState);
    }

    void theSocketOfALongPathIsElsewhere()
    {
        const QString longPath = path() + u'/' + QString(120, u'x');
        const QString name = ownerSocketName(longPath);
        QVERIFY(name.toLocal8Bit().size() < 100);
        QVERIFY(!name.startsWith(path()));
        QVERIFY(name != ownerSocketName(longPath + u'y'));

        QVERIFY(QDir().mkpath(longPath));
        const auto ours = DataFolder::take(longPath);
        const OwnerServer server(*ours);
        QVERIFY2(server.isListening(), qPrintable(server.errorString()));
    }

    void theActivationTokenIsTakenOutOfTheEnvironment()
    {
        qputenv("XDG_ACTIVATION_TOKEN", "abc");
        QCOMPARE(takeActivationToken(), u"abc"_s);
        QVERIFY(!qEnvironmentVariableIsSet("XDG_ACTIVATION_TOKEN"));
        QCOMPARE(takeActivationToken(), QString());
    }

private:
    QString path() const { return m_folder->path(); }

    void put(const char *name, const QByteArray &content) const
    {
        QFile file(m_folder->filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    std::unique_ptr<QProcess> startOwner() const
    {
        auto process = std::make_unique<QProcess>();
        process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process->start(QCoreApplication::applicationDirPath() + "/folderowner"_L1, {path()});
        const QByteArray line = lineOf(*process);
        if (line != "owns")
            qFatal("the owner did not start: %s", line.constData());
        return process;
    }

    static QByteArray lineOf(QProcess &process)
    {
        return QTest::qWaitFor([&] { return process.canReadLine(); }) ? process.readLine().chopped(1)
                                                                      : QByteArray("silence");
    }

    static void stop(QProcess &process)
    {
        process.terminate();
        QVERIFY(process.waitForFinished());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(tst_DataFolder)
#include "tst_datafolder.moc"
