// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/sseparser.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace rivulet {

namespace {

constexpr std::size_t shortPiece = 16;

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

const char *find(char c, const char *begin, const char *end)
{
    const void *found = std::memchr(begin, c, static_cast<std::size_t>(end - begin));
    return found ? static_cast<const char *>(found) : end;
}

std::string_view view(const char *begin, const char *end)
{
    return {begin, static_cast<std::size_t>(end - begin)};
}

// Finds line ends from left to right. Each kind is searched ahead and remembered, so that a stream which
// uses only one of them is still scanned once for each.
class LineEnds
{
public:
    LineEnds(const char *begin, const char *end)
        : m_end(end), m_lf(find('\n', begin, end)), m_cr(find('\r', begin, end))
    {}

    const char *next(const char *from)
    {
        if (m_lf < from)
            m_lf = *from == '\n' ? from : find('\n', from, m_end);
        if (m_cr < from)
            m_cr = find('\r', from, m_end);
        return std::min(m_lf, m_cr);
    }

private:
    const char *m_end;
    const char *m_lf;
    const char *m_cr;
};

} // namespace

void SseParser::feedTo(std::string_view bytes, FrameSink sink)
{
    if (m_error != FrameError::None)
        return;
    if (!m_byteOrderMark.passed())
        keepPartialLine(m_byteOrderMark.drop(bytes));
    if (bytes.empty())
        return;
    if (m_skipLf) {
        m_skipLf = false;
        if (bytes.front() == '\n')
            bytes.remove_prefix(1);
    }

    // So few bytes, mostly inside a line, are looked at faster than a search is called.
    if (bytes.size() <= shortPiece && std::ranges::none_of(bytes, isLineEnd)) {
        keepPartialLine(bytes);
        return;
    }

    const char *at = bytes.data();
    const char *const end = at + bytes.size();
    LineEnds ends(at, end);
    while (at != end) {
        const char *lineEnd = ends.next(at);
        if (lineEnd == end) {
            keepPartialLine(view(at, end));
            break;
        }
        if (m_partialLine.empty())
            line(view(at, lineEnd), sink);
        else
            endPartialLine(view(at, lineEnd), sink);
        if (m_error != FrameError::None)
            return;
        at = lineEnd + 1;
        if (*lineEnd == '\r') {
            if (at == end)
                m_skipLf = true;
            else if (*at == '\n')
                ++at;
        }
    }
    keepData();
}

void SseParser::finishTo(FrameSink sink)
{
    if (m_error != FrameError::None)
        return;
    keepPartialLine(m_byteOrderMark.finish());
    m_skipLf = false;
    // Of a line that was cut off only data is worth having: half a name or number would be a wrong one.
    const bool holdsData = m_partialLine.starts_with("data:")
        || (m_options.errorField && m_partialLine.starts_with("error:"))
        || (!m_partialLine.empty() && (m_inBareJson || beginsBareJson(m_partialLine)));
    if (holdsData)
        endPartialLine({}, sink);
    m_partialLine.clear();
    if (m_error == FrameError::None && (m_hasData || (m_options.datalessEvents && !m_type.empty())))
        dispatch(sink, true);
}

void SseParser::reset()
{
    *this = SseParser(m_options);
}

void SseParser::keepPartialLine(std::string_view bytes)
{
    if (bytes.size() > m_options.maxBytes - m_partialLine.size()) {
        fail(FrameError::TooLarge);
        return;
    }
    m_partialLine += bytes;
}

void SseParser::endPartialLine(std::string_view bytes, FrameSink sink)
{
    keepPartialLine(bytes);
    if (m_error != FrameError::None)
        return;
    line(m_partialLine, sink);
    keepData();
    m_partialLine.clear();
}

void SseParser::line(std::string_view line, FrameSink sink)
{
    if (line.empty()) {
        dispatch(sink, false);
        return;
    }
    // The bound is on the line, so that it does not matter in how many pieces the line came.
    if (line.size() > m_options.maxBytes) {
        fail(FrameError::TooLarge);
        return;
    }
    // A line of JSON begins with no letter of a field's name, however it is indented.
    if (m_inBareJson && (line.front() == ':' || (line.front() >= 'a' && line.front() <= 'z')))
        dispatch(sink, false);
    // Nearly every line is one of these two.
    if (line.starts_with("data:")) {
        line.remove_prefix(line.size() > 5 && line[5] == ' ' ? 6 : 5);
        addData(line);
        return;
    }
    if (line.front() == ':') {
        ++m_comments;
        return;
    }
    if (m_inBareJson || beginsBareJson(line)) {
        m_inBareJson = true;
        addData(line);
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        field(line, {});
        return;
    }
    std::string_view value = line.substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    field(line.substr(0, colon), value);
}

void SseParser::field(std::string_view name, std::string_view value)
{
    if (name == "data") {
        addData(value);
    } else if (name == "event") {
        m_type = value;
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos)
            m_id = value;
    } else if (name == "retry") {
        setRetry(value);
    } else if (name == "error" && m_options.errorField) {
        m_type = name;
        addData(value);
    }
}

bool SseParser::beginsBareJson(std::string_view line) const
{
    return m_options.bareJson && !m_hasData && (line.front() == '{' || line.front() == '[');
}

void SseParser::addData(std::string_view value)
{
    if (!m_hasData) {
        m_hasData = true;
        m_dataIsKept = false;
        m_data = value;
        return;
    }
    keepData();
    if (value.size() >= m_options.maxBytes - m_kept.size()) {
        fail(FrameError::TooLarge);
        return;
    }
    m_kept += '\n';
    m_kept += value;
}

// Copies lent data, because what it was lent from is about to go away.
void SseParser::keepData()
{
    if (!m_hasData || m_dataIsKept)
        return;
    m_kept.assign(m_data);
    m_data = {};
    m_dataIsKept = true;
}

void SseParser::setRetry(std::string_view value)
{
    std::int64_t milliseconds = 0;
    const bool digitsOnly =
        !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (digitsOnly
        && std::from_chars(value.data(), value.data() + value.size(), milliseconds).ec == std::errc())
        m_retry = std::chrono::milliseconds(milliseconds);
}

void SseParser::dispatch(FrameSink sink, bool unterminated)
{
    if (!unterminated)
        m_lastEventId = m_id;
    if (m_hasData || (m_options.datalessEvents && !m_type.empty())) {
        Frame frame;
        frame.type = m_type.empty() ? std::string_view("message") : std::string_view(m_type);
        frame.data = !m_hasData ? std::string_view() : m_dataIsKept ? std::string_view(m_kept) : m_data;
        frame.id = m_lastEventId;
        frame.retry = m_retry;
        frame.unterminated = unterminated;
        sink(frame);
    }
    m_hasData = false;
    m_inBareJson = false;
    m_type.clear();
}

void SseParser::fail(FrameError error)
{
    m_error = error;
    m_hasData = false;
}

} // namespace rivulet
