// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "tests/net/dialects/answer.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

QJsonObject bodyFor(const ChatRequest &chat, const QMap<QString, QString> &options = {})
{
    const auto request = makeDialect(DialectId::VercelData)
                             ->open(chat, {.baseUrl = QUrl(u"http://h/api/chat"_s), .options = options});
    return QJsonDocument::fromJson(std::get<HttpRequest>(request).body).object();
}

Answer answerOf(const QByteArray &lines)
{
    return read({lines}, successfulHead("text/plain"), DialectId::VercelData);
}

} // namespace

class tst_VercelData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void aUsersMessageHasItsTextTwiceAndItsFilesBeside()
    {
        const QJsonObject message =
            bodyFor({.messages = {{ChatRole::User,
                                   {content::Text{u"Q"_s},
                                    content::Attachment{u"i.png"_s, "image/png", "x"}}}}})["messages"_L1][0]
                .toObject();
        QCOMPARE(message["role"_L1].toString(), u"user"_s);
        QCOMPARE(message["content"_L1].toString(), u"Q"_s);
        QCOMPARE(message["parts"_L1][0]["text"_L1].toString(), u"Q"_s);
        QCOMPARE(message["experimental_attachments"_L1][0]["url"_L1].toString(),
                 u"data:image/png;base64,eA=="_s);
        QVERIFY(!message["id"_L1].toString().isEmpty());
    }

    void aToolsResultAndSignedReasoningGoBackWithTheirAnswer()
    {
        const QJsonArray parts =
            bodyFor({.messages =
                         {{ChatRole::User, u"Q"_s},
                          {ChatRole::Assistant,
                           {content::Reasoning{u"hm"_s, {uR"({"signature":"s"})"_s, uR"({"data":"d"})"_s}},
                            content::ToolCall{u"c"_s, u"f"_s, uR"({"x":1})"_s},
                            content::ToolResult{u"c"_s, u"f"_s, uR"({"y":2})"_s}, content::Text{u"so "_s}}},
                          {ChatRole::User, u"R"_s}}})["messages"_L1][1]["parts"_L1]
                .toArray();
        QCOMPARE(parts.size(), 4);
        QCOMPARE(parts.at(0)["details"_L1][0]["signature"_L1].toString(), u"s"_s);
        QCOMPARE(parts.at(0)["details"_L1][1]["data"_L1].toString(), u"d"_s);
        QCOMPARE(parts.at(1)["toolInvocation"_L1]["args"_L1]["x"_L1].toInt(), 1);
        QCOMPARE(parts.at(1)["toolInvocation"_L1]["result"_L1]["y"_L1].toInt(), 2);
        QCOMPARE(parts.at(2)["type"_L1].toString(), u"step-start"_s);
        QCOMPARE(parts.at(3)["text"_L1].toString(), u"so "_s);
    }

    void whatWasCutOffDoesNotGoBack()
    {
        const QJsonArray messages =
            bodyFor({.messages = {{ChatRole::User, u"Q"_s},
                                  {ChatRole::Assistant,
                                   {content::Reasoning{u"unsigned"_s, {}}, content::Text{u"a"_s},
                                    content::ToolCall{u"c"_s, u"f"_s, u"{\"x\":"_s}}},
                                  {ChatRole::Assistant, {content::Reasoning{u"alone"_s, {}}}},
                                  {ChatRole::User, u"R"_s}}})["messages"_L1]
                .toArray();
        QCOMPARE(messages.size(), 3);
        QCOMPARE(messages.at(1)["parts"_L1].toArray().size(), 1);
    }

    void anApplicationsOwnMembersAreAddedAndTakeNothingAway()
    {
        const QJsonObject body =
            bodyFor({.messages = {{ChatRole::User, u"Q"_s}}, .conversation = u"chat-1"_s},
                    {{u"body"_s, uR"({"id":"mine","tenant":7})"_s}});
        QCOMPARE(body["id"_L1].toString(), u"chat-1"_s);
        QCOMPARE(body["tenant"_L1].toInt(), 7);
    }

    // Answers. What single streams mean is held by the goldens.

    void onlyTheEndOfTheMessageMakesItComplete()
    {
        const QByteArray stream = "0:\"a\"\ne:{\"finishReason\":\"stop\"}\nd:{\"finishReason\":\"stop\"}\n";
        for (qsizetype end = 1; end < stream.size() - 2; ++end)
            QVERIFY2(answerOf(stream.first(end)).completeness == Completeness::Open,
                     qPrintable(QString::number(end)));
        QCOMPARE(answerOf(stream).completeness, Completeness::Complete);
    }

    void interleavedCallsKeepTheirArgumentsApart()
    {
        const Answer answer = answerOf("b:{\"toolCallId\":\"1\",\"toolName\":\"f\"}\n"
                                       "c:{\"toolCallId\":\"1\",\"argsTextDelta\":\"{\\\"a\\\"\"}\n"
                                       "b:{\"toolCallId\":\"2\",\"toolName\":\"g\"}\n"
                                       "c:{\"toolCallId\":\"2\",\"argsTextDelta\":\"{}\"}\n"
                                       "c:{\"toolCallId\":\"1\",\"argsTextDelta\":\":1}\"}\n"
                                       "9:{\"toolCallId\":\"1\",\"toolName\":\"f\",\"args\":{\"a\":1}}\n"
                                       "d:{}\n");
        QStringList arguments(2);
        for (const StreamEvent &event : answer.events) {
            if (const auto *call = std::get_if<event::ToolCall>(&event.payload))
                arguments[call->index] += call->arguments;
        }
        QCOMPARE(arguments, (QStringList{uR"({"a":1})"_s, u"{}"_s}));
        QCOMPARE(answer.last<event::Finished>().reason, FinishReason::ToolCalls);
    }

    void stepsCountTogetherUntilTheMessageCountsThemAll()
    {
        const Answer answer = answerOf("e:{\"usage\":{\"promptTokens\":1,\"completionTokens\":2}}\n"
                                       "e:{\"usage\":{\"promptTokens\":10,\"completionTokens\":20}}\n"
                                       "d:{\"usage\":{\"promptTokens\":9,\"completionTokens\":NaN}}\n");
        QCOMPARE(answer.last<event::UsageReported>().usage.inputTokens, 9);
        QCOMPARE(answer.last<event::UsageReported>().usage.outputTokens, 22);
    }

    void countsBeyondEveryNumberAreNotAdded()
    {
        const QByteArray step = "e:{\"usage\":{\"promptTokens\":9223372036854775807}}\n";
        QCOMPARE(answerOf(step + step).last<event::UsageReported>().usage.inputTokens,
                 std::numeric_limits<qint64>::max());
    }

    void anErrorObjectInsteadOfLinesIsAFailure()
    {
        QCOMPARE(answerOf(R"({"error":{"message":"no"}})").last<event::Failed>().error.message, u"no"_s);
    }
};

QTEST_APPLESS_MAIN(tst_VercelData)
#include "tst_verceldata.moc"
