// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/conversationactions.h"
#include "models/chat/chatsession.h"
#include "models/chat/turnrunner.h"
#include "tests/support/memorystore.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <memory>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

using Undoable = ConversationActions::Undoable;

namespace {

/// Answers only when told to.
class QuietRunner : public TurnRunner
{
public:
    void start(const TurnSpec &spec) override { running = spec.id; }
    void flush() override
    {
        if (endsAtFlush)
            complete();
    }
    void stop(TurnId, const Delivered &) override {}
    void redirect(TurnId, const Delivered &, const TurnSpec &, const QString &) override {}
    void setPaused(TurnId, bool) override {}
    void tryNow(TurnId) override {}
    void decide(TurnId, const ApprovalDecision &) override {}
    void expect(const Provider &) override {}

    void complete() { Q_EMIT ended(running, {.end = TurnEnd::Complete}); }

    TurnId running{};
    bool endsAtFlush = false; ///< the answer's end waits to be handed over
};

/// Counts how often the list is read.
class CountingStore : public MemoryStore
{
public:
    QFuture<StoreResult<QList<ConversationSummary>>> conversations() override
    {
        ++listReads;
        return MemoryStore::conversations();
    }

    int listReads = 0;
};

} // namespace

class tst_ConversationActions : public QObject
{
    Q_OBJECT

private:
    struct Stage
    {
        Stage()
        {
            for (const qint64 id : {1, 2}) {
                store.putConversation({.id = ConversationId{id},
                                       .title = u"No. %1"_s.arg(id),
                                       .created = day,
                                       .changed = day.addSecs(id)});
                store.putMessage(message(10 * id, id, std::nullopt));
                store.putMessage(message(10 * id + 1, id, 10 * id));
                store.putMessage(message(10 * id + 2, id, 10 * id));
                store.putMessage(message(10 * id + 3, id, 10 * id + 1));
            }
            actions.load();
        }

        static Message message(qint64 id, qint64 conversation, std::optional<qint64> parent)
        {
            return {.id = MessageId{id},
                    .conversation = ConversationId{conversation},
                    .parent = parent ? std::optional(MessageId{*parent}) : std::nullopt,
                    .role = parent ? ChatRole::Assistant : ChatRole::User,
                    .parts = {TextPart{u"Message %1"_s.arg(id)}},
                    .created = day};
        }

        [[nodiscard]] QStringList titles() const
        {
            QStringList titles;
            for (int row = 0; row < list.count(); ++row)
                titles.append(list.index(row).data().toString());
            return titles;
        }
        [[nodiscard]] QStringList said() const
        {
            QStringList words;
            for (const Message &each : session.messages())
                words.append(each.text());
            return words;
        }

        inline static const QDateTime day{QDate(2026, 1, 1), QTime(12, 0), QTimeZone::UTC};
        QuietRunner runner;
        CountingStore store;
        ChatSession session{runner, store};
        ConversationListModel list;
        ConversationActions actions{store, session, list};
    };

private Q_SLOTS:
    void theListIsReadOnceWhateverIsDoneWithIt()
    {
        Stage stage;
        QTRY_COMPARE(stage.titles(), (QStringList{u"No. 2"_s, u"No. 1"_s}));
        stage.actions.setPinned(1, true);
        stage.actions.rename(2, u"Rivers"_s);
        stage.actions.setArchived(2, true);
        stage.list.setShowsArchived(true);
        QCOMPARE(stage.titles(), QStringList{u"Rivers"_s});
        stage.list.setShowsArchived(false);
        QCOMPARE(stage.titles(), QStringList{u"No. 1"_s});
        QCOMPARE(stage.store.listReads, 1);
    }

    void aConversationThatIsNotKnownIsLeftAlone()
    {
        Stage stage;
        const QList<ConversationSummary> before = stage.store.summaries;
        stage.actions.open(9);
        stage.actions.openAt(9, 90);
        stage.actions.rename(9, u"x"_s);
        stage.actions.setPinned(9, true);
        stage.actions.setUnread(9, true);
        stage.actions.setArchived(9, true);
        stage.actions.duplicate(9);
        stage.actions.fork(9, 90);
        stage.actions.remove(9);
        stage.actions.undo();
        QCOMPARE(stage.actions.undoable(), Undoable::Nothing);
        QVERIFY(stage.store.summaries == before);
        QVERIFY(stage.session.isEmpty());
    }

