// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/summary.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

QJsonObject summaryOf(const QList<StreamEvent::Payload> &payloads, bool complete = true)
{
    cli::Summary summary;
    for (const auto &payload : payloads)
        summary.add({payload, {}});
    return QJsonDocument::fromJson(summary.toJson(complete)).object();
}

event::Artifact artifact(const QByteArray &data, bool append)
{
    return {.id = u"a"_s, .kind = event::Artifact::Kind::Table, .title = {}, .append = append, .data = data};
}

} // namespace

class tst_Summary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStreamThatSaidNothingStillHasEveryMember()
    {
        cli::Summary summary;
        QCOMPARE(summary.toJson(false),
                 R"({"text":"","reasoning":"","tool_calls":[],"tool_results":[],"artifacts":[],"usage":{},)"
                 R"("finish":"","error":null,"complete":false,"model":"","events":0})"_ba);
    }

    void metricsGoInWhereThereAreAny()
    {
        cli::Summary summary;
        QVERIFY(summary.toJson(true, R"({"retries":0})").endsWith(R"(,"metrics":{"retries":0}})"));
    }

    void anAgentThatFailsIsNotTheStreamsFailure()
    {
        const event::Failed failed{{.kind = NetError::Kind::Server, .message = u"broken"_s}};
        cli::Summary summary;
        summary.add({failed, u"a"_s});
        QVERIFY(!summary.error());
        summary.add({failed, {}});
        QVERIFY(summary.error().has_value());
    }

    void deltasAreJoined()
    {
        const QJsonObject json =
            summaryOf({event::Started{u"id"_s, u"m-1"_s}, event::Reasoning{u"h"_s}, event::Reasoning{u"m"_s},
                       event::Text{u"a"_s}, event::Text{u"b"_s}, event::Finished{FinishReason::Length}});
        QCOMPARE(json["model"_L1].toString(), u"m-1"_s);
        QCOMPARE(json["reasoning"_L1].toString(), u"hm"_s);
        QCOMPARE(json["text"_L1].toString(), u"ab"_s);
        QCOMPARE(json["finish"_L1].toString(), u"length"_s);
        QCOMPARE(json["events"_L1].toInt(), 6);
    }

    void aRewriteReplacesTheText()
    {
        QCOMPARE(summaryOf(
                     {event::Text{u"wrong"_s}, event::Replace{0, u"right"_s}, event::Text{u"!"_s}})["text"_L1]
                     .toString(),
                 u"right!"_s);
    }

    void toolCallsAreToldApartByIndex()
    {
        const QJsonArray calls = summaryOf({event::ToolCall{0, u"c1"_s, u"add"_s, {}},
                                            event::ToolCall{1, u"c2"_s, u"sub"_s, u"{\"b\""_s},
                                            event::ToolCall{0, {}, {}, u"{}"_s},
                                            event::ToolCall{1, {}, {}, u":1}"_s}})["tool_calls"_L1]
                                     .toArray();
        QCOMPARE(calls.size(), 2);
        QCOMPARE(calls[0]["id"_L1].toString(), u"c1"_s);
        QCOMPARE(calls[0]["arguments"_L1].toString(), u"{}"_s);
        QCOMPARE(calls[1]["name"_L1].toString(), u"sub"_s);
        QCOMPARE(calls[1]["arguments"_L1].toString(), u"{\"b\":1}"_s);
    }

    void aPreliminaryToolResultGivesWayToTheNext()
    {
        const QJsonArray results =
            summaryOf({event::ToolResult{u"c1"_s, {}, u"half"_s, false, true},
                       event::ToolResult{u"c1"_s, {}, u"whole"_s, false, false}})["tool_results"_L1]
                .toArray();
        QCOMPARE(results.size(), 1);
        QCOMPARE(results[0]["content"_L1].toString(), u"whole"_s);
    }

    void artifactsAreAppendedToOrReplaced_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::addColumn<bool>("append");
        QTest::addColumn<QByteArray>("data");
        QTest::newRow("strings go on") << R"("a\n")"_ba << R"("b")"_ba << true << R"("a\nb")"_ba;
        QTest::newRow("rows go on") << "[1]"_ba << "[2,3]"_ba << true << "[1,2,3]"_ba;
        QTest::newRow("members are set")
            << R"({"a":1})"_ba << R"({"b":2})"_ba << true << R"({"a":1,"b":2})"_ba;
        QTest::newRow("replaced") << R"("a")"_ba << R"("b")"_ba << false << R"("b")"_ba;
    }

    void artifactsAreAppendedToOrReplaced()
    {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        QFETCH(bool, append);
        QFETCH(QByteArray, data);
        cli::Summary summary;
        summary.add({artifact(first, false), {}});
        summary.add({artifact(second, append), {}});
        const QByteArray expected = "\"data\":" + data + "}]";
        QVERIFY2(summary.toJson(true).contains(expected), summary.toJson(true).constData());
    }

    void usageIsReplacedNotAdded()
    {
        const QJsonObject usage = summaryOf({event::UsageReported{Usage{1, 1, {}, {}}},
                                             event::UsageReported{Usage{1, 5, {}, {}}}})["usage"_L1]
                                      .toObject();
        QCOMPARE(usage["output_tokens"_L1].toInt(), 5);
        QVERIFY(!usage.contains("reasoning_tokens"_L1));
    }

    void theFirstErrorCounts()
    {
        const QJsonObject json =
            summaryOf({event::Failed{NetError{NetError::Kind::Server, 0, {}, u"one"_s, {}}},
                       event::Failed{NetError{NetError::Kind::Http, 0, {}, u"two"_s, {}}}},
                      false);
        QCOMPARE(json["error"_L1]["message"_L1].toString(), u"one"_s);
        QCOMPARE(json["error"_L1]["kind"_L1].toString(), u"server"_s);
        QVERIFY(!json["complete"_L1].toBool());
    }
};

QTEST_APPLESS_MAIN(tst_Summary)
#include "tst_summary.moc"
