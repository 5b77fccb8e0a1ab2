// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/sseparser.h"
#include "tests/fuzz/slices.h"

#include <optional>
#include <string>

using namespace rivulet;

namespace {

// Everything that can be seen of a parser which read one stream.
struct Reading
{
    struct KeptFrame
    {
        std::string type;
        std::string data;
        std::string id;
        std::optional<std::chrono::milliseconds> retry;
        bool unterminated;

        friend bool operator==(const KeptFrame &, const KeptFrame &) = default;
    };

    std::vector<KeptFrame> frames;
    std::string lastEventId;
    std::optional<std::chrono::milliseconds> retry;
    std::uint64_t comments = 0;
    FrameError error = FrameError::None;

    friend bool operator==(const Reading &, const Reading &) = default;
};

Reading read(const fuzz::Pieces &pieces, const SseOptions &options)
{
    SseParser parser(options);
    Reading reading;
    const auto sink = [&](const Frame &frame) {
        reading.frames.push_back({std::string(frame.type), std::string(frame.data), std::string(frame.id),
                                  frame.retry, frame.unterminated});
    };
    for (const std::string_view piece : pieces) {
        // Each piece dies right after it was fed, so that a view kept too long is noticed.
        const std::string owned(piece);
        parser.feed(owned, sink);
    }
    parser.finish(sink);
    reading.lastEventId = parser.lastEventId();
    reading.retry = parser.retry();
    reading.comments = parser.comments();
    reading.error = parser.error();
    return reading;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    for (const SseOptions &options :
         {SseOptions{},
          SseOptions{.datalessEvents = true, .errorField = true, .bareJson = true, .maxBytes = 24}}) {
        const std::vector<fuzz::Pieces> splits = fuzz::splitsOf(input);
        const Reading whole = read(splits.front(), options);
        for (const fuzz::Pieces &pieces : splits)
            fuzz::require(read(pieces, options) == whole);
    }
    return 0;
}
