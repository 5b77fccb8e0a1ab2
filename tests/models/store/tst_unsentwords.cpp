// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/store/storefixture.h"

#include <QtCore/QFileInfo>
#include <QtCore/QLoggingCategory>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

constexpr ConversationId newConversation{};
constexpr ConversationId first{1};

Unsent words()
{
    return {.draft = u"What about \u00e4\u0000\U0001F600?\n"_s,
            .queue = {{.id = 7, .text = u"and then"_s}, {.id = 6, .text = {}}, {.id = 9, .text = u"end"_s}}};
}

} // namespace

/// What the user typed and did not send.
class tst_UnsentWords : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SqliteStore> m_store;

    [[nodiscard]] QString path() const { return m_folder->filePath(u"history.db"_s); }

    void open(const SqliteStoreOptions &options = {})
    {
        m_store.reset();
        m_store = std::make_unique<SqliteStore>(path(), options);
    }

    [[nodiscard]] Unsent unsent(ConversationId id)
    {
        return await(m_store->unsent(id)).value_or(Unsent{.draft = u"not loaded"_s});
    }

    [[nodiscard]] StoreHealth::State state() const { return m_store->health().state; }

    [[nodiscard]] QVariant rowsOnDisk() const
    {
        return OtherConnection(path()).value(u"SELECT count(*) FROM unsent"_s);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        open();
        m_store->putConversation(conversation(1));
    }

    void cleanup()
    {
        m_store.reset();
        m_folder.reset();
    }

    void aConversationHasNoneAtFirst()
    {
        QCOMPARE_EQ(unsent(first), Unsent{});
        QCOMPARE_EQ(unsent(newConversation), Unsent{});
        QCOMPARE_EQ(unsent(ConversationId{404}), Unsent{});
    }

    void draftAndQueueComeBackAfterARestart()
    {
        m_store->putUnsent(first, words());
        QCOMPARE_EQ(unsent(first), words());
        open();
        QCOMPARE_EQ(unsent(first), words());
    }

    void theNewConversationHasADraftToo()
    {
        m_store->putUnsent(newConversation, {.draft = u"Hello"_s});
        open();
        QCOMPARE(unsent(newConversation).draft, u"Hello"_s);
        QCOMPARE_EQ(unsent(first), Unsent{});
    }

    void theLastWordsReplaceTheOnesBefore()
    {
        m_store->putUnsent(first, words());
        m_store->putUnsent(first, {.draft = u"other"_s});
        open();
        QCOMPARE_EQ(unsent(first), (Unsent{.draft = u"other"_s}));
    }

    void wordsThatWereSentLeaveNothing()
    {
        m_store->putUnsent(first, words());
        QCOMPARE_EQ(unsent(first), words());
        QCOMPARE(rowsOnDisk(), 1);
        m_store->putUnsent(first, {});
        QCOMPARE_EQ(unsent(first), Unsent{});
        QCOMPARE(rowsOnDisk(), 0);
    }

    void wordsGoWithTheirConversation()
    {
        m_store->putUnsent(first, words());
        m_store->putUnsent(newConversation, {.draft = u"stays"_s});
        QCOMPARE_EQ(unsent(first), words());
        m_store->removeConversation(first);
        QCOMPARE_EQ(unsent(first), Unsent{});
        open();
        QCOMPARE_EQ(unsent(first), Unsent{});
        QCOMPARE(unsent(newConversation).draft, u"stays"_s);
    }

    void wordsThatComeAfterTheRemovalAreNotKept()
    {
        m_store->removeConversation(first);
        m_store->putUnsent(first, words());
        QCOMPARE_EQ(unsent(first), Unsent{});
        QCOMPARE(rowsOnDisk(), 0);
        m_store->putUnsent(first, words());
        QVERIFY(await(m_store->conversations()).has_value());
        QCOMPARE_EQ(unsent(first), Unsent{});
        QCOMPARE(rowsOnDisk(), 0);
    }

    void aConversationThatWasBroughtBackKeepsItsNewWords()
    {
        m_store->putUnsent(first, {.draft = u"old"_s});
        m_store->removeConversation(first);
        m_store->putConversation(conversation(1));
        QCOMPARE_EQ(unsent(first), Unsent{});
        m_store->putUnsent(first, {.draft = u"new"_s});
        open();
        QCOMPARE(unsent(first).draft, u"new"_s);
    }

    void wordsMayComeTogetherWithTheirConversation()
    {
        m_store->putUnsent(ConversationId{5}, {.draft = u"too early"_s});
        m_store->putConversation(conversation(5));
        m_store->putUnsent(ConversationId{5}, {.draft = u"in time"_s});
        open();
        QCOMPARE(unsent(ConversationId{5}).draft, u"in time"_s);
    }

    void whileHoldingTheyAreKeptInMemoryAndWrittenLater()
    {
        open({.commitInterval = 10ms, .retryInterval = 20ms, .busyTimeout = 50ms});
        m_store->putConversation(conversation(2));
        m_store->putUnsent(first, {.draft = u"before"_s});
        QCOMPARE(unsent(first).draft, u"before"_s);
        {
            OtherConnection other(path());
            QVERIFY(other.exec(u"BEGIN EXCLUSIVE"_s));
            m_store->putUnsent(first, words());
            QTRY_COMPARE(state(), StoreHealth::State::Holding);
            QCOMPARE_EQ(unsent(first), words());
            m_store->putUnsent(first, {.draft = u"later"_s, .queue = words().queue});
            m_store->putUnsent(newConversation, {.draft = u"Hello"_s});
            m_store->putUnsent(ConversationId{2}, words());
            m_store->removeConversation(ConversationId{2});
            m_store->putUnsent(ConversationId{2}, words());
            QCOMPARE(unsent(first).draft, u"later"_s);
            QCOMPARE(unsent(newConversation).draft, u"Hello"_s);
            QCOMPARE_EQ(unsent(ConversationId{2}), Unsent{});
        }
        QTRY_COMPARE(state(), StoreHealth::State::Good);
        open();
        QCOMPARE_EQ(unsent(first), (Unsent{.draft = u"later"_s, .queue = words().queue}));
        QCOMPARE(unsent(newConversation).draft, u"Hello"_s);
        QCOMPARE_EQ(unsent(ConversationId{2}), Unsent{});
    }

    void aDraftWaitsForTheNextCommit()
    {
        open({.commitInterval = 1h});
        QCOMPARE_EQ(unsent(first), Unsent{});
        const qint64 before = QFileInfo(path() + u"-wal"_s).size();
        QString draft;
        for (int key = 0; key < 1'000; ++key) {
            draft += u'x';
            m_store->putUnsent(first, {.draft = draft});
        }
        // What was written so far by this thread comes before its answer; only a reader makes it write now.
        QCOMPARE(unsent(first).draft, draft);
        const qint64 written = QFileInfo(path() + u"-wal"_s).size() - before;
        QCOMPARE_GT(written, 0);
        QCOMPARE_LE(written, 4 * 4096 + 200);
    }

    void aDraftIsOnDiskWithinTheInterval()
    {
        QCOMPARE_EQ(unsent(first), Unsent{});
        m_store->putUnsent(first, {.draft = u"typed"_s});
        QTRY_COMPARE(OtherConnection(path()).value(u"SELECT draft FROM unsent WHERE id = 1"_s), u"typed"_s);
    }

    void aQueuedMessageDoesNotWaitForTheInterval()
    {
        open({.commitInterval = 1h});
        QCOMPARE_EQ(unsent(first), Unsent{});
        m_store->putUnsent(first, {.draft = u"typed"_s});
        m_store->putUnsent(first, {.queue = {{.id = 1, .text = u"sent"_s}}});
        m_store->putUnsent(first, {.draft = u"t"_s, .queue = {{.id = 1, .text = u"sent"_s}}});
        QTRY_COMPARE(rowsOnDisk(), 1);
    }

    void wordsSurviveTheLossOfTheirConversation()
    {
        m_store->putUnsent(first, words());
        m_store->putUnsent(newConversation, {.draft = u"Hello"_s});
        m_store.reset();
        {
            OtherConnection other(path());
            QVERIFY(other.exec(u"DROP TABLE conversation"_s));
        }
        open();
        QCOMPARE_EQ(unsent(first), words());
        QCOMPARE(unsent(newConversation).draft, u"Hello"_s);
        QCOMPARE(await(m_store->conversations())->size(), 1);
        QCOMPARE(state(), StoreHealth::State::Rescued);
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QLoggingCategory::setFilterRules(u"rivulet.store.warning=false"_s);
    tst_UnsentWords test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_unsentwords.moc"
