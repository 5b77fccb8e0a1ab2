// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"
#include "tests/fuzz/slices.h"

namespace rivulet::fuzz {

/// What one response body means.
struct Reading
{
    StreamEvents events; ///< coalesced
    Completeness completeness = Completeness::Open;

    friend bool operator==(const Reading &, const Reading &) = default;
};

inline Reading read(const Pieces &pieces, const ResponseHead &head, DialectId dialect)
{
    ResponseReader reader(makeDialect(dialect));
    Reading reading;
    reader.head(head);
    for (const std::string_view piece : pieces)
        reader.feed(QByteArrayView(piece.data(), static_cast<qsizetype>(piece.size())), reading.events);
    reader.finish(ResponseReader::End::Clean, reading.events);
    reading.completeness = reader.completeness();
    coalesce(reading.events);
    return reading;
}

/// Text never ends inside a surrogate pair, and nothing but token counts follows the failure of the stream.
inline bool keepsItsWord(const StreamEvents &events)
{
    bool failed = false;
    for (const StreamEvent &event : events) {
        if (failed && !std::holds_alternative<event::UsageReported>(event.payload))
            return false;
        failed = failed || (event.agent.isEmpty() && std::holds_alternative<event::Failed>(event.payload));
        const auto *text = std::get_if<event::Text>(&event.payload);
        if (text && (text->text.isEmpty() || !text->text.isValidUtf16()))
            return false;
    }
    return true;
}

/// Reads `input` as an answer in that dialect, as a success and as a failure, cut in several ways.
inline void checkDialect(DialectId dialect, std::string_view input)
{
    const std::vector<Pieces> splits = splitsOf(input);
    for (const int status : {200, 500}) {
        const ResponseHead head{
            .status = status, .contentType = contentTypeOf(makeDialect(dialect)->framing()), .headers = {}};
        const Reading whole = read(splits.front(), head, dialect);
        if (!keepsItsWord(whole.events))
            std::abort();
        for (const Pieces &pieces : splits)
            require(read(pieces, head, dialect) == whole);
    }
}

} // namespace rivulet::fuzz
