// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/sseparser.h"
#include "tests/support/fixtures.h"
#include "tests/support/splits.h"

#include <QtCore/QFileInfo>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// A frame that outlives its sink.
struct KeptFrame
{
    QByteArray type;
    QByteArray data;
    QByteArray id;
    bool unterminated = false;

    friend bool operator==(const KeptFrame &, const KeptFrame &) = default;
};

using KeptFrames = QList<KeptFrame>;

char *toString(const KeptFrame &frame)
{
    return QTest::toString(u"{%1 | %2 | %3%4}"_s.arg(
        QString::fromUtf8(frame.type), QString::fromUtf8(frame.data), QString::fromUtf8(frame.id),
        frame.unterminated ? u" unterminated"_s : QString()));
}

QByteArray owned(std::string_view bytes)
{
    return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::string_view lent(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

// A parser with its frames.
struct Stream
{
    SseParser parser;
    KeptFrames frames;

    explicit Stream(const SseOptions &options = {}) : parser(options) {}

    void take(const Frame &frame)
    {
        frames.append({owned(frame.type), owned(frame.data), owned(frame.id), frame.unterminated});
    }
    // Each piece lives only while it is fed: a view kept beyond it would be noticed by a sanitizer.
    void feed(QByteArrayView bytes)
    {
        const QByteArray piece = bytes.toByteArray();
        parser.feed(lent(piece), [this](const Frame &frame) { take(frame); });
    }
    void finish()
    {
        parser.finish([this](const Frame &frame) { take(frame); });
    }
};

KeptFrame message(const QByteArray &data, const QByteArray &id = {})
{
    return {"message", data, id, false};
}

} // namespace

class tst_SseParser : public QObject
{
    Q_OBJECT

private:
    // Every split of `bytes` gives exactly `expected`.
    static void expectFrames(QByteArrayView bytes, const KeptFrames &expected, const SseOptions &options = {})
    {
        everySplit(bytes, [&](const Split &split) {
            Stream stream(options);
            for (const QByteArrayView piece : split.pieces)
                stream.feed(piece);
            stream.finish();
            if (stream.frames != expected) {
                qWarning("%s", split.name.constData());
                QCOMPARE(stream.frames, expected);
            }
            QCOMPARE(stream.parser.error(), FrameError::None);
        });
    }

private Q_SLOTS:
    void framesOfSmallStreams_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<KeptFrames>("expected");
        const auto row = [](const char *name, const QByteArray &bytes, const KeptFrames &expected) {
            QTest::newRow(name) << bytes << expected;
        };
        row("nothing", "", {});
        row("one event", "data: a\n\n", {message("a")});
        row("no space after the colon", "data:a\n\n", {message("a")});
        row("only one space is dropped", "data:  a\n\n", {message(" a")});
        row("a tab is not a space", "data:\ta\n\n", {message("\ta")});
        row("several lines of data", "data: a\ndata: b\n\n", {message("a\nb")});
        row("empty lines of data", "data\ndata:\ndata\n\n", {message("\n\n")});
        row("an event with empty data", "data:\n\n", {message("")});
        row("blank lines alone are no event", "\n\n\r\r\r\n\r\n", {});
        row("lines end with CR", "data: a\rdata: b\r\rdata: c\r\r", {message("a\nb"), message("c")});
        row("lines end with CRLF", "data: a\r\ndata: b\r\n\r\n", {message("a\nb")});
        row("line ends may be mixed", "data: a\rdata: b\ndata: c\r\n\ndata: d\n\r\n",
            {message("a\nb\nc"), message("d")});
        row("an event name", "event: x\ndata: a\n\n", {{"x", "a", "", false}});
        row("the last event name wins", "event: x\nevent: y\ndata: a\n\n", {{"y", "a", "", false}});
        row("an empty event name is the default", "event: x\nevent:\ndata: a\n\n", {message("a")});
        row("an event name lasts for one event", "event: x\ndata: a\n\ndata: b\n\n",
            {{"x", "a", "", false}, message("b")});
        row("a name without data is no event", "event: x\n\ndata: a\n\n", {message("a")});
        row("field names are exact", "Data: a\n data: b\ndat: c\ndatas: d\ndata : e\ndata: f\n\n",
            {message("f")});
        row("comments are not fields", ": c\n:\ndata: a\n:data: b\n\n", {message("a")});
        row("a colon in a value stays", "data: a:b: c\n\n", {message("a:b: c")});
        row("an id lasts until the next", "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n",
            {message("a", "1"), message("b", "1"), message("c", "2")});
        row("an empty id takes it back", "id: 1\ndata: a\n\nid\ndata: b\n\n",
            {message("a", "1"), message("b")});
        row("an id without data counts too", "id: 1\n\ndata: b\n\n", {message("b", "1")});
        row("an id with NUL is ignored", QByteArray("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", 31),
            {message("a", "1"), message("b", "1")});
        row("NUL is data", QByteArray("data: \0\n\n", 9), {message(QByteArray("\0", 1))});
        row("a BOM at the start is dropped",
            "\xEF\xBB\xBF"
            "data: a\n\n",
            {message("a")});
        row("only one BOM is dropped",
            "\xEF\xBB\xBF\xEF\xBB\xBF"
            "data: a\n\ndata: b\n\n",
            {message("b")});
        row("a BOM later is part of a name",
            "data: a\n\n\xEF\xBB\xBF"
            "data: b\n\n",
            {message("a")});
        row("half a BOM is part of a name",
            "\xEF\xBB"
            "data: a\n\ndata: b\n\n",
            {message("b")});
        row("characters of several bytes", "data: \xF0\x9F\xA6\x80\xE2\x82\xAC\n\n",
            {message("\xF0\x9F\xA6\x80\xE2\x82\xAC")});
        row("an event without its blank line", "data: a\n\nid: 7\ndata: b\n",
            {message("a"), {"message", "b", "", true}});
        row("an event without its line end", "data: a\n\ndata: [DONE]",
            {message("a"), {"message", "[DONE]", "", true}});
        row("an unfinished line that is no data", "data: a\n\nevent: x", {message("a")});
        row("an unfinished name does not rename", "event: delta\ndata: a\nevent: er",
            {{"delta", "a", "", true}});
        row("only half a BOM", "\xEF\xBB", {});
        row("error is not a field of the standard", "error: x\n\n", {});
    }

    void framesOfSmallStreams()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(KeptFrames, expected);
        expectFrames(bytes, expected);
    }

    void eventsWithoutDataAreReportedWhereAskedFor()
    {
        const SseOptions options{.datalessEvents = true};
        expectFrames("event: end\n\n\nid: 1\n\n", {{"end", "", "", false}}, options);
        expectFrames("event: end\n", {{"end", "", "", true}}, options);
    }

    void anErrorFieldIsAnErrorEventWhereAskedFor()
    {
        expectFrames("error: {\"code\":500}\n\ndata: a\n\n",
                     {{"error", "{\"code\":500}", "", false}, message("a")}, {.errorField = true});
    }

    void jsonBetweenEventsIsAnEventWhereAskedFor_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<KeptFrames>("expected");
        const auto row = [](const char *name, const QByteArray &bytes, const KeptFrames &expected) {
            QTest::newRow(name) << bytes << expected;
        };
        const QByteArray lines = "{\n  \"error\": {\n    \"code\": 499\n  }\n}";
        row("over several lines", "data: a\n\n" + lines + "\n\ndata: b\n\n",
            {message("a"), message(lines), message("b")});
        row("with CRLF", "data: a\r\n\r\n{\r\n\"a\":1\r\n}\r\n\r\n",
            {message("a"), message("{\n\"a\":1\n}")});
        row("without indentation", "[{\n\"a\":\n[1,\n-2]\n}\n]\n\n", {message("[{\n\"a\":\n[1,\n-2]\n}\n]")});
        row("named", "event: error\n{\"a\":1}\n\n", {{"error", "{\"a\":1}", "", false}});
        row("at the end of the stream", lines + "\n", {{"message", lines, "", true}});
        row("at the very end of the stream", lines, {{"message", lines, "", true}});
        row("in one line at the very end", "data: a\n\n{\"a\":1}",
            {message("a"), {"message", "{\"a\":1}", "", true}});
        row("cut short", "{\n  \"a\"", {{"message", "{\n  \"a\"", "", true}});
        row("followed by a field", "{\"a\":1}\ndata: b\n\n", {message("{\"a\":1}"), message("b")});
        row("followed by a comment", "{\"a\":1}\n: x\n\n", {message("{\"a\":1}")});
        row("inside an event", "data: a\n{\"a\":1}\n\n", {message("a")});
        row("not at the start of a line", " {\"a\":1}\nx{\n\n", {});
    }

    void jsonBetweenEventsIsAnEventWhereAskedFor()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(KeptFrames, expected);
        expectFrames(bytes, expected, {.bareJson = true});
    }

    void jsonBetweenEventsIsNothingElsewhere()
    {
        expectFrames("{\"data\":1}\n\ndata: a\n\n", {message("a")});
    }

    void reconnectionTimeIsTakenFromDigitsOnly()
    {
        Stream stream;
        stream.feed("retry: 1500\n");
        QVERIFY(stream.parser.retry() == 1500ms);
        for (const char *line :
             {"retry: 50x\n", "retry:\n", "retry: -1\n", "retry: +1\n", "retry: 99999999999999999999\n"}) {
            stream.feed(line);
            QVERIFY2(stream.parser.retry() == 1500ms, line);
        }
        stream.feed("retry:0\n");
        QVERIFY(stream.parser.retry() == 0ms);
    }

    void aFrameCarriesTheReconnectionTimeSoFar()
    {
        SseParser parser;
        QList<std::optional<std::chrono::milliseconds>> seen;
        parser.feed("data: a\n\nretry: 20\ndata: b\n\n",
                    [&](const Frame &frame) { seen.append(frame.retry); });
        QCOMPARE(seen.size(), 2);
        QVERIFY(!seen[0]);
        QVERIFY(seen[1] == 20ms);
    }

    void anUnfinishedReconnectionTimeDoesNotCount()
    {
        Stream stream;
        stream.feed("retry: 15");
        stream.finish();
        QVERIFY(!stream.parser.retry());
    }

    void anIdCountsOnceItsEventIsComplete()
    {
        Stream stream;
        stream.feed("id: 1\ndata: a\n\nid: 2\ndata: b\n");
        QCOMPARE(stream.parser.lastEventId(), "1");
        stream.finish();
        QCOMPARE(stream.parser.lastEventId(), "1");
    }

    void commentsAreCounted()
    {
        Stream stream;
        stream.feed(": ping\n\n:");
        QCOMPARE(stream.parser.comments(), 1u);
        stream.feed(" pong\r");
        QCOMPARE(stream.parser.comments(), 2u);
        QVERIFY(stream.frames.isEmpty());
    }

    void anEventIsDispatchedAtItsCrWithoutWaitingForMore()
    {
        Stream stream;
        stream.feed("data: a\r\r");
        QCOMPARE(stream.frames, KeptFrames{message("a")});
        stream.feed("\ndata: b\r\n\r");
        QCOMPARE(stream.frames, (KeptFrames{message("a"), message("b")}));
    }

    void wholeEventsAreLentWithoutACopy()
    {
        const std::string_view bytes = "data: a\n\nevent: x\ndata: bc\n\n";
        SseParser parser;
        parser.feed(bytes, [&](const Frame &frame) {
            QVERIFY(frame.data.data() >= bytes.data() && frame.data.data() < bytes.data() + bytes.size());
        });
    }

    void aLinePastTheBoundIsAnError()
    {
        Stream stream({.maxBytes = 16});
        stream.feed("data: 12345\n\n");
        QCOMPARE(stream.frames.size(), 1);
        stream.feed("data: 0123456789");
        QCOMPARE(stream.parser.error(), FrameError::None);
        stream.feed("x");
        QCOMPARE(stream.parser.error(), FrameError::TooLarge);
    }

    void aWholeLinePastTheBoundIsAnErrorToo()
    {
        Stream stream({.maxBytes = 10});
        stream.feed("data: 1234\n\ndata: 12345\n\n");
        QCOMPARE(stream.frames, KeptFrames{message("1234")});
        QCOMPARE(stream.parser.error(), FrameError::TooLarge);
    }

    void theBoundDoesNotDependOnTheSplit()
    {
        everySplit("data: 1234\n\n: 34567890\n: 345678901\ndata: a\n\n", [](const Split &split) {
            Stream stream({.maxBytes = 10});
            for (const QByteArrayView piece : split.pieces)
                stream.feed(piece);
            QVERIFY2(stream.frames == KeptFrames{message("1234")}, split.name.constData());
            QCOMPARE(stream.parser.comments(), 1u);
            QCOMPARE(stream.parser.error(), FrameError::TooLarge);
        });
    }

    void manyLinesPastTheBoundAreAnError()
    {
        Stream stream({.maxBytes = 16});
        for (int i = 0; i < 4; ++i)
            stream.feed("data: 012\n");
        QCOMPARE(stream.parser.error(), FrameError::None);
        stream.feed("data: 012\n");
        QCOMPARE(stream.parser.error(), FrameError::TooLarge);
    }

    void nothingIsReadAfterAnErrorUntilReset()
    {
        Stream stream({.maxBytes = 8});
        stream.feed("id: 1\ndata: a\n\nretry: 5\ndata: 0123456789\n\ndata: b\n\n");
        stream.feed("data: c\n\n");
        stream.finish();
        QCOMPARE(stream.frames, KeptFrames{message("a", "1")});

        stream.parser.reset();
        QCOMPARE(stream.parser.error(), FrameError::None);
        QVERIFY(stream.parser.lastEventId().empty());
        QVERIFY(!stream.parser.retry());
        stream.feed("\xEF\xBB\xBF"
                    "data: d\n\n");
        QCOMPARE(stream.frames.last(), message("d"));
    }

    void aLongLineWithoutAnEndCostsTimeInProportion()
    {
        const QByteArray megabytes(10'000'000, 'x');
        Stream stream;
        stream.feed("data: ");
        for (const QByteArrayView piece : piecesOf(megabytes, 100))
            stream.parser.feed(lent(piece), [](const Frame &) { QFAIL("nothing is complete yet"); });
        stream.feed("\n\n");
        QCOMPARE(stream.frames.size(), 1);
        QCOMPARE(stream.frames.first().data.size(), megabytes.size());
    }

    void conformanceSuites_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("expectation");
        for (const QString &expectation : fixtureFiles(u"sse-parser"_s, {u"*.expected.json"_s})) {
            const QString input = expectation.chopped(14) + u".sse"_s;
            if (QFileInfo::exists(fixturesDir() + u'/' + input))
                QTest::newRow(qPrintable(QFileInfo(input).fileName())) << input << expectation;
        }
    }

    void conformanceSuites()
    {
        QFETCH(QString, input);
        QFETCH(QString, expectation);
        const QJsonObject expected = QJsonDocument::fromJson(fixture(expectation)).object();
        KeptFrames frames;
        for (const auto &item : expected["events"_L1].toArray())
            frames.append({item["type"_L1].toString().toUtf8(), item["data"_L1].toString().toUtf8(),
                           item["lastEventId"_L1].toString().toUtf8(), false});

        everySplit(fixture(input), [&](const Split &split) {
            Stream stream;
            for (const QByteArrayView piece : split.pieces)
                stream.feed(piece);
            if (stream.frames != frames) {
                qWarning("%s", split.name.constData());
                QCOMPARE(stream.frames, frames);
            }
            QCOMPARE(QByteArray::fromStdString(stream.parser.lastEventId()),
                     expected["lastEventId"_L1].toString().toUtf8());
            const QJsonValue retry = expected["retry"_L1];
            QCOMPARE(stream.parser.retry().has_value(), retry.isDouble());
            if (retry.isDouble())
                QCOMPARE(stream.parser.retry()->count(), retry.toInteger());
        });
    }

    void recordedStreamsReadTheSameHoweverTheyAreCut_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        for (const char *folder :
             {"sse-parser", "openai-chat", "anthropic", "gemini", "mcp", "other-sse", "truncated"}) {
            for (const QString &path : fixtureFiles(QString::fromLatin1(folder), {u"*.sse"_s}))
                QTest::newRow(qPrintable(path)) << path;
        }
    }

    void recordedStreamsReadTheSameHoweverTheyAreCut()
    {
        QFETCH(QString, path);
        const QByteArray bytes = fixture(path);
        Stream whole;
        whole.feed(bytes);
        whole.finish();
        everySplit(bytes,
                   [&](const Split &split) {
                       Stream stream;
                       for (const QByteArrayView piece : split.pieces)
                           stream.feed(piece);
                       stream.finish();
                       QVERIFY2(stream.frames == whole.frames, split.name.constData());
                   },
                   {.singleCuts = 60, .randomSplits = 10});
    }

    void hostileSplitsOfRecordedStreams_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        for (const QString &path : fixtureFiles(u"chunk-splits"_s, {u"*.json"_s})) {
            if (!path.contains("bedrock"_L1) && !path.contains("ollama"_L1))
                QTest::newRow(qPrintable(path)) << path;
        }
    }

    void hostileSplitsOfRecordedStreams()
    {
        QFETCH(QString, path);
        Stream whole;
        Stream split;
        QByteArray bytes;
        const QJsonObject recording = QJsonDocument::fromJson(fixture(path)).object();
        for (const auto &chunk : recording["chunks_base64"_L1].toArray()) {
            const QByteArray piece = QByteArray::fromBase64(chunk.toString().toLatin1());
            split.feed(piece);
            bytes += piece;
        }
        whole.feed(bytes);
        QVERIFY(!whole.frames.isEmpty());
        QCOMPARE(split.frames, whole.frames);
    }
};

QTEST_APPLESS_MAIN(tst_SseParser)
#include "tst_sseparser.moc"
