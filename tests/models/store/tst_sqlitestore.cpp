// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/store/schema.h"
#include "net/providers/provider.h"
#include "tests/models/store/storefixture.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtCore/QThread>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;

class tst_SqliteStore : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SqliteStore> m_store;
    std::unique_ptr<TurnJournal> m_journal;

    [[nodiscard]] QString path() const { return m_folder->filePath(u"history.db"_s); }

    void open(const SqliteStoreOptions &options = {})
    {
        m_store = std::make_unique<SqliteStore>(path(), options);
        m_journal = m_store->makeJournal();
    }

    void close()
    {
        m_journal.reset();
        m_store.reset();
    }

    void reopen()
    {
        close();
        open();
    }

    /// A question and the streaming answer to it, whose id is 3.
    Message ask()
    {
        m_store->putConversation(conversation(1));
        const Message question = said(2, 1, u"Why?"_s);
        m_store->putMessage(question);
        Message answer = answerTo(question, 3);
        m_store->putMessage(answer);
        m_journal->begin(TurnId{3}, [] {});
        return answer;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        open();
    }

    void cleanup()
    {
        close();
        m_folder.reset();
    }

    void healthIsOpeningThenGood()
    {
        QCOMPARE_EQ(m_store->health(), StoreHealth{});
        QSignalSpy changes(m_store.get(), &SqliteStore::healthChanged);
        QTRY_COMPARE(changes.count(), 1);
        QCOMPARE_EQ(m_store->health(), (StoreHealth{.state = StoreHealth::State::Good}));
    }

    void aNewStoreIsEmpty()
    {
        const auto all = await(m_store->conversations());
        QVERIFY(all.has_value());
        QVERIFY(all->isEmpty());
    }

    void theFileIsItsOwnersOnly()
    {
        QVERIFY(await(m_store->conversations()).has_value());
        const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup
            | QFileDevice::WriteOther;
        QVERIFY(!(QFileInfo(path()).permissions() & others));
        QVERIFY(!(QFileInfo(path() + u"-wal"_s).permissions() & others));
    }

    void aMissingFolderIsMade()
    {
        SqliteStore store(m_folder->filePath(u"a/b/c.db"_s));
        store.putConversation(conversation(1));
        QCOMPARE(await(store.conversations())->size(), 1);
    }

    void conversationsComeLastChangedFirst()
    {
        m_store->putConversation(conversation(1, u"old"_s, 10));
        m_store->putConversation(conversation(2, u"new"_s, 30));
        m_store->putConversation(conversation(3, u"between"_s, 20));
        const QList expected{conversation(2, u"new"_s, 30), conversation(3, u"between"_s, 20),
                             conversation(1, u"old"_s, 10)};
        QCOMPARE_EQ(await(m_store->conversations()).value(), expected);
        reopen();
        QCOMPARE_EQ(await(m_store->conversations()).value(), expected);
    }

    void theMarksOfAConversationComeBack()
    {
        ConversationSummary pinned = conversation(1, u"a"_s, 30);
        pinned.pinned = true;
        ConversationSummary archived = conversation(2, u"b"_s, 20);
        archived.archived = true;
        ConversationSummary unread = conversation(3, u"c"_s, 10);
        unread.unread = true;
        QList all{pinned, archived, unread};
        for (const ConversationSummary &marked : std::as_const(all))
            m_store->putConversation(marked);
        QCOMPARE_EQ(await(m_store->conversations()).value(), all);
        reopen();
        QCOMPARE_EQ(await(m_store->conversations()).value(), all);

        all[0].pinned = all[1].archived = all[2].unread = false;
        for (const ConversationSummary &unmarked : std::as_const(all))
            m_store->putConversation(unmarked);
        reopen();
        QCOMPARE_EQ(await(m_store->conversations()).value(), all);
    }

    void aConversationPutAgainIsReplaced()
    {
        m_store->putConversation(conversation(1, u"a"_s, 1));
        m_store->putMessage(said(2, 1, u"kept"_s));
        m_store->putConversation(conversation(1, u"b"_s, 2));
        QCOMPARE_EQ(await(m_store->conversations()).value(), QList{conversation(1, u"b"_s, 2)});
        QCOMPARE(messageOf(*m_store, 1, 2).text(), u"kept"_s);
    }

    void everyValueOfAMessageComesBack()
    {
        m_store->putConversation(conversation(1));
        Message full = answerTo(said(2, 1, {}), 3);
        full.parts = everyPart();
        full.providerId = u"demo"_s;
        full.dialect = u"openai-chat"_s;
        full.session = u"thread-1"_s;
        full.state = Message::State::Failed;
        full.finish = FinishReason::Refusal;
        full.error = NetError{.kind = NetError::Kind::Overloaded,
                              .status = 529,
                              .code = u"overloaded"_s,
                              .message = u"Too busy."_s,
                              .retryAfter = std::chrono::milliseconds(30'000)};
        full.metrics = everyNumber();
        full.resume = ResumeToken{.stream = u"run"_s, .cursor = u"4"_s};
        full.usage = {.inputTokens = 1, .outputTokens = 0, .reasoningTokens = qint64{1} << 40};
        const Message plain = said(4, 1, u"plain"_s);
        Message sparse = plain;
        sparse.id = MessageId{5};
        sparse.parts.clear();
        sparse.created = {};
        sparse.error = NetError{};
        m_store->putMessage(full);
        m_store->putMessage(plain);
        m_store->putMessage(sparse);
        const QList expected{full, plain, sparse};
        QCOMPARE_EQ(messagesOf(*m_store, 1), expected);
        reopen();
        QCOMPARE_EQ(messagesOf(*m_store, 1), expected);
    }

    void everyStateAndReasonComesBack()
    {
        m_store->putConversation(conversation(1));
        QList<Message> expected;
        for (const auto state : {Message::State::Complete, Message::State::CutOff, Message::State::Stopped,
                                 Message::State::Redirected, Message::State::Failed}) {
            for (const auto reason : {FinishReason::Stop, FinishReason::Length, FinishReason::ToolCalls,
                                      FinishReason::ContentFilter, FinishReason::Refusal, FinishReason::Pause,
                                      FinishReason::Stopped, FinishReason::Other}) {
                Message message = said(10 + expected.size(), 1, u"x"_s);
                message.state = state;
                message.finish = reason;
                expected.append(message);
                m_store->putMessage(message);
            }
        }
        reopen();
        QCOMPARE_EQ(messagesOf(*m_store, 1), expected);
    }

    void aMessagePutAgainIsReplacedWithItsParts()
    {
        m_store->putConversation(conversation(1));
        Message message = said(2, 1, u"a"_s);
        message.parts = {TextPart{u"a"_s}, ReasoningPart{u"b"_s}, TextPart{u"c"_s}};
        m_store->putMessage(message);
        QCOMPARE_EQ(messagesOf(*m_store, 1), QList{message});
        message.parts = {TextPart{u"only"_s}};
        m_store->putMessage(message);
        QCOMPARE_EQ(messagesOf(*m_store, 1), QList{message});
    }

    void messagesComeInTheOrderOfTheirCreation()
    {
        m_store->putConversation(conversation(1));
        for (const qint64 id : {7, 5, 9, 6})
            m_store->putMessage(said(id, 1, QString::number(id)));
        QStringList order;
        const QList<Message> all = messagesOf(*m_store, 1);
        for (const Message &message : all)
            order.append(message.text());
        QCOMPARE(order, (QStringList{u"5"_s, u"6"_s, u"7"_s, u"9"_s}));
    }

    void messagesOfNoConversationAreNotFound()
    {
        const auto loaded = await(m_store->messages(ConversationId{404}));
        QVERIFY(!loaded.has_value());
        QCOMPARE_EQ(loaded.error().kind, StoreError::Kind::NotFound);
    }

    void aRemovedConversationTakesItsMessagesWithIt()
    {
        m_store->putConversation(conversation(1));
        m_store->putMessage(said(2, 1, u"gone"_s));
        m_store->putConversation(conversation(5));
        m_store->putMessage(said(6, 5, u"stays"_s));
        m_store->removeConversation(ConversationId{1});
        QCOMPARE_EQ(await(m_store->messages(ConversationId{1})).error().kind, StoreError::Kind::NotFound);
        QCOMPARE(messageOf(*m_store, 5, 6).text(), u"stays"_s);
        close();
        OtherConnection file(path());
        QCOMPARE(file.value(u"SELECT count(*) FROM part"_s), 1);
    }

    void anAnswerThatEndsAfterItsConversationWasRemovedIsNotKept()
    {
        ask();
        m_journal->append(TurnId{3}, text(u"late"_s));
        m_store->removeConversation(ConversationId{1});
        m_journal->append(TurnId{3}, text(u"later"_s));
        m_journal->finish(TurnId{3}, {.end = TurnEnd::Stopped, .delivered = Delivered{.text = 4}});
        QVERIFY(await(m_store->conversations())->isEmpty());
        QCOMPARE_EQ(m_store->health().state, StoreHealth::State::Good);
        close();
        OtherConnection file(path());
        QCOMPARE(file.value(u"SELECT count(*) FROM message"_s), 0);
        QCOMPARE(file.value(u"SELECT count(*) FROM journal"_s), 0);
    }

    void aMessageWithoutItsConversationIsNotKeptAndHarmsNothing()
    {
        m_store->putMessage(said(2, 1, u"orphan"_s));
        m_store->putConversation(conversation(5));
        m_store->putMessage(said(6, 5, u"kept"_s));
        QCOMPARE(messageOf(*m_store, 5, 6).text(), u"kept"_s);
        QCOMPARE_EQ(m_store->health().state, StoreHealth::State::Good);
    }

    void aTurnIsReadyOnlyWhenTheQuestionIsOnDisk()
    {
        QVERIFY(await(m_store->conversations()).has_value());
        OtherConnection file(path());
        bool onDisk = false;
        bool ready = false;
        m_store->putConversation(conversation(1));
        m_store->putMessage(said(2, 1, u"Why?"_s));
        m_journal->begin(TurnId{3}, [&] {
            onDisk = file.value(u"SELECT text FROM part WHERE message = 2"_s) == u"Why?"_s;
            ready = true;
        });
        QVERIFY2(!ready, "ready has to come later than begin() returns");
        QTRY_VERIFY(ready);
        QVERIFY(onDisk);
    }

    void readyComesOnTheThreadThatBeganTheTurn()
    {
        m_journal.reset();
        QObject engine;
        QThread engineThread;
        engine.moveToThread(&engineThread);
        engineThread.start();
        QThread *readyThread = nullptr;
        std::unique_ptr<TurnJournal> journal;
        QMetaObject::invokeMethod(&engine, [&] {
            journal = m_store->makeJournal();
            journal->begin(TurnId{3}, [&] {
                readyThread = QThread::currentThread();
                journal.reset();
                engineThread.quit();
            });
        });
        QVERIFY(engineThread.wait(10'000));
        QCOMPARE(readyThread, &engineThread);
    }

    void readyIsDroppedWithItsJournal()
    {
        bool ready = false;
        m_journal->begin(TurnId{3}, [&] { ready = true; });
        m_journal.reset();
        QVERIFY(await(m_store->conversations()).has_value());
        QCoreApplication::processEvents();
        QVERIFY(!ready);
    }

    void aFinishedTurnIsFoldedIntoItsMessage()
    {
        Message answer = ask();
        const StreamEvents events{
            {event::Started{u"x"_s, u"demo-1-2026"_s, u"thread-1"_s}, {}},
            {event::Reasoning{u"Hm. "_s}, {}},
            {event::ReasoningOpaque{0, u"sig"_s}, {}},
            {event::Text{u"Be"_s}, {}},
            {event::ToolCall{0, u"c"_s, u"look"_s, u"{"_s}, {}},
            {event::ToolCall{0, {}, {}, u"}"_s}, {}},
            {event::ToolResult{u"c"_s, u"look"_s, u"10 %"_s, false, true}, {}},
            {event::ToolResult{u"c"_s, u"look"_s, u"a river"_s}, {}},
            {event::Status{u"plan"_s, u"thinks"_s}, u"bob"_s},
            {event::Artifact{u"a"_s, event::Artifact::Kind::Table, {}, false, "[]"_ba}, {}},
            {event::Artifact{u"a"_s, event::Artifact::Kind::Table, {}, true, "[1]"_ba}, {}},
            {event::Text{u"cause."_s}, {}},
            {event::UsageReported{{.outputTokens = 3}}, {}},
            {event::Finished{FinishReason::Stop}, {}}};
        m_journal->append(TurnId{3}, events.first(5));
        m_journal->append(TurnId{3}, events.sliced(5));
        const TurnOutcome outcome{.end = TurnEnd::Complete, .endMarker = true};
        m_journal->finish(TurnId{3}, outcome);

        for (const StreamEvent &event : events)
            apply(answer, event);
        apply(answer, outcome);
        QCOMPARE(answer.text(), u"Because."_s);
        QCOMPARE(answer.session, u"thread-1"_s);
        QCOMPARE_EQ(messageOf(*m_store, 1, 3), answer);
        reopen();
        QCOMPARE_EQ(messageOf(*m_store, 1, 3), answer);
    }

    void whatWasNotDeliveredIsCut()
    {
        ask();
        m_journal->append(TurnId{3}, reasoning(u"thought"_s) + text(u"shown, not shown"_s));
        m_journal->finish(TurnId{3},
                          {.end = TurnEnd::Stopped, .delivered = Delivered{.text = 5, .reasoning = 7}});
        reopen();
        const Message answer = messageOf(*m_store, 1, 3);
        QCOMPARE_EQ(answer.state, Message::State::Stopped);
        QCOMPARE(answer.text(), u"shown"_s);
        QCOMPARE(answer.reasoning(), u"thought"_s);
    }

    void howAStoppedTurnWentIsKeptWhoeverTellsOfItsEndFirst_data()
    {
        QTest::addColumn<bool>("sessionFirst");
        QTest::newRow("the session") << true;
        QTest::newRow("the engine") << false;
    }

    void howAStoppedTurnWentIsKeptWhoeverTellsOfItsEndFirst()
    {
        QFETCH(const bool, sessionFirst);
        Message sealed = ask();
        m_journal->append(TurnId{3}, text(u"shown, not shown"_s));
        sealed.parts = {TextPart{u"shown"_s}};
        sealed.state = Message::State::Stopped;
        sealed.finish = FinishReason::Stopped;
        const TurnOutcome outcome{.end = TurnEnd::Stopped,
                                  .reason = FinishReason::Stopped,
                                  .delivered = Delivered{.text = 5},
                                  .metrics = {.gaps = 7, .wireBytes = 12}};
        if (sessionFirst)
            m_store->putMessage(sealed);
        // Everything asked for so far is done when this is answered.
        (void)messageOf(*m_store, 1, 3);
        m_journal->finish(TurnId{3}, outcome);
        (void)messageOf(*m_store, 1, 3);
        if (!sessionFirst)
            m_store->putMessage(sealed);
        reopen();
        const Message kept = messageOf(*m_store, 1, 3);
        QCOMPARE(kept.text(), u"shown"_s);
        QCOMPARE_EQ(kept.state, Message::State::Stopped);
        QCOMPARE(kept.metrics.gaps, 7);
        QCOMPARE(kept.metrics.wireBytes, 12);
    }

    void aRunningAnswerIsLoadedAsFarAsItIs()
    {
        ask();
        m_journal->append(TurnId{3}, text(u"so far"_s));
        const Message answer = messageOf(*m_store, 1, 3);
        QCOMPARE_EQ(answer.state, Message::State::Streaming);
        QCOMPARE(answer.text(), u"so far"_s);
    }

    void anAnswerThatWasRunningAtTheEndComesBackCutOff()
    {
        Message answer = ask();
        m_journal->append(TurnId{3}, reasoning(u"r"_s) + text(u"part"_s));
        m_journal->append(TurnId{3}, {{event::ToolCall{0, u"c"_s, u"look"_s, u"{\"a"_s}, u"bob"_s}});
        reopen();
        answer.parts = {ReasoningPart{u"r"_s}, TextPart{u"part"_s},
                        ToolCallPart{0, u"c"_s, u"look"_s, u"{\"a"_s, u"bob"_s}};
        answer.state = Message::State::CutOff;
        answer.finish = FinishReason::Other;
        QCOMPARE_EQ(messageOf(*m_store, 1, 3), answer);
    }

    void whereItCanBeJoinedAgainComesBackWithTheAnswer()
    {
        const ResumeToken place{.stream = u"run"_s, .cursor = u"4"_s};
        const ResumeToken later{.stream = u"run"_s, .cursor = u"5"_s};
        m_store->putConversation(conversation(1));
        m_store->putMessage(said(2, 1, u"q"_s));
        m_store->putMessage(answerTo(said(2, 1, u"q"_s), 3));
        m_journal->append(TurnId{3}, text(u"one "_s), place);
        QTRY_COMPARE(OtherConnection(path()).value(u"SELECT count(*) FROM journal"_s), 1);
        m_journal->append(TurnId{3}, text(u"two "_s), later);
        QTRY_COMPARE(OtherConnection(path()).value(u"SELECT count(*) FROM journal"_s), 2);
        reopen();
        Message broken = messagesOf(*m_store, 1).constLast();
        QCOMPARE(broken.text(), u"one two "_s);
        QCOMPARE(broken.resume, later);
        QCOMPARE(resumableOf(*m_store), QList{conversation(1)});

        // It goes on where it was, and breaks again, where it can not be joined.
        broken.state = Message::State::Streaming;
        m_store->putMessage(broken);
        QVERIFY(resumableOf(*m_store).isEmpty());
        m_journal->append(TurnId{3}, text(u"three"_s));
        reopen();
        broken = messagesOf(*m_store, 1).constLast();
        QCOMPARE(broken.text(), u"one two three"_s);
        QVERIFY(!broken.resume);
        QVERIFY(resumableOf(*m_store).isEmpty());
    }

    void anAnswerThatIsHandedOverBeginsAnewAndIsTheOthers()
    {
        m_store->putConversation(conversation(1));
        m_store->putMessage(said(2, 1, u"q"_s));
        m_store->putMessage(answerTo(said(2, 1, u"q"_s), 3));
        m_journal->append(TurnId{3}, {{event::Started{u"a"_s, u"small"_s, u"thread"_s}, {}}});
        m_journal->handOver(TurnId{3}, {.id = u"there"_s, .name = u"There"_s, .model = u"large"_s});
        m_journal->append(TurnId{3}, text(u"hello"_s));
        m_journal->finish(TurnId{3}, {});
        reopen();
        const Message answer = messagesOf(*m_store, 1).constLast();
        QCOMPARE(answer.text(), u"hello"_s);
        QCOMPARE(answer.providerId, u"there"_s);
        QCOMPARE(answer.provider, u"There"_s);
        QCOMPARE(answer.model, u"large"_s);
        QVERIFY(answer.session.isEmpty());
    }

    void whatArrivesIsDurableWithinTheInterval()
    {
        QVERIFY(await(m_store->conversations()).has_value());
        ask();
        OtherConnection file(path());
        for (int i = 0; i < 5; ++i) {
            QElapsedTimer since;
            since.start();
            m_journal->append(TurnId{3}, text(u"tick "_s));
            const int rows = i + 1;
            QTRY_COMPARE_GE(file.value(u"SELECT count(*) FROM journal"_s).toInt(), rows);
            QCOMPARE_LT(since.elapsed(), 1'000); // 100 ms, and room for a busy machine
        }
    }

    void manyTurnsShareOneCommit()
    {
        close();
        open({.commitInterval = std::chrono::hours(1)});
        m_store->putConversation(conversation(1));
        for (qint64 id = 100; id < 164; ++id)
            m_store->putMessage(answerTo(said(2, 1, {}), id));
        for (int round = 0; round < 10; ++round) {
            for (qint64 id = 100; id < 164; ++id)
                m_journal->append(TurnId{id}, text(u"%1 "_s.arg(round)));
        }
        QCOMPARE(messageOf(*m_store, 1, 163).text(), u"0 1 2 3 4 5 6 7 8 9 "_s);
        OtherConnection file(path());
        QCOMPARE(file.value(u"SELECT count(*) FROM journal"_s), 64);
    }

    void aFinishedTurnLeavesNoJournal()
    {
        const Message question = said(2, 1, u"Why?"_s);
        ask();
        m_journal->append(TurnId{3}, text(u"first"_s));
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"first"_s);
        m_store->putMessage(answerTo(question, 4));
        m_journal->append(TurnId{4}, text(u"second"_s));
        QCOMPARE(messageOf(*m_store, 1, 4).text(), u"second"_s);

        m_journal->finish(TurnId{3}, {});
        QCOMPARE_EQ(messageOf(*m_store, 1, 3).state, Message::State::Complete);
        OtherConnection file(path());
        QCOMPARE(file.value(u"SELECT count(*) FROM journal"_s), 1);
        m_journal->finish(TurnId{4}, {});
        QCOMPARE_EQ(messageOf(*m_store, 1, 4).state, Message::State::Complete);
        QCOMPARE(file.value(u"SELECT count(*) FROM journal"_s), 0);
    }

    void aRunningAnswerPutAgainStartsFromThere()
    {
        Message answer = ask();
        m_journal->append(TurnId{3}, text(u"forgotten"_s));
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"forgotten"_s);
        answer.parts = {TextPart{u"base, "_s}};
        m_store->putMessage(answer);
        m_journal->append(TurnId{3}, text(u"more"_s));
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"base, more"_s);
        reopen();
        QCOMPARE(messageOf(*m_store, 1, 3).text(), u"base, more"_s);
    }

    void aLargeAnswerComesBack()
    {
        ask();
        const QString delta(1024 * 1024, u'x');
        for (int i = 0; i < 10; ++i)
            m_journal->append(TurnId{3}, text(delta));
        m_journal->finish(TurnId{3}, {});
        reopen();
        QCOMPARE(messageOf(*m_store, 1, 3).text().size(), 10 * delta.size());
    }

    void theLastCallBeforeTheEndIsKept()
    {
        for (int i = 0; i < 20; ++i) {
            m_store->putConversation(conversation(1, QString::number(i)));
            reopen();
            QCOMPARE(await(m_store->conversations())->constFirst().title, QString::number(i));
        }
    }

    void aClosedFileStandsAloneAndIsMarked()
    {
        ask();
        close();
        QVERIFY(!QFileInfo::exists(path() + u"-wal"_s));
        OtherConnection file(path());
        QCOMPARE(file.value(u"SELECT value FROM meta WHERE key = 'open'"_s), 0);
        QCOMPARE(file.value(u"PRAGMA integrity_check"_s), u"ok"_s);
        QCOMPARE(file.value(u"PRAGMA user_version"_s), schemaVersion);
    }

    void aPartOfALaterVersionIsSkipped()
    {
        m_store->putConversation(conversation(1));
        Message message = said(2, 1, u"a"_s);
        message.parts = {TextPart{u"a"_s}, TextPart{u"b"_s}, TextPart{u"c"_s}};
        m_store->putMessage(message);
        QCOMPARE_EQ(messageOf(*m_store, 1, 2), message);
        {
            OtherConnection file(path());
            QVERIFY(file.exec(u"UPDATE part SET kind = 'hologram' WHERE position = 1"_s));
        }
        message.parts.removeAt(1);
        QCOMPARE_EQ(messageOf(*m_store, 1, 2), message);
    }
};

QTEST_GUILESS_MAIN(tst_SqliteStore)
#include "tst_sqlitestore.moc"
