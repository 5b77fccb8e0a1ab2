// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/store/storefixture.h"
#include "tests/support/faultydisk.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QLoggingCategory>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

FaultyDisk &disk()
{
    return FaultyDisk::instance();
}

/// How often each fault is tried: more for "./dev test --thorough".
quint32 seeds()
{
    return qEnvironmentVariableIsSet("RIVULET_THOROUGH") ? 8 : 1;
}

} // namespace

/// What the store asks of its disk, and what it makes of one that fails.
class tst_StoreDisk : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SqliteStore> m_store;
    std::unique_ptr<TurnJournal> m_journal;

    [[nodiscard]] QString path() const { return m_folder->filePath(u"history.db"_s); }

    void open(const SqliteStoreOptions &options)
    {
        close();
        m_store = std::make_unique<SqliteStore>(path(), options);
        m_journal = m_store->makeJournal();
    }

    void close()
    {
        m_journal.reset();
        m_store.reset();
    }

    /// One commit of all that came so far, and its bytes: injected time, since nothing else commits.
    void commit() { QVERIFY(await(m_store->conversations()).has_value()); }

    void openForCounting(qint64 streams)
    {
        open({.commitInterval = 1h});
        m_store->putConversation(conversation(1));
        for (qint64 id = 100; id < 100 + streams; ++id)
            m_store->putMessage(answerTo(said(2, 1, {}), id));
        commit();
        disk().resetCounters();
    }

    static void everyFault()
    {
        QTest::addColumn<DiskFault>("fault");
        QTest::addColumn<int>("every");
        QTest::addColumn<quint32>("seed");
        for (const auto &[name, fault] :
             {std::pair{"no room", DiskFault::Full}, std::pair{"a write that fails", DiskFault::WriteError},
              std::pair{"half a write", DiskFault::ShortWrite},
              std::pair{"a sync that fails", DiskFault::SyncError}}) {
            for (const int every : {1, 2, 5, 20}) {
                for (quint32 seed = 1; seed <= seeds(); ++seed)
                    QTest::addRow("%s, one of %d, seed %u", name, every, seed) << fault << every << seed;
            }
        }
    }

