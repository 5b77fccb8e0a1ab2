// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/limits.h"
#include "tests/net/dialects/answer.h"
#include "tests/support/splits.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray hello = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";
const QByteArray done = "data: [DONE]\n\n";

} // namespace

class tst_ResponseReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBodyIsWhatItsFirstByteSays_data()
    {
        QTest::addColumn<QByteArray>("contentType");
        QTest::addColumn<QByteArray>("body");
        const QByteArray document = R"({"choices":[{"message":{"content":"Hi"}}]})";
        const QByteArray stream = hello + done;
        const QByteArray marked = "\xEF\xBB\xBF" + document;
        QTest::newRow("events") << "text/event-stream; charset=utf-8"_ba << stream;
        QTest::newRow("events without a type") << ""_ba << stream;
        QTest::newRow("events as JSON") << "application/json"_ba << stream;
        QTest::newRow("events as text") << "text/plain"_ba << stream;
        QTest::newRow("a document") << "application/json"_ba << document;
        QTest::newRow("a document as events") << "text/event-stream"_ba << document;
        QTest::newRow("a document after white space")
            << "application/json"_ba << QByteArray(" \r\n\n\t " + document);
        QTest::newRow("a document after a BOM") << "application/json"_ba << marked;
        QTest::newRow("events after white space") << "text/event-stream"_ba << QByteArray("\n\r\n" + stream);
        QTest::newRow("chunks in a list") << "application/json"_ba << QByteArray("[" + document + "]");
    }

    void aBodyIsWhatItsFirstByteSays()
    {
        QFETCH(QByteArray, contentType);
        QFETCH(QByteArray, body);
        everySplit(body, [&](const Split &split) {
            const Answer answer = read(split.pieces, successfulHead(contentType));
            QVERIFY2(answer.joined<event::Text>() == u"Hi"_s, split.name.constData());
            QCOMPARE(answer.completeness, Completeness::Complete);
        });
    }

    void aStreamThatIsNotThereToBeJoinedIsNoEmptyAnswer_data()
    {
        QTest::addColumn<QString>("dialect");
        QTest::addColumn<ResumeToken>("token");
        const QList<std::pair<QString, ResumeToken>> tokens{
            {u"vercel-ui"_s, {.stream = u"chat"_s, .cursor = u"3"_s}},
            {u"langgraph"_s, {.stream = u"/threads/t/runs/r"_s, .cursor = u"7"_s}},
            {u"mcp-sse"_s, {.stream = u"2025-06-18 s"_s, .cursor = u"7"_s}},
            {u"openai-responses"_s, {.stream = u"resp_1"_s, .cursor = u"7"_s}},
        };
        for (const auto &[dialect, token] : tokens)
            QTest::newRow(qPrintable(dialect)) << dialect << token;
    }

    void aStreamThatIsNotThereToBeJoinedIsNoEmptyAnswer()
    {
        QFETCH(QString, dialect);
        QFETCH(ResumeToken, token);
        const Endpoint endpoint{.baseUrl = QUrl(u"https://h.example/api"_s)};
        struct Nothing
        {
            int status = 200;
            QByteArray type;
            QByteArray body;
        };
        for (const Nothing &nothing :
             {Nothing{204, {}, {}}, Nothing{200, "text/event-stream", {}}, Nothing{200, {}, "\n\n"},
              Nothing{200, "text/event-stream", ": ping\n\n: ping\n\n"}}) {
            ResponseReader reader(makeDialect(*dialectFromName(dialect)));
            QVERIFY(reader.resume(token, endpoint));
            Answer answer;
            reader.head({.status = nothing.status, .contentType = nothing.type, .headers = {}});
            reader.feed(nothing.body, answer.events);
            reader.finish(ResponseReader::End::Clean, answer.events);
            QCOMPARE(reader.completeness(), Completeness::Failed);
            QCOMPARE(answer.events.size(), 1);
            QCOMPARE(answer.last<event::Failed>().error.code, nothingToResume);
            QCOMPARE(answer.last<event::Failed>().error.status, nothing.status);
        }
    }

    void aJoinedStreamThatSaysSomethingIsRead()
    {
        ResponseReader reader(makeDialect(DialectId::VercelUi));
        QVERIFY(reader.resume({.stream = u"chat"_s, .cursor = u"1"_s},
                              {.baseUrl = QUrl(u"https://h.example/api"_s)}));
        Answer answer;
        reader.head(successfulHead());
        reader.feed(": ping\n\ndata: {\"type\":\"start\"}\n\n", answer.events);
        reader.finish(ResponseReader::End::Clean, answer.events);
        // All of it was read before: nothing new, and nothing wrong.
        QCOMPARE(answer.events, StreamEvents());
        QCOMPARE(reader.completeness(), Completeness::Open);

        ResponseReader broken(makeDialect(DialectId::VercelUi));
        QVERIFY(broken.resume({.stream = u"chat"_s, .cursor = u"1"_s},
                              {.baseUrl = QUrl(u"https://h.example/api"_s)}));
        broken.head(successfulHead());
        broken.finish(ResponseReader::End::Broken, answer.events);
        QVERIFY(answer.last<event::Failed>().error.code != nothingToResume);
    }

    void aFailingStatusIsAnErrorWhateverItsBody()
    {
        const Answer answer = read({R"({"error":{"message":"no such model","code":"model_not_found"}})"},
                                   {.status = 404, .contentType = "text/event-stream", .headers = {}});
        QCOMPARE(answer.lines(),
                 QStringList{uR"({"event":"failed","kind":"invalid_request","status":404,)"
                             uR"("code":"model_not_found","message":"no such model"})"_s});
        QCOMPARE(answer.completeness, Completeness::Failed);
    }

    void aFailingStatusWithAPageNamesItsTitle()
    {
        const Answer answer = read({"<html><title>Not Found</title></html>"},
                                   {.status = 404, .contentType = "text/html", .headers = {}});
        QCOMPARE(answer.last<event::Failed>().error.message, u"Not Found"_s);
    }

    void theBodyOfAFailureIsReadUpToABound()
    {
        ResponseReader reader(makeDialect(DialectId::OpenAiChat));
        StreamEvents events;
        reader.head({.status = 500, .contentType = "text/plain", .headers = {}});
        const QByteArray piece(limits::MiB, 'x');
        for (int i = 0; i < 100; ++i)
            reader.feed(piece, events);
        reader.finish(ResponseReader::End::Clean, events);
        QCOMPARE(events.size(), 1);
        QVERIFY(std::get<event::Failed>(events.first().payload).error.message.startsWith("xxx"_L1));
    }

    void theWaitThatTheServerAsksForIsKept()
    {
        const Answer answer = read({}, {.status = 503, .contentType = {}, .headers = {{"retry-after", "3"}}});
        QVERIFY(answer.last<event::Failed>().error.retryAfter == std::chrono::seconds(3));
    }

    void foreignBodiesAreExplained_data()
    {
        QTest::addColumn<QByteArray>("contentType");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("words");
        QTest::newRow("nothing") << "text/event-stream"_ba << ""_ba << u"empty"_s;
        QTest::newRow("white space") << "text/event-stream"_ba << " \n\n\t"_ba << u"empty"_s;
        QTest::newRow("a page") << "text/html"_ba << "<html><TITLE>Log in</TITLE>"_ba << u"Log in"_s;
        QTest::newRow("a page as events")
            << "text/event-stream"_ba << "  <!doctype html><title>Bad Gateway</title>"_ba << u"Bad Gateway"_s;
        QTest::newRow("text") << "text/plain"_ba << "upstream connect error"_ba
                              << u"upstream connect error"_s;
        QTest::newRow("another protocol")
            << "text/event-stream"_ba
            << "event: message_start\ndata: {\"type\":\"message_start\"}\n\n"_ba << u"message_start"_s;
        QTest::newRow("cut JSON") << "application/json"_ba << "{\"choices\":["_ba << u"{\"choices\":["_s;
    }

    void foreignBodiesAreExplained()
    {
        QFETCH(QByteArray, contentType);
        QFETCH(QByteArray, body);
        QFETCH(QString, words);
        everySplit(body, [&](const Split &split) {
            const Answer answer = read(split.pieces, successfulHead(contentType));
            const NetError error = answer.last<event::Failed>().error;
            QCOMPARE(toName(error.kind), toName(NetError::Kind::Protocol));
            QVERIFY2(error.message.contains(words), qPrintable(error.message));
            QCOMPARE(answer.completeness, Completeness::Failed);
        });
    }

    void theBeginningOfALongForeignBodyIsKept()
    {
        const QByteArray body = "upstream " + QByteArray("word ").repeated(5000);
        const NetError error = read({body}, successfulHead("text/plain"_ba)).last<event::Failed>().error;
        QCOMPARE_GT(error.message.size(), 4000);
        QCOMPARE_LE(error.message.size(), qsizetype(limits::errorMessage));
        QVERIFY(error.message.contains(u"upstream word word"_s) && error.message.endsWith(u'…'));
    }

    void aStreamCutBeforeItsFirstEventIsNotForeign()
    {
        for (const QByteArrayView part :
             {"d", "data", "data: {\"choi", ": ping", "event: x\n", "id: 4\nda", "\n\ndata:", "err"})
            QCOMPARE(read({part}).completeness, Completeness::Open);
    }

    void keepAlivesAloneAreNotForeign()
    {
        QCOMPARE(read({": ping\n\n: ping\n\n"}).completeness, Completeness::Open);
    }

    void anEventIsReadAsSoonAsItIsWhole()
    {
        ResponseReader reader(makeDialect(DialectId::OpenAiChat));
        StreamEvents events;
        reader.head(successfulHead());
        reader.feed(QByteArrayView(hello).chopped(1), events);
        QVERIFY(events.isEmpty());
        reader.feed("\n", events);
        QCOMPARE(events.size(), 1);
        QCOMPARE(reader.completeness(), Completeness::Open);
        reader.feed(done, events);
        QCOMPARE(reader.completeness(), Completeness::Complete);
    }

    void aLineWithoutAnEndIsCutAtTheBound()
    {
        ResponseReader reader(makeDialect(DialectId::OpenAiChat));
        StreamEvents events;
        reader.head(successfulHead());
        reader.feed("data: ", events);
        const QByteArray piece(limits::MiB, 'x');
        for (int i = 0; i < 70; ++i)
            reader.feed(piece, events);
        reader.finish(ResponseReader::End::Clean, events);
        QCOMPARE(events.size(), 1);
        QCOMPARE(toName(std::get<event::Failed>(events.first().payload).error.kind),
                 toName(NetError::Kind::TooLarge));
        QCOMPARE(reader.completeness(), Completeness::Failed);
    }

    void aDocumentWithoutAnEndIsCutAtTheBound()
    {
        ResponseReader reader(makeDialect(DialectId::OpenAiChat));
        StreamEvents events;
        reader.head(successfulHead("application/json"));
        reader.feed("{\"a\":\"", events);
        const QByteArray piece(limits::MiB, 'x');
        for (int i = 0; i < 70; ++i)
            reader.feed(piece, events);
        QCOMPARE(toName(std::get<event::Failed>(events.last().payload).error.kind),
                 toName(NetError::Kind::TooLarge));
    }

    void tenMegabytesWithoutALineEndAreAnswered()
    {
        const QByteArray text(10'000'000, 'x');
        const QByteArray body = "data: {\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}";
        const Answer answer = read(piecesOf(body, 4096));
        QCOMPARE(answer.joined<event::Text>().size(), text.size());
    }
};

QTEST_APPLESS_MAIN(tst_ResponseReader)
#include "tst_responsereader.moc"
