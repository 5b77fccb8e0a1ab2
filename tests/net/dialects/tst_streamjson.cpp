// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/fixtures.h"

#include <QtCore/QDir>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrlQuery>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const QString program = u"/opt/agent"_s;

ChatMessage user(const QString &text)
{
    return {ChatRole::User, text};
}

ChatMessage assistant(const QString &text)
{
    return {ChatRole::Assistant, text};
}

ProcessRequest processFor(const ChatRequest &chat, const QMap<QString, QString> &options = {},
                          const QByteArray &key = {})
{
    return std::get<ProcessRequest>(
        makeDialect(DialectId::StreamJson)
            ->open(chat, {.apiKey = key, .program = program, .options = options}));
}

QJsonObject objectOf(const QByteArray &line)
{
    return QJsonDocument::fromJson(line).object();
}

QStringList textsOf(const QByteArray &userLine)
{
    QStringList texts;
    const QJsonArray blocks = objectOf(userLine)["message"_L1]["content"_L1].toArray();
    for (const auto &block : blocks)
        texts.append(block["text"_L1].toString());
    return texts;
}

// The argument after an option; empty where it is not there.
QString valueOf(const QStringList &arguments, const QString &option)
{
    const qsizetype at = arguments.indexOf(option);
    return at < 0 ? QString() : arguments.value(at + 1);
}

/// A program at the other end of an exchange that was opened.
class Talk
{
public:
    explicit Talk(const ChatRequest &chat = {.messages = {user(u"q"_s)}})
        : reader(makeDialect(DialectId::StreamJson))
    {
        static_cast<void>(reader.dialect().open(chat, {.program = program}));
    }

    void hear(const QByteArray &line) { reader.feed(QByteArray(line + '\n'), events); }

    QStringList lines()
    {
        coalesce(events);
        QStringList result;
        for (const StreamEvent &event : std::as_const(events))
            result.append(QString::fromUtf8(cli::toJson(event)));
        return result;
    }

    QJsonObject command(const std::optional<Command> &command)
    {
        return command ? objectOf(std::get<ConnectionMessage>(*command).text) : QJsonObject();
    }

    QList<QJsonObject> replies()
    {
        QList<QJsonObject> objects;
        for (const Command &reply : reader.dialect().takeReplies())
            objects.append(objectOf(std::get<ConnectionMessage>(reply).text));
        return objects;
    }

    ResponseReader reader;
    StreamEvents events;
};

const QByteArray question =
    R"({"type":"control_request","request_id":"q1","request":{"subtype":"can_use_tool","tool_name":"Bash",)"
    R"("input":{"n":12345678901234567890,"command":"ls"},"permission_suggestions":[{"type":"addRules"}]}})";
const QByteArray success = R"({"type":"result","subtype":"success","is_error":false,"result":""})";

QByteArray spoken(const QByteArray &text)
{
    return R"({"type":"assistant","message":{"id":"m","content":[{"type":"text","text":"TEXT"}]}})"_ba
        .replace("TEXT", text);
}

} // namespace