private Q_SLOTS:
    void init()
    {
        const bool inMemory = QFileInfo(u"/dev/shm"_s).isWritable();
        m_folder = std::make_unique<QTemporaryDir>((inMemory ? u"/dev/shm"_s : QDir::tempPath())
                                                   + u"/tst_storedisk-XXXXXX"_s);
        QVERIFY(m_folder->isValid());
    }

    void cleanup()
    {
        disk().works();
        close();
        m_folder.reset();
    }

    void nothingIsLostWhateverTheDiskSays_data() { everyFault(); }

    void nothingIsLostWhateverTheDiskSays()
    {
        QFETCH(DiskFault, fault);
        QFETCH(int, every);
        QFETCH(quint32, seed);
        open({.commitInterval = 1ms, .retryInterval = 2ms, .busyTimeout = 50ms});
        m_store->putConversation(conversation(1));
        commit();
        QTRY_COMPARE(m_store->health().state, StoreHealth::State::Good);

        disk().failOneOf(every, fault, seed);
        QList<Message> expected;
        for (qint64 id = 10; id < 50; id += 2) {
            const Message question = said(id, 1, u"Question %1? "_s.arg(id).repeated(20));
            Message answer = answerTo(question, id + 1);
            m_store->putMessage(question);
            m_store->putMessage(answer);
            m_store->putUnsent(ConversationId{1}, {.queue = {{.id = id, .text = u"next"_s}}});
            m_journal->begin(turnOf(answer.id), [] {});
            for (int i = 0; i < 4; ++i) {
                const StreamEvents events = text(u"%1 "_s.arg(i).repeated(100));
                m_journal->append(turnOf(answer.id), events);
                for (const StreamEvent &event : events)
                    apply(answer, event);
                if (i % 2 == 0)
                    QCOMPARE(messageOf(*m_store, 1, id + 1).text(), answer.text());
            }
            m_journal->finish(turnOf(answer.id), {});
            apply(answer, TurnOutcome{});
            expected << question << answer;
            QCOMPARE_EQ(messagesOf(*m_store, 1), expected);
        }
        if (every == 1)
            QCOMPARE_GT(disk().failures(), 0);

        disk().works();
        QTRY_COMPARE(m_store->health().state, StoreHealth::State::Good);
        close();
        {
            OtherConnection file(path());
            QCOMPARE(file.value(u"PRAGMA integrity_check"_s), u"ok"_s);
            QCOMPARE(file.value(u"SELECT count(*) FROM journal"_s), 0);
        }
        open({});
        QCOMPARE_EQ(messagesOf(*m_store, 1), expected);
        QCOMPARE(await(m_store->unsent(ConversationId{1}))->queue.value(0).id, 48);
        QCOMPARE_EQ(m_store->health().state, StoreHealth::State::Good);
    }

    void aCommitOfALoneStreamWritesLittle()
    {
        openForCounting(1);
        constexpr int commits = 1'200; // two minutes, and a checkpoint
        for (int i = 0; i < commits; ++i) {
            m_journal->append(TurnId{100}, text(QString(40, u'x')));
            commit();
        }
        QCOMPARE_GT(disk().checkpointedBytes(), 0);
        const qint64 perCommit = (disk().loggedBytes() + disk().checkpointedBytes()) / commits;
        qInfo("%lld bytes a commit", static_cast<long long>(perCommit));
        QCOMPARE_LE(perCommit, 12 * 1024);
    }

    void manyStreamsWriteAtMostTenTimesTheirText()
    {
        constexpr qint64 streams = 64;
        constexpr int commits = 300;        // half a minute of 100 ms each
        constexpr int tokensPerCommit = 10; // 100 a second
        const QString token = u"word"_s;
        openForCounting(streams);
        for (int i = 0; i < commits; ++i) {
            for (int one = 0; one < tokensPerCommit; ++one) {
                for (qint64 id = 100; id < 100 + streams; ++id)
                    m_journal->append(TurnId{id}, text(token));
            }
            commit();
        }
        const qint64 said = streams * commits * tokensPerCommit * token.size();
        QCOMPARE_GT(disk().checkpointedBytes(), 0);
        const qint64 written = disk().loggedBytes() + disk().checkpointedBytes();
        qInfo("%.1f times the text", static_cast<double>(written) / static_cast<double>(said));
        QCOMPARE_LE(written, 10 * said);
    }

    void whatStreamsIsWrittenWithoutASync()
    {
        openForCounting(1);
        for (int i = 0; i < 20; ++i) {
            m_journal->append(TurnId{100}, text(u"word"_s));
            commit();
        }
        QCOMPARE(disk().syncs(), 0);
        m_journal->finish(TurnId{100}, {});
        commit();
        QCOMPARE_GE(disk().syncs(), 1);
    }

    void aDraftIsWrittenWithoutASync()
    {
        openForCounting(0);
        m_store->putUnsent(ConversationId{1}, {.draft = u"a"_s});
        commit();
        disk().resetCounters();
        for (int i = 0; i < 20; ++i) {
            m_store->putUnsent(ConversationId{1}, {.draft = QString(i + 2, u'a')});
            commit();
        }
        QCOMPARE_GT(disk().loggedBytes(), 0);
        QCOMPARE(disk().syncs(), 0);
        m_store->putUnsent(ConversationId{1}, {.queue = {{.id = 1, .text = u"a"_s}}});
        commit();
        QCOMPARE_GE(disk().syncs(), 1);
    }
};

int main(int argc, char *argv[])
{
    FaultyDisk::instance();
    QCoreApplication app(argc, argv);
    QLoggingCategory::setFilterRules(u"rivulet.store.warning=false"_s);
    tst_StoreDisk test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_storedisk.moc"
