// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/eventjson.h"
#include "net/dialects/eventwriter.h"
#include "net/framing/limits.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

// A writer and what it wrote.
struct Written
{
    Written() { out.writeTo(events); }

    [[nodiscard]] QStringList lines()
    {
        coalesce(events);
        QStringList lines;
        for (const StreamEvent &event : std::as_const(events))
            lines.append(QString::fromUtf8(cli::toJson(event)));
        return lines;
    }

    StreamEvents events;
    EventWriter out;
};

const NetError broken{.kind = NetError::Kind::Server, .message = u"broken"_s};

} // namespace

class tst_EventWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatStartsAnAnswerIsToldOnce()
    {
        Written w;
        w.out.started({}, {});
        w.out.started(u"a"_s, {});
        w.out.started(u"b"_s, u"model-1"_s);
        w.out.started(u"c"_s, u"model-2"_s, u"session-1"_s);
        QCOMPARE(
            w.lines(),
            (QStringList{uR"({"event":"started","id":"a"})"_s, uR"({"event":"started","model":"model-1"})"_s,
                         uR"({"event":"started","session":"session-1"})"_s}));
    }

    void halvesOfACharacterAreJoinedWithinTheirLane()
    {
        Written w;
        w.out.text(QString(QChar(0xD83D)));
        w.out.setLane(u"other"_s);
        w.out.text(u"x"_s);
        w.out.setLane({});
        w.out.text(QString(QChar(0xDE00)));
        w.out.complete();
        QCOMPARE(w.lines().at(0), uR"({"event":"text","agent":"other","text":"x"})"_s);
        QCOMPARE(w.lines().at(1), u"{\"event\":\"text\",\"text\":\"\U0001F600\"}"_s);
    }

    void halfACharacterAtTheEndIsReplaced()
    {
        Written w;
        w.out.reasoning(QString(QChar(0xD83D)));
        w.out.flush();
        QCOMPARE(w.lines(), QStringList{u"{\"event\":\"reasoning\",\"text\":\"\uFFFD\"}"_s});
    }

    void aToolCallIsNamedOnceAndItsArgumentsGoOn()
    {
        Written w;
        const int first = w.out.toolCall(u"k1"_s, u"id1"_s, {});
        const int second = w.out.toolCall(u"k2"_s, {}, u"add"_s);
        QCOMPARE(w.out.toolCall(u"k1"_s, u"id1"_s, u"sub"_s), first);
        w.out.toolArguments(second, u"[1"_s);
        w.out.toolArguments(second, u",2]"_s);
        w.out.wholeToolArguments(second, u"[1,2]"_s);
        w.out.wholeToolArguments(first, u"[3]"_s);
        QVERIFY(w.out.hasArguments(first));
        QCOMPARE(w.lines(),
                 (QStringList{uR"({"event":"tool_call","index":0,"id":"id1","arguments":""})"_s,
                              uR"({"event":"tool_call","index":1,"name":"add","arguments":""})"_s,
                              uR"({"event":"tool_call","index":0,"name":"sub","arguments":""})"_s,
                              uR"({"event":"tool_call","index":1,"arguments":"[1,2]"})"_s,
                              uR"({"event":"tool_call","index":0,"arguments":"[3]"})"_s}));
    }

    void aCallWithoutArgumentsHasAnEmptyObjectInTheEnd()
    {
        Written w;
        w.out.setLane(u"helper"_s);
        (void)w.out.toolCall(u"k"_s, u"id"_s, u"now"_s);
        w.out.setLane({});
        w.out.complete();
        QCOMPARE(
            w.lines(),
            (QStringList{
                uR"({"event":"tool_call","agent":"helper","index":0,"id":"id","name":"now","arguments":"{}"})"_s,
                uR"({"event":"finished","reason":"tool_calls"})"_s}));
        QCOMPARE(w.out.completeness(), Completeness::Complete);
    }

    void onlyTheFirstEndCounts()
    {
        Written w;
        w.out.finished(FinishReason::Length);
        w.out.finished(FinishReason::Stop);
        w.out.complete();
        w.out.fail(broken);
        w.out.text(u"late"_s);
        QCOMPARE(w.lines(), QStringList{uR"({"event":"finished","reason":"length"})"_s});
        QCOMPARE(w.out.completeness(), Completeness::Complete);
        QCOMPARE(w.out.finishReason(), std::optional(FinishReason::Length));
    }

    void afterAFailureOnlyTokenCountsAreTold()
    {
        Written w;
        w.out.text(u"so far"_s);
        w.out.fail(broken);
        w.out.fail(broken);
        w.out.text(u"late"_s);
        w.out.usage({.inputTokens = 1});
        w.out.complete();
        QCOMPARE(w.lines(),
                 (QStringList{uR"({"event":"text","text":"so far"})"_s,
                              uR"({"event":"failed","kind":"server","message":"broken"})"_s,
                              uR"({"event":"usage","input_tokens":1})"_s}));
        QCOMPARE(w.out.completeness(), Completeness::Failed);
    }

    void theFailureOfALaneIsItsOwn()
    {
        Written w;
        w.out.setLane(u"one"_s);
        w.out.failLane(broken);
        w.out.setLane(u"two"_s);
        w.out.text(u"goes on"_s);
        QVERIFY(w.out.isOpen());
        QCOMPARE(w.lines(),
                 (QStringList{uR"({"event":"failed","agent":"one","kind":"server","message":"broken"})"_s,
                              uR"({"event":"text","agent":"two","text":"goes on"})"_s}));
        w.out.setLane({});
        w.out.failLane(broken);
        QCOMPARE(w.out.completeness(), Completeness::Failed);
    }

    void countsAreMergedAndToldWhenTheyChange()
    {
        Written w;
        w.out.usage({.inputTokens = 5, .cachedTokens = 2});
        w.out.usage({.inputTokens = 5});
        w.out.usage({.outputTokens = 7});
        QCOMPARE(
            w.lines(),
            (QStringList{uR"({"event":"usage","input_tokens":5,"cached_tokens":2})"_s,
                         uR"({"event":"usage","input_tokens":5,"output_tokens":7,"cached_tokens":2})"_s}));
    }

    void aSourceIsCitedOnce()
    {
        Written w;
        w.out.source(u"https://a.example"_s, u"A"_s);
        w.out.source(u"https://a.example"_s, u"Again"_s);
        w.out.source({}, u"Nowhere"_s);
        QCOMPARE(w.events.size(), 1);
        const auto artifact = std::get<event::Artifact>(w.events.first().payload);
        QCOMPARE(artifact.kind, event::Artifact::Kind::Source);
        QCOMPARE(artifact.id, u"https://a.example"_s);
        QCOMPARE(artifact.title, u"A"_s);
    }

    void anAnswerEndsForItsToolCallsOnlyWhereOneHasNoResult()
    {
        StreamEvents events;
        EventWriter out;
        out.writeTo(events);
        const auto result = [](const QString &id, bool preliminary) {
            return event::ToolResult{.id = id, .name = {}, .content = u"r"_s, .preliminary = preliminary};
        };
        out.toolCall(u"1"_s, u"a"_s, u"f"_s);
        out.toolCall(u"2"_s, u"b"_s, u"f"_s);
        out.toolResult(result(u"a"_s, false));
        out.toolResult(result(u"b"_s, true));
        QVERIFY(out.hasOpenToolCalls());
        EventWriter waiting = out;
        waiting.complete();
        QCOMPARE(waiting.finishReason(), FinishReason::ToolCalls);

        out.toolResult(result(u"b"_s, false));
        QVERIFY(!out.hasOpenToolCalls());
        out.complete();
        QCOMPARE(out.finishReason(), FinishReason::Stop);
    }

    void whatIsToldWhileMutedIsKnownAndNotWritten()
    {
        StreamEvents events;
        EventWriter out;
        out.writeTo(events);
        out.setMuted(true);
        out.started(u"1"_s, u"m"_s);
        out.text(u"old"_s + QChar(0xd83d));
        out.usage({.inputTokens = 1, .outputTokens = {}, .reasoningTokens = {}, .cachedTokens = {}});
        out.toolCall(u"k"_s, u"a"_s, u"f"_s);
        QVERIFY(events.isEmpty());

        out.setMuted(false);
        out.started(u"1"_s, u"m"_s);
        out.text(QChar(0xde00) + u"new"_s);
        out.toolArguments(out.toolCall(u"k"_s, u"a"_s, u"f"_s), u"{}"_s);
        QCOMPARE(events.size(), 2);
        QCOMPARE(std::get<event::Text>(events.at(0).payload).text, u"\U0001F600new"_s);
        QCOMPARE(std::get<event::ToolCall>(events.at(1).payload).index, 0);
    }

    void sizesAreBounded_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("text") << 0;
        QTest::newRow("reasoning") << 1;
        QTest::newRow("tool arguments") << 2;
        QTest::newRow("tool calls") << 3;
        QTest::newRow("lanes") << 4;
        QTest::newRow("results") << 5;
        QTest::newRow("many results") << 6;
        QTest::newRow("artifacts") << 7;
        QTest::newRow("one artifact that grows") << 8;
        QTest::newRow("questions") << 9;
        QTest::newRow("what was done") << 10;
    }

    void sizesAreBounded()
    {
        QFETCH(int, kind);
        Written w;
        const QString megabyte(1024 * 1024, u'x');
        for (int i = 0; i < 20'000 && w.out.isOpen(); ++i) {
            if (kind == 0)
                w.out.text(megabyte);
            else if (kind == 1)
                w.out.reasoning(megabyte);
            else if (kind == 2)
                w.out.toolArguments(w.out.toolCall(u"k"_s, {}, u"f"_s), megabyte);
            else if (kind == 3)
                (void)w.out.toolCall(QString::number(i), {}, u"f"_s);
            else if (kind == 4)
                w.out.setLane(QString::number(i));
            else if (kind == 5)
                w.out.toolResult({.id = QString::number(i), .name = {}, .content = megabyte});
            else if (kind == 6)
                w.out.toolResult({.id = QString::number(i), .name = {}, .content = {}});
            else if (kind == 7)
                w.out.artifact({.id = QString::number(i), .title = {}, .data = megabyte.toLatin1()});
            else if (kind == 8)
                w.out.artifact({.id = u"a"_s, .title = {}, .append = true, .data = megabyte.toLatin1()});
            else if (kind == 9)
                w.out.approval(QString::number(i), u"f"_s, megabyte);
            else
                w.out.status({.stage = {}, .message = megabyte, .state = event::Status::State::Done});
            if (w.out.isOpen())
                w.events.clear();
        }
        QCOMPARE(w.out.completeness(), Completeness::Failed);
        const StreamEvent &last = w.events.constLast();
        QCOMPARE(std::get<event::Failed>(last.payload).error.kind, NetError::Kind::TooLarge);
        QVERIFY(last.agent.isEmpty());
    }

    void whatTakesThePlaceOfSomethingTakesNoMoreRoom()
    {
        Written w;
        const QByteArray megabyte(1024 * 1024, 'x');
        for (int i = 0; i < 200; ++i) {
            w.out.artifact({.id = u"a"_s, .title = {}, .append = false, .data = megabyte});
            w.out.toolResult(
                {.id = u"r"_s, .name = {}, .content = QString::fromLatin1(megabyte), .preliminary = true});
            w.out.status({.stage = {}, .message = QString::fromLatin1(megabyte)});
            w.events.clear();
        }
        QVERIFY(w.out.isOpen());
    }

    void anErrorIsWellFormedAndShort()
    {
        Written w;
        w.out.fail(
            {.kind = NetError::Kind::Server, .message = QString(QChar(0xd800)) + QString(100'000, u'x')});
        const NetError error = std::get<event::Failed>(w.events.constLast().payload).error;
        QVERIFY(error.message.isValidUtf16());
        QCOMPARE(size_t(error.message.size()), limits::errorMessage);
    }
};

QTEST_APPLESS_MAIN(tst_EventWriter)
#include "tst_eventwriter.moc"
