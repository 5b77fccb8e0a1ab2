// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mockfaults.h"

#include "tests/support/compressor.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>
#include <QtCore/qlocale.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rivulet::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto SlowPause = 50ms;
constexpr qint64 OversizedLineSize = qint64(80) * 1024 * 1024;
constexpr qint64 FloodSize = qint64(1024) * 1024 * 1024;
constexpr int TinyEventCount = 100'000;

// The bodies of streams end a line or a block of lines with these, in both spellings of a line's end.
QByteArrayList cutAfter(const QByteArray &body, const QByteArrayList &marks)
{
    QByteArrayList pieces;
    for (qsizetype at = 0; at < body.size();) {
        qsizetype end = body.size();
        for (const QByteArray &mark : marks) {
            if (const qsizetype found = body.indexOf(mark, at); found >= 0)
                end = std::min(end, found + mark.size());
        }
        pieces.append(body.sliced(at, end - at));
        at = end;
    }
    return pieces;
}

MockAnswer streamOf(const QByteArray &contentType)
{
    MockAnswer answer;
    return answer.head(200, {{"Content-Type", contentType}, {"Transfer-Encoding", "chunked"}});
}

QByteArrayList firstHalf(const QByteArrayList &pieces)
{
    return pieces.first((pieces.size() + 1) / 2);
}

MockAnswer &play(MockAnswer &answer, const QByteArrayList &pieces, std::chrono::milliseconds pause)
{
    for (const QByteArray &piece : pieces) {
        if (pause > 0ms)
            answer.delay(pause);
        answer.chunk(piece);
    }
    return answer;
}

MockAnswer &say(MockAnswer &answer, const QByteArrayList &messages, std::chrono::milliseconds pause)
{
    for (const QByteArray &message : messages) {
        if (pause > 0ms)
            answer.delay(pause);
        answer.text(message);
    }
    return answer;
}

MockAnswer codedStream(Coding coding, const PlayedStream &stream, Flushed flushed)
{
    MockAnswer answer = codedHead(coding, stream.contentType);
    for (const QByteArray &piece : coded(coding, stream.pieces(), flushed)) {
        if (stream.pause > 0ms)
            answer.delay(stream.pause);
        if (!piece.isEmpty())
            answer.chunk(piece);
    }
    return answer.end();
}

QByteArray errorEvent(const PlayedStream &stream)
{
    const QByteArray error =
        R"({"type":"error","message":"The server broke","error":{"type":"server_error","message":"The server broke"}})";
    return stream.contentType.startsWith("text/event-stream") ? QByteArray("data: " + error + "\n\n")
                                                              : QByteArray(error + '\n');
}

