// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/messagetree.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

Message message(qint64 id, std::optional<qint64> parent = {})
{
    return {.id = MessageId{id},
            .parent = parent ? std::optional(MessageId{*parent}) : std::nullopt,
            .parts = {TextPart{QString::number(id)}}};
}

QList<qint64> shown(const MessageTree &tree)
{
    QList<qint64> ids;
    const QList<Message> branch = tree.branch();
    for (const Message &each : branch)
        ids.append(qint64(each.id));
    return ids;
}

} // namespace

class MessageTreeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void an_empty_tree_shows_nothing()
    {
        QVERIFY(MessageTree().branch().isEmpty());
        QCOMPARE(MessageTree().placeOf(MessageId{1}), BranchPlace());
        QVERIFY(!MessageTree().find(MessageId{1}));
    }

    void what_is_read_shows_the_newest_everywhere_in_whatever_order_it_comes()
    {
        QList<Message> all{message(1),    message(2, 1), message(3, 1),
                           message(4, 3), message(5, 2), message(6)};
        QCOMPARE(shown(MessageTree(all)), QList<qint64>{6});
        all.removeLast();
        QCOMPARE(shown(MessageTree(all)), (QList<qint64>{1, 3, 4}));
        std::ranges::reverse(all);
        QCOMPARE(shown(MessageTree(all)), (QList<qint64>{1, 3, 4}));
    }

    void what_is_added_is_shown_and_what_is_replaced_stays_where_it_is()
    {
        MessageTree tree({message(1), message(2, 1), message(3, 1)});
        QVERIFY(tree.showSibling(MessageId{3}, -1));
        Message changed = message(3, 1);
        changed.parts = {TextPart{u"new"_s}};
        tree.put(changed);
        QCOMPARE(shown(tree), (QList<qint64>{1, 2}));
        QCOMPARE(tree.find(MessageId{3})->text(), u"new"_s);
        tree.put(message(4, 1));
        QCOMPARE(shown(tree), (QList<qint64>{1, 4}));
    }

    void siblings_have_places_and_a_branch_remembers_what_it_showed()
    {
        MessageTree tree({message(1), message(2, 1), message(3, 1), message(4, 2), message(5, 2)});
        QCOMPARE(tree.placeOf(MessageId{2}), (BranchPlace{.index = 0, .count = 2}));
        QCOMPARE(tree.placeOf(MessageId{3}), (BranchPlace{.index = 1, .count = 2}));
        QCOMPARE(tree.placeOf(MessageId{1}), (BranchPlace{.index = 0, .count = 1}));
        QVERIFY(tree.showSibling(MessageId{3}, -1));
        QCOMPARE(shown(tree), (QList<qint64>{1, 2, 5}));
        QVERIFY(tree.showSibling(MessageId{5}, -1));
        QVERIFY(tree.showSibling(MessageId{2}, 1));
        QCOMPARE(shown(tree), (QList<qint64>{1, 3}));
        QVERIFY(tree.showSibling(MessageId{3}, -1));
        QCOMPARE(shown(tree), (QList<qint64>{1, 2, 4}));
    }

    void the_branch_with_a_message_is_shown_however_deep_it_stands()
    {
        MessageTree tree(
            {message(1), message(2, 1), message(3, 1), message(4, 2), message(5, 4), message(6)});
        QCOMPARE(shown(tree), QList<qint64>{6});
        QVERIFY(tree.show(MessageId{4}));
        QCOMPARE(shown(tree), (QList<qint64>{1, 2, 4, 5}));
        QVERIFY(!tree.show(MessageId{9}));
        QCOMPARE(shown(tree), (QList<qint64>{1, 2, 4, 5}));
        MessageTree circle({message(1, 2), message(2, 1)});
        QVERIFY(circle.show(MessageId{1}));
    }

    void the_way_to_a_message_is_known_whether_or_not_it_is_shown()
    {
        const MessageTree tree({message(1), message(2, 1), message(3, 1), message(4, 2), message(5, 4)});
        QCOMPARE(shown(tree), (QList<qint64>{1, 3}));
        QList<qint64> ids;
        for (const Message &each : tree.branchTo(MessageId{4}))
            ids.append(qint64(each.id));
        QCOMPARE(ids, (QList<qint64>{1, 2, 4}));
        QVERIFY(tree.branchTo(MessageId{9}).isEmpty());
        QCOMPARE(MessageTree({message(1, 2), message(2, 1)}).branchTo(MessageId{1}).size(), 2);
    }

    void there_is_nothing_beyond_the_first_and_the_last()
    {
        MessageTree tree({message(1), message(2, 1), message(3, 1)});
        QVERIFY(!tree.showSibling(MessageId{3}, 1));
        QVERIFY(!tree.showSibling(MessageId{3}, -2));
        QVERIFY(!tree.showSibling(MessageId{3}, 0));
        QVERIFY(!tree.showSibling(MessageId{9}, 1));
        QCOMPARE(shown(tree), (QList<qint64>{1, 3}));
    }

    void a_circle_in_a_damaged_file_ends()
    {
        const MessageTree tree({message(1), message(2, 3), message(3, 2)});
        QCOMPARE(shown(tree), QList<qint64>{1});
        const MessageTree own({message(1, 1)});
        QVERIFY(own.branch().isEmpty());
    }
};

QTEST_GUILESS_MAIN(MessageTreeTest)
#include "tst_messagetree.moc"
