// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/store/privatemounts.h"
#include "tests/models/store/storefixture.h"

#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QLoggingCategory>
#include <QtCore/QRandomGenerator>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <csignal>
#include <memory>
#include <optional>
#include <sys/resource.h>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

bool mayMount = false;

using State = StoreHealth::State;

constexpr int conversations = 4;
constexpr int messagesEach = 60;

QString wordsOf(qint64 id)
{
    return u"Message %1: "_s.arg(id) + QString(400, QChar(u'a' + static_cast<char16_t>(id % 26)));
}

qint64 idOf(int conversation, int message)
{
    return conversation * 1000 + message;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(content) == content.size();
}

/// Limits how large a file of this process may grow, which the system reports as an error of the disk.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(qint64 bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = static_cast<rlim_t>(bytes);
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &m_before); }
    Q_DISABLE_COPY_MOVE(FileSizeLimit)

private:
    rlimit m_before{};
};

} // namespace

class tst_StoreHealth : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SqliteStore> m_store;
    std::unique_ptr<TurnJournal> m_journal;

    [[nodiscard]] QString path() const { return m_folder->filePath(u"history.db"_s); }

    void open(std::chrono::milliseconds busyTimeout = 50ms)
    {
        m_store = std::make_unique<SqliteStore>(
            path(),
            SqliteStoreOptions{.commitInterval = 10ms, .retryInterval = 20ms, .busyTimeout = busyTimeout});
        m_journal = m_store->makeJournal();
    }

    void close()
    {
        m_journal.reset();
        m_store.reset();
    }

    [[nodiscard]] State state() const { return m_store->health().state; }

    /// Several conversations with known words, in a file that was closed in order.
    void fill()
    {
        open();
        for (int c = 1; c <= conversations; ++c) {
            m_store->putConversation(conversation(c, u"Conversation %1"_s.arg(c), c));
            for (int m = 1; m <= messagesEach; ++m)
                m_store->putMessage(said(idOf(c, m), c, wordsOf(idOf(c, m))));
        }
        close();
        QVERIFY(!QFile::exists(path() + u"-wal"_s));
    }

    /// How many messages are there with the words that were said.
    [[nodiscard]] int soundMessages()
    {
        int sound = 0;
        for (int c = 1; c <= conversations; ++c) {
            const QList<Message> all = messagesOf(*m_store, c);
            for (const Message &message : all) {
                if (message.text() == wordsOf(static_cast<qint64>(message.id)))
                    ++sound;
            }
        }
        return sound;
    }

    void expectSoundFile()
    {
        OtherConnection file(path());
        QCOMPARE(file.value(u"PRAGMA integrity_check"_s), u"ok"_s);
        QVERIFY(!file.value(u"PRAGMA foreign_key_check"_s).isValid());
    }

