// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/eventwriter.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class tst_EventWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
};

QTEST_APPLESS_MAIN(tst_EventWriter)
#include "tst_eventwriter.moc"