MockAnswer faultyHttp(const PlayedStream &stream, Fault fault, const ReceivedRequest &request)
{
    const QByteArrayList pieces = stream.pieces();
    const auto half = [&] {
        MockAnswer answer = streamOf(stream.contentType);
        return play(answer, firstHalf(pieces), stream.pause);
    };
    switch (fault) {
    case Fault::None:
        return played(stream);
    case Fault::Slow: {
        PlayedStream slow = stream;
        slow.pause = std::max<std::chrono::milliseconds>(stream.pause, SlowPause);
        return played(slow);
    }
    case Fault::Stalled:
    case Fault::NoPong:
        return half().wait();
    case Fault::CutBeforeHead:
        return MockAnswer().close();
    case Fault::ResetInBody:
        // An RST takes along what the client has not read.
        return half().delay(SlowPause).reset();
    case Fault::CutInHead:
        return cutInHead();
    case Fault::CutInChunk: {
        const QByteArray before = firstHalf(pieces).join();
        const QByteArray rest = stream.body.sliced(before.size());
        return cutInChunk(before, rest, rest.size() / 2, stream.contentType);
    }
    case Fault::CutInCharacter:
        return half().chunk("data: {\"text\":\"\xe2\x82").close();
    case Fault::NoEndMarker: {
        MockAnswer answer = streamOf(stream.contentType);
        return play(answer, pieces.first(std::max<qsizetype>(0, pieces.size() - 1)), stream.pause).end();
    }
    case Fault::ResumeExact:
    case Fault::ResumeDuplicate:
    case Fault::ResumeMissing: {
        const QByteArrayList data = stream.messages();
        return resumable(data, request, (data.size() + 1) / 2,
                         fault == Fault::ResumeExact           ? Resumption::Exact
                             : fault == Fault::ResumeDuplicate ? Resumption::Duplicate
                                                               : Resumption::Missing);
    }
    case Fault::BadRequest:
        return failure(400);
    case Fault::Unauthorized:
        return failure(401);
    case Fault::RateLimited:
        return failure(429, retryAfter(RetryAfter::Seconds));
    case Fault::RateLimitedDate:
        return failure(429, retryAfter(RetryAfter::Date));
    case Fault::RateLimitedMilliseconds:
        return failure(429, retryAfter(RetryAfter::Milliseconds));
    case Fault::RateLimitedNonsense:
        return failure(429, retryAfter(RetryAfter::Nonsense));
    case Fault::ServerError:
        return failure(500);
    case Fault::Unavailable:
        return failure(503, retryAfter(RetryAfter::Seconds));
    case Fault::HtmlPage:
        return htmlPage();
    case Fault::ErrorInStream:
        return half().chunk(errorEvent(stream)).end();
    case Fault::WrongContentType: {
        PlayedStream wrong = stream;
        wrong.contentType = "application/octet-stream";
        return played(wrong);
    }
    case Fault::Redirect:
        return MockAnswer::redirect(307, QUrl(u"http://other.example/v1"_s));
    case Fault::Gzip:
        return codedStream(Coding::Gzip, stream, Flushed::AfterEach);
    case Fault::GzipUnflushed:
        return codedStream(Coding::Gzip, stream, Flushed::AtTheEnd);
    case Fault::Zstd:
        return codedStream(Coding::Zstd, stream, Flushed::AfterEach);
    case Fault::ZstdUnflushed:
        return codedStream(Coding::Zstd, stream, Flushed::AtTheEnd);
    case Fault::OversizedLine:
        return oversizedLine(OversizedLineSize);
    case Fault::TinyEvents:
        return tinyEvents(TinyEventCount);
    case Fault::BackPressure:
        return MockAnswer::streamUntilClose().flood(FloodSize).close();
    case Fault::GoingAway:
    case Fault::InternalError:
        return half().close();
    }
    Q_UNREACHABLE_RETURN({});
}

