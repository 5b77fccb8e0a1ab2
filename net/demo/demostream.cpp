// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/demo/demostream.h"

#include "net/demo/demopacer.h"
#include "net/demo/httpresponder.h"

#include <utility>

namespace rivulet {

DemoPacer *DemoStream::startOn(HttpConnection *connection) const
{
    QByteArrayList chunks;
    chunks.reserve(events.size() + 1);
    for (const QByteArray &event : events)
        chunks.append(httpChunk(event));
    if (!drop)
        chunks.append(httpChunk({}));
    connection->send(httpHead(200,
                              {{"Content-Type", "text/event-stream; charset=utf-8"},
                               {"Cache-Control", "no-store"},
                               {"Transfer-Encoding", "chunked"}}));
    auto *pacer = new DemoPacer(std::move(chunks), eventsPerSecond, connection);
    QObject::connect(pacer, &DemoPacer::done, connection, [connection, pacer, isDropped = drop] {
        pacer->deleteLater();
        if (isDropped)
            breakOff(connection);
        else
            connection->next();
    });
    pacer->start();
    return pacer;
}

} // namespace rivulet
