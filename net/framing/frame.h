// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace rivulet {

/// What a frame says of itself, where the framing can tell an answer from a failure.
enum class FrameKind {
    Event,     ///< part of the answer; what a framing that cannot tell always says
    Exception, ///< a failure that the protocol defines: `type` is its name, `data` its payload
    Error,     ///< any other failure: `type` is its code, and only headers describe it
    Other,     ///< of a kind that did not exist when this was written; to be passed over
};

/// A header of a frame, typed as it was sent. Views live as long as those of the frame.
struct FrameHeader
{
    using Bytes = std::span<const std::byte>;
    using Time = std::chrono::sys_time<std::chrono::milliseconds>;
    using Uuid = std::array<std::byte, 16>;
    using Value = std::variant<bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, Bytes,
                               std::string_view, Time, Uuid>;

    std::string_view name; ///< UTF-8 by contract but not checked, like text values
    Value value;
};

/// One whole message of a framed stream. The views are valid only while the sink runs: a parser lends
/// them out of its input or of its own buffer.
struct Frame
{
    std::string_view type; ///< SSE event name, eventstream's event, exception or error; may be empty
    std::string_view data; ///< payload bytes, UTF-8 by contract but not checked here
    std::string_view id;   ///< SSE last event id as of this frame; empty where there is none
    std::optional<std::chrono::milliseconds> retry; ///< SSE reconnection time as of this frame
    bool unterminated = false; ///< came from finish(): the stream ended before the frame's own end
    FrameKind kind = FrameKind::Event;
    std::span<const FrameHeader> headers; ///< eventstream's, in its order; empty where there are none

    /// The text of the header called `name`; empty where there is none or it is no text.
    [[nodiscard]] std::string_view textHeader(std::string_view name) const
    {
        const auto header = std::ranges::find(headers, name, &FrameHeader::name);
        const auto *text = header == headers.end() ? nullptr : std::get_if<std::string_view>(&header->value);
        return text ? *text : std::string_view();
    }
};

/// What ends a parser until it is reset.
enum class FrameError {
    None,
    TooLarge,  ///< a line, event or frame passed its bound in net/framing/limits.h
    Corrupt,   ///< a checksum or a length is wrong
    Truncated, ///< the stream ended inside a frame that is worth nothing in part
};

} // namespace rivulet
