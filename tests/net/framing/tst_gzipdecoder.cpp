// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/gzipdecoder.h"
#include "tests/support/compressor.h"
#include "tests/support/fixtures.h"
#include "tests/support/splits.h"

#include <QtTest/QTest>

using namespace rivulet;
using namespace rivulet::test;
using namespace Qt::StringLiterals;

namespace {

// Much from little: so many bytes of zero.
QByteArray bomb(qsizetype size)
{
    const QByteArray zeros(1'000'000, '\0');
    Compressor compressor(Format::Gzip, 9);
    QByteArray bytes;
    for (; size > 0; size -= zeros.size())
        bytes += compressor.add(QByteArrayView(zeros).first(std::min(size, zeros.size())));
    return bytes + compressor.finish();
}

// Bytes that do not compress, and reach far over a window.
QByteArray noise(qsizetype size)
{
    std::mt19937 random(7);
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = static_cast<char>(random());
    return bytes;
}

std::string_view lent(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

// A decoder with what came out of it, all of it taken at once unless told otherwise.
struct Body
{
    GzipDecoder decoder;
    QByteArray decoded;
    std::size_t largestPiece = 0;
    bool takes = true;

    explicit Body(const GzipOptions &options = {}) : decoder(options) {}

    // Each piece lives only while it is fed: a view kept beyond it would be noticed by a sanitizer.
    void feed(QByteArrayView bytes)
    {
        const QByteArray piece = bytes.toByteArray();
        decoder.feed(lent(piece), [this](std::string_view out) {
            decoded.append(out.data(), static_cast<qsizetype>(out.size()));
            largestPiece = std::max(largestPiece, out.size());
            if (takes)
                decoder.taken(out.size());
        });
    }
};

const QByteArray text =
    "data: {\"delta\":\"Good \xF0\x9F\x8C\x8A morning\"}\n\ndata: {\"delta\":\", morning\"}\n\n";

} // namespace

class tst_GzipDecoder : public QObject
{
    Q_OBJECT

private:
    // Every split of `bytes` decodes to `expected` and ends with `error`.
    static void expectDecoded(const QByteArray &bytes, const QByteArray &expected,
                              DecodeError error = DecodeError::None, const GzipOptions &options = {})
    {
        everySplit(bytes,
                   [&](const Split &split) {
                       Body body(options);
                       for (const QByteArrayView piece : split.pieces)
                           body.feed(piece);
                       body.decoder.finish();
                       QVERIFY2(body.decoder.error() == error, split.name.constData());
                       QVERIFY2(body.decoded == expected, split.name.constData());
                       QCOMPARE(body.decoder.decodedBytes(), static_cast<quint64>(expected.size()));
                       if (error == DecodeError::None)
                           QCOMPARE(body.decoder.wireBytes(), static_cast<quint64>(bytes.size()));
                   },
                   {.singleCuts = 200, .randomSplits = 20});
    }

private Q_SLOTS:
    void wholeBodiesAreDecoded_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &expected) {
            QTest::newRow(name) << bytes << expected;
        };
        const QByteArray far = noise(100'000);
        row("nothing", {}, {});
        row("gzip", compressed(text), text);
        row("zlib", compressed(text, Format::Zlib), text);
        row("gzip of nothing", compressed({}), {});
        row("zlib of nothing", compressed({}, Format::Zlib), {});
        row("gzip that stores", compressed(text, Format::Gzip, 0), text);
        row("more than a window of noise", compressed(far), far);
        row("more than a piece of little", compressed(QByteArray(200'000, 'a')), QByteArray(200'000, 'a'));
        row("exactly a piece", compressed(QByteArray(32'768, 'a')), QByteArray(32'768, 'a'));
        row("two members", compressed(text) + compressed("more"), text + "more");
        row("an empty member between", compressed("a") + compressed({}) + compressed("b"), "ab");
        row("gzip padded with zeros", compressed(text) + QByteArray(600, '\0'), text);
        row("zlib padded with zeros", compressed(text, Format::Zlib) + QByteArray(3, '\0'), text);
    }

    void wholeBodiesAreDecoded()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, expected);
        expectDecoded(bytes, expected);
    }

    void aBodyOfAnotherProgramIsDecoded()
    {
        // With a file name and a comment in its header, which zlib's own compressor never writes.
        const QByteArray bytes = QByteArray::fromHex("1f8b081800000000000361006200"
                                                     "cb48cdc9c95728cf2fca49010085114a0d0b000000");
        expectDecoded(bytes, "hello world");
    }

