// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/wire/httpmessage.h"

#include <QtCore/qbytearray.h>

namespace rivulet {

/// One HTTP/1.1 request as a server got it.
struct RIVULET_NET_EXPORT ReceivedRequest
{
    QByteArray method;
    QByteArray target;   ///< as sent, such as "/v1/models?limit=2"
    HttpHeaders headers; ///< names in lower case
    QByteArray body;     ///< decoded where it came chunked

    /// The target without its query.
    [[nodiscard]] QByteArray path() const;
    /// The value of the first header of that name (in lower case); null where there is none.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
};

/// Reads HTTP/1.1 requests (RFC 9112) out of pieces of any size. Bounded, no I/O, one thread.
class RIVULET_NET_EXPORT HttpRequestParser
{
public:
    /// A head may have 64 KiB and 100 fields, a body 64 MiB.
    static constexpr qsizetype MaxHeadSize = 64 * 1024;
    static constexpr qsizetype MaxFieldCount = 100;
    static constexpr qsizetype MaxBodySize = 64 * 1024 * 1024;

    enum class State {
        Incomplete, ///< more bytes are needed
        Complete,   ///< request() is whole; what follows it waits for next()
        Invalid,    ///< errorStatus() says how to answer; nothing more is read
    };

    /// Takes the next piece.
    State feed(QByteArrayView bytes);
    /// Goes on to the request after a complete one, which may be there already.
    State next();
    /// Takes the bytes that came after a complete request, where they are not HTTP any more.
    [[nodiscard]] QByteArray takeRest();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const ReceivedRequest &request() const { return m_request; }
    /// 400, 413, 431 or 501, once the state is Invalid.
    [[nodiscard]] int errorStatus() const { return m_errorStatus; }
    /// Whether the client waits for "100 Continue" before it sends the body. True at most once a request.
    [[nodiscard]] bool takeExpectsContinue();

private:
    enum class Part { Head, Body, ChunkSize, ChunkData, ChunkEnd, Trailer };

    State parse();
    bool parseHead(QByteArrayView head);
    State fail(int status);

    QByteArray m_buffer;
    ReceivedRequest m_request;
    Part m_part = Part::Head;
    State m_state = State::Incomplete;
    qsizetype m_searched = 0; ///< how much of m_buffer is known to hold no end of the head
    qsizetype m_wanted = 0;   ///< bytes of the body or of the chunk that are still to come
    int m_errorStatus = 0;
    bool m_expectsContinue = false;
};

} // namespace rivulet
