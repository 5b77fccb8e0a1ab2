// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/messagequeue.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

struct Stage
{
    QStringList words() const
    {
        QStringList words;
        for (int row = 0; row < queue.rowCount(); ++row)
            words.append(queue.data(queue.index(row), int(MessageQueue::Role::Words)).toString());
        return words;
    }

    MessageQueue queue;
    QAbstractItemModelTester tester{&queue, QAbstractItemModelTester::FailureReportingMode::QtTest};
    QSignalSpy edited{&queue, &MessageQueue::edited};
};

} // namespace

class MessageQueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void the_first_that_came_is_the_first_that_goes()
    {
        Stage stage;
        stage.queue.append(u"one"_s);
        stage.queue.append(u"two"_s);
        QCOMPARE(stage.words(), (QStringList{u"one"_s, u"two"_s}));
        QVERIFY(stage.queue.messages().at(0).id != stage.queue.messages().at(1).id);
        QCOMPARE(stage.edited.count(), 2);
        QCOMPARE(stage.queue.takeNext()->text, u"one"_s);
        QCOMPARE(stage.queue.takeNext()->text, u"two"_s);
        QVERIFY(!stage.queue.takeNext());
        QCOMPARE(stage.edited.count(), 2);
    }

    void a_held_queue_gives_nothing_until_it_is_let_go()
    {
        Stage stage;
        stage.queue.append(u"one"_s);
        stage.queue.setHeld(true);
        QVERIFY(stage.queue.isHeld());
        QVERIFY(!stage.queue.takeNext());
        stage.queue.setHeld(false);
        QVERIFY(stage.queue.takeNext());
    }

    void an_empty_queue_is_not_held()
    {
        Stage stage;
        stage.queue.setHeld(true);
        QVERIFY(!stage.queue.isHeld());
        stage.queue.append(u"one"_s);
        stage.queue.setHeld(true);
        QSignalSpy told(&stage.queue, &MessageQueue::heldChanged);
        QCOMPARE(stage.queue.take(0), u"one"_s);
        QCOMPARE(told.count(), 1);
        stage.queue.append(u"two"_s);
        QVERIFY(!stage.queue.isHeld());
    }

    void what_an_earlier_run_left_is_held()
    {
        QVERIFY(MessageQueue({{.id = 1, .text = u"one"_s}}).isHeld());
        QVERIFY(!MessageQueue().isHeld());
    }

    void it_can_be_reordered_and_shortened()
    {
        Stage stage;
        for (const auto &word : {u"a"_s, u"b"_s, u"c"_s, u"d"_s})
            stage.queue.append(word);
        stage.queue.reorder(0, 2);
        QCOMPARE(stage.words(), (QStringList{u"b"_s, u"c"_s, u"a"_s, u"d"_s}));
        stage.queue.reorder(3, 0);
        QCOMPARE(stage.words(), (QStringList{u"d"_s, u"b"_s, u"c"_s, u"a"_s}));
        QCOMPARE(stage.queue.take(1), u"b"_s);
        QCOMPARE(stage.words(), (QStringList{u"d"_s, u"c"_s, u"a"_s}));
        const auto told = stage.edited.count();
        stage.queue.reorder(1, 1);
        stage.queue.reorder(-1, 0);
        stage.queue.reorder(0, 3);
        QCOMPARE(stage.queue.take(7), QString());
        QCOMPARE(stage.edited.count(), told);
    }
};

QTEST_GUILESS_MAIN(MessageQueueTest)
#include "tst_messagequeue.moc"
