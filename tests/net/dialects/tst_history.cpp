// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/attachment.h"
#include "net/dialects/history.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

namespace {

content::ToolCall call(const QString &id, const QString &arguments = u"{}"_s)
{
    return {.id = id, .name = u"f"_s, .arguments = arguments};
}

content::ToolResult result(const QString &id)
{
    return {.id = id, .name = u"f"_s, .content = u"r"_s, .isError = false};
}

} // namespace

class tst_History : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCallGoesBackOnlyWithItsResult()
    {
        const QList<ChatMessage> messages{
            {ChatRole::User, u"q"_s},
            {ChatRole::Assistant, {content::Text{u"t"_s}, call(u"1"_s), call(u"2"_s)}},
            {ChatRole::User, {result(u"1"_s), result(u"3"_s)}}};
        const QList<ChatMessage> kept = answerableHistory(messages);
        QCOMPARE(kept.size(), 3);
        QCOMPARE(kept[1].parts, (QList<ContentPart>{content::Text{u"t"_s}, call(u"1"_s)}));
        QCOMPARE(kept[2].parts, QList<ContentPart>{result(u"1"_s)});
    }

    void aCallThatWasCutOffGoesWithItsResult()
    {
        const QList<ChatMessage> messages{
            {ChatRole::User, u"q"_s},
            {ChatRole::Assistant, QList<ContentPart>{call(u"1"_s, u"{\"a\":"_s)}},
            {ChatRole::User, {result(u"1"_s), content::Text{u"go on"_s}}}};
        const QList<ChatMessage> kept = answerableHistory(messages);
        QCOMPARE(kept.size(), 2);
        QCOMPARE(kept[1].parts, QList<ContentPart>{content::Text{u"go on"_s}});
    }

    void thoughtsAloneAreNoMessage()
    {
        const QList<ChatMessage> messages{
            {ChatRole::User, u"q"_s},
            {ChatRole::Assistant, QList<ContentPart>{content::Reasoning{u"hm"_s, {}}, content::Text{}}}};
        QCOMPARE(answerableHistory(messages).size(), 1);
    }

    void resultsFollowTheMessageThatMadeTheirCalls()
    {
        const QList<ContentPart> before{content::Text{u"I look."_s}, call(u"1"_s), call(u"2"_s)};
        const QList<ContentPart> after{content::Text{u"I see."_s}, call(u"3"_s)};
        const QList<ChatMessage> messages{
            {ChatRole::User, u"q"_s},
            {ChatRole::Assistant,
             before + QList<ContentPart>{result(u"2"_s)} + after
                 + QList<ContentPart>{result(u"3"_s), result(u"1"_s), content::Text{u"Done."_s}}}};
        const QList<ChatMessage> expected{{ChatRole::User, u"q"_s},
                                          {ChatRole::Assistant, before},
                                          {ChatRole::User, {result(u"1"_s), result(u"2"_s)}},
                                          {ChatRole::Assistant, after},
                                          {ChatRole::User, QList<ContentPart>{result(u"3"_s)}},
                                          {ChatRole::Assistant, u"Done."_s}};
        QCOMPARE(inRounds(messages), expected);
        QCOMPARE(inRounds(expected), expected);
    }

    void resultsOfOtherMessagesCallsStay()
    {
        const QList<ChatMessage> messages{{ChatRole::Assistant, QList<ContentPart>{call(u"1"_s)}},
                                          {ChatRole::Assistant, {result(u"1"_s), content::Text{u"t"_s}}}};
        const QList<ChatMessage> rounds = inRounds(messages);
        QCOMPARE(rounds.size(), 3);
        QCOMPARE(rounds[1].parts, QList<ContentPart>{result(u"1"_s)});
        QCOMPARE(rounds[1].role, ChatRole::User);
        QCOMPARE(rounds[2].text(), u"t"_s);
    }

    void resultsAreNoWordsOfTheUser()
    {
        QVERIFY(hasOwnWords({ChatRole::User, u"q"_s}));
        QVERIFY(!hasOwnWords({ChatRole::User, QList<ContentPart>{result(u"1"_s)}}));
    }

    void filesAreToldApartByTheirType()
    {
        const auto file = [](const QByteArray &type) {
            return content::Attachment{.name = u"x"_s, .mediaType = type, .data = "ab"};
        };
        QVERIFY(isImage(file("image/png")));
        QVERIFY(!isImage(file("text/plain")));
        QVERIFY(isTextFile(file("text/x-c++src")));
        QVERIFY(isTextFile(file("application/json")));
        QVERIFY(!isTextFile(file("application/pdf")));
        QCOMPARE(dataUrl(file("image/png")), u"data:image/png;base64,YWI="_s);
    }

    void aTextFileIsFencedLongerThanWhatItHolds()
    {
        QCOMPARE(asText({.name = u"a.md"_s, .mediaType = "text/markdown", .data = "x\n````\ny"}),
                 u"a.md:\n`````\nx\n````\ny\n`````\n"_s);
    }
};

QTEST_APPLESS_MAIN(tst_History)
#include "tst_history.moc"
