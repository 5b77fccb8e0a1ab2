// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "models/chat/history.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

Message said(const QString &text)
{
    return {.role = ChatRole::User, .parts = {TextPart{text}}};
}

Message answer(const QList<Part> &parts)
{
    return {.role = ChatRole::Assistant, .parts = parts, .providerId = u"here"_s, .dialect = u"anthropic"_s};
}

/// The answer that is asked for, of the same server as answer() by default.
Message asked(const QString &dialect = u"anthropic"_s, const QString &provider = u"here"_s)
{
    return {.id = MessageId{20},
            .conversation = ConversationId{7},
            .role = ChatRole::Assistant,
            .providerId = provider,
            .dialect = dialect,
            .model = u"model-1"_s};
}

ToolCallPart call(int index, const QString &id, const QString &arguments = u"{\"a\":1}"_s)
{
    return {.index = index, .id = id, .name = u"look"_s, .arguments = arguments};
}

ToolResultPart result(const QString &id, const QString &content = u"seen"_s)
{
    return {.id = id, .name = u"look"_s, .content = content};
}

content::ToolCall sentCall(const QString &id, const QString &arguments = u"{\"a\":1}"_s)
{
    return {id, u"look"_s, arguments};
}

content::ToolResult sentResult(const QString &id, const QString &content = u"seen"_s)
{
    return {id, u"look"_s, content, false};
}

ChatMessage user(const QList<ContentPart> &parts)
{
    return {ChatRole::User, parts};
}

ChatMessage assistant(const QList<ContentPart> &parts)
{
    return {ChatRole::Assistant, parts};
}

QList<ChatMessage> historyOf(const QList<Message> &messages)
{
    return rivulet::historyOf(messages, asked());
}

} // namespace

