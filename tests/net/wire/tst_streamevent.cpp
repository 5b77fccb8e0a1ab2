// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/wire/streamevent.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

StreamEvent text(const QString &delta, const QString &agent = {})
{
    return {.payload = event::Text{delta}, .agent = agent};
}

StreamEvent reasoning(const QString &delta)
{
    return {.payload = event::Reasoning{delta}, .agent = {}};
}

StreamEvent toolCall(int index, const QString &id, const QString &name, const QString &arguments)
{
    return {.payload = event::ToolCall{index, id, name, arguments}, .agent = {}};
}

StreamEvent usage(qint64 outputTokens)
{
    Usage counts;
    counts.outputTokens = outputTokens;
    return {.payload = event::UsageReported{counts}, .agent = {}};
}

} // namespace

class tst_StreamEvent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFinishReasonIsFoundByItsName()
    {
        for (int i = 0; i <= static_cast<int>(FinishReason::Other); ++i) {
            const auto reason = static_cast<FinishReason>(i);
            QCOMPARE_EQ(finishReasonFromName(QString(toName(reason))), reason);
        }
        QVERIFY(!finishReasonFromName(u"Stop"));
        QVERIFY(!finishReasonFromName(u""));
    }

    void everyStateAndKindIsFoundByItsName()
    {
        using State = event::Status::State;
        using Kind = event::Artifact::Kind;
        for (int i = 0; i <= static_cast<int>(State::Failed); ++i)
            QCOMPARE_EQ(statusStateFromName(QString(toName(static_cast<State>(i)))), static_cast<State>(i));
        for (int i = 0; i <= static_cast<int>(Kind::Source); ++i)
            QCOMPARE_EQ(artifactKindFromName(QString(toName(static_cast<Kind>(i)))), static_cast<Kind>(i));
        QVERIFY(!statusStateFromName(u"paused"));
        QVERIFY(!artifactKindFromName(u"hologram"));
    }

    void coalescingNothingGivesNothing()
    {
        StreamEvents events;
        coalesce(events);
        QVERIFY(events.isEmpty());
    }

    void neighbouringTextBecomesOneDelta()
    {
        StreamEvents events{text(u"a"_s), text(u"b"_s), text(u"c"_s)};
        coalesce(events);
        QCOMPARE(events, StreamEvents{text(u"abc"_s)});
    }

    void textAndReasoningStayApartAndInOrder()
    {
        StreamEvents events{reasoning(u"x"_s), reasoning(u"y"_s), text(u"a"_s), text(u"b"_s),
                            reasoning(u"z"_s)};
        coalesce(events);
        QCOMPARE(events, (StreamEvents{reasoning(u"xy"_s), text(u"ab"_s), reasoning(u"z"_s)}));
    }

    void lanesStayApart()
    {
        StreamEvents events{text(u"a"_s, u"one"_s), text(u"b"_s, u"two"_s), text(u"c"_s, u"two"_s)};
        const StreamEvents expected{text(u"a"_s, u"one"_s), text(u"bc"_s, u"two"_s)};
        coalesce(events);
        QCOMPARE(events, expected);
    }

    void argumentsOfOneToolCallAreJoined()
    {
        StreamEvents events{toolCall(0, u"call_1"_s, u"add"_s, {}), toolCall(0, {}, {}, u"{\"a\""_s),
                            toolCall(0, u"call_1"_s, u"add"_s, u":1}"_s)};
        coalesce(events);
        QCOMPARE(events, StreamEvents{toolCall(0, u"call_1"_s, u"add"_s, u"{\"a\":1}"_s)});
    }

    void toolCallsWithAnotherIndexIdOrNameStayApart()
    {
        const StreamEvents expected{toolCall(0, u"call_1"_s, u"add"_s, u"{}"_s), toolCall(1, {}, {}, u"{}"_s),
                                    toolCall(1, u"call_2"_s, {}, u"{}"_s),
                                    toolCall(1, {}, u"sub"_s, u"{}"_s)};
        StreamEvents events = expected;
        coalesce(events);
        QCOMPARE(events, expected);
    }

    void everythingElseKeepsItsPlace()
    {
        const StreamEvents expected{usage(1),
                                    usage(2),
                                    {.payload = event::Status{u"a"_s, {}}, .agent = {}},
                                    {.payload = event::Status{u"b"_s, {}}, .agent = {}}};
        StreamEvents events = expected;
        coalesce(events);
        QCOMPARE(events, expected);
    }

    void aCopyTakenBeforeIsLeftAlone()
    {
        StreamEvents events{text(u"a"_s), text(u"b"_s)};
        const StreamEvents copy = events;
        coalesce(events);
        QCOMPARE(copy, (StreamEvents{text(u"a"_s), text(u"b"_s)}));
    }

    void namesAreThoseOfTheCommandLineContract()
    {
        QCOMPARE(toName(FinishReason::ToolCalls), "tool_calls"_L1);
        QCOMPARE(toName(FinishReason::ContentFilter), "content_filter"_L1);
        QCOMPARE(toName(FinishReason::Stopped), "stopped"_L1);
        QCOMPARE(toName(event::Status::State::Running), "running"_L1);
        QCOMPARE(toName(event::Artifact::Kind::Verification), "verification"_L1);
    }
};

QTEST_APPLESS_MAIN(tst_StreamEvent)
#include "tst_streamevent.moc"
