// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/transcript/transcriptmodel.h"
#include "tests/support/conversation.h"

#include <QtCore/QHash>
#include <QtCore/QSet>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

using Kind = TranscriptModel::Kind;
using Gap = TranscriptModel::Gap;
using Role = TranscriptModel::Role;
using Activity = TranscriptModel::Activity;
using Artifact = event::Artifact;
using Status = event::Status;

namespace {

const QString answer = u"# Rivers\n\nWater finds the **shortest** way.\n\n- a spring\n- a mouth\n\n"
                       "```cpp\nint flow = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\nThe end.\n"_s;

Notice wordsFor(const Mishap &mishap)
{
    if (const auto *error = std::get_if<NetError>(&mishap))
        return {.severity = Notice::Severity::Danger, .title = u"failed: "_s + error->message};
    if (const auto *error = std::get_if<StoreError>(&mishap))
        return {.severity = Notice::Severity::Danger, .title = u"unreadable: "_s + error->detail};
    if (const auto *state = std::get_if<Message::State>(&mishap))
        return {.title = *state == Message::State::Stopped ? u"stopped"_s : u"cut off"_s};
    return std::get<FinishReason>(mishap) == FinishReason::Length ? Notice{.title = u"too long"_s} : Notice{};
}

} // namespace

class tst_TranscriptModel : public QObject
{
    Q_OBJECT

private:
    QDateTime m_now{QDate(2026, 11, 21), QTime(8, 0), QTimeZone::UTC};
    std::unique_ptr<TranscriptModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    Message m_question = userSays(u"Tell me"_s);

    QVariant value(int row, Role role) const { return m_model->index(row).data(int(role)); }
    QVariant last(Role role) const { return value(m_model->count() - 1, role); }
    Kind kind(int row) const { return value(row, Role::Kind).value<Kind>(); }
    QList<Kind> kinds() const
    {
        QList<Kind> kinds;
        for (int row = 0; row < m_model->count(); ++row)
            kinds.append(kind(row));
        return kinds;
    }
    int rowOf(Kind wanted) const { return int(kinds().indexOf(wanted)); }
    TranscriptRow handle(int row) const { return value(row, Role::Content).value<TranscriptRow>(); }
    QString textOf(int row) const
    {
        const Row *content = handle(row).content();
        return content ? content->text : QString();
    }
    /// Everything that is on screen, to compare two ways to get there.
    QStringList picture() const
    {
        QStringList picture;
        for (int row = 0; row < m_model->count(); ++row) {
            picture.append(u"%1 %2 %3 %4 %5 %6"_s.arg(int(kind(row)))
                               .arg(value(row, Role::Gap).toInt())
                               .arg(textOf(row), title(row))
                               .arg(int(activity(row)))
                               .arg(value(row, Role::Detail).toString()));
        }
        return picture;
    }
    QString title(int row) const { return value(row, Role::Title).toString(); }
    Activity activity(int row) const { return value(row, Role::Activity).value<Activity>(); }
    void say(const Message &message, const StreamEvent::Payload &payload, const QString &agent = {})
    {
        m_model->deliver(message.id, {{payload, agent}});
    }
    Message startAnswer()
    {
        const Message message = answerTo(m_question, {}, Message::State::Streaming);
        m_model->addMessage(message);
        return message;
    }
    void end(Message message, const QString &text, Message::State state = Message::State::Complete)
    {
        message.parts = {TextPart{text}};
        message.state = state;
        m_model->endMessage(message);
    }

private Q_SLOTS:
    void init()
    {
        m_model = std::make_unique<TranscriptModel>(&wordsFor, nullptr, [this] { return m_now; });
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_model->open({m_question});
    }

    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void eachBlockIsARowAndEachAnswerHasAFooter()
    {
        m_model->open({m_question, answerTo(m_question, answer)});
        QCOMPARE(kinds(),
                 (QList{Kind::User, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Code, Kind::Table,
                        Kind::Rule, Kind::Text, Kind::Footer}));
        QCOMPARE(handle(1).headingLevel(), 1);
        QCOMPARE(last(Role::ProviderName).toString(), u"Demo"_s);
        QCOMPARE(last(Role::ModelName).toString(), u"river-1"_s);
    }

