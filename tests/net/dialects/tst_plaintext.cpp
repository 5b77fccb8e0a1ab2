// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/splits.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

HttpRequest requestFor(const ChatRequest &chat, const QByteArray &key = {})
{
    return std::get<HttpRequest>(
        makeDialect(DialectId::PlainText)->open(chat, {.baseUrl = QUrl(u"http://h/ask"_s), .apiKey = key}));
}

QJsonObject bodyOf(const ChatRequest &chat)
{
    return QJsonDocument::fromJson(requestFor(chat).body).object();
}

Answer answerOf(const QByteArray &body, const QByteArray &type = "text/plain; charset=utf-8")
{
    return read({body}, successfulHead(type), DialectId::PlainText);
}

} // namespace

class tst_PlainText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Requests

    void aRequestServesChatsAndCompletions()
    {
        const HttpRequest request = requestFor({.model = u"m"_s,
                                                .system = u"Be brief."_s,
                                                .messages = {{ChatRole::User, u"a"_s},
                                                             {ChatRole::Assistant, u"b "_s},
                                                             {ChatRole::User, u"c"_s}}},
                                               "key-1");
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url, QUrl(u"http://h/ask"_s));
        QVERIFY(request.headers.contains({"Authorization", "Bearer key-1"}));
        QCOMPARE(QString::fromUtf8(request.body),
                 uR"({"messages":[{"content":"Be brief.","role":"system"},{"content":"a","role":"user"},)"
                 uR"({"content":"b ","role":"assistant"},{"content":"c","role":"user"}],"model":"m",)"
                 uR"("prompt":"c","stream":true})"_s);
    }

    void whatTextCannotSayIsLeftOut()
    {
        const QJsonArray messages = bodyOf({.messages = {{ChatRole::User, u"a"_s},
                                                         {ChatRole::Assistant,
                                                          {content::Reasoning{u"hm"_s, {}},
                                                           content::ToolCall{u"1"_s, u"f"_s, u"{\"x\":"_s}}},
                                                         {ChatRole::User, u"b"_s}}})["messages"_L1]
                                        .toArray();
        QCOMPARE(messages.size(), 2);
        QCOMPARE(messages.at(1)["content"_L1].toString(), u"b"_s);
    }

    void filesGoAsTextAndImagesAsParts()
    {
        const content::Attachment notes{u"n.txt"_s, "text/plain", "hi"};
        const content::Attachment image{u"i.png"_s, "image/png", "x"};
        const QJsonObject withText = bodyOf({.messages = {{ChatRole::User, {content::Text{u"Q"_s}, notes}}}});
        QCOMPARE(withText["messages"_L1][0]["content"_L1].toString(), u"Q\n\nn.txt:\n```\nhi\n```\n"_s);
        const QJsonObject withImage =
            bodyOf({.messages = {{ChatRole::User, {content::Text{u"Q"_s}, image}}}});
        QCOMPARE(withImage["messages"_L1][0]["content"_L1][0]["text"_L1].toString(), u"Q"_s);
        QCOMPARE(withImage["messages"_L1][0]["content"_L1][1]["image_url"_L1]["url"_L1].toString(),
                 u"data:image/png;base64,eA=="_s);
    }

    // Answers

    void theBodyIsTheAnswer()
    {
        const QByteArray body = "# T\n\n{\"not\":\"json\"} <b>x</b> data: 1 \U0001F600\n";
        everySplit(body, [&](const Split &split) {
            const Answer answer = read(split.pieces, successfulHead("text/plain"), DialectId::PlainText);
            QCOMPARE(answer.joined<event::Text>().toUtf8(), body);
            QCOMPARE(answer.completeness, Completeness::Complete);
        });
    }

    void aBrokenConnectionIsNotComplete()
    {
        ResponseReader reader(makeDialect(DialectId::PlainText));
        StreamEvents events;
        reader.head(successfulHead("text/plain"));
        reader.feed("half [", events);
        reader.finish(ResponseReader::End::Broken, events);
        QCOMPARE(reader.completeness(), Completeness::Open);
        coalesce(events);
        QCOMPARE(events.size(), 1);
        QCOMPARE(std::get<event::Text>(events.first().payload).text, u"half ["_s);
    }

    void aServersRemarkAtTheEndIsNoText_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("failed");
        QTest::newRow("interrupted") << "a\n\n[Stream interrupted. Partial response returned.]\n"_ba << u"a"_s
                                     << true;
        QTest::newRow("error") << "a[STREAM-ERROR]"_ba << u"a"_s << true;
        QTest::newRow("complete") << "a\n[STREAM-COMPLETE]"_ba << u"a"_s << false;
        QTest::newRow("not at the end")
            << "[STREAM-ERROR] is a word"_ba << u"[STREAM-ERROR] is a word"_s << false;
        QTest::newRow("cut") << "a [Stream interr"_ba << u"a [Stream interr"_s << false;
        QTest::newRow("a list") << "[[1], [S"_ba << u"[[1], [S"_s << false;
        QTest::newRow("two") << "a [STREAM [STREAM-ERROR]"_ba << u"a [STREAM"_s << true;
        QTest::newRow("space at the end") << "a\n\n\n\n\n\n"_ba << u"a\n\n\n\n\n\n"_s << false;
        QTest::newRow("too long to be one")
            << QByteArray("[STREAM-ERROR " + QByteArray(300, 'x') + ']')
            << QString(u"[STREAM-ERROR "_s + QString(300, u'x') + u']') << false;
    }

    void aServersRemarkAtTheEndIsNoText()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, text);
        QFETCH(bool, failed);
        everySplit(body, [&](const Split &split) {
            const Answer answer = read(split.pieces, successfulHead("text/plain"), DialectId::PlainText);
            QCOMPARE(answer.joined<event::Text>(), text);
            QCOMPARE(answer.completeness, failed ? Completeness::Failed : Completeness::Complete);
        });
    }

    void eventsHoldPiecesInSeveralForms_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("bare") << "data: Hi\n\ndata:  \"you\"\n\n"_ba;
        QTest::newRow("quoted") << "data: \"Hi\"\n\ndata: \" \\\"you\\\"\"\n\n"_ba;
        QTest::newRow("text") << "data: {\"text\":\"Hi\"}\n\ndata: {\"text\":\" \\\"you\\\"\"}\n\n"_ba;
        QTest::newRow("named") << "event: token\ndata: {\"token\":\"Hi\"}\n\nevent: ping\ndata: 1\n\n"
                                  "event: token\ndata: {\"token\":\" \\\"you\\\"\"}\n\nevent: done\ndata: "
                                  "{\"done\":true}\n\n"_ba;
        QTest::newRow("with a marker") << "data: Hi\n\ndata:  \"you\"\n\ndata: [DONE]\n\ndata: late\n\n"_ba;
        QTest::newRow("chat chunks") << "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n"
                                        "data: {\"choices\":[{\"delta\":{\"content\":\" \\\"you\\\"\"}}]}\n\n"
                                        "data: [DONE]\n\n"_ba;
    }

    void eventsHoldPiecesInSeveralForms()
    {
        QFETCH(QByteArray, body);
        everySplit(body, [&](const Split &split) {
            const Answer answer = read(split.pieces, successfulHead(), DialectId::PlainText);
            QCOMPARE(answer.joined<event::Text>(), u"Hi \"you\""_s);
            QCOMPARE(answer.completeness, Completeness::Complete);
        });
    }

    void errorsAmongTheEventsAreFailures_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::newRow("object") << "data: {\"error\":\"no more\"}\n\n"_ba;
        QTest::newRow("named") << "event: error\ndata: no more\n\n"_ba;
        QTest::newRow("typed") << "data: {\"type\":\"error\",\"message\":\"no more\"}\n\n"_ba;
    }

    void errorsAmongTheEventsAreFailures()
    {
        QFETCH(QByteArray, event);
        const Answer answer = answerOf("data: a\n\n" + event + "data: [DONE]\n\n", "text/event-stream");
        QCOMPARE(answer.joined<event::Text>(), u"a"_s);
        QCOMPARE(answer.last<event::Failed>().error.message, u"no more"_s);
        QCOMPARE(answer.completeness, Completeness::Failed);
    }

    void aDocumentIsAnAnswerGivenAtOnce_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("string") << "\"Hi\""_ba;
        QTest::newRow("object") << R"({"text":"Hi"})"_ba;
        QTest::newRow("response") << R"({"response":"Hi","done":true})"_ba;
    }

    void aDocumentIsAnAnswerGivenAtOnce()
    {
        QFETCH(QByteArray, body);
        const Answer answer = answerOf(body, "application/json");
        QCOMPARE(answer.joined<event::Text>(), u"Hi"_s);
        QCOMPARE(answer.completeness, Completeness::Complete);
    }

    void aPageIsNoAnswer()
    {
        QCOMPARE(answerOf("<html><title>Sign in</title></html>", "text/html").completeness,
                 Completeness::Failed);
    }
};

QTEST_APPLESS_MAIN(tst_PlainText)
#include "tst_plaintext.moc"
