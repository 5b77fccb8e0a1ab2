// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/conversationlistmodel.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace rivulet;

using Role = ConversationListModel::Role;

namespace {

const QDateTime noon(QDate(2026, 11, 21), QTime(12, 0));

ConversationSummary conversation(qint64 id, const QDateTime &changed)
{
    return {.id = ConversationId{id},
            .title = u"No. %1"_s.arg(id),
            .created = changed,
            .changed = changed.toUTC()};
}

} // namespace

class tst_ConversationListModel : public QObject
{
    Q_OBJECT

private:
    QDateTime m_now;
    std::unique_ptr<ConversationListModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;

    QVariant value(int row, Role role) const { return m_model->index(row).data(int(role)); }
    QList<qint64> ids() const
    {
        QList<qint64> ids;
        for (int row = 0; row < m_model->count(); ++row)
            ids.append(value(row, Role::ConversationId).toLongLong());
        return ids;
    }

private Q_SLOTS:
    void init()
    {
        m_now = noon;
        m_model = std::make_unique<ConversationListModel>(nullptr, [this] { return m_now; });
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_model->reset({conversation(1, noon.addDays(-30)), conversation(2, noon.addSecs(-60)),
                        conversation(3, noon.addDays(-1)), conversation(4, noon.addDays(-5))});
    }

    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void newestStandsFirst() { QCOMPARE(ids(), (QList<qint64>{2, 3, 4, 1})); }

    void sectionsFollowTheDays()
    {
        m_model->put(conversation(5, noon.addDays(-8)));
        m_model->put(conversation(6, noon.addDays(-31)));
        m_model->put(conversation(7, noon.addDays(1)));
        QStringList sections;
        for (int row = 0; row < m_model->count(); ++row)
            sections.append(value(row, Role::Section).toString());
        QCOMPARE(sections,
                 (QStringList{u"Today"_s, u"Today"_s, u"Yesterday"_s, u"Week"_s, u"Month"_s, u"Month"_s,
                              u"2026-10"_s}));
    }

    void pinnedOnesStandFirstUnderTheirOwnSection()
    {
        ConversationSummary old = conversation(1, noon.addDays(-30));
        old.pinned = true;
        QSignalSpy moved(m_model.get(), &QAbstractItemModel::rowsMoved);
        m_model->put(old);
        QCOMPARE(ids(), (QList<qint64>{1, 2, 3, 4}));
        QCOMPARE(moved.count(), 1);
        QCOMPARE(value(0, Role::Section).toString(), u"Pinned"_s);
        QVERIFY(value(0, Role::Pinned).toBool());
        old.pinned = false;
        m_model->put(old);
        QCOMPARE(ids(), (QList<qint64>{2, 3, 4, 1}));
    }

    void archivedOnesAreListedApart()
    {
        QSignalSpy archivedCount(m_model.get(), &ConversationListModel::archivedCountChanged);
        ConversationSummary archived = conversation(3, noon.addDays(-1));
        archived.archived = true;
        m_model->put(archived);
        QCOMPARE(ids(), (QList<qint64>{2, 4, 1}));
        QCOMPARE(m_model->archivedCount(), 1);
        QCOMPARE(archivedCount.count(), 1);
        QCOMPARE(m_model->rowOf(3), -1);
        QCOMPARE(m_model->find(ConversationId{3})->title, u"No. 3"_s);

        m_model->setShowsArchived(true);
        QCOMPARE(ids(), QList<qint64>{3});
        QVERIFY(value(0, Role::Archived).toBool());
        m_model->put(conversation(3, noon.addDays(-1)));
        QCOMPARE(ids(), QList<qint64>{});
        QCOMPARE(m_model->archivedCount(), 0);
        m_model->setShowsArchived(false);
        QCOMPARE(ids(), (QList<qint64>{2, 3, 4, 1}));
    }

    void removingAnArchivedOneCountsItOut()
    {
        ConversationSummary archived = conversation(3, noon.addDays(-1));
        archived.archived = true;
        m_model->reset({archived, conversation(2, noon)});
        QCOMPARE(m_model->archivedCount(), 1);
        QCOMPARE(ids(), QList<qint64>{2});
        m_model->remove(ConversationId{3});
        QCOMPARE(m_model->archivedCount(), 0);
        QVERIFY(!m_model->find(ConversationId{3}));
    }

    void whatIsUnreadSaysSo()
    {
        ConversationSummary unread = conversation(3, noon.addDays(-1));
        unread.unread = true;
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        m_model->put(unread);
        QVERIFY(value(1, Role::Unread).toBool());
        QVERIFY(changed.last().at(2).value<QList<int>>().contains(int(Role::Unread)));
    }