MockAnswer faultyWebSocket(const PlayedStream &stream, Fault fault, const ReceivedRequest &request,
                           bool awaitsMessage)
{
    const QByteArrayList messages = stream.messages();
    MockAnswer answer = MockAnswer::webSocket();
    if (awaitsMessage)
        answer.expect();
    const auto half = [&] { return say(answer, firstHalf(messages), stream.pause); };
    const QByteArray last = webSocketFrame(WebSocketOpcode::Text, "{\"text\":\"\xe2\x82\xac\"}");
    switch (fault) {
    case Fault::Slow:
        return say(answer, messages, std::max<std::chrono::milliseconds>(stream.pause, SlowPause))
            .closeWith(1000);
    case Fault::Stalled:
        return half().wait();
    case Fault::NoPong:
        answer.deaf();
        return half().wait();
    case Fault::ResetInBody:
        return half().delay(SlowPause).reset();
    case Fault::CutInChunk:
        return half().raw(last.first(3)).close();
    case Fault::CutInCharacter:
        return half().raw(last.first(last.indexOf('\xe2') + 1)).close();
    case Fault::NoEndMarker:
        return say(answer, messages.first(std::max<qsizetype>(0, messages.size() - 1)), stream.pause)
            .closeWith(1000);
    case Fault::ErrorInStream:
        return half().text(errorEvent({.contentType = "application/x-ndjson"}).trimmed()).closeWith(1000);
    case Fault::OversizedLine:
        return half().oversizeFrame(OversizedLineSize).flood(OversizedLineSize);
    case Fault::TinyEvents: {
        const QByteArray tiny = webSocketFrame(WebSocketOpcode::Text, "{}");
        return answer.raw(tiny.repeated(TinyEventCount)).closeWith(1000);
    }
    case Fault::BackPressure:
        return answer.oversizeFrame(FloodSize).flood(FloodSize).close();
    case Fault::GoingAway:
        return half().closeWith(1001);
    case Fault::InternalError:
        return half().closeWith(1011, "The server broke");
    // No message has an id here, and none is compressed.
    case Fault::None:
    case Fault::ResumeExact:
    case Fault::ResumeDuplicate:
    case Fault::ResumeMissing:
    case Fault::WrongContentType:
    case Fault::Gzip:
    case Fault::GzipUnflushed:
    case Fault::Zstd:
    case Fault::ZstdUnflushed:
        return say(answer, messages, stream.pause).closeWith(1000);
    // The opening request is answered as any other.
    case Fault::CutBeforeHead:
    case Fault::CutInHead:
    case Fault::BadRequest:
    case Fault::Unauthorized:
    case Fault::RateLimited:
    case Fault::RateLimitedDate:
    case Fault::RateLimitedMilliseconds:
    case Fault::RateLimitedNonsense:
    case Fault::ServerError:
    case Fault::Unavailable:
    case Fault::HtmlPage:
    case Fault::Redirect:
        return faultyHttp(stream, fault, request);
    }
    Q_UNREACHABLE_RETURN({});
}

constexpr auto FaultNames = std::to_array<std::pair<Fault, QLatin1StringView>>({
    {Fault::None, "none"_L1},
    {Fault::Slow, "slow"_L1},
    {Fault::Stalled, "stalled"_L1},
    {Fault::CutBeforeHead, "cut-before-head"_L1},
    {Fault::ResetInBody, "reset-in-body"_L1},
    {Fault::CutInHead, "cut-in-head"_L1},
    {Fault::CutInChunk, "cut-in-chunk"_L1},
    {Fault::CutInCharacter, "cut-in-character"_L1},
    {Fault::NoEndMarker, "no-end-marker"_L1},
    {Fault::ResumeExact, "resume-exact"_L1},
    {Fault::ResumeDuplicate, "resume-duplicate"_L1},
    {Fault::ResumeMissing, "resume-missing"_L1},
    {Fault::BadRequest, "bad-request"_L1},
    {Fault::Unauthorized, "unauthorized"_L1},
    {Fault::RateLimited, "rate-limited"_L1},
    {Fault::RateLimitedDate, "rate-limited-date"_L1},
    {Fault::RateLimitedMilliseconds, "rate-limited-milliseconds"_L1},
    {Fault::RateLimitedNonsense, "rate-limited-nonsense"_L1},
    {Fault::ServerError, "server-error"_L1},
    {Fault::Unavailable, "unavailable"_L1},
    {Fault::HtmlPage, "html-page"_L1},
    {Fault::ErrorInStream, "error-in-stream"_L1},
    {Fault::WrongContentType, "wrong-content-type"_L1},
    {Fault::Redirect, "redirect"_L1},
    {Fault::Gzip, "gzip"_L1},
    {Fault::GzipUnflushed, "gzip-unflushed"_L1},
    {Fault::Zstd, "zstd"_L1},
    {Fault::ZstdUnflushed, "zstd-unflushed"_L1},
    {Fault::OversizedLine, "oversized-line"_L1},
    {Fault::TinyEvents, "tiny-events"_L1},
    {Fault::BackPressure, "back-pressure"_L1},
    {Fault::GoingAway, "going-away"_L1},
    {Fault::InternalError, "internal-error"_L1},
    {Fault::NoPong, "no-pong"_L1},
});

