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

HttpRequest requestFor(const ChatRequest &chat)
{
    return std::get<HttpRequest>(
        makeDialect(DialectId::AgUi)->open(chat, {.baseUrl = QUrl(u"http://h/agent"_s), .apiKey = "key-1"}));
}

QJsonObject bodyFor(const QList<ChatMessage> &messages)
{
    const ChatRequest chat{.messages = messages, .conversation = u"T"_s, .exchange = u"R1"_s};
    return QJsonDocument::fromJson(requestFor(chat).body).object();
}

QByteArray streamOf(const QList<QByteArray> &events)
{
    QByteArray stream;
    for (const QByteArray &event : events)
        stream += "data: " + event + "\n\n";
    return stream;
}

Answer answerOf(const QList<QByteArray> &events)
{
    return read({streamOf(events)}, successfulHead(), DialectId::AgUi);
}

const QByteArray finished = "{\"type\":\"RUN_FINISHED\",\"threadId\":\"T\",\"runId\":\"R\"}";

} // namespace

class tst_AgUi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSubagentThatFailsFailsAlone()
    {
        const Answer answer = answerOf(
            {"{\"type\":\"RUN_STARTED\",\"threadId\":\"T\",\"runId\":\"R\"}",
             "{\"type\":\"SUBAGENT_STARTED\",\"subagentRunId\":\"s\",\"name\":\"scout\"}",
             "{\"type\":\"SUBAGENT_ERROR\",\"subagentRunId\":\"s\",\"message\":\"lost\",\"code\":\"no_map\"}",
             "{\"type\":\"TEXT_MESSAGE_CHUNK\",\"messageId\":\"m\",\"delta\":\"Onwards.\"}", finished});
        StreamEvents failures = answer.events;
        failures.removeIf(
            [](const StreamEvent &event) { return !std::holds_alternative<event::Failed>(event.payload); });
        QCOMPARE(failures.size(), 1);
        QCOMPARE(failures.first().agent, u"scout"_s);
        const NetError error = answer.last<event::Failed>().error;
        QCOMPARE(error.message, u"lost"_s);
        QCOMPARE(error.code, u"no_map"_s);
        QCOMPARE(answer.joined<event::Text>(), u"Onwards."_s);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void aFailureOfNobodyInParticularIsNotTheRuns()
    {
        const Answer answer = answerOf({"{\"type\":\"RUN_STARTED\",\"threadId\":\"T\",\"runId\":\"R\"}",
                                        "{\"type\":\"SUBAGENT_ERROR\",\"message\":\"lost\"}", finished});
        QCOMPARE(answer.last<event::Status>().state, event::Status::State::Failed);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    // Requests

    void aRequestIsTheInputOfARun()
    {
        const HttpRequest request = requestFor({.messages = {{ChatRole::User, u"Q"_s}},
                                                .tools = {{u"f"_s, u"d"_s, "{\"type\":\"object\"}"}},
                                                .conversation = u"T"_s,
                                                .exchange = u"R1"_s});
        QCOMPARE(request.url, QUrl(u"http://h/agent"_s));
        QVERIFY(request.headers.contains({"Accept", "text/event-stream"}));
        QVERIFY(request.headers.contains({"Authorization", "Bearer key-1"}));
        const QJsonObject body = QJsonDocument::fromJson(request.body).object();
        QCOMPARE(body.keys(),
                 (QStringList{u"context"_s, u"forwardedProps"_s, u"messages"_s, u"runId"_s, u"state"_s,
                              u"threadId"_s, u"tools"_s}));
        QCOMPARE(body["threadId"_L1].toString(), u"T"_s);
        QCOMPARE(body["runId"_L1].toString(), u"R1"_s);
        QCOMPARE(body["messages"_L1][0]["content"_L1].toString(), u"Q"_s);
        QCOMPARE(body["tools"_L1][0]["parameters"_L1]["type"_L1].toString(), u"object"_s);
    }

    void anImageIsAPartWithItsData()
    {
        const QJsonObject body = bodyFor(
            {{ChatRole::User, {content::Text{u"Q"_s}, content::Attachment{u"i.png"_s, "image/png", "x"}}}});
        const QJsonValue image = body["messages"_L1][0]["content"_L1][1];
        QCOMPARE(image["type"_L1].toString(), u"image"_s);
        QCOMPARE(image["source"_L1]["value"_L1].toString(), u"eA=="_s);
        QCOMPARE(image["source"_L1]["mimeType"_L1].toString(), u"image/png"_s);
    }

    void anAnswerWithToolsIsSeveralMessages()
    {
        const QJsonArray messages =
            bodyFor({{ChatRole::User, u"Q"_s},
                     {ChatRole::Assistant,
                      {content::Reasoning{u"hm"_s, {u"secret"_s}}, content::Text{u"wait "_s},
                       content::ToolCall{u"c"_s, u"f"_s, u"{}"_s},
                       content::ToolResult{u"c"_s, u"f"_s, u"R"_s}, content::Text{u"so"_s}}}})["messages"_L1]
                .toArray();
        QStringList roles;
        QSet<QString> ids;
        for (const auto &message : messages) {
            roles.append(message["role"_L1].toString());
            ids.insert(message["id"_L1].toString());
        }
        QCOMPARE(roles, (QStringList{u"user"_s, u"reasoning"_s, u"assistant"_s, u"tool"_s, u"assistant"_s}));
        QCOMPARE(ids.size(), 5);
        QCOMPARE(messages.at(1)["encryptedValue"_L1].toString(), u"secret"_s);
        QCOMPARE(messages.at(2)["content"_L1].toString(), u"wait "_s);
        QCOMPARE(messages.at(2)["toolCalls"_L1][0]["function"_L1]["arguments"_L1].toString(), u"{}"_s);
        QCOMPARE(messages.at(3)["toolCallId"_L1].toString(), u"c"_s);
        QCOMPARE(messages.at(4)["content"_L1].toString(), u"so"_s);
    }

    void theNextRunIsValidHoweverTheAnswerEnded()
    {
        const QJsonArray messages =
            bodyFor({{ChatRole::User, u"Q"_s},
                     {ChatRole::Assistant,
                      {content::Reasoning{u"unsigned"_s, {}}, content::Text{u"half "_s},
                       content::ToolCall{u"c"_s, u"f"_s, u"{\"a\":"_s}}},
                     {ChatRole::User, u"R"_s}})["messages"_L1]
                .toArray();
        QCOMPARE(messages.size(), 3);
        QCOMPARE(messages.at(1)["content"_L1].toString(), u"half "_s);
        QVERIFY(!messages.at(1).toObject().contains("toolCalls"_L1));
    }

    void everyInterruptIsAnsweredInTheFormThatItAskedFor_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<std::optional<bool>>("allowed");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("entry");
        const auto row = [](const char *name, const char *schema, std::optional<bool> allowed,
                            const QString &words, const QString &entry) {
            QTest::newRow(name) << QByteArray(schema) << allowed << words << entry;
        };
        const char *approval = "{\"type\":\"object\",\"properties\":{\"approved\":{\"type\":\"boolean\"}}}";
        const char *question = "{\"type\":\"object\",\"properties\":{\"response\":{\"type\":\"string\"}}}";
        row("allowed", approval, true, {},
            u"{\"interruptId\":\"i\",\"payload\":{\"approved\":true},\"status\":\"resolved\"}"_s);
        row("denied", approval, false, {},
            u"{\"interruptId\":\"i\",\"payload\":{\"approved\":false},\"status\":\"resolved\"}"_s);
        row("denied with a reason", "null", false, u"no"_s,
            u"{\"interruptId\":\"i\",\"payload\":{\"approved\":false,\"reason\":\"no\"},\"status\":\"resolved\"}"_s);
        row("a boolean", "{\"type\":\"boolean\"}", true, {},
            u"{\"interruptId\":\"i\",\"payload\":true,\"status\":\"resolved\"}"_s);
        row("a question", question, true, u"ada"_s,
            u"{\"interruptId\":\"i\",\"payload\":{\"response\":\"ada\"},\"status\":\"resolved\"}"_s);
        row("not decided", approval, {}, {}, u"{\"interruptId\":\"i\",\"status\":\"cancelled\"}"_s);
    }

    void everyInterruptIsAnsweredInTheFormThatItAskedFor()
    {
        QFETCH(QByteArray, schema);
        QFETCH(std::optional<bool>, allowed);
        QFETCH(QString, words);
        QFETCH(QString, entry);
        const Answer answer = answerOf(
            {"{\"type\":\"STATE_SNAPSHOT\",\"snapshot\":{\"at\":3}}",
             "{\"type\":\"RUN_FINISHED\",\"outcome\":{\"type\":\"interrupt\",\"interrupts\":[{\"id\":\"i\","
             "\"reason\":\"r\",\"responseSchema\":"
                 + schema + "}]}}"});
        const auto asked = answer.last<event::Approval>();
        QCOMPARE(answer.last<event::Finished>().reason, FinishReason::Pause);
        const QJsonObject body =
            bodyFor({{ChatRole::User, u"Q"_s},
                     {ChatRole::Assistant,
                      {content::Text{u"a"_s},
                       content::Approval{asked.id, asked.call, asked.context, allowed, words}}}});
        QCOMPARE(QString::fromUtf8(QJsonDocument(body["resume"_L1].toArray()).toJson(QJsonDocument::Compact)),
                 QString(u'[' + entry + u']'));
        QCOMPARE(body["state"_L1]["at"_L1].toInt(), 3);
    }

    void whatTheUserWritesInsteadAnswersAQuestion()
    {
        const content::Approval question{
            u"i"_s, {}, u"{\"interrupt\":{\"responseSchema\":{\"type\":\"string\"}}}"_s, {}, {}};
        const QList<ChatMessage> messages{{ChatRole::User, u"Q"_s},
                                          {ChatRole::Assistant, {content::Text{u"a"_s}, question}},
                                          {ChatRole::User, u"ada"_s}};
        QCOMPARE(bodyFor(messages)["resume"_L1][0]["payload"_L1].toString(), u"ada"_s);
        // Only the last answer's questions are open.
        QVERIFY(
            !bodyFor(messages + QList<ChatMessage>{{ChatRole::Assistant, u"b"_s}, {ChatRole::User, u"c"_s}})
                 .contains("resume"_L1));
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void itIsCompleteWhereTheStreamEndsAfterItsRun()
    {
        const QByteArray stream =
            streamOf({"{\"type\":\"RUN_STARTED\",\"threadId\":\"T\",\"runId\":\"R\"}", finished});
        for (const auto end : {ResponseReader::End::Clean, ResponseReader::End::Broken}) {
            ResponseReader reader(makeDialect(DialectId::AgUi));
            StreamEvents events;
            reader.head(successfulHead());
            reader.feed(stream, events);
            QCOMPARE(reader.completeness(), Completeness::Open);
            reader.finish(end, events);
            QCOMPARE(reader.completeness() == Completeness::Complete, end == ResponseReader::End::Clean);
            QCOMPARE(std::get<event::Finished>(events.last().payload).reason, FinishReason::Stop);
        }
    }

    void chunksWithoutAnIdGoOnWithTheLast()
    {
        const Answer answer = answerOf(
            {"{\"type\":\"TEXT_MESSAGE_CHUNK\",\"messageId\":\"1\",\"role\":\"user\",\"delta\":\"a\"}",
             "{\"type\":\"TEXT_MESSAGE_CHUNK\",\"delta\":\"b\"}",
             "{\"type\":\"TEXT_MESSAGE_CHUNK\",\"messageId\":\"2\",\"delta\":\"c\"}",
             "{\"type\":\"TEXT_MESSAGE_CHUNK\",\"messageId\":null,\"delta\":\"d\"}"});
        QCOMPARE(answer.joined<event::Text>(), u"cd"_s);
    }

    void aSnapshotOfTheThreadReplacesOnlyWhatItTellsOtherwise()
    {
        const QByteArray text = "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"1\",\"delta\":\"ab\"}";
        const auto snapshot = [](const QByteArray &said) {
            return QByteArray("{\"type\":\"MESSAGES_SNAPSHOT\",\"messages\":[{\"id\":\"0\",\"role\":\"user\","
                              "\"content\":\"Q\"}"
                              + said + "]}");
        };
        QCOMPARE(answerOf({text, snapshot({})}).lines().size(), 1);
        QCOMPARE(answerOf({text, snapshot(",{\"role\":\"assistant\",\"content\":\"ab\"}")}).lines().size(),
                 1);
        QCOMPARE(answerOf({text, snapshot(",{\"role\":\"assistant\",\"content\":\"abc\"}")})
                     .last<event::Replace>()
                     .text,
                 u"abc"_s);
    }

    void aLongDocumentIsNotToldForEachOfItsPatches()
    {
        QList<QByteArray> events{"{\"type\":\"STATE_SNAPSHOT\",\"snapshot\":{\"text\":\""
                                 + QByteArray(20'000, 'x') + "\",\"n\":0}}"};
        for (int i = 1; i <= 200; ++i)
            events.append(
                "{\"type\":\"STATE_DELTA\",\"delta\":[{\"op\":\"replace\",\"path\":\"/n\",\"value\":"
                + QByteArray::number(i) + "}]}");
        events.append(finished);
        const Answer answer = answerOf(events);
        QVERIFY(answer.events.size() < 10);
        QVERIFY(answer.last<event::Artifact>().data.startsWith("{\"n\":200,"));
    }

    void aPatchThatCopiesWithoutEndIsRefused()
    {
        QByteArray copies;
        for (int i = 0; i < 60; ++i)
            copies += "{\"op\":\"copy\",\"from\":\"\",\"path\":\"/" + QByteArray::number(i) + "\"},";
        const Answer answer = answerOf(
            {"{\"type\":\"STATE_SNAPSHOT\",\"snapshot\":{\"a\":1}}",
             QByteArray("{\"type\":\"STATE_DELTA\",\"delta\":[" + copies.chopped(1) + "]}"), finished});
        QCOMPARE(answer.last<event::Artifact>().data, "{\"a\":1}");
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void patchesDoWhatTheirOperationsSay_data()
    {
        QTest::addColumn<QByteArray>("operation");
        QTest::addColumn<QByteArray>("state");
        const auto row = [](const char *name, const char *operation, const char *state) {
            QTest::newRow(name) << QByteArray(operation) << QByteArray(state);
        };
        row("add a member", "{\"op\":\"add\",\"path\":\"/b\",\"value\":2}", "{\"a\":[1,2],\"b\":2}");
        row("add an item", "{\"op\":\"add\",\"path\":\"/a/1\",\"value\":9}", "{\"a\":[1,9,2]}");
        row("replace", "{\"op\":\"replace\",\"path\":\"/a/0\",\"value\":9}", "{\"a\":[9,2]}");
        row("remove", "{\"op\":\"remove\",\"path\":\"/a/0\"}", "{\"a\":[2]}");
        row("move", "{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b~1c\"}", "{\"b/c\":[1,2]}");
        row("copy", "{\"op\":\"copy\",\"from\":\"/a/1\",\"path\":\"/b\"}", "{\"a\":[1,2],\"b\":2}");
        row("the whole", "{\"op\":\"replace\",\"path\":\"\",\"value\":{}}", "{}");
        row("a test that fails", "{\"op\":\"test\",\"path\":\"/a/0\",\"value\":2}", "{\"a\":[1,2]}");
        row("no such place", "{\"op\":\"replace\",\"path\":\"/a/7\",\"value\":2}", "{\"a\":[1,2]}");
        row("no operation", "{\"op\":\"sing\",\"path\":\"/a\"}", "{\"a\":[1,2]}");
    }

    void patchesDoWhatTheirOperationsSay()
    {
        QFETCH(QByteArray, operation);
        QFETCH(QByteArray, state);
        const Answer answer =
            answerOf({"{\"type\":\"STATE_SNAPSHOT\",\"snapshot\":{\"a\":[1,2]}}",
                      QByteArray("{\"type\":\"STATE_DELTA\",\"delta\":[" + operation + "]}"), finished});
        QCOMPARE(answer.last<event::Artifact>().data, state);
    }
};

QTEST_APPLESS_MAIN(tst_AgUi)
#include "tst_agui.moc"
