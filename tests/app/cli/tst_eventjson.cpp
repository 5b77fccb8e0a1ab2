// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/eventjson.h"
#include "app/cli/jsonwriter.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

using Payload = StreamEvent::Payload;

class tst_EventJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyEventHasTheFormOfTheContract_data()
    {
        QTest::addColumn<StreamEvent>("event");
        QTest::addColumn<QByteArray>("line");
        const auto row = [](const char *name, const Payload &payload, const char *line) {
            QTest::newRow(name) << StreamEvent{payload, {}} << QByteArray(line);
        };
        row("started", event::Started{u"1"_s, u"m"_s}, R"({"event":"started","id":"1","model":"m"})");
        row("started without id", event::Started{{}, u"m"_s}, R"({"event":"started","model":"m"})");
        row("text", event::Text{u"a\"b\\c\n\té\u0001"_s},
            "{\"event\":\"text\",\"text\":\"a\\\"b\\\\c\\n\\té\\u0001\"}");
        row("reasoning", event::Reasoning{u"hm"_s}, R"({"event":"reasoning","text":"hm"})");
        row("reasoning_opaque", event::ReasoningOpaque{2, u"sig"_s},
            R"({"event":"reasoning_opaque","index":2,"data":"sig"})");
        row("replace", event::Replace{0, u"new"_s}, R"({"event":"replace","part":0,"text":"new"})");
        row("tool_call", event::ToolCall{0, u"c1"_s, u"add"_s, u"{"_s},
            R"({"event":"tool_call","index":0,"id":"c1","name":"add","arguments":"{"})");
        row("tool_call going on", event::ToolCall{0, {}, {}, u"}"_s},
            R"({"event":"tool_call","index":0,"arguments":"}"})");
        row("approval", event::Approval{u"a1"_s, u"rm"_s, u"{}"_s},
            R"({"event":"approval","id":"a1","name":"rm","arguments":"{}"})");
        row("tool_result", event::ToolResult{u"c1"_s, u"add"_s, u"3"_s, false, true},
            R"({"event":"tool_result","id":"c1","name":"add","content":"3","is_error":false,"preliminary":true})");
        row("status", event::Status{u"plan"_s, u"Thinking"_s, event::Status::State::Done},
            R"({"event":"status","stage":"plan","message":"Thinking","state":"done"})");
        row("artifact", event::Artifact{u"f"_s, event::Artifact::Kind::Table, u"T"_s, true, "[1]"},
            R"({"event":"artifact","id":"f","kind":"table","title":"T","append":true,"data":[1]})");
        row("usage", event::UsageReported{Usage{1, 2, {}, 0}},
            R"({"event":"usage","input_tokens":1,"output_tokens":2,"cached_tokens":0})");
        row("finished", event::Finished{FinishReason::ToolCalls},
            R"({"event":"finished","reason":"tool_calls"})");
        row("failed",
            event::Failed{NetError{NetError::Kind::RateLimited, 429, u"slow"_s, u"wait"_s,
                                   std::chrono::milliseconds(1500)}},
            R"({"event":"failed","kind":"rate_limited","status":429,"code":"slow","message":"wait","retry_after_ms":1500})");
        row("failed without a status", event::Failed{NetError{NetError::Kind::Network, 0, {}, u"gone"_s, {}}},
            R"({"event":"failed","kind":"network","message":"gone"})");
    }

    void everyEventHasTheFormOfTheContract()
    {
        QFETCH(StreamEvent, event);
        QFETCH(QByteArray, line);
        QCOMPARE(cli::toJson(event), line);
        QVERIFY(QJsonDocument::fromJson(line).isObject());
    }

    void aLaneIsNamedAfterTheEvent()
    {
        QCOMPARE(cli::toJson(StreamEvent{event::Text{u"x"_s}, u"planner"_s}),
                 R"({"event":"text","agent":"planner","text":"x"})"_ba);
    }

    void halfASurrogatePairCannotBreakTheLine()
    {
        QCOMPARE(cli::toJsonString(QString(QChar(0xd83d))), R"("?")"_ba);
    }
};

QTEST_APPLESS_MAIN(tst_EventJson)
#include "tst_eventjson.moc"
