// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/framing/frame.h"
#include "net/framing/limits.h"
#include "net/framing/sinkref.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rivulet {

/// The bound of an AwsEventStreamParser.
struct AwsEventStreamOptions
{
    /// Bytes of one whole frame, headers and checksums included.
    std::size_t maxBytes = limits::frame;
};

/// Cuts a byte stream into the frames of Amazon's eventstream (application/vnd.amazon.eventstream), pushed in
/// pieces of any size. Both checksums of each frame are verified, the prelude's before its lengths are
/// believed and the lengths before anything is kept for them. The frames are the same however the bytes are
/// cut. One thread at a time.
///
/// A frame's `kind` is what its header :message-type says, Event where it has none; its `type` is the header
/// :event-type, :exception-type or :error-code, by kind. All headers come along, decoded.
///
/// A frame that lies whole in one piece is lent out of it without a copy; what spans pieces is kept. After
/// the first error nothing is read until reset(): there is no way to find the next frame.
class RIVULET_NET_EXPORT AwsEventStreamParser
{
public:
    explicit AwsEventStreamParser(const AwsEventStreamOptions &options = {}) : m_options(options) {}

    /// Takes the next piece and calls `sink(const Frame &)` for each frame that it completes. The sink must
    /// not call the parser.
    template<typename Sink>
    void feed(std::string_view bytes, Sink &&sink)
    {
        feedTo(bytes, FrameSink(sink));
    }

    /// The stream has ended; inside a frame that is the error Truncated. Never calls the sink, which is taken
    /// to be like the other parsers: what no checksum covers is not handed over.
    template<typename Sink>
    void finish(Sink &&)
    {
        finish();
    }

    /// The same, without a sink.
    void finish();

    /// Forgets everything but the options, as before the first byte.
    void reset();

    /// The first error since reset().
    [[nodiscard]] FrameError error() const { return m_error; }

private:
    void feedTo(std::string_view bytes, FrameSink sink);
    void keepUpTo(std::size_t size, std::string_view &bytes);
    [[nodiscard]] std::size_t frameSize(std::string_view prelude);
    void frame(std::string_view bytes, FrameSink sink);
    [[nodiscard]] bool readHeaders(std::string_view block);

    AwsEventStreamOptions m_options;
    FrameError m_error = FrameError::None;
    std::string m_partialFrame;
    std::size_t m_partialFrameSize = 0;          ///< what it will be; 0 until its prelude was read
    std::vector<FrameHeader> m_headers;          ///< of the frame that is being handed over
    std::vector<std::string_view> m_headerNames; ///< the same frame's, sorted
};

} // namespace rivulet