    void aBlankTitleIsNone()
    {
        Stage stage;
        stage.actions.rename(1, u" \n "_s);
        QCOMPARE(stage.store.summaries.constFirst().title, u"No. 1"_s);
        stage.actions.rename(1, u" The\nRhine "_s);
        QCOMPARE(stage.store.summaries.constFirst().title, u"The Rhine"_s);
    }

    void whatIsRemovedIsInTheStoreUntilItCanNotBeTakenBackAnyMore()
    {
        Stage stage;
        stage.actions.remove(1);
        QCOMPARE(stage.titles(), QStringList{u"No. 2"_s});
        QCOMPARE(stage.store.summaries.size(), 2);
        // Another step makes the one before final.
        stage.actions.setArchived(2, true);
        QCOMPARE(stage.store.summaries.size(), 1);
        stage.actions.undo();
        QCOMPARE(stage.titles(), QStringList{u"No. 2"_s});
    }

    void onlyWhatIsTakenBackIsRestored()
    {
        Stage stage;
        QSignalSpy removed(&stage.actions, &ConversationActions::removed);
        QSignalSpy restored(&stage.actions, &ConversationActions::restored);
        stage.actions.remove(1);
        QCOMPARE(removed.count(), 1);
        QCOMPARE(removed.constLast().constFirst().value<ConversationId>(), ConversationId{1});
        stage.actions.undo();
        QCOMPARE(restored.count(), 1);
        QCOMPARE(restored.constLast().constFirst().value<ConversationId>(), ConversationId{1});

        stage.actions.remove(1);
        stage.actions.remove(2);
        QCOMPARE(removed.count(), 3);
        // The first one is final by now.
        QCOMPARE(stage.store.summaries.size(), 1);
        QCOMPARE(restored.count(), 1);
        stage.actions.undo();
        QCOMPARE(restored.count(), 2);
        QCOMPARE(restored.constLast().constFirst().value<ConversationId>(), ConversationId{2});
    }

    void theEndOfTheProgramIsTheEndOfUndo()
    {
        CountingStore store;
        QuietRunner runner;
        ChatSession session(runner, store);
        store.putConversation({.id = ConversationId{1}, .title = u"Gone"_s});
        {
            ConversationListModel list;
            ConversationActions actions(store, session, list);
            actions.load();
            actions.remove(1);
            QCOMPARE(store.summaries.size(), 1);
        }
        QVERIFY(store.summaries.isEmpty());
    }

    void anAnswerThatEndsWhileItsConversationIsRemovedBringsNothingBack()
    {
        Stage stage;
        QVERIFY(stage.session.send(u"Hello"_s));
        const qint64 id = stage.session.conversation();
        stage.actions.startNew();
        stage.runner.endsAtFlush = true;
        stage.actions.remove(id);
        QCOMPARE(stage.list.rowOf(id), -1);
        stage.actions.undo();
        QCOMPARE(stage.list.rowOf(id), 0);
    }

    void aCopyHasAllBranches()
    {
        Stage stage;
        stage.actions.duplicate(1);
        QTRY_COMPARE(stage.session.title(), u"No. 1 (copy)"_s);
        QCOMPARE(stage.said(), (QStringList{u"Message 10"_s, u"Message 12"_s}));
        QCOMPARE(stage.store.all.size(), 12);
        const qint64 answer = qint64(stage.session.messages().constLast().id);
        stage.session.showSibling(answer, -1);
        QCOMPARE(stage.said(), (QStringList{u"Message 10"_s, u"Message 11"_s, u"Message 13"_s}));
    }

    void aForkHasTheWayToItsMessageAlone()
    {
        Stage stage;
        stage.actions.fork(1, 11);
        QTRY_COMPARE(stage.session.title(), u"No. 1 (fork)"_s);
        QCOMPARE(stage.said(), (QStringList{u"Message 10"_s, u"Message 11"_s}));
        QCOMPARE(stage.store.all.size(), 10);
        QVERIFY(stage.session.conversation() != 1);
        QCOMPARE(stage.titles().constFirst(), u"No. 1 (fork)"_s);
    }

    void whatCanNotBeReadIsNotCopied()
    {
        Stage stage;
        QSignalSpy failed(&stage.actions, &ConversationActions::failed);
        stage.store.failure = StoreError{StoreError::Kind::Io, u"no disk"_s};
        stage.actions.duplicate(1);
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(stage.store.summaries.size(), 2);
        QVERIFY(stage.session.isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_ConversationActions)
#include "tst_conversationactions.moc"
