// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/searchmodel.h"
#include "tests/support/handsearch.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

using Role = SearchModel::Role;
using State = SearchModel::State;

namespace {

SearchHit hit(qint64 message, const QString &text = u"a river runs"_s, QList<TextRange> matches = {{2, 7}})
{
    return {.conversation = ConversationId{message / 100},
            .message = MessageId{message},
            .title = u"Water"_s,
            .created = QDateTime(QDate(2026, 11, 21), QTime(12, 0), QTimeZone::UTC),
            .snippet = {.text = text, .matches = std::move(matches)}};
}

Notice wordsFor(const Mishap &mishap)
{
    return {.title = std::get<StoreError>(mishap).detail};
}

} // namespace

class tst_SearchModel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<HandSearch> m_search;
    std::unique_ptr<SearchModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;

    QVariant value(int row, Role role) const { return m_model->index(row).data(int(role)); }
    void found(const QList<SearchHit> &hits, std::optional<MessageId> next = std::nullopt)
    {
        m_search->answer(SearchPage{.hits = hits, .next = next});
        QTRY_VERIFY(!m_model->isRunning());
    }
    QList<qint64> messages() const
    {
        QList<qint64> ids;
        for (int row = 0; row < m_model->count(); ++row)
            ids.append(value(row, Role::MessageId).toLongLong());
        return ids;
    }

