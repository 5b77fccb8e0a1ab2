// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/httprequestparser.h"

#include <algorithm>
#include <utility>

namespace rivulet {

namespace {

constexpr qsizetype MaxChunkLine = 1024;

bool isToken(QByteArrayView text)
{
    constexpr QByteArrayView allowedMarks = "!#$%&'*+-.^_`|~";
    return !text.isEmpty() && std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || allowedMarks.contains(c);
    });
}

} // namespace

QByteArray ReceivedRequest::path() const
{
    const qsizetype query = target.indexOf('?');
    return query < 0 ? target : target.first(query);
}

QByteArray ReceivedRequest::header(QByteArrayView name) const
{
    const auto found = std::ranges::find_if(headers, [&](const auto &field) { return field.first == name; });
    return found == headers.end() ? QByteArray() : found->second;
}

HttpRequestParser::State HttpRequestParser::feed(QByteArrayView bytes)
{
    if (m_state == State::Invalid)
        return m_state;
    m_buffer.append(bytes);
    return m_state == State::Complete ? m_state : parse();
}

HttpRequestParser::State HttpRequestParser::next()
{
    if (m_state != State::Complete)
        return m_state;
    m_request = {};
    m_part = Part::Head;
    m_state = State::Incomplete;
    m_searched = 0;
    m_wanted = 0;
    m_expectsContinue = false;
    return parse();
}

QByteArray HttpRequestParser::takeRest()
{
    return std::exchange(m_buffer, {});
}

bool HttpRequestParser::takeExpectsContinue()
{
    return std::exchange(m_expectsContinue, false);
}

HttpRequestParser::State HttpRequestParser::fail(int status)
{
    m_errorStatus = status;
    m_buffer.clear();
    return m_state = State::Invalid;
}

HttpRequestParser::State HttpRequestParser::parse()
{
    while (true) {
        switch (m_part) {
        case Part::Head: {
            // A TLS greeting, for instance, would never come to an end of a head.
            if (!m_buffer.isEmpty() && !isToken(QByteArrayView(m_buffer).first(1)))
                return fail(400);
            const qsizetype end = m_buffer.indexOf("\r\n\r\n", m_searched);
            if (end < 0) {
                m_searched = std::max<qsizetype>(0, m_buffer.size() - 3);
                return m_buffer.size() > MaxHeadSize ? fail(431) : m_state;
            }
            if (end > MaxHeadSize)
                return fail(431);
            const QByteArray head = m_buffer.first(end);
            m_buffer.remove(0, end + 4);
            if (!parseHead(head))
                return m_state;
            break;
        }
        case Part::Body:
            if (m_buffer.size() < m_wanted)
                return m_state;
            m_request.body = m_buffer.first(m_wanted);
            m_buffer.remove(0, m_wanted);
            return m_state = State::Complete;
        case Part::ChunkSize: {
            const qsizetype end = m_buffer.indexOf("\r\n");
            if (end < 0)
                return m_buffer.size() > MaxChunkLine ? fail(400) : m_state;
            const QByteArray line = m_buffer.first(end);
            bool ok = false;
            const qlonglong size = line.split(';').first().trimmed().toLongLong(&ok, 16);
            if (!ok || size < 0)
                return fail(400);
            if (size > MaxBodySize - m_request.body.size())
                return fail(413);
            m_buffer.remove(0, end + 2);
            m_wanted = size;
            m_part = size == 0 ? Part::Trailer : Part::ChunkData;
            break;
        }
        case Part::ChunkData: {
            const qsizetype taken = std::min(m_wanted, m_buffer.size());
            m_request.body.append(m_buffer.first(taken));
            m_buffer.remove(0, taken);
            m_wanted -= taken;
            if (m_wanted > 0)
                return m_state;
            m_part = Part::ChunkEnd;
            break;
        }
        case Part::ChunkEnd:
            if (m_buffer.size() < 2)
                return m_state;
            if (!m_buffer.startsWith("\r\n"))
                return fail(400);
            m_buffer.remove(0, 2);
            m_part = Part::ChunkSize;
            break;
        case Part::Trailer: {
            const qsizetype end = m_buffer.indexOf("\r\n");
            if (end < 0)
                return m_buffer.size() > MaxHeadSize ? fail(431) : m_state;
            m_buffer.remove(0, end + 2);
            if (end == 0)
                return m_state = State::Complete;
            break;
        }
        }
    }
}

bool HttpRequestParser::parseHead(QByteArrayView head)
{
    const auto invalid = [this](int status) {
        fail(status);
        return false;
    };
    const QList<QByteArray> lines = head.toByteArray().split('\n');
    const QList<QByteArray> requestLine = lines.first().trimmed().split(' ');
    if (requestLine.size() != 3 || !isToken(requestLine[0]) || requestLine[1].isEmpty()
        || !requestLine[2].startsWith("HTTP/1."))
        return invalid(400);
    m_request.method = requestLine[0];
    m_request.target = requestLine[1];
    if (lines.size() - 1 > MaxFieldCount)
        return invalid(431);
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon < 0 || !isToken(QByteArrayView(line).first(colon)))
            return invalid(400);
        m_request.headers.append({line.first(colon).toLower(), line.sliced(colon + 1).trimmed()});
    }

    m_expectsContinue = m_request.header("expect").toLower() == "100-continue";
    const QByteArray coding = m_request.header("transfer-encoding").toLower();
    const QByteArray length = m_request.header("content-length");
    if (!coding.isNull()) {
        // Two lengths for one body are how requests are smuggled past a front server (RFC 9112, 6.1).
        if (!length.isNull())
            return invalid(400);
        if (coding != "chunked")
            return invalid(501);
        m_part = Part::ChunkSize;
        return true;
    }
    if (!length.isNull()) {
        bool ok = false;
        const qlonglong size = length.toLongLong(&ok);
        if (!ok || size < 0)
            return invalid(400);
        if (size > MaxBodySize)
            return invalid(413);
        m_wanted = size;
    }
    m_part = Part::Body;
    return true;
}

} // namespace rivulet