class tst_StreamJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Opening

    void aProgramIsStartedForJsonLinesBothWays()
    {
        const ProcessRequest request =
            processFor({.model = u"opus"_s, .system = u"Be brief."_s, .messages = {user(u"Hi"_s)}});
        QCOMPARE(request.program, program);
        const QStringList &arguments = request.arguments;
        QVERIFY(arguments.contains(u"-p"_s));
        QVERIFY(arguments.contains(u"--verbose"_s));
        QVERIFY(arguments.contains(u"--include-partial-messages"_s));
        QCOMPARE(valueOf(arguments, u"--output-format"_s), u"stream-json"_s);
        QCOMPARE(valueOf(arguments, u"--input-format"_s), u"stream-json"_s);
        QCOMPARE(valueOf(arguments, u"--permission-prompt-tool"_s), u"stdio"_s);
        QCOMPARE(valueOf(arguments, u"--model"_s), u"opus"_s);
        QCOMPARE(valueOf(arguments, u"--append-system-prompt"_s), u"Be brief."_s);
        QVERIFY(!arguments.contains(u"--resume"_s));
        QVERIFY(!request.closeInput);

        QCOMPARE(request.lines.size(), 2);
        QCOMPARE(objectOf(request.lines[0])["request"_L1]["subtype"_L1].toString(), u"initialize"_s);
        const QJsonObject line = objectOf(request.lines[1]);
        QCOMPARE(line["type"_L1].toString(), u"user"_s);
        QVERIFY(line["parent_tool_use_id"_L1].isNull());
        QCOMPARE(textsOf(request.lines[1]), QStringList{u"Hi"_s});
    }

    void aSessionIsResumedWithTheNewestWordsOnly()
    {
        const ProcessRequest request =
            processFor({.messages = {user(u"a"_s), assistant(u"b"_s), user(u"c"_s), user(u"d"_s)},
                        .session = u"5e-1"_s});
        QCOMPARE(valueOf(request.arguments, u"--resume"_s), u"5e-1"_s);
        QCOMPARE(textsOf(request.lines[1]), (QStringList{u"c"_s, u"d"_s}));
        QCOMPARE(objectOf(request.lines[1])["session_id"_L1].toString(), u"5e-1"_s);
    }

    void aSessionIsNeverTakenForAnOption()
    {
        const ProcessRequest request =
            processFor({.messages = {user(u"a"_s)}, .session = u"--dangerously-skip-permissions"_s});
        QVERIFY(!request.arguments.contains(u"--resume"_s));
        QVERIFY(!request.arguments.contains(u"--dangerously-skip-permissions"_s));
    }

    void withoutASessionTheHistoryIsFoldedIn()
    {
        const QStringList texts =
            textsOf(processFor({.messages = {user(u"a"_s), assistant(u"b"_s), user(u"c"_s)}}).lines[1]);
        QCOMPARE(texts.constLast(), u"c"_s);
        const QString all = texts.join(u'|');
        QVERIFY(all.indexOf("I said:\na"_L1) >= 0);
        QVERIFY(all.indexOf("You said:\nb"_L1) > all.indexOf("I said:\na"_L1));
    }

    void aLineHoldsNoLineEnd()
    {
        const ProcessRequest request = processFor({.messages = {user(u"one\ntwo\u2028three"_s)}});
        for (const QByteArray &line : request.lines)
            QVERIFY(!line.contains('\n'));
        QCOMPARE(textsOf(request.lines[1]), QStringList{u"one\ntwo\u2028three"_s});
    }

    void aKeyIsNoArgumentAndAnOuterSessionIsNotPassedOn()
    {
        const ProcessRequest request = processFor({.messages = {user(u"q"_s)}}, {}, "sk-secret");
        QVERIFY(!request.arguments.join(u' ').contains("secret"_L1));
        QCOMPARE(request.environment.value(u"ANTHROPIC_API_KEY"_s), u"sk-secret"_s);
        for (const QString &pattern : request.environmentPatternsKept) {
            QVERIFY(!QDir::match(pattern, u"CLAUDECODE"_s));
            QVERIFY(!QDir::match(pattern, u"CLAUDE_CODE_SSE_PORT"_s));
        }
    }

    void theSimpleFormTakesItsOwnLine()
    {
        const ProcessRequest request =
            processFor({.messages = {user(u"Hello"_s)}}, {{u"form"_s, u"simple"_s}, {u"cwd"_s, u"/srv"_s}});
        QCOMPARE(
            request.arguments,
            (QStringList{u"--input-format"_s, u"stream-json"_s, u"--output-format"_s, u"stream-json"_s}));
        QCOMPARE(request.lines, QByteArrayList{R"({"content":"Hello","type":"user_message"})"});
        QCOMPARE(request.workingFolder, u"/srv"_s);
    }

    void theSimpleFormIsServedOverHttp()
    {
        const ChatRequest chat{.messages = {user(u"a"_s), assistant(u"b"_s), user(u"1+1 & more?"_s)},
                               .conversation = u"c-1"_s};
        Endpoint endpoint{.baseUrl = QUrl(u"http://localhost:8000"_s)};
        const auto dialect = makeDialect(DialectId::StreamJson);
        const auto request = std::get<HttpRequest>(dialect->open(chat, endpoint));
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url.path(), u"/chat/stream"_s);
        QVERIFY(request.url.query(QUrl::FullyEncoded).contains("message=1%2B1%20%26%20more%3F"_L1));
        QCOMPARE(QUrlQuery(request.url).queryItemValue(u"session_id"_s), u"c-1"_s);
        QCOMPARE(objectOf(request.body)["message"_L1].toString(), u"1+1 & more?"_s);
        endpoint.options.insert(u"method"_s, u"GET"_s);
        const auto get = std::get<HttpRequest>(dialect->open(chat, endpoint));
        QCOMPARE(get.method, "GET");
        QVERIFY(get.body.isEmpty());
    }

    void theSimpleFormIsServedOverAWebSocket()
    {
        const auto request =
            std::get<WebSocketRequest>(makeDialect(DialectId::StreamJson)
                                           ->open({.messages = {user(u"Hello"_s)}, .conversation = u"c-1"_s},
                                                  {.baseUrl = QUrl(u"wss://h/chat/ws"_s)}));
        QCOMPARE(request.url, QUrl(u"wss://h/chat/ws"_s));
        QCOMPARE(request.messages, (QByteArrayList{"c-1", "Hello"}));
        QVERIFY(request.fallback);
        QCOMPARE(request.fallback->url.scheme(), u"https"_s);
        QCOMPARE(request.fallback->url.path(), u"/chat/stream"_s);
    }

    // Answers. What single streams mean is held by the goldens; here is what needs words.

    void theSessionIsToldForTheNextRequest()
    {
        Talk talk;
        talk.hear(R"({"type":"system","subtype":"init","session_id":"5e-1","model":"m"})");
        const auto started = std::get<event::Started>(talk.events.constFirst().payload);
        QCOMPARE(started.session, u"5e-1"_s);
        QCOMPARE(started.model, u"m"_s);
    }

    void whatIsStreamedIsNotToldAgain()
    {
        const Answer answer =
            read({readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/stream-json-partial-messages.ndjson"))},
                 successfulHead(), DialectId::StreamJson);
        QCOMPARE(answer.joined<event::Text>(), u"One time. Done."_s);
        QCOMPARE(answer.joined<event::Reasoning>(), u"Hm."_s);
        QCOMPARE(std::ranges::count_if(answer.events,
                                       [](const StreamEvent &event) {
                                           return std::holds_alternative<event::ReasoningOpaque>(
                                               event.payload);
                                       }),
                 1);
        QCOMPARE(answer.last<event::ToolResult>().name, u"Bash"_s);
    }

    void aSubAgentSpeaksInTheLaneOfItsCall()
    {
        const Answer answer =
            read({readFile(QStringLiteral(RIVULET_TEST_DATA "/streams/stream-json-sub-agents.ndjson"))},
                 successfulHead(), DialectId::StreamJson);
        QString main;
        QString lane;
        for (const StreamEvent &event : answer.events) {
            if (const auto *text = std::get_if<event::Text>(&event.payload))
                (event.agent == "t1"_L1 ? lane : main) += text->text;
        }
        QCOMPARE(main, u"There."_s);
        QCOMPARE(lane, u"I look. Found."_s);
    }

    // Permissions

    void aToolWaitsForTheUser()
    {
        Talk talk;
        talk.hear(question);
        const auto approval = std::get<event::Approval>(talk.events.constLast().payload);
        QCOMPARE(approval.id, u"q1"_s);
        QCOMPARE(approval.name, u"Bash"_s);
        QCOMPARE(approval.arguments, u"{\"n\":12345678901234567890,\"command\":\"ls\"}"_s);
        QVERIFY(talk.replies().isEmpty());
    }

    void aDecisionIsToldInTheProgramsWords_data()
    {
        QTest::addColumn<ApprovalDecision::Verdict>("verdict");
        QTest::addColumn<QByteArray>("response");
        const QByteArray allowed =
            R"({"behavior":"allow","updatedInput":{"n":12345678901234567890,"command":"ls"})"_ba;
        QTest::newRow("once") << ApprovalDecision::Verdict::AllowOnce << allowed + '}';
        QTest::newRow("always") << ApprovalDecision::Verdict::AllowAlways
                                << allowed + R"(,"updatedPermissions":[{"type":"addRules"}]})";
        QTest::newRow("no") << ApprovalDecision::Verdict::Deny
                            << R"({"behavior":"deny","message":"Too risky.","interrupt":false})"_ba;
    }

    void aDecisionIsToldInTheProgramsWords()
    {
        QFETCH(ApprovalDecision::Verdict, verdict);
        QFETCH(QByteArray, response);
        Talk talk;
        talk.hear(question);
        const ApprovalDecision decision{.id = u"q1"_s, .verdict = verdict, .reason = u"Too risky."_s};
        const auto command = talk.reader.dialect().decide(decision);
        QVERIFY(command);
        const QByteArray line = std::get<ConnectionMessage>(*command).text;
        const QByteArray head =
            R"({"type":"control_response","response":{"subtype":"success","request_id":"q1","response":)";
        QCOMPARE(line, head + response + "}}");
        QVERIFY(QJsonDocument::fromJson(line).isObject());
        // It is answered once.
        QVERIFY(!talk.reader.dialect().decide(decision));
    }

    void aWithdrawnQuestionIsNotAnswered()
    {
        Talk talk;
        talk.hear(question);
        talk.hear(R"({"type":"control_cancel_request","request_id":"q1"})");
        QVERIFY(!talk.reader.dialect().decide({.id = u"q1"_s}));
        QVERIFY(talk.replies().isEmpty());
    }

    void whatNobodyIsAskedForIsAnsweredAtOnce()
    {
        Talk talk;
        talk.hear(R"({"type":"control_request","request_id":"h","request":{"subtype":"hook_callback"}})");
        talk.hear(R"({"type":"control_request","request_id":"x","request":{"subtype":"future"}})");
        const QList<QJsonObject> replies = talk.replies();
        QCOMPARE(replies.size(), 2);
        QCOMPARE(replies[0]["response"_L1]["subtype"_L1].toString(), u"success"_s);
        QCOMPARE(replies[0]["response"_L1]["request_id"_L1].toString(), u"h"_s);
        QCOMPARE(replies[1]["response"_L1]["subtype"_L1].toString(), u"error"_s);
        QVERIFY(talk.replies().isEmpty());
    }

    // Verbs

    void cancellingInterruptsAndEndsStopped()
    {
        Talk talk;
        talk.hear(spoken("Half"));
        const QJsonObject interrupt = talk.command(talk.reader.dialect().cancel({}));
        QCOMPARE(interrupt["type"_L1].toString(), u"control_request"_s);
        QCOMPARE(interrupt["request"_L1]["subtype"_L1].toString(), u"interrupt"_s);
        talk.hear(R"({"type":"result","subtype":"error_during_execution","is_error":true})");
        QCOMPARE(talk.lines().constLast(), uR"({"event":"finished","reason":"stopped"})"_s);
        QCOMPARE(talk.reader.completeness(), Completeness::Complete);
    }

    void redirectingInterruptsAndThenSaysWhatToDo()
    {
        Talk talk;
        talk.hear(spoken("Wrong way."));
        const QJsonObject interrupt = talk.command(talk.reader.dialect().redirect(u"Turn left."_s));
        QCOMPARE(interrupt["request"_L1]["subtype"_L1].toString(), u"interrupt"_s);
        QVERIFY(talk.replies().isEmpty());
        talk.hear(spoken("On and on."));
        QJsonObject response{{u"subtype"_s, u"success"_s}, {u"request_id"_s, interrupt["request_id"_L1]}};
        talk.hear(QJsonDocument(QJsonObject{{u"type"_s, u"control_response"_s}, {u"response"_s, response}})
                      .toJson(QJsonDocument::Compact));
        const QList<QJsonObject> replies = talk.replies();
        QCOMPARE(replies.size(), 1);
        QCOMPARE(replies[0]["type"_L1].toString(), u"user"_s);
        QCOMPARE(replies[0]["message"_L1]["content"_L1][0]["text"_L1].toString(), u"Turn left."_s);
        // The result of the turn that was left is not the end.
        talk.hear(R"({"type":"result","subtype":"error_during_execution","is_error":true})");
        QCOMPARE(talk.reader.completeness(), Completeness::Open);
        talk.hear(spoken("Left."));
        talk.hear(success);
        QCOMPARE(talk.reader.completeness(), Completeness::Complete);
        QVERIFY(!talk.lines().join(u'\n').contains("On and on."_L1));
        QVERIFY(talk.lines().join(u'\n').contains("Left."_L1));
        QCOMPARE(talk.lines().constLast(), uR"({"event":"finished","reason":"stop"})"_s);
    }

    void theSimpleFormKnowsNoVerbs()
    {
        const auto dialect = makeDialect(DialectId::StreamJson);
        static_cast<void>(dialect->open({.messages = {user(u"q"_s)}},
                                        {.program = program, .options = {{u"form"_s, u"simple"_s}}}));
        QVERIFY(!dialect->cancel({}));
        QVERIFY(!dialect->redirect(u"x"_s));
    }

    // Errors

    void aFailureCalledSuccessIsAFailure()
    {
        Talk talk;
        talk.hear(
            R"({"type":"result","subtype":"success","is_error":true,"result":"Invalid key","api_error_status":401})");
        const auto error = std::get<event::Failed>(talk.events.constLast().payload).error;
        QCOMPARE(error.kind, NetError::Kind::Auth);
        QCOMPARE(error.status, 401);
        QCOMPARE(error.message, u"Invalid key"_s);
        QCOMPARE(talk.reader.completeness(), Completeness::Failed);
    }

    void whatStandsForAFailedAnswerIsNoText()
    {
        const QByteArray stand =
            R"({"type":"assistant","error":"billing_error","message":{"content":[{"type":"text","text":"Credit is low"}]}})";
        Talk talk;
        talk.hear(stand);
        QVERIFY(talk.events.isEmpty());
        talk.reader.finish(ResponseReader::End::Clean, talk.events);
        const auto error = std::get<event::Failed>(talk.events.constLast().payload).error;
        QCOMPARE(error.kind, NetError::Kind::Quota);
        QCOMPARE(error.message, u"Credit is low"_s);
    }

    void aProgramThatCannotBeginFails()
    {
        Talk talk;
        talk.hear(
            R"({"type":"control_response","response":{"subtype":"error","request_id":"initialize","error":"no"}})");
        QCOMPARE(talk.reader.completeness(), Completeness::Failed);
    }
};

QTEST_APPLESS_MAIN(tst_StreamJson)
#include "tst_streamjson.moc"
