// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qbytearraylist.h>

namespace rivulet {

class DemoPacer;
class HttpConnection;

/// One answer as server-sent events.
struct DemoStream
{
    QByteArrayList events;      ///< whole server-sent events, in order
    double eventsPerSecond = 0; ///< 0 is without a limit
    bool drop = false;          ///< reset the connection after the last event

    /// Sends the head and begins; the rest follows by itself. What is returned lives until the answer was
    /// sent or its client is gone.
    DemoPacer *startOn(HttpConnection *connection) const;
};

} // namespace rivulet
