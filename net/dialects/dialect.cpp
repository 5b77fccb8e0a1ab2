// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/dialects/dialect.h"

#include "net/dialects/errorbody.h"

namespace rivulet {

QByteArray contentTypeOf(Framing framing)
{
    switch (framing) {
    case Framing::Sse:
        return "text/event-stream";
    case Framing::Lines:
        return "application/x-ndjson";
    case Framing::AwsEventStream:
        return "application/vnd.amazon.eventstream";
    case Framing::Text:
        return "text/plain";
    }
    Q_UNREACHABLE_RETURN({});
}

NetError Dialect::errorFor(const ResponseHead &head, QByteArrayView body) const
{
    return errorFromResponse(head, body, QDateTime::currentDateTimeUtc());
}

} // namespace rivulet
