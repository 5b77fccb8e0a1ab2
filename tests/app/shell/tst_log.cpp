// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/log.h"
#include "net/wire/logging.h"

#include <QtCore/QDateTime>
#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtCore/QThread>
#include <QtTest/QTest>

#include <memory>
#include <vector>

using namespace rivulet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_Log : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aMessageIsALineOfJson()
    {
        const QDateTime before = QDateTime::currentDateTimeUtc().addMSecs(-1);
        {
            const Log log(m_folder->path(), u"test"_s);
            qCWarning(lcTurn, "turn %d said \"no\"\nand went", 7);
        }
        const QList<QJsonObject> lines = linesOf(u"test.log"_s);
        QCOMPARE(lines.size(), 1);
        QCOMPARE(lines[0].keys(),
                 (QStringList{u"category"_s, u"level"_s, u"message"_s, u"thread"_s, u"time"_s}));
        QCOMPARE(lines[0]["level"_L1].toString(), u"warning"_s);
        QCOMPARE(lines[0]["category"_L1].toString(), u"rivulet.turn"_s);
        QCOMPARE(lines[0]["thread"_L1].toString(), u"main"_s);
        QCOMPARE(lines[0]["message"_L1].toString(), u"turn 7 said \"no\"\nand went"_s);
        const QDateTime time = QDateTime::fromString(lines[0]["time"_L1].toString(), Qt::ISODateWithMs);
        QVERIFY(time >= before && time <= QDateTime::currentDateTimeUtc());
        QCOMPARE(time.timeSpec(), Qt::UTC);
    }

    void levelsHaveNames()
    {
        {
            const Log log(m_folder->path(), u"test"_s);
            qDebug("d");
            qInfo("i");
            qWarning("w");
            qCritical("c");
        }
        QStringList levels;
        for (const QJsonObject &line : linesOf(u"test.log"_s))
            levels.append(line["level"_L1].toString());
        QCOMPARE(levels, (QStringList{u"debug"_s, u"info"_s, u"warning"_s, u"error"_s}));
    }

    void secretsAreBlottedOut()
    {
        {
            const Log log(m_folder->path(), u"test"_s);
            qInfo("sent Authorization: Bearer abcdef123456");
        }
        QCOMPARE(linesOf(u"test.log"_s)[0]["message"_L1].toString(), u"sent Authorization: [redacted]"_s);
    }

    void otherThreadsAreNamed()
    {
        {
            const Log log(m_folder->path(), u"test"_s);
            const std::unique_ptr<QThread> thread(QThread::create([] { qInfo("hello"); }));
            thread->setObjectName(u"engine"_s);
            thread->start();
            thread->wait();
        }
        QCOMPARE(linesOf(u"test.log"_s)[0]["thread"_L1].toString(), u"engine"_s);
    }

    void theNextStartGoesOnInTheSameFile()
    {
        for (int start = 0; start < 2; ++start) {
            const Log log(m_folder->path(), u"test"_s);
            qInfo("start %d", start);
        }
        QCOMPARE(linesOf(u"test.log"_s).size(), 2);
    }

    void onlyThisUserCanReadIt()
    {
        const Log log(m_folder->path(), u"test"_s);
        qInfo("hello");
        QVERIFY(log.flush());
        QCOMPARE(QFile::permissions(log.file()) & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
    }

    void filesAreBounded()
    {
        constexpr qint64 size = 4096;
        QStringList files;
        {
            const Log log(m_folder->path(), u"test"_s, {.fileSize = size, .files = 3});
            for (int i = 0; i < 500; ++i)
                qInfo("message number %d", i);
            QVERIFY(log.flush());
            files = log.files();
        }
        QCOMPARE(files.size(), 3);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files),
                 (QStringList{u"test.1.log"_s, u"test.2.log"_s, u"test.log"_s}));
        for (const QString &file : std::as_const(files))
            QVERIFY2(QFileInfo(file).size() <= size, qPrintable(file));

        // The newest file ends with the newest message, and each older one goes before.
        QStringList messages;
        for (const QString &name : {u"test.2.log"_s, u"test.1.log"_s, u"test.log"_s}) {
            for (const QJsonObject &line : linesOf(name))
                messages.append(line["message"_L1].toString());
        }
        QVERIFY(messages.size() > 30);
        for (qsizetype i = 0; i < messages.size(); ++i)
            QCOMPARE(messages[i], u"message number %1"_s.arg(500 - messages.size() + i));
    }

    void aHugeMessageIsShortened()
    {
        {
            const Log log(m_folder->path(), u"test"_s);
            qInfo("%s", QByteArray(1'000'000, ' ').constData());
        }
        const QString message = linesOf(u"test.log"_s)[0]["message"_L1].toString();
        QVERIFY(message.size() < 20'000);
        QVERIFY(message.endsWith("more characters"_L1));
    }

    void whatComesFasterThanTheDiskIsCounted()
    {
        {
            const Log log(m_folder->path(), u"test"_s, {.backlog = 2'000});
            qInfo("%s", QByteArray(10'000, 'x').constData());
            qInfo("small");
        }
        const QList<QJsonObject> lines = linesOf(u"test.log"_s);
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines[0]["message"_L1].toString(), u"small"_s);
        QVERIFY(lines[1]["message"_L1].toString().startsWith("1 messages"_L1));
    }

    void manyThreadsMayTalkAtOnceAndWhileItEnds()
    {
        std::vector<std::unique_ptr<QThread>> threads;
        std::atomic<bool> enough = false;
        {
            const Log log(m_folder->path(), u"test"_s, {.fileSize = 20'000});
            for (int i = 0; i < 4; ++i) {
                threads.emplace_back(QThread::create([&enough] {
                    // The handler that was there before hears the rest; it has nothing to say here.
                    for (int n = 0; n < 2'000 && !enough; ++n)
                        qCInfo(lcEngine, "message %d", n);
                }));
                threads.back()->start();
            }
            QVERIFY(log.flush(10s));
            enough = true;
        }
        for (const auto &thread : threads)
            thread->wait();
        for (const QString &name : QDir(m_folder->path()).entryList(QDir::Files))
            linesOf(name);
    }

    void aFolderThatCanNotBeWrittenLosesMessagesAndNothingElse()
    {
        const Log log(m_folder->filePath(u"missing"_s), u"test"_s);
        qInfo("lost");
        QVERIFY(log.flush());
        QVERIFY(!log.error().isEmpty());
        QVERIFY(log.files().isEmpty());

        // It comes back by itself.
        QVERIFY(QDir(m_folder->path()).mkdir(u"missing"_s));
        qInfo("kept");
        QVERIFY(log.flush());
        QVERIFY(log.error().isEmpty());
        QCOMPARE(linesOf(u"missing/test.log"_s)[0]["message"_L1].toString(), u"kept"_s);
    }

    void aFullDiskBlocksNobody()
    {
        if (!QFile::exists(u"/dev/full"_s) || !QFile::link(u"/dev/full"_s, m_folder->filePath(u"test.log"_s)))
            QSKIP("needs /dev/full");
        const Log log(m_folder->path(), u"test"_s);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 1'000; ++i)
            qInfo("message %d", i);
        QVERIFY(timer.elapsed() < 1'000);
        QVERIFY(log.flush(10s));
        QVERIFY(!log.error().isEmpty());
    }

    void afterTheLogMessagesGoWhereTheyWentBefore()
    {
        static QStringList heard;
        const QtMessageHandler before = qInstallMessageHandler(
            [](QtMsgType, const QMessageLogContext &, const QString &message) { heard.append(message); });
        {
            const Log log(m_folder->path(), u"test"_s);
            qInfo("for the log");
        }
        qInfo("for the others");
        qInstallMessageHandler(before);
        QCOMPARE(heard, QStringList{u"for the others"_s});
    }

    void aFatalMessageIsOnDiskBeforeTheProgramEnds()
    {
        QProcess program;
        program.start(talkerPath(), {m_folder->path(), u"fatal"_s});
        QVERIFY(program.waitForFinished());
        QCOMPARE(program.exitStatus(), QProcess::CrashExit);
        const QJsonObject last = linesOf(u"test.log"_s).last();
        QCOMPARE(last["level"_L1].toString(), u"fatal"_s);
        QCOMPARE(last["message"_L1].toString(), u"this is the end"_s);
    }

    void whatIsSeriousGoesToStandardErrorTooWithoutSecrets()
    {
        QProcess program;
        program.start(talkerPath(), {m_folder->path(), u"echo"_s});
        QVERIFY(program.waitForFinished());
        QCOMPARE(program.readAllStandardError(), "rivulet.cli: careful, token=[redacted]\n");
        QCOMPARE(linesOf(u"test.log"_s).size(), 2);
    }

private:
    static QString talkerPath() { return QCoreApplication::applicationDirPath() + "/logtalker"_L1; }

    QList<QJsonObject> linesOf(const QString &name) const
    {
        QFile file(m_folder->filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no file %s", qPrintable(name));
        QList<QJsonObject> lines;
        for (const QByteArray &line : file.readAll().split('\n')) {
            if (line.isEmpty())
                continue;
            const QJsonDocument document = QJsonDocument::fromJson(line);
            if (!document.isObject())
                qFatal("not a line of JSON: %s", line.constData());
            lines.append(document.object());
        }
        return lines;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(tst_Log)
#include "tst_log.moc"
