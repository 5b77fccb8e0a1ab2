// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/chatsession.h"
#include "tests/models/engine/liveturns.h"
#include "tests/models/store/storefixture.h"
#include "tests/support/mockserver.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace std::chrono_literals;

namespace {

QByteArray saying(QByteArrayView text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text.toByteArray() + "\"}}]}\n\n";
}

/// A session over the real engine and the real store, and a server to ask.
struct Stage
{
    Stage()
    {
        QObject::connect(&engine, &Engine::pending, &engine, &Engine::flush);
        session.setProvider({.id = u"here"_s, .baseUrl = server.url(u"/v1"_s), .model = u"m"_s});
    }

    [[nodiscard]] QString answer() const
    {
        const QList<Message> messages = session.messages();
        return messages.isEmpty() ? QString() : messages.constLast().text();
    }

    QTemporaryDir folder;
    MockServer server;
    // It waits for the lock until the test gives it up.
    SqliteStore store{folder.filePath(u"rivulet.db"_s), {.busyTimeout = 60s}};
    Engine engine{[this] { return std::make_unique<LiveTurns>(store); }};
    ChatSession session{engine, store};
};

/// Holds the database, and a question that the store can not answer meanwhile.
class Blockade
{
public:
    explicit Blockade(Stage &stage) : m_other(stage.folder.filePath(u"rivulet.db"_s))
    {
        QVERIFY(m_other.exec(u"BEGIN IMMEDIATE"_s));
        stage.store.putConversation(conversation(1, u"to be written first"_s));
        m_answer = stage.store.conversations();
    }

    [[nodiscard]] bool stands() const { return !m_answer.isFinished(); }
    void end() { QVERIFY(m_other.exec(u"ROLLBACK"_s)); }

private:
    OtherConnection m_other;
    QFuture<StoreResult<QList<ConversationSummary>>> m_answer;
};

} // namespace

/// What waits for the disk is the disk's business alone. That nothing else waits is not measured but seen:
/// it happens while the store stands still.
class BlockedStoreTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void a_blocked_store_delays_neither_a_socket_nor_stop()
    {
        Stage stage;
        stage.server.queue(MockAnswer::stream()
                               .chunk(saying("one "))
                               .wait()
                               .chunk(saying("two "))
                               .wait()
                               .chunk(saying("three")));
        QVERIFY(stage.session.send(u"Hello"_s));
        QTRY_COMPARE(stage.answer(), u"one "_s);

        Blockade blockade(stage);
        stage.server.advance();
        QTRY_COMPARE(stage.answer(), u"one two "_s);
        stage.session.stop();
        QCOMPARE(stage.session.phase(), ChatSession::Phase::Stopped);
        QVERIFY(!stage.session.isBusy());
        QTRY_COMPARE(stage.server.openConnections(), 0);
        QVERIFY(blockade.stands());

        blockade.end();
        const qint64 conversation = stage.session.conversation();
        const QList<Message> kept = messagesOf(stage.store, conversation);
        QCOMPARE(kept.size(), 2);
        QCOMPARE(kept.constLast().text(), u"one two "_s);
        QCOMPARE(kept.constLast().state, Message::State::Stopped);
    }

    void what_the_user_says_while_the_store_is_blocked_leaves_once_it_is_kept()
    {
        Stage stage;
        stage.server.queue(MockAnswer::stream().chunk(saying("one ")).wait());
        stage.server.queue(MockAnswer::stream({saying("two"), "data: [DONE]\n\n"}));
        QVERIFY(stage.session.send(u"Hello"_s));
        QTRY_COMPARE(stage.answer(), u"one "_s);

        Blockade blockade(stage);
        QVERIFY(stage.session.redirect(u"Shorter"_s));
        QTRY_COMPARE(stage.server.openConnections(), 0);
        QVERIFY(blockade.stands());
        QCOMPARE(stage.server.count(), 1);

        blockade.end();
        QTRY_COMPARE(stage.answer(), u"two"_s);
        QTRY_COMPARE(stage.session.phase(), ChatSession::Phase::Idle);
        QVERIFY(stage.server.received().back().request.body.contains("Shorter"));
    }
};

QTEST_GUILESS_MAIN(BlockedStoreTest)

#include "tst_blockedstore.moc"
