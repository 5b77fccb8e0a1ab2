// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/mockserver.h"

#include <QtCore/qbytearraylist.h>
#include <QtCore/qstringview.h>

#include <chrono>
#include <optional>

namespace rivulet::test {

/// A stream to be played, recorded or written for a test.
struct PlayedStream
{
    QByteArray body;
    QByteArray contentType = "text/event-stream";
    qsizetype pieceSize = 0;            ///< bytes of a piece; 0: an event or a line at a time
    std::chrono::milliseconds pause{0}; ///< before each piece

    /// The body as it is sent, one after the other.
    [[nodiscard]] QByteArrayList pieces() const;
    /// What a WebSocket says instead: the lines, without the framing of server-sent events.
    [[nodiscard]] QByteArrayList messages() const;
};

/// The stream in a file. Ends the program where that can not be read: no test could go on.
[[nodiscard]] PlayedStream recordedStream(const QString &path,
                                          const QByteArray &contentType = "text/event-stream");

/// Plays a stream in chunks, with its pauses, up to its end.
[[nodiscard]] MockAnswer played(const PlayedStream &stream);

/// How a server says when to come again.
enum class RetryAfter {
    Seconds,
    Date,         ///< an HTTP date
    PastDate,     ///< one that is over
    Milliseconds, ///< the header "retry-after-ms"
    Nonsense,
};

/// The header that says it.
[[nodiscard]] HttpHeaders retryAfter(RetryAfter kind, std::chrono::seconds time = std::chrono::seconds(2));

/// A refusal with an error in JSON.
[[nodiscard]] MockAnswer failure(int status, const HttpHeaders &headers = {});

/// A page for people where a program expects JSON: a login, a proxy's error.
[[nodiscard]] MockAnswer htmlPage(int status = 200);

/// The head of a stream that ends in the middle of a header.
[[nodiscard]] MockAnswer cutInHead();

/// The head of a stream, its `before`, and a chunk of `data` of which only `kept` bytes come; then a FIN.
[[nodiscard]] MockAnswer cutInChunk(const QByteArray &before, const QByteArray &data, qsizetype kept,
                                    const QByteArray &contentType = "text/event-stream");

/// An event whose line never ends: `size` bytes, then a FIN.
[[nodiscard]] MockAnswer oversizedLine(qint64 size);

/// An event stream of `count` events "data: n", many to a write.
[[nodiscard]] MockAnswer tinyEvents(int count);

/// A coding of a body. zstd is valid and stores its blocks as they are.
enum class Coding { Gzip, Zstd };

/// When a coder gives out what it holds.
enum class Flushed { AfterEach, AtTheEnd };

/// What comes out of a coder for each of `pieces`, and then for the end: empty where it holds it back.
[[nodiscard]] QByteArrayList coded(Coding coding, const QByteArrayList &pieces, Flushed flushed);

/// The head of a stream in that coding; the caller goes on.
[[nodiscard]] MockAnswer codedHead(Coding coding, const QByteArray &contentType = "text/event-stream");

/// What a server does when it is asked to go on after an event.
enum class Resumption {
    Exact,
    Duplicate, ///< begins with the last event that came
    Missing,   ///< leaves out the first event that is due
};

/// The events after the request's Last-Event-ID, each with its number, from 1, as its id. A request without
/// one is answered with the first `cutAfter` of them, and a connection that breaks.
[[nodiscard]] MockAnswer resumable(const QByteArrayList &data, const ReceivedRequest &request,
                                   qsizetype cutAfter, Resumption resumption = Resumption::Exact);

/// The ways in which a served stream can go wrong, by name.
enum class Fault {
    None,
    Slow,           ///< 50 ms before each piece
    Stalled,        ///< silent after half of it
    CutBeforeHead,  ///< a FIN instead of an answer
    ResetInBody,    ///< an RST after half of it
    CutInHead,      ///< see cutInHead()
    CutInChunk,     ///< a WebSocket: half a frame
    CutInCharacter, ///< inside a character of UTF-8
    NoEndMarker,    ///< a good end, but the last event is missing
    ResumeExact,    ///< breaks after half of it, see Resumption
    ResumeDuplicate,
    ResumeMissing,
    BadRequest,   ///< 400
    Unauthorized, ///< 401
    RateLimited,  ///< 429, with each kind of Retry-After
    RateLimitedDate,
    RateLimitedMilliseconds,
    RateLimitedNonsense,
    ServerError,   ///< 500
    Unavailable,   ///< 503 with Retry-After
    HtmlPage,      ///< with status 200
    ErrorInStream, ///< an error as an event, after half of it
    WrongContentType,
    Redirect, ///< to another origin
    Gzip,
    GzipUnflushed,
    Zstd,
    ZstdUnflushed,
    OversizedLine, ///< 80 MiB; a WebSocket: the announcement of such a frame
    TinyEvents,    ///< 100 000
    BackPressure,  ///< 1 GiB as fast as it is taken
    GoingAway,     ///< close code 1001 after half of it; HTTP: a FIN
    InternalError, ///< 1011
    NoPong,        ///< deaf and silent after half of it
};

[[nodiscard]] QList<Fault> allFaults();
/// The fault's stable name, such as "cut-in-chunk".
[[nodiscard]] QLatin1StringView toName(Fault fault);
[[nodiscard]] std::optional<Fault> faultFromName(QStringView name);

/// The answer to `request` that plays `stream` with that fault: on a WebSocket where it asks for one.
/// `awaitsMessage`: a WebSocket begins when it is first spoken to.
[[nodiscard]] MockAnswer faulty(const PlayedStream &stream, Fault fault, const ReceivedRequest &request,
                                bool awaitsMessage = false);

} // namespace rivulet::test