    void whatWasFlushedComesOutAtOnce()
    {
        for (const Format format : {Format::Gzip, Format::Zlib}) {
            Compressor server(format);
            Body body;
            for (int i = 0; i < 50; ++i) {
                const QByteArray event = "data: " + QByteArray::number(i) + "\n\n";
                body.decoded.clear();
                const QByteArray begun = server.add(event);
                body.feed(QByteArray(begun + server.flush()));
                QCOMPARE(body.decoded, event);
            }
            body.feed(server.finish());
            body.decoder.finish();
            QCOMPARE(body.decoder.error(), DecodeError::None);
        }
    }

    void anEndInsideTheDataIsTruncated_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("gzip") << compressed(text);
        QTest::newRow("zlib") << compressed(text, Format::Zlib);
        QTest::newRow("gzip that stores") << compressed(text, Format::Gzip, 0);
    }

    void anEndInsideTheDataIsTruncated()
    {
        QFETCH(QByteArray, bytes);
        for (qsizetype size = 1; size < bytes.size(); ++size) {
            Body body;
            body.feed(bytes.first(size));
            QCOMPARE(body.decoder.error(), DecodeError::None);
            body.decoder.finish();
            QCOMPARE(body.decoder.error(), DecodeError::Truncated);
            QVERIFY(text.startsWith(body.decoded));
        }
    }

    void anEndInsideALaterMemberIsTruncated()
    {
        expectDecoded(compressed(text) + compressed("more").first(1), text, DecodeError::Truncated);
    }

    void brokenBodiesAreCorruptAfterWhatWasGood_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("decoded");
        const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &decoded) {
            QTest::newRow(name) << bytes << decoded;
        };
        const auto flipped = [](QByteArray bytes, qsizetype fromEnd) {
            char &byte = bytes[bytes.size() - fromEnd];
            byte = static_cast<char>(byte ^ 1);
            return bytes;
        };
        row("text", text, {});
        row("deflate without a header", compressed(text, Format::RawDeflate), {});
        row("a wrong second byte", "\x1F\x8C", {});
        row("an unknown method", QByteArray("\x1F\x8B\x07\0", 4), {});
        row("a wrong checksum in gzip", flipped(compressed(text), 8), text);
        row("a wrong length in gzip", flipped(compressed(text), 1), text);
        row("a wrong checksum in zlib", flipped(compressed(text, Format::Zlib), 1), text);
        row("rubbish after gzip", compressed(text) + "x", text);
        row("rubbish after padding", compressed(text) + QByteArray("\0\0x", 3), text);
        row("zlib after gzip", compressed(text) + compressed(text, Format::Zlib), text);
        row("zlib after zlib", compressed(text, Format::Zlib) + compressed(text, Format::Zlib), text);
        row("gzip after zlib", compressed(text, Format::Zlib) + compressed(text), text);
        Compressor agreed(Format::Zlib);
        agreed.useDictionary("morning");
        const QByteArray begun = agreed.add(text);
        row("a dictionary that nobody agreed on", begun + agreed.finish(), {});
    }

    void brokenBodiesAreCorruptAfterWhatWasGood()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, decoded);
        expectDecoded(bytes, decoded, DecodeError::Corrupt);
    }

    void aFlippedBitNeverPassesForGood()
    {
        const QByteArray good = compressed(text);
        // Behind the 10 bytes of the header, which no checksum covers.
        for (qsizetype bit = 80; bit < good.size() * 8; ++bit) {
            QByteArray bad = good;
            bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
            Body body;
            body.feed(bad);
            body.decoder.finish();
            QVERIFY(body.decoder.error() != DecodeError::None || body.decoded == text);
        }
    }

    void decodedBytesComeInPiecesOfABoundedSize()
    {
        const QByteArray much(5'000'000, 'a');
        Body body;
        body.feed(compressed(much));
        QCOMPARE(body.decoded, much);
        QVERIFY(body.largestPiece <= 32 * limits::KiB);
    }

    void aBombIsStoppedEarly()
    {
        const QByteArray bytes = bomb(200'000'000);
        everySplit(bytes,
                   [&](const Split &split) {
                       GzipDecoder decoder;
                       std::size_t largestPiece = 0;
                       for (const QByteArrayView piece : split.pieces) {
                           decoder.feed(lent(piece), [&](std::string_view out) {
                               largestPiece = std::max(largestPiece, out.size());
                               decoder.taken(out.size());
                           });
                       }
                       QVERIFY2(decoder.error() == DecodeError::Bomb, split.name.constData());
                       QVERIFY(decoder.decodedBytes() > 13 * limits::MiB);
                       QVERIFY(decoder.decodedBytes() < 14 * limits::MiB);
                       QVERIFY(decoder.wireBytes() < 14 * limits::KiB);
                       QVERIFY(largestPiece <= 32 * limits::KiB);
                   },
                   {.singleCuts = 5, .randomSplits = 2});
    }

    void aBombAfterALongAnswerIsStoppedToo()
    {
        Body body({.maxRatio = 10, .allowance = 100'000});
        const QByteArray answer = noise(50'000);
        body.feed(compressed(answer));
        QCOMPARE(body.decoder.error(), DecodeError::None);
        body.feed(bomb(1'000'000));
        QCOMPARE(body.decoder.error(), DecodeError::Bomb);
        QVERIFY(body.decoded.startsWith(answer));
        QVERIFY(body.decoded.size() < 700'000);
    }

    void anAnswerThatRepeatsItselfIsNoBomb()
    {
        const QByteArray event =
            "data: {\"id\":\"chatcmpl-00000000000\",\"object\":\"chat.completion.chunk\","
            "\"created\":1763712000,\"model\":\"model-1-mini\",\"choices\":[{\"index\":0,"
            "\"delta\":{\"content\":\" the\"},\"finish_reason\":null}]}\n\n";
        const QByteArray answer = event.repeated(200'000);
        const QByteArray bytes = compressed(answer);
        QVERIFY(answer.size() > 200 * bytes.size());
        Body body;
        body.feed(bytes);
        body.decoder.finish();
        QCOMPARE(body.decoder.error(), DecodeError::None);
        QCOMPARE(body.decoded.size(), answer.size());
    }

    void bytesThatNobodyTakesOverflow()
    {
        const QByteArray bytes = compressed(noise(5000));
        everySplit(bytes, [&](const Split &split) {
            Body body({.maxUntaken = 4000});
            body.takes = false;
            for (const QByteArrayView piece : split.pieces)
                body.feed(piece);
            body.decoder.finish();
            QVERIFY2(body.decoder.error() == DecodeError::Overflow, split.name.constData());
            QCOMPARE(body.decoded, noise(4000));
            QCOMPARE(body.decoder.untaken(), 4000u);
        });
    }

    void bytesThatAreTakenLaterDoNotOverflow()
    {
        const QByteArray bytes = compressed(noise(9000));
        Body body({.maxUntaken = 4000});
        body.takes = false;
        for (const QByteArrayView piece : piecesOf(bytes, 500)) {
            if (body.decoder.untaken() > 3000)
                body.decoder.taken(3000);
            body.feed(piece);
        }
        body.decoder.finish();
        QCOMPARE(body.decoder.error(), DecodeError::None);
        QCOMPARE(body.decoded, noise(9000));
        body.decoder.taken(1'000'000);
        QCOMPARE(body.decoder.untaken(), 0u);
    }

    void receivedAndDecodedBytesAreCounted()
    {
        const QByteArray bytes = compressed(text);
        Body body;
        body.feed(bytes);
        QCOMPARE(body.decoder.wireBytes(), static_cast<quint64>(bytes.size()));
        QCOMPARE(body.decoder.decodedBytes(), static_cast<quint64>(text.size()));
        body.feed(bytes);
        QCOMPARE(body.decoder.wireBytes(), static_cast<quint64>(2 * bytes.size()));
        QCOMPARE(body.decoder.decodedBytes(), static_cast<quint64>(2 * text.size()));
    }

    void nothingIsReadAfterAnErrorUntilReset()
    {
        Body body;
        body.feed("no compressed data");
        QCOMPARE(body.decoder.error(), DecodeError::Corrupt);
        body.feed(compressed(text));
        body.decoder.finish();
        QCOMPARE(body.decoder.error(), DecodeError::Corrupt);
        QCOMPARE(body.decoded, "");

        body.decoder.reset();
        QCOMPARE(body.decoder.error(), DecodeError::None);
        QCOMPARE(body.decoder.wireBytes(), 0u);
        body.feed(compressed(text, Format::Zlib).first(10));
        body.decoder.reset();
        body.decoded.clear();
        body.feed(compressed(text));
        body.decoder.finish();
        QCOMPARE(body.decoder.error(), DecodeError::None);
        QCOMPARE(body.decoded, text);
        QCOMPARE(body.decoder.decodedBytes(), static_cast<quint64>(text.size()));
    }

    void recordedStreamsSurviveCompression_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        for (const QString &path : fixtureFiles(u"openai-chat"_s, {u"*emoji*.sse"_s}))
            QTest::newRow(qPrintable(path)) << path;
        for (const QString &path : fixtureFiles(u"bedrock-eventstream"_s, {u"*converse-*.bin"_s}))
            QTest::newRow(qPrintable(path)) << path;
    }

    void recordedStreamsSurviveCompression()
    {
        QFETCH(QString, path);
        const QByteArray bytes = fixture(path);
        Compressor server;
        QByteArray wire;
        for (const QByteArrayView piece : piecesOf(bytes, 300)) {
            wire += server.add(piece);
            wire += server.flush();
        }
        wire += server.finish();
        expectDecoded(wire, bytes);
    }
};

QTEST_APPLESS_MAIN(tst_GzipDecoder)
#include "tst_gzipdecoder.moc"