    void everyConversationIsFoundInItsPlace()
    {
        QList<ConversationSummary> all;
        for (int i = 0; i < 500; ++i) {
            all.append(conversation(i + 1, noon.addDays(-(i * 37 % 101))));
            all.last().pinned = i % 11 == 0;
        }
        m_model->reset(all);
        for (int row = 0; row < m_model->count(); ++row)
            QCOMPARE(m_model->rowOf(value(row, Role::ConversationId).toLongLong()), row);
        // Wherever one goes, the order is that of a list that was read.
        for (int i = 0; i < 500; i += 7) {
            all[i].changed = all[i].changed.addDays(i % 5 - 2);
            all[i].pinned = i % 3 == 0;
            m_model->put(all[i]);
        }
        const QList<qint64> moved = ids();
        m_model->reset(all);
        QCOMPARE(moved, ids());
    }

    void putMovesAConversationAndNeverResets()
    {
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy moved(m_model.get(), &QAbstractItemModel::rowsMoved);
        m_model->put(conversation(4, noon));
        QCOMPARE(ids(), (QList<qint64>{4, 2, 3, 1}));
        QCOMPARE(moved.count(), 1);
        m_model->put(conversation(4, noon.addDays(-100)));
        QCOMPARE(ids(), (QList<qint64>{2, 3, 1, 4}));
        QCOMPARE(moved.count(), 2);
        QCOMPARE(reset.count(), 0);
    }

    void putInPlaceChangesOnlyTheRow()
    {
        QSignalSpy moved(m_model.get(), &QAbstractItemModel::rowsMoved);
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        ConversationSummary renamed = conversation(2, noon);
        renamed.title = u"Rivers"_s;
        m_model->put(renamed);
        QCOMPARE(moved.count(), 0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(value(0, Role::Title).toString(), u"Rivers"_s);
    }

    void putInsertsAnUnknownOneAtItsPlace()
    {
        m_model->put(conversation(5, noon.addDays(-2)));
        QCOMPARE(ids(), (QList<qint64>{2, 3, 5, 4, 1}));
    }

    void whatIsReadLaterDoesNotReplaceWhatIsKnown()
    {
        ConversationSummary stale = conversation(2, noon.addDays(-9));
        stale.archived = true;
        ConversationSummary archived = conversation(5, noon);
        archived.archived = true;
        m_model->fill({stale, archived, conversation(6, noon)});
        QCOMPARE(ids(), (QList<qint64>{6, 2, 3, 4, 1}));
        QCOMPARE(m_model->archivedCount(), 1);
    }

    void removeTakesItAway()
    {
        m_model->remove(ConversationId{3});
        m_model->remove(ConversationId{99});
        QCOMPARE(ids(), (QList<qint64>{2, 4, 1}));
    }

    void onlyOneIsCurrent()
    {
        m_model->setCurrent(ConversationId{3});
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        m_model->setCurrent(ConversationId{2});
        QCOMPARE(changed.count(), 2);
        QVERIFY(value(0, Role::Current).toBool());
        QVERIFY(!value(1, Role::Current).toBool());
    }

    void whatRunsIsKnownAcrossAReset()
    {
        m_model->setRunning(ConversationId{4}, true);
        m_model->reset({conversation(4, noon)});
        QVERIFY(value(0, Role::Running).toBool());
        m_model->setRunning(ConversationId{4}, false);
        QVERIFY(!value(0, Role::Running).toBool());
    }

    void sectionsMoveOnWhenTheyAreToldTo()
    {
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        m_model->followTheCalendar();
        QCOMPARE(changed.count(), 0);
        m_now = noon.addDays(1);
        m_model->followTheCalendar();
        QCOMPARE(changed.count(), 1);
        QCOMPARE(value(0, Role::Section).toString(), u"Yesterday"_s);
    }

    void sectionsMoveOnAfterMidnight()
    {
        m_now = noon.addDays(1);
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        m_model->put(conversation(6, m_now));
        QCOMPARE(value(0, Role::Section).toString(), u"Today"_s);
        QCOMPARE(value(1, Role::Section).toString(), u"Yesterday"_s);
        QCOMPARE(changed.last().at(2).value<QList<int>>(), QList<int>{int(Role::Section)});
    }
};

QTEST_GUILESS_MAIN(tst_ConversationListModel)
#include "tst_conversationlistmodel.moc"