private Q_SLOTS:
    void init()
    {
        m_search = std::make_unique<HandSearch>();
        m_model = std::make_unique<SearchModel>(*m_search, &wordsFor);
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }

    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
        m_search.reset();
    }

    void nothingIsLookedForAtFirst()
    {
        QCOMPARE(m_model->state(), State::Idle);
        QVERIFY(m_search->asked.isEmpty());
    }

    void everyKeyIsLookedForAtOnce()
    {
        m_model->setText(u"ri"_s);
        QCOMPARE(m_model->state(), State::Pending);
        QVERIFY(m_model->isRunning());
        m_model->setText(u"riv"_s);
        QCOMPARE(m_search->asked.size(), 2);
        QCOMPARE(m_search->asked.constLast().query, parseSearch(u"riv"));
        QVERIFY(!m_search->asked.constLast().from);
    }

    void hitsTellWhatAndWhereTheyAre()
    {
        m_model->setText(u"river"_s);
        SearchHit first = hit(101);
        first.role = ChatRole::User;
        SearchHit second = hit(202);
        second.role = ChatRole::Assistant;
        found({first, second});
        QCOMPARE(m_model->state(), State::Found);
        QCOMPARE(messages(), (QList<qint64>{101, 202}));
        QCOMPARE(value(0, Role::ConversationId).toLongLong(), 1);
        QCOMPARE(value(0, Role::Title).toString(), u"Water"_s);
        QCOMPARE(value(0, Role::Created).toDateTime(), first.created);
        QVERIFY(value(0, Role::FromUser).toBool());
        QVERIFY(!value(1, Role::FromUser).toBool());
        QCOMPARE(value(0, Role::Snippet).toString(), u"a river runs"_s);
        QCOMPARE(value(0, Role::Markup).toString(), u"a <b>river</b> runs"_s);
        QCOMPARE(value(0, Role::Words).toString(), u"river"_s);
    }

    void whatWasWrittenIsNeverMarkup()
    {
        m_model->setText(u"x"_s);
        found({hit(101, u"<img src='http://x/'> & x"_s, {{5, 8}, {24, 25}}), hit(102, u"<b>"_s, {})});
        QCOMPARE(value(0, Role::Markup).toString(), u"&lt;img <b>src</b>='http://x/'&gt; &amp; <b>x</b>"_s);
        QCOMPARE(value(1, Role::Markup).toString(), u"&lt;b&gt;"_s);
        QCOMPARE(value(1, Role::Words).toString(), QString());
    }

    void theHitsStayUntilTheNextOnesAreThere()
    {
        m_model->setText(u"ri"_s);
        found({hit(101)});
        m_model->setText(u"riv"_s);
        QVERIFY(m_model->isRunning());
        QCOMPARE(m_model->state(), State::Found);
        QCOMPARE(m_model->count(), 1);
        found({});
        QCOMPARE(m_model->state(), State::Nothing);
        QCOMPARE(m_model->count(), 0);
    }

    void theAnswerToAnOlderQuestionIsDropped()
    {
        m_model->setText(u"ri"_s);
        m_model->setText(u"riv"_s);
        m_search->answer(0, SearchPage{.hits = {hit(101)}});
        QCOMPARE(m_model->count(), 0);
        QVERIFY(m_model->isRunning());
        found({hit(202)});
        QCOMPARE(messages(), QList<qint64>{202});
    }

    void whatSaysNothingEndsTheSearch_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << QString();
        QTest::newRow("blank") << u"  "_s;
        QTest::newRow("a filter without a value") << u"from:"_s;
    }

    void whatSaysNothingEndsTheSearch()
    {
        QFETCH(const QString, text);
        m_model->setText(u"river"_s);
        found({hit(101)});
        m_model->setText(u"rivers"_s);
        m_model->setText(text);
        QCOMPARE(m_model->state(), State::Idle);
        QCOMPARE(m_model->count(), 0);
        QVERIFY(!m_model->isRunning());
        m_search->answer(SearchPage{.hits = {hit(202)}});
        QCoreApplication::processEvents();
        QCOMPARE(m_model->count(), 0);
    }

    void whatMeansTheSameIsNotAskedAgain()
    {
        m_model->setText(u"\"river\""_s);
        m_model->setText(u"\"river\" "_s);
        QCOMPARE(m_search->asked.size(), 1);
    }

    void furtherPagesComeWhenTheyAreAskedFor()
    {
        m_model->setText(u"river"_s);
        QVERIFY(!m_model->canFetchMore({}));
        found({hit(303), hit(302)}, MessageId{301});
        QVERIFY(m_model->canFetchMore({}));
        m_model->fetchMore({});
        QVERIFY(!m_model->canFetchMore({}));
        QCOMPARE(m_search->asked.constLast().from, std::optional(MessageId{301}));
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        found({hit(301)});
        QCOMPARE(messages(), (QList<qint64>{303, 302, 301}));
        QCOMPARE(reset.count(), 0);
        QVERIFY(!m_model->canFetchMore({}));
    }

    void whenTheSearchEndsThereIsNoFurtherPage()
    {
        m_model->setText(u"river"_s);
        found({hit(303)}, MessageId{302});
        connect(m_model.get(), &QAbstractItemModel::modelReset, m_model.get(),
                [this] { m_model->fetchMore({}); });
        m_model->setText({});
        QCOMPARE(m_search->asked.size(), 1);
        QCOMPARE(m_model->state(), State::Idle);
        QVERIFY(!m_model->isRunning());
    }

    void aFailureIsToldInWordsAndTheNextKeyTriesAgain()
    {
        m_model->setText(u"river"_s);
        found({hit(101)});
        m_model->setText(u"rivers"_s);
        m_search->answer(std::unexpected(StoreError{StoreError::Kind::Io, u"no disk"_s}));
        QTRY_COMPARE(m_model->state(), State::Failed);
        QCOMPARE(m_model->trouble().title, u"no disk"_s);
        QCOMPARE(m_model->count(), 0);
        m_model->retry();
        QCOMPARE(m_model->state(), State::Pending);
        QCOMPARE(m_search->asked.constLast().query, parseSearch(u"rivers"));
        m_model->setText(u"river"_s);
        QCOMPARE(m_model->state(), State::Pending);
        found({hit(101)});
        QCOMPARE(m_model->state(), State::Found);
        QCOMPARE(m_model->trouble(), Notice());
    }

    void itTellsWhetherOlderMessagesAreStillToCome()
    {
        m_model->setText(u"river"_s);
        m_search->answer(SearchPage{.isIndexing = true});
        QTRY_VERIFY(m_model->isIndexing());
        QCOMPARE(m_model->state(), State::Nothing);
    }

    void aConversationThatIsDeletedIsLeftOutAndTheOthersStay()
    {
        m_model->setText(u"river"_s);
        found({hit(303), hit(202), hit(301)});
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        m_model->leaveOut(ConversationId{3});
        QCOMPARE(messages(), QList<qint64>{202});
        QCOMPARE(m_model->state(), State::Found);
        m_model->leaveOut(ConversationId{2});
        QCOMPARE(m_model->state(), State::Nothing);
        QCOMPARE(m_search->asked.size(), 1);
        QCOMPARE(reset.count(), 0);
    }

    void aStoreThatDoesNotKnowOfTheDeletionYetBringsNothingBack()
    {
        m_model->setText(u"river"_s);
        m_model->leaveOut(ConversationId{3});
        m_model->leaveOut(ConversationId{4});
        found({hit(404), hit(303), hit(202), hit(301)});
        QCOMPARE(messages(), QList<qint64>{202});
        m_model->setText(u"rivers"_s);
        found({hit(404), hit(303)});
        QCOMPARE(m_model->state(), State::Nothing);
    }

    void aPageOfNothingElseLeadsOnToTheNextOne()
    {
        m_model->setText(u"river"_s);
        found({hit(303)}, MessageId{302});
        m_model->leaveOut(ConversationId{3});
        QCOMPARE(m_search->asked.constLast().from, std::optional(MessageId{302}));
        m_search->answer(SearchPage{.hits = {hit(302)}, .next = MessageId{202}});
        QTRY_COMPARE(m_search->asked.constLast().from, std::optional(MessageId{202}));
        found({hit(202)});
        QCOMPARE(messages(), QList<qint64>{202});
        QCOMPARE(m_model->state(), State::Found);
    }

    void whatIsTakenBackIsFoundAgain()
    {
        m_model->setText(u"river"_s);
        found({hit(303), hit(202)});
        m_model->leaveOut(ConversationId{3});
        m_model->takeBack(ConversationId{3});
        QCOMPARE(m_search->asked.size(), 2);
        found({hit(303), hit(202)});
        QCOMPARE(messages(), (QList<qint64>{303, 202}));
        m_model->takeBack(ConversationId{2});
        QCOMPARE(m_search->asked.size(), 2);
    }

    void whereNothingIsLookedForNothingIsLeftOut()
    {
        m_model->leaveOut(ConversationId{3});
        QCOMPARE(m_model->state(), State::Idle);
        m_model->takeBack(ConversationId{3});
        QCOMPARE(m_model->state(), State::Idle);
        QVERIFY(m_search->asked.isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_SearchModel)
#include "tst_searchmodel.moc"
