// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/backup.h"
#include "models/store/schema.h"
#include "tests/models/store/oldversions.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QLoggingCategory>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

class tst_Backup : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SqliteStore> m_store;
    QDateTime m_now;

    [[nodiscard]] QString path() const { return m_folder->filePath(u"history.db"_s); }

    void open()
    {
        m_store.reset();
        m_store = std::make_unique<SqliteStore>(
            path(), SqliteStoreOptions{.backupDelay = 0ms, .now = [now = m_now] { return now; }});
    }

    /// Opens the store on a day after the last one, and waits for its backup.
    void passADay()
    {
        m_now = m_now.addDays(1);
        open();
        QTRY_VERIFY(!isBackupDue(path(), m_now.date()));
    }

    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        const QStringList files = backupsOf(path());
        for (const QString &file : files)
            names.append(QFileInfo(file).fileName());
        return names;
    }

    /// Overwrites the tree's pages that hold the text, so that they can not be read any more.
    void destroyPagesWith(const QByteArray &text) const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray content = file.readAll();
        constexpr int page = 4096;
        bool found = false;
        for (qsizetype at = 0; at < content.size(); at += page) {
            if (!content.sliced(at, page).contains(text))
                continue;
            QVERIFY(at > 0);
            content.replace(at, page, QByteArray(page, '\xa5'));
            found = true;
        }
        QVERIFY(found);
        file.seek(0);
        QCOMPARE(file.write(content), content.size());
        file.close();
        // So that the next start checks it.
        OtherConnection(path()).exec(u"UPDATE meta SET value = 1 WHERE key = 'open'"_s);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_now = QDateTime(QDate(2026, 2, 27), QTime(9, 0), QTimeZone::UTC);
    }

    void cleanup()
    {
        m_store.reset();
        m_folder.reset();
    }

    void anEmptyStoreNeedsNone()
    {
        open();
        QVERIFY(await(m_store->conversations()).has_value());
        m_store.reset();
        QCOMPARE(names(), QStringList());
    }

    void thereIsOneADay()
    {
        open();
        m_store->putConversation(conversation(1));
        m_store->putMessage(said(2, 1, u"first day"_s));
        passADay();
        QCOMPARE(names(), QStringList{u"history-20260228.db"_s});
        const QDateTime written = QFileInfo(backupsOf(path()).constFirst()).lastModified();
        m_store->putMessage(said(3, 1, u"same day"_s));
        open();
        QVERIFY(await(m_store->conversations()).has_value());
        QCOMPARE(QFileInfo(backupsOf(path()).constFirst()).lastModified(), written);
        passADay();
        QCOMPARE(names(), (QStringList{u"history-20260301.db"_s, u"history-20260228.db"_s}));
    }

    void sevenAreKept()
    {
        open();
        m_store->putConversation(conversation(1));
        for (int day = 0; day < 10; ++day)
            passADay();
        QTRY_COMPARE(names().size(), keptBackups);
        QCOMPARE(names().constFirst(), u"history-20260309.db"_s);
        QCOMPARE(names().constLast(), u"history-20260303.db"_s);
    }

    void itIsTheWholeStoreAndItsOwnersOnly()
    {
        open();
        m_store->putConversation(conversation(1));
        const Message question = said(2, 1, u"What does a backup hold?"_s);
        m_store->putMessage(question);
        m_store->putUnsent(ConversationId{1}, {.draft = u"and"_s});
        passADay();
        m_store.reset();
        const QString file = backupsOf(path()).constFirst();
        QVERIFY(!(QFileInfo(file).permissions()
                  & (QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup
                     | QFileDevice::WriteOther)));
        const QString copy = m_folder->filePath(u"copy.db"_s);
        QVERIFY(QFile::copy(file, copy));
        SqliteStore store(copy);
        QCOMPARE_EQ(messageOf(store, 1, 2), question);
        QCOMPARE(await(store.unsent(ConversationId{1}))->draft, u"and"_s);
        QCOMPARE_EQ(store.health().state, StoreHealth::State::Good);
    }

    void nobodyWaitsWhileItIsWritten()
    {
        open();
        m_store->putConversation(conversation(1));
        QVERIFY(await(m_store->conversations()).has_value());
        for (qint64 id = 2; id < 500; ++id)
            m_store->putMessage(said(id, 1, QString(2'000, u'x')));
        QCOMPARE(messagesOf(*m_store, 1).size(), 498);
        // It asks whether to go on in the middle of its work: then others write.
        bool wrote = false;
        const auto done = backUp(path(), m_now.date().addDays(9), [&] {
            if (!wrote) {
                m_store->putMessage(said(500, 1, u"meanwhile"_s));
                wrote = messagesOf(*m_store, 1).size() == 499;
            }
            return false;
        });
        QVERIFY(done.has_value());
        QVERIFY(wrote);
        OtherConnection backup(backupsOf(path()).constFirst());
        QCOMPARE(backup.value(u"SELECT count(*) FROM message"_s), 498);
    }

    void oneThatIsCancelledLeavesNothing()
    {
        open();
        m_store->putConversation(conversation(1));
        for (qint64 id = 2; id < 500; ++id)
            m_store->putMessage(said(id, 1, QString(2'000, u'x')));
        QVERIFY(await(m_store->conversations()).has_value());
        const QDate day = m_now.date().addDays(9);
        QVERIFY(!backUp(path(), day, [] { return true; }).has_value());
        QVERIFY(isBackupDue(path(), day));
        QVERIFY(!QFileInfo::exists(m_folder->filePath(u"backups/history-20260308.db.partial"_s)));
    }

    void aFileIsBackedUpBeforeItIsMigrated_data()
    {
        QTest::addColumn<int>("version");
        for (int version = 1; version < schemaVersion; ++version)
            QTest::addRow("version %d", version) << version;
    }

    void aFileIsBackedUpBeforeItIsMigrated()
    {
        QFETCH(int, version);
        QVERIFY(writeVersion(path(), version));
        SqliteStore store(path());
        QCOMPARE(messagesOf(store, 1).size(), 3);
        QCOMPARE(names(), QStringList{u"history-schema%1.db"_s.arg(version)});
        OtherConnection file(backupsOf(path()).constFirst());
        QCOMPARE(file.value(u"PRAGMA user_version"_s), version);
        QCOMPARE(file.value(u"SELECT text FROM part WHERE message = 2"_s), u"Why?"_s);
    }

    void aBackupThatIsDamagedIsPassedOver()
    {
        open();
        m_store->putConversation(conversation(1));
        passADay();
        passADay();
        const QStringList both = backupsOf(path());
        QCOMPARE(both.size(), 2);
        QCOMPARE_EQ(newestSoundBackup(path()), std::optional(both.at(0)));
        QFile newest(both.at(0));
        QVERIFY(newest.resize(newest.size() / 2));
        QCOMPARE_EQ(newestSoundBackup(path()), std::optional(both.at(1)));
    }

    void whatDamageTookComesBack()
    {
        open();
        m_store->putConversation(conversation(1, u"Lost title"_s));
        const Message lost = said(2, 1, u"LOSTLOST "_s + QString(6'000, u'x'));
        m_store->putMessage(lost);
        m_store->putConversation(conversation(10));
        for (qint64 id = 100; id < 200; ++id) // other pages than those of what is lost
            m_store->putMessage(said(id, 10, QString(500, u'x')));
        m_store->putMessage(said(11, 10, u"old words"_s));
        m_store->putConversation(conversation(20, u"REMOVED"_s));
        m_store->putMessage(said(21, 20, u"removed"_s));
        passADay();
        m_store->putMessage(said(11, 10, u"new words"_s));
        m_store->putMessage(said(12, 10, u"newer"_s));
        m_store->removeConversation(ConversationId{20});
        m_store.reset();

        destroyPagesWith("LOSTLOST");
        open();
        QCOMPARE_EQ(messagesOf(*m_store, 1), QList{lost});
        QCOMPARE_EQ(m_store->health().state, StoreHealth::State::Rescued);
        QCOMPARE(messageOf(*m_store, 10, 11).text(), u"new words"_s);
        QCOMPARE(messageOf(*m_store, 10, 12).text(), u"newer"_s);
        QVERIFY2(!await(m_store->messages(ConversationId{20})).has_value(), "it was removed on purpose");
    }

    void aFileThatIsNoDatabaseComesBackWhole()
    {
        open();
        m_store->putConversation(conversation(1, u"Title"_s));
        const Message question = said(2, 1, u"Still here?"_s);
        m_store->putMessage(question);
        passADay();
        m_store.reset();
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no database");
        file.close();
        open();
        QCOMPARE_EQ(messagesOf(*m_store, 1), QList{question});
        QCOMPARE_EQ(await(m_store->conversations()).value(), QList{conversation(1, u"Title"_s)});
    }

    void aBackupOfAnEarlierSchemaHelpsToo()
    {
        QVERIFY(writeVersion(path(), 1));
        open();
        QCOMPARE(messagesOf(*m_store, 1).size(), 3);
        m_store.reset();
        QVERIFY(QFile::remove(path()));
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no database");
        file.close();
        open();
        QCOMPARE_EQ(messageOf(*m_store, 1, 3), answerOfVersion(1));
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QLoggingCategory::setFilterRules(u"rivulet.store.warning=false"_s);
    tst_Backup test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_backup.moc"