// A frame of zstd (RFC 8878, 3.1.1) with a window of 128 KiB, without a size or a checksum.
const QByteArray ZstdHead = QByteArray::fromHex("28b52ffd0038");
constexpr qsizetype ZstdMaxBlock = 128 * 1024;

// Its blocks as they are, of the type that stores.
QByteArray zstdBlocks(const QByteArray &bytes, bool isLast)
{
    QByteArray blocks;
    qsizetype at = 0;
    do {
        const qsizetype size = std::min(ZstdMaxBlock, bytes.size() - at);
        const auto head = static_cast<quint32>(size << 3) | (isLast && at + size == bytes.size() ? 1U : 0U);
        for (const int shift : {0, 8, 16})
            blocks += static_cast<char>((head >> shift) & 0xff);
        blocks += bytes.sliced(at, size);
        at += size;
    } while (at < bytes.size());
    return blocks;
}

} // namespace

QByteArrayList PlayedStream::pieces() const
{
    if (pieceSize > 0) {
        QByteArrayList pieces;
        for (qsizetype at = 0; at < body.size(); at += pieceSize)
            pieces.append(body.mid(at, pieceSize));
        return pieces;
    }
    if (contentType.startsWith("text/event-stream"))
        return cutAfter(body, {"\n\n", "\r\n\r\n"});
    // Frames of bytes have no lines, and go as they are.
    if (contentType.contains("eventstream"))
        return {body};
    return cutAfter(body, {"\n"});
}

QByteArrayList PlayedStream::messages() const
{
    const bool isEvents = contentType.startsWith("text/event-stream");
    QByteArrayList messages;
    for (QByteArray line : body.split('\n')) {
        line = line.trimmed();
        if (isEvents)
            line = line.startsWith("data:") ? line.sliced(5).trimmed() : QByteArray();
        if (!line.isEmpty())
            messages.append(line);
    }
    return messages;
}

PlayedStream recordedStream(const QString &path, const QByteArray &contentType)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %ls: %ls", qUtf16Printable(path), qUtf16Printable(file.errorString()));
    return {.body = file.readAll(), .contentType = contentType};
}

MockAnswer played(const PlayedStream &stream)
{
    MockAnswer answer = streamOf(stream.contentType);
    return play(answer, stream.pieces(), stream.pause).end();
}

HttpHeaders retryAfter(RetryAfter kind, std::chrono::seconds time)
{
    const auto date = [](const QDateTime &when) {
        return QLocale::c().toString(when, u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s).toLatin1();
    };
    const QDateTime now = QDateTime::currentDateTimeUtc();
    switch (kind) {
    case RetryAfter::Seconds:
        return {{"Retry-After", QByteArray::number(qint64(time.count()))}};
    case RetryAfter::Date:
        return {{"Retry-After", date(now.addDuration(time))}};
    case RetryAfter::PastDate:
        return {{"Retry-After", date(now.addDuration(-time))}};
    case RetryAfter::Milliseconds:
        return {{"retry-after-ms", QByteArray::number(qint64(std::chrono::milliseconds(time).count()))}};
    case RetryAfter::Nonsense:
        return {{"Retry-After", "soon"}};
    }
    Q_UNREACHABLE_RETURN({});
}

MockAnswer failure(int status, const HttpHeaders &headers)
{
    return MockAnswer::whole(status, "application/json",
                             R"({"error":{"type":"mock_error","message":"The server was told to refuse"}})",
                             headers);
}

MockAnswer htmlPage(int status)
{
    return MockAnswer::whole(status, "text/html; charset=utf-8",
                             "<!doctype html><html><head><title>Sign in</title></head><body></body></html>");
}

MockAnswer cutInHead()
{
    return MockAnswer().raw("HTTP/1.1 200 OK\r\nContent-Type: text/ev").close();
}

MockAnswer cutInChunk(const QByteArray &before, const QByteArray &data, qsizetype kept,
                      const QByteArray &contentType)
{
    MockAnswer answer = streamOf(contentType);
    if (!before.isEmpty())
        answer.chunk(before);
    const QByteArray chunk = httpChunk(data);
    return answer.raw(chunk.first(chunk.indexOf('\n') + 1 + kept)).close();
}

