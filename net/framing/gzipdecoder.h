// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/framing/limits.h"
#include "net/framing/sinkref.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace rivulet {

/// What ends a GzipDecoder until it is reset.
enum class DecodeError {
    None,
    Corrupt,   ///< not of either format, or a checksum is wrong
    Truncated, ///< the stream ended before the compressed data did
    Bomb,      ///< it grows beyond all reason: see GzipOptions::maxRatio
    Overflow,  ///< decoded bytes piled up that nobody took: see GzipOptions::maxUntaken
};

/// The bounds of a GzipDecoder.
struct GzipOptions
{
    /// Decoded bytes for each received byte, on the whole, that are allowed beyond `allowance`.
    std::size_t maxRatio = limits::inflateRatio;
    /// Decoded bytes that may come however little was received.
    std::size_t allowance = limits::inflateAllowance;
    /// Decoded bytes that were handed over and not reported as taken.
    std::size_t maxUntaken = limits::undelivered;
};

/// Undoes the content coding "gzip" (RFC 1952, also of several members) or "deflate" (RFC 1950, by its first
/// byte), pushed in pieces of any size. What a server has flushed comes out at once. The decoded bytes are
/// the same however the received ones are cut; only where a bomb is stopped may differ by a few pieces. One
/// thread at a time.
///
/// Bytes come out in pieces of at most 32 KiB out of one buffer, so that memory does not grow with what was
/// sent. Whoever keeps decoded bytes calls taken() as they go, and feeds nothing while untaken() is high: a
/// received byte can become 1032, so with a slice of 4 KiB at a time and none above limits::undelivered / 2,
/// only a bomb ends in Overflow.
class RIVULET_NET_EXPORT GzipDecoder
{
public:
    explicit GzipDecoder(const GzipOptions &options = {});
    ~GzipDecoder();
    GzipDecoder(GzipDecoder &&) noexcept;
    GzipDecoder &operator=(GzipDecoder &&) noexcept;

    /// Takes the next received bytes and calls `sink(std::string_view)` with each decoded piece, which is
    /// valid only while the sink runs. The sink may call taken(), nothing else. What was decoded before an
    /// error is handed over; after it nothing is read until reset().
    template<typename Sink>
    void feed(std::string_view bytes, Sink &&sink)
    {
        feedTo(bytes, SinkRef<std::string_view>(sink));
    }

    /// The stream has ended; inside compressed data that is the error Truncated. An empty stream is whole.
    void finish();

    /// Forgets everything but the options, as before the first byte.
    void reset();

    /// `bytes` decoded ones are no longer kept by anyone.
    void taken(std::size_t bytes);

    /// Decoded bytes that were handed over and not reported as taken.
    [[nodiscard]] std::size_t untaken() const;

    /// The first error since reset().
    [[nodiscard]] DecodeError error() const;

    /// Bytes that were received and looked at.
    [[nodiscard]] std::uint64_t wireBytes() const;

    /// Bytes that came of them.
    [[nodiscard]] std::uint64_t decodedBytes() const;

private:
    void feedTo(std::string_view bytes, SinkRef<std::string_view> sink);

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rivulet
