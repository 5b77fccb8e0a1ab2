// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/demo/demoreply.h"
#include "net/export.h"

#include <QtCore/qbytearraylist.h>
#include <QtCore/qjsonobject.h>

namespace rivulet {

/// How the analysing agent of the demo is asked, which decides how its answer ends.
enum class DemoAgentWay { Query, Session };

/// What the demo's agent that analyses data says around `reply`, event by event: a plan, progress, code, a
/// check of it, a table, a figure and an explanation. A reply that drops ends before its last event.
[[nodiscard]] RIVULET_NET_EXPORT QByteArrayList demoAgentEvents(const DemoReply &reply, DemoAgentWay way);

/// What the demo's agent that can be interrupted says: a thought, a tool, then the text of `reply`.
[[nodiscard]] RIVULET_NET_EXPORT QByteArrayList demoDuplexMessages(const DemoReply &reply);

/// The same answer all at once.
[[nodiscard]] RIVULET_NET_EXPORT QJsonObject demoDuplexDocument(const DemoReply &reply);

} // namespace rivulet
