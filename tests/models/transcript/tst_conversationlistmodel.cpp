// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/conversationlistmodel.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace rivulet;

using Role = ConversationListModel::Role;
using Section = ConversationListModel::Section;

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
        QCOMPARE(value(0, Role::Section).value<Section>(), Section::Today);
        QCOMPARE(value(1, Role::Section).value<Section>(), Section::Yesterday);
        QCOMPARE(value(2, Role::Section).value<Section>(), Section::Week);
        QCOMPARE(value(3, Role::Section).value<Section>(), Section::Older);
    }

    void sectionIsSeenByViewsAsItsName() { QCOMPARE(value(0, Role::Section).toString(), u"Today"_s); }

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

    void sectionsMoveOnAfterMidnight()
    {
        m_now = noon.addDays(1);
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        m_model->put(conversation(6, m_now));
        QCOMPARE(value(0, Role::Section).value<Section>(), Section::Today);
        QCOMPARE(value(1, Role::Section).value<Section>(), Section::Yesterday);
        QCOMPARE(changed.last().at(2).value<QList<int>>(), QList<int>{int(Role::Section)});
    }
};

QTEST_GUILESS_MAIN(tst_ConversationListModel)
#include "tst_conversationlistmodel.moc"
