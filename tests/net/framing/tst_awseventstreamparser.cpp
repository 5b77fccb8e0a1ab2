// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/awseventstreamparser.h"
#include "tests/support/eventstreambytes.h"
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

QByteArray owned(std::string_view bytes)
{
    return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QByteArray owned(std::span<const std::byte> bytes)
{
    return QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
}

std::string_view lent(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

// A header that outlives its frame, in the terms of the published test vectors.
struct KeptHeader
{
    QByteArray name;
    int type = 0;
    QJsonValue value;

    friend bool operator==(const KeptHeader &, const KeptHeader &) = default;
};

KeptHeader kept(const FrameHeader &header)
{
    struct Visitor
    {
        QByteArray name;
        KeptHeader operator()(bool value) const { return {name, value ? 0 : 1, value}; }
        KeptHeader operator()(std::int8_t value) const { return {name, 2, value}; }
        KeptHeader operator()(std::int16_t value) const { return {name, 3, value}; }
        KeptHeader operator()(std::int32_t value) const { return {name, 4, value}; }
        KeptHeader operator()(std::int64_t value) const { return {name, 5, qint64(value)}; }
        KeptHeader operator()(FrameHeader::Bytes value) const { return {name, 6, base64(owned(value))}; }
        KeptHeader operator()(std::string_view value) const { return {name, 7, base64(owned(value))}; }
        KeptHeader operator()(FrameHeader::Time value) const
        {
            return {name, 8, qint64(value.time_since_epoch() / 1ms)};
        }
        KeptHeader operator()(const FrameHeader::Uuid &value) const
        {
            return {name, 9, base64(owned(std::span(value)))};
        }
        static QString base64(const QByteArray &bytes) { return QString::fromLatin1(bytes.toBase64()); }
    };
    return std::visit(Visitor{owned(header.name)}, header.value);
}

// A frame that outlives its sink.
struct KeptFrame
{
    FrameKind kind = FrameKind::Event;
    QByteArray type;
    QByteArray data;
    QList<KeptHeader> headers;

    friend bool operator==(const KeptFrame &, const KeptFrame &) = default;
};

using KeptFrames = QList<KeptFrame>;

// A parser with its frames.
struct Stream
{
    AwsEventStreamParser parser;
    KeptFrames frames;

    explicit Stream(const AwsEventStreamOptions &options = {}) : parser(options) {}

    void take(const Frame &frame)
    {
        QVERIFY(frame.id.empty() && !frame.retry && !frame.unterminated);
        KeptFrame keptFrame{frame.kind, owned(frame.type), owned(frame.data), {}};
        for (const FrameHeader &header : frame.headers)
            keptFrame.headers.append(kept(header));
        frames.append(keptFrame);
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

QByteArray eventFrame(const QByteArray &type, const QByteArray &payload)
{
    return eventStreamFrame(eventStreamHeader(":event-type", type)
                                + eventStreamHeader(":content-type", "application/json")
                                + eventStreamHeader(":message-type", "event"),
                            payload);
}

} // namespace

class tst_AwsEventStreamParser : public QObject
{
    Q_OBJECT

private:
    // Every split of `bytes` gives as many frames as the whole, the same, and then `error`.
    static void expectError(const QByteArray &bytes, FrameError error, qsizetype framesBefore = 0,
                            const AwsEventStreamOptions &options = {})
    {
        everySplit(bytes,
                   [&](const Split &split) {
                       Stream stream(options);
                       for (const QByteArrayView piece : split.pieces)
                           stream.feed(piece);
                       stream.finish();
                       QVERIFY2(stream.parser.error() == error, split.name.constData());
                       QCOMPARE(stream.frames.size(), framesBefore);
                   },
                   {.singleCuts = 200, .randomSplits = 20});
    }

private Q_SLOTS:
    void aFrameIsReadFromKnownBytes()
    {
        // Made with another implementation of CRC-32, so that no mistake can be on both sides.
        const QByteArray bytes = QByteArray::fromHex("0000001e0000000b2d202f02046b696e64070003616464"
                                                     "7b7d0aabf3acd4");
        Stream stream;
        stream.feed(bytes);
        QCOMPARE(stream.parser.error(), FrameError::None);
        QCOMPARE(stream.frames, (KeptFrames{{FrameKind::Event, "", "{}\n", {{"kind", 7, u"YWRk"_s}}}}));
    }

    void framesReadTheSameHoweverTheyAreCut()
    {
        const QByteArray bytes = eventFrame("messageStart", R"({"role":"assistant"})")
            + eventFrame("contentBlockDelta", R"({"delta":{"text":"€"}})") + eventStreamFrame({}, {})
            + eventFrame("messageStop", "");
        everySplit(bytes, [&](const Split &split) {
            Stream stream;
            for (const QByteArrayView piece : split.pieces)
                stream.feed(piece);
            stream.finish();
            QVERIFY2(stream.parser.error() == FrameError::None, split.name.constData());
            QCOMPARE(stream.frames.size(), 4);
            QCOMPARE(stream.frames[0].type, "messageStart");
            QCOMPARE(stream.frames[0].data, R"({"role":"assistant"})");
            QCOMPARE(stream.frames[0].headers.size(), 3);
            QCOMPARE(stream.frames[1].type, "contentBlockDelta");
            QCOMPARE(stream.frames[1].data, R"({"delta":{"text":"€"}})");
            QCOMPARE(stream.frames[2], KeptFrame{});
            QCOMPARE(stream.frames[3].type, "messageStop");
            QCOMPARE(stream.frames[3].data, "");
        });
    }

    void everyTypeOfHeaderIsDecoded()
    {
        const QByteArray uuid = QByteArray::fromHex("00112233445566778899aabbccddeeff");
        Stream stream;
        stream.feed(eventStreamFrame(
            eventStreamHeader("yes", 0, {}) + eventStreamHeader("no", 1, {})
                + eventStreamHeader("i8", 2, bigEndian(qint8(-128)))
                + eventStreamHeader("i16", 3, bigEndian(qint16(-32768)))
                + eventStreamHeader("i32", 4, bigEndian(qint32(-2147483647)))
                + eventStreamHeader("i64", 5, bigEndian(qint64(-9007199254740991)))
                + eventStreamHeader("bytes", 6, bigEndian(quint16(3)) + QByteArray("\0\xFF\n", 3))
                + eventStreamHeader("text", 7, bigEndian(quint16(3)) + "€")
                + eventStreamHeader("empty", 7, bigEndian(quint16(0)))
                + eventStreamHeader("time", 8, bigEndian(qint64(-1))) + eventStreamHeader("uuid", 9, uuid),
            "x"));
        QCOMPARE(stream.parser.error(), FrameError::None);
        QCOMPARE(stream.frames.size(), 1);
        const QList<KeptHeader> expected{
            {"yes", 0, true},
            {"no", 1, false},
            {"i8", 2, -128},
            {"i16", 3, -32768},
            {"i32", 4, -2147483647},
            {"i64", 5, qint64(-9007199254740991)},
            {"bytes", 6, u"AP8K"_s},
            {"text", 7, u"4oKs"_s},
            {"empty", 7, u""_s},
            {"time", 8, -1},
            {"uuid", 9, QString::fromLatin1(uuid.toBase64())},
        };
        QCOMPARE(stream.frames[0].headers, expected);
    }

    void theKindOfAFrameIsItsMessageType_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<FrameKind>("kind");
        QTest::addColumn<QByteArray>("type");
        const QByteArray types = eventStreamHeader(":event-type", "chunk")
            + eventStreamHeader(":exception-type", "throttlingException")
            + eventStreamHeader(":error-code", "InternalError");
        const auto row = [&](const char *name, const QByteArray &messageType, FrameKind kind,
                             const QByteArray &type) {
            QTest::newRow(name) << messageType + types << kind << type;
        };
        row("an event", eventStreamHeader(":message-type", "event"), FrameKind::Event, "chunk");
        row("an exception", eventStreamHeader(":message-type", "exception"), FrameKind::Exception,
            "throttlingException");
        row("an error", eventStreamHeader(":message-type", "error"), FrameKind::Error, "InternalError");
        row("none is an event", {}, FrameKind::Event, "chunk");
        row("an unknown one", eventStreamHeader(":message-type", "later"), FrameKind::Other, "");
        row("one that is no text", eventStreamHeader(":message-type", 0, {}), FrameKind::Other, "");
        QTest::newRow("an event without a name")
            << eventStreamHeader(":message-type", "event") << FrameKind::Event << QByteArray();
        QTest::newRow("a name that is no text")
            << eventStreamHeader(":event-type", 4, bigEndian(1)) << FrameKind::Event << QByteArray();
    }

    void theKindOfAFrameIsItsMessageType()
    {
        QFETCH(QByteArray, headers);
        QFETCH(FrameKind, kind);
        QFETCH(QByteArray, type);
        Stream stream;
        stream.feed(eventStreamFrame(headers, "{}"));
        QCOMPARE(stream.frames.size(), 1);
        QCOMPARE(stream.frames[0].kind, kind);
        QCOMPARE(stream.frames[0].type, type);
    }

    void textHeadersAreFoundByName()
    {
        QList<QByteArray> seen;
        AwsEventStreamParser parser;
        const QByteArray bytes = eventStreamFrame(
            eventStreamHeader(":error-message", "try later") + eventStreamHeader("flag", 0, {}), {});
        parser.feed(lent(bytes), [&](const Frame &frame) {
            for (const char *name : {":error-message", "flag", "missing"})
                seen.append(owned(frame.textHeader(name)));
        });
        QCOMPARE(seen, (QList<QByteArray>{"try later", "", ""}));
    }

    void wholeFramesAreLentWithoutACopy()
    {
        const QByteArray bytes = eventFrame("a", "{}") + eventFrame("b", "[]");
        const std::string_view input = lent(bytes);
        const auto isLent = [&](std::string_view view) {
            return view.data() >= input.data() && view.data() < input.data() + input.size();
        };
        AwsEventStreamParser parser;
        int frames = 0;
        parser.feed(input, [&](const Frame &frame) {
            ++frames;
            QVERIFY(isLent(frame.data) && isLent(frame.type) && isLent(frame.headers.front().name));
        });
        QCOMPARE(frames, 2);
    }

    void aFlippedBitAnywhereIsNoticed()
    {
        const QByteArray good = eventFrame("a", "{}");
        for (qsizetype bit = 0; bit < good.size() * 8; ++bit) {
            QByteArray bad = good;
            bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
            Stream stream;
            stream.feed(QByteArray(good + bad + good));
            QCOMPARE(stream.frames.size(), 1);
            QCOMPARE(stream.parser.error(), FrameError::Corrupt);
        }
    }

    void malformedFramesAreCorrupt_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char *name, const QByteArray &bytes) { QTest::newRow(name) << bytes; };
        const auto headers = [&](const char *name, const QByteArray &block) {
            row(name, eventStreamFrame(block, "{}"));
        };
        row("a length of nothing", eventStreamPrelude(0, 0));
        row("a length below the smallest", eventStreamPrelude(15, 0));
        row("headers longer than the frame", eventStreamPrelude(20, 5));
        row("headers longer than anything", eventStreamPrelude(20, 0xFFFFFFFF));
        headers("a header without a type", eventStreamHeader("a", "x") + "\1b");
        headers("a header of an unknown type", eventStreamHeader("a", 10, {}));
        headers("a header without a name", eventStreamHeader("", "x"));
        headers("a name past the headers", "\5a");
        headers("a number past the headers", eventStreamHeader("a", 5, "1234567"));
        headers("a uuid past the headers", eventStreamHeader("a", 9, "123456789012345"));
        headers("a length past the headers", eventStreamHeader("a", 7, QByteArray(1, '\0')));
        headers("text past the headers", eventStreamHeader("a", 7, bigEndian(quint16(2)) + "x"));
        headers("bytes past the headers", eventStreamHeader("a", 6, bigEndian(quint16(0xFFFF)) + "x"));
        headers("a name that comes twice",
                eventStreamHeader("a", "x") + eventStreamHeader("b", 0, {}) + eventStreamHeader("a", 0, {}));
    }

    void malformedFramesAreCorrupt()
    {
        QFETCH(QByteArray, bytes);
        expectError(eventFrame("a", "{}") + bytes, FrameError::Corrupt, 1);
    }

    void lengthsAreCheckedBeforeAnythingIsKept_data()
    {
        QTest::addColumn<QByteArray>("prelude");
        QTest::newRow("of a frame") << eventStreamPrelude(limits::frame + 1, 0);
        QTest::newRow("of the largest frame there can be") << eventStreamPrelude(0xFFFFFFFF, 0);
        QTest::newRow("of headers") << eventStreamPrelude(limits::frameHeaders + 17,
                                                          limits::frameHeaders + 1);
    }

    void lengthsAreCheckedBeforeAnythingIsKept()
    {
        QFETCH(QByteArray, prelude);
        expectError(prelude, FrameError::TooLarge);
    }

    void aFrameUpToTheBoundIsRead()
    {
        const QByteArray fits = eventStreamFrame({}, QByteArray(84, 'x'));
        const QByteArray tooLarge = eventStreamFrame({}, QByteArray(85, 'x'));
        expectError(fits + tooLarge, FrameError::TooLarge, 1, {.maxBytes = 100});
    }

    void headersUpToTheBoundAreRead()
    {
        QByteArray headers;
        for (int i = 0; i < 32'768; ++i)
            headers += '\2' + bigEndian(quint16(i)) + '\1';
        QCOMPARE(static_cast<std::size_t>(headers.size()), limits::frameHeaders);
        Stream stream;
        stream.feed(eventStreamFrame(headers, {}));
        QCOMPARE(stream.parser.error(), FrameError::None);
        QCOMPARE(stream.frames.value(0).headers.size(), 32'768);
    }

    void anEndInsideAFrameIsTruncated()
    {
        const QByteArray whole = eventFrame("a", "{}");
        for (qsizetype size = 0; size < whole.size(); ++size) {
            Stream stream;
            stream.feed(QByteArray(whole + whole.first(size)));
            QCOMPARE(stream.parser.error(), FrameError::None);
            stream.finish();
            QCOMPARE(stream.frames.size(), 1);
            QCOMPARE(stream.parser.error(), size == 0 ? FrameError::None : FrameError::Truncated);
        }
    }

    void nothingIsReadAfterAnErrorUntilReset()
    {
        Stream stream;
        stream.feed(QByteArray(12, 'x'));
        QCOMPARE(stream.parser.error(), FrameError::Corrupt);
        stream.feed(eventFrame("a", "{}"));
        stream.finish();
        QCOMPARE(stream.parser.error(), FrameError::Corrupt);
        QCOMPARE(stream.frames.size(), 0);

        stream.parser.reset();
        stream.feed(eventFrame("a", "{}").first(20));
        stream.parser.reset();
        stream.feed(eventFrame("b", "{}"));
        stream.finish();
        QCOMPARE(stream.parser.error(), FrameError::None);
        QCOMPARE(stream.frames.size(), 1);
        QCOMPARE(stream.frames[0].type, "b");
    }

    void aLongFrameInPiecesCostsTimeInProportion()
    {
        const QByteArray megabytes(10'000'000, 'x');
        const QByteArray bytes = eventStreamFrame({}, megabytes);
        Stream stream;
        for (const QByteArrayView piece : piecesOf(bytes, 100))
            stream.feed(piece);
        QCOMPARE(stream.frames.size(), 1);
        QCOMPARE(stream.frames[0].data, megabytes);
    }

    void publishedVectors_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        const QStringList paths =
            fixtureFiles(u"bedrock-eventstream"_s, {u"*--vector-positive-*-encoded.bin"_s});
        QVERIFY(!paths.isEmpty());
        for (const QString &path : paths)
            QTest::newRow(qPrintable(QFileInfo(path).fileName())) << path;
    }

    void publishedVectors()
    {
        QFETCH(QString, path);
        // The one whose expectation is not among the recordings.
        QByteArray payload = "{'foo':'bar'}";
        QList<KeptHeader> headers{{"content-type", 7, u"YXBwbGljYXRpb24vanNvbg=="_s}};
        const QString expectation = path.chopped(11) + u"decoded.json"_s;
        if (!path.contains("payload_one_str_header"_L1)) {
            const QJsonDocument expected = QJsonDocument::fromJson(fixture(expectation));
            payload = QByteArray::fromBase64(expected["payload"_L1].toString().toLatin1());
            headers.clear();
            for (const auto &header : expected["headers"_L1].toArray())
                headers.append(
                    {header["name"_L1].toString().toUtf8(), header["type"_L1].toInt(), header["value"_L1]});
        }
        everySplit(fixture(path), [&](const Split &split) {
            Stream stream;
            for (const QByteArrayView piece : split.pieces)
                stream.feed(piece);
            stream.finish();
            QVERIFY2(stream.parser.error() == FrameError::None, split.name.constData());
            QCOMPARE(stream.frames, (KeptFrames{{FrameKind::Event, "", payload, headers}}));
        });
    }

    void publishedCorruptVectors_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        const QStringList paths =
            fixtureFiles(u"bedrock-eventstream"_s, {u"*--vector-negative-*-encoded.bin"_s});
        QVERIFY(!paths.isEmpty());
        for (const QString &path : paths)
            QTest::newRow(qPrintable(QFileInfo(path).fileName())) << path;
    }

    void publishedCorruptVectors()
    {
        QFETCH(QString, path);
        expectError(fixture(path), FrameError::Corrupt);
    }

    void recordedStreamsReadTheSameHoweverTheyAreCut_data()
    {
        RIVULET_REQUIRE_FIXTURES();
        QTest::addColumn<QString>("path");
        QTest::addColumn<FrameError>("error");
        for (const QString &path : fixtureFiles(u"bedrock-eventstream"_s, {u"*.bin"_s})) {
            if (!path.contains("--vector-"_L1))
                QTest::newRow(qPrintable(path)) << path << FrameError::None;
        }
        QTest::newRow("cut off") << u"truncated/pydantic_pydantic-ai--bedrock-mid-frame.bin"_s
                                 << FrameError::Truncated;
        QTest::newRow("a flipped bit")
            << u"truncated/pydantic_pydantic-ai--bedrock-corrupt-header-crc.bin"_s << FrameError::Corrupt;
    }

    void recordedStreamsReadTheSameHoweverTheyAreCut()
    {
        QFETCH(QString, path);
        QFETCH(FrameError, error);
        const QByteArray bytes = fixture(path);
        Stream whole;
        whole.feed(bytes);
        whole.finish();
        QCOMPARE(whole.parser.error(), error);
        QCOMPARE(whole.frames.isEmpty(), error == FrameError::Corrupt);
        for (const KeptFrame &frame : std::as_const(whole.frames)) {
            QCOMPARE(frame.kind, FrameKind::Event);
            QVERIFY(!frame.type.isEmpty());
            QVERIFY(QJsonDocument::fromJson(frame.data).isObject());
        }
        everySplit(bytes,
                   [&](const Split &split) {
                       Stream stream;
                       for (const QByteArrayView piece : split.pieces)
                           stream.feed(piece);
                       stream.finish();
                       QVERIFY2(stream.frames == whole.frames, split.name.constData());
                       QCOMPARE(stream.parser.error(), error);
                   },
                   {.singleCuts = 60, .randomSplits = 10});
    }

    void hostileSplitsOfARecordedStream()
    {
        RIVULET_REQUIRE_FIXTURES();
        const QByteArray recording = fixture(u"chunk-splits/pydantic_pydantic-ai--rand-bedrock.json"_s);
        Stream whole;
        Stream split;
        QByteArray bytes;
        for (const auto &chunk : QJsonDocument::fromJson(recording)["chunks_base64"_L1].toArray()) {
            const QByteArray piece = QByteArray::fromBase64(chunk.toString().toLatin1());
            split.feed(piece);
            bytes += piece;
        }
        whole.feed(bytes);
        QCOMPARE(whole.parser.error(), FrameError::None);
        QVERIFY(!whole.frames.isEmpty());
        QCOMPARE(split.frames, whole.frames);
    }
};

QTEST_APPLESS_MAIN(tst_AwsEventStreamParser)
#include "tst_awseventstreamparser.moc"
