// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/noticelist.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

Notice notice(const QString &title)
{
    Notice words;
    words.title = title;
    return words;
}

} // namespace

class NoticeListTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shows_one_notice_a_topic()
    {
        NoticeList list;
        const QAbstractItemModelTester tester(&list);
        list.show(NoticeList::Topic::Store, notice(u"first"_s));
        list.show(NoticeList::Topic::Keys, notice(u"keys"_s));
        list.show(NoticeList::Topic::Store, notice(u"second"_s));
        QCOMPARE(list.count(), 2);
        QCOMPARE(list.data(list.index(0), static_cast<int>(NoticeList::Role::Notice)).value<Notice>(),
                 notice(u"second"_s));
    }

    void a_notice_without_words_takes_the_topic_away()
    {
        NoticeList list;
        const QAbstractItemModelTester tester(&list);
        list.show(NoticeList::Topic::Store, {});
        QCOMPARE(list.count(), 0);
        list.show(NoticeList::Topic::Store, notice(u"trouble"_s));
        list.show(NoticeList::Topic::Store, {});
        QCOMPARE(list.count(), 0);
    }

    void what_was_dismissed_comes_back_when_it_is_told_again()
    {
        NoticeList list;
        list.show(NoticeList::Topic::Settings, notice(u"a"_s));
        list.dismiss(0);
        QCOMPARE(list.count(), 0);
        list.dismiss(0);
        list.show(NoticeList::Topic::Settings, notice(u"b"_s));
        QCOMPARE(list.count(), 1);
    }
};

QTEST_GUILESS_MAIN(NoticeListTest)
#include "tst_noticelist.moc"
