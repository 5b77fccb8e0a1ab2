// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/eventjson.h"
#include "app/cli/summary.h"
#include "net/dialects/dialectregistry.h"
#include "net/dialects/responsereader.h"

#include <QtCore/qlist.h>
#include <QtCore/qstringlist.h>

namespace rivulet::test {

/// What one response body means.
struct Answer
{
    StreamEvents events; ///< coalesced
    Completeness completeness = Completeness::Open;

    friend bool operator==(const Answer &, const Answer &) = default;

    /// The events as lines of JSON, for comparisons that people can read.
    [[nodiscard]] QStringList lines() const
    {
        QStringList result;
        for (const StreamEvent &event : events)
            result.append(QString::fromUtf8(cli::toJson(event)));
        return result;
    }

    /// All deltas of one kind, event::Text or event::Reasoning, joined.
    template<typename Delta>
    [[nodiscard]] QString joined() const
    {
        QString text;
        for (const StreamEvent &event : events) {
            if (const auto *delta = std::get_if<Delta>(&event.payload))
                text += delta->text;
        }
        return text;
    }

    /// The last event of a kind, or one with default values where there is none.
    template<typename Event>
    [[nodiscard]] Event last() const
    {
        Event found;
        for (const StreamEvent &event : events) {
            if (const auto *match = std::get_if<Event>(&event.payload))
                found = *match;
        }
        return found;
    }
};

inline ResponseHead successfulHead(const QByteArray &contentType = "text/event-stream")
{
    return {.status = 200, .contentType = contentType, .headers = {}};
}

/// Reads a body that comes in pieces, through the reader of the live path.
inline Answer read(const QList<QByteArrayView> &pieces, const ResponseHead &head = successfulHead(),
                   DialectId dialect = DialectId::OpenAiChat)
{
    ResponseReader reader(makeDialect(dialect));
    Answer answer;
    reader.head(head);
    for (const QByteArrayView piece : pieces)
        reader.feed(piece, answer.events);
    reader.finish(ResponseReader::End::Clean, answer.events);
    answer.completeness = reader.completeness();
    coalesce(answer.events);
    return answer;
}

/// What `rivulet-cli replay --summary` prints of a body that comes in pieces.
inline QByteArray summaryOf(const QList<QByteArrayView> &pieces, const ResponseHead &head, DialectId dialect)
{
    ResponseReader reader(makeDialect(dialect));
    StreamEvents events;
    reader.head(head);
    for (const QByteArrayView piece : pieces)
        reader.feed(piece, events);
    reader.finish(ResponseReader::End::Clean, events);
    if (reader.dialect().framing() == Framing::Text)
        coalesce(events);
    cli::Summary summary;
    for (const StreamEvent &event : std::as_const(events))
        summary.add(event);
    return summary.toJson(reader.completeness() == Completeness::Complete, {}, reader.unknownFrames()) + '\n';
}

/// The head of a success as that dialect expects it.
inline ResponseHead expectedHead(DialectId dialect)
{
    return successfulHead(contentTypeOf(makeDialect(dialect)->framing()));
}

} // namespace rivulet::test
