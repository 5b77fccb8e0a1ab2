// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/framing/gzipdecoder.h"
#include "tests/fuzz/slices.h"

#include <string>

#include <zlib.h>

using namespace rivulet;

namespace {

// Everything that can be seen of a decoder which read one body.
struct Reading
{
    std::string decoded;
    DecodeError error = DecodeError::None;

    friend bool operator==(const Reading &, const Reading &) = default;
};

Reading read(const fuzz::Pieces &pieces, const GzipOptions &options)
{
    GzipDecoder decoder(options);
    Reading reading;
    for (const std::string_view piece : pieces) {
        // Each piece dies right after it was fed, so that a view kept too long is noticed.
        const std::string owned(piece);
        decoder.feed(owned, [&](std::string_view decoded) { reading.decoded += decoded; });
    }
    decoder.finish();
    reading.error = decoder.error();
    return reading;
}

Reading readTheSameHoweverCut(std::string_view input)
{
    const std::vector<fuzz::Pieces> splits = fuzz::splitsOf(input);
    // Where exactly a bomb is stopped depends on the split a little: these bounds know no bombs.
    for (const GzipOptions &options : {GzipOptions{.allowance = limits::frame, .maxUntaken = 100},
                                       GzipOptions{.allowance = limits::frame}}) {
        const Reading whole = read(splits.front(), options);
        for (const fuzz::Pieces &pieces : splits)
            fuzz::require(read(pieces, options) == whole);
    }
    return read(splits.front(), {});
}

std::string compressed(std::string_view input)
{
    z_stream stream{};
    if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        std::abort();
    std::string bytes(deflateBound(&stream, static_cast<uLong>(input.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(input.data()));
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef *>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    deflate(&stream, Z_FINISH);
    bytes.resize(stream.total_out);
    deflateEnd(&stream);
    return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    (void)readTheSameHoweverCut(input);

    // The corpus is not compressed: the same bytes once more, as the content of a body.
    const Reading reading = readTheSameHoweverCut(compressed(input));
    if (reading.error != DecodeError::None || reading.decoded != input)
        std::abort();
    return 0;
}
