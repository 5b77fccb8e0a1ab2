// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/ndjsonparser.h"
#include "tests/fuzz/slices.h"

#include <string>

using namespace rivulet;

namespace {

// Everything that can be seen of a parser which read one stream.
struct Reading
{
    struct KeptLine
    {
        std::string data;
        bool unterminated;

        friend bool operator==(const KeptLine &, const KeptLine &) = default;
    };

    std::vector<KeptLine> lines;
    FrameError error = FrameError::None;

    friend bool operator==(const Reading &, const Reading &) = default;
};

Reading read(const fuzz::Pieces &pieces, const NdjsonOptions &options)
{
    NdjsonParser parser(options);
    Reading reading;
    const auto sink = [&](const Frame &frame) {
        reading.lines.push_back({std::string(frame.data), frame.unterminated});
    };
    for (const std::string_view piece : pieces) {
        // Each piece dies right after it was fed, so that a view kept too long is noticed.
        const std::string owned(piece);
        parser.feed(owned, sink);
    }
    parser.finish(sink);
    reading.error = parser.error();
    return reading;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    const std::vector<fuzz::Pieces> splits = fuzz::splitsOf(input);
    for (const NdjsonOptions &options : {NdjsonOptions{}, NdjsonOptions{.maxBytes = 24}}) {
        const Reading whole = read(splits.front(), options);
        for (const fuzz::Pieces &pieces : splits)
            fuzz::require(read(pieces, options) == whole);
    }
    return 0;
}