class tst_ChatHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordsAndThoughtsGoInTheOrderOfTheAnswer()
    {
        const QList<ChatMessage> expected{
            user({content::Text{u"Why?"_s}}),
            assistant({content::Reasoning{u"Hm."_s, {u"sig-1"_s, u"sig-2"_s}}, content::Text{u"Because."_s},
                       content::Reasoning{{}, {u"redacted"_s}}, content::Text{u" So."_s}})};
        QCOMPARE_EQ(
            historyOf({said(u"Why?"_s),
                       answer({ReasoningPart{.text = u"Hm."_s, .opaque = {u"sig-1"_s, u"sig-2"_s}},
                               TextPart{u"Because."_s}, ReasoningPart{.text = {}, .opaque = {u"redacted"_s}},
                               TextPart{u" So."_s}})}),
            expected);
    }

    void opaqueDataGoesOnlyToTheServerThatMadeIt_data()
    {
        QTest::addColumn<QString>("dialect");
        QTest::addColumn<QString>("provider");
        QTest::addColumn<bool>("goes");
        QTest::newRow("the same") << u"anthropic"_s << u"here"_s << true;
        QTest::newRow("another dialect") << u"gemini"_s << u"here"_s << false;
        QTest::newRow("another server") << u"anthropic"_s << u"there"_s << false;
    }

    void opaqueDataGoesOnlyToTheServerThatMadeIt()
    {
        QFETCH(QString, dialect);
        QFETCH(QString, provider);
        QFETCH(bool, goes);
        const QList<Message> messages{
            said(u"Why?"_s),
            answer({ReasoningPart{.text = u"Hm."_s, .opaque = {u"sig"_s}},
                    ReasoningPart{.text = {}, .opaque = {u"redacted"_s}}, TextPart{u"Because."_s}})};
        QList<ContentPart> expected{
            content::Reasoning{u"Hm."_s, goes ? QStringList{u"sig"_s} : QStringList()}};
        if (goes)
            expected.append(content::Reasoning{{}, {u"redacted"_s}});
        expected.append(content::Text{u"Because."_s});
        QCOMPARE_EQ(rivulet::historyOf(messages, asked(dialect, provider)).constLast(), assistant(expected));
    }

    void aCallIsFollowedByItsResultAndWhatWasSaidToThat()
    {
        const QList<ChatMessage> expected{
            user({content::Text{u"Look."_s}}), assistant({content::Text{u"I look."_s}, sentCall(u"c"_s)}),
            user({sentResult(u"c"_s)}), assistant({content::Text{u"A river."_s}}),
            user({content::Text{u"Thanks."_s}})};
        QCOMPARE_EQ(historyOf({said(u"Look."_s),
                               answer({TextPart{u"I look."_s}, call(0, u"c"_s), result(u"c"_s),
                                       TextPart{u"A river."_s}}),
                               said(u"Thanks."_s)}),
                    expected);
    }

    void callsOfOneRoundKeepTheirResultsTogetherHoweverLateTheyCome()
    {
        const QList<ChatMessage> expected{assistant({sentCall(u"c"_s), sentCall(u"d"_s)}),
                                          user({sentResult(u"d"_s), sentResult(u"c"_s)}),
                                          assistant({content::Text{u"Both."_s}})};
        QCOMPARE_EQ(historyOf({answer({call(0, u"c"_s), call(1, u"d"_s), result(u"d"_s), TextPart{u"Both."_s},
                                       result(u"c"_s)})}),
                    expected);
    }

    void aCallMadeAfterAResultIsAnotherRound()
    {
        const QList<ChatMessage> expected{
            assistant({sentCall(u"c"_s)}),
            user({sentResult(u"c"_s)}),
            assistant({content::Reasoning{u"Hm."_s, {}}, sentCall(u"d"_s)}),
            user({sentResult(u"d"_s)}),
        };
        QCOMPARE_EQ(historyOf({answer({call(0, u"c"_s), result(u"c"_s), ReasoningPart{u"Hm."_s},
                                       call(1, u"d"_s), result(u"d"_s)})}),
                    expected);
    }

    void resultsAndTheNextWordsOfTheUserAreOneMessage()
    {
        const QList<ChatMessage> expected{assistant({sentCall(u"c"_s)}),
                                          user({sentResult(u"c"_s), content::Text{u"And?"_s}})};
        QCOMPARE_EQ(historyOf({answer({call(0, u"c"_s), result(u"c"_s)}), said(u"And?"_s)}), expected);
    }

    void unfinishedCallsStayBehind_data()
    {
        QTest::addColumn<QList<Part>>("parts");
        QTest::newRow("without a result") << QList<Part>{call(0, u"c"_s)};
        QTest::newRow("cut off") << QList<Part>{call(0, u"c"_s, {})};
        QTest::newRow("with a preliminary result") << QList<Part>{
            call(0, u"c"_s), ToolResultPart{.id = u"c"_s, .content = u"10 %"_s, .preliminary = true}};
        QTest::newRow("a result of no call") << QList<Part>{result(u"c"_s)};
        QTest::newRow("a result before its call") << QList<Part>{result(u"c"_s), call(0, u"c"_s)};
        QTest::newRow("of another name, without ids")
            << QList<Part>{call(0, {}), ToolResultPart{.id = {}, .name = u"listen"_s}};
    }

    void unfinishedCallsStayBehind()
    {
        QFETCH(QList<Part>, parts);
        const QList<ChatMessage> expected{user({content::Text{u"One.\n\nTwo."_s}})};
        QCOMPARE_EQ(historyOf({said(u"One."_s), answer(parts), said(u"Two."_s)}), expected);
        const QList<ChatMessage> beside{assistant({content::Text{u"So."_s}})};
        QCOMPARE_EQ(historyOf({answer(parts + QList<Part>{TextPart{u"So."_s}})}), beside);
    }

    void aCallHasOneResult()
    {
        const QList<ChatMessage> expected{
            assistant({sentCall(u"c"_s), sentCall(u"c"_s)}),
            user({sentResult(u"c"_s, u"first"_s), sentResult(u"c"_s, u"second"_s)})};
        QCOMPARE_EQ(historyOf({answer({call(0, u"c"_s), call(1, u"c"_s), result(u"c"_s, u"first"_s),
                                       result(u"c"_s, u"second"_s), result(u"c"_s, u"third"_s)})}),
                    expected);
    }

    void aCallThatGaveAResultHasArguments()
    {
        QCOMPARE_EQ(historyOf({answer({call(0, u"c"_s, {}), result(u"c"_s)})}).constFirst(),
                    assistant({sentCall(u"c"_s, u"{}"_s)}));
    }

    void thoughtsAloneAreNoMessage()
    {
        const QList<ChatMessage> expected{user({content::Text{u"One.\n\nTwo."_s}})};
        QCOMPARE_EQ(
            historyOf({said(u"One."_s), answer({ReasoningPart{.text = u"Hm."_s, .opaque = {u"sig"_s}}}),
                       said(u"Two."_s)}),
            expected);
    }

    void whatOnlyPeopleReadStaysBehind()
    {
        const QList<ChatMessage> expected{assistant({content::Text{u"a river"_s}})};
        QCOMPARE_EQ(historyOf({answer({StatusPart{u"plan"_s}, TextPart{u"a "_s}, ArtifactPart{u"a"_s},
                                       TextPart{u"river"_s}})}),
                    expected);
    }

    void questionsOfTheLastAnswerGoBackWithTheirCallsAndWhatTheUserSaid()
    {
        const QString context = u"ctx"_s;
        ApprovalPart question{.id = u"q"_s, .name = u"look"_s, .call = u"c"_s, .context = context};
        const content::Approval open{.id = u"q"_s, .call = u"c"_s, .context = context};
        content::Approval decided = open;
        decided.allowed = false;
        decided.reason = u"Not now."_s;
        const auto sent = [&](const QString &dialect = u"anthropic"_s) {
            return rivulet::historyOf(
                {said(u"Look."_s), answer({TextPart{u"May I?"_s}, call(0, u"c"_s), question})},
                asked(dialect));
        };
        QCOMPARE_EQ(sent().constLast(), assistant({content::Text{u"May I?"_s}, sentCall(u"c"_s), open}));
        question.answer = ApprovalPart::Answer::Denied;
        question.reason = u"Not now."_s;
        QCOMPARE_EQ(sent().constLast(), assistant({content::Text{u"May I?"_s}, sentCall(u"c"_s), decided}));
        question.answer = ApprovalPart::Answer::AllowedAlways;
        question.reason.clear();
        decided = open;
        decided.allowed = true;
        QCOMPARE_EQ(sent().constLast(), assistant({content::Text{u"May I?"_s}, sentCall(u"c"_s), decided}));

        QCOMPARE_EQ(sent(u"gemini"_s).constLast(), assistant({content::Text{u"May I?"_s}}));
        QCOMPARE_EQ(historyOf({answer({TextPart{u"May I?"_s}, call(0, u"c"_s), question}), said(u"Well?"_s),
                               answer({TextPart{u"Hm."_s}})})
                        .constFirst(),
                    assistant({content::Text{u"May I?"_s}}));
    }

    void agentsAreKeptApart()
    {
        const QList<ChatMessage> expected{assistant({content::Text{u"Ada says.\n\nBob says."_s}})};
        QCOMPARE_EQ(
            historyOf({answer({TextPart{u"Ada says."_s, u"ada"_s}, TextPart{u"Bob says."_s, u"bob"_s}})}),
            expected);
    }

    void aRequestSaysWhoAsksWhatOfWhom()
    {
        const ChatRequest request = requestFor({said(u"Why?"_s)}, asked());
        QCOMPARE(request.model, u"model-1"_s);
        QCOMPARE(request.conversation, u"7"_s);
        QCOMPARE(request.exchange, u"20"_s);
        QVERIFY(request.session.isEmpty());
        QCOMPARE_EQ(request.messages, historyOf({said(u"Why?"_s)}));
    }

    void theSessionIsThatOfTheNewestAnswerThatHasOne()
    {
        Message first = answer({TextPart{u"a"_s}});
        first.session = u"thread-1"_s;
        Message second = answer({TextPart{u"b"_s}});
        second.session = u"thread-2"_s;
        const Message third = answer({TextPart{u"c"_s}});
        const QList<Message> branch{said(u"1"_s), first, said(u"2"_s), second,
                                    said(u"3"_s), third, said(u"4"_s)};
        QCOMPARE(requestFor(branch, asked()).session, u"thread-2"_s);
        QVERIFY(requestFor(branch, asked(u"gemini"_s)).session.isEmpty());
        QVERIFY(requestFor(branch, asked(u"anthropic"_s, u"there"_s)).session.isEmpty());
    }
};

QTEST_APPLESS_MAIN(tst_ChatHistory)
#include "tst_chathistory.moc"
