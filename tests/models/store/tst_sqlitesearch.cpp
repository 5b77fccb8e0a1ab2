// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/database.h"
#include "models/store/sqlitesearch.h"
#include "tests/models/store/oldversions.h"

#include <QtCore/QLoggingCategory>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

class tst_SqliteSearch : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SqliteStore> m_store;
    std::unique_ptr<SqliteSearch> m_search;

    [[nodiscard]] QString path() const { return m_folder->filePath(u"history.db"_s); }

    void open(const SqliteStoreOptions &options = {})
    {
        m_store.reset();
        m_store = std::make_unique<SqliteStore>(path(), options);
        m_search = std::make_unique<SqliteSearch>(path());
    }

    /// Once everything before is written, and old messages are indexed.
    void settle()
    {
        QVERIFY(await(m_store->conversations()).has_value());
        QTRY_VERIFY(!page(u"x"_s).isIndexing);
    }

    SearchPage page(const QString &typed, int limit = 100, std::optional<MessageId> from = {})
    {
        const auto found = await(m_search->search(parseSearch(typed), limit, from));
        if (!found)
            QTest::qFail(qPrintable(found.error().detail), __FILE__, __LINE__);
        return found.value_or(SearchPage{});
    }

    /// The ids of what is found.
    QList<qint64> found(const QString &typed)
    {
        if (const auto written = await(m_store->conversations()); !written)
            return {-1};
        QList<qint64> ids;
        const SearchPage all = page(typed);
        for (const SearchHit &hit : all.hits)
            ids.append(static_cast<qint64>(hit.message));
        return ids;
    }

    void expectSoundIndex()
    {
        OtherConnection file(path());
        QVERIFY(file.exec(u"INSERT INTO search (search) VALUES ('integrity-check')"_s));
        QCOMPARE(file.value(u"PRAGMA integrity_check"_s), u"ok"_s);
    }

    static Message answered(qint64 id, const QList<Part> &parts, const QString &model = u"demo-1"_s)
    {
        return {.id = MessageId{id},
                .conversation = ConversationId{1},
                .role = ChatRole::Assistant,
                .parts = parts,
                .model = model,
                .created = at(id)};
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        open();
        m_store->putConversation(conversation(1, u"Tides of the Moon"_s));
    }

    void cleanup()
    {
        m_search.reset();
        m_store.reset();
        m_folder.reset();
    }

    void nothingIsFoundInAFileThatIsNotThere()
    {
        SqliteSearch search(m_folder->filePath(u"none.db"_s));
        QCOMPARE_EQ(await(search.search(parseSearch(u"tide"_s), 10)).value(), SearchPage{});
    }

    void aMessageIsFoundByItsWords()
    {
        m_store->putMessage(said(2, 1, u"When does the **tide** turn?"_s));
        m_store->putMessage(said(3, 1, u"The ebb."_s));
        QCOMPARE(found(u"tide"_s), QList<qint64>{2});
        QCOMPARE(found(u"TIDE turn "_s), QList<qint64>{2});
        QCOMPARE(found(u"ebb tide"_s), QList<qint64>{});
        const SearchHit hit = page(u"\"the tide\""_s).hits.value(0);
        const SearchHit expected{
            .conversation = ConversationId{1},
            .message = MessageId{2},
            .title = u"Tides of the Moon"_s,
            .role = ChatRole::User,
            .created = at(2),
            .snippet = {.text = u"When does the **tide** turn?"_s, .matches = {{10, 20}}}};
        QCOMPARE_EQ(hit, expected);
        expectSoundIndex();
    }

    void everythingThatWasSaidAndDoneIsFound()
    {
        m_store->putMessage(
            answered(2,
                     {TextPart{u"alpha"_s}, ReasoningPart{u"beta"_s},
                      ToolCallPart{0, u"c"_s, u"gamma"_s, u"{\"q\":\"delta\"}"_s},
                      ToolResultPart{u"c"_s, u"gamma"_s, u"epsilon"_s}, StatusPart{u"s"_s, u"zeta"_s},
                      ArtifactPart{u"a"_s, event::Artifact::Kind::Table, u"eta"_s, "[\"theta\"]"_ba}}));
        for (const QString &word :
             {u"alpha"_s, u"beta"_s, u"gamma"_s, u"delta"_s, u"epsilon"_s, u"zeta"_s, u"eta"_s, u"theta"_s})
            QVERIFY2(found(word + u' ') == QList<qint64>{2}, qPrintable(word));
    }

    void aWordIsFoundAsItIsTyped()
    {
        m_store->putMessage(said(2, 1, u"Gezeiten"_s));
        for (const QString &typed : {u"g"_s, u"geze"_s, u"gezeiten"_s, u"gezeiten "_s})
            QVERIFY2(found(typed) == QList<qint64>{2}, qPrintable(typed));
        QCOMPARE(found(u"geze "_s), QList<qint64>{});
    }

    void wordsAreFoundInsideScriptsWithoutSpaces_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("typed");
        QTest::newRow("Chinese") << u"今天的潮汐表在哪里？"_s << u"潮汐"_s;
        QTest::newRow("one character") << u"今天的潮汐表在哪里？"_s << u"表"_s;
        QTest::newRow("the last character") << u"潮汐表"_s << u"表 "_s;
        QTest::newRow("Japanese") << u"満潮はデータベースにあります。"_s << u"データ"_s;
        QTest::newRow("Korean with an ending") << u"조수간만의 차이는 큽니다"_s << u"조수"_s;
        QTest::newRow("Thai") << u"น้ำขึ้นให้รีบตัก"_s << u"ขึ้น"_s;
        QTest::newRow("mixed with words") << u"Qtの設定file"_s << u"設定"_s;
    }

    void wordsAreFoundInsideScriptsWithoutSpaces()
    {
        QFETCH(QString, said);
        QFETCH(QString, typed);
        m_store->putMessage(rivulet::test::said(2, 1, said));
        m_store->putMessage(rivulet::test::said(3, 1, u"別の言葉です 다른 말 คำอื่น"_s));
        QCOMPARE(found(typed), QList<qint64>{2});
        QVERIFY(!page(typed).hits.constFirst().snippet.matches.isEmpty());
    }

    void exclusionsTakeAway()
    {
        m_store->putMessage(said(2, 1, u"ebb tide"_s));
        m_store->putMessage(said(3, 1, u"spring tide"_s));
        QCOMPARE(found(u"tide -ebb"_s), QList<qint64>{3});
        QCOMPARE(found(u"-ebb "_s), QList<qint64>{3});
        QCOMPARE(found(u"-\"spring tide\" "_s), QList<qint64>{2});
        QCOMPARE(found(u"-tide"_s), QList<qint64>{});
    }

    void filtersLimitWhatIsFound()
    {
        m_store->putConversation(conversation(10, u"Été"_s));
        m_store->putMessage(said(2, 1, u"tide"_s));
        m_store->putMessage(answered(3, {TextPart{u"tide\n```\nx\n```"_s}}, u"Sea-1-mini"_s));
        Message elsewhere = said(11, 10, u"tide"_s);
        elsewhere.created = at(0).addDays(3);
        m_store->putMessage(elsewhere);
        const QString day = at(0).toLocalTime().date().toString(Qt::ISODate);
        const QString later = at(0).addDays(2).toLocalTime().date().toString(Qt::ISODate);
        QCOMPARE(found(u"tide"_s), (QList<qint64>{11, 3, 2}));
        QCOMPARE(found(u"tide from:user"_s), (QList<qint64>{11, 2}));
        QCOMPARE(found(u"from:assistant"_s), QList<qint64>{3});
        QCOMPARE(found(u"in:ete tide"_s), QList<qint64>{11});
        QCOMPARE(found(u"in:\"moon tides\" tide"_s), (QList<qint64>{3, 2}));
        QCOMPARE(found(u"in:nowhere tide"_s), QList<qint64>{});
        QCOMPARE(found(u"has:code"_s), QList<qint64>{3});
        QCOMPARE(found(u"model:sea tide"_s), QList<qint64>{3});
        QCOMPARE(found(u"before:%1 tide"_s.arg(later)), (QList<qint64>{3, 2}));
        QCOMPARE(found(u"after:%1 tide"_s.arg(later)), QList<qint64>{11});
        QCOMPARE(found(u"after:%1 tide"_s.arg(day)), (QList<qint64>{11, 3, 2}));
        QCOMPARE(found(u"before:%1 tide"_s.arg(day)), QList<qint64>{});
    }

    void anArtifactOfCodeIsCode()
    {
        m_store->putMessage(
            answered(2, {ArtifactPart{u"a"_s, event::Artifact::Kind::Code, u"main.cpp"_s, "\"int\""_ba}}));
        QCOMPARE(found(u"has:code"_s), QList<qint64>{2});
    }

    void nothingIsAskedForByNothing()
    {
        m_store->putMessage(said(2, 1, u"tide"_s));
        QCOMPARE(found({}), QList<qint64>{});
        QCOMPARE(found(u" ?! "_s), QList<qint64>{});
    }

    void theNewestComesFirstPageByPage()
    {
        for (qint64 id = 2; id < 12; ++id)
            m_store->putMessage(said(id, 1, u"tide %1"_s.arg(id)));
        QVERIFY(await(m_store->conversations()).has_value());
        QList<qint64> ids;
        std::optional<MessageId> from;
        int pages = 0;
        do {
            const SearchPage part = page(u"tide"_s, 4, from);
            QCOMPARE_LE(part.hits.size(), 4);
            for (const SearchHit &hit : part.hits)
                ids.append(static_cast<qint64>(hit.message));
            from = part.next;
            ++pages;
        } while (from);
        QCOMPARE(pages, 3);
        QCOMPARE(ids, (QList<qint64>{11, 10, 9, 8, 7, 6, 5, 4, 3, 2}));
    }

    void aMessageThatChangesIsFoundAsItIsNow()
    {
        m_store->putMessage(said(2, 1, u"flood"_s));
        QCOMPARE(found(u"flood"_s), QList<qint64>{2});
        m_store->putMessage(said(2, 1, u"ebb"_s));
        QCOMPARE(found(u"flood"_s), QList<qint64>{});
        QCOMPARE(found(u"ebb"_s), QList<qint64>{2});
        expectSoundIndex();
    }

    void aRemovedConversationIsNotFound()
    {
        m_store->putMessage(said(2, 1, u"tide"_s));
        m_store->putConversation(conversation(5));
        m_store->putMessage(said(6, 5, u"tide"_s));
        QCOMPARE(found(u"tide"_s), (QList<qint64>{6, 2}));
        m_store->removeConversation(ConversationId{1});
        QCOMPARE(found(u"tide"_s), QList<qint64>{6});
        expectSoundIndex();
        QCOMPARE(OtherConnection(path()).value(u"SELECT count(*) FROM search WHERE search MATCH 'tide'"_s),
                 1);
    }

    void anAnswerIsFoundOnceItHasEnded()
    {
        const auto journal = m_store->makeJournal();
        const Message question = said(2, 1, u"?"_s);
        m_store->putMessage(question);
        m_store->putMessage(answerTo(question, 3));
        journal->append(TurnId{3}, text(u"tide"_s));
        QCOMPARE(found(u"tide"_s), QList<qint64>{});
        journal->finish(TurnId{3}, {});
        QCOMPARE(found(u"tide"_s), QList<qint64>{3});
        m_store->putMessage(answerTo(question, 3));
        QCOMPARE(found(u"tide"_s), QList<qint64>{});
    }

    void anAnswerThatWasCutOffByACrashIsFound()
    {
        const auto journal = m_store->makeJournal();
        const Message question = said(2, 1, u"?"_s);
        m_store->putMessage(question);
        m_store->putMessage(answerTo(question, 3));
        journal->append(TurnId{3}, text(u"tide"_s));
        open();
        QCOMPARE(found(u"tide"_s), QList<qint64>{3});
    }

    void whatIsLookedForMayBeAnything()
    {
        m_store->putMessage(said(2, 1, u"tide AND ebb NEAR(x y) {words} : * ^ \" ' 潮汐"_s));
        QVERIFY(await(m_store->conversations()).has_value());
        QRandomGenerator random(5);
        const QStringList pieces{u"tide"_s, u"AND"_s,    u"OR"_s, u"NOT"_s,    u"NEAR("_s,  u"\""_s,
                                 u"'"_s,    u"-"_s,      u"*"_s,  u"^"_s,      u"("_s,      u")"_s,
                                 u"{"_s,    u"}"_s,      u":"_s,  u"words:"_s, u"潮"_s,     u"汐"_s,
                                 u" "_s,    u" "_s,      u"\\"_s, u"%"_s,      u"\u0301"_s, u"\U0001F600"_s,
                                 u"in:"_s,  u"-from:"_s, u";"_s};
        for (int i = 0; i < 300; ++i) {
            QString typed;
            for (int length = random.bounded(8); length >= 0; --length)
                typed += pieces.at(random.bounded(pieces.size()));
            const auto answer = await(m_search->search(parseSearch(typed), 10));
            QVERIFY2(answer.has_value(), qPrintable(typed));
        }
        QCOMPARE(found(u"near( x"_s), QList<qint64>{2});
    }

    void aNewerSearchTakesThePlaceOfAnOlderOne()
    {
        m_store->putMessage(said(2, 1, u"tide"_s));
        QVERIFY(await(m_store->conversations()).has_value());
        QList<QFuture<StoreResult<SearchPage>>> older;
        for (int i = 0; i < 50; ++i)
            older.append(m_search->search(parseSearch(u"tide"_s), 10));
        const auto newest = await(m_search->search(parseSearch(u"tide"_s), 10));
        QCOMPARE(newest.value().hits.size(), 1);
        for (const auto &search : std::as_const(older))
            QVERIFY(search.isFinished());
        QVERIFY2(older.at(48).isCanceled(), "nobody waits for it any more");
    }

    void aSearchThatIsNotWantedAnyMoreEndsAtOnce()
    {
        m_store->putMessage(said(2, 1, u"tide"_s));
        QVERIFY(await(m_store->conversations()).has_value());
        const auto database = Database::open(path(), Database::Access::ReadOnly, 1s);
        QVERIFY(database.has_value());
        int asked = 0;
        (*database)->interruptIf([&asked] { return ++asked > 0; });
        bool interrupted = false;
        for (qint64 id = 3; id < 3'000 && !interrupted; id += 300) {
            for (qint64 more = id; more < id + 300; ++more)
                m_store->putMessage(said(more, 1, u"tide"_s));
            QVERIFY(await(m_store->conversations()).has_value());
            interrupted = !(*database)->search(parseSearch(u"tide -ebb model:x"_s), 10, {}).has_value();
        }
        QVERIFY(interrupted);
        QCOMPARE(asked, 1);
    }

    void futuresOfASearchThatIsGoneAreCancelled()
    {
        auto future = m_search->search(parseSearch(u"tide"_s), 10);
        m_search.reset();
        QVERIFY(future.isFinished());
    }

    void theFileOfARunningStoreIsReadButNeverCheckpointed()
    {
        for (qint64 id = 2; id < 200; ++id)
            m_store->putMessage(said(id, 1, u"tide %1"_s.arg(id)));
        QCOMPARE(found(u"tide"_s).size(), 100);
        const QFileInfo file(path());
        const QFileInfo log(path() + u"-wal"_s);
        const qint64 before = file.size();
        const qint64 logged = log.size();
        for (int i = 0; i < 20; ++i)
            QCOMPARE(page(u"tide"_s).hits.size(), 100);
        m_search.reset();
        QCOMPARE(QFileInfo(path()).size(), before);
        QCOMPARE(QFileInfo(path() + u"-wal"_s).size(), logged);
    }

    void anOldFileIsMadeSearchable_data()
    {
        QTest::addColumn<int>("version");
        for (int version = 1; version < schemaVersion; ++version)
            QTest::addRow("version %d", version) << version;
    }

    void anOldFileIsMadeSearchable()
    {
        QFETCH(int, version);
        m_store.reset();
        QVERIFY(writeVersion(path(), version));
        if (version < 4) {
            const auto unsearchable = page(u"so"_s);
            QVERIFY(unsearchable.hits.isEmpty());
            QVERIFY(unsearchable.isIndexing);
        }
        open();
        settle();
        QCOMPARE(found(u"why"_s), QList<qint64>{2});
        QCOMPARE(found(u"so"_s), (QList<qint64>{4, 3}));
        expectSoundIndex();
    }

    void manyOldMessagesAreIndexedBitByBitNewestFirst()
    {
        m_store.reset();
        QVERIFY(writeVersion(path(), 3));
        {
            OtherConnection file(path());
            QVERIFY(file.exec(u"BEGIN"_s));
            for (int id = 100; id < 1'100; ++id) {
                QVERIFY(
                    file.exec(u"INSERT INTO message (id, conversation, role, state, finish, provider, model) "
                              "VALUES (%1, 1, 'user', 'complete', 'stop', '', '')"_s.arg(id)));
                QVERIFY(file.exec(u"INSERT INTO part (message, position, kind, text) "
                                  "VALUES (%1, 0, 'text', 'tide %1')"_s.arg(id)));
            }
            QVERIFY(file.exec(u"COMMIT"_s));
        }
        open();
        // Opened and closed again and again, it still gets there.
        QVERIFY(await(m_store->conversations()).has_value());
        QTRY_VERIFY(!page(u"tide"_s).hits.isEmpty());
        QCOMPARE_EQ(page(u"tide"_s).hits.constFirst().message, MessageId{1'099});
        open();
        m_store->putMessage(said(1'100, 1, u"tide, in the meantime"_s));
        settle();
        QCOMPARE(page(u"tide"_s, 2'000).hits.size(), 1'001);
        QCOMPARE(found(u"100 "_s), QList<qint64>{100});
        QVERIFY(!OtherConnection(path())
                     .value(u"SELECT value FROM meta WHERE key = 'unindexed_before'"_s)
                     .isValid());
        expectSoundIndex();
    }

    void aRescuedFileIsMadeSearchable()
    {
        m_store->putMessage(said(2, 1, u"tide"_s));
        QCOMPARE(found(u"tide"_s), QList<qint64>{2});
        m_store.reset();
        QVERIFY(OtherConnection(path()).exec(u"DROP TABLE journal"_s));
        open();
        settle();
        QCOMPARE_EQ(m_store->health().state, StoreHealth::State::Rescued);
        QCOMPARE(found(u"tide"_s), QList<qint64>{2});
        expectSoundIndex();
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QLoggingCategory::setFilterRules(u"rivulet.store.warning=false"_s);
    tst_SqliteSearch test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sqlitesearch.moc"
