// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/framing/byteordermark.h"
#include "net/framing/frame.h"
#include "net/framing/limits.h"
#include "net/framing/sinkref.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace rivulet {

/// The bound of an NdjsonParser.
struct NdjsonOptions
{
    /// Bytes of one line before its LF.
    std::size_t maxBytes = limits::frame;
};

/// Cuts a byte stream into the lines of newline-delimited JSON (application/x-ndjson, JSON Lines), pushed in
/// pieces of any size. Each line that is not blank is a frame without a type; whether it is JSON is its
/// reader's business. Lines end with LF or CRLF; a CR alone ends none. The frames are the same however the
/// bytes are cut. One thread at a time.
///
/// A line that lies whole in one piece is lent out of it without a copy; what spans pieces is kept, and each
/// byte is looked at once. After the first error nothing is read until reset().
class RIVULET_NET_EXPORT NdjsonParser
{
public:
    explicit NdjsonParser(const NdjsonOptions &options = {}) : m_options(options) {}

    /// Takes the next piece and calls `sink(const Frame &)` for each line that it completes. The sink must
    /// not call the parser.
    template<typename Sink>
    void feed(std::string_view bytes, Sink &&sink)
    {
        feedTo(bytes, FrameSink(sink));
    }

    /// The stream has ended. Hands a last line without its LF to `sink`, marked unterminated: it may be
    /// whole, because many servers leave the last LF out, or cut off; only its reader can tell.
    template<typename Sink>
    void finish(Sink &&sink)
    {
        finishTo(FrameSink(sink));
    }

    /// Forgets everything but the options, as before the first byte.
    void reset();

    /// The first error since reset(): TooLarge or none.
    [[nodiscard]] FrameError error() const { return m_error; }

private:
    void feedTo(std::string_view bytes, FrameSink sink);
    void finishTo(FrameSink sink);
    void keepPartialLine(std::string_view bytes);
    void line(std::string_view line, FrameSink sink, bool unterminated = false);

    NdjsonOptions m_options;
    FrameError m_error = FrameError::None;
    ByteOrderMark m_byteOrderMark;
    std::string m_partialLine;
};

} // namespace rivulet
