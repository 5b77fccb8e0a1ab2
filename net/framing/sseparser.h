// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/export.h"
#include "net/framing/byteordermark.h"
#include "net/framing/frame.h"
#include "net/framing/limits.h"
#include "net/framing/sinkref.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rivulet {

/// What an SseParser does beyond the standard, and its bound.
struct SseOptions
{
    /// Reports events that have a name but no data, which the standard drops; some protocols end with one.
    bool datalessEvents = false;
    /// Takes a field "error" for an event named "error" with that data; old llama.cpp servers send it.
    bool errorField = false;
    /// Takes JSON that stands between two events, over as many lines as it has, for the data of an event:
    /// some servers write an error so into a stream that has begun.
    bool bareJson = false;
    /// Bytes of one line and of one event's data.
    std::size_t maxBytes = limits::frame;
};

/// Cuts a byte stream into server-sent events (WHATWG HTML, 9.2.5 and 9.2.6), pushed in pieces of any size.
/// The frames are the same however the bytes are cut. One thread at a time; a copy goes on on its own.
///
/// An event that lies whole in one piece is lent out of it without a copy; what spans pieces is kept, and
/// each byte is looked at once. After the first error nothing is read until reset().
class RIVULET_NET_EXPORT SseParser
{
public:
    explicit SseParser(const SseOptions &options = {}) : m_options(options) {}

    /// Takes the next piece and calls `sink(const Frame &)` for each event that it completes. The sink must
    /// not call the parser.
    template<typename Sink>
    void feed(std::string_view bytes, Sink &&sink)
    {
        feedTo(bytes, FrameSink(sink));
    }

    /// The stream has ended. Hands an event whose closing blank line is missing to `sink`, marked
    /// unterminated: the standard drops it, but some servers forget that line. Whether it is whole, only
    /// its reader can tell.
    template<typename Sink>
    void finish(Sink &&sink)
    {
        finishTo(FrameSink(sink));
    }

    /// Forgets everything but the options, as before the first byte.
    void reset();

    /// The first error since reset().
    [[nodiscard]] FrameError error() const { return m_error; }

    /// The id to send as Last-Event-ID when reconnecting; an event's id counts once the event is complete.
    [[nodiscard]] const std::string &lastEventId() const { return m_lastEventId; }

    /// The reconnection time that the server asked for, where it did.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return m_retry; }

    /// Comment lines so far: servers send them to show that they live, with nothing to say.
    [[nodiscard]] std::uint64_t comments() const { return m_comments; }

private:
    void feedTo(std::string_view bytes, FrameSink sink);
    void finishTo(FrameSink sink);
    void keepPartialLine(std::string_view bytes);
    void endPartialLine(std::string_view bytes, FrameSink sink);
    void line(std::string_view line, FrameSink sink);
    void field(std::string_view name, std::string_view value);
    [[nodiscard]] bool beginsBareJson(std::string_view line) const;
    void addData(std::string_view value);
    void keepData();
    void setRetry(std::string_view value);
    void dispatch(FrameSink sink, bool unterminated);
    void fail(FrameError error);

    SseOptions m_options;
    FrameError m_error = FrameError::None;
    ByteOrderMark m_byteOrderMark;
    bool m_skipLf = false; ///< the last byte was a CR that ended a line; an LF that follows belongs to it
    bool m_hasData = false;
    bool m_inBareJson = false;
    bool m_dataIsKept = false; ///< the event's data is in m_kept, not lent out of the input

    std::string m_partialLine;
    std::string_view m_data; ///< lent out of the input of the call under way, while !m_dataIsKept
    std::string m_kept;
    std::string m_type;
    std::string m_id; ///< takes effect when its event is dispatched
    std::string m_lastEventId;
    std::optional<std::chrono::milliseconds> m_retry;
    std::uint64_t m_comments = 0;
};

} // namespace rivulet
