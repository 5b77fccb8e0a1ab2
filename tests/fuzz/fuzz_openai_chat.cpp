// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"
#include "tests/fuzz/slices.h"

using namespace rivulet;

namespace {

struct Reading
{
    StreamEvents events;
    Completeness completeness = Completeness::Open;

    friend bool operator==(const Reading &, const Reading &) = default;
};

Reading read(const fuzz::Pieces &pieces, const ResponseHead &head)
{
    ResponseReader reader(makeDialect(DialectId::OpenAiChat));
    Reading reading;
    reader.head(head);
    for (const std::string_view piece : pieces)
        reader.feed(QByteArrayView(piece.data(), static_cast<qsizetype>(piece.size())), reading.events);
    reader.finish(ResponseReader::End::Clean, reading.events);
    reading.completeness = reader.completeness();
    coalesce(reading.events);
    return reading;
}

// Text never ends inside a surrogate pair, and nothing but token counts follows a failure.
bool keepsItsWord(const StreamEvents &events)
{
    bool failed = false;
    for (const StreamEvent &event : events) {
        if (failed && !std::holds_alternative<event::UsageReported>(event.payload))
            return false;
        failed = failed || std::holds_alternative<event::Failed>(event.payload);
        const auto *text = std::get_if<event::Text>(&event.payload);
        if (text && (text->text.isEmpty() || !text->text.isValidUtf16()))
            return false;
    }
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    const std::vector<fuzz::Pieces> splits = fuzz::splitsOf(input);
    for (const int status : {200, 500}) {
        const ResponseHead head{.status = status, .contentType = "text/event-stream", .headers = {}};
        const Reading whole = read(splits.front(), head);
        if (!keepsItsWord(whole.events))
            std::abort();
        for (const fuzz::Pieces &pieces : splits)
            fuzz::require(read(pieces, head) == whole);
    }
    return 0;
}
