// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/gzipdecoder.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

#include <zlib.h>

namespace rivulet {

namespace {

constexpr std::size_t pieceSize = 32 * limits::KiB;

constexpr char gzipMagic = '\x1F'; // no zlib header begins with it
constexpr int largestWindow = 15;
constexpr int expectGzip = 16;

} // namespace

// Stays where it was made: zlib's own state points back to the stream.
struct GzipDecoder::State
{
    enum class Stage {
        Start,       // before the first byte
        Inside,      // of compressed data
        AfterMember, // where another one may begin
    };

    explicit State(const GzipOptions &bounds) : options(bounds) {}
    ~State() { ::inflateEnd(&stream); }
    State(const State &) = delete;
    State &operator=(const State &) = delete;

    void feed(std::string_view bytes, SinkRef<std::string_view> sink);
    void begin(std::string_view &bytes);
    void inflate(std::string_view &bytes, SinkRef<std::string_view> sink);
    void handOver(std::string_view piece, SinkRef<std::string_view> sink);
    void fail(DecodeError reason);

    GzipOptions options;
    DecodeError error = DecodeError::None;
    Stage stage = Stage::Start;
    bool isGzip = false;
    bool hasMore = false; // zlib may hold decoded bytes for which there was no room
    std::uint64_t wireBytes = 0;
    std::uint64_t decodedBytes = 0;
    std::size_t untaken = 0;
    z_stream stream{};
    std::array<char, pieceSize> piece{};
};

void GzipDecoder::State::feed(std::string_view bytes, SinkRef<std::string_view> sink)
{
    while (error == DecodeError::None && (!bytes.empty() || hasMore)) {
        if (stage == Stage::Inside)
            inflate(bytes, sink);
        else
            begin(bytes);
    }
}

// Looks at the first byte of what may be compressed data.
void GzipDecoder::State::begin(std::string_view &bytes)
{
    if (stage == Stage::AfterMember) {
        // Tapes and some servers pad with zeros.
        const std::size_t padding = std::min(bytes.find_first_not_of('\0'), bytes.size());
        wireBytes += padding;
        bytes.remove_prefix(padding);
        if (bytes.empty())
            return;
        if (!isGzip || bytes.front() != gzipMagic) {
            fail(DecodeError::Corrupt);
            return;
        }
        ::inflateReset(&stream);
    } else {
        isGzip = bytes.front() == gzipMagic;
        if (::inflateInit2(&stream, isGzip ? largestWindow + expectGzip : largestWindow) != Z_OK)
            throw std::bad_alloc();
    }
    stage = Stage::Inside;
}

// Decodes as much as fits into the rest of the current piece, and hands that over.
void GzipDecoder::State::inflate(std::string_view &bytes, SinkRef<std::string_view> sink)
{
    // Pieces end at multiples of their size in the decoded stream, whatever was handed over early, so that
    // the ratio is looked at in the same places however the received bytes are cut. A call that fills one
    // may still have read a little beyond.
    const std::size_t room = pieceSize - decodedBytes % pieceSize;
    const std::size_t given = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data())); // zlib only reads it
    stream.avail_in = static_cast<uInt>(given);
    stream.next_out = reinterpret_cast<Bytef *>(piece.data());
    stream.avail_out = static_cast<uInt>(room);
    const int result = ::inflate(&stream, Z_NO_FLUSH);

    const std::size_t used = given - stream.avail_in;
    bytes.remove_prefix(used);
    wireBytes += used;
    const std::size_t decoded = room - stream.avail_out;
    decodedBytes += decoded;
    hasMore = stream.avail_out == 0 && result == Z_OK;
    if (decoded > 0)
        handOver({piece.data(), decoded}, sink);

    if (stream.avail_out == 0 && decodedBytes > options.allowance + options.maxRatio * wireBytes)
        fail(DecodeError::Bomb);

    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: // there was nothing left to do
        break;
    case Z_STREAM_END:
        stage = Stage::AfterMember;
        break;
    case Z_MEM_ERROR:
        throw std::bad_alloc();
    default:
        fail(DecodeError::Corrupt);
        break;
    }
}

void GzipDecoder::State::handOver(std::string_view decoded, SinkRef<std::string_view> sink)
{
    const std::string_view fitting = decoded.substr(0, options.maxUntaken - untaken);
    untaken += fitting.size();
    if (!fitting.empty())
        sink(fitting);
    if (fitting.size() < decoded.size())
        fail(DecodeError::Overflow);
}

void GzipDecoder::State::fail(DecodeError reason)
{
    if (error == DecodeError::None)
        error = reason;
}

GzipDecoder::GzipDecoder(const GzipOptions &options) : m_state(std::make_unique<State>(options)) {}

GzipDecoder::~GzipDecoder() = default;
GzipDecoder::GzipDecoder(GzipDecoder &&) noexcept = default;
GzipDecoder &GzipDecoder::operator=(GzipDecoder &&) noexcept = default;

void GzipDecoder::feedTo(std::string_view bytes, SinkRef<std::string_view> sink)
{
    m_state->feed(bytes, sink);
}

void GzipDecoder::finish()
{
    if (m_state->stage == State::Stage::Inside)
        m_state->fail(DecodeError::Truncated);
}

void GzipDecoder::reset()
{
    *this = GzipDecoder(m_state->options);
}

void GzipDecoder::taken(std::size_t bytes)
{
    m_state->untaken -= std::min(bytes, m_state->untaken);
}

std::size_t GzipDecoder::untaken() const
{
    return m_state->untaken;
}

DecodeError GzipDecoder::error() const
{
    return m_state->error;
}

std::uint64_t GzipDecoder::wireBytes() const
{
    return m_state->wireBytes;
}

std::uint64_t GzipDecoder::decodedBytes() const
{
    return m_state->decodedBytes;
}

} // namespace rivulet