private Q_SLOTS:
    void init()
    {
        // Nothing here is about power cuts, so no sync has to reach a real disk.
        const bool inMemory = QFileInfo(u"/dev/shm"_s).isWritable();
        m_folder = std::make_unique<QTemporaryDir>((inMemory ? u"/dev/shm"_s : QDir::tempPath())
                                                   + u"/tst_storehealth-XXXXXX"_s);
        QVERIFY(m_folder->isValid());
    }

    void cleanup()
    {
        close();
        m_folder.reset();
    }

    void aLockedFileIsHeldAndWrittenLater()
    {
        open();
        m_store->putConversation(conversation(1));
        QTRY_COMPARE(state(), State::Good);
        QVERIFY(await(m_store->conversations()).has_value());

        OtherConnection other(path());
        QVERIFY(other.exec(u"BEGIN EXCLUSIVE"_s));
        const Message question = said(2, 1, u"Anyone?"_s);
        m_store->putMessage(question);
        m_store->putMessage(answerTo(question, 3));
        bool ready = false;
        m_journal->begin(TurnId{3}, [&ready] { ready = true; });
        QTRY_COMPARE(state(), State::Holding);
        QCOMPARE_EQ(m_store->health().error->kind, StoreError::Kind::Locked);
        QTRY_VERIFY2(ready, "the turn goes on although it can not be kept now");

        m_journal->append(TurnId{3}, text(u"while "_s));
        m_journal->append(TurnId{3}, text(u"held"_s));
        QCOMPARE(messageOf(*m_store, 1, 2).text(), u"Anyone?"_s);
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"while held"_s);
        m_store->putConversation(conversation(4, u"made while held"_s, 9));
        QCOMPARE(await(m_store->conversations())->constFirst().title, u"made while held"_s);
        QCOMPARE(other.value(u"SELECT count(*) FROM message"_s), 0);

        QVERIFY(other.exec(u"ROLLBACK"_s));
        QTRY_COMPARE(state(), State::Good);
        QVERIFY(!m_store->health().error);
        QCOMPARE(other.value(u"SELECT text FROM part WHERE message = 2"_s), u"Anyone?"_s);
        QCOMPARE(other.value(u"SELECT count(*) FROM journal WHERE message = 3"_s), 1);

        m_journal->append(TurnId{3}, text(u", then not"_s));
        m_journal->finish(TurnId{3}, {});
        close();
        open();
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"while held, then not"_s);
    }

    void aFileThatIsLockedFromTheStartIsOpenedLater()
    {
        fill();
        auto other = std::make_unique<OtherConnection>(path());
        QVERIFY(other->exec(u"PRAGMA locking_mode = EXCLUSIVE"_s));
        QVERIFY(other->exec(u"UPDATE conversation SET changed = 0 WHERE id = 1"_s));
        open();
        QTRY_COMPARE(state(), State::Holding);
        QCOMPARE_EQ(m_store->health().error->kind, StoreError::Kind::Locked);
        QCOMPARE_EQ(await(m_store->messages(ConversationId{1})).error().kind, StoreError::Kind::Locked);

        m_store->putConversation(conversation(9));
        m_store->putMessage(said(9001, 9, u"new"_s));
        QCOMPARE(messageOf(*m_store, 9, 9001).text(), u"new"_s);
        m_store->putMessage(answerTo(said(1998, 1, {}), 1999)); // the end of one that can not be read
        QVERIFY(!await(m_store->messages(ConversationId{1})).has_value());

        other.reset();
        QTRY_COMPARE(state(), State::Good);
        QCOMPARE(messageOf(*m_store, 9, 9001).text(), u"new"_s);
        QCOMPARE(messagesOf(*m_store, 1).size(), messagesEach + 1);
    }

    void aBlockedStoreBlocksNobodyElse()
    {
        open(5s);
        QTRY_COMPARE(state(), State::Good);
        OtherConnection other(path());
        QVERIFY(other.exec(u"BEGIN EXCLUSIVE"_s));

        QElapsedTimer clock;
        clock.start();
        m_store->putConversation(conversation(1));
        const Message question = said(2, 1, u"?"_s);
        m_store->putMessage(question);
        m_store->putMessage(answerTo(question, 3));
        bool ready = false;
        m_journal->begin(TurnId{3}, [&ready] { ready = true; });
        for (int i = 0; i < 1000; ++i)
            m_journal->append(TurnId{3}, text(u"x"_s));
        auto loaded = m_store->messages(ConversationId{1});
        m_journal->finish(TurnId{3}, {});
        QCOMPARE_LT(clock.elapsed(), 500);
        QVERIFY2(!QTest::qWaitFor([&] { return ready || loaded.isFinished(); }, 300),
                 "the store was to stand in the lock");
        QCOMPARE(state(), State::Good);

        QVERIFY(other.exec(u"ROLLBACK"_s));
        QTRY_VERIFY(ready);
        QCOMPARE(await(loaded)->size(), 2);
        QCOMPARE(messageOf(*m_store, 1, 3).text().size(), 1000);
        QCOMPARE(state(), State::Good);
    }

    void whatIsHeldAtTheEndIsTriedOnceMore()
    {
        open();
        m_store->putConversation(conversation(1));
        QTRY_COMPARE(state(), State::Good);
        QVERIFY(await(m_store->conversations()).has_value());
        m_store = std::make_unique<SqliteStore>(
            path(), SqliteStoreOptions{.retryInterval = std::chrono::hours(1), .busyTimeout = 20ms});
        QTRY_COMPARE(state(), State::Good);
        {
            OtherConnection other(path());
            QVERIFY(other.exec(u"BEGIN EXCLUSIVE"_s));
            m_store->putConversation(conversation(2, u"held"_s));
            QTRY_COMPARE(state(), State::Holding);
        }
        close();
        open();
        QCOMPARE(await(m_store->conversations())->size(), 2);
    }

    void aReadOnlyFileIsReadAndHeld()
    {
        fill();
        std::optional<ReadOnlyFile> guard;
        if (mayMount) {
            guard.emplace(path());
            QVERIFY(guard->isMounted());
        } else {
            QVERIFY(QFile::setPermissions(path(), QFileDevice::ReadOwner));
        }
        open();
        QTRY_COMPARE(state(), State::Holding);
        QCOMPARE_EQ(m_store->health().error->kind, StoreError::Kind::ReadOnly);
        QCOMPARE(soundMessages(), conversations * messagesEach);
        m_store->putMessage(said(1999, 1, u"held"_s));
        QCOMPARE(messageOf(*m_store, 1, 1999).text(), u"held"_s);

        if (mayMount)
            guard.reset();
        else
            QVERIFY(QFile::setPermissions(path(), QFileDevice::ReadOwner | QFileDevice::WriteOwner));
        QTRY_COMPARE(state(), State::Good);
        close();
        open();
        QCOMPARE(messageOf(*m_store, 1, 1999).text(), u"held"_s);
    }

    void aReadOnlyFolderIsReadAndHeld()
    {
        if (!mayMount)
            QSKIP("NOT COVERED HERE: needs a mount namespace (root, or user namespaces)");
        SmallDisk disk(m_folder->path(), 4096);
        QVERIFY(disk.isMounted());
        fill();
        QVERIFY(disk.setReadOnly(true));
        open();
        QTRY_COMPARE(state(), State::Holding);
        QCOMPARE_EQ(m_store->health().error->kind, StoreError::Kind::ReadOnly);
        QCOMPARE(soundMessages(), conversations * messagesEach);
        m_store->putMessage(said(1999, 1, u"held"_s));
        QCOMPARE(messageOf(*m_store, 1, 1999).text(), u"held"_s);

        QVERIFY(disk.setReadOnly(false));
        QTRY_COMPARE(state(), State::Good);
        close();
        open();
        QCOMPARE(messageOf(*m_store, 1, 1999).text(), u"held"_s);
        close();
    }

    void aFolderThatCanNotBeMadeIsHeld()
    {
        QVERIFY(write(m_folder->filePath(u"file"_s), "in the way"));
        m_store = std::make_unique<SqliteStore>(m_folder->filePath(u"file/history.db"_s));
        QTRY_COMPARE(state(), State::Holding);
        m_store->putConversation(conversation(1));
        m_store->putMessage(said(2, 1, u"held"_s));
        QCOMPARE(messageOf(*m_store, 1, 2).text(), u"held"_s);
        QCOMPARE(await(m_store->conversations())->size(), 1);
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"could not be written"_s));
    }

    void aFullDiskIsHeldUntilThereIsRoom()
    {
        if (!mayMount)
            QSKIP("NOT COVERED HERE: needs a mount namespace (root, or user namespaces)");
        SmallDisk disk(m_folder->path(), 1024);
        QVERIFY(disk.isMounted());
        open();
        m_store->putConversation(conversation(1));
        const Message question = said(2, 1, u"Go on."_s);
        m_store->putMessage(question);
        m_store->putMessage(answerTo(question, 3));
        QTRY_COMPARE(state(), State::Good);
        QVERIFY(await(m_store->conversations()).has_value());

        QFile filler(m_folder->filePath(u"filler"_s));
        QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        const QByteArray block(4096, '\0');
        while (filler.write(block) == block.size()) {}
        QString said;
        for (int i = 0; i < 50; ++i) {
            const QString delta = u"%1 "_s.arg(i) + QString(2000, u'.');
            said += delta;
            m_journal->append(TurnId{3}, text(delta));
            if (i % 10 == 0)
                QVERIFY(await(m_store->conversations()).has_value()); // a commit is tried before
        }
        QTRY_COMPARE(state(), State::Holding);
        QCOMPARE_EQ(m_store->health().error->kind, StoreError::Kind::Full);
        QCOMPARE(messageOf(*m_store, 1, 3).text(), said);
        QCOMPARE(messageOf(*m_store, 1, 2).text(), u"Go on."_s);

        QVERIFY(filler.remove());
        QTRY_COMPARE(state(), State::Good);
        close();
        expectSoundFile();
        open();
        QCOMPARE(messageOf(*m_store, 1, 3).text(), said);
        close();
    }

    void aDiskThatFailsIsHeldUntilItWorks()
    {
        open();
        m_store->putConversation(conversation(1));
        QTRY_COMPARE(state(), State::Good);
        QVERIFY(await(m_store->conversations()).has_value());
        {
            const FileSizeLimit limit(4096);
            m_store->putMessage(said(2, 1, QString(50'000, u'x')));
            QTRY_COMPARE(state(), State::Holding);
            QCOMPARE_EQ(m_store->health().error->kind, StoreError::Kind::Io);
            QCOMPARE(messageOf(*m_store, 1, 2).text().size(), 50'000);
        }
        QTRY_COMPARE(state(), State::Good);
        close();
        expectSoundFile();
        open();
        QCOMPARE(messageOf(*m_store, 1, 2).text().size(), 50'000);
    }

    void aLaterVersionsFileIsReadAndNeverWritten()
    {
        fill();
        {
            OtherConnection other(path());
            QVERIFY(other.exec(u"PRAGMA user_version = 1000"_s));
        }
        const QByteArray before = contentOf(path());
        open();
        QTRY_COMPARE(state(), State::Holding);
        QCOMPARE_EQ(m_store->health().error->kind, StoreError::Kind::TooNew);
        QCOMPARE(soundMessages(), conversations * messagesEach);
        m_store->putMessage(said(1999, 1, u"held"_s));
        QCOMPARE(messageOf(*m_store, 1, 1999).text(), u"held"_s);
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"could not be written"_s));
        close();
        QCOMPARE(contentOf(path()), before);
    }

    void anEmptyFileIsANewStore()
    {
        QVERIFY(write(path(), {}));
        open();
        m_store->putConversation(conversation(1));
        QCOMPARE(await(m_store->conversations())->size(), 1);
        QCOMPARE(state(), State::Good);
    }

    void whatIsNoDatabaseIsMovedAside_data()
    {
        QTest::addColumn<QByteArray>("content");
        QByteArray random(20'000, Qt::Uninitialized);
        QRandomGenerator generator(7);
        for (char &byte : random)
            byte = static_cast<char>(generator.bounded(256));
        QTest::newRow("random bytes") << random;
        QTest::newRow("text") << QByteArray("these are not rows\n").repeated(100);
        QTest::newRow("a header only") << QByteArray("SQLite format 3\0", 16) + random.first(84);
    }

    void whatIsNoDatabaseIsMovedAside()
    {
        QFETCH(QByteArray, content);
        QVERIFY(write(path(), content));
        open();
        m_store->putConversation(conversation(1));
        QTRY_COMPARE(state(), State::Rescued);
        const QString movedTo = m_store->health().movedTo;
        QVERIFY2(movedTo.startsWith(path() + u".corrupt-"_s), qPrintable(movedTo));
        QCOMPARE(contentOf(movedTo), content);
        QCOMPARE(await(m_store->conversations())->size(), 1);
        close();
        open();
        QCOMPARE(await(m_store->conversations())->size(), 1);
        QCOMPARE(state(), State::Good);
    }

    void aFolderInItsPlaceIsMovedAside()
    {
        QVERIFY(QDir().mkpath(path() + u"/inside"_s));
        open();
        QTRY_COMPARE(state(), State::Rescued);
        QVERIFY(QFile::exists(m_store->health().movedTo + u"/inside"_s));
        m_store->putConversation(conversation(1));
        QCOMPARE(await(m_store->conversations())->size(), 1);
    }

    void aSecondCorruptFileDoesNotReplaceTheFirst()
    {
        for (const char *content : {"one", "two", "three"}) {
            QVERIFY(write(path(), content));
            open();
            QTRY_COMPARE(state(), State::Rescued);
            QCOMPARE(contentOf(m_store->health().movedTo), content);
            close();
            QVERIFY(QFile::remove(path()));
        }
        QCOMPARE(QDir(m_folder->path()).entryList({u"*.corrupt-*"_s}, QDir::Files).size(), 3);
    }

    void aDamagedPageLosesOnlyItsOwnRows()
    {
        fill();
        const QByteArray whole = contentOf(path());
        constexpr int page = 4096;
        int lostEverything = 0;
        const auto pages = whole.size() / page;
        QCOMPARE_GT(pages, 20);
        for (qsizetype i = 1; i < pages; ++i) {
            QByteArray damaged = whole;
            damaged.replace(i * page, page, QByteArray(page, '\xa5'));
            QVERIFY(write(path(), damaged));
            {
                // So that the next start checks the whole file.
                OtherConnection other(path());
                other.exec(u"UPDATE meta SET value = 1 WHERE key = 'open'"_s);
            }
            open();
            const int sound = soundMessages();
            if (sound < conversations * messagesEach - 20)
                ++lostEverything;
            close();
            expectSoundFile();
            const QStringList aside = QDir(m_folder->path()).entryList({u"*.corrupt-*"_s}, QDir::Files);
            for (const QString &name : aside)
                QFile::remove(m_folder->filePath(name));
        }
        // Only the root of a table's tree takes the whole table with it.
        QCOMPARE_LE(lostEverything, 2);
    }

    void damageAnywhereIsFoundOrHarmless_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 50; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    void damageAnywhereIsFoundOrHarmless()
    {
        QFETCH(quint32, seed);
        fill();
        QByteArray content = contentOf(path());
        QRandomGenerator random(seed);
        if (seed % 3 == 0) {
            content.truncate(random.bounded(content.size()));
        } else {
            const int flips = random.bounded(1, 40);
            for (int i = 0; i < flips; ++i) {
                const auto place = random.bounded(content.size());
                content[place] = static_cast<char>(content.at(place) ^ (1 << random.bounded(8)));
            }
        }
        QVERIFY(write(path(), content));
        open();
        QVERIFY(await(m_store->conversations()).has_value());
        for (int c = 1; c <= conversations; ++c) {
            const auto loaded = await(m_store->messages(ConversationId{c}));
            if (!loaded)
                QCOMPARE_EQ(loaded.error().kind, StoreError::Kind::NotFound);
        }
        m_store->putConversation(conversation(99));
        m_store->putMessage(said(99'001, 99, u"life goes on"_s));
        QCOMPARE(messageOf(*m_store, 99, 99'001).text(), u"life goes on"_s);
        QTRY_VERIFY(state() == State::Good || state() == State::Rescued
                    || m_store->health().error->kind == StoreError::Kind::TooNew);
        if (state() == State::Rescued)
            QVERIFY(QFile::exists(m_store->health().movedTo));
        close();
        open();
        QCOMPARE(messageOf(*m_store, 99, 99'001).text(), u"life goes on"_s);
    }

    void aRunningAnswerSurvivesARescue()
    {
        open();
        m_store->putConversation(conversation(1));
        const Message question = said(2, 1, u"Hold on?"_s);
        m_store->putMessage(question);
        m_store->putMessage(answerTo(question, 3));
        m_journal->append(TurnId{3}, text(u"before, "_s));
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"before, "_s);
        {
            OtherConnection other(path());
            QVERIFY(other.exec(u"DROP TABLE journal"_s));
        }
        m_journal->append(TurnId{3}, text(u"during, "_s));
        QTRY_COMPARE(state(), State::Rescued);
        QCOMPARE(messageOf(*m_store, 1, 2).text(), u"Hold on?"_s);
        m_journal->append(TurnId{3}, text(u"after"_s));
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"before, during, after"_s);
        m_journal->finish(TurnId{3}, {});
        close();
        open();
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"before, during, after"_s);
        QCOMPARE_EQ(messageOf(*m_store, 1, 3).state, Message::State::Complete);
    }

    void anInterruptedRescueIsFinished()
    {
        fill();
        QVERIFY(QFile::rename(path(), path() + u".rescued"_s));
        open();
        QCOMPARE(soundMessages(), conversations * messagesEach);
        QVERIFY(!QFile::exists(path() + u".rescued"_s));
    }
};

int main(int argc, char *argv[])
{
    mayMount = enterPrivateMounts();
    QCoreApplication app(argc, argv);
    QLoggingCategory::setFilterRules(
        u"rivulet.store.warning=false"_s); // what it warns of is the test's own doing
    tst_StoreHealth test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_storehealth.moc"
