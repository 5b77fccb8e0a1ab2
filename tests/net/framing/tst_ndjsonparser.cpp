// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/ndjsonparser.h"
#include "tests/support/fixtures.h"
#include "tests/support/splits.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

// A line that outlives its sink.
struct KeptLine
{
    QByteArray data;
    bool unterminated = false;

    friend bool operator==(const KeptLine &, const KeptLine &) = default;
};

using KeptLines = QList<KeptLine>;

char *toString(const KeptLine &line)
{
    return QTest::toString(
        u"{%1%2}"_s.arg(QString::fromUtf8(line.data), line.unterminated ? u" unterminated"_s : QString()));
}

std::string_view lent(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

// A parser with its lines.
struct Stream
{
    NdjsonParser parser;
    KeptLines lines;

    explicit Stream(const NdjsonOptions &options = {}) : parser(options) {}

    void take(const Frame &frame)
    {
        QVERIFY(frame.type.empty() && frame.id.empty() && !frame.retry);
        lines.append(
            {QByteArray(frame.data.data(), static_cast<qsizetype>(frame.data.size())), frame.unterminated});
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

} // namespace

class tst_NdjsonParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesOfSmallStreams_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<KeptLines>("expected");
        const auto row = [](const char *name, const QByteArray &bytes, const KeptLines &expected) {
            QTest::newRow(name) << bytes << expected;
        };
        row("nothing", "", {});
        row("one line", "{}\n", {{"{}"}});
        row("several lines", "{\"a\":1}\n{\"b\":2}\n", {{"{\"a\":1}"}, {"{\"b\":2}"}});
        row("lines end with CRLF", "{}\r\n[]\r\n", {{"{}"}, {"[]"}});
        row("line ends may be mixed", "1\r\n2\n3\r\n", {{"1"}, {"2"}, {"3"}});
        row("a CR alone ends no line", "1\r2\n", {{"1\r2"}});
        row("only one CR belongs to the line end", "1\r\r\n", {{"1\r"}});
        row("blank lines are ignored", "\n\r\n1\n\n\r\n\r\r\n2\n\n", {{"1"}, {"2"}});
        row("lines of blanks are ignored", " \n1\n\t \r\n2\n", {{"1"}, {"2"}});
        row("blanks around a value stay", " 1 \n", {{" 1 "}});
        row("a last line without its end", "1\n{\"a\":", {{"1"}, {"{\"a\":", true}});
        row("a last line cut inside CRLF", "1\r\n2\r", {{"1"}, {"2", true}});
        row("a blank last line is none", "1\n \r", {{"1"}});
        row("a BOM at the start is dropped", "\xEF\xBB\xBF{}\n", {{"{}"}});
        row("a BOM alone is nothing", "\xEF\xBB\xBF", {});
        row("only one BOM is dropped", "\xEF\xBB\xBF\xEF\xBB\xBF{}\n", {{"\xEF\xBB\xBF{}"}});
        row("a BOM later is content", "1\n\xEF\xBB\xBF{}\n", {{"1"}, {"\xEF\xBB\xBF{}"}});
        row("half a BOM is content", "\xEF\xBB{}\n", {{"\xEF\xBB{}"}});
        row("half a BOM before a line end is content", "\xEF\n1\n", {{"\xEF"}, {"1"}});
        row("half a BOM at the end is content", "\xEF\xBB", {{"\xEF\xBB", true}});
        row("NUL is content", QByteArray("1\0\n\0\n", 5), {{QByteArray("1\0", 2)}, {QByteArray("\0", 1)}});
        row("characters of several bytes", "\"\xF0\x9F\xA6\x80\xE2\x82\xAC\"\n",
            {{"\"\xF0\x9F\xA6\x80\xE2\x82\xAC\""}});
    }

    void linesOfSmallStreams()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(KeptLines, expected);
        everySplit(bytes, [&](const Split &split) {
            Stream stream;
            for (const QByteArrayView piece : split.pieces)
                stream.feed(piece);
            stream.finish();
            if (stream.lines != expected) {
                qWarning("%s", split.name.constData());
                QCOMPARE(stream.lines, expected);
            }
            QCOMPARE(stream.parser.error(), FrameError::None);
        });
    }

    void aLineIsHandedOverAtItsLfWithoutWaitingForMore()
    {
        Stream stream;
        stream.feed("{}");
        QCOMPARE(stream.lines, KeptLines{});
        stream.feed("\n");
        QCOMPARE(stream.lines, KeptLines{{"{}"}});
    }

    void wholeLinesAreLentWithoutACopy()
    {
        const std::string_view bytes = "{\"a\":1}\n[2]\r\n";
        NdjsonParser parser;
        int lines = 0;
        parser.feed(bytes, [&](const Frame &frame) {
            ++lines;
            QVERIFY(frame.data.data() >= bytes.data() && frame.data.data() < bytes.data() + bytes.size());
        });
        QCOMPARE(lines, 2);
    }

    void aLinePastTheBoundIsAnErrorBeforeItsEnd()
    {
        Stream stream({.maxBytes = 4});
        stream.feed("1234");
        QCOMPARE(stream.parser.error(), FrameError::None);
        stream.feed("5");
        QCOMPARE(stream.parser.error(), FrameError::TooLarge);
        QVERIFY(stream.lines.isEmpty());
    }

    void theBoundDoesNotDependOnTheSplit_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("a long line") << QByteArray("1234\n12345\n1\n");
        QTest::newRow("a CR counts") << QByteArray("1234\n1234\r\n1\n");
        QTest::newRow("a long blank line") << QByteArray("1234\n     \n1\n");
        QTest::newRow("a long last line") << QByteArray("1234\n12345");
        QTest::newRow("a BOM does not count") << QByteArray("\xEF\xBB\xBF"
                                                            "1234\n12345\n");
    }

    void theBoundDoesNotDependOnTheSplit()
    {
        QFETCH(QByteArray, bytes);
        everySplit(bytes, [](const Split &split) {
            Stream stream({.maxBytes = 4});
            for (const QByteArrayView piece : split.pieces)
                stream.feed(piece);
            stream.finish();
            QVERIFY2(stream.lines == KeptLines{{"1234"}}, split.name.constData());
            QCOMPARE(stream.parser.error(), FrameError::TooLarge);
        });
    }

    void nothingIsReadAfterAnErrorUntilReset()
    {
        Stream stream({.maxBytes = 4});
        stream.feed("12");
        stream.feed("345\n6\n");
        stream.feed("7\n");
        stream.finish();
        QCOMPARE(stream.lines, KeptLines{});
        QCOMPARE(stream.parser.error(), FrameError::TooLarge);

        stream.parser.reset();
        QCOMPARE(stream.parser.error(), FrameError::None);
        stream.feed("\xEF\xBB\xBF"
                    "8\n");
        QCOMPARE(stream.lines, KeptLines{{"8"}});
    }

    void aLongLineInPiecesCostsTimeInProportion()
    {
        const QByteArray megabytes(10'000'000, 'x');
        Stream stream;
        for (const QByteArrayView piece : piecesOf(megabytes, 100))
            stream.parser.feed(lent(piece), [](const Frame &) { QFAIL("nothing is complete yet"); });
        stream.feed("\n");
        QCOMPARE(stream.lines, KeptLines{{megabytes}});
    }

    void recordedStreamsReadTheSameHoweverTheyAreCut_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        for (const char *folder : {"ollama", "truncated"}) {
            for (const QString &path : fixtureFiles(QString::fromLatin1(folder), {u"*.ndjson"_s}))
                QTest::newRow(qPrintable(path)) << path;
        }
    }

    void recordedStreamsReadTheSameHoweverTheyAreCut()
    {
        QFETCH(QString, path);
        const QByteArray bytes = fixture(path);
        KeptLines expected;
        for (const QByteArray &line : bytes.split('\n')) {
            if (!line.isEmpty())
                expected.append({line});
        }
        expected.last().unterminated = !bytes.endsWith('\n');
        for (const KeptLine &line : std::as_const(expected))
            QCOMPARE(QJsonDocument::fromJson(line.data).isObject(), !line.unterminated);

        everySplit(bytes,
                   [&](const Split &split) {
                       Stream stream;
                       for (const QByteArrayView piece : split.pieces)
                           stream.feed(piece);
                       stream.finish();
                       QVERIFY2(stream.lines == expected, split.name.constData());
                   },
                   {.singleCuts = 200, .randomSplits = 20});
    }

    void hostileSplitsOfARecordedStream()
    {
        RIVULET_REQUIRE_FIXTURES();
        const QByteArray recording = fixture(u"chunk-splits/traceloop_openllmetry--rand-ollama-emoji.json"_s);
        Stream whole;
        Stream split;
        QByteArray bytes;
        for (const auto &chunk : QJsonDocument::fromJson(recording)["chunks_base64"_L1].toArray()) {
            const QByteArray piece = QByteArray::fromBase64(chunk.toString().toLatin1());
            split.feed(piece);
            bytes += piece;
        }
        whole.feed(bytes);
        QVERIFY(!whole.lines.isEmpty());
        QCOMPARE(split.lines, whole.lines);
    }
};

QTEST_APPLESS_MAIN(tst_NdjsonParser)
#include "tst_ndjsonparser.moc"
