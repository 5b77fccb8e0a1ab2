// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/models/transcript/transcriptprobe.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace rivulet;
using namespace rivulet::test;

using Artifact = event::Artifact;
using Status = event::Status;

class tst_PartRows : public QObject, private TranscriptProbe
{
    Q_OBJECT

private Q_SLOTS:
    void init() { openQuestion(); }
    void cleanup() { closeModel(); }

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
};

QTEST_GUILESS_MAIN(tst_PartRows)
#include "tst_partrows.moc"
