// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/message.h"

#include <QtCore/QSet>
#include <QtCore/QThread>
#include <QtCore/QTimeZone>
#include <QtTest/QTest>

#include <array>
#include <memory>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

StreamEvent text(const QString &delta, const QString &agent = {})
{
    return {event::Text{delta}, agent};
}

StreamEvent reasoning(const QString &delta, const QString &agent = {})
{
    return {event::Reasoning{delta}, agent};
}

StreamEvent opaque(const QString &data)
{
    return {event::ReasoningOpaque{0, data}, {}};
}

StreamEvent call(int index, const QString &id, const QString &name, const QString &arguments)
{
    return {event::ToolCall{index, id, name, arguments}, {}};
}

Message fill(const StreamEvents &events)
{
    Message message{.role = ChatRole::Assistant, .state = Message::State::Streaming};
    for (const StreamEvent &event : events)
        apply(message, event);
    return message;
}

} // namespace

class tst_Message : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deltasJoinTheOpenPartOfTheirKind()
    {
        const Message message = fill({reasoning(u"a"_s), reasoning(u"b"_s), text(u"c"_s), text(u"d"_s),
                                      reasoning(u"e"_s), text(u"f"_s)});
        const QList<Part> expected{ReasoningPart{u"ab"_s}, TextPart{u"cd"_s}, ReasoningPart{u"e"_s},
                                   TextPart{u"f"_s}};
        QCOMPARE_EQ(message.parts, expected);
        QCOMPARE(message.text(), u"cdf"_s);
        QCOMPARE(message.reasoning(), u"abe"_s);
    }

    void coalescedEventsGiveTheSameMessage()
    {
        StreamEvents events{{event::Started{u"id"_s, u"m"_s}, {}},
                            reasoning(u"a"_s),
                            reasoning(u"b"_s),
                            text(u"c"_s),
                            text(u""_s),
                            text(u"d"_s),
                            text(u"e"_s, u"bob"_s),
                            text(u"f"_s, u"bob"_s),
                            call(0, u"c"_s, u"add"_s, u"{"_s),
                            call(0, {}, {}, u"}"_s),
                            opaque(u"sig"_s),
                            reasoning(u"g"_s),
                            {event::Finished{FinishReason::Length}, {}}};
        const Message one = fill(events);
        coalesce(events);
        QCOMPARE_LT(events.size(), 10);
        QCOMPARE_EQ(fill(events), one);
    }

    void anEmptyDeltaMakesNoPart() { QVERIFY(fill({text({}), reasoning({})}).parts.isEmpty()); }

    void theServerNamesTheModelThatAnswers()
    {
        Message message{.model = u"latest"_s};
        apply(message, {event::Started{u"id"_s, {}}, {}});
        QCOMPARE(message.model, u"latest"_s);
        apply(message, {event::Started{u"id"_s, u"model-2026"_s}, {}});
        QCOMPARE(message.model, u"model-2026"_s);
    }

    void theServerNamesTheConversation()
    {
        QCOMPARE(fill({{event::Started{u"id"_s, {}, u"thread-1"_s}, {}}, {event::Started{u"id"_s, {}}, {}}})
                     .session,
                 u"thread-1"_s);
    }

    void lanesAreWrittenSideBySide()
    {
        const Message message = fill({text(u"a1 "_s, u"ada"_s), text(u"b1 "_s, u"bob"_s), text(u"main "_s),
                                      text(u"a2"_s, u"ada"_s), reasoning(u"hm"_s, u"bob"_s),
                                      text(u"b2"_s, u"bob"_s), text(u"line"_s)});
        const QList<Part> expected{
            TextPart{u"a1 a2"_s, u"ada"_s}, TextPart{u"b1 "_s, u"bob"_s}, TextPart{u"main line"_s},
            ReasoningPart{.text = u"hm"_s, .agent = u"bob"_s}, TextPart{u"b2"_s, u"bob"_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void opaqueDataSealsTheReasoningBeforeIt()
    {
        const Message message = fill({reasoning(u"one"_s), opaque(u"sig-1"_s), opaque(u"more-1"_s),
                                      reasoning(u"two"_s), opaque(u"sig-2"_s), text(u"so"_s)});
        const QList<Part> expected{ReasoningPart{.text = u"one"_s, .opaque = {u"sig-1"_s, u"more-1"_s}},
                                   ReasoningPart{.text = u"two"_s, .opaque = {u"sig-2"_s}},
                                   TextPart{u"so"_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void opaqueDataWithoutReasoningIsKeptInItsPlace()
    {
        const Message message = fill({opaque(u"redacted"_s), text(u"a"_s), opaque(u"sig"_s), text(u"b"_s)});
        const QList<Part> expected{ReasoningPart{.text = {}, .opaque = {u"redacted"_s}}, TextPart{u"a"_s},
                                   ReasoningPart{.text = {}, .opaque = {u"sig"_s}}, TextPart{u"b"_s}};
        QCOMPARE_EQ(message.parts, expected);
        QVERIFY(message.reasoning().isEmpty());
    }

    void toolCallsAreToldApartByTheirIndex()
    {
        const Message message = fill({call(0, u"c0"_s, u"add"_s, {}), call(1, u"c1"_s, u"sub"_s, u"{\"b\""_s),
                                      call(0, {}, {}, u"{}"_s), call(1, {}, {}, u":1}"_s)});
        const QList<Part> expected{ToolCallPart{0, u"c0"_s, u"add"_s, u"{}"_s},
                                   ToolCallPart{1, u"c1"_s, u"sub"_s, u"{\"b\":1}"_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void aCallAndItsResultEndTheText()
    {
        const Message message = fill({text(u"Let me see."_s),
                                      call(0, u"c"_s, u"look"_s, u"{}"_s),
                                      text(u"Looking."_s),
                                      {event::ToolResult{u"c"_s, u"look"_s, u"a river"_s}, {}},
                                      text(u"I see."_s)});
        const QList<Part> expected{TextPart{u"Let me see."_s}, ToolCallPart{0, u"c"_s, u"look"_s, u"{}"_s},
                                   TextPart{u"Looking."_s}, ToolResultPart{u"c"_s, u"look"_s, u"a river"_s},
                                   TextPart{u"I see."_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void aPreliminaryResultGivesWayToTheNext()
    {
        const Message message = fill({{event::ToolResult{u"c"_s, {}, u"10 %"_s, false, true}, {}},
                                      {event::ToolResult{u"d"_s, {}, u"other"_s}, {}},
                                      {event::ToolResult{u"c"_s, {}, u"90 %"_s, false, true}, {}},
                                      {event::ToolResult{u"c"_s, {}, u"no"_s, true}, {}},
                                      {event::ToolResult{u"c"_s, {}, u"again"_s}, {}}});
        const QList<Part> expected{ToolResultPart{.id = u"c"_s, .content = u"no"_s, .isError = true},
                                   ToolResultPart{.id = u"d"_s, .content = u"other"_s},
                                   ToolResultPart{.id = u"c"_s, .content = u"again"_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void aQuestionAskedAgainIsOneQuestion()
    {
        const Message message =
            fill({{event::Approval{u"q"_s, u"rm"_s, u"{}"_s}, {}},
                  {event::Approval{u"q"_s, u"rm"_s, u"{\"path\":\"a\"}"_s, u"c"_s, u"ctx"_s}, {}}});
        QCOMPARE_EQ(message.parts,
                    (QList<Part>{ApprovalPart{u"q"_s, u"rm"_s, u"{\"path\":\"a\"}"_s, u"c"_s, u"ctx"_s}}));
    }

    void aRunningStatusOfAStageBecomesItsNext()
    {
        using State = event::Status::State;
        const Message message = fill({{event::Status{u"plan"_s, u"begins"_s}, {}},
                                      {event::Status{u"plan"_s, u"elsewhere"_s}, u"ada"_s},
                                      {event::Status{u"code"_s, u"begins"_s}, {}},
                                      {event::Status{u"plan"_s, {}, State::Done}, {}},
                                      {event::Status{u"plan"_s, u"again"_s}, {}},
                                      {event::Status{u"plan"_s, u"broke"_s, State::Failed}, u"ada"_s}});
        const QList<Part> expected{StatusPart{u"plan"_s, u"begins"_s, State::Done},
                                   StatusPart{u"plan"_s, u"broke"_s, State::Failed, u"ada"_s},
                                   StatusPart{u"code"_s, u"begins"_s, State::Running},
                                   StatusPart{u"plan"_s, u"again"_s, State::Running}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void anArtifactIsAppendedToOrReplaced()
    {
        using Kind = event::Artifact::Kind;
        const Message message =
            fill({{event::Artifact{u"a"_s, Kind::Code, u"main.cpp"_s, false, R"("int ")"_ba}, {}},
                  {event::Artifact{u"t"_s, Kind::Table, u"Old"_s, false, "[[1]]"_ba}, {}},
                  {event::Artifact{u"a"_s, Kind::Code, {}, true, R"("main")"_ba}, {}},
                  {event::Artifact{u"t"_s, Kind::Table, u"New"_s, false, "[[2]]"_ba}, u"bob"_s}});
        const QList<Part> expected{ArtifactPart{u"a"_s, Kind::Code, u"main.cpp"_s, R"("int main")"_ba},
                                   ArtifactPart{u"t"_s, Kind::Table, u"New"_s, "[[2]]"_ba, u"bob"_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void whatComesBesideTheWordsDoesNotPartThem()
    {
        const Message message =
            fill({text(u"riv"_s),
                  {event::Status{u"search"_s, {}}, {}},
                  text(u"u"_s),
                  {event::Artifact{u"s"_s, event::Artifact::Kind::Source, {}, false, "{}"_ba}, {}},
                  text(u"let"_s)});
        QCOMPARE_EQ(message.parts.constFirst(), Part(TextPart{u"rivulet"_s}));
        QCOMPARE(message.parts.size(), 3);
    }

    void aRewriteReplacesTheTextOfItsLane()
    {
        const Message message = fill({reasoning(u"r"_s),
                                      text(u"draft"_s),
                                      text(u"other"_s, u"bob"_s),
                                      {event::Replace{0, u"final"_s}, {}},
                                      text(u"!"_s)});
        const QList<Part> expected{ReasoningPart{u"r"_s}, TextPart{u"final!"_s},
                                   TextPart{u"other"_s, u"bob"_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void aRewriteStandsWhereTheLastTextStood()
    {
        const Message message = fill({text(u"a"_s),
                                      call(0, u"c"_s, u"look"_s, u"{}"_s),
                                      text(u"b"_s),
                                      {event::Replace{0, u"whole"_s}, {}},
                                      text(u"!"_s)});
        const QList<Part> expected{ToolCallPart{0, u"c"_s, u"look"_s, u"{}"_s}, TextPart{u"whole!"_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void aRewriteOfNothingIsText()
    {
        QCOMPARE_EQ(fill({{event::Replace{0, u"a"_s}, {}}}), fill({text(u"a"_s)}));
        QCOMPARE_EQ(fill({text(u"a"_s), {event::Replace{0, {}}, {}}}), fill({}));
    }

    void anAgentThatFailsIsNotTheAnswerThatFails()
    {
        const NetError error{.kind = NetError::Kind::Server, .message = u"lost it"_s};
        const Message message = fill({{event::Failed{error}, u"bob"_s}, text(u"Bob is gone."_s)});
        QVERIFY(!message.error);
        const QList<Part> expected{StatusPart{{}, u"lost it"_s, event::Status::State::Failed, u"bob"_s},
                                   TextPart{u"Bob is gone."_s}};
        QCOMPARE_EQ(message.parts, expected);
    }

    void theLastUsageReportCounts()
    {
        const Message message = fill({{event::UsageReported{{.inputTokens = 1, .outputTokens = 2}}, {}},
                                      {event::UsageReported{{.outputTokens = 7}}, {}}});
        QCOMPARE_EQ(message.usage, (Usage{.outputTokens = 7}));
    }

    void anOutcomeClosesTheMessage_data()
    {
        QTest::addColumn<int>("end");
        QTest::addColumn<int>("state");
        const auto row = [](const char *name, TurnEnd end, Message::State state) {
            QTest::newRow(name) << static_cast<int>(end) << static_cast<int>(state);
        };
        row("complete", TurnEnd::Complete, Message::State::Complete);
        row("cut off", TurnEnd::CutOff, Message::State::CutOff);
        row("stopped", TurnEnd::Stopped, Message::State::Stopped);
        row("failed", TurnEnd::Failed, Message::State::Failed);
    }

    void anOutcomeClosesTheMessage()
    {
        QFETCH(int, end);
        QFETCH(int, state);
        Message message = fill({text(u"partial"_s)});
        const NetError error{.kind = NetError::Kind::Timeout, .message = u"slow"_s};
        apply(message,
              TurnOutcome{.end = static_cast<TurnEnd>(end), .reason = FinishReason::Other, .error = error});
        QCOMPARE(static_cast<int>(message.state), state);
        QCOMPARE_EQ(message.finish, FinishReason::Other);
        QCOMPARE_EQ(message.error, error);
        QCOMPARE(message.text(), u"partial"_s);
    }

    void theOutcomeDecidesWhetherAnErrorCounts()
    {
        Message message = fill({text(u"all"_s), {event::Failed{NetError{}}, {}}});
        QVERIFY(message.error);
        apply(message, TurnOutcome{.end = TurnEnd::Complete});
        QVERIFY(!message.error);
    }

    void whatWasNotDeliveredIsCut_data()
    {
        QTest::addColumn<qsizetype>("text");
        QTest::addColumn<qsizetype>("reasoning");
        QTest::addColumn<QString>("keptText");
        QTest::addColumn<QString>("keptReasoning");
        QTest::addColumn<qsizetype>("parts");
        const auto row = [](const char *name, qsizetype t, qsizetype r, const QString &kt, const QString &kr,
                            qsizetype parts) { QTest::newRow(name) << t << r << kt << kr << parts; };
        row("nothing delivered", 0, 0, {}, {}, 0);
        row("only reasoning", 0, 3, {}, u"one"_s, 1);
        row("inside the first text", 2, 3, u"ab"_s, u"one"_s, 2);
        row("inside the second text", 4, 6, u"abc1"_s, u"onetwo"_s, 4);
        row("everything", 6, 6, u"abc123"_s, u"onetwo"_s, 4);
        row("more than there is", 60, 60, u"abc123"_s, u"onetwo"_s, 4);
    }

    void whatWasNotDeliveredIsCut()
    {
        QFETCH(qsizetype, text);
        QFETCH(qsizetype, reasoning);
        QFETCH(QString, keptText);
        QFETCH(QString, keptReasoning);
        QFETCH(qsizetype, parts);
        Message message{.parts = {ReasoningPart{u"one"_s}, TextPart{u"abc"_s}, ReasoningPart{u"two"_s},
                                  TextPart{u"123"_s}}};
        apply(message, TurnOutcome{.end = TurnEnd::Stopped, .delivered = Delivered{text, reasoning}});
        QCOMPARE(message.text(), keptText);
        QCOMPARE(message.reasoning(), keptReasoning);
        QCOMPARE(message.parts.size(), parts);
    }

    void reasoningThatIsCutLosesWhatVouchesForIt()
    {
        Message message{.parts = {ReasoningPart{.text = u"one"_s, .opaque = {u"sig-1"_s}},
                                  ReasoningPart{.text = u"two"_s, .opaque = {u"sig-2"_s}},
                                  ReasoningPart{.text = {}, .opaque = {u"sig-3"_s}}}};
        Message whole = message;
        apply(message, TurnOutcome{.end = TurnEnd::Stopped, .delivered = Delivered{.reasoning = 4}});
        const QList<Part> expected{ReasoningPart{.text = u"one"_s, .opaque = {u"sig-1"_s}},
                                   ReasoningPart{.text = u"t"_s}};
        QCOMPARE_EQ(message.parts, expected);
        const QList<Part> before = whole.parts;
        apply(whole, TurnOutcome{.end = TurnEnd::Stopped, .delivered = deliveredOf(whole)});
        QCOMPARE_EQ(whole.parts, before);
    }

    void aCallThatWasStoppedKeepsOnlyWholeArguments()
    {
        const QList<Part> parts{ToolCallPart{0, u"c0"_s, u"add"_s, u"{\"a\":1}"_s},
                                ToolCallPart{1, u"c1"_s, u"sub"_s, u"{\"a\":"_s},
                                ToolCallPart{2, u"c2"_s, u"odd"_s, u"not json"_s},
                                ToolResultPart{u"c2"_s, u"odd"_s, u"done"_s}};
        Message message{.parts = parts};
        apply(message, TurnOutcome{.end = TurnEnd::CutOff});
        QCOMPARE_EQ(message.parts, parts);
        apply(message, TurnOutcome{.end = TurnEnd::Stopped, .delivered = Delivered{}});
        QCOMPARE_EQ(message.parts[0], parts[0]);
        QCOMPARE_EQ(message.parts[1], Part(ToolCallPart{1, u"c1"_s, u"sub"_s}));
        QCOMPARE_EQ(message.parts[2], parts[2]);
    }

    void allThatAMessageHoldsIsDelivered()
    {
        const Message message = fill({reasoning(u"abc"_s), text(u"de"_s), call(0, u"c"_s, u"add"_s, u"{}"_s),
                                      text(u"f"_s, u"bob"_s), opaque(u"sig"_s)});
        QCOMPARE_EQ(deliveredOf(message), (Delivered{.text = 3, .reasoning = 3}));
    }

    void aCutNeverSplitsASurrogatePair()
    {
        Message message{.parts = {TextPart{u"a\U0001F600b"_s}}};
        apply(message, TurnOutcome{.end = TurnEnd::Stopped, .delivered = Delivered{.text = 2}});
        QCOMPARE(message.text(), u"a"_s);
    }

    void idsGrowAndFitADouble()
    {
        const qint64 first = nextId();
        qint64 before = first;
        for (int i = 0; i < 20'000; ++i) {
            const qint64 id = nextId();
            QCOMPARE_GT(id, before);
            before = id;
        }
        QCOMPARE_LT(before, qint64{1} << 53);
        const auto since2020 = std::chrono::milliseconds(first >> 12);
        const QDateTime made =
            QDateTime(QDate(2020, 1, 1), QTime(0, 0), QTimeZone::UTC).addDuration(since2020);
        QCOMPARE_LE(qAbs(made.msecsTo(QDateTime::currentDateTimeUtc())), 60'000);
    }

    void idsOfSeveralThreadsAreUnique()
    {
        constexpr int perThread = 5'000;
        std::array<QList<qint64>, 4> made;
        std::array<std::unique_ptr<QThread>, 4> threads;
        for (size_t i = 0; i < threads.size(); ++i) {
            threads.at(i).reset(QThread::create([&ids = made.at(i)] {
                for (int n = 0; n < perThread; ++n)
                    ids.append(nextId());
            }));
            threads.at(i)->start();
        }
        QSet<qint64> all;
        for (size_t i = 0; i < threads.size(); ++i) {
            QVERIFY(threads.at(i)->wait());
            all += QSet<qint64>(made.at(i).cbegin(), made.at(i).cend());
        }
        QCOMPARE(all.size(), static_cast<qsizetype>(perThread * threads.size()));
    }
};

QTEST_APPLESS_MAIN(tst_Message)
#include "tst_message.moc"