    void gapsTellBlocksItemsAndMessagesApart()
    {
        m_model->open({m_question, answerTo(m_question, answer)});
        QList<Gap> gaps;
        for (int row = 0; row < 6; ++row)
            gaps.append(value(row, Role::Gap).value<Gap>());
        QCOMPARE(
            gaps,
            (QList{Gap::None, Gap::Message, Gap::Paragraph, Gap::Paragraph, Gap::Tight, Gap::Paragraph}));
    }

    void anAnswerOfWhichNothingCameYetIsPending()
    {
        const Message message = startAnswer();
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Pending}));
        QVERIFY(last(Role::Tail).toBool());
        m_model->deliver(message.id, text(u"Yes"_s));
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text}));
        QVERIFY(last(Role::Tail).toBool());
    }

    void streamingNeverResetsAndEndsLikeOpening_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {1, 2, 3, 5, 17, 1000})
            QTest::addRow("pieces of %d", size) << size;
    }
    void streamingNeverResetsAndEndsLikeOpening()
    {
        QFETCH(const int, size);
        m_model->open({m_question, answerTo(m_question, answer)});
        const QStringList wanted = picture();
        m_model->open({m_question});

        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        const Message message = startAnswer();
        for (qsizetype at = 0; at < answer.size(); at += size)
            m_model->deliver(message.id,
                             text(answer.sliced(at, std::min(qsizetype(size), answer.size() - at))));
        end(message, answer);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(picture(), wanted);
    }

    void idsAreStableAndNeverRepeat()
    {
        QSet<quint64> gone;
        QSet<quint64> known;
        const auto look = [&] {
            QSet<quint64> now;
            for (int row = 0; row < m_model->count(); ++row)
                now.insert(value(row, Role::RowId).toULongLong());
            QCOMPARE(now.size(), m_model->count());
            QVERIFY(!now.intersects(gone));
            gone += known - now;
            known = now;
        };
        const Message message = startAnswer();
        QHash<quint64, QString> closed;
        for (const QChar c : answer) {
            m_model->deliver(message.id, text(c));
            look();
            for (int row = 0; row < m_model->count(); ++row) {
                const Row *content = handle(row).content();
                if (content && content->closed && kind(row) != Kind::Table)
                    closed.insert(handle(row).id(), content->text);
            }
            for (const auto &[id, was] : closed.asKeyValueRange()) {
                const Row *content = m_model->content(id);
                QVERIFY(content);
                QCOMPARE(content->text, was);
            }
        }
        end(message, answer);
        look();
    }

    void aDeliveryTouchesOnlyTheTail()
    {
        const Message message = startAnswer();
        const auto worst = [&](int paragraphs) {
            quint64 most = 0;
            for (int i = 0; i < paragraphs; ++i) {
                for (const auto &piece : {u"Water "_s, u"finds "_s, u"its way.\n\n"_s}) {
                    const quint64 before = m_model->touchedRows();
                    m_model->deliver(message.id, text(piece));
                    most = std::max(most, m_model->touchedRows() - before);
                }
            }
            return most;
        };
        const quint64 early = worst(10);
        QVERIFY2(early <= 4, qPrintable(QString::number(early)));
        worst(1000);
        QVERIFY(worst(10) <= early);
    }

    void aHandleChangesWithItsRowOnly()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"One.\n\nTwo"_s));
        const TranscriptRow first = handle(1);
        const TranscriptRow second = handle(2);
        m_model->deliver(message.id, text(u" and a half"_s));
        QCOMPARE(handle(1), first);
        QVERIFY(handle(2) != second);
        QCOMPARE(handle(2).id(), second.id());
        QCOMPARE(textOf(2), u"Two and a half"_s);
    }

    void aHandleOutlivesItsModel()
    {
        const TranscriptRow row = handle(0);
        QVERIFY(row.content());
        m_tester.reset();
        m_model.reset();
        QVERIFY(!row.content());
    }

    void aRowThatBecomesATableIsGivenAgain()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"| a | b |\n|---|---|\n| 1 | 2 |\n"_s));
        QCOMPARE(kind(1), Kind::Table);
    }

    void runningReasoningShowsItsNewestSentence()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, reasoning(u"The user asks. I *look*. And th"_s));
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Reasoning}));
        QVERIFY(value(1, Role::Running).toBool());
        QCOMPARE(value(1, Role::Since).toDateTime(), m_now);
        QCOMPARE(value(1, Role::Newest).toString(), u"I look."_s);
    }

    void reasoningTellsHowLongItTook()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, reasoning(u"Hm."_s));
        m_now = m_now.addSecs(12);
        m_model->deliver(message.id, text(u"Yes."_s));
        QVERIFY(!value(1, Role::Running).toBool());
        QCOMPARE(value(1, Role::Seconds).toInt(), 12);
        QVERIFY(value(1, Role::Newest).toString().isEmpty());
    }

    void reasoningOpensIntoQuietRowsAndCloses()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, reasoning(u"First.\n\nSecond."_s));
        m_model->deliver(message.id, text(u"Yes."_s));
        const quint64 head = value(1, Role::RowId).toULongLong();
        m_model->setExpanded(head, true);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Reasoning, Kind::Text, Kind::Text, Kind::Text}));
        QVERIFY(value(1, Role::Expanded).toBool());
        QVERIFY(value(2, Role::Quiet).toBool());
        QVERIFY(!value(4, Role::Quiet).toBool());
        QCOMPARE(textOf(3), u"Second."_s);
        m_model->setExpanded(head, false);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Reasoning, Kind::Text}));
    }

    void openReasoningGrowsWhileItRuns()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, reasoning(u"First"_s));
        m_model->setExpanded(value(1, Role::RowId).toULongLong(), true);
        m_model->deliver(message.id, reasoning(u" of all"_s));
        QCOMPARE(textOf(2), u"First of all"_s);
    }

    void aToolCallIsALineThatTellsHowFarItIs()
    {
        const Message message = startAnswer();
        say(message, event::ToolCall{0, u"c"_s, u"look"_s, {}});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Tool}));
        const quint64 id = value(1, Role::RowId).toULongLong();
        QCOMPARE(title(1), u"look"_s);
        QCOMPARE_EQ(activity(1), Activity::Running);
        say(message, event::ToolCall{0, {}, {}, u"{\"a\":\n 1}"_s});
        QCOMPARE(value(1, Role::Detail).toString(), u"{\"a\": 1}"_s);
        say(message, event::ToolResult{u"c"_s, u"look"_s, u"10 %"_s, false, true});
        QCOMPARE_EQ(activity(1), Activity::Running);
        say(message, event::ToolResult{u"c"_s, u"look"_s, u"a river"_s});
        QCOMPARE_EQ(activity(1), Activity::Done);
        say(message, event::Text{u"I see."_s});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Tool, Kind::Text}));
        QCOMPARE(value(1, Role::RowId).toULongLong(), id);
    }

    void aToolThatFailsSaysSoAndOneThatNeverEndedSaysNothing()
    {
        Message message = startAnswer();
        message.parts = {ToolCallPart{0, u"c"_s, u"look"_s}, ToolCallPart{1, u"d"_s, u"listen"_s},
                         ToolResultPart{.id = u"c"_s, .content = u"too dark"_s, .isError = true}};
        message.state = Message::State::Stopped;
        m_model->endMessage(message);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Tool, Kind::Tool, Kind::Notice, Kind::Footer}));
        QCOMPARE_EQ(activity(1), Activity::Failed);
        QCOMPARE_EQ(activity(2), Activity::None);
        QCOMPARE_EQ(value(2, Role::Gap).value<Gap>(), Gap::Tight);
    }

    void aToolOpensIntoItsArgumentsAndItsResultAndGrows()
    {
        const Message message = startAnswer();
        say(message, event::ToolCall{0, u"c"_s, u"look"_s, u"{\"a\""_s});
        say(message, event::Text{u"Looking."_s});
        const quint64 head = value(1, Role::RowId).toULongLong();
        m_model->setExpanded(head, true);
        QVERIFY(value(1, Role::Expanded).toBool());
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Tool, Kind::Text, Kind::Code, Kind::Text}));
        QCOMPARE(textOf(3), u"{\"a\""_s);
        QVERIFY(value(3, Role::Quiet).toBool());
        QVERIFY(!value(4, Role::Quiet).toBool());
        const quint64 arguments = value(3, Role::RowId).toULongLong();
        say(message, event::ToolCall{0, {}, {}, u":1}"_s});
        QCOMPARE(textOf(3), u"{\n    \"a\": 1\n}"_s);
        QCOMPARE(value(3, Role::RowId).toULongLong(), arguments);
        say(message, event::ToolResult{u"c"_s, u"look"_s, u"a <b>river</b>"_s});
        QCOMPARE(kinds(),
                 (QList{Kind::User, Kind::Tool, Kind::Text, Kind::Code, Kind::Text, Kind::Code, Kind::Text}));
        QCOMPARE(textOf(5), u"a <b>river</b>"_s);
        QCOMPARE(m_model->blockText(value(5, Role::RowId).toULongLong()), u"a <b>river</b>"_s);
        m_model->setExpanded(head, false);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Tool, Kind::Text}));
        QVERIFY(!value(1, Role::Expanded).toBool());
    }

    void aStatusIsOneLineThatChanges()
    {
        const Message message = startAnswer();
        say(message, Status{u"plan"_s, u"Reads the question"_s}, u"ada"_s);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Status}));
        QCOMPARE(title(1), u"ada: Reads the question"_s);
        QCOMPARE_EQ(activity(1), Activity::Running);
        const quint64 id = value(1, Role::RowId).toULongLong();
        say(message, Status{u"plan"_s, u"Has a plan"_s, Status::State::Done}, u"ada"_s);
        QCOMPARE(title(1), u"ada: Has a plan"_s);
        QCOMPARE_EQ(activity(1), Activity::Done);
        QCOMPARE(value(1, Role::RowId).toULongLong(), id);
        say(message, Status{u"search"_s, {}});
        QCOMPARE(title(2), u"search"_s);
        Message final = message;
        final.parts = {StatusPart{u"plan"_s, u"Has a plan"_s, Status::State::Done, u"ada"_s},
                       StatusPart{u"search"_s}};
        final.state = Message::State::Complete;
        m_model->endMessage(final);
        QCOMPARE_EQ(activity(2), Activity::None);
    }

    void codeThatIsAnArtifactIsCodeThatGrows()
    {
        const Message message = startAnswer();
        say(message, Artifact{u"a"_s, Artifact::Kind::Code, u"flow.cpp"_s, false, R"("int ")"_ba});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Code}));
        QCOMPARE(textOf(1), u"flow.cpp"_s);
        const quint64 id = value(2, Role::RowId).toULongLong();
        say(message, Artifact{u"a"_s, Artifact::Kind::Code, {}, true, R"("flow;\n")"_ba});
        QCOMPARE(textOf(2), u"int flow;"_s);
        QCOMPARE(handle(2).content()->language, u"cpp"_s);
        QVERIFY(!handle(2).isClosed());
        QCOMPARE(value(2, Role::RowId).toULongLong(), id);
        const QByteArray lines = '"' + QByteArray(R"(x\n)").repeated(200) + '"';
        say(message, Artifact{u"a"_s, Artifact::Kind::Code, {}, false, lines});
        QCOMPARE(kinds().count(Kind::Code), 4);
        QCOMPARE(m_model->blockText(value(2, Role::RowId).toULongLong()), u"x\n"_s.repeated(200).chopped(1));
    }

    void aTableThatIsAnArtifactIsATable()
    {
        Message message = answerTo(m_question);
        message.parts = {
            ArtifactPart{u"t"_s, Artifact::Kind::Table, u"Rivers"_s,
                         R"({"columns":["name","km"],"rows":[["Elbe",1094],["Rhine",1233]]})"_ba}};
        m_model->addMessage(message);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Table, Kind::Footer}));
        const Row *table = handle(2).content();
        QCOMPARE(table->cells.size(), 3);
        QCOMPARE(table->columns.size(), 2);
        QCOMPARE(table->cells.at(2).at(1).text, u"1233"_s);
        QCOMPARE(m_model->blockText(value(2, Role::RowId).toULongLong()),
                 u"name\tkm\nElbe\t1094\nRhine\t1233\n"_s);
    }

    void otherArtifactsShowTheirJsonAndSourcesTheirLink()
    {
        Message message = answerTo(m_question);
        message.parts = {
            ArtifactPart{u"v"_s, Artifact::Kind::Verification, u"Check"_s, R"({"ok":true})"_ba},
            ArtifactPart{u"s"_s, Artifact::Kind::Source, u"A page"_s, "{\"url\":\"https://a.example/\"}"_ba}};
        m_model->addMessage(message);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Code, Kind::Text, Kind::Footer}));
        QCOMPARE(textOf(2), u"{\n    \"ok\": true\n}"_s);
        QCOMPARE(textOf(3), u"A page"_s);
        QCOMPARE(handle(3).content()->runs.constFirst().target, u"https://a.example/"_s);
    }

    void aQuestionOfTheServerIsPutInWords()
    {
        const Message message = startAnswer();
        say(message, event::Approval{u"q"_s, u"rm"_s, u"{\"path\":\"a\"}"_s});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Approval, Kind::Code}));
        QCOMPARE(title(1), u"May “rm” run?"_s);
        QCOMPARE_EQ(activity(1), Activity::Running);
        QCOMPARE(value(1, Role::ApprovalId).toString(), u"q"_s);
    }

    void theAnswerToAQuestionStandsInItsPlace_data()
    {
        QTest::addColumn<ApprovalPart::Answer>("answer");
        QTest::addColumn<QString>("words");
        QTest::addColumn<Activity>("expected");
        using Answer = ApprovalPart::Answer;
        QTest::newRow("once") << Answer::AllowedOnce << u"“rm” was allowed to run."_s << Activity::Done;
        QTest::newRow("always") << Answer::AllowedAlways << u"“rm” was allowed to run."_s << Activity::Done;
        QTest::newRow("denied") << Answer::Denied << u"“rm” was not allowed to run."_s << Activity::Failed;
    }

    void theAnswerToAQuestionStandsInItsPlace()
    {
        QFETCH(const ApprovalPart::Answer, answer);
        QFETCH(const QString, words);
        QFETCH(const Activity, expected);
        const Message message = startAnswer();
        say(message, event::Approval{u"q"_s, u"rm"_s, u"{\"path\":\"a\"}"_s});
        m_model->showDecision(message.id, u"other"_s, answer);
        QCOMPARE_EQ(activity(1), Activity::Running);
        m_model->showDecision(message.id, u"q"_s, answer);
        QCOMPARE(title(1), words);
        QCOMPARE_EQ(activity(1), expected);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Approval, Kind::Code}));
    }

    void aQuestionThatNobodyAnsweredSaysSoAfterwards()
    {
        Message message = startAnswer();
        say(message, event::Approval{u"q"_s, u"rm"_s, u"{}"_s});
        message.parts = {ApprovalPart{.id = u"q"_s, .name = u"rm"_s, .arguments = u"{}"_s}};
        message.state = Message::State::Stopped;
        m_model->endMessage(message);
        QVERIFY(!kinds().contains(Kind::Code)); // without arguments there is nothing to show
        QCOMPARE(title(1), u"Whether “rm” may run was not answered."_s);
        QCOMPARE_EQ(activity(1), Activity::None);
    }

    void agentsThatWriteSideBySideHaveRowsOfTheirOwn()
    {
        const Message message = startAnswer();
        say(message, event::Text{u"Ada"_s}, u"ada"_s);
        say(message, event::Text{u"Bob"_s}, u"bob"_s);
        say(message, event::Text{u" and more\n\nSecond"_s}, u"ada"_s);
        QCOMPARE(kinds(),
                 (QList{Kind::User, Kind::Status, Kind::Text, Kind::Text, Kind::Status, Kind::Text}));
        QCOMPARE(title(1), u"ada"_s);
        QCOMPARE(textOf(2), u"Ada and more"_s);
        QCOMPARE(textOf(3), u"Second"_s);
        QCOMPARE(title(4), u"bob"_s);
        QCOMPARE_EQ(activity(4), Activity::None);
        QCOMPARE(textOf(5), u"Bob"_s);
    }

    void reasoningThatCanNotBeReadHasNoRow()
    {
        const Message message = startAnswer();
        say(message, event::ReasoningOpaque{0, u"redacted"_s});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Pending}));
        say(message, event::Text{u"Yes."_s});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text}));
    }

    void aRewriteReplacesTheRowsOfItsLane()
    {
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        const Message message = startAnswer();
        say(message, event::Text{u"Draft.\n\nMore."_s});
        say(message, event::ToolCall{0, u"c"_s, u"look"_s, u"{}"_s});
        say(message, event::Text{u"Then."_s});
        say(message, event::Replace{0, u"Final"_s});
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Tool, Kind::Text}));
        QCOMPARE(textOf(2), u"Final"_s);
        say(message, event::Text{u"!"_s});
        QCOMPARE(textOf(2), u"Final!"_s);
        QCOMPARE(reset.count(), 0);
    }

    void everythingStreamsWithoutAResetAndEndsLikeOpening()
    {
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        const StreamEvents events{
            {event::Reasoning{u"Hm."_s}, {}},
            {event::ReasoningOpaque{0, u"sig"_s}, {}},
            {event::Text{u"Let me "_s}, {}},
            {Artifact{u"s"_s, Artifact::Kind::Source, {}, false, "{\"url\":\"https://a.example/\"}"_ba}, {}},
            {event::Text{u"see."_s}, {}},
            {event::ToolCall{0, u"c"_s, u"look"_s, u"{\"a"_s}, {}},
            {event::ToolCall{1, u"d"_s, u"listen"_s, u"{}"_s}, u"ada"_s},
            {event::ToolCall{0, {}, {}, u"\":1}"_s}, {}},
            {Status{u"plan"_s, u"thinks"_s}, u"ada"_s},
            {event::ToolResult{u"c"_s, u"look"_s, u"a river"_s}, {}},
            {event::Text{u"- ada\n- "_s}, u"ada"_s},
            {event::Text{u"I see"_s}, {}},
            {event::Text{u"says\n"_s}, u"ada"_s},
            {Status{u"plan"_s, {}, Status::State::Done}, u"ada"_s},
            {Artifact{u"a"_s, Artifact::Kind::Code, u"a.py"_s, false, R"("x = ")"_ba}, {}},
            {event::Text{u" a river."_s}, {}},
            {Artifact{u"a"_s, Artifact::Kind::Code, {}, true, R"("1")"_ba}, {}},
            {event::ToolResult{u"e"_s, u"orphan"_s, u"?"_s}, {}},
        };
        Message message = startAnswer();
        QSet<quint64> gone;
        QSet<quint64> known;
        for (const StreamEvent &event : events) {
            m_model->deliver(message.id, {event});
            apply(message, event);
            QSet<quint64> now;
            for (int row = 0; row < m_model->count(); ++row)
                now.insert(value(row, Role::RowId).toULongLong());
            QCOMPARE(now.size(), m_model->count());
            QVERIFY(!now.intersects(gone));
            gone += known - now;
            known = now;
        }
        apply(message, TurnOutcome{});
        m_model->endMessage(message);
        QCOMPARE(reset.count(), 0);
        const QStringList streamed = picture();
        m_model->open({m_question, message});
        QCOMPARE(picture(), streamed);
        QCOMPARE(kinds().count(Kind::Tool), 3);
    }

    void aFailureIsPutInWordsBelowTheAnswer()
    {
        Message failed = answerTo(m_question, u"Half"_s, Message::State::Failed);
        failed.error = NetError{.message = u"reset"_s};
        m_model->addMessage(failed);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Notice, Kind::Footer}));
        QCOMPARE(value(2, Role::Notice).value<Notice>().title, u"failed: reset"_s);
    }

    void aStoppedAnswerKeepsWhatCame()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"Half an ans"_s));
        end(message, u"Half an ans"_s, Message::State::Stopped);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Notice, Kind::Footer}));
        QCOMPARE(textOf(1), u"Half an ans"_s);
        QCOMPARE(value(2, Role::Notice).value<Notice>().title, u"stopped"_s);
        QVERIFY(!value(1, Role::Tail).toBool());
    }

    void anAnswerThatIsTooLongSaysSo()
    {
        Message message = answerTo(m_question, u"Long"_s);
        message.finish = FinishReason::Length;
        m_model->addMessage(message);
        QCOMPARE(value(rowOf(Kind::Notice), Role::Notice).value<Notice>().title, u"too long"_s);
    }

    void aFailureWithoutAWordHasNoFooter()
    {
        const Message message = startAnswer();
        Message failed = message;
        failed.state = Message::State::Failed;
        failed.error = NetError{.message = u"refused"_s};
        m_model->endMessage(failed);
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Notice}));
    }

    void anotherTryTakesThePlaceOfOneWithoutText()
    {
        Message failed = answerTo(m_question, {}, Message::State::Failed);
        failed.error = NetError{};
        m_model->addMessage(failed);
        m_model->addMessage(answerTo(m_question, u"Yes"_s));
        QCOMPARE(kinds(), (QList{Kind::User, Kind::Text, Kind::Footer}));
    }

    void anotherTryStandsBelowOneWithText()
    {
        m_model->addMessage(answerTo(m_question, u"Half"_s, Message::State::CutOff));
        const Message second = answerTo(m_question, u"Whole"_s);
        m_model->addMessage(second);
        QCOMPARE(kinds().count(Kind::Footer), 2);
        QCOMPARE(m_model->lastAnswer(), qint64(second.id));
    }

    void whatWasNotDeliveredIsTakenBack()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"One.\n\nTwo."_s));
        end(message, u"One.\n\nT"_s, Message::State::Stopped);
        QCOMPARE(textOf(2), u"T"_s);
    }

    void longWordsOfTheUserAreSeveralRows()
    {
        const QString line = u"A line of forty characters or about it.\n"_s;
        const Message message = userSays(line.repeated(1000));
        m_model->open({message});
        QVERIFY(m_model->count() > 4);
        for (int row = 0; row < m_model->count(); ++row) {
            QCOMPARE(kind(row), Kind::User);
            QVERIFY(textOf(row).size() <= 8192);
            QCOMPARE(handle(row).continuesAbove(), row > 0);
            QCOMPARE(value(row, Role::LastChunk).toBool(), row + 1 == m_model->count());
        }
        QCOMPARE(m_model->blockText(value(2, Role::RowId).toULongLong()), line.repeated(1000));
    }

    void copyingABlockTakesAllItsChunks()
    {
        QString code;
        for (int i = 0; i < 300; ++i)
            code += u"line(%1);\n"_s.arg(i);
        m_model->open({m_question, answerTo(m_question, u"```cpp\n"_s + code + u"```\n"_s)});
        const int row = rowOf(Kind::Code);
        m_model->copyBlock(value(row, Role::RowId).toULongLong());
        QCOMPARE(QGuiApplication::clipboard()->text().trimmed(), code.trimmed());
        const int lastChunk = int(kinds().lastIndexOf(Kind::Code));
        QVERIFY(value(lastChunk, Role::LastChunk).toBool());
        QCOMPARE(m_model->firstChunk(value(lastChunk, Role::RowId).toULongLong()),
                 value(row, Role::RowId).toULongLong());
    }

    void copyingAMessageTakesItsMarkdown()
    {
        const Message message = answerTo(m_question, answer);
        m_model->addMessage(message);
        m_model->copyMessage(qint64(message.id));
        QCOMPARE(QGuiApplication::clipboard()->text(), answer);
    }

    void codeIsColouredWhileItArrives()
    {
        const Message message = startAnswer();
        m_model->deliver(message.id, text(u"```cpp\nint a;\nint b"_s));
        const int row = rowOf(Kind::Code);
        const CodeHighlighter *colours = handle(row).highlighter(CodeHighlighter::Theme::Light);
        QVERIFY(colours);
        QCOMPARE(colours->lineCount(), 2);
        QVERIFY(!colours->spans(0).isEmpty());
        m_model->deliver(message.id, text(u";\nint c;\n"_s));
        QCOMPARE(handle(row).highlighter(CodeHighlighter::Theme::Light), colours);
        QCOMPARE(colours->lineCount(), 3);
        QVERIFY(!colours->spans(2).isEmpty());
    }

    void anUnreadableConversationSaysWhy()
    {
        m_model->fail({.kind = StoreError::Kind::Corrupt, .detail = u"not a database"_s});
        QCOMPARE(kinds(), QList{Kind::Notice});
        QCOMPARE(last(Role::Notice).value<Notice>().title, u"unreadable: not a database"_s);
    }

    void aBlockOfTenMegabytesIsShownInRowsThatCanBeLaidOut()
    {
        const QString piece = u"water "_s.repeated(17'000);
        m_model->open({m_question, answerTo(m_question, piece.repeated(100))});
        QVERIFY(m_model->count() > 1000);
        for (int row = 1; row + 1 < m_model->count(); ++row) {
            QVERIFY(textOf(row).size() <= 8192);
            QCOMPARE(handle(row).continuesAbove(), row > 1);
            QCOMPARE(value(row, Role::Gap).value<Gap>(), row > 1 ? Gap::None : Gap::Message);
        }
        QCOMPARE(m_model->blockText(value(5, Role::RowId).toULongLong()), piece.repeated(100).trimmed());
    }

    void aLongBlockGrowsInItsLastChunk_data()
    {
        QTest::addColumn<QString>("opening");
        QTest::addColumn<QString>("piece");
        QTest::newRow("a paragraph") << QString() << u"water **finds** its "_s;
        QTest::newRow("a paragraph without a blank") << QString() << u"water"_s;
        QTest::newRow("code") << u"```cpp\n"_s << u"int flow = 1;\n"_s;
        QTest::newRow("code in one line") << u"```\n"_s << u"flow();"_s;
    }
    void aLongBlockGrowsInItsLastChunk()
    {
        QFETCH(const QString, opening);
        QFETCH(const QString, piece);
        const Message message = startAnswer();
        QString all = opening;
        m_model->deliver(message.id, text(opening));
        quint64 most = 0;
        for (int i = 0; i < 5000; ++i) {
            const quint64 before = m_model->touchedRows();
            m_model->deliver(message.id, text(piece));
            if (i > 0)
                most = std::max(most, m_model->touchedRows() - before);
            all += piece;
        }
        QVERIFY(m_model->count() > 4);
        QVERIFY2(most <= 5, qPrintable(QString::number(most)));
        const QStringList grown = picture();
        end(message, all);
        m_model->open({m_question, answerTo(m_question, all)});
        QStringList opened = picture();
        opened.removeLast();
        QCOMPARE(grown.size(), opened.size());
        QCOMPARE(grown.first(grown.size() - 1), opened.first(opened.size() - 1));
    }
};

QTEST_MAIN(tst_TranscriptModel)
#include "tst_transcriptmodel.moc"
