// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/awseventstreamparser.h"
#include "tests/fuzz/slices.h"
#include "tests/support/eventstreambytes.h"

#include <algorithm>
#include <string>

using namespace rivulet;

namespace {

// Everything that can be seen of a parser which read one stream.
struct Reading
{
    struct KeptHeader
    {
        std::string name;
        std::size_t type;
        std::string value; // where it is one that views its frame

        friend bool operator==(const KeptHeader &, const KeptHeader &) = default;
    };

    struct KeptFrame
    {
        FrameKind kind;
        std::string type;
        std::string data;
        std::vector<KeptHeader> headers;

        friend bool operator==(const KeptFrame &, const KeptFrame &) = default;
    };

    std::vector<KeptFrame> frames;
    FrameError error = FrameError::None;

    friend bool operator==(const Reading &, const Reading &) = default;
};

Reading::KeptHeader kept(const FrameHeader &header)
{
    Reading::KeptHeader keptHeader{std::string(header.name), header.value.index(), {}};
    if (const auto *text = std::get_if<std::string_view>(&header.value))
        keptHeader.value = *text;
    else if (const auto *bytes = std::get_if<FrameHeader::Bytes>(&header.value))
        keptHeader.value.assign(reinterpret_cast<const char *>(bytes->data()), bytes->size());
    return keptHeader;
}

Reading read(const fuzz::Pieces &pieces, const AwsEventStreamOptions &options)
{
    AwsEventStreamParser parser(options);
    Reading reading;
    const auto sink = [&](const Frame &frame) {
        Reading::KeptFrame keptFrame{frame.kind, std::string(frame.type), std::string(frame.data), {}};
        std::ranges::transform(frame.headers, std::back_inserter(keptFrame.headers), kept);
        reading.frames.push_back(std::move(keptFrame));
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

void readTheSameHoweverCut(std::string_view input)
{
    const std::vector<fuzz::Pieces> splits = fuzz::splitsOf(input);
    for (const AwsEventStreamOptions &options :
         {AwsEventStreamOptions{}, AwsEventStreamOptions{.maxBytes = 200}}) {
        const Reading whole = read(splits.front(), options);
        for (const fuzz::Pieces &pieces : splits)
            fuzz::require(read(pieces, options) == whole);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    readTheSameHoweverCut(input);

    // No fuzzer guesses a checksum: the same bytes once more, as the headers and payload of a frame.
    const QByteArray bytes(input.data(), static_cast<qsizetype>(input.size()));
    const qsizetype headersSize = std::min<qsizetype>(fuzz::seedOf(input) % 64, bytes.size());
    const QByteArray frame =
        test::eventStreamFrame(bytes.first(headersSize), bytes.sliced(headersSize)) + bytes;
    readTheSameHoweverCut({frame.data(), static_cast<std::size_t>(frame.size())});
    return 0;
}