MockAnswer oversizedLine(qint64 size)
{
    return MockAnswer::streamUntilClose().raw("data: ").flood(size).close();
}

MockAnswer tinyEvents(int count)
{
    constexpr int perWrite = 1000;
    MockAnswer answer = MockAnswer::stream();
    for (int first = 0; first < count; first += perWrite) {
        QByteArray chunks;
        for (int number = first; number < std::min(count, first + perWrite); ++number)
            chunks += httpChunk(QByteArray("data: " + QByteArray::number(number) + "\n\n"));
        answer.raw(chunks);
    }
    return answer.end();
}

QByteArrayList coded(Coding coding, const QByteArrayList &pieces, Flushed flushed)
{
    QByteArrayList out;
    if (coding == Coding::Gzip) {
        Compressor compressor;
        for (const QByteArray &piece : pieces) {
            QByteArray bytes = compressor.add(piece);
            if (flushed == Flushed::AfterEach)
                bytes += compressor.flush();
            // zlib gives its ten bytes of a header at once, which tell nothing of the body.
            out.append(bytes);
        }
        out.append(compressor.finish());
        return out;
    }
    QByteArray held = ZstdHead;
    QByteArray unwritten;
    for (const QByteArray &piece : pieces) {
        if (flushed == Flushed::AfterEach) {
            out.append(std::exchange(held, {}) + zstdBlocks(piece, false));
        } else {
            unwritten += piece;
            out.append(QByteArray());
        }
    }
    out.append(QByteArray(held + zstdBlocks(unwritten, true)));
    return out;
}

MockAnswer codedHead(Coding coding, const QByteArray &contentType)
{
    MockAnswer answer;
    return answer.head(200,
                       {{"Content-Type", contentType},
                        {"Content-Encoding", coding == Coding::Gzip ? "gzip" : "zstd"},
                        {"Transfer-Encoding", "chunked"}});
}

MockAnswer resumable(const QByteArrayList &data, const ReceivedRequest &request, qsizetype cutAfter,
                     Resumption resumption)
{
    const auto event = [&](qsizetype number) {
        return QByteArray("id: " + QByteArray::number(number) + "\ndata: " + data.at(number - 1) + "\n\n");
    };
    MockAnswer answer = MockAnswer::stream();
    const QByteArray lastId = request.header("last-event-id");
    if (lastId.isNull()) {
        for (qsizetype number = 1; number <= std::min(cutAfter, data.size()); ++number)
            answer.chunk(event(number));
        return answer.close();
    }
    qsizetype number = lastId.toLongLong() + 1;
    if (resumption == Resumption::Duplicate)
        --number;
    else if (resumption == Resumption::Missing)
        ++number;
    for (number = std::max<qsizetype>(1, number); number <= data.size(); ++number)
        answer.chunk(event(number));
    return answer.end();
}

QList<Fault> allFaults()
{
    QList<Fault> faults;
    for (const auto &[fault, name] : FaultNames)
        faults.append(fault);
    return faults;
}

QLatin1StringView toName(Fault fault)
{
    const auto row = std::ranges::find(FaultNames, fault, &std::pair<Fault, QLatin1StringView>::first);
    return row == FaultNames.end() ? QLatin1StringView() : row->second;
}

std::optional<Fault> faultFromName(QStringView name)
{
    const auto row =
        std::ranges::find_if(FaultNames, [&](const auto &known) { return known.second == name; });
    return row == FaultNames.end() ? std::nullopt : std::optional(row->first);
}

MockAnswer faulty(const PlayedStream &stream, Fault fault, const ReceivedRequest &request, bool awaitsMessage)
{
    return asksForWebSocket(request) ? faultyWebSocket(stream, fault, request, awaitsMessage)
                                     : faultyHttp(stream, fault, request);
}

} // namespace rivulet::test
