// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/awseventstreamparser.h"

#include <algorithm>
#include <concepts>
#include <utility>

#include <zlib.h>

namespace rivulet {

namespace {

constexpr std::size_t checksumSize = 4;
constexpr std::size_t lengthsSize = 8; // of the frame and of its headers
constexpr std::size_t preludeSize = lengthsSize + checksumSize;
constexpr std::size_t smallestFrame = preludeSize + checksumSize;

// Reads from the front. Past the end it gives empty values and says so.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_rest(bytes) {}

    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }
    [[nodiscard]] bool failed() const { return m_failed; }

    std::string_view bytes(std::size_t size)
    {
        if (size > m_rest.size()) {
            m_failed = true;
            m_rest = {};
            return {};
        }
        const std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }

    // Big-endian, as all numbers here are.
    template<std::integral Number>
    Number number()
    {
        std::uint64_t value = 0;
        for (const char c : bytes(sizeof(Number)))
            value = (value << 8) | static_cast<unsigned char>(c);
        return static_cast<Number>(value);
    }

    std::string_view sizedBytes()
    {
        const std::size_t size = number<std::uint16_t>();
        return bytes(size);
    }

    void fail() { m_failed = true; }

private:
    std::string_view m_rest;
    bool m_failed = false;
};

bool checksumHolds(std::string_view bytes, std::string_view checksum)
{
    const auto actual = ::crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size());
    return actual == Reader(checksum).number<std::uint32_t>();
}

FrameHeader::Value readValue(Reader &reader)
{
    switch (reader.number<std::uint8_t>()) {
    case 0:
        return true;
    case 1:
        return false;
    case 2:
        return reader.number<std::int8_t>();
    case 3:
        return reader.number<std::int16_t>();
    case 4:
        return reader.number<std::int32_t>();
    case 5:
        return reader.number<std::int64_t>();
    case 6:
        return std::as_bytes(std::span(reader.sizedBytes()));
    case 7:
        return reader.sizedBytes();
    case 8:
        return FrameHeader::Time(std::chrono::milliseconds(reader.number<std::int64_t>()));
    case 9: {
        FrameHeader::Uuid uuid{};
        std::ranges::copy(std::as_bytes(std::span(reader.bytes(uuid.size()))), uuid.begin());
        return uuid;
    }
    default:
        reader.fail();
        return {};
    }
}

// The kind of a frame, and the name of the header that holds its type.
std::pair<FrameKind, std::string_view> kindOf(const Frame &frame)
{
    const bool says = std::ranges::contains(frame.headers, ":message-type", &FrameHeader::name);
    const std::string_view kind = frame.textHeader(":message-type");
    if (!says || kind == "event")
        return {FrameKind::Event, ":event-type"};
    if (kind == "exception")
        return {FrameKind::Exception, ":exception-type"};
    if (kind == "error")
        return {FrameKind::Error, ":error-code"};
    return {FrameKind::Other, {}};
}

} // namespace

void AwsEventStreamParser::feedTo(std::string_view bytes, FrameSink sink)
{
    while (m_error == FrameError::None && !bytes.empty()) {
        if (m_partialFrame.empty() && bytes.size() >= preludeSize) {
            const std::size_t size = frameSize(bytes.substr(0, preludeSize));
            if (m_error != FrameError::None)
                return;
            if (bytes.size() >= size) {
                frame(bytes.substr(0, size), sink);
                bytes.remove_prefix(size);
                continue;
            }
        }
        if (m_partialFrame.size() < preludeSize) {
            keepUpTo(preludeSize, bytes);
            if (m_partialFrame.size() == preludeSize)
                m_partialFrameSize = frameSize(m_partialFrame);
        } else {
            keepUpTo(m_partialFrameSize, bytes);
            if (m_partialFrame.size() == m_partialFrameSize) {
                frame(m_partialFrame, sink);
                m_partialFrame.clear();
            }
        }
    }
}

void AwsEventStreamParser::finish()
{
    if (m_error == FrameError::None && !m_partialFrame.empty())
        m_error = FrameError::Truncated;
}

void AwsEventStreamParser::reset()
{
    *this = AwsEventStreamParser(m_options);
}

// Moves the front of `bytes` behind what is kept of a frame, until that has `size`.
void AwsEventStreamParser::keepUpTo(std::size_t size, std::string_view &bytes)
{
    const std::string_view taken = bytes.substr(0, size - m_partialFrame.size());
    m_partialFrame += taken;
    bytes.remove_prefix(taken.size());
}

// The size that the prelude gives its frame, where it can be believed; sets the error where not.
std::size_t AwsEventStreamParser::frameSize(std::string_view prelude)
{
    Reader reader(prelude);
    const std::string_view lengths = reader.bytes(lengthsSize);
    if (!checksumHolds(lengths, reader.bytes(checksumSize))) {
        m_error = FrameError::Corrupt;
        return 0;
    }
    Reader numbers(lengths);
    const std::size_t size = numbers.number<std::uint32_t>();
    const std::size_t headersSize = numbers.number<std::uint32_t>();
    if (size < smallestFrame || headersSize > size - smallestFrame)
        m_error = FrameError::Corrupt;
    else if (size > m_options.maxBytes || headersSize > limits::frameHeaders)
        m_error = FrameError::TooLarge;
    return size;
}

// Takes a whole frame whose prelude has been checked.
void AwsEventStreamParser::frame(std::string_view bytes, FrameSink sink)
{
    const std::size_t end = bytes.size() - checksumSize;
    const std::size_t headersSize = Reader(bytes.substr(lengthsSize / 2)).number<std::uint32_t>();
    if (!checksumHolds(bytes.substr(0, end), bytes.substr(end))
        || !readHeaders(bytes.substr(preludeSize, headersSize))) {
        m_error = FrameError::Corrupt;
        return;
    }
    Frame frame;
    frame.headers = m_headers;
    frame.data = bytes.substr(preludeSize + headersSize, end - preludeSize - headersSize);
    const auto [kind, typeHeader] = kindOf(frame);
    frame.kind = kind;
    frame.type = frame.textHeader(typeHeader);
    sink(frame);
}

// Whether all headers are well formed, and no name comes twice.
bool AwsEventStreamParser::readHeaders(std::string_view block)
{
    m_headers.clear();
    m_headerNames.clear();
    Reader reader(block);
    while (!reader.atEnd()) {
        const std::string_view name = reader.bytes(reader.number<std::uint8_t>());
        const FrameHeader::Value value = readValue(reader);
        if (reader.failed() || name.empty())
            return false;
        m_headers.push_back({name, value});
        m_headerNames.push_back(name);
    }
    std::ranges::sort(m_headerNames);
    return std::ranges::adjacent_find(m_headerNames) == m_headerNames.end();
}

} // namespace rivulet
